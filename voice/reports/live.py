"""What goes on now, as the lines of a terminal: calls by mode, the rollout, fallbacks and waits of the last minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from voice.reports.calls import MODES, Report
from voice.reports.summary import percent_and_count, wait_text
from voice.reports.wording import percent_text, reason_text

NAME, VALUE = 32, 24


@dataclass(frozen=True, slots=True)
class RolloutNow:
    """`percent` of calls that stream; None: there is no such flag. `processes`: a sentence about who knows of it."""

    percent: float | None
    is_killed: bool
    kill_reason: str
    processes: str

    @property
    def text(self) -> str:
        if self.is_killed:
            return f"STOPPED for everybody: {self.kill_reason or 'no reason given'}"
        return "no percentage" if self.percent is None else f"{percent_text(self.percent / 100)} of calls stream"


@dataclass(frozen=True, slots=True)
class LiveView:
    at: datetime
    minutes: int
    calls: Mapping[str, int]  # going on, by mode
    rollout: RolloutNow
    report: Report  # of the calls that began in these minutes and have ended

    def as_json(self) -> dict[str, object]:
        return {
            "at": self.at.isoformat(),
            "minutes": self.minutes,
            "calls_now": {mode: self.calls.get(mode, 0) for mode in MODES},
            "rollout": {
                "percent": self.rollout.percent,
                "is_killed": self.rollout.is_killed,
                "kill_reason": self.rollout.kill_reason,
                "processes": self.rollout.processes,
            },
            "ended": self.report.as_json(),
        }


def live_lines(view: LiveView) -> Iterator[str]:
    """The first one is a title."""
    report = view.report
    yield f"Comanda, {view.at:%H:%M:%S} UTC"
    yield ""
    yield f"{'Rollout':<{NAME}}{view.rollout.text}"
    yield f"{'Processes':<{NAME}}{view.rollout.processes}"
    yield ""
    yield f"{'':<{NAME}}" + "".join(f"{mode:>{VALUE}}" for mode in MODES)
    yield _row("Calls going on", {mode: str(view.calls.get(mode, 0)) for mode in MODES})
    yield ""
    yield f"Calls that began in the last {view.minutes} minutes and have ended"
    groups = report.modes
    yield _row("Calls", {mode: str(group.calls) for mode, group in groups.items()})
    yield _row("Order or person", {mode: percent_and_count(group.success) for mode, group in groups.items()})
    yield _row("Fell back", {mode: percent_and_count(group.fell_back) for mode, group in groups.items()})
    yield _row("First words, median", {mode: wait_text(group.first_transcript, 50) for mode, group in groups.items()})
    yield _row("Reply, median", {mode: wait_text(turns.wait, 50) for mode, turns in report.turns.items()})
    yield _row("Reply, 95 %", {mode: wait_text(turns.wait, 95) for mode, turns in report.turns.items()})
    yield _row("Connections made again", {mode: str(group.reconnects) for mode, group in groups.items()})
    yield from _counts("Why they were assigned", _decisions(report))
    yield from _counts("Why they left streaming", report.fallback_reasons)


def _decisions(report: Report) -> dict[str, int]:
    found = {}
    for name, count in report.assigned_reasons.items():
        mode, _, reason = name.partition(": ")
        found[f"{mode}: {reason_text(reason)}"] = count
    return found


def _row(name: str, values: Mapping[str, str]) -> str:
    return f"{name:<{NAME}}" + "".join(f"{values.get(mode, '–'):>{VALUE}}" for mode in MODES)


def _counts(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    if not counts:
        return
    yield ""
    yield title
    for name, count in counts.items():
        yield f"  {count:>6}  {reason_text(name)}"
