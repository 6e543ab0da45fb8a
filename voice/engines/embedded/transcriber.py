"""The Transcriber of the embedded engine: a pool of worker processes with pocketsphinx, one model per menu version."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from restaurants.menu import Menu
from voice.engines.embedded.build import ensure_model
from voice.engines.embedded.decoder import DECODER_RATE_HZ
from voice.engines.embedded.messages import Failed, LoadModel, OpenStream, Report
from voice.engines.embedded.model import RecogniserModel
from voice.engines.embedded.process import WorkerProcess
from voice.engines.embedded.stream import EmbeddedStream
from voice.engines.types import Capabilities, Clock, EngineStatus, EngineUnavailable

logger = logging.getLogger(__name__)

RATES_HZ: Final = range(8_000, 48_001)
STREAMS_PER_WORKER: Final = 40
LANGUAGES: Final = ("en",)
KEPT_MODELS: Final = 200
PRELOADED_MODELS: Final = 8


class _Worker:
    """A process and the streams it serves."""

    def __init__(self, loaded: Callable[[], list[str]], distrust: Callable[[], None]) -> None:
        self.streams: dict[int, EmbeddedStream] = {}
        self._loaded = loaded
        self._distrust = distrust
        self.process = WorkerProcess(
            "recognise", on_report=self._deliver, on_death=self._fail_all, on_ready=self._load_models
        )

    def forget(self, stream: int) -> None:
        self.streams.pop(stream, None)

    def _load_models(self) -> None:
        for path in self._loaded():
            self.process.send(LoadModel(path))

    def _deliver(self, report: Report) -> None:
        if isinstance(report, Failed) and report.code == "model":
            self._distrust()
        if stream := self.streams.get(getattr(report, "stream", 0)):
            stream.deliver(report)

    def _fail_all(self) -> None:
        for stream in list(self.streams.values()):
            stream.fail("the recogniser stopped")


class EmbeddedTranscriber:
    """Knows the menu, not dictation. Used on one event loop."""

    capabilities = Capabilities(
        name="embedded", languages=LANGUAGES, sample_rate_hz=DECODER_RATE_HZ, is_open_dictation=False
    )

    def __init__(self, *, cache_dir: Path, workers: int = 1) -> None:
        self._cache_dir = cache_dir
        self._workers = [_Worker(self._loaded_paths, self._distrust_models) for _ in range(max(1, workers))]
        self._ids = itertools.count(1)
        self._models: dict[tuple[int, str], tuple[Menu, asyncio.Task[RecogniserModel]]] = {}

    def start(self) -> None:
        """Starts the processes ahead of the first call; on the running loop."""
        for worker in self._workers:
            worker.process.start()

    def status(self) -> EngineStatus:
        ready = sum(worker.process.is_ready for worker in self._workers)
        detail = f"{ready} of {len(self._workers)} recogniser processes run"
        return EngineStatus("embedded recogniser", ready > 0, detail)

    async def open(
        self, *, menu: Menu, language: str, sample_rate_hz: int, clock: Clock, tenant: str
    ) -> EmbeddedStream:
        if sample_rate_hz not in RATES_HZ:
            raise EngineUnavailable(f"audio at {sample_rate_hz} Hz cannot be recognised")
        if language.partition("-")[0] not in LANGUAGES:
            raise EngineUnavailable(f"the embedded recogniser does not know the language {language!r}")
        model = await asyncio.shield(self._model(menu, language.partition("-")[0]))
        worker = await self._free_worker()
        stream = EmbeddedStream(
            next(self._ids),
            sample_rate_hz=sample_rate_hz,
            clock=clock,
            send=worker.process.send,
            on_close=lambda: worker.forget(stream.id),
        )
        worker.streams[stream.id] = stream
        worker.process.send(OpenStream(stream.id, str(model.path), sample_rate_hz))
        return stream

    def prewarm(self, menu: Menu, language: str) -> None:
        if language.partition("-")[0] in LANGUAGES:
            self._model(menu, language.partition("-")[0])

    async def close(self) -> None:
        tasks = [task for _, task in self._models.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._models.clear()
        for worker in self._workers:
            for stream in list(worker.streams.values()):
                await stream.close()
        await asyncio.gather(*(worker.process.close() for worker in self._workers))

    def _model(self, menu: Menu, language: str) -> asyncio.Task[RecogniserModel]:
        """One task a menu and language, kept by identity (the kept menu holds its id); failed ones are tried again."""
        key = (id(menu), language)
        kept = self._models.get(key)
        if kept is not None and not (kept[1].done() and (kept[1].cancelled() or kept[1].exception())):
            return kept[1]
        while len(self._models) >= KEPT_MODELS:
            del self._models[next(iter(self._models))]
        task = asyncio.create_task(self._make_model(menu, language), name="recogniser-model")
        self._models[key] = (menu, task)
        return task

    def _distrust_models(self) -> None:
        """A worker could not use one: each is checked, and made again if need be, before its next stream."""
        self._models = {key: kept for key, kept in self._models.items() if not kept[1].done()}

    def _loaded_paths(self) -> list[str]:
        """What a new process loads at once: the models made last."""
        done = [
            task for _, task in self._models.values() if task.done() and not task.cancelled() and not task.exception()
        ]
        return sorted({str(task.result().path) for task in done[-PRELOADED_MODELS:]})

    async def _make_model(self, menu: Menu, language: str) -> RecogniserModel:
        model = await ensure_model(menu, language, self._cache_dir)
        for worker in self._workers:
            worker.process.send(LoadModel(str(model.path)))
        return model

    async def _free_worker(self) -> _Worker:
        """raises: EngineUnavailable when no process runs or all are full."""
        self.start()
        if not any(worker.process.is_ready for worker in self._workers):
            await self._workers[0].process.wait_ready()
        ready = [worker for worker in self._workers if worker.process.is_ready]
        if not ready:
            raise EngineUnavailable("the recogniser does not start")
        worker = min(ready, key=lambda each: len(each.streams))
        if len(worker.streams) >= STREAMS_PER_WORKER:
            raise EngineUnavailable("the recogniser has all the callers it can serve")
        return worker
