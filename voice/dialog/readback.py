"""The order in canonical names, as acknowledged, read back and shown: "three large pizzas, one without onions"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orders.cart_types import Cart, Line, OptionChoice
from voice.dialog import phrases
from voice.dialog.names import Names
from voice.dialog.phrases import phrase_inside


def order_text(cart: Cart, names: Names) -> str:
    """The whole order as one list; "" when it is empty."""
    return lines_text(cart.lines, names)


def lines_text(lines: Iterable[Line], names: Names) -> str:
    parts = [group_text(group, names) for group in grouped(lines)]
    return phrases.all_of(names.language, parts) if parts else ""


def grouped(lines: Iterable[Line]) -> list[tuple[Line, ...]]:
    """Lines that are the same thing but for their options, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        kind = (line.item, line.variation, line.combo, line.halves, line.candidates, line.note)
        groups.setdefault(kind, []).append(line)
    return [tuple(group) for group in groups.values()]


def group_text(group: tuple[Line, ...], names: Names) -> str:
    """What all have in common once, then how many of them differ and in what."""
    first = group[0]
    common = tuple(choice for choice in first.options if all(choice in line.options for line in group))
    text = names.title(first, sum(line.quantity for line in group))
    parts = names.parts(first)
    if parts:
        text = phrase_inside(names.language, "combo_with", combo=text, parts=parts)
    pieces = [*names.options(common), *_differences(group, common, names)]
    if first.note:
        pieces.append(phrase_inside(names.language, "note", note=first.note))
    is_close = any(not names.is_style(choice) for choice in common) and not parts
    return (" " if is_close else ", ").join([text, ", ".join(pieces)]) if pieces else text


def _differences(group: tuple[Line, ...], common: tuple[OptionChoice, ...], names: Names) -> list[str]:
    counts: dict[tuple[str, ...], int] = {}
    for line in group:
        own = tuple(names.options(choice for choice in line.options if choice not in common))
        counts[own] = counts.get(own, 0) + line.quantity
    return [
        phrase_inside(
            names.language,
            "some_with",
            count=phrases.number(names.language, count),
            options=phrases.all_of(names.language, options),
        )
        for options, count in counts.items()
        if options
    ]


@dataclass(frozen=True, slots=True)
class Changes:
    """How one cart differs from another: new or different lines with those they are told with, and the ones gone."""

    now: tuple[Line, ...] = ()
    gone: tuple[Line, ...] = ()
    is_only_new: bool = True  # every line of `now` was added; nothing was changed
    has_details: bool = False  # fulfilment, name or allergies differ too

    def __bool__(self) -> bool:
        return bool(self.now or self.gone or self.has_details)


def changes(before: Cart, after: Cart) -> Changes:
    if before is after or (before.revision == after.revision and before == after):
        return Changes()
    old = {line.id: line for line in before.lines}
    new = {line.id for line in after.lines}
    different = {line.id for line in after.lines if old.get(line.id) != line}
    told: list[Line] = []
    for group in grouped(after.lines):
        if any(line.id in different for line in group):
            told += group
    gone = tuple(line for line in before.lines if line.id not in new)
    told_ids = {line.id for line in told}
    has_other = (before.fulfilment, before.customer_name, before.allergies) != (
        after.fulfilment,
        after.customer_name,
        after.allergies,
    )
    return Changes(tuple(told), gone, not told_ids & set(old), has_other)
