"""What is known about allergens, in words. What staff did not verify is never a "no", and staff hears it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from orders.allergens import CONTAINS, FREE, MAY_CONTAIN, UNKNOWN, item_allergen, line_allergen
from orders.line_rules import Stock, find_option
from orders.understanding.types import DialogueAct
from restaurants.menu import Item, Option
from voice.dialog import phrases
from voice.dialog.basket import call_staff, last_line
from voice.dialog.call import Call
from voice.dialog.draft import Draft

MAX_ANSWERED = 3
MAX_NAMED = 12


def tell_allergen(draft: Draft, act: DialogueAct) -> None:
    """Contains, may contain, or free where staff vouched for it; whatever nobody verified is said to be so."""
    call = draft.call
    stock = Stock.read(call.context.menu, call.ordering.availability)
    items = [item for target in act.targets if (item := call.context.menu.item_by_id.get(target))]
    options = [option for target in act.targets if (option := _option(call, target))]
    line = last_line(call)
    if not act.value:
        _tell_all_allergens(draft, items or ([call.context.menu.item_by_id[line.item]] if line else []))
    elif items or options:
        for item in items[:MAX_ANSWERED]:
            _tell_status(draft, call.names.item(item.id), act.value, item_allergen(item, act.value))
        for group, added in options[: MAX_ANSWERED if not items else 0]:
            known = act.value.casefold() in {one.casefold() for one in added.allergens}
            _tell_status(draft, call.names.option(group, added.id), act.value, CONTAINS if known else UNKNOWN)
    elif line is not None:
        _tell_status(draft, call.names.title(line, 1), act.value, line_allergen(line, act.value, stock))
    else:
        _tell_menu(draft, act.value)


def _option(call: Call, target: str) -> tuple[str, Option] | None:
    for group in call.context.menu.modifier_groups:
        option = find_option(call.context.menu, group.id, target)
        if option is not None:
            return group.id, option
    return None


def _tell_status(draft: Draft, thing: str, allergen: str, status: str) -> None:
    key = {CONTAINS: "contains", MAY_CONTAIN: "may_contain", FREE: "free"}.get(status, "unknown")
    draft.add(f"allergen_{key}", thing=thing, allergen=draft.call.names.allergen(allergen))
    if key == "unknown":
        call_staff(draft.call, "allergy")


def _tell_menu(draft: Draft, allergen: str) -> None:
    call = draft.call
    known = [call.names.item(item.id) for item in call.context.menu.items if item_allergen(item, allergen) == CONTAINS]
    if known:
        items = phrases.all_of(call.language, known[:MAX_NAMED])
        draft.add("allergen_menu", allergen=call.names.allergen(allergen), items=items)
    draft.add("allergen_menu_rest")
    call_staff(call, "allergy")


def _tell_all_allergens(draft: Draft, items: Sequence[Item]) -> None:
    call = draft.call
    for item in items[:MAX_ANSWERED]:
        for key, status in (("allergens_listed", CONTAINS), ("allergens_possible", MAY_CONTAIN)):
            found = [call.names.allergen(fact.allergen) for fact in item.allergens if fact.status == status]
            if found:
                allergens = phrases.all_of(call.language, found)
                draft.add(key, thing=call.names.item(item.id), allergens=allergens)
    draft.add("allergens_rest")
    call_staff(call, "allergy")
