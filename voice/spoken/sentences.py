"""Orders as customers say them, from any menu: each reads, as text, as exactly one basket that could be ordered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from orders.cart import apply_edits
from orders.cart_types import Cart, CartLimits, Problem
from orders.cart_view import cart_view
from orders.problems import blocking, find_problems
from orders.understanding.types import MenuUnderstander
from restaurants.menu import Availability, GroupLink, Item, Menu, localized

TRIES_PER_ORDER = 60
NUMBERS = {"en": ("one", "two", "three"), "es": ("un", "dos", "tres")}
OPENINGS = {
    "en": ("I'd like {what} please", "can I get {what}", "{what} please", "I'll have {what}"),
    "es": ("quiero {what} por favor", "me pone {what}", "{what} por favor"),
}
AND = {"en": "and", "es": "y"}
WITH = {"en": "with", "es": "con"}

LineKey = tuple[object, ...]


class NoSentences(Exception):
    """Nothing of this menu makes an order that is sure to be read; the message says so."""


@dataclass(frozen=True, slots=True)
class SpokenOrder:
    text: str
    lines: Counter[LineKey]

    def is_in(self, lines: Iterable[Mapping[str, Any]]) -> bool:
        """`lines`: of a `cart` message."""
        return Counter(map(line_key, lines)) == self.lines


def line_key(line: Mapping[str, Any]) -> LineKey:
    """What the customer asked for with a line, of its JSON view."""
    chosen = sorted(
        (one["group"], one["option"], one["amount"], one["count"], one["portion"]) for one in line["modifiers"]
    )
    return (line["item"], line["variation"], line["quantity"], line["combo"], tuple(chosen))


def spoken_orders(
    menu: Menu,
    understander: MenuUnderstander,
    count: int,
    *,
    language: str = "en",
    seed: int = 1,
    availability: Availability = Availability(),  # noqa: B008  # frozen
) -> list[SpokenOrder]:
    """So many different ones, the same for the same seed. raises: NoSentences"""
    chance = random.Random(seed)
    found: dict[str, SpokenOrder] = {}
    items = [item for item in menu.items if not item.age_check]
    for _ in range(count * TRIES_PER_ORDER if items else 0):
        parts = [_part(chance, menu, chance.choice(items), language) for _ in range(chance.choice((1, 1, 2)))]
        text = chance.choice(OPENINGS[language]).format(what=f" {AND[language]} ".join(words for words, _ in parts))
        order = _read(text, sum(units for _, units in parts), menu, understander, availability, language)
        if order is not None:
            found[text] = order
        if len(found) == count:
            return list(found.values())
    raise NoSentences(f"The menu gives only {len(found)} different orders that are sure to be read, not {count}.")


def _part(chance: random.Random, menu: Menu, item: Item, language: str) -> tuple[str, int]:
    units = chance.choice((1, 1, 1, 2, 3))
    words = [NUMBERS[language][units - 1]]
    if len(item.variations) > 1:
        variation = chance.choice(item.variations)
        words.append(localized(variation, language))
    words.append(localized(item, language))
    options = list(_required(chance, menu, item.modifier_groups, language))
    if options:
        words += [WITH[language], f" {AND[language]} ".join(options)]
    return " ".join(words), units


def _required(chance: random.Random, menu: Menu, links: Iterable[GroupLink], language: str) -> Iterator[str]:
    """What must be said, so that nothing has to be asked."""
    for link in links:
        group = menu.group_by_id.get(link.group)
        if group is None or link.min <= len(link.defaults):
            continue
        for option in chance.sample(group.options, min(link.min, len(group.options))):
            yield localized(option, language)


def _read(
    text: str, units: int, menu: Menu, understander: MenuUnderstander, availability: Availability, language: str
) -> SpokenOrder | None:
    """None: it would be asked about, or read as something else."""
    understanding = understander.understand(text, Cart())
    applied = apply_edits(Cart(), understanding.edits, menu, availability=availability)
    if applied.refused or understanding.acts or sum(line.quantity for line in applied.cart.lines) != units:
        return None
    problems: tuple[Problem, ...] = find_problems(applied.cart, menu, availability, CartLimits())
    if blocking(problems):
        return None
    view: Any = msgspec.to_builtins(cart_view(applied.cart, menu, language=language))
    return SpokenOrder(text, Counter(map(line_key, view["lines"])))
