"""Which elements are sold by themselves here."""

from __future__ import annotations

from itertools import pairwise

from orders.understanding.aliases import ALIAS, INNER, PART
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon

_AHEAD = 30  # words of one phrase at most


class HeadFinder:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.menu = lexicon.menu

    def items_of(self, element: Element) -> tuple[str, ...]:
        """Item ids the element may mean; a plural keeps to names in the plural if there are such."""
        entry = element.entry
        if entry is None:
            return ()
        combos = tuple(self.menu.combo_by_id[t.ref[0]].item for t in entry.combos)
        if combos:
            return combos[:1]
        best = min((t.rank for t in entry.items), default=0)
        targets = tuple(t for t in entry.items if t.rank == best)
        if element.plural and len(targets) > 1:
            targets = tuple(t for t in targets if t.plural) or targets
        return tuple(t.ref[0] for t in targets)

    def accepts(self, items: tuple[str, ...], element: Element) -> bool:
        """Whether one of the items offers what the element names."""
        entry = element.entry
        if entry is None:
            return False
        groups = {t.ref[0] for t in entry.options}
        if any(groups & self.lexicon.groups.get(item, frozenset()) for item in items):
            return True
        return bool(entry.presets) and bool(items)

    def sized(self, items: tuple[str, ...], element: Element) -> bool:
        sizes = element.entry.sizes_by_item if element.entry is not None else {}
        return any(item in sizes for item in items)

    def find(self, elements: list[Element], open_items: tuple[str, ...] = ()) -> dict[int, tuple[str, ...]]:
        """Element index -> item ids, for every head. `open_items`: what was being talked about before."""
        heads: dict[int, tuple[str, ...]] = {}
        current, at = open_items, -1
        halves = self.halves(elements)
        for index, element in enumerate(elements):
            if not element.is_item:
                continue
            if index in halves:
                if halves[index]:
                    heads[index], current, at = halves[index], halves[index], index
                continue
            items = self.items_of(element)
            if at >= 0 and self.is_absorbed(elements, at, index, current, items):
                continue
            narrowed = self.narrows(elements, at, index, current, items) if at >= 0 else ()
            if narrowed:
                del heads[at]
                heads[index], current, at = narrowed, narrowed, index
                continue
            if element.is_option and not self.is_head(elements, index, current):
                continue
            if self.is_topic(elements, index):
                continue
            heads[index], current, at = items, items, index
        return heads

    def halves(self, elements: list[Element]) -> dict[int, tuple[str, ...]]:
        """ "half A, half B" where both are sold by halves: two items, even if one is also a topping. Else no item."""
        found: dict[int, tuple[str, ...]] = {}
        marks = [i for i, e in enumerate(elements[:-1]) if e.has(Cue.HALF, Cue.OTHER_HALF)]
        for first, second in pairwise(marks):
            between = elements[first + 2 : second]
            items = self.sold_by_half(elements[first + 1]), self.sold_by_half(elements[second + 1])
            if any(e.number is not None or (e.is_item and not e.is_option) for e in between):
                continue
            if all(items):
                found[first + 1], found[second + 1] = items
            elif all(elements[mark + 1].is_option for mark in (first, second)):
                found[first + 1] = found[second + 1] = ()  # "half ham half mushrooms": toppings, both of them
        return found

    def sold_by_half(self, element: Element) -> tuple[str, ...]:
        items = self.items_of(element)
        if len(items) > 1 and self.lexicon.is_class_word(element.norm):
            return ()
        return tuple(i for i in items if self.menu.item_by_id[i].portioning is not None)

    def is_topic(self, elements: list[Element], index: int) -> bool:
        """ "for veggies i want ...", "a bowl of chips": a part of the order or what it comes in, nothing to sell."""
        after = elements[index + 1] if index + 1 < len(elements) else None
        before = elements[index - 1] if index else None
        if after is None:
            return before is not None and before.norm == self.lexicon.language.purpose and elements[index].plural
        if not (elements[index].has(Cue.CONTAINER) and after.has(Cue.OF)):
            return False
        named = elements[index + 2] if index + 2 < len(elements) else None
        takes = named is not None and named.is_option and self.accepts(self.items_of(elements[index]), named)
        return not (takes and _ranks(elements[index])[0] <= ALIAS)  # "a slice of pepperoni", where slices are sold

    def is_absorbed(
        self, elements: list[Element], at: int, index: int, current: tuple[str, ...], items: tuple[str, ...]
    ) -> bool:
        """ "lays chips", "italian sandwich": a class noun right behind one of its class adds nothing."""
        entry = elements[index].entry
        if index != at + 1 or elements[index].pause or entry is None or not entry.items or entry.items[0].rank < PART:
            return False
        if not self.lexicon.is_class_word(elements[index].norm):
            return False
        kinds = {self.menu.item_by_id[i].category for i in current}
        return any(self.menu.item_by_id[i].category in kinds for i in items)

    def narrows(
        self, elements: list[Element], at: int, index: int, current: tuple[str, ...], items: tuple[str, ...]
    ) -> tuple[str, ...]:
        """ "a sandwich with buffalo chicken": the class noun was the second item all along."""
        if len(current) < 2:
            return ()
        between = elements[at + 1 : index]
        if any(
            e.is_option or e.is_item or (e.number is not None and not e.is_article) or e.has(Cue.AND) for e in between
        ):
            return ()
        return tuple(item for item in items if item in current)

    def is_head(self, elements: list[Element], index: int, current: tuple[str, ...]) -> bool:
        """An element that is both an item and an option: what does the company it keeps make of it?"""
        element = elements[index]
        before = _previous(elements, index)
        if before is not None and before.has(Cue.CONTAINER) and not before.is_option and not before.is_item:
            return True
        after = elements[index + 1] if index + 1 < len(elements) else None
        if after is not None and after.has(Cue.ON_SIDE):
            return True
        item_rank, option_rank = _ranks(element)
        if before is not None and before.has(Cue.NOT):
            return bool(current) and item_rank <= option_rank and not self.accepts(current, element)
        place = self.place_behind(elements, index, current)
        if place and self.accepts(place, element):
            return False  # "add guacamole to the burrito"
        if element.norm.split()[0] in self.lexicon.language.name_joiners and self.accepts(current, element):
            return False  # "un burrito de pollo"
        if self.is_short_for_item(element) and self.accepts(current, element):
            return False  # "two shakes, one vanilla, one chocolate", where there is a chocolate chip cookie
        begins = before is not None and (
            before.number is not None
            or before.is_size
            or before.has(Cue.ANOTHER, Cue.SIZE_WORD)
            or (before.has(Cue.ALL) and item_rank <= ALIAS)
        )
        if not current and not begins and option_rank < item_rank and self.is_for_later(elements, index, before):
            return False
        follower = self.following_head(elements, index)
        if follower and self.accepts(follower, element):
            return False
        if before is not None and before.has(Cue.HALF, Cue.OTHER_HALF) and self.accepts(current, element):
            return False
        if item_rank <= ALIAS < option_rank and not (before is not None and before.has(Cue.AMOUNT, Cue.WITH)):
            return True
        if before is not None and begins:
            return before.is_article or before.number is None or not self.is_counted(element, current)
        return not self.accepts(current, element)

    def is_part(self, element: Element) -> bool:
        """Whether it is only a part of an item's name."""
        return _ranks(element)[0] >= PART and not self.lexicon.is_class_word(element.norm)

    def is_short_for_item(self, element: Element) -> bool:
        """Whether it is the very name of an option and at best a part of an item's."""
        item_rank, option_rank = _ranks(element)
        return option_rank <= ALIAS and item_rank >= PART

    def is_for_later(self, elements: list[Element], index: int, before: Element | None) -> bool:
        """ "pineapple without cheese on a small pie", "a large with pineapple"."""
        element = elements[index]
        if before is not None and before.has(Cue.WITH):
            return True
        ahead = elements[index + 1 : index + 1 + _AHEAD]
        return any(e.is_item and not e.is_option and self.accepts(self.items_of(e), element) for e in ahead)

    def place_behind(self, elements: list[Element], index: int, current: tuple[str, ...]) -> tuple[str, ...]:
        """The items that what is named belongs on: "... to the burrito", "... on it"."""
        before = elements[index - 1] if index else None
        if before is not None and before.number is not None and not before.is_article:
            return ()
        for at in range(index + 1, min(len(elements) - 1, index + _AHEAD)):
            element, after = elements[at], elements[at + 1]
            if element.is_item and not element.is_option:
                return ()
            if element.has(Cue.ON) and not element.has(Cue.WITH) and element.norm != self.lexicon.language.purpose:
                if after.has(Cue.THE, Cue.ALL) and at + 2 < len(elements) and not after.has(Cue.IT):
                    after = elements[at + 2]
                return current if after.has(Cue.IT, Cue.THEM) else self.items_of(after)
        return ()

    def is_counted(self, element: Element, items: tuple[str, ...]) -> bool:
        entry = element.entry
        if entry is None:
            return False
        return any(
            self.menu.group_by_id[t.ref[0]].counted and t.ref[0] in self.lexicon.groups.get(item, ())
            for t in entry.options
            for item in items
        )

    def following_head(self, elements: list[Element], index: int) -> tuple[str, ...]:
        """The items of a pure head further on in the same noun phrase: "steak and cheese quesadilla"."""
        for element in elements[index + 1 : index + 1 + _AHEAD]:
            if element.is_item and not element.is_option:
                return self.items_of(element)
            if (
                element.number is not None
                or element.pause == 2
                or (element.pause and element.is_size)
                or element.has(
                    Cue.WITH,
                    Cue.CONTAINER,
                    Cue.THE,
                    Cue.ADD,
                    Cue.MAKE,
                    Cue.REMOVE,
                    Cue.ON_SIDE,
                    Cue.TO,
                    Cue.NOT,
                    Cue.ON,
                )
            ):
                return ()
        return ()

    def comes_with(self, combo: str, wanted: list[tuple[str, ...]]) -> bool:
        """Whether the combo has a slot for each of the things, given as the items each may be."""
        free = list(self.menu.combo_by_id[combo].slots)
        for items in wanted:
            slot = next((s for s in free if any(choice.item in items for choice in s.choices)), None)
            if slot is None:
                return False
            free.remove(slot)
        return True

    def is_sizeish(self, element: Element, items: tuple[str, ...]) -> bool:
        if element.is_size and self.sized(items, element):
            return True
        return element.has(Cue.SIZE_WORD) and bool(element.value(Cue.SIZE_WORD)) and not element.is_option

    def is_count_here(
        self, elements: list[Element], index: int, items: tuple[str, ...], previous: tuple[str, ...]
    ) -> bool:
        """A number that counts an option ("two pumps of vanilla"), not the item."""
        rest = elements[index + 1 : index + 5]
        while rest and (rest[0].has(Cue.OF) or (rest[0].has(Cue.AMOUNT) and not rest[0].is_option)):
            rest = rest[1:]
        if not rest:
            return False
        if rest[0].has(Cue.TOPIC) and not rest[0].has(Cue.CONTAINER, Cue.COMBO) and len(rest) > 1 and rest[1].is_item:
            return True  # "a two topping pizza"
        if rest[0].has(Cue.UNIT) and not rest[0].is_item:
            after = [e for e in rest[1:] if not e.has(Cue.OF)]
            if rest[0].is_option or (after and after[0].is_option and not after[0].is_item):
                return True
        return not elements[index].is_article and self.is_counted(rest[0], previous) and not rest[0].is_item


def _ranks(element: Element) -> tuple[int, int]:
    """How far the words are from the name of an item, and from that of an option."""
    entry = element.entry
    if entry is None:
        return INNER, INNER
    items = [t.rank for t in (*entry.items, *entry.combos)]
    return min(items, default=INNER), min((t.rank for t in entry.options), default=INNER)


def _previous(elements: list[Element], index: int) -> Element | None:
    """The word before that matters: in "an order of fries" that is the order."""
    for at in range(index - 1, -1, -1):
        element = elements[at]
        if element.has(Cue.OF) and at and elements[at - 1].has(Cue.CONTAINER):
            continue
        if (
            element.has(Cue.OF, Cue.FILLER)
            and element.number is None
            and not element.has(Cue.WITH, Cue.CONTAINER, Cue.NOT)
        ):
            continue
        return element
    return None
