"""The part of a menu that an utterance can be about: what is named, what looks like it, what is in the basket.

A model sees nothing else and can answer nothing else, so the slice must hold what was meant and stay small.
"""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

from rapidfuzz import fuzz, process

from orders.cart_types import AddLine, Cart, Line, ReplaceLine
from orders.understanding.types import Expectation, Understanding
from orders.understanding.words import fold, singular
from restaurants.menu import Alias, Combo, Item, Menu, ModifierGroup, Named

MAX_ITEMS = 16
MAX_PARTS = 24  # items that are only parts of a combo
MAX_OPTIONS = 100
MAX_COMBOS = 6
MIN_RATIO = 72.0  # below the parser's own spelling repair, which has failed by now
MIN_RATIO_SHORT = 85.0  # four letters are near to everything
MIN_LENGTH = 3
NEAREST = 6
MAX_INDEXES = 64
_NOT_OF_THE_MENU = frozenset({"filler", "cue", "number", "amount"})
_WORD = re.compile(r"[^\W_]+")

_lock = Lock()
_indexes: OrderedDict[tuple[str, str], tuple[Menu, Mapping[str, set[Ref]]]] = OrderedDict()

Ref = tuple[str, ...]  # ("item", id), ("option", group, id), ("combo", id), ("category", id)


@dataclass(frozen=True, slots=True)
class MenuSlice:
    """`options`: group -> the option ids that are offered, in menu order."""

    menu: Menu
    items: tuple[Item, ...]
    parts: tuple[Item, ...]
    combos: tuple[Combo, ...]
    options: Mapping[str, tuple[str, ...]]

    @property
    def groups(self) -> tuple[ModifierGroup, ...]:
        return tuple(group for group in self.menu.modifier_groups if group.id in self.options)

    @property
    def is_empty(self) -> bool:
        return not self.items


def slice_menu(
    menu: Menu, hypotheses: Iterable[str], cart: Cart, expect: Expectation, understanding: Understanding
) -> MenuSlice:
    scores = _scores(menu, hypotheses, understanding)
    certain = dict.fromkeys((*_named(understanding), *_in_cart(cart), *_asked(expect)))
    wanted = [one for one in certain if one in menu.item_by_id]
    ranked = sorted(_item_scores(menu, scores).items(), key=lambda pair: -pair[1])
    wanted += [item for item, _ in ranked if item not in certain]
    items = tuple(menu.item_by_id[item] for item in wanted[:MAX_ITEMS])
    chosen = {item.id for item in items}
    found = (combo for combo in menu.combos if combo.item in chosen or ("combo", combo.id) in scores)
    in_cart = {line.combo.combo for line in cart.lines if line.combo}
    combos = tuple(sorted(found, key=lambda one: (one.id not in in_cart, -scores.get(("combo", one.id), 0.0))))
    combos = combos[:MAX_COMBOS]
    names = dict.fromkeys(choice.item for combo in combos for slot in combo.slots for choice in slot.choices)
    mains = [combo.item for combo in combos if combo.item not in chosen]
    items += tuple(menu.item_by_id[item] for item in dict.fromkeys(mains) if item in menu.item_by_id)
    chosen |= set(mains)
    parts = [menu.item_by_id[item] for item in names if item not in chosen and item in menu.item_by_id]
    return MenuSlice(menu, items, tuple(parts[:MAX_PARTS]), combos, _options(menu, items, cart, scores))


def _scores(menu: Menu, hypotheses: Iterable[str], understanding: Understanding) -> dict[Ref, float]:
    """How well the words fit each name: near matches count by likeness, rare words more than frequent ones."""
    index = _index_of(menu)
    vocabulary = list(index)
    scores: dict[Ref, float] = defaultdict(float)
    for word in _spoken(hypotheses, understanding):
        cutoff = MIN_RATIO if len(word) > 4 else MIN_RATIO_SHORT
        near = process.extract(word, vocabulary, scorer=fuzz.ratio, score_cutoff=cutoff, limit=NEAREST)
        best: dict[Ref, float] = {}
        for known, ratio, _ in near:
            weight = (ratio / 100) ** 2 / len(index[known]) ** 0.5
            for ref in index[known]:
                best[ref] = max(best.get(ref, 0.0), weight)
        for ref, weight in best.items():
            scores[ref] += weight
    return scores


def _spoken(hypotheses: Iterable[str], understanding: Understanding) -> dict[str, None]:
    """Words, and neighbours as one: "pepper only" is near to one word of the menu, not to two. Signals say nothing."""
    signals = {word for one in understanding.readings if one.kind in _NOT_OF_THE_MENU for word in _words(one.text)}
    found: dict[str, None] = {}
    for text in hypotheses:
        words = _words(text)
        joined = (one + other for one, other in pairwise(words))
        found |= dict.fromkeys(word for word in words if len(word) >= MIN_LENGTH and word not in signals)
        found |= dict.fromkeys(word for word in joined if len(word) > MIN_LENGTH)
    return found


def _words(text: str) -> list[str]:
    return [singular(word) for word in _WORD.findall(fold(text))]


def _index_of(menu: Menu) -> Mapping[str, set[Ref]]:
    """Kept for the menus used last; a menu without a version is read anew each time."""
    key = (menu.slug, menu.version)
    with _lock:
        found = _indexes.get(key) if menu.version else None
    if found is not None and found[0] is menu:
        return found[1]
    index = _index(menu)
    if menu.version:
        with _lock:
            _indexes[key] = (menu, index)
            _indexes.move_to_end(key)
            while len(_indexes) > MAX_INDEXES:
                _indexes.popitem(last=False)
    return index


def _index(menu: Menu) -> dict[str, set[Ref]]:
    index: dict[str, set[Ref]] = defaultdict(set)

    def learn(ref: Ref, named: Named, aliases: Iterable[Alias]) -> None:
        for text in (named.name, *named.names.values(), *(alias.text for alias in aliases)):
            words = _words(text)
            for word in (*words, *(one + other for one, other in pairwise(words))):
                if len(word) >= MIN_LENGTH:
                    index[word].add(ref)

    for item in menu.items:
        learn(("item", item.id), item, item.aliases)
        for variation in item.variations:
            if variation.count is not None:  # "twenty nuggets" names the item
                learn(("item", item.id), variation, variation.aliases)
    for group in menu.modifier_groups:
        for option in group.options:
            learn(("option", group.id, option.id), option, option.aliases)
    for combo in menu.combos:
        learn(("combo", combo.id), combo, combo.aliases)
    for category in menu.categories:
        learn(("category", category.id), category, category.aliases)
    return index


def _item_scores(menu: Menu, scores: Mapping[Ref, float]) -> dict[str, float]:
    """An item is meant by its own name, less by its category, and a little by an option it comes with."""
    found: dict[str, float] = {}
    hints: dict[str, float] = {}  # group -> the best of its options
    for ref, score in scores.items():
        if ref[0] == "option":
            hints[ref[1]] = max(hints.get(ref[1], 0.0), score)
    for item in menu.items:
        own = scores.get(("item", item.id), 0.0)
        own += 0.5 * scores.get(("category", item.category), 0.0)
        defaults = ((link.group, option) for link in item.modifier_groups for option in link.defaults)
        own += 0.25 * max((scores.get(("option", *one), 0.0) for one in defaults), default=0.0)
        own += 0.1 * max((hints.get(link.group, 0.0) for link in item.modifier_groups), default=0.0)
        if own > 0:
            found[item.id] = own
    return found


def _options(menu: Menu, items: Iterable[Item], cart: Cart, scores: Mapping[Ref, float]) -> dict[str, tuple[str, ...]]:
    """Every option of the items while there is room; beyond that those that fit the words or are on something."""
    groups = dict.fromkeys(link.group for item in items for link in item.modifier_groups)
    said = {(choice.group, choice.option) for line in cart.lines for choice in line.options}
    said |= {(e.group, one) for line in cart.lines for e in line.unresolved for one in e.candidates}
    said |= {(link.group, one) for item in items for link in item.modifier_groups for one in link.defaults}
    everything = [
        (group, option.id)
        for group in groups
        if group in menu.group_by_id
        for option in menu.group_by_id[group].options
    ]
    everything.sort(key=lambda one: (-scores.get(("option", *one), 0.0), one not in said))
    kept = set(everything[:MAX_OPTIONS])
    found = {
        group.id: tuple(option.id for option in group.options if (group.id, option.id) in kept)
        for group in menu.modifier_groups
        if group.id in groups
    }
    return {group: options for group, options in found.items() if options}


def _named(understanding: Understanding) -> Iterator[str]:
    """Items the parser has come upon, whatever it made of them."""
    for edit in understanding.edits:
        if isinstance(edit, AddLine | ReplaceLine):
            yield edit.item
            yield from edit.candidates
    for act in understanding.acts:
        yield from act.targets
    for reading in understanding.readings:
        if reading.kind == "item":
            yield from reading.value.split("|")[:NEAREST]


def _in_cart(cart: Cart) -> Iterator[str]:
    for line in cart.lines:
        yield from _items_of(line)


def _items_of(line: Line) -> Iterator[str]:
    yield line.item
    yield from line.candidates
    yield from (half.item for half in line.halves)


def _asked(expect: Expectation) -> Iterator[str]:
    yield from expect.offered
    for problem in expect.problems:
        yield from problem.candidates
