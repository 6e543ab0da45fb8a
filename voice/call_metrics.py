"""What one call measured about itself: latency histograms that merge across calls, counters and high-water marks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

GROWTH = 1.05  # width of a bucket: a percentile is right within 2.5 %
SMALLEST_MS = 0.001
_LOG_GROWTH = math.log(GROWTH)


class LatencyHistogram:
    """Durations in logarithmic buckets: constant memory, mergeable, about 0.2 µs to add to."""

    __slots__ = ("_buckets", "count", "max_ms")

    def __init__(self, buckets: Mapping[str, int] | None = None, *, max_ms: float = 0.0) -> None:
        self._buckets: dict[int, int] = {int(bucket): count for bucket, count in (buckets or {}).items()}
        self.count = sum(self._buckets.values())
        self.max_ms = max_ms

    def add(self, ms: float) -> None:
        bucket = 0 if ms <= SMALLEST_MS else int(math.log(ms / SMALLEST_MS) / _LOG_GROWTH) + 1
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self.count += 1
        self.max_ms = max(self.max_ms, ms)

    def merge(self, other: LatencyHistogram) -> None:
        for bucket, count in other._buckets.items():
            self._buckets[bucket] = self._buckets.get(bucket, 0) + count
        self.count += other.count
        self.max_ms = max(self.max_ms, other.max_ms)

    def percentile(self, percent: float) -> float | None:
        """Middle of the bucket that holds the nearest-rank percentile; None when nothing was added."""
        if not self.count:
            return None
        rank = max(1, math.ceil(self.count * percent / 100))
        seen = 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= rank:
                middle = SMALLEST_MS * GROWTH ** (bucket - 0.5) if bucket else SMALLEST_MS
                return min(middle, self.max_ms) if self.max_ms else middle
        return self.max_ms  # pragma: no cover - the ranks end at count

    def as_json(self) -> dict[str, object]:
        return {
            "count": self.count,
            "p50_ms": _rounded(self.percentile(50)),
            "p95_ms": _rounded(self.percentile(95)),
            "p99_ms": _rounded(self.percentile(99)),
            "max_ms": round(self.max_ms, 3),
            "buckets": {str(bucket): count for bucket, count in sorted(self._buckets.items())},
        }


def histogram_from_json(document: Mapping[str, object]) -> LatencyHistogram:
    buckets, max_ms = document.get("buckets"), document.get("max_ms")
    return LatencyHistogram(
        buckets if isinstance(buckets, Mapping) else None,
        max_ms=float(max_ms) if isinstance(max_ms, int | float) else 0.0,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


HISTOGRAMS = (
    "hand_over",  # audio frame read from the socket -> given to the engine
    "reply",  # the caller's voice stopped -> first reply audio written
    "reply_work",  # the turn was closed -> first reply audio written (our share: no waiting for the caller)
    "endpoint",  # the caller's voice stopped -> the turn was closed
    "final",  # the turn was closed -> the final words
    "understand",  # words -> edits
    "second_opinion",  # the parser was unsure -> the model answered, or was not waited for any longer
    "interim",  # speech detected -> first words
    "barge_in",  # the caller's voice detected while we spoke -> pause or clear written
    "handle",  # one event through the call core
)


@dataclass(frozen=True, slots=True)
class CallSummary:
    """Saved with the call when it closes."""

    histograms: Mapping[str, Mapping[str, object]]
    counters: Mapping[str, int]
    high_water: Mapping[str, int]

    def as_json(self) -> dict[str, object]:
        return {
            **{name: dict(histogram) for name, histogram in self.histograms.items()},
            "counters": dict(self.counters),
            "high_water": dict(self.high_water),
        }


@dataclass(slots=True)
class CallMetrics:
    """The collector; owned by one runner."""

    histograms: dict[str, LatencyHistogram] = field(
        default_factory=lambda: {name: LatencyHistogram() for name in HISTOGRAMS}
    )
    counters: dict[str, int] = field(default_factory=dict)
    high_water: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, ms: float) -> None:
        self.histograms[name].add(ms)

    def count(self, name: str, by: int = 1) -> None:
        self.counters[name] = self.counters.get(name, 0) + by

    def depth(self, queue: str, length: int) -> None:
        if length > self.high_water.get(queue, 0):
            self.high_water[queue] = length

    def summary(self) -> CallSummary:
        return CallSummary(
            histograms={name: histogram.as_json() for name, histogram in self.histograms.items() if histogram.count},
            counters=dict(self.counters),
            high_water=dict(self.high_water),
        )
