"""Names of what is on a line, in the customer's language or the kitchen's: whole templates per language, no glued
words.

A qualifier of the restaurant's own has no template here and takes the general one of its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from orders.cart_types import Line, OptionChoice, Portion, ProblemKind
from orders.line_rules import REGULAR, combo_size, find_option
from restaurants.menu import Item, Menu, localized

FALLBACK_LANGUAGE = "en"

AMOUNT: Mapping[str, Mapping[str, str]] = {
    "en": {REGULAR: "{option}", "side": "{option} {amount}", "": "{amount} {option}"},
    "es": {REGULAR: "{option}", "side": "{option} {amount}", "": "{amount} {option}"},
}
COUNT: Mapping[str, str] = {"en": "{count} × {option}", "es": "{count} × {option}"}
PORTION: Mapping[str, Mapping[Portion, str]] = {
    "en": {
        Portion.WHOLE: "{option}",
        Portion.FIRST_HALF: "{option} on the first half",
        Portion.SECOND_HALF: "{option} on the second half",
    },
    "es": {
        Portion.WHOLE: "{option}",
        Portion.FIRST_HALF: "{option} en la primera mitad",
        Portion.SECOND_HALF: "{option} en la segunda mitad",
    },
}
SIZED: Mapping[str, str] = {"en": "{size} {item}", "es": "{item} {size_inside}"}
COUNTED: Mapping[str, str] = {"en": "{item}, {size}", "es": "{item}, {size}"}  # "Chicken wings, 12 wings"
HALVED: Mapping[str, str] = {"en": "half {first}, half {second}", "es": "mitad {first}, mitad {second}"}
COMBO_OF: Mapping[str, str] = {"en": "{item} ({combo})", "es": "{item} ({combo})"}  # for the kitchen, which makes items
PROBLEM: Mapping[str, Mapping[ProblemKind, str]] = {
    "en": {
        ProblemKind.OVER_CAP: "More than we can take here: a person will help",
        ProblemKind.UNAVAILABLE: "Not available right now",
        ProblemKind.AMBIGUOUS_ITEM: "Which one?",
        ProblemKind.MISSING_VARIATION: "Choose a size",
        ProblemKind.AMBIGUOUS_OPTION: "Which one?",
        ProblemKind.MISSING_CHOICE: "Choose one",
        ProblemKind.MISSING_SLOT: "Choose one",
        ProblemKind.MISSING_COMBO_SIZE: "Choose a size",
        ProblemKind.TOO_MANY: "Too many chosen",
        ProblemKind.NOT_ALLOWED: "Not offered with this",
        ProblemKind.ALLERGEN_UNVERIFIED: "Allergy: ask the staff",
        ProblemKind.CLOSED: "Closed right now",
        ProblemKind.EMPTY: "Nothing ordered yet",
    },
    "es": {
        ProblemKind.OVER_CAP: "Más de lo que podemos tomar aquí: le ayudará una persona",
        ProblemKind.UNAVAILABLE: "No disponible ahora",
        ProblemKind.AMBIGUOUS_ITEM: "¿Cuál?",
        ProblemKind.MISSING_VARIATION: "Elija un tamaño",
        ProblemKind.AMBIGUOUS_OPTION: "¿Cuál?",
        ProblemKind.MISSING_CHOICE: "Elija una opción",
        ProblemKind.MISSING_SLOT: "Elija una opción",
        ProblemKind.MISSING_COMBO_SIZE: "Elija un tamaño",
        ProblemKind.TOO_MANY: "Demasiadas opciones",
        ProblemKind.NOT_ALLOWED: "No se ofrece con esto",
        ProblemKind.ALLERGEN_UNVERIFIED: "Alergia: pregunte al personal",
        ProblemKind.CLOSED: "Cerrado ahora",
        ProblemKind.EMPTY: "Aún no ha pedido nada",
    },
}
ALLERGEN: Mapping[str, Mapping[str, str]] = {
    "es": {
        "gluten": "gluten",
        "milk": "leche",
        "egg": "huevo",
        "fish": "pescado",
        "crustaceans": "crustáceos",
        "molluscs": "moluscos",
        "peanuts": "cacahuetes",
        "nuts": "frutos secos",
        "soy": "soja",
        "celery": "apio",
        "mustard": "mostaza",
        "sesame": "sésamo",
        "sulphites": "sulfitos",
        "lupin": "altramuces",
    },
}

T = TypeVar("T")


def in_language(table: Mapping[str, T], language: str) -> T:
    return table[language] if language in table else table[FALLBACK_LANGUAGE]


def allergen_name(allergen: str, language: str) -> str:
    return ALLERGEN.get(language, {}).get(allergen, allergen)


def _inside(name: str) -> str:
    """A menu name as it reads inside a phrase: "Onions" -> "onions", but "BBQ sauce" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


@dataclass(frozen=True, slots=True)
class Wording:
    """Names on this menu in `language`; `is_kitchen` takes the kitchen's names where there are any."""

    menu: Menu
    language: str
    is_kitchen: bool = False

    @classmethod
    def for_kitchen(cls, menu: Menu) -> Wording:
        return cls(menu, menu.languages[0], is_kitchen=True)

    def item(self, item: str) -> str:
        """The name, or the id itself where the menu no longer has it."""
        found = self.menu.item_by_id.get(item)
        if found is None:
            return item
        return (self.is_kitchen and found.kitchen_name) or localized(found, self.language)

    def size(self, item: Item | None, variation: str | None) -> str:
        found = item.variation_by_id.get(variation) if item and variation else None
        return localized(found, self.language) if found else ""

    def combo_size(self, combo: str, size: str) -> str:
        found = self.menu.combo_by_id.get(combo)
        return next((localized(one, self.language) for one in found.sizes if one.id == size), size) if found else size

    def group(self, group: str) -> str:
        found = self.menu.group_by_id.get(group)
        return localized(found, self.language) if found else group

    def option_name(self, group: str, option: str) -> str:
        found = find_option(self.menu, group, option)
        if found is None:
            return option
        return (self.is_kitchen and found.kitchen_name) or localized(found, self.language)

    def amount(self, amount: str) -> str:
        found = self.menu.qualifier_by_id.get(amount)
        return localized(found, self.language) if found else amount

    def option(self, choice: OptionChoice) -> str:
        """ "no onions", "extra queso", "2 × vanilla", "mushrooms on the first half"."""
        name = self.option_name(choice.group, choice.option)
        templates = in_language(AMOUNT, self.language)
        if choice.amount != REGULAR:
            template = templates.get(choice.amount, templates[""])
            name = template.format(amount=self.amount(choice.amount), option=_inside(name))
        if choice.count != 1:
            name = in_language(COUNT, self.language).format(count=choice.count, option=name)
        return in_language(PORTION, self.language)[choice.portion].format(option=name)

    def sized(self, name: str, size: str) -> str:
        """ "Large Pepperoni"; a size that already says the item ("Twenty nuggets") stands alone."""
        if not size or _inside(name).casefold() in size.casefold():
            return size or name
        if size[0].isdigit():
            return in_language(COUNTED, self.language).format(size=size, item=name)
        return in_language(SIZED, self.language).format(size=size, size_inside=_inside(size), item=name)

    def part(self, item: str, variation: str | None) -> str:
        """An item with its size; the only size there is goes unsaid."""
        found = self.menu.item_by_id.get(item)
        is_only = found is not None and len(found.variations) == 1
        return self.sized(self.item(item), "" if is_only else self.size(found, variation))

    def title(self, line: Line) -> str:
        """What the line is, without its options: item, halves or combo, with the size."""
        combo = self.menu.combo_by_id.get(line.combo.combo) if line.combo else None
        if combo is not None and line.combo is not None:
            size = combo_size(combo, line.combo.size) if len(combo.sizes) > 1 else None
            name = self.sized(localized(combo, self.language), localized(size, self.language) if size else "")
            if not self.is_kitchen:
                return name
            return in_language(COMBO_OF, self.language).format(item=self.part(line.item, line.variation), combo=name)
        if len(line.halves) == 2:
            first, second = (self.item(half.item) for half in line.halves)
            name = in_language(HALVED, self.language).format(first=first, second=second)
            return self.sized(name, self.size(self.menu.item_by_id.get(line.item), line.variation))
        return self.part(line.item, line.variation)

    def problem(self, kind: ProblemKind) -> str:
        return in_language(PROBLEM, self.language)[kind]
