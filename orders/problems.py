"""What stands between a cart and an order, in the order in which the dialogue should raise it."""

from __future__ import annotations

from collections.abc import Iterator

from orders.allergens import line_allergen
from orders.cart_types import Cart, CartLimits, Line, OptionChoice, Problem, ProblemKind
from orders.line_rules import (
    Stock,
    chosen,
    combo_refusal,
    combo_size,
    count_chosen,
    halves_refusal,
    line_items,
    refusal,
    slot_choice,
    standing_defaults,
)
from restaurants.menu import Availability, GroupLink, Item, Menu

PRIORITY = {kind: place for place, kind in enumerate(ProblemKind)}
# Told to the customer, who may order all the same.
ADVISORY = frozenset({ProblemKind.ALLERGEN_UNVERIFIED})


def find_problems(
    cart: Cart, menu: Menu, availability: Availability, limits: CartLimits, *, total_cents: int | None = None
) -> tuple[Problem, ...]:
    """All problems of the cart by priority, within a kind in cart order. CLOSED is not found here: there is no clock.

    detail is, by kind: the cap; the item or option id that is out or not offered; the allergen. `count` is how many
    are left, still to be chosen, or too many. An ambiguous item is asked for before anything else about its line.
    """
    stock = Stock.read(menu, availability)
    found = [*_over_caps(cart, limits, total_cents), *_short_items(cart, stock)]
    for line in cart.lines:
        found += _of_line(line, cart, stock)
    if not cart.lines:
        found.append(Problem(ProblemKind.EMPTY))
    return tuple(sorted(found, key=lambda problem: PRIORITY[problem.kind]))


def blocking(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems an order cannot be placed with."""
    return tuple(problem for problem in problems if problem.kind not in ADVISORY)


def _over_caps(cart: Cart, limits: CartLimits, total_cents: int | None) -> Iterator[Problem]:
    for line in cart.lines:
        if line.quantity > limits.max_line_quantity:
            yield Problem(ProblemKind.OVER_CAP, line.id, detail=str(limits.max_line_quantity))
    if sum(line.quantity for line in cart.lines) > limits.max_units:
        yield Problem(ProblemKind.OVER_CAP, detail=str(limits.max_units))
    if len(cart.lines) > limits.max_lines:
        yield Problem(ProblemKind.OVER_CAP, detail=str(limits.max_lines))
    if total_cents is not None and total_cents > limits.max_total_cents:
        yield Problem(ProblemKind.OVER_CAP, detail=str(limits.max_total_cents))


def _short_items(cart: Cart, stock: Stock) -> Iterator[Problem]:
    """More units asked for than are left: raised once, on the line that asked last."""
    for item, left in stock.availability.items_left.items():
        having = [(line, parts.count(item)) for line in cart.lines if item in (parts := unit_parts(line, stock))]
        if left > 0 and sum(line.quantity * times for line, times in having) > left:
            yield Problem(ProblemKind.UNAVAILABLE, having[-1][0].id, detail=item, count=left)


def unit_parts(line: Line, stock: Stock) -> list[str]:
    """Item ids one unit of the line takes from stock."""
    return [line.item, *(half.item for half in line.halves[1:]), *(part.id for part, _ in _slot_items(line, stock))]


def _slot_items(line: Line, stock: Stock) -> Iterator[tuple[Item, tuple[OptionChoice, ...]]]:
    combo = stock.menu.combo_by_id.get(line.combo.combo) if line.combo else None
    if combo is None or line.combo is None:
        return
    for slot in combo.slots:
        choice = slot_choice(slot, line.combo, stock)
        if choice is not None and choice.item in stock.menu.item_by_id:
            yield stock.menu.item_by_id[choice.item], choice.options


def _of_line(line: Line, cart: Cart, stock: Stock) -> Iterator[Problem]:
    items = line_items(line, stock.menu)
    if line.item not in stock.menu.item_by_id:
        yield Problem(ProblemKind.NOT_ALLOWED, line.id, detail=line.item)
        return
    if line.candidates:
        there = tuple(item.id for item in items if stock.has_item(item.id))
        yield Problem(ProblemKind.AMBIGUOUS_ITEM, line.id, candidates=there, detail=line.item)
        return
    halved = halves_refusal(line.halves, stock)
    if halved is not None:
        yield Problem(halved.kind, line.id, halved.group, detail=halved.detail)
    elif not stock.has_item(line.item):
        yield Problem(ProblemKind.UNAVAILABLE, line.id, detail=line.item)
    yield from _sizes(line, items)
    for entry in line.unresolved:
        there = tuple(option for option in entry.candidates if stock.has_option(entry.group, option))
        yield Problem(ProblemKind.AMBIGUOUS_OPTION, line.id, entry.group, there)
    yield from _options(line, items, stock)
    yield from _combo(line, items, stock)
    for allergen in cart.allergies:
        if line_allergen(line, allergen, stock) != "free":
            yield Problem(ProblemKind.ALLERGEN_UNVERIFIED, line.id, detail=allergen)


def _sizes(line: Line, items: tuple[Item, ...]) -> Iterator[Problem]:
    for item in items:
        sizes = tuple(size.id for size in item.variations)
        if line.variation is not None and line.variation not in sizes:
            yield Problem(ProblemKind.NOT_ALLOWED, line.id, candidates=sizes, detail=line.variation)
            return
        if line.variation is None and sizes and item.default_variation is None:
            yield Problem(ProblemKind.MISSING_VARIATION, line.id, candidates=sizes, detail=item.id)
            return


def _options(line: Line, items: tuple[Item, ...], stock: Stock) -> Iterator[Problem]:
    """Options of the line as a whole, then of each half or item by its own limits."""
    for choice in line.options:
        problem = refusal(items, choice, stock)
        if problem is not None:
            yield Problem(problem.kind, line.id, choice.group, detail=choice.option)
    own = {half.item: half.options for half in line.halves} or {items[0].id: ()}
    asked: set[tuple[ProblemKind, str]] = set()
    for item in items:
        said = (*line.options, *own.get(item.id, ()))
        for problem in _of_item(line, item, said, stock, waiting={entry.group for entry in line.unresolved}):
            if (problem.kind, problem.group or "") not in asked:
                asked.add((problem.kind, problem.group or ""))
                yield problem


def _of_item(
    line: Line, item: Item, said: tuple[OptionChoice, ...], stock: Stock, *, waiting: set[str], slot: str = ""
) -> Iterator[Problem]:
    """Limits of the item's groups. A group that waits for an ambiguous word to be settled is not asked for twice."""
    for link in item.modifier_groups:
        group = stock.menu.group_by_id.get(link.group)
        if group is None:
            continue
        count = count_chosen(link, said)
        for option in standing_defaults(link, said):
            if not stock.has_option(link.group, option):
                yield Problem(ProblemKind.UNAVAILABLE, line.id, link.group, detail=option)
        if count < link.min and link.group not in waiting:
            there = _choosable(link, said, stock)
            yield Problem(ProblemKind.MISSING_CHOICE, line.id, link.group, there, slot, link.min - count)
        if link.max is not None and count > link.max:
            there = tuple(dict.fromkeys(choice.option for choice in chosen(said, link.group)))
            yield Problem(ProblemKind.TOO_MANY, line.id, link.group, there, slot or str(link.max), link.max)


def _choosable(link: GroupLink, said: tuple[OptionChoice, ...], stock: Stock) -> tuple[str, ...]:
    named = {choice.option for choice in said if choice.group == link.group}
    options = stock.menu.group_by_id[link.group].options
    return tuple(option.id for option in options if option.id not in named and stock.has_option(link.group, option.id))


def _combo(line: Line, items: tuple[Item, ...], stock: Stock) -> Iterator[Problem]:
    if line.combo is None:
        return
    problem = combo_refusal(line.combo, items, stock)
    if problem is not None:
        yield Problem(problem.kind, line.id, problem.group, problem.candidates, problem.detail)
        return
    combo = stock.menu.combo_by_id[line.combo.combo]
    for slot in combo.slots:
        if slot_choice(slot, line.combo, stock) is None:
            offers = dict.fromkeys(offer.item for offer in slot.choices if stock.has_item(offer.item))
            yield Problem(ProblemKind.MISSING_SLOT, line.id, slot.id, tuple(offers))
    if combo.sizes and combo_size(combo, line.combo.size) is None:
        yield Problem(ProblemKind.MISSING_COMBO_SIZE, line.id, candidates=tuple(size.id for size in combo.sizes))
    for item, said in _slot_items(line, stock):
        yield from _of_item(line, item, said, stock, waiting=set(), slot=item.id)
