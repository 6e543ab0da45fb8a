"""A report in plain words: for the terminal, and for the top of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from voice.reports.calls import MODES, PARTS, GroupFigures, Report, TurnFigures
from voice.reports.statistics import FEWEST_FOR_TAIL, Share, Waits
from voice.reports.wording import day_text, outcome_text, percent_text, reason_text, seconds_text

COLUMN = 34


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what it is, and its value in each mode."""

    name: str
    values: tuple[str, ...]
    note: str = ""


def headline(report: Report) -> str:
    if not report.total.calls:
        return "No calls ended in this time."
    parts = [f"{figures.calls} {mode}" for mode, figures in report.modes.items()]
    text = f"{_calls(report.total.calls)}: {' and '.join(parts)}."
    served = report.total.success
    if served.count:
        text += f" {percent_text(served.rate)} of {served.count} ended in an order or with a person."
    saved = saved_share(report)
    if saved is not None:
        faster = "sooner" if saved >= 0 else "later"
        text += f" A streaming turn was answered {percent_text(abs(saved))} {faster} than one in batch (medians)."
    return text


def saved_share(report: Report) -> float | None:
    """By how much the median wait is shorter when streaming; None unless both modes have turns."""
    medians = [report.turns[mode].wait.percentile(50) for mode in MODES if mode in report.turns]
    if len(medians) < len(MODES):
        return None
    streaming, batch = medians
    return None if streaming is None or not batch else 1 - streaming / batch


def table(report: Report) -> list[Row]:
    """By the mode calls were assigned, but for turns: those by the mode they were in."""
    return [
        _row("Calls", report, lambda group: str(group.calls)),
        _row("Ended in an order or with a person", report, lambda group: _interval(group.success)),
        _row("Fell back to batch", report, lambda group: _interval(group.fell_back)),
        _row("Left before the first prompt", report, lambda group: str(group.left_before_first_prompt)),
        _row("First words, median", report, lambda group: wait_text(group.first_transcript, 50)),
        _row("First words, 95 %", report, lambda group: wait_text(group.first_transcript, 95)),
        _row("First reply of a call, median", report, lambda group: wait_text(group.first_reply, 50)),
        _row("First reply of a call, 95 %", report, lambda group: wait_text(group.first_reply, 95)),
        _turn_row("Any reply, median", report, 50),
        _turn_row("Any reply, 95 %", report, 95),
        _turn_row("Any reply, 99 %", report, 99),
        _row("Connections made again", report, lambda group: str(group.reconnects)),
        _row("Audio nobody heard, frames", report, lambda group: str(group.dropped_chunks)),
        _row("Cost", report, lambda group: f"${group.cost_usd:.2f}"),
        _row("Rating", report, lambda group: f"{group.rating:.1f} of 5 ({group.ratings})" if group.rating else "–"),
    ]


def text_report(report: Report) -> Iterator[str]:
    yield f"Calls from {day_text(report.since)} to {day_text(report.until)} (UTC)"
    yield headline(report)
    yield from (f"! {warning}" for warning in report.warnings)
    if not report.total.calls:
        return
    yield ""
    yield f"{'':<{COLUMN}}" + "".join(f"{mode:>26}" for mode in MODES)
    for row in table(report):
        yield f"{row.name:<{COLUMN}}" + "".join(f"{value:>26}" for value in row.values)
    for mode, turns in report.turns.items():
        yield ""
        yield f"A {mode} turn takes {seconds_text(sum(turns.mean_parts_ms))} on average: {_parts(turns)}"
    yield ""
    yield "Ends: " + ", ".join(f"{outcome_text(name)} {count}" for name, count in report.total.outcomes.items())
    if report.fallback_reasons:
        reasons = (f"{reason_text(reason)} {count}" for reason, count in report.fallback_reasons.items())
        yield "Fell back because: " + ", ".join(reasons)


def _parts(turns: TurnFigures) -> str:
    return ", ".join(f"{name} {seconds_text(part)}" for name, part in zip(PARTS, turns.mean_parts_ms, strict=True))


def _row(name: str, report: Report, value: Callable[[GroupFigures], str]) -> Row:
    return Row(name, tuple(value(report.modes[mode]) if mode in report.modes else "–" for mode in MODES))


def _turn_row(name: str, report: Report, percent: int) -> Row:
    waits = (report.turns[mode].wait if mode in report.turns else None for mode in MODES)
    return Row(name, tuple("–" if wait is None else wait_text(wait, percent) for wait in waits))


def _interval(share: Share) -> str:
    interval = share.interval
    if interval is None:
        return "–"
    return f"{percent_text(share.rate)} ({percent_text(interval[0])} to {percent_text(interval[1])})"


def percent_and_count(share: Share) -> str:
    return f"{percent_text(share.rate)} of {share.count}" if share.count else "–"


def wait_text(waits: Waits, percent: int) -> str:
    """With how many there were, or how many it would take."""
    found = waits.percentile(percent)
    if found is None:
        return f"needs {FEWEST_FOR_TAIL[percent]}, has {waits.count}" if waits.count else "–"
    return f"{seconds_text(found)} (n = {waits.count})"


def _calls(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"
