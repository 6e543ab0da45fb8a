"""The menu as a table from surface form to everything it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from orders.understanding.aliases import ALIAS
from orders.understanding.language import Language
from orders.understanding.words import key_of, words_of
from restaurants.menu import Menu


class Kind(IntEnum):
    ITEM = 0
    OPTION = 1
    SIZE = 2
    PRESET = 3
    COMBO = 4
    COMBO_SIZE = 5


SPOKEN_KIND = ("item", "option", "variation", "preset", "combo", "combo_size")

Ref = tuple[str, str]  # item (id, ""); option (group, option); size (item, variation); combo size (combo, size)


class Target(NamedTuple):
    ref: Ref
    rank: int
    plural: bool


class SpokenForm(NamedTuple):
    """A surface form in spoken words, with what it may mean; for the recogniser and the collision report."""

    text: str
    kind: str  # item | option | variation | preset | combo | combo_size
    ref: Ref
    rank: int


@dataclass(frozen=True)
class Entry:
    """All a surface form may mean. More than one target of a kind is left to the context, or to the customer."""

    rank: int  # the best of all
    items: tuple[Target, ...] = ()
    options: tuple[Target, ...] = ()
    sizes: tuple[Target, ...] = ()
    presets: tuple[Target, ...] = ()
    combos: tuple[Target, ...] = ()
    combo_sizes: tuple[Target, ...] = ()

    @cached_property
    def sizes_by_item(self) -> dict[str, list[Target]]:
        """The sizes it may be of each item, best first; "large" is one of half the menu."""
        found: dict[str, list[Target]] = {}
        for target in sorted(self.sizes, key=lambda t: t.rank):
            found.setdefault(target.ref[0], []).append(target)
        return found

    @cached_property
    def told(self) -> tuple[str, str] | None:
        """For `explain`: kind and refs of what it means first of all. None: nothing of the menu."""
        for kind, targets in (
            ("combo", self.combos), ("item", self.items), ("option", self.options), ("variation", self.sizes),
            ("preset", self.presets), ("combo_size", self.combo_sizes),
        ):  # fmt: skip
            if targets:
                return kind, "|".join(dict.fromkeys("/".join(filter(None, t.ref)) for t in targets))
        return None


@dataclass(frozen=True)
class Lexicon:
    """`table` is keyed by the form's keys joined by blanks; `longest` is the most words a form has."""

    menu: Menu
    language: Language
    table: dict[str, Entry]
    longest: int
    words: frozenset[str]
    openings: frozenset[str]  # beginnings of names that are no name themselves: more may follow
    pairs: frozenset[str]  # two words next to each other in some form
    groups: dict[str, frozenset[str]]  # item -> modifier groups it links
    spoken: tuple[SpokenForm, ...]  # every form as it is said
    classes: frozenset[str]  # keys that name a kind of thing: "sandwich"

    @cached_property
    def starts(self) -> dict[str, int]:
        """First key of a form -> most words such a form has."""
        longest: dict[str, int] = {}
        for form in self.table:
            keys = form.split(" ")
            longest[keys[0]] = max(longest.get(keys[0], 0), len(keys))
        return longest

    @cached_property
    def kinds_of_things(self) -> dict[str, frozenset[str]]:
        """Word for a category, also a general one ("drinks"), -> its items."""
        found: dict[str, set[str]] = {}
        glue = self.language.connectors
        for category in self.menu.categories:
            items = {item.id for item in self.menu.items if item.category == category.id}
            texts = [category.name, category.names.get(self.language.code, ""), *(a.text for a in category.aliases)]
            for text in filter(None, texts):
                keys = words_of(text, self.language.canonical)[1]
                ends = {k for k, after in zip(keys, [*keys[1:], ""], strict=True) if not after or after in glue}
                for key in ends - glue:
                    found.setdefault(key, set()).update(items)
        for words in self.language.category_synonyms:
            items = {item for word in words for item in found.get(word, ())}
            for word in words:
                found.setdefault(word, set()).update(items)
        return {key: frozenset(items) for key, items in found.items() if items}

    @cached_property
    def general_items(self) -> frozenset[str]:
        """Items that are called by nothing but a class noun: the "pizza" that toppings make."""
        found = set()
        for noun, kind in self.kinds_of_things.items():
            entry = self.table.get(noun)
            items = {t.ref[0] for t in entry.items if t.rank <= ALIAS} if entry is not None else set()
            found |= items & kind if len(items) == 1 else set()
        return frozenset(found)

    def last_key(self, norm: str) -> str:
        """The key of the last of some words that were heard."""
        return key_of(norm.rpartition(" ")[2], self.language.canonical) if norm else ""

    def entry(self, text: str) -> Entry | None:
        """What the words of a text mean together."""
        return self.table.get(" ".join(words_of(text, self.language.canonical)[1]))

    def is_class_word(self, norm: str) -> bool:
        """Whether words that were heard name a kind of thing and nothing else: "pizzas"."""
        return all(key_of(word, self.language.canonical) in self.classes for word in norm.split(" "))
