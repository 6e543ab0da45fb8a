"""Shares and percentiles that don't claim more than their number of calls allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_FOR_TAIL = {95: 20, 99: 100}  # below, the percentile would be the largest value under another name
FEWEST_TO_COMPARE = 30
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `count`, with the 95 % interval of Wilson (1927): honest also for few and for all or none."""

    hits: int
    count: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.count:
            return None
        rate, n, z = self.hits / self.count, self.count, Z_95
        middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def as_json(self) -> dict[str, object]:
        interval = self.interval
        return {
            "hits": self.hits,
            "count": self.count,
            "rate": None if self.rate is None else round(self.rate, 4),
            "interval_95": None if interval is None else [round(bound, 4) for bound in interval],
        }


@dataclass(frozen=True, slots=True)
class Waits:
    """Durations in milliseconds, sorted."""

    sorted_ms: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.sorted_ms)

    def percentile(self, percent: int) -> int | None:
        """Nearest rank; None where so few values have no such percentile."""
        if self.count < FEWEST_FOR_TAIL.get(percent, 1):
            return None
        return self.sorted_ms[max(1, math.ceil(self.count * percent / 100)) - 1]

    @property
    def max_ms(self) -> int | None:
        return self.sorted_ms[-1] if self.sorted_ms else None

    def as_json(self) -> dict[str, object]:
        return {
            "count": self.count,
            "p50_ms": self.percentile(50),
            "p95_ms": self.percentile(95),
            "p99_ms": self.percentile(99),
            "max_ms": self.max_ms,
        }


def waits_of(values: Sequence[int | None]) -> Waits:
    return Waits(tuple(sorted(value for value in values if value is not None)))


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
