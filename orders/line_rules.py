"""What a menu allows on a cart line: shared by the reducer, the problems and pricing, so that they can never
disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orders.cart_types import (
    Half,
    Line,
    LineCombo,
    OptionChoice,
    Portion,
    Problem,
    ProblemKind,
    SlotChoice,
    UnresolvedOption,
)
from restaurants.menu import Availability, Combo, ComboChoice, ComboSize, ComboSlot, GroupLink, Item, Menu, Option

LEFT_OUT = "no"
REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class Stock:
    """Availability seen through the menu: an 86 on an item hits the options that are the same thing, and the other
    way.
    """

    menu: Menu
    availability: Availability
    items_out: frozenset[str]

    @classmethod
    def read(cls, menu: Menu, availability: Availability = Availability()) -> Stock:  # noqa: B008  # frozen
        gone = {item for item, left in availability.items_left.items() if left <= 0}
        linked = (find_option(menu, group, option) for group, option in availability.options_out)
        gone |= {option.item for option in linked if option is not None and option.item is not None}
        return cls(menu, availability, availability.items_out | gone)

    def has_item(self, item: str) -> bool:
        return item not in self.items_out

    def has_option(self, group: str, option: str) -> bool:
        if (group, option) in self.availability.options_out:
            return False
        found = find_option(self.menu, group, option)
        return found is None or found.item is None or found.item not in self.items_out


def find_option(menu: Menu, group: str, option: str) -> Option | None:
    found = menu.group_by_id.get(group)
    return found.option_by_id.get(option) if found else None


def line_items(line: Line, menu: Menu) -> tuple[Item, ...]:
    """The items a line may be or is made of: its candidates, its two halves, or the one item. Unknown ids are left
    out.
    """
    ids = line.candidates or tuple(half.item for half in line.halves) or (line.item,)
    return tuple(menu.item_by_id[item] for item in dict.fromkeys((line.item, *ids)) if item in menu.item_by_id)


def overlaps(one: Portion, other: Portion) -> bool:
    return one is other or Portion.WHOLE in (one, other)


def chosen(choices: Iterable[OptionChoice], group: str) -> tuple[OptionChoice, ...]:
    """What was said for the group and is to be on the line."""
    return tuple(choice for choice in choices if choice.group == group and choice.amount != LEFT_OUT)


def standing_defaults(link: GroupLink, choices: Iterable[OptionChoice]) -> tuple[str, ...]:
    """Defaults of the link that are on the line without having been said.

    A default stops standing when it was said itself (left out, or with another amount, on the whole line), or in a
    group of one when anything else was chosen.
    """
    said = [choice for choice in choices if choice.group == link.group and choice.portion is Portion.WHOLE]
    if link.max == 1 and any(choice.amount != LEFT_OUT for choice in said):
        return ()
    named = {choice.option for choice in said}
    return tuple(option for option in link.defaults if option not in named)


def count_chosen(link: GroupLink, choices: Iterable[OptionChoice]) -> int:
    """How many of the group are on the line, for min and max: standing defaults too; of two halves the fuller one."""
    choices = tuple(choices)
    per_half = []
    for half in (Portion.FIRST_HALF, Portion.SECOND_HALF):
        there = {c.option for c in chosen(choices, link.group) if overlaps(c.portion, half)}
        per_half.append(len(there | set(standing_defaults(link, choices))))
    return max(per_half)


def refusal(items: Iterable[Item], choice: OptionChoice, stock: Stock) -> Problem | None:
    """Why this choice cannot be on a line that is (or may be) one of `items`; None when it can."""
    group = stock.menu.group_by_id.get(choice.group)
    denied = Problem(ProblemKind.NOT_ALLOWED, group=choice.group, detail=choice.option)
    if group is None or choice.option not in group.option_by_id:
        return denied
    if not any(choice.group in item.link_by_group for item in items):
        return denied
    if choice.amount not in stock.menu.qualifier_by_id and choice.amount != REGULAR:
        return denied
    if choice.amount not in group.amounts and choice.amount != REGULAR:
        return denied
    if choice.count < 1 or (choice.count > 1 and not group.counted):
        return denied
    if choice.portion is not Portion.WHOLE and not group.portionable:
        return denied
    if choice.amount != LEFT_OUT and not stock.has_option(choice.group, choice.option):
        return Problem(ProblemKind.UNAVAILABLE, group=choice.group, detail=choice.option)
    return None


def with_choice(
    choices: tuple[OptionChoice, ...], choice: OptionChoice, *, is_single: bool
) -> tuple[OptionChoice, ...]:
    """`choices` with `choice` in: it takes the place of the same option, and in a group of one of whatever was
    chosen.
    """

    def gives_way(other: OptionChoice) -> bool:
        if other.group != choice.group or not overlaps(other.portion, choice.portion):
            return False
        return other.option == choice.option or (is_single and LEFT_OUT not in (other.amount, choice.amount))

    place = next((index for index, other in enumerate(choices) if gives_way(other)), len(choices))
    kept_before = tuple(other for other in choices[:place] if not gives_way(other))
    return (*kept_before, choice, *(other for other in choices[place:] if not gives_way(other)))


def is_single(items: Iterable[Item], group: str) -> bool:
    """Whether the items that have the group take only one of it."""
    links = [item.link_by_group[group] for item in items if group in item.link_by_group]
    return bool(links) and all(link.max == 1 for link in links)


def resolve(
    unresolved: tuple[UnresolvedOption, ...], choice: OptionChoice
) -> tuple[tuple[UnresolvedOption, ...], OptionChoice]:
    """Takes out the open question that `choice` answers, whose amount and count it inherits unless it has its own."""
    for index, entry in enumerate(unresolved):
        if entry.group == choice.group and choice.option in entry.candidates:
            if choice.amount == REGULAR and choice.count == 1:
                choice = OptionChoice(choice.group, choice.option, entry.amount, entry.count, choice.portion)
            return unresolved[:index] + unresolved[index + 1 :], choice
    return unresolved, choice


def combo_size(combo: Combo, size: str | None) -> ComboSize | None:
    """The size of a combo line: the one said, else the marked default, else the only one; None is to be asked."""
    if size is not None:
        return next((entry for entry in combo.sizes if entry.id == size), None)
    marked = next((entry for entry in combo.sizes if entry.is_default), None)
    return marked or (combo.sizes[0] if len(combo.sizes) == 1 else None)


def slot_offer(slot: ComboSlot, item: str, variation: str | None) -> ComboChoice | None:
    """The entry of the slot that sells `item` in this size."""
    offers = [offer for offer in slot.choices if offer.item == item]
    exact = [offer for offer in offers if offer.variation == variation]
    loose = [offer for offer in offers if offer.variation is None or variation is None]
    return next(iter(exact or loose), None)


def slot_variation(item: Item, offer: ComboChoice, size: ComboSize | None) -> str | None:
    """The size the combo settles for a part: the offer's own, else the one named like the combo's size ("large").

    A customer never gets a larger part than the combo's price pays for. None: the combo says nothing about it.
    """
    if offer.variation is not None:
        return offer.variation
    return size.id if size is not None and size.id in item.variation_by_id else None


def slot_choice(slot: ComboSlot, combo: LineCombo, stock: Stock | None = None) -> SlotChoice | None:
    """What fills the slot: what was said, else the default or only choice as long as it is not out; None is to be
    asked.
    """
    said = next((choice for choice in combo.choices if choice.slot == slot.id), None)
    if said is not None:
        return said
    item = slot.default or (slot.choices[0].item if len(slot.choices) == 1 else None)
    if item is None or (stock is not None and not stock.has_item(item)):
        return None
    return SlotChoice(slot.id, item)


def with_slot(combo: LineCombo, choice: SlotChoice) -> LineCombo:
    kept = tuple(other for other in combo.choices if other.slot != choice.slot)
    return LineCombo(combo.combo, combo.size, (*kept, choice))


def slot_refusal(combo: Combo, choice: SlotChoice, stock: Stock) -> Problem | None:
    slot = next((slot for slot in combo.slots if slot.id == choice.slot), None)
    denied = Problem(ProblemKind.NOT_ALLOWED, group=choice.slot, detail=choice.item)
    item = stock.menu.item_by_id.get(choice.item)
    if slot is None or item is None or slot_offer(slot, choice.item, choice.variation) is None:
        return denied
    if choice.variation is not None and choice.variation not in item.variation_by_id:
        return denied
    if not stock.has_item(choice.item):
        rest = tuple(dict.fromkeys(offer.item for offer in slot.choices if stock.has_item(offer.item)))
        return Problem(ProblemKind.UNAVAILABLE, group=slot.id, candidates=rest, detail=choice.item)
    return next((found for option in choice.options if (found := refusal((item,), option, stock))), None)


def combo_refusal(wanted: LineCombo, items: Iterable[Item], stock: Stock) -> Problem | None:
    combo = stock.menu.combo_by_id.get(wanted.combo)
    denied = Problem(ProblemKind.NOT_ALLOWED, detail=wanted.combo)
    if combo is None or combo.item not in {item.id for item in items}:
        return denied
    if wanted.size is not None and combo_size(combo, wanted.size) is None:
        return Problem(ProblemKind.NOT_ALLOWED, candidates=tuple(size.id for size in combo.sizes), detail=wanted.size)
    return next((found for choice in wanted.choices if (found := slot_refusal(combo, choice, stock))), None)


def halves_refusal(halves: tuple[Half, ...], stock: Stock) -> Problem | None:
    """Two halves, each sold as halves and in stock, with options it offers."""
    for half in halves:
        item = stock.menu.item_by_id.get(half.item)
        if item is None or item.portioning is None or len(halves) != 2:
            return Problem(ProblemKind.NOT_ALLOWED, detail=half.item)
        if not stock.has_item(item.id):
            return Problem(ProblemKind.UNAVAILABLE, detail=item.id)
        found = next((found for option in half.options if (found := refusal((item,), option, stock))), None)
        if found is not None:
            return found
    return None
