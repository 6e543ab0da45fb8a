"""How much of a set of annotated orders is understood exactly.

    python -m benchmarks.understanding DIR [--menu menu_bare.json] [--predictions OUT.jsonl] [--errors N]

DIR holds menu.json and cases.jsonl: a case has "text" or "turns". Turns go through the dialogue policy of a call, typed
instead of spoken, with nobody answering its questions (`--no-policy`: straight into the cart). No database, no Django.
JSON on the last line; times are the CPU time of one understanding.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.neutral import Neutral, declined_in, lines_of, score
from benchmarks.typed_calls import carts_of_call
from orders.cart import apply_edits
from orders.cart_types import Cart, CartLimits
from orders.understanding import CompiledMenu, compile_menu
from orders.understanding.types import Expectation, Understanding
from restaurants.menu import Menu
from restaurants.menu_format import parse_menu
from voice.dialog.effects import Understand

# Annotated orders know no caps.
_LIMITS = CartLimits(max_line_quantity=1_000, max_units=100_000, max_total_cents=1_000_000_000, max_lines=200)
_FOLD = {"no_extra": "no", "no_light": "no"}


def main(argv: list[str] | None = None) -> int:
    args = _arguments(argv)
    folder = Path(args.folder)
    menu, cases = load(folder, args.menu)
    understander = compile_menu(menu)
    if args.half:
        cases = cases[int(args.half == "odd") :: 2]
    if not cases:
        print("no case of this folder has words to read", file=sys.stderr)
        return 1
    clock = Clock(understander)
    predicted = predictions(clock, cases, with_policy=not args.no_policy)
    expected = [expected_of(case) for case in cases]
    compared = comparable(predicted, expected)
    if args.errors:
        _show_errors(cases, expected, compared, args.errors)
    if args.predictions:
        rows = (
            json.dumps({"id": c["id"], "turns": [{"lines": t} for t in p]})
            for c, p in zip(cases, predicted, strict=True)
        )
        Path(args.predictions).write_text("\n".join(rows) + "\n", encoding="utf-8")
    print(
        json.dumps(
            {"set": folder.resolve().name, **_result(expected, compared, clock.times, has_turns="text" not in cases[0])}
        )
    )
    return 0


def load(folder: Path, menu_name: str) -> tuple[Menu, list[dict[str, Any]]]:
    """The menu of a set, and its cases that have words."""
    menu = parse_menu(json.loads((folder / menu_name).read_text(encoding="utf-8")))
    rows = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(row) for row in rows if row.strip()]
    return menu, [case for case in cases if "text" in case or "turns" in case]


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.understanding", description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--menu", default="menu.json")
    parser.add_argument("--predictions", metavar="OUT.jsonl")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print the first N cases that differ")
    parser.add_argument("--half", choices=["even", "odd"], help="only every second case, to check rules on unread ones")
    parser.add_argument("--no-policy", action="store_true", help="turns change the cart without the dialogue policy")
    return parser.parse_args(argv)


def predictions(clock: Clock, cases: list[dict[str, Any]], *, with_policy: bool = True) -> list[list[list[Neutral]]]:
    """The cart after every turn of every case."""
    return [_predict(clock, turns_of(case), with_policy="turns" in case and with_policy) for case in cases]


def comparable(predicted: list[list[list[Neutral]]], expected: list[list[list[Neutral]]]) -> list[list[list[Neutral]]]:
    """Where only the last cart is annotated, only that is compared."""
    return [turns if len(wanted) > 1 else turns[-1:] for turns, wanted in zip(predicted, expected, strict=True)]


def turns_of(case: dict[str, Any]) -> list[str]:
    if "text" in case:
        return [case["text"]]
    return [turn if isinstance(turn, str) else turn["text"] for turn in case["turns"]]


def expected_of(case: dict[str, Any]) -> list[list[Neutral]]:
    """The carts to compare with: one for the whole case, or one per turn."""
    if "expected" in case:
        return [case["expected"]["lines"]]
    return [turn["expected"]["lines"] for turn in case["turns"]]


class Clock:
    """Understands and remembers how long each utterance took, in CPU seconds of this thread."""

    def __init__(self, understander: CompiledMenu) -> None:
        self.understander = understander
        self.times: list[float] = []

    def understand(self, text: str, cart: Cart, expect: Expectation = Expectation()) -> Understanding:  # noqa: B008  # frozen
        begin = time.thread_time()
        found = self.understander.understand(text, cart, expect)
        self.times.append(time.thread_time() - begin)
        return found

    def listen(self, wanted: Understand) -> Understanding:
        return self.understand(wanted.hypotheses[0], wanted.cart, wanted.expect)


def _predict(clock: Clock, turns: list[str], *, with_policy: bool) -> list[list[Neutral]]:
    """The cart after every turn, in neutral form."""
    declined: dict[str, list[Neutral]] = {}
    found = []
    steps = carts_of_call(clock.understander, turns, _LIMITS, clock.listen) if with_policy else _carts(clock, turns)
    for understanding, cart in steps:
        if understanding is not None:
            declined.update(declined_in(understanding))
        found.append(lines_of(cart, declined))
    return found


def _carts(clock: Clock, turns: list[str]) -> Iterator[tuple[Understanding, Cart]]:
    cart = Cart()
    for text in turns:
        understanding = clock.understand(text, cart)
        cart = apply_edits(cart, understanding.edits, clock.understander.menu, limits=_LIMITS).cart
        yield understanding, cart


def _result(
    expected: list[list[list[Neutral]]], compared: list[list[list[Neutral]]], times: list[float], *, has_turns: bool
) -> dict[str, Any]:
    result = score(expected, compared)
    if not has_turns or all(len(case) == 1 for case in expected):
        for key in ("turns", "turns_exact", "final_exact"):
            del result[key]
    ordered = sorted(times)
    return {
        **result,
        "exact_folded": score(expected, compared, _FOLD)["exact"],
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 3),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 3),
    }


def _show_errors(
    cases: list[dict[str, Any]], expected: list[list[list[Neutral]]], compared: list[list[list[Neutral]]], most: int
) -> None:
    shown = 0
    for case, wanted, got in zip(cases, expected, compared, strict=True):
        if shown == most or score([wanted], [got])["exact"]:
            continue
        shown += 1
        print(case["id"], turns_of(case))
        for turn_wanted, turn_got in zip(wanted, got, strict=True):
            print("   expected", brief(turn_wanted))
            print("   got     ", brief(turn_got))


def brief(lines: list[Neutral]) -> str:
    return " ; ".join(sorted(_brief_line(line) for line in lines))


def _brief_line(line: Neutral) -> str:
    options = sorted(
        "/".join(sorted(set(o.get("any_of") or o.get("unresolved") or [o["option"]])))
        + (f":{o['amount']}" if (o.get("amount") or "regular") != "regular" else "")
        + (f"*{o['count']}" if (o.get("count") or 1) > 1 else "")
        + (f"@{o['portion']}" if o.get("portion") else "")
        for o in line.get("options") or []
    )
    return f"{line.get('quantity', 1)} {line.get('variation') or ''} {line['item']} [{', '.join(options)}]"


if __name__ == "__main__":
    sys.exit(main())
