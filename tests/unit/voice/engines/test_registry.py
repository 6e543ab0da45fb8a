"""Which engine a process uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.voice.engines.small_menu import MENU
from voice.engines import registry


@pytest.fixture(autouse=True)
def scripted() -> Iterator[None]:
    before = registry.configuration()
    registry.configure(name="scripted", cache_dir=Path("unused"), workers=0)
    yield
    registry.configure(name=before.name, cache_dir=before.cache_dir, workers=before.workers)


async def test_one_engine_a_loop_until_shutdown() -> None:
    engine = registry.get_engine()
    assert engine.name == "scripted"
    assert registry.get_engine("scripted") is engine
    await registry.shutdown()
    assert registry.get_engine() is not engine
    await registry.shutdown()
    await registry.shutdown()


async def test_status_tells_the_truth_before_and_after_startup() -> None:
    assert not registry.engine_status().is_ready
    await registry.startup([MENU])
    assert registry.engine_status().is_ready
    await registry.shutdown()
    assert "not been started" in registry.engine_status().detail


async def test_embedded_parts_start_only_when_used() -> None:
    engine = registry.get_engine("embedded")
    assert engine.transcriber.capabilities.is_open_dictation is False
    assert engine.speaker.capabilities.languages == ("en", "es")
    await registry.shutdown()


async def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="embedded, scripted"):
        registry.get_engine("whisper")
    with pytest.raises(ValueError, match="no engine is called 'whisper'"):
        registry.configure(name="whisper", cache_dir=Path(), workers=1)


def test_outside_a_loop_there_is_no_engine() -> None:
    with pytest.raises(RuntimeError):
        registry.get_engine()
