"""A caller at the browser socket: real consumer, real Redis and PostgreSQL, an engine that hears a script."""

from __future__ import annotations

import asyncio
import json
import math
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from flags.testing import everywhere
from voice import checkpoints, tokens
from voice.consumers import reception
from voice.engines import registry
from voice.protocol import CALLER_AUDIO, CALLER_HEADER, REPLY_HEADER
from voice.routing import websocket_urlpatterns

RATE_HZ = 16_000
FRAME_MS = 20
SAMPLES = RATE_HZ * FRAME_MS // 1000
VOICE = b"".join(struct.pack("<h", round(12_000 * math.sin(2 * math.pi * 220 * n / RATE_HZ))) for n in range(SAMPLES))
SILENCE = bytes(len(VOICE))


@pytest.fixture(autouse=True)
def scripted_engine() -> Iterator[None]:
    before = registry.configuration()
    registry.configure(name="scripted", cache_dir=Path("unused"), workers=1)
    yield
    registry.configure(name=before.name, cache_dir=before.cache_dir, workers=before.workers)


@pytest.fixture(autouse=True)
def calls_stream() -> Iterator[None]:
    """Nobody watches the rollout tables in a test, and not knowing means batch."""
    with everywhere(voice_streaming="STREAMING"):
        yield


@pytest.fixture(autouse=True)
async def calls_end() -> AsyncIterator[None]:
    """Whatever a test left open is ended on its own loop."""
    yield
    await asyncio.gather(*(call.runner.stop() for call in list(reception.calls.values())))
    await checkpoints.close()
    await registry.shutdown()
    await get_channel_layer().flush()


def says(*script: str) -> None:
    """What the engine will hear, utterance by utterance."""
    transcriber: Any = registry.get_engine("scripted").transcriber
    transcriber.script = tuple(_utterance(text) for text in script)


def _utterance(text: str) -> Any:
    from voice.engines.scripted import ScriptedUtterance

    return ScriptedUtterance((text,), ms_per_word=60)


async def all_ended(within: float = 15) -> None:
    """Every call of this process is over and stored."""
    async with asyncio.timeout(within):
        await asyncio.gather(*(call.runner.wait() for call in list(reception.calls.values())))


@dataclass
class Caller:
    """One page. Messages are kept in `messages`, reply audio in `chunks`."""

    socket: WebsocketCommunicator
    next_seq: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    chunks: list[tuple[int, int, bytes]] = field(default_factory=list)
    ready: dict[str, Any] = field(default_factory=dict)
    closed: int | None = None

    async def send(self, type_: str, **fields: Any) -> None:
        await self.socket.send_to(text_data=json.dumps({"type": type_, **fields}))

    async def start(self, token: str, *, audio: bool = True, **fields: Any) -> dict[str, Any]:
        format_ = {"sample_rate_hz": RATE_HZ, "frame_ms": FRAME_MS} if audio else None
        await self.send("session.start", token=token, audio=format_, **fields)
        self.ready = await self.read("session.ready")
        self.next_seq = self.ready["next_seq"]
        return self.ready

    async def read(self, *types: str, where: Callable[[dict[str, Any]], bool] | None = None, within: float = 15) -> Any:
        """The next message of one of these types."""
        end = time.monotonic() + within
        while True:
            message = await self._receive(max(0.01, end - time.monotonic()))
            if message is None:
                raise AssertionError(f"closed with {self.closed} while waiting for {types}")
            if message.get("type") in types and (where is None or where(message)):
                return message

    async def close_code(self, within: float = 15) -> int:
        end = time.monotonic() + within
        while await self._receive(max(0.01, end - time.monotonic())) is not None:
            pass
        assert self.closed is not None
        return self.closed

    async def frame(self, pcm: bytes = SILENCE, *, seq: int | None = None) -> None:
        number = self.next_seq if seq is None else seq
        await self.socket.send_to(bytes_data=CALLER_HEADER.pack(CALLER_AUDIO, 0, 0, number) + pcm)
        self.next_seq = max(self.next_seq, number + 1)

    async def speak(self, ms: int = 600, *, silence_ms: int = 200) -> None:
        """A voice, then silence, faster than life; the core's own clock ends the turn."""
        for _ in range(ms // FRAME_MS):
            await self.frame(VOICE)
        for _ in range(silence_ms // FRAME_MS):
            await self.frame(SILENCE)

    async def say(self, text: str, **fields: Any) -> None:
        await self.send("text", text=text, **fields)

    async def _receive(self, within: float) -> dict[str, Any] | None:
        output = await self.socket.receive_output(timeout=within)
        if output["type"] == "websocket.close":
            self.closed = output["code"]
            return None
        if output.get("bytes") is not None:
            data = output["bytes"]
            _kind, _flags, _zero, response, seq = REPLY_HEADER.unpack_from(data)
            self.chunks.append((response, seq, data[REPLY_HEADER.size :]))
            return {}
        message: dict[str, Any] = json.loads(output["text"])
        self.messages.append(message)
        return message


@asynccontextmanager
async def caller(slug: str = "osteria") -> AsyncIterator[Caller]:
    """An accepted socket that always disconnects."""
    application: Any = URLRouter(websocket_urlpatterns)
    socket = WebsocketCommunicator(application, f"/ws/r/{slug}/order")
    accepted, _ = await socket.connect(timeout=5)
    assert accepted
    try:
        yield Caller(socket)
    finally:
        if not socket.future.done():
            await socket.disconnect(timeout=10)


@asynccontextmanager
async def call(slug: str = "osteria", **start: Any) -> AsyncIterator[Caller]:
    """A caller whose session is ready."""
    async with caller(slug) as one:
        await one.start(tokens.page_token(slug), **start)
        yield one


async def orders_kept_working(one: Caller) -> None:
    """The session takes words and answers with a basket."""
    await one.say("one more spaghetti with pesto", ref="still there")
    await one.read("cart", where=lambda m: m["cart"]["units"] >= 1)
