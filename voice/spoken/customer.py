"""A customer with a microphone at the real socket: listens, speaks, notes when the answer and the basket come."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from voice.protocol import CALLER_AUDIO, CALLER_HEADER, REPLY_HEADER, REPLY_RATE_HZ
from voice.spoken.figures import Measured
from voice.spoken.sentences import SpokenOrder

RATE_HZ, FRAME_MS = 16_000, 20
FRAME_BYTES = RATE_HZ * FRAME_MS // 1000 * 2
REPLY_BYTES_PER_MS = REPLY_RATE_HZ * 2 // 1000
SILENT = 200  # below this an amplitude is no voice
BEFORE_SPEAKING_S = 0.4
REPORT_EVERY_S = 0.15  # as often as a page
OPEN_PATIENCE_S = 20.0
BASKET_PATIENCE_S = 1.5  # for a basket that comes after the first sound


def without_silence(pcm: bytes) -> bytes:
    """From the first to the last sound: where it ends, the customer has stopped speaking."""
    samples = np.frombuffer(pcm, dtype="<i2")
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > SILENT)
    return samples[loud[0] : loud[-1] + 1].tobytes() if loud.size else b""


@dataclass
class _Heard:
    """What the page knows of the call."""

    mode: str = ""
    left_for: str = ""  # the reason it changed the mode
    error: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)
    basket_s: float | None = None
    words_s: float | None = None  # the customer's words were final
    reply: int | None = None
    reply_s: float | None = None
    received_ms: dict[int, float] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)


class Customer:
    """One call with one order. `ask` waits at most `patience_s` for the answer after the last word."""

    def __init__(self, url: str, token: str, *, patience_s: float = 30.0) -> None:
        self._url, self._token, self._patience_s = url, token, patience_s
        self._socket: ClientConnection
        self._heard = _Heard()
        self._changed = asyncio.Event()
        self._order = SpokenOrder("", Counter())
        self._voice = b""
        self._reported_s = 0.0
        self._spoke_until_s: float | None = None

    async def ask(self, order: SpokenOrder, pcm: bytes) -> Measured:
        """`pcm`: mono PCM16 at RATE_HZ, silence at its ends cut off."""
        self._order = order
        try:
            async with connect(
                self._url, compression=None, max_size=None, open_timeout=OPEN_PATIENCE_S
            ) as self._socket:
                return await self._call(order, pcm)
        except (OSError, WebSocketException, TimeoutError) as error:
            return Measured(self._heard.mode, order.text, failure=f"{type(error).__name__}: {error}".strip(": "))

    async def _call(self, order: SpokenOrder, pcm: bytes) -> Measured:
        await self._tell("session.start", token=self._token, audio={"sample_rate_hz": RATE_HZ, "frame_ms": FRAME_MS})
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._send_microphone())]
        try:
            await self._until(lambda: bool(self._heard.finished or self._heard.error), OPEN_PATIENCE_S)
            await asyncio.sleep(BEFORE_SPEAKING_S)
            self._voice = pcm
            failure = ""
            try:
                await self._until(lambda: self._heard.reply_s is not None, self._patience_s + len(pcm) / RATE_HZ / 2)
                await self._until(lambda: order.is_in(self._heard.lines), BASKET_PATIENCE_S)
            except TimeoutError:
                failure = "no answer" if self._heard.reply_s is None else "another basket"
            await self._tell("hangup")
            return self._measured(order, self._heard.error or failure)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _measured(self, order: SpokenOrder, failure: str) -> Measured:
        heard = self._heard
        if heard.left_for and not failure:
            failure = f"left streaming: {heard.left_for}"
        return Measured(
            heard.mode,
            order.text,
            first_reply_ms=self._since_speech(heard.reply_s),
            basket_ms=self._since_speech(heard.basket_s),
            is_right=order.is_in(heard.lines),
            failure=failure,
        )

    def _since_speech(self, at_s: float | None) -> int | None:
        if at_s is None or self._spoke_until_s is None:
            return None
        return max(0, round((at_s - self._spoke_until_s) * 1000))

    # --- What the page does -------------------------------------------------------------------------------------------

    async def _send_microphone(self) -> None:
        """A frame every 20 ms, silence where nothing is said, until the call is over."""
        next_s, seq = time.perf_counter(), 0
        while True:
            frame, self._voice = self._voice[:FRAME_BYTES], self._voice[FRAME_BYTES:]
            if frame and not self._voice:
                self._spoke_until_s = time.perf_counter()
            await self._socket.send(CALLER_HEADER.pack(CALLER_AUDIO, 0, 0, seq) + frame.ljust(FRAME_BYTES, b"\0"))
            seq += 1
            next_s += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, next_s - time.perf_counter()))

    async def _listen(self) -> None:
        async for message in self._socket:
            now_s = time.perf_counter()
            if isinstance(message, bytes):
                await self._play(message, now_s)
            else:
                await self._take(json.loads(message), now_s)
            self._changed.set()

    async def _play(self, frame: bytes, now_s: float) -> None:
        """Reported as played as it comes: the greeting is over soon, and the answer is not held up."""
        _kind, _flags, _zero, response, _seq = REPLY_HEADER.unpack_from(frame)
        heard = self._heard
        if response == heard.reply and heard.reply_s is None:
            heard.reply_s = now_s
        played = heard.received_ms.get(response, 0.0) + (len(frame) - REPLY_HEADER.size) / REPLY_BYTES_PER_MS
        heard.received_ms[response] = played
        if now_s - self._reported_s >= REPORT_EVERY_S:
            self._reported_s = now_s
            await self._tell("playout", response=response, played_ms=round(played))

    async def _take(self, message: dict[str, Any], now_s: float) -> None:
        heard = self._heard
        match message["type"]:
            case "session.ready":
                heard.mode = message["mode"]
            case "mode":
                heard.left_for = message["reason"]
            case "caption" if message["speaker"] == "customer" and message["final"] and self._spoke_until_s:
                heard.words_s = heard.words_s or now_s
            case "cart":
                heard.lines = message["cart"]["lines"]
                if heard.basket_s is None and self._spoke_until_s and self._order.is_in(heard.lines):
                    heard.basket_s = now_s
            case "speech.start" if heard.words_s is not None and heard.reply is None:
                heard.reply = message["response"]
            case "speech.end":
                played = round(heard.received_ms.get(message["response"], 0))
                heard.finished.add(message["response"])
                await self._tell("playout", response=message["response"], played_ms=played, finished=True)
            case "error":
                heard.error = message["code"]
            case _:
                pass

    async def _tell(self, type_: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": type_, **fields}))

    async def _until(self, is_so: Any, within_s: float) -> None:
        """raises: TimeoutError"""
        async with asyncio.timeout(within_s):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()
