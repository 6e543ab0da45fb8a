"""Where the words about an item begin, to the left of its name."""

from __future__ import annotations

from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue

_JOINING = (Cue.AND, Cue.OR, Cue.BUT)
_BREAKS = (Cue.ON_SIDE, Cue.ADD, Cue.MAKE, Cue.CHANGE, Cue.REMOVE, Cue.REPAIR, Cue.INSTEAD, Cue.FULFILMENT)


def extent(finder: HeadFinder, elements: list[Element], head: int, floor: int, previous: tuple[str, ...]) -> int:
    """At its number, else its size, else the options right before it. `previous`: the items of the head before."""
    scan = _Scan(finder, elements, head, floor, previous)
    for index in range(head - 1, floor - 1, -1):
        start = scan.step(index)
        if start is not None:
            return start
        if scan.is_over:
            break
    if scan.size is not None:
        return _with_number(elements, scan.size, floor)
    return scan.adjacent(head) if scan.options else head


def _with_number(elements: list[Element], index: int, floor: int) -> int:
    """From a size leftwards over its number."""
    while index > floor and (elements[index - 1].number is not None or elements[index - 1].has(Cue.THE)):
        index -= 1
    return index


class _Scan:
    """Leftwards from a head over the words about it."""

    def __init__(
        self, finder: HeadFinder, elements: list[Element], head: int, floor: int, previous: tuple[str, ...]
    ) -> None:
        self.finder = finder
        self.elements = elements
        self.items = finder.items_of(elements[head])
        self.head = head
        self.is_half = False
        self.floor = floor
        self.previous = previous
        self.size: int | None = None
        self.options: list[int] = []
        self.seen_with = False
        self.is_over = False

    def step(self, index: int) -> int | None:
        """Takes one more element in. The start of the phrase if this settles it; `is_over` if it can't go on."""
        element = self.elements[index]
        before = self.elements[index - 1] if index > self.floor else None
        if self.elements[index + 1].pause == 2 or element.norm in self.finder.lexicon.language.on_the:
            self.is_over = True
        elif element.number is not None and not self.finder.is_count_here(
            self.elements, index, self.items, self.previous
        ):
            return self.at_number(index, before)
        elif (element.has(Cue.ANOTHER, Cue.OTHER) and not self.seen_with) or (
            element.has(Cue.THE, Cue.THAT) and not element.is_option
        ):
            return index
        elif self.finder.is_sizeish(element, self.items):
            return self.at_size(index, element, before)
        else:
            self.pass_over(index, element)
        return None

    def at_number(self, index: int, before: Element | None) -> int | None:
        if self.seen_with:
            self.is_over = True
            return None
        return index - 1 if before is not None and before.number is not None else index

    def at_size(self, index: int, element: Element, before: Element | None) -> int | None:
        left = self.elements[index - 1].entry if index else None
        if left is not None and left.combos:
            self.is_over = True  # "a number three large, coke": the combo's own
            return None
        if self.size is None or not self.seen_with:
            self.size = index
        if before is None or before.has(*_JOINING, Cue.WITH) or before.is_item or element.pause:
            return _with_number(self.elements, index, self.floor)
        return None

    def pass_over(self, index: int, element: Element) -> None:
        if element.has(Cue.HALF, Cue.OTHER_HALF) and index == self.head - 1:
            self.is_half = True
        if element.is_option or element.is_item:
            if self.is_half:
                self.is_over = True  # "one ham, one half margherita": the ham is no part of the half
            elif self.finder.accepts(self.items, element):
                self.options.append(index)
            else:
                self.is_over = True
        elif self.joins_number(index):
            pass  # "dos de horchata"
        elif element.has(Cue.WITH) or (element.has(Cue.ON) and not element.has(Cue.FILLER)):
            self.seen_with = True
        elif element.has(*_BREAKS) and not element.has(Cue.CONTAINER):
            self.is_over = True

    def joins_number(self, index: int) -> bool:
        """ "of" between a number and what is counted, in a language where it also joins names."""
        element, before = self.elements[index], self.elements[index - 1] if index > self.floor else None
        is_of = element.has(Cue.OF) and element.has(Cue.WITH)
        return is_of and before is not None and before.number is not None

    def adjacent(self, head: int) -> int:
        """No number and no size: the options right before the head are its own unless they belong to a list before."""
        if not self.previous:
            return min(self.options)
        start = head
        for index in range(head - 1, self.floor - 1, -1):
            element = self.elements[index]
            if index in self.options:
                if self.seen_with and self.finder.accepts(self.previous, element):
                    break
                start = index
            elif element.has(Cue.WITH, Cue.OR, Cue.ON) or (element.has(*_JOINING) and self.is_theirs(index - 1)):
                break
        return start

    def is_theirs(self, index: int) -> bool:
        """Whether what stands there is the previous item's business."""
        return index not in self.options or self.finder.accepts(self.previous, self.elements[index])
