"""A reliability diagram as SVG: certainty along, share that is right up; a dot's area says how many readings.

Drawn in text, so that it reads the same on light and dark pages and in a diff.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Protocol

_LABEL = "Reliability diagram: certainty against the share of readings that are right"
_SIDE, _LEFT, _TOP = 360, 56, 24
_COLOURS = ("#2563a8", "#b4471f", "#3b7a3b")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#555}.axis{stroke:#888;fill:none}.grid{stroke:#8884;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#bbb}}"
)


class Dot(Protocol):
    @property
    def certainty(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def count(self) -> int: ...


def reliability_svg(series: Mapping[str, Sequence[Dot]], marks: Sequence[float] = (0.5, 0.75)) -> str:
    """`marks`: thresholds, drawn as upright lines. Shares and certainties are within [0, 1]."""
    width, height = _LEFT + _SIDE + 130, _TOP + _SIDE + 48
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{_LABEL}">',
        f"<style>{_STYLE}</style>",
        *_axes(),
        *(_line(x, 0, x, 1, "grid", dash="2 3") for x in marks),
        _line(0, 0, 1, 1, "grid"),
    ]
    for place, (name, dots) in enumerate(series.items()):
        colour = _COLOURS[place % len(_COLOURS)]
        path = " ".join(f"{_x(d.certainty):.1f},{_y(d.right):.1f}" for d in dots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-opacity=".45"/>')
        parts += [
            f'<circle cx="{_x(d.certainty):.1f}" cy="{_y(d.right):.1f}" r="{3 + sqrt(d.count) / 4:.1f}" '
            f'fill="{colour}" fill-opacity=".75"><title>{name}: {d.count}, {d.right:.1%} right</title></circle>'
            for d in dots
        ]
        parts.append(f'<circle cx="{_LEFT + _SIDE + 24}" cy="{_TOP + 20 + 22 * place}" r="5" fill="{colour}"/>')
        parts.append(_text(_LEFT + _SIDE + 36, _TOP + 24 + 22 * place, name, "start"))
    return "\n".join([*parts, "</svg>", ""])


def _axes() -> list[str]:
    parts = [f'<rect class="axis" x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"/>']
    for step in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(_text(_x(step), _TOP + _SIDE + 18, f"{step:.2f}", "middle"))
        parts.append(_text(_LEFT - 8, _y(step) + 4, f"{step:.0%}", "end"))
    parts.append(_text(_LEFT + _SIDE / 2, _TOP + _SIDE + 38, "certainty of the reading", "middle"))
    parts.append(_text(_LEFT, _TOP - 8, "whole order right", "start"))
    return parts


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)


def _line(x1: float, y1: float, x2: float, y2: float, kind: str, *, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line class="{kind}" x1="{_x(x1)}" y1="{_y(y1)}" x2="{_x(x2)}" y2="{_y(y2)}"{dashes}/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>'
