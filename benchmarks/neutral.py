"""The neutral form of an order, to compare with annotated data: ids, amounts, counts; no order, prices or defaults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orders.cart_types import Cart, Half, Line, OptionChoice, Portion
from orders.understanding.types import Understanding

Neutral = dict[str, Any]
DECLINED = "declined"  # kind of the readings that carry "no extra cheese"


def lines_of(cart: Cart, declined: Mapping[str, list[Neutral]] | None = None) -> list[Neutral]:
    """Every line of the cart; combos as their parts. `declined`: line id -> options to add ("no extra")."""
    found: list[Neutral] = []
    for line in cart.lines:
        found.append(_line(line, (declined or {}).get(line.id, [])))
        if line.combo is not None:
            found += [
                {
                    "item": c.item,
                    "quantity": line.quantity,
                    "variation": c.variation,
                    "options": [_option(o) for o in c.options],
                }
                for c in line.combo.choices
            ]
    return found


def declined_in(understanding: Understanding) -> dict[str, list[Neutral]]:
    """What was said not to be wanted in another amount ("no extra cheese"); the cart itself stays as sold."""
    found: dict[str, list[Neutral]] = {}
    for reading in understanding.readings:
        if reading.kind == DECLINED:
            line, group, option, amount = reading.value.split("|")
            found.setdefault(line, []).append({"group": group, "option": option, "amount": f"no_{amount}"})
    return found


def _line(line: Line, declined: list[Neutral]) -> Neutral:
    options = [_option(choice) for choice in line.options]
    options += [
        {"group": e.group, "unresolved": list(e.candidates), "amount": e.amount, "count": e.count}
        for e in line.unresolved
    ]
    options += [o for half in line.halves for o in _half(half)]
    return {"item": line.item, "quantity": line.quantity, "variation": line.variation, "options": options + declined}


def _half(half: Half) -> list[Neutral]:
    return [_option(choice) for choice in half.options]


def _option(choice: OptionChoice) -> Neutral:
    found: Neutral = {"group": choice.group, "option": choice.option, "amount": choice.amount, "count": choice.count}
    if choice.portion is not Portion.WHOLE:
        found["portion"] = choice.portion.value
    return found


# Scoring


def option_keys(option: Mapping[str, Any], fold: Mapping[str, str]) -> list[tuple[str, tuple[str, ...], str, int]]:
    """An option as comparable values. "No" of several candidates is no to each of them."""
    amount = option.get("amount") or "regular"
    amount = fold.get(amount, amount)
    ids = sorted(set(option.get("any_of") or option.get("unresolved") or [option.get("option")]))
    if amount == "no":
        return [(option["group"], (each,), "no", 1) for each in ids]
    return [(option["group"], tuple(ids), amount, int(option.get("count") or 1))]


def counted(lines: Iterable[Mapping[str, Any]], fold: Mapping[str, str]) -> Counter[Any]:
    """The order as an unordered multiset of lines."""
    return Counter(
        (
            line["item"],
            line.get("variation"),
            tuple(sorted((key for o in line.get("options") or () for key in option_keys(o, fold)), key=repr)),
            int(line.get("quantity") or 1),
        )
        for line in lines
    )


def score(
    expected: Sequence[Sequence[Sequence[Neutral]]],
    predicted: Sequence[Sequence[Sequence[Neutral]]],
    fold: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Cases of turns of lines, both the same length: exact cases, turns and last turns, and F1 over lines."""
    fold = fold or {}
    exact = turns = turns_exact = final_exact = hit = total = 0
    for case, prediction in zip(expected, predicted, strict=True):
        same = []
        for wanted, got in zip(case, prediction, strict=True):
            a, b = counted(wanted, fold), counted(got, fold)
            same.append(a == b)
            hit += (a & b).total()
            total += a.total() + b.total()
        exact += all(same)
        final_exact += same[-1]
        turns += len(same)
        turns_exact += sum(same)
    cases = len(expected)
    return {
        "cases": cases,
        "exact": exact,
        "exact_rate": round(exact / cases, 4) if cases else 0.0,
        "line_f1": round(2 * hit / total, 4) if total else 1.0,
        "turns": turns,
        "turns_exact": turns_exact,
        "final_exact": final_exact,
    }
