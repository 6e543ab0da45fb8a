"""Which engine serves calls here, and its life: configured once, one set of processes per event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable
from weakref import WeakKeyDictionary

from orders.understanding_model import ModelUnderstander
from restaurants.menu import Menu
from voice.engines.types import Engine, EngineStatus, ModelSettings

logger = logging.getLogger(__name__)


@runtime_checkable
class Startable(Protocol):
    """An engine part with processes of its own."""

    def start(self) -> None: ...


@runtime_checkable
class HasStatus(Protocol):
    def status(self) -> EngineStatus: ...


@dataclass(frozen=True, slots=True)
class Configuration:
    name: str = "embedded"
    cache_dir: Path = Path("var/recogniser")
    workers: int = 1
    model: ModelSettings | None = None  # None: nobody is asked for a second opinion


@dataclass(slots=True)
class _Registry:
    configuration: Configuration
    engines: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Engine]]


_registry = _Registry(Configuration(), WeakKeyDictionary())


def configure(*, name: str, cache_dir: Path, workers: int, model: ModelSettings | None = None) -> None:
    """Says which engine `get_engine()` gives; called once at start. raises: ValueError on an unknown name."""
    if name not in _MAKERS:
        raise ValueError(f"no engine is called {name!r}; there are: {', '.join(sorted(_MAKERS))}")
    _registry.configuration = Configuration(name, Path(cache_dir), max(1, workers), model)


def configuration() -> Configuration:
    return _registry.configuration


def register(name: str, make: Callable[[Configuration], Engine]) -> None:
    """Another engine under a name; one that was known is replaced. Before `configure` and `get_engine`."""
    _MAKERS[name] = make


def get_engine(name: str | None = None) -> Engine:
    """The engine of the running event loop, made at first use. raises: ValueError; RuntimeError outside a loop."""
    name = name or _registry.configuration.name
    if name not in _MAKERS:
        raise ValueError(f"no engine is called {name!r}; there are: {', '.join(sorted(_MAKERS))}")
    engines = _registry.engines.setdefault(asyncio.get_running_loop(), {})
    if name not in engines:
        made = _MAKERS[name](_registry.configuration)
        engines[name] = replace(made, model=_make_model(_registry.configuration.model))
    return engines[name]


def engine_status() -> EngineStatus:
    """Of the configured engine in this process, from any thread; not ready before `startup`."""
    name = _registry.configuration.name
    found = [engines[name] for engines in list(_registry.engines.values()) if name in engines]
    if not found:
        return EngineStatus(name, False, "the engine has not been started")
    parts = [part.status() for part in (found[-1].transcriber, found[-1].speaker) if isinstance(part, HasStatus)]
    failing = [part for part in parts if not part.is_ready]
    return EngineStatus(name, not failing, "; ".join(f"{part.name}: {part.detail}" for part in failing or parts))


async def startup(menus: Iterable[Menu] = ()) -> None:
    """Starts the configured engine's processes and makes the models of the live menus, in the background."""
    engine = get_engine()
    for part in (engine.transcriber, engine.speaker):
        if isinstance(part, Startable):
            part.start()
    for menu in menus:
        for language in menu.languages:
            engine.transcriber.prewarm(menu, language)


async def shutdown() -> None:
    """Ends every engine of the running loop; idempotent."""
    for engine in _registry.engines.pop(asyncio.get_running_loop(), {}).values():
        await engine.transcriber.close()
        await engine.speaker.close()
        if engine.model is not None:
            await engine.model.close()


def _make_embedded(settings: Configuration) -> Engine:
    from voice.engines.embedded.speaker import EmbeddedSpeaker
    from voice.engines.embedded.transcriber import EmbeddedTranscriber

    transcriber = EmbeddedTranscriber(cache_dir=settings.cache_dir, workers=settings.workers)
    return Engine("embedded", transcriber, EmbeddedSpeaker())


def _make_scripted(_settings: Configuration) -> Engine:
    from voice.engines.scripted import ScriptedSpeaker, ScriptedTranscriber

    return Engine("scripted", ScriptedTranscriber(), ScriptedSpeaker())


def _make_model(settings: ModelSettings | None) -> ModelUnderstander | None:
    if settings is None:
        return None
    try:
        from voice.engines.openai_understander import OpenAIUnderstander
    except ModuleNotFoundError:
        logger.warning("OPENAI_API_KEY is set, but requirements/hosted.txt is not installed: no model is asked")
        return None
    return OpenAIUnderstander(settings)


_MAKERS: dict[str, Callable[[Configuration], Engine]] = {"embedded": _make_embedded, "scripted": _make_scripted}
