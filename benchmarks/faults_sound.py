"""A customer's voice and ears: tones that stand for phrases (`benchmarks.faults_engine`), and a player that reports."""

from __future__ import annotations

import io
import time
import wave
from functools import lru_cache
from typing import Any, Final

import numpy as np

from benchmarks.calls_callers import Playing
from benchmarks.faults_engine import pitch_of
from voice.protocol import REPLY_HEADER, REPLY_RATE_HZ

RATE_HZ: Final = 16_000
FRAME_MS: Final = 20
FRAME_BYTES: Final = RATE_HZ * FRAME_MS // 1000 * 2
SILENCE: Final = bytes(FRAME_BYTES)
PHRASE_MS: Final = 700
QUIET_MS: Final = 300  # before and after a recording's phrase
REPLY_BYTES_PER_MS: Final = REPLY_RATE_HZ * 2 // 1000


@lru_cache
def spoken(phrase: str) -> bytes:
    """Mono PCM16 at RATE_HZ, PHRASE_MS long."""
    times = np.arange(RATE_HZ * PHRASE_MS // 1000) / RATE_HZ
    return (9_000 * np.sin(2 * np.pi * pitch_of(phrase) * times)).astype("<i2").tobytes()


def frames_of(phrase: str) -> list[bytes]:
    pcm = spoken(phrase)
    return [pcm[start : start + FRAME_BYTES] for start in range(0, len(pcm), FRAME_BYTES)]


def recording_of(phrase: str) -> bytes:
    """A WAV file as a page would upload it."""
    quiet = bytes(RATE_HZ * QUIET_MS // 1000 * 2)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(quiet + spoken(phrase) + quiet)
    return file.getvalue()


class Loudspeaker:
    """One reply at a time, in real time."""

    def __init__(self) -> None:
        self._player: Playing | None = None

    @property
    def is_playing(self) -> bool:
        return self._player is not None

    def forget(self) -> None:
        self._player = None

    def take(self, message: dict[str, Any]) -> None:
        """A message of the server's, if it is about a reply."""
        kind, player = message["type"], self._player
        if kind == "speech.start":
            self._player = Playing(message["response"])
            return
        if player is None or message.get("response") != player.response:
            return
        if kind == "speech.end":
            player.has_ended = True
        elif kind == "speech.clear":
            self._player = None
        elif kind == "speech.pause":
            player.paused_at_s = time.perf_counter()
        elif kind == "speech.resume":
            player.resume(time.perf_counter())

    def hear(self, frame: bytes) -> None:
        response, player = REPLY_HEADER.unpack_from(frame)[3], self._player
        if player is None or player.response != response:
            return
        if player.began_s is None:
            player.began_s = time.perf_counter()
        player.received_ms += (len(frame) - REPLY_HEADER.size) / REPLY_BYTES_PER_MS

    def report(self, now_s: float) -> dict[str, Any] | None:
        """Fields of a `playout` message, while something plays."""
        player = self._player
        if player is None or player.began_s is None:
            return None
        is_finished = player.is_finished(now_s)
        if is_finished:
            self._player = None
        return {"response": player.response, "played_ms": round(player.played_ms(now_s)), "finished": is_finished}
