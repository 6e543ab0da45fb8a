"""What the entries of a menu are called aloud: names, aliases and natural short forms as spoken words with a weight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from restaurants.menu import Alias, AliasKind, Menu, Named
from voice.engines.embedded.bag import Bag
from voice.engines.embedded.spelling import number_words, singular, spoken_words

Words = tuple[str, ...]

_SHORT_FORM: Final = 0.06
_WITH_CATEGORY: Final = 0.5
_LONGEST: Final = 8  # words of a name that anybody says
_ALIAS_WEIGHT: Final = {AliasKind.MISHEARING: 0.1, AliasKind.DERIVED: 0.4, AliasKind.NUMBER: 0.5}
# words that say nothing about a dish by themselves
_THIN: Final = frozenset(
    (
        "a",
        "an",
        "the",
        "of",
        "with",
        "and",
        "or",
        "in",
        "on",
        "for",
        "to",
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "con",
        "y",
        "al",
        "our",
        "house",
        "fresh",
        "style",
        "special",
        "classic",
        "big",
        "small",
        "medium",
        "large",
        "regular",
        "extra",
        "no",
        "one",
        "two",
        "three",
    )
)
_LOOSE_CATEGORIES: Final = frozenset(
    (
        "drink",
        "side",
        "extra",
        "dessert",
        "special",
        "deal",
        "combo",
        "other",
        "more",
        "bebida",
        "postre",
        "starter",
        "appetizer",
        "kid",
        "beverage",
        "entrante",
        "complemento",
    )
)


class Aliased(Named, Protocol):
    @property
    def aliases(self) -> tuple[Alias, ...]: ...


@dataclass(frozen=True, slots=True)
class ItemWords:
    """How one item is ordered."""

    id: str
    names: Bag[Words]
    sizes: Bag[Words]
    options: Bag[tuple[str, str]]  # (group id, option id)


@dataclass(frozen=True, slots=True)
class OptionWords:
    group: str
    names: Bag[Words]
    amounts: tuple[str, ...]
    is_counted: bool
    is_portionable: bool


def names_of(entry: Aliased | Named, language: str) -> dict[Words, float]:
    """Every way to say an entry: its name in the language, its own name, its aliases, as words → weight."""
    texts = [(entry.names.get(language) or entry.name, 1.0), (entry.name, 0.6)]
    aliases: tuple[Alias, ...] = getattr(entry, "aliases", ())
    texts += [
        (alias.text, _ALIAS_WEIGHT.get(alias.kind, 0.8)) for alias in aliases if alias.language in (None, language)
    ]
    found: dict[Words, float] = {}
    for text, weight in texts:
        if words := spoken_words(text, language)[:_LONGEST]:
            found[words] = max(found.get(words, 0.0), weight)
    return found


def with_short_forms(names: dict[Words, float]) -> dict[Words, float]:
    """Adds parts of long names that people say alone: "pepperoni" of "pepperoni pizza"."""
    found = dict(names)
    for words, weight in names.items():
        for size in range(1, len(words)):
            for start in (0, len(words) - size):
                part = words[start : start + size]
                if part[0] not in _THIN and part[-1] not in _THIN:
                    found.setdefault(part, weight * _SHORT_FORM)
    return found


def item_words(menu: Menu, language: str) -> list[ItemWords]:
    options: dict[str, list[str]] = {}
    for group, option in option_words(menu, language):
        options.setdefault(group, []).append(option)
    combos = {combo.item: combo for combo in menu.combos}
    found = []
    for item in menu.items:
        names = with_short_forms(names_of(item, language))
        category = menu.category_by_id.get(item.category)
        noun = tuple(map(singular, spoken_words(category.name if category else item.category, language)))
        if noun and noun[-1] not in _LOOSE_CATEGORIES:
            names |= {
                (*words, *noun): weight * _WITH_CATEGORY
                for words, weight in list(names.items())
                if noun[-1] not in map(singular, words)
            }
        if (combo := combos.get(item.id)) is not None:
            names |= {words: weight * 0.5 for words, weight in names_of(combo, language).items()}
            names |= _numbered(combo.number, language)
        sizes = _merged(names_of(variation, language) for variation in item.variations)
        linked = [(link.group, option) for link in item.modifier_groups for option in options.get(link.group, ())]
        if names:  # a name without a letter cannot be said
            pairs = Bag((pair, 1.0) for pair in linked)
            found.append(ItemWords(item.id, Bag(names.items()), Bag(sizes.items()), pairs))
    return found


def option_words(menu: Menu, language: str) -> dict[tuple[str, str], OptionWords]:
    return {
        (group.id, option.id): OptionWords(
            group.id, Bag(with_short_forms(names).items()), group.amounts, group.counted, group.portionable
        )
        for group in menu.modifier_groups
        for option in group.options
        if (names := names_of(option, language))
    }


def other_names(menu: Menu, language: str) -> Bag[Words]:
    """Presets, combos, deals and combo sizes: what is ordered by a name of its own."""
    entries: list[Named] = [*menu.presets, *menu.combos, *menu.mix_deals]
    entries += [size for combo in menu.combos for size in combo.sizes]
    names = _merged(names_of(entry, language) for entry in entries)
    for combo in menu.combos:
        names |= _numbered(combo.number, language)
    return Bag(names.items())


def category_names(menu: Menu, language: str) -> Bag[Words]:
    named: list[Named] = [*menu.categories, *menu.modifier_groups]
    entries = [names_of(entry, language) for entry in named]
    entries.append({spoken_words(item.category, language): 1.0 for item in menu.items if item.category})
    return Bag((words, weight) for words, weight in _merged(entries).items() if words)


def _numbered(number: int | None, language: str) -> dict[Words, float]:
    if number is None:
        return {}
    lead = "numero" if language == "es" else "number"
    return {(lead, *number_words(number, language)): 1.0}


def _merged(groups: Iterable[dict[Words, float]]) -> dict[Words, float]:
    found: dict[Words, float] = {}
    for names in groups:
        for words, weight in names.items():
            found[words] = max(found.get(words, 0.0), weight)
    return found
