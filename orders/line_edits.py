"""What one edit does to one line: pure functions that give the new line, or the Problem that forbids it."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import (
    CartEdit,
    CartLimits,
    Half,
    Line,
    LineCombo,
    OptionChoice,
    Problem,
    ProblemKind,
    RemoveOption,
    SetComboSlot,
    SetHalves,
    SetOption,
    SetQuantity,
    SetUnresolved,
    SetVariation,
    SlotChoice,
    ToCombo,
    UnresolvedOption,
)
from orders.line_rules import (
    LEFT_OUT,
    Stock,
    combo_refusal,
    find_option,
    halves_refusal,
    is_single,
    line_items,
    refusal,
    resolve,
    slot_refusal,
    with_choice,
    with_slot,
)

MAX_UNRESOLVED = 10


def revise(line: Line, edit: CartEdit, stock: Stock, limits: CartLimits) -> Line | Problem:
    """The line after an edit that keeps it one line in its place."""
    match edit:
        case SetQuantity():
            return replace(line, quantity=edit.quantity) if edit.quantity > 0 else _not_allowed(str(edit.quantity))
        case SetVariation():
            return set_variation(line, edit.variation, stock)
        case SetOption():
            return choose(line, edit.choice, stock, limits)
        case SetUnresolved():
            return leave_open(line, edit.unresolved, stock, limits)
        case RemoveOption():
            return take_off(line, edit.group, edit.option, stock)
        case ToCombo():
            return to_combo(line, edit.combo, stock)
        case SetComboSlot():
            return fill_slot(line, edit.choice, stock)
        case SetHalves():
            return halve(line, edit.halves, stock)
    return _not_allowed("")


def _not_allowed(detail: str, *, group: str | None = None, candidates: tuple[str, ...] = ()) -> Problem:
    return Problem(ProblemKind.NOT_ALLOWED, group=group, candidates=candidates, detail=detail)


def set_variation(line: Line, variation: str | None, stock: Stock) -> Line | Problem:
    """A size that every part of the line has (of an ambiguous item: any candidate); a combo may fix its own."""
    items = line_items(line, stock.menu)
    having = [item for item in items if variation in item.variation_by_id]
    sizes = items[0].variations if items else ()
    if variation is not None and (not having or (line.halves and len(having) < len(items))):
        return _not_allowed(variation, candidates=tuple(size.id for size in sizes))
    combo = stock.menu.combo_by_id.get(line.combo.combo) if line.combo else None
    if combo is not None and combo.variation is not None and variation not in (None, combo.variation):
        return _not_allowed(variation or "", candidates=(combo.variation,))
    return replace(line, variation=variation)


def choose(
    line: Line, choice: OptionChoice, stock: Stock, limits: CartLimits, *, gives_way: bool = True
) -> Line | Problem:
    """The option on the line. `gives_way`: in a group of one it takes the place of what was chosen there."""
    items = line_items(line, stock.menu)
    unresolved, choice = resolve(line.unresolved, choice)
    problem = refusal(items, choice, stock)
    if problem is not None:
        if choice.amount == LEFT_OUT and _is_said(line, choice.group, choice.option):
            return take_off(line, choice.group, choice.option, stock)  # "no milk" where the menu has no such amount
        return problem
    if choice.count > limits.max_line_quantity:
        return Problem(ProblemKind.OVER_CAP, group=choice.group, detail=str(limits.max_line_quantity))
    single = gives_way and is_single(items, choice.group)
    if single and choice.amount != LEFT_OUT:
        unresolved = tuple(entry for entry in unresolved if entry.group != choice.group)
    return replace(line, options=with_choice(line.options, choice, is_single=single), unresolved=unresolved)


def _is_said(line: Line, group: str, option: str) -> bool:
    return any((choice.group, choice.option) == (group, option) for choice in line.options)


def leave_open(line: Line, entry: UnresolvedOption, stock: Stock, limits: CartLimits) -> Line | Problem:
    """The question which of `candidates` it is; just one that the item offers is no question but the choice."""
    items = line_items(line, stock.menu)
    choices = [OptionChoice(entry.group, option, entry.amount, entry.count) for option in entry.candidates]
    refusals = {choice.option: refusal(items, choice, stock) for choice in choices}
    offered = tuple(
        option for option, found in refusals.items() if found is None or found.kind is ProblemKind.UNAVAILABLE
    )
    if not offered:
        return next((found for found in refusals.values() if found), _not_allowed("", group=entry.group, candidates=()))
    if len(offered) == 1:
        return choose(line, OptionChoice(entry.group, offered[0], entry.amount, entry.count), stock, limits)
    options, others = line.options, line.unresolved
    if is_single(items, entry.group):
        options = tuple(c for c in options if c.group != entry.group or c.amount == LEFT_OUT)
        others = tuple(other for other in others if other.group != entry.group)
    others = tuple(other for other in others if (other.group, other.candidates) != (entry.group, offered))
    if len(others) >= MAX_UNRESOLVED:
        return Problem(ProblemKind.OVER_CAP, group=entry.group, detail=str(MAX_UNRESOLVED))
    return replace(line, options=options, unresolved=(*others, replace(entry, candidates=offered)))


def take_off(line: Line, group: str, option: str, stock: Stock) -> Line | Problem:
    """As if never said; an open question that holds the option goes too. Nothing to take off changes nothing."""
    if find_option(stock.menu, group, option) is None:
        return _not_allowed(option, group=group)
    options = tuple(choice for choice in line.options if (choice.group, choice.option) != (group, option))
    unresolved = tuple(e for e in line.unresolved if e.group != group or option not in e.candidates)
    return replace(line, options=options, unresolved=unresolved if options == line.options else line.unresolved)


def to_combo(line: Line, wanted: LineCombo | None, stock: Stock) -> Line | Problem:
    """Slot choices the combo does not offer are not taken over; it settles an ambiguous item."""
    if wanted is None:
        return replace(line, combo=None)
    problem = combo_refusal(wanted, line_items(line, stock.menu), stock)
    if problem is not None:
        return problem
    if line.halves:
        return _not_allowed(wanted.combo)
    combo = stock.menu.combo_by_id[wanted.combo]
    variation = combo.variation or (line.variation if line.item == combo.item else None)
    return replace(line, item=combo.item, candidates=(), combo=wanted, variation=variation)


def fill_slot(line: Line, choice: SlotChoice, stock: Stock) -> Line | Problem:
    combo = stock.menu.combo_by_id.get(line.combo.combo) if line.combo else None
    if combo is None or line.combo is None:
        return _not_allowed(choice.item, group=choice.slot)
    return slot_refusal(combo, choice, stock) or replace(line, combo=with_slot(line.combo, choice))


def halve(line: Line, halves: tuple[Half, ...], stock: Stock) -> Line | Problem:
    """Two halves in place of the item, or (none given) the whole item again. A size not sold for both is asked anew."""
    if not halves:
        return replace(line, halves=())
    problem = halves_refusal(halves, stock)
    if problem is not None:
        return problem
    if line.combo is not None:
        return _not_allowed(halves[0].item)
    halved = replace(line, item=halves[0].item, halves=halves, candidates=())
    sized = set_variation(halved, halved.variation, stock)
    return sized if isinstance(sized, Line) else replace(halved, variation=None)
