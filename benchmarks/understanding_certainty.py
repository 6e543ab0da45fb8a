"""Does it know when it does not know? Certainty against truth, over sets of annotated orders.

    python -m benchmarks.understanding_certainty ROOT [--svg OUT.svg] [--cuts 0.5 0.75]

ROOT holds one folder per set. Every case of one utterance is read with menu.json and with menu_bare.json, as it is
written ("clean") and with one of its words made unintelligible ("garbled": the annotation asks for more than can be
heard, so a good reading is unsure of itself). A reading is wrong unless the whole order is exact; it is *asked about*
when the cart it makes has a problem that the dialogue puts as a question, whatever its certainty.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.neutral import Neutral, declined_in, lines_of, score
from benchmarks.understanding import expected_of, load
from orders.cart import apply_edits
from orders.cart_types import Cart, CartLimits
from orders.problems import blocking
from orders.understanding import CompiledMenu, compile_menu
from orders.understanding.types import ActKind
from orders.understanding.verdict import ACCEPT_FROM, ASK_BELOW, certainty

_NO_CAPS = CartLimits(max_line_quantity=1_000, max_units=100_000, max_total_cents=1_000_000_000, max_lines=200)
_GARBLE = "zhvrkk"  # no language, no menu, and nothing that sounds like it
_BINS = (0.0, 0.25, 0.5, 0.6, 0.7, 0.75, 0.85, 0.95, 1.0)


@dataclass(frozen=True)
class Reading:
    is_garbled: bool
    certainty: float
    is_right: bool
    is_asked: bool  # the cart needs an answer anyway

    @property
    def is_accepted(self) -> bool:
        return self.certainty >= ACCEPT_FROM


def readings(folder: Path, menu_name: str) -> list[Reading]:
    menu, cases = load(folder, menu_name)
    understander = compile_menu(menu)
    found = []
    for case in cases:
        if "text" not in case:
            continue
        (wanted,) = expected_of(case)
        found.append(_read(understander, case["text"], wanted, is_garbled=False))
        found.append(_read(understander, garbled(case["text"], case["id"]), wanted, is_garbled=True))
    return found


def garbled(text: str, seed: str) -> str:
    """One word, the same one in every run, is nothing anybody knows."""
    words = text.split()
    words[random.Random(seed).randrange(len(words))] = _GARBLE  # not for secrets
    return " ".join(words)


def _read(understander: CompiledMenu, text: str, wanted: list[Neutral], *, is_garbled: bool) -> Reading:
    found = understander.understand(text, Cart())
    applied = apply_edits(Cart(), found.edits, understander.menu, limits=_NO_CAPS)
    got = lines_of(applied.cart, declined_in(found))
    is_right = bool(score([[wanted]], [[got]])["exact"])
    is_asked = bool(blocking(applied.problems)) or any(act.kind is ActKind.OFF_MENU for act in found.acts)
    return Reading(is_garbled, certainty(found), is_right, is_asked)


@dataclass(frozen=True)
class Bin:
    low: float
    high: float
    count: int
    certainty: float  # mean
    right: float  # share


def bins(found: Iterable[Reading]) -> list[Bin]:
    """Closed below, the last one above as well; empty ones are left out."""
    found = list(found)
    made = []
    for low, high in pairwise(_BINS):
        inside = [r for r in found if low <= r.certainty < high or (high == 1.0 == r.certainty)]
        if inside:
            mean = sum(r.certainty for r in inside) / len(inside)
            made.append(Bin(low, high, len(inside), mean, sum(r.is_right for r in inside) / len(inside)))
    return made


def summary(found: Sequence[Reading]) -> dict[str, float | int]:
    """Counts, and the expected calibration error: the gap between certainty and truth, weighed by readings."""
    accepted = [r for r in found if r.is_accepted]
    slipped = [r for r in accepted if not r.is_right and not r.is_asked]
    error = sum(b.count * abs(b.certainty - b.right) for b in bins(found)) / len(found) if found else 0.0
    return {
        "readings": len(found),
        "right": sum(r.is_right for r in found),
        "accepted": len(accepted),
        "accepted_wrong": sum(not r.is_right for r in accepted),
        "accepted_wrong_unasked": len(slipped),
        "unasked_error_rate": round(len(slipped) / len(accepted), 4) if accepted else 0.0,
        "asked_first": sum(r.certainty < ASK_BELOW for r in found),
        "calibration_error": round(error, 4),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.understanding_certainty", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--svg", type=Path, metavar="OUT.svg")
    args = parser.parse_args(argv)
    found = [
        reading
        for path in sorted(args.root.glob("*/cases.jsonl"))
        for menu in ("menu.json", "menu_bare.json")
        for reading in readings(path.parent, menu)
    ]
    if not found:
        print("no case of these folders is one utterance", file=sys.stderr)
        return 1
    parts = {name: [r for r in found if r.is_garbled is flag] for name, flag in (("clean", False), ("garbled", True))}
    for name, part in parts.items():
        print(f"{name}\n| certainty | readings | right |\n|---|---|---|")
        for each in bins(part):
            print(f"| {each.low:.2f} - {each.high:.2f} | {each.count} | {each.right:.1%} |")
    if args.svg:
        from benchmarks.reliability_plot import reliability_svg

        args.svg.write_text(reliability_svg({name: bins(part) for name, part in parts.items()}), encoding="utf-8")
    print(json.dumps({name: summary(part) for name, part in parts.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
