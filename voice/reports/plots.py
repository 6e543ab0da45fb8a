"""Plots as inline SVG: colours by class, so that one drawing serves light and dark; each mark says its value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from voice.reports.calls import PARTS
from voice.reports.statistics import Share, Waits
from voice.reports.wording import percent_text, seconds_text

WIDTH = 720
LABEL = 150  # left of the plot
RIGHT = 64  # for values at the end of bars
LONGEST_LABEL = 20
ROW, BAR = 34, 18
CURVE_HEIGHT = 260
HOURS_HEIGHT = 190
NICE_STEPS = (1, 2, 5)


def stacked_parts(rows: Sequence[tuple[str, Sequence[float]]]) -> str:
    """One bar a row: the five parts of a wait in milliseconds, on one scale."""
    longest = max((sum(parts) for _, parts in rows), default=0) or 1
    room = WIDTH - LABEL - RIGHT
    marks = []
    for number, (label, parts) in enumerate(rows):
        y, x = number * ROW, float(LABEL)
        marks.append(_label(label, y))
        for name, part in zip(PARTS, parts, strict=True):
            width = part / longest * room
            marks.append(_rect(x, y, width, f"part-{name}", f"{label}, {name}: {seconds_text(part)}"))
            x += width
        marks.append(_text(x + 6, y + BAR - 4, seconds_text(sum(parts)), "value"))
    return _svg(len(rows) * ROW, "Where the time of a turn goes", marks)


def outcome_bars(rows: Sequence[tuple[str, Mapping[str, int]]], order: Sequence[str], words: Mapping[str, str]) -> str:
    """One bar a row: how its calls ended, as shares of all of them."""
    room = WIDTH - LABEL - RIGHT
    marks = []
    for number, (label, counts) in enumerate(rows):
        total, y, x = sum(counts.values()), number * ROW, float(LABEL)
        marks.append(_label(label, y))
        for outcome in order:
            count = counts.get(outcome, 0)
            width = count / total * room if total else 0
            title = f"{label}, {words[outcome]}: {count} of {total}"
            marks.append(_rect(x, y, width, f"outcome-{outcome}", title))
            x += width
        marks.append(_text(WIDTH - RIGHT + 6, y + BAR - 4, f"n = {total}", "value"))
    return _svg(len(rows) * ROW, "How calls ended", marks)


def success_intervals(rows: Sequence[tuple[str, str, Share]], *, target: float) -> str:
    """One dot a row with its 95 % interval: (label, mode, share). The dashed line is the target.

    The axis begins at the tenth below the lowest interval: its ends are written on it.
    """
    bottom, begins = len(rows) * ROW, _axis_begin(rows)

    def x_of(rate: float) -> float:
        return LABEL + (rate - begins) / (1 - begins) * (WIDTH - LABEL - RIGHT)

    at = x_of(target)
    marks = [f'<line class="target" x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{bottom}"/>'] if target > begins else []
    for number, (label, mode, share) in enumerate(rows):
        y, interval = number * ROW + BAR / 2, share.interval
        marks.append(_label(label, number * ROW))
        if interval is None or share.rate is None:
            marks.append(_text(LABEL, number * ROW + BAR - 4, "no calls", "muted"))
            continue
        low, high = map(x_of, interval)
        bounds = " to ".join(map(percent_text, interval))
        title = f"{label} {mode}: {share.hits} of {share.count}, interval {bounds}"
        marks.append(
            f'<g><title>{escape(title)}</title><line class="whisker mode-{mode}" x1="{low:.1f}" x2="{high:.1f}" '
            f'y1="{y}" y2="{y}"/><circle class="mode-{mode}" cx="{x_of(share.rate):.1f}" cy="{y}" r="6"/></g>'
        )
        marks.append(_text(WIDTH - RIGHT + 14, number * ROW + BAR - 4, percent_text(share.rate), "value"))
    ticks = [begins + place / 5 * (1 - begins) for place in range(6)]
    marks += [_text(x_of(tick), bottom + 14, f"{tick * 100:.0f} %", "axis middle") for tick in ticks]
    return _svg(bottom + 22, f"Share of calls that were served, target {percent_text(target)}", marks)


def wait_curves(curves: Mapping[str, Waits]) -> str:
    """For each mode the share of turns that were answered within x seconds."""
    room, height = WIDTH - 60 - 20, CURVE_HEIGHT - 40
    most = max((_shown_ms(waits) for waits in curves.values()), default=0) or 1_000
    step = _nice_step(most / 6)
    longest = math.ceil(most / step) * step
    marks = []
    for percent in (0, 25, 50, 75, 95):
        y = 10 + height * (1 - percent / 100)
        marks.append(f'<line class="grid" x1="60" x2="{WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}"/>')
        marks.append(_text(52, y + 4, f"{percent} %", "axis end"))
    for number in range(int(longest // step) + 1):
        x = 60 + number * step / longest * room
        marks.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="10" y2="{10 + height}"/>')
        marks.append(_text(x, CURVE_HEIGHT - 12, f"{number * step / 1000:g} s", "axis middle"))
    for mode, waits in curves.items():
        if not waits.count:
            continue
        points = [f"M60 {10 + height}"]
        for place, wait in enumerate(waits.sorted_ms, start=1):
            x = 60 + min(wait, longest) / longest * room
            points.append(f"H{x:.1f}V{10 + height * (1 - place / waits.count):.1f}")
        points.append(f"H{WIDTH - 20}")
        title = f"{mode}: half within {seconds_text(waits.percentile(50))}, {waits.count} turns"
        marks.append(f'<path class="curve mode-{mode}" d="{"".join(points)}"><title>{escape(title)}</title></path>')
    return _svg(CURVE_HEIGHT, "Share of turns answered within so many seconds", marks)


def count_bars(counts: Mapping[str, int], *, title: str) -> str:
    most = max(counts.values(), default=0) or 1
    room = WIDTH - 2 * LABEL - RIGHT
    marks = []
    for number, (label, count) in enumerate(counts.items()):
        y = number * ROW
        marks.append(_text(2 * LABEL - 10, y + BAR - 4, label, "label end"))
        marks.append(_rect(2 * LABEL, y, count / most * room, "plain", f"{label}: {count}"))
        marks.append(_text(2 * LABEL + count / most * room + 6, y + BAR - 4, str(count), "value"))
    return _svg(len(counts) * ROW, title, marks)


def hour_columns(hours: Mapping[int, Mapping[str, int]]) -> str:
    """Calls of each hour of the day, one colour a mode."""
    height, room = HOURS_HEIGHT - 30, WIDTH - 60
    column = room / 24
    most = max((sum(modes.values()) for modes in hours.values()), default=0) or 1
    marks = [f'<line class="grid" x1="40" x2="{WIDTH - 20}" y1="{height}" y2="{height}"/>']
    marks.append(_text(32, 14, str(most), "axis end"))
    for hour in range(24):
        x, y = 40 + hour * column, float(height)
        for mode, count in hours.get(hour, {}).items():
            tall = count / most * (height - 10)
            y -= tall
            marks.append(
                f'<rect class="mode-{mode}" x="{x + 2:.1f}" y="{y:.1f}" width="{column - 4:.1f}" height="{tall:.1f}" '
                f'rx="2"><title>{hour}:00, {mode}: {count}</title></rect>'
            )
        if hour % 3 == 0:
            marks.append(_text(x + column / 2, HOURS_HEIGHT - 10, f"{hour}:00", "axis middle"))
    return _svg(HOURS_HEIGHT, "Calls by hour of the day", marks)


def latency_bar(parts_ms: Sequence[int], *, scale_ms: int, width: int = 160, height: int = 12) -> str:
    """A turn's wait as a small bar for tables; `scale_ms` fills it. Brings its colours, and its values as a title."""
    x, marks = 0.0, [f'<rect class="track" width="{width}" height="{height}" fill="currentColor" opacity="0.12"/>']
    for color, part in zip(PART_COLORS, parts_ms, strict=True):
        wide = min(part / max(scale_ms, 1) * width, width - x)
        marks.append(f'<rect x="{x:.1f}" width="{wide:.1f}" height="{height}" fill="{color}"/>')
        x += wide
    said = ", ".join(f"{name} {seconds_text(part)}" for name, part in zip(PARTS, parts_ms, strict=True))
    return (
        f'<svg role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<title>{escape(said)}</title>{''.join(marks)}</svg>"
    )


# Told apart also by those who see no red and green, on white and on black (Okabe and Ito, 2008).
PART_COLORS = ("#56B4E9", "#0072B2", "#009E73", "#E69F00", "#CC79A7")


def _axis_begin(rows: Sequence[tuple[str, str, Share]]) -> float:
    lowest = min((share.interval[0] for _, _, share in rows if share.interval), default=0.0)
    return min(0.9, math.floor(lowest * 10) / 10)


def _shown_ms(waits: Waits) -> int:
    """The axis ends at the 99th percentile, or at the longest wait of few."""
    return waits.percentile(99) or waits.max_ms or 0


def _nice_step(at_least: float) -> float:
    size = 100.0
    while True:
        for step in NICE_STEPS:
            if step * size >= at_least:
                return step * size
        size *= 10


def _svg(height: float, title: str, marks: Sequence[str]) -> str:
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 -4 {WIDTH} {height + 8:.0f}" '
        f'preserveAspectRatio="xMinYMin meet">{"".join(marks)}</svg>'
    )


def _rect(x: float, y: float, width: float, css: str, title: str) -> str:
    if width <= 0:
        return ""
    return (
        f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BAR}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _label(text: str, y: float) -> str:
    text = text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
    return _text(LABEL - 10, y + BAR - 4, text, "label end")


def _text(x: float, y: float, text: str, css: str) -> str:
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
