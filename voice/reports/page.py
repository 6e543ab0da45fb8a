"""What the report's page shows: plots, table and words, ready for its template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from voice.reports import plots
from voice.reports.calls import MODES, PARTS, Report
from voice.reports.statistics import Share
from voice.reports.summary import headline, table
from voice.reports.wording import OUTCOMES, day_text, reason_text

TARGET = 0.97  # of calls end in an order or with a person
MAX_RESTAURANTS = 20
PART_WORDS = {
    "endpointing": "waiting whether the customer goes on",
    "recognition": "turning the speech into words",
    "understanding": "turning the words into an order and an answer",
    "speaking": "making the first sound of the answer",
    "network": "the way to the customer's speaker",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its title, the sentence below it and the names of its colours."""

    title: str
    note: str
    svg: str
    legend: tuple[tuple[str, str], ...] = ()  # (class, words)


def page_context(report: Report) -> dict[str, object]:
    return {
        "period": f"{day_text(report.since)} to {day_text(report.until)} (UTC)",
        "headline": headline(report),
        "warnings": report.warnings,
        "is_empty": not report.total.calls,
        "modes": MODES,
        "rows": table(report),
        "figures": [figure for figure in _figures(report) if figure.svg],
    }


def _figures(report: Report) -> list[Figure]:
    return [_success(report), _outcomes(report), _waits(report), _parts(report), _fallbacks(report), *_places(report)]


_MODE_LEGEND = tuple((f"mode-{mode}", mode) for mode in MODES)


def _success(report: Report) -> Figure:
    rows = [(mode, mode, report.modes[mode].success) for mode in MODES if mode in report.modes]
    return Figure(
        "Calls that were served",
        "Ended in an order or with a person, of all calls at opening hours. The line through a dot is the range the "
        "true share lies in (95 %): while ranges overlap widely, nothing is proven. Dashed: the target, 97 %.",
        plots.success_intervals(rows, target=TARGET) if rows else "",
        _MODE_LEGEND,
    )


def _outcomes(report: Report) -> Figure:
    rows = [(mode, report.modes[mode].outcomes) for mode in MODES if mode in report.modes]
    return Figure(
        "How they ended",
        "By the mode a call was assigned: one that fell back to batch still counts as streaming.",
        plots.outcome_bars(rows, tuple(OUTCOMES), OUTCOMES) if rows else "",
        tuple((f"outcome-{outcome}", words) for outcome, words in OUTCOMES.items()),
    )


def _waits(report: Report) -> Figure:
    curves = {mode: turns.wait for mode, turns in report.turns.items()}
    return Figure(
        "How long customers waited for an answer",
        "From the end of speech to the first sound of the reply, every spoken turn. A curve further left is faster; "
        "where it crosses 50 % half of the turns were answered.",
        plots.wait_curves(curves) if curves else "",
        _MODE_LEGEND,
    )


def _parts(report: Report) -> Figure:
    rows = []
    for mode, turns in report.turns.items():
        rows.append((f"{mode}, mean", turns.mean_parts_ms))
        rows.append(("its slowest tenth", turns.slowest_parts_ms))
    return Figure(
        "Where the time goes",
        "The five parts follow each other and sum to the wait, turn by turn, so their means sum to its mean.",
        plots.stacked_parts(rows) if rows else "",
        tuple((f"part-{name}", f"{name}: {PART_WORDS[name]}") for name in PARTS),
    )


def _fallbacks(report: Report) -> Figure:
    counts: Counter[str] = Counter()
    for reason, count in report.fallback_reasons.items():
        counts[reason_text(reason)] += count
    title = "Why calls left streaming"
    return Figure(
        title, "The first reason of each call.", plots.count_bars(dict(counts), title=title) if counts else ""
    )


def _places(report: Report) -> list[Figure]:
    found: list[tuple[str, str, Share]] = []
    busiest = sorted(report.restaurants.items(), key=lambda one: -sum(group.calls for group in one[1].values()))
    for slug, modes in busiest[:MAX_RESTAURANTS]:
        shown = [(mode, modes[mode].success) for mode in MODES if mode in modes]
        found += [(slug if number == 0 else "", mode, share) for number, (mode, share) in enumerate(shown)]
    hours = {hour: {mode: group.calls for mode, group in modes.items()} for hour, modes in report.hours.items()}
    return [
        Figure(
            "By restaurant",
            f"Served calls, the busiest {MAX_RESTAURANTS} at most, with the same ranges as above.",
            plots.success_intervals(found, target=TARGET) if found else "",
            _MODE_LEGEND,
        ),
        Figure(
            "By hour",
            "When the calls began, by each restaurant's own clock.",
            plots.hour_columns(hours) if hours else "",
            _MODE_LEGEND,
        ),
    ]
