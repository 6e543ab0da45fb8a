"""What the embedded voice says, recorded as browsers record, is understood by the embedded recogniser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from channels.db import database_sync_to_async

from restaurants.models import Restaurant
from restaurants.selectors import live_menu
from tests.encoded_audio import FORMATS, encoded
from tests.integration.voice.batch.test_headless import Poller, work_on
from voice.audio.formats import Samples, pcm16_to_samples
from voice.audio.resample import resample
from voice.batch.hearing import hear
from voice.engines import registry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_redis", "rung"),
    pytest.mark.timeout(240),  # the first one makes the recogniser's model, ~15 s
]

RATE_HZ = 48_000


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recogniser")


@pytest.fixture(autouse=True)
async def embedded(scripted_engine: None, cache: Path) -> AsyncIterator[None]:
    registry.configure(name="embedded", cache_dir=cache, workers=2)
    yield
    await registry.shutdown()


async def spoken(text: str) -> Samples:
    """A person's sentence with the quiet around it: float32, shape (n,), 48 kHz."""
    speech = registry.get_engine().speaker.speak(text, language="en", sample_rate_hz=RATE_HZ)
    pcm = b"".join([chunk async for chunk in speech])
    chance = np.random.default_rng(3)
    quiet = (chance.standard_normal(RATE_HZ // 2) * 1e-4).astype(np.float32)
    return np.concatenate((quiet, pcm16_to_samples(pcm), quiet))


async def test_every_browsers_recording_fills_the_basket(osteria: Restaurant) -> None:
    speech = await spoken("two spaghetti with pesto please")
    page = Poller()
    await page.open()
    for place, name in enumerate(FORMATS, start=1):
        recording = await page.record(name, encoded(speech, name), content_type=FORMATS[name][0])
        await work_on(osteria, recording)
        answer = await page.ask(recording)
        assert answer["stage"] == "done", answer
        assert "spaghetti" in answer["transcript"]
        assert answer["result"]["cart"]["units"] == 2 * place, answer["transcript"]


async def test_a_long_recording_is_cut_at_its_silences_and_heard_whole(osteria: Restaurant) -> None:
    first = resample(await spoken("two spaghetti with pesto"), from_rate_hz=RATE_HZ, to_rate_hz=16_000)
    second = resample(await spoken("a large lemonade"), from_rate_hz=RATE_HZ, to_rate_hz=16_000)
    pause = (np.random.default_rng(5).standard_normal(16_000 * 7) * 1e-4).astype(np.float32)
    said = np.concatenate((first, pause, second, pause, first))
    menu = await database_sync_to_async(live_menu)(osteria.pk)
    hypotheses = await hear(said, registry.get_engine(), menu=menu, language="en", tenant=str(osteria.pk))
    words = hypotheses[0].text.split()
    assert words.count("spaghetti") == 2
    assert "lemonade" in words
    assert words.index("spaghetti") < words.index("lemonade") < len(words) - words[::-1].index("spaghetti")
