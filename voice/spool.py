"""Audio of one caller that somebody may still want: what waits for an engine, and what another one may have to hear."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

MAX_MS = 60_000
MAX_WAITING_MS = 10_000  # while an engine opens: a cold model takes its time


class WaitingAudio:
    """Frames, with the moment each came in (time.perf_counter()), until there is an engine to take them."""

    def __init__(self) -> None:
        self._frames: deque[tuple[bytes, float, float]] = deque()
        self.ms = 0.0

    def __len__(self) -> int:
        return len(self._frames)

    def push(self, pcm: bytes, received_s: float, ms: float) -> int:
        """Returns how many of the oldest frames gave way."""
        self._frames.append((pcm, received_s, ms))
        self.ms += ms
        dropped = 0
        while self.ms > MAX_WAITING_MS and len(self._frames) > 1:
            self.ms -= self._frames.popleft()[2]
            dropped += 1
        return dropped

    def take_all(self) -> Iterator[tuple[bytes, float]]:
        while self._frames:
            pcm, received_s, ms = self._frames.popleft()
            self.ms -= ms
            yield pcm, received_s


class Spool:
    """Mono PCM16 at one rate, by position in the caller's audio (milliseconds). Bounded: the oldest gives way."""

    def __init__(self, *, sample_rate_hz: int, began_ms: float = 0.0, max_ms: float = MAX_MS) -> None:
        self.sample_rate_hz = sample_rate_hz
        self._bytes_per_ms = sample_rate_hz * 2 / 1000
        self._max_bytes = int(max_ms * self._bytes_per_ms)
        self._chunks: deque[bytes] = deque()
        self._bytes = 0
        self._began_ms = began_ms
        self._dropped_bytes = 0
        self.lost_bytes = 0  # that gave way although nobody had said it was not needed

    @property
    def began_ms(self) -> float:
        """Position of the oldest sample that is kept."""
        return self._began_ms + self._dropped_bytes / self._bytes_per_ms

    @property
    def ended_ms(self) -> float:
        return self._began_ms + (self._dropped_bytes + self._bytes) / self._bytes_per_ms

    def push(self, pcm: bytes) -> None:
        self._chunks.append(pcm)
        self._bytes += len(pcm)
        while self._bytes > self._max_bytes and len(self._chunks) > 1:
            self.lost_bytes += len(self._chunks[0])
            self._drop_oldest()

    def forget_before(self, position_ms: float) -> None:
        """Whole chunks only, so a little more is kept."""
        past = (position_ms - self.began_ms) * self._bytes_per_ms
        while self._chunks and len(self._chunks[0]) <= past:
            past -= len(self._chunks[0])
            self._drop_oldest()

    def between(self, from_ms: float, to_ms: float | None = None) -> bytes:
        """A copy of what is kept of that part; whole samples."""
        pcm = b"".join(self._chunks)
        return pcm[self._offset(from_ms) : len(pcm) if to_ms is None else self._offset(to_ms)]

    def _offset(self, position_ms: float) -> int:
        return min(self._bytes, max(0, int((position_ms - self.began_ms) * self._bytes_per_ms))) & ~1

    def _drop_oldest(self) -> None:
        dropped = len(self._chunks.popleft())
        self._bytes -= dropped
        self._dropped_bytes += dropped
