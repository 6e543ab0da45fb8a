"""The callers of `benchmarks.calls`: so many pages with a microphone, in a process of their own, over real WebSockets.

Each speaks (a tone stands for a voice), listens to the reply as a page's player would, and now and then speaks into it.
Reads its orders as JSON on stdin, answers with one JSON line on stdout when all have hung up.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import struct
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from voice.call_metrics import LatencyHistogram
from voice.protocol import CALLER_AUDIO, CALLER_HEADER, REPLY_HEADER, REPLY_RATE_HZ

RATE_HZ, FRAME_MS = 16_000, 20
SAMPLES = RATE_HZ * FRAME_MS // 1000
VOICE = b"".join(struct.pack("<h", round(9_000 * math.sin(2 * math.pi * 220 * n / RATE_HZ))) for n in range(SAMPLES))
SILENCE = bytes(2 * SAMPLES)
VOICED_FRAMES = 1_200 // FRAME_MS
INTERRUPTED_SHARE = 0.3
PATIENCE_S = 4.0  # for a reply; then it is missed, and the caller speaks again
PLAYOUT_EVERY_S = 0.2
REPLY_BYTES_PER_MS = REPLY_RATE_HZ * 2 // 1000


@dataclass
class Figures:
    reply_heard: LatencyHistogram = field(default_factory=LatencyHistogram)  # last voiced frame -> first reply audio
    barge_in_heard: LatencyHistogram = field(default_factory=LatencyHistogram)  # first voiced frame -> pause or clear
    frame_ack: LatencyHistogram = field(default_factory=LatencyHistogram)  # frame sent -> its acknowledgement
    ready: LatencyHistogram = field(default_factory=LatencyHistogram)  # socket asked for -> session.ready
    counts: dict[str, int] = field(default_factory=dict)
    max_lead_ms: float = 0.0

    def count(self, name: str, by: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + by


class Playing:
    """A page's player: plays what came in, in real time, and reports it."""

    def __init__(self, response: int) -> None:
        self.response = response
        self.received_ms = 0.0
        self.began_s: float | None = None
        self.held_s = 0.0
        self.paused_at_s: float | None = None
        self.has_ended = False

    def played_ms(self, now_s: float) -> float:
        if self.began_s is None:
            return 0.0
        until_s = now_s if self.paused_at_s is None else self.paused_at_s
        return min(self.received_ms, max(0.0, (until_s - self.began_s - self.held_s) * 1000))

    def resume(self, now_s: float) -> None:
        if self.paused_at_s is not None:
            self.held_s += now_s - self.paused_at_s
            self.paused_at_s = None

    def is_finished(self, now_s: float) -> bool:
        return self.has_ended and self.played_ms(now_s) >= self.received_ms


class Caller:
    def __init__(self, number: int, url: str, token: str, figures: Figures) -> None:
        self.url, self.token, self.figures = url, token, figures
        self.random = random.Random(number)
        self.socket: ClientConnection
        self.seq = 0
        self.sent_at: dict[int, float] = {}
        self.playing: Playing | None = None
        self.cleared: set[int] = set()
        self.spoke_until_s: float | None = None
        self.interrupted_at_s: float | None = None
        self.is_over = False

    async def run(self, seconds: float) -> None:
        asked_s = time.perf_counter()
        async with connect(self.url, compression=None, max_size=None, ping_interval=None) as self.socket:
            audio = {"sample_rate_hz": RATE_HZ, "frame_ms": FRAME_MS}
            await self.tell("session.start", token=self.token, audio=audio)
            while json.loads(await self.socket.recv())["type"] != "session.ready":
                pass
            self.figures.ready.add((time.perf_counter() - asked_s) * 1000)
            listening = asyncio.create_task(self.listen())
            try:
                await self.speak(time.perf_counter() + seconds)
                await self.tell("hangup")
                await asyncio.wait([listening], timeout=10)
            except ConnectionClosed:
                self.figures.count("broken_connections")
            finally:
                self.is_over = True
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def tell(self, type_: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type_, **fields}))

    async def speak(self, until_s: float) -> None:
        """A frame every 20 ms, whatever happens: silence, an utterance, silence until the reply came, and so on."""
        next_s = time.perf_counter()
        pause_frames, voiced = self.random.randrange(10, 150), 0
        next_playout_s = next_s
        while (now_s := time.perf_counter()) < until_s:
            if voiced:
                voiced -= 1
                pcm = VOICE
                if not voiced:
                    self.spoke_until_s = now_s
                    pause_frames = self.random.randrange(20, 60)
            else:
                pcm = SILENCE
                if pause_frames:
                    pause_frames -= not self.waits(now_s)
                elif self.may_speak(now_s):
                    voiced = VOICED_FRAMES
            await self.send_frame(pcm, now_s)
            if now_s >= next_playout_s:
                await self.report_playout(now_s)
                next_playout_s = now_s + PLAYOUT_EVERY_S
            next_s += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, next_s - time.perf_counter()))

    def waits(self, now_s: float) -> bool:
        """For the reply to what was said."""
        if self.spoke_until_s is None:
            return False
        if now_s - self.spoke_until_s > PATIENCE_S:
            self.figures.count("replies_missed")
            self.spoke_until_s = None
            return False
        return True

    def may_speak(self, now_s: float) -> bool:
        """Into the reply, some of the time; else when it has been heard."""
        playing = self.playing
        if playing is None:
            return True
        if playing.played_ms(now_s) > 400 and self.random.random() < INTERRUPTED_SHARE / 25:
            self.interrupted_at_s = now_s
            self.figures.count("interruptions")
            return True
        return False

    async def send_frame(self, pcm: bytes, now_s: float) -> None:
        if self.seq % 10 == 9:
            self.sent_at[self.seq] = now_s
        await self.socket.send(CALLER_HEADER.pack(CALLER_AUDIO, 0, 0, self.seq) + pcm)
        self.seq += 1
        self.figures.count("frames_sent")

    async def report_playout(self, now_s: float) -> None:
        playing = self.playing
        if playing is None:
            return
        finished = playing.is_finished(now_s)
        played_ms = round(playing.played_ms(now_s))
        await self.tell("playout", response=playing.response, played_ms=played_ms, finished=finished)
        if finished:
            self.playing = None

    async def listen(self) -> None:
        async for message in self.socket:
            now_s = time.perf_counter()
            if isinstance(message, bytes):
                self.heard(message, now_s)
            else:
                self.told(json.loads(message), now_s)

    def heard(self, frame: bytes, now_s: float) -> None:
        _kind, _flags, _zero, response, _seq = REPLY_HEADER.unpack_from(frame)
        if response in self.cleared:
            self.figures.count("stale_chunks")
            return
        playing = self.playing
        if playing is None or playing.response != response:
            return
        if playing.began_s is None:
            playing.began_s = now_s
            if self.spoke_until_s is not None:
                self.figures.reply_heard.add((now_s - self.spoke_until_s) * 1000)
                self.spoke_until_s = None
        playing.received_ms += (len(frame) - REPLY_HEADER.size) / REPLY_BYTES_PER_MS
        lead_ms = playing.received_ms - playing.played_ms(now_s)
        self.figures.max_lead_ms = max(self.figures.max_lead_ms, lead_ms)

    def told(self, message: dict[str, Any], now_s: float) -> None:
        kind, playing = message["type"], self.playing
        if kind == "speech.start":
            self.playing = Playing(message["response"])
        elif kind == "speech.end" and playing is not None and playing.response == message["response"]:
            playing.has_ended = True
        elif kind in ("speech.pause", "speech.clear"):
            if self.interrupted_at_s is not None:
                self.figures.barge_in_heard.add((now_s - self.interrupted_at_s) * 1000)
                self.interrupted_at_s = None
            if kind == "speech.clear":
                self.cleared.add(message["response"])
                self.playing = None if playing and playing.response == message["response"] else playing
            elif playing is not None:
                playing.paused_at_s = now_s
        elif kind == "speech.resume" and playing is not None:
            playing.resume(now_s)
        elif kind == "audio.ack":
            sent_s = self.sent_at.pop(message["received_seq"] - 1, None)
            if sent_s is not None:
                self.figures.frame_ack.add((now_s - sent_s) * 1000)
        elif kind == "error":
            self.figures.count(f"error_{message['code']}")


async def run(orders: dict[str, Any]) -> dict[str, Any]:
    figures = Figures()
    callers = [Caller(number, orders["url"], token, figures) for number, token in enumerate(orders["tokens"])]

    async def one(number: int, caller: Caller) -> None:
        await asyncio.sleep(orders["ramp_s"] * number / len(callers))
        print("calling", number + 1, file=sys.stderr, flush=True)
        await caller.run(orders["seconds"] + orders["ramp_s"] * (1 - number / len(callers)))

    await asyncio.gather(*(one(number, caller) for number, caller in enumerate(callers)))
    return {
        "reply_heard": figures.reply_heard.as_json(),
        "barge_in_heard": figures.barge_in_heard.as_json(),
        "frame_ack": figures.frame_ack.as_json(),
        "ready": figures.ready.as_json(),
        "counts": figures.counts,
        "max_lead_ms": round(figures.max_lead_ms, 1),
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
