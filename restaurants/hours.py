"""Opening hours on the restaurant's own clock: crossing midnight, round the clock, through clock changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """Opens on `weekday` (0 = Monday). A closing time not after the opening one is on the next day; equal: 24 hours."""

    weekday: int
    opens: time
    closes: time


def is_open_at(week: Sequence[OpenPeriod], zone: ZoneInfo, at: datetime) -> bool:
    """Whether `at` (aware) falls in a period; the closing minute itself is closed."""
    today = at.astimezone(zone).date()
    return any(start <= at < end for start, end in _spans(week, zone, today - timedelta(days=1), days=2))


def next_opening_after(week: Sequence[OpenPeriod], zone: ZoneInfo, at: datetime) -> datetime | None:
    """The first opening later than `at`, in the restaurant's zone; None without any hours."""
    today = at.astimezone(zone).date()
    starts = (start for start, _ in _spans(week, zone, today, days=8) if start > at)
    return min(starts, default=None)


def _spans(
    week: Sequence[OpenPeriod], zone: ZoneInfo, first: date, *, days: int
) -> Iterator[tuple[datetime, datetime]]:
    for offset in range(days):
        day = first + timedelta(days=offset)
        for period in week:
            if period.weekday == day.weekday():
                last = day if period.closes > period.opens else day + timedelta(days=1)
                yield datetime.combine(day, period.opens, zone), datetime.combine(last, period.closes, zone)
