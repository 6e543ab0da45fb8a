"""What a customer says about their own allergies. Such words are taken out first, so that they never order anything."""

from __future__ import annotations

from collections.abc import Sequence

from orders.cart_types import NoteAllergy
from orders.understanding.elements import Element
from orders.understanding.language import Cue, Language

_NOT_FOOD = (Cue.ADD, Cue.NOT, Cue.REMOVE, Cue.MAKE, Cue.CHANGE, Cue.QUESTION, Cue.BUT, Cue.ACT)
_JOINING = (Cue.AND, Cue.OR, Cue.THE, Cue.AMOUNT, Cue.ALL, Cue.FILLER)


def take_allergies(elements: list[Element], language: Language) -> tuple[list[Element], list[NoteAllergy]]:
    """The elements that are left to be read as an order, and what is to be noted ("no allergies": nothing)."""
    if not any(e.has(Cue.ALLERGY) for e in elements):
        return elements, []
    taker = _Taker(elements, language)
    for index, element in enumerate(elements):
        if element.has(Cue.ALLERGY) and index not in taker.gone:
            taker.take(index)
    return [e for i, e in enumerate(elements) if i not in taker.gone], list(taker.notes.values())


def allergen_of(element: Element, language: Language) -> str:
    """The allergen the words name; "fish taco" names a dish."""
    words = element.norm.split()
    for size in (2, 1) if not element.is_item or element.has(Cue.ALLERGY) else (len(words),):
        for start in range(len(words) - size + 1):
            found = language.allergen(words[start : start + size])
            if found:
                return found
    return ""


class _Taker:
    def __init__(self, elements: list[Element], language: Language) -> None:
        self.elements = elements
        self.language = language
        self.gone: set[int] = set()
        self.notes: dict[str, NoteAllergy] = {}

    def take(self, index: int) -> None:
        self.gone.add(index)
        kind = self.elements[index].value(Cue.ALLERGY)
        if kind == "none":
            self.ahead(index + 1)
        elif kind == "behind":
            if not self.behind(index):
                self.note(self.ahead(index + 1))
        elif kind:
            self.note([(kind, self.elements[index].norm)])
        else:
            self.note(self.ahead(index + 1) or self.unlisted(index + 1))

    def note(self, found: Sequence[tuple[str, str]]) -> None:
        for allergen, heard in found:
            self.notes.setdefault(allergen, NoteAllergy(allergen=allergen, heard=heard))

    def ahead(self, start: int) -> list[tuple[str, str]]:
        """The list of allergens that begins here: "peanuts, milk and the shellfish"."""
        found: list[tuple[str, str]] = []
        index = start
        while index < len(self.elements) and (index == start or self.elements[index].pause < 2):
            size, allergen = self.at(index)
            if allergen:
                found.append((allergen, " ".join(e.norm for e in self.elements[index : index + size])))
                self.gone.update(range(start, index + size))
            elif self.elements[index].has(*_NOT_FOOD) or not self.elements[index].has(*_JOINING):
                break
            index += size
        return found

    def behind(self, index: int) -> bool:
        """ "a nut and dairy allergy"; in "no nuts, I'm allergic" the words before are an order as well."""
        at, is_near = index - 1, True
        found = False
        while at >= 0 and index - at < 8:
            element = self.elements[at]
            size, allergen = self.at(at - 1) if at and not self.at(at)[1] else self.at(at)
            if allergen:
                first = at - size + 1
                self.note([(allergen, " ".join(e.norm for e in self.elements[first : at + 1]))])
                found = True
                if is_near and not (first and self.elements[first - 1].has(Cue.NOT)):
                    self.gone.update(range(first, index))
                at = first - 1
            elif element.has(*_JOINING) and not element.has(*_NOT_FOOD):
                is_near = is_near and found
                at -= 1
            else:
                break
        return found

    def at(self, index: int) -> tuple[int, str]:
        """How many elements from here on name an allergen, and which."""
        words = self.elements[index].norm.split()
        after = self.elements[index + 1] if index + 1 < len(self.elements) else None
        if len(words) == 1 and after is not None and not after.pause and " " not in after.norm:
            both = self.language.allergen([*words, after.norm])
            if both:
                return 2, both
        found = next((a for a in map(self.language.allergen, [words, *([w] for w in words)]) if a), "")
        return 1, found

    def unlisted(self, start: int) -> list[tuple[str, str]]:
        """Strawberries are no allergen by law, yet somebody cannot eat them."""
        for index in range(start, len(self.elements)):
            element = self.elements[index]
            if element.has(*_NOT_FOOD) or (index > start and element.pause):
                break
            if element.is_option or element.is_item or (element.is_unknown and len(element.norm) > 2):
                self.gone.update(range(start, index + 1))
                return [(element.norm, element.norm)]
            if not element.has(*_JOINING):
                break
        return []
