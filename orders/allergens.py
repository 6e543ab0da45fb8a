"""What is known about an allergen on a line. Unknown is the default and is never weakened to "free" by leaving things
out.
"""

from __future__ import annotations

from collections.abc import Iterable

from orders.cart_types import Line, OptionChoice
from orders.line_rules import LEFT_OUT, Stock, find_option, line_items, slot_choice
from restaurants.menu import Item, Menu

CONTAINS, MAY_CONTAIN, UNKNOWN, FREE = "contains", "may_contain", "unknown", "free"
_WORST_FIRST = (CONTAINS, MAY_CONTAIN, UNKNOWN, FREE)


def line_allergen(line: Line, allergen: str, stock: Stock) -> str:
    """contains | may_contain | unknown | free: the worst of the items, combo parts and added options of the line.

    "No cheese" does not make a line free of milk: the kitchen may still touch it, and staff vouched for the item as
    sold.
    """
    menu = stock.menu
    found = [item_allergen(item, allergen) for item in line_items(line, menu)]
    found += _options(line.options, allergen, menu)
    for half in line.halves:
        found += _options(half.options, allergen, menu)
    combo = menu.combo_by_id.get(line.combo.combo) if line.combo else None
    if combo is not None and line.combo is not None:
        for slot in combo.slots:
            choice = slot_choice(slot, line.combo, stock)
            if choice is None or choice.item not in menu.item_by_id:
                found.append(UNKNOWN)
            else:
                found.append(item_allergen(menu.item_by_id[choice.item], allergen))
                found += _options(choice.options, allergen, menu)
    return min(found or [UNKNOWN], key=_WORST_FIRST.index)


def item_allergen(item: Item, allergen: str) -> str:
    """What staff stated for the item as sold; `allergen` in any case."""
    stated = (fact.status for fact in item.allergens if fact.allergen.casefold() == allergen.casefold())
    status = next(stated, UNKNOWN)
    return status if status in _WORST_FIRST else UNKNOWN


def _options(choices: Iterable[OptionChoice], allergen: str, menu: Menu) -> list[str]:
    """An added option is known to contain what it lists; through its item it may be known to be free; else unknown."""
    found = []
    for choice in choices:
        option = find_option(menu, choice.group, choice.option)
        if choice.amount == LEFT_OUT or option is None:
            continue
        if allergen.casefold() in {known.casefold() for known in option.allergens}:
            found.append(CONTAINS)
        else:
            item = menu.item_by_id.get(option.item) if option.item else None
            found.append(item_allergen(item, allergen) if item else UNKNOWN)
    return found
