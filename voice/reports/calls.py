"""The figures of a report, from the rows of calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from voice.dialog.effects import Outcome
from voice.reports.statistics import FEWEST_TO_COMPARE, Share, Waits, mean, waits_of

MODES = ("streaming", "batch")
PARTS = ("endpointing", "recognition", "understanding", "speaking", "network")
SERVED = frozenset({Outcome.COMPLETED, Outcome.COMPLETED_WITH_STAFF, Outcome.TRANSFERRED})
SLOWEST_SHARE = 0.1
Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One exchange that was spoken and answered aloud: its mode, and the five parts of its wait in milliseconds."""

    mode: str
    parts_ms: tuple[int, ...]

    @property
    def wait_ms(self) -> int:
        return sum(self.parts_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call that has ended. `hour` is that of the restaurant's clock."""

    restaurant: str
    started_at: datetime
    hour: int
    assigned_mode: str
    mode: str
    assigned_reason: str = ""
    fallback_reason: str = ""
    outcome: str
    left_before_first_prompt: bool = False
    first_transcript_ms: int | None = None
    first_audio_ms: int | None = None
    fallbacks: int = 0
    reconnects: int = 0
    dropped_chunks: int = 0
    cost_usd: float = 0.0
    rating: int | None = None
    turns: tuple[TurnRow, ...] = ()

    @property
    def is_rejected(self) -> bool:
        return self.outcome == Outcome.REJECTED

    @property
    def is_served(self) -> bool:
        """It ended in an order or with a person."""
        return self.outcome in SERVED

    @property
    def fell_back(self) -> bool:
        return self.fallbacks > 0


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Of the calls of one mode, restaurant or hour."""

    calls: int
    outcomes: dict[str, int]
    left_before_first_prompt: int
    success: Share
    fell_back: Share
    first_transcript: Waits
    first_reply: Waits  # the first of each call
    reconnects: int
    dropped_chunks: int
    cost_usd: float
    rating: float | None
    ratings: int

    def as_json(self) -> dict[str, object]:
        return {
            "calls": self.calls,
            "outcomes": self.outcomes,
            "left_before_first_prompt": self.left_before_first_prompt,
            "success": self.success.as_json(),
            "fell_back": self.fell_back.as_json(),
            "first_transcript": self.first_transcript.as_json(),
            "first_reply": self.first_reply.as_json(),
            "reconnects": self.reconnects,
            "dropped_chunks": self.dropped_chunks,
            "cost_usd": round(self.cost_usd, 6),
            "rating": None if self.rating is None else round(self.rating, 2),
            "ratings": self.ratings,
        }


@dataclass(frozen=True, slots=True)
class TurnFigures:
    """Of the turns in one mode, whatever the call was assigned. The means of the parts sum to the mean wait."""

    wait: Waits
    mean_parts_ms: tuple[float, ...]
    slowest_parts_ms: tuple[float, ...]  # of the slowest tenth

    def as_json(self) -> dict[str, object]:
        return {
            **self.wait.as_json(),
            "mean_parts_ms": dict(zip(PARTS, (round(part, 1) for part in self.mean_parts_ms), strict=True)),
            "slowest_tenth_parts_ms": dict(zip(PARTS, (round(part, 1) for part in self.slowest_parts_ms), strict=True)),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """`modes` are by assignment: a call that fell back still counts for streaming, or streaming would look too good."""

    since: datetime
    until: datetime
    total: GroupFigures
    modes: dict[str, GroupFigures]
    turns: dict[str, TurnFigures]
    fallback_reasons: dict[str, int]
    assigned_reasons: dict[str, int]
    restaurants: dict[str, dict[str, GroupFigures]]  # slug: mode: figures
    hours: dict[int, dict[str, GroupFigures]]
    warnings: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "calls": self.total.calls,
            "total": self.total.as_json(),
            "modes": _json_of(self.modes),
            "turns": {mode: turns.as_json() for mode, turns in self.turns.items()},
            "fallback_reasons": self.fallback_reasons,
            "assigned_reasons": self.assigned_reasons,
            "restaurants": {slug: _json_of(modes) for slug, modes in self.restaurants.items()},
            "hours": {str(hour): _json_of(modes) for hour, modes in self.hours.items()},
            "warnings": list(self.warnings),
        }


def report_of(rows: Sequence[CallRow], *, since: datetime, until: datetime) -> Report:
    turns = [turn for row in rows for turn in row.turns]
    modes = _by_mode(rows)
    return Report(
        since=since,
        until=until,
        total=group_figures(rows),
        modes=modes,
        turns={mode: turn_figures(found) for mode in MODES if (found := [one for one in turns if one.mode == mode])},
        fallback_reasons=_counted(row.fallback_reason or "unknown" for row in rows if row.fell_back),
        assigned_reasons=_counted(f"{row.assigned_mode}: {row.assigned_reason or 'unknown'}" for row in rows),
        restaurants={slug: _by_mode(found) for slug, found in _grouped(rows, lambda row: row.restaurant).items()},
        hours={hour: _by_mode(found) for hour, found in _grouped(rows, lambda row: row.hour).items()},
        warnings=tuple(_warnings(modes)),
    )


def group_figures(rows: Sequence[CallRow]) -> GroupFigures:
    asked = [row for row in rows if not row.is_rejected]
    ratings = [row.rating for row in rows if row.rating is not None]
    return GroupFigures(
        calls=len(rows),
        outcomes=_counted(row.outcome for row in rows),
        left_before_first_prompt=sum(row.left_before_first_prompt for row in rows),
        success=Share(sum(row.is_served for row in asked), len(asked)),
        fell_back=Share(sum(row.fell_back for row in rows), len(rows)),
        first_transcript=waits_of([row.first_transcript_ms for row in rows]),
        first_reply=waits_of([row.first_audio_ms for row in rows]),
        reconnects=sum(row.reconnects for row in rows),
        dropped_chunks=sum(row.dropped_chunks for row in rows),
        cost_usd=sum(row.cost_usd for row in rows),
        rating=mean(ratings),
        ratings=len(ratings),
    )


def turn_figures(turns: Sequence[TurnRow]) -> TurnFigures:
    """`turns` is not empty."""
    ranked = sorted(turns, key=lambda turn: turn.wait_ms)
    slowest = ranked[-max(1, round(len(ranked) * SLOWEST_SHARE)) :]
    return TurnFigures(
        wait=waits_of([turn.wait_ms for turn in ranked]),
        mean_parts_ms=_mean_parts(ranked),
        slowest_parts_ms=_mean_parts(slowest),
    )


def _mean_parts(turns: Sequence[TurnRow]) -> tuple[float, ...]:
    return tuple(sum(column) / len(turns) for column in zip(*(turn.parts_ms for turn in turns), strict=True))


def _warnings(modes: dict[str, GroupFigures]) -> Iterable[str]:
    for mode in MODES:
        count = modes[mode].success.count if mode in modes else 0
        if 0 < count < FEWEST_TO_COMPARE:
            yield f"Only {count} {mode} call{'s' if count > 1 else ''}: too few to judge, look at the interval."
        elif not count:
            yield f"No {mode} calls: nothing to compare with."


def _by_mode(rows: Sequence[CallRow]) -> dict[str, GroupFigures]:
    found = _grouped(rows, lambda row: row.assigned_mode)
    return {mode: group_figures(found[mode]) for mode in MODES if mode in found}


def _grouped(rows: Sequence[CallRow], key: Callable[[CallRow], Key]) -> dict[Key, list[CallRow]]:
    groups: dict[Key, list[CallRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return dict(sorted(groups.items()))


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _json_of(groups: dict[str, GroupFigures]) -> dict[str, object]:
    return {name: group.as_json() for name, group in groups.items()}
