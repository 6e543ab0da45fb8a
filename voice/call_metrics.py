"""What one call measured about itself: latency histograms that merge across calls, counters and high-water marks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

GROWTH = 1.05  # width of a bucket: a percentile is right within 2.5 %
SMALLEST_MS = 0.001
_LOG_GROWTH = math.log(GROWTH)
BEFORE_FIRST_PROMPT = "before_first_prompt"  # end_reason: they left before anything was said to them, or shown


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """Totals since the call opened, over every process that had it: goes along in the checkpoint. Counts only grow."""

    mode: str = ""  # "": what it was assigned
    fallback_reason: str = ""  # of the first fallback
    first_transcript_ms: int | None = None  # first voice to first words
    is_prompted: bool = False  # something was said to the customer, or shown
    fallbacks: int = 0
    reconnects: int = 0
    dropped_chunks: int = 0
    bytes_received: int = 0  # audio, both ways
    bytes_sent: int = 0
    model_questions: int = 0  # put to the hosted model


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
    before: CallFigures = CallFigures()  # from the processes that had the call
    first_transcript_ms: int | None = None
    is_prompted: bool = False
    mode: str = ""
    fallback_reason: str = ""

    def go_on_from(self, before: CallFigures) -> None:
        self.before = before
        self.first_transcript_ms, self.is_prompted = before.first_transcript_ms, before.is_prompted
        self.mode, self.fallback_reason = before.mode, before.fallback_reason

    def fell_back(self, mode: str, reason: str) -> None:
        self.mode = mode
        self.fallback_reason = self.fallback_reason or reason
        self.count("fallbacks")

    def add(self, name: str, ms: float) -> None:
        self.histograms[name].add(ms)

    def count(self, name: str, by: int = 1) -> None:
        self.counters[name] = self.counters.get(name, 0) + by

    def depth(self, queue: str, length: int) -> None:
        if length > self.high_water.get(queue, 0):
            self.high_water[queue] = length

    def figures(self, missing_chunks: int = 0) -> CallFigures:
        """`missing_chunks`: skipped numbers, which the connection counts."""
        before = self.before
        unheard = self._total("dropped_frames", "frames_without_ears") + missing_chunks
        return CallFigures(
            mode=self.mode,
            fallback_reason=self.fallback_reason,
            first_transcript_ms=self.first_transcript_ms,
            is_prompted=self.is_prompted,
            fallbacks=before.fallbacks + self._total("fallbacks"),
            reconnects=before.reconnects + self._total("reconnects"),
            dropped_chunks=before.dropped_chunks + unheard,
            bytes_received=before.bytes_received + self._total("bytes_received"),
            bytes_sent=before.bytes_sent + self._total("bytes_sent"),
            model_questions=before.model_questions + self._total("model_questions"),
        )

    def _total(self, *names: str) -> int:
        return sum(self.counters.get(name, 0) for name in names)

    def summary(self) -> CallSummary:
        return CallSummary(
            histograms={name: histogram.as_json() for name, histogram in self.histograms.items() if histogram.count},
            counters=dict(self.counters),
            high_water=dict(self.high_water),
        )
