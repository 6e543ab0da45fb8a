"""Orders nobody placed yet: sentences sampled from a menu, which the language model learns to expect."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from restaurants.menu import Menu
from voice.engines.embedded.bag import Bag
from voice.engines.embedded.menu_words import (
    ItemWords,
    Words,
    category_names,
    item_words,
    option_words,
    other_names,
)
from voice.engines.embedded.spelling import number_words, plural, starts_with_vowel_sound
from voice.engines.embedded.wording import wording_for

_CUT_SHARE: Final = 0.08  # of the sentences end or begin in the middle: people pause
_NUMBERS: Final = (0, 10, 30, 20, 14, 9, 8, 4, 4, 3, 6, 2, 4)


class OrderSampler:
    """Draws sentences; the same menu, language and seed give the same sentences."""

    def __init__(self, menu: Menu, language: str, *, seed: int = 1) -> None:
        self._random = Random(seed)
        self._wording = wording_for(language)
        self._items = item_words(menu, language)
        self._options = option_words(menu, language)
        self._all_items = Bag((item, 1.0) for item in self._items)
        self._all_options = Bag((key, 1.0) for key in self._options)
        self._portions = Bag((key, 1.0) for key, option in self._options.items() if option.is_portionable)
        self._others = other_names(menu, language)
        self._categories = category_names(menu, language)

    def sentences(self, count: int) -> Iterator[Words]:
        for _ in range(count):
            if sentence := self._sentence():
                yield sentence

    def _sentence(self) -> Words:
        kind = self._random.random()
        if kind < 0.62 and self._all_items:
            words = self._order()
        elif kind < 0.72:
            words = self._filled(self._wording["corrections"])
        elif kind < 0.86:
            words = self._filled(self._wording["answers"])
        else:
            words = self._filled(self._wording["talk"])
        if len(words) > 3 and self._chance(_CUT_SHARE):
            cut = self._random.randrange(1, len(words))
            return words[:cut] if self._chance(0.7) else words[cut:]
        return words

    def _order(self) -> Words:
        words: list[str] = []
        if self._chance(0.08):
            words += self._draw(self._wording["hesitations"])
        if self._chance(0.7):
            words += self._draw(self._wording["openers"])
        lines = self._random.choices((1, 2, 3), (68, 24, 8))[0]
        for index in range(lines):
            words += self._draw(self._wording["joiners"]) if index else ()
            words += self._line()
        if self._chance(0.25):
            words += self._draw(self._wording["closers"])
        return tuple(words)

    def _line(self) -> list[str]:
        random = self._random
        if self._others and self._chance(0.12):
            return [*(self._draw(self._wording["one"]) if self._chance(0.5) else ()), *self._draw(self._others)]
        item = self._all_items.draw(random)
        is_many = self._chance(0.3)
        quantity = (
            self._draw(self._wording["many"])
            if is_many
            else self._draw(self._wording["one"])
            if self._chance(0.75)
            else ()
        )
        name = self._draw(item.names)
        if is_many and self._chance(0.85):
            name = (*name[:-1], plural(name[-1], self._wording.language))
        around: list[Words] = []
        if item.sizes and self._chance(0.55):
            around.append(self._draw(item.sizes))
        if item.options and self._chance(0.25):
            around.append(self._bare_options(item, 2))
        random.shuffle(around)
        words = self._placed(name, around)
        if self._chance(0.06):
            words = [*self._draw(self._wording["container"]), *words]
        words = [*quantity, *words]
        if item.options and self._chance(0.55):
            words += self._options_after(item)
        if self._portions and self._chance(0.08):
            words += self._fill(self._draw(self._wording["halves"]))
        return self._articled(words)

    def _placed(self, name: Words, around: list[Words]) -> list[str]:
        """Sizes and adjectives before the noun in English, after it in Spanish; now and then the other way round."""
        words: list[str] = list(name)
        for adjective in around:
            goes_after = self._wording.size_follows != self._chance(0.12)
            words = [*words, *adjective] if goes_after else [*adjective, *words]
        return words

    def _options_after(self, item: ItemWords) -> list[str]:
        words: list[str] = []
        for index in range(self._random.choices((1, 2, 3), (60, 28, 12))[0]):
            if index and self._chance(0.5):
                words += self._draw(self._wording["option_joiners"])
            words += self._option_clause(item)
        return words

    def _option_clause(self, item: ItemWords) -> list[str]:
        key = item.options.draw(self._random)
        option, kind = self._options[key], self._random.random()
        name = self._draw(option.names)
        if option.is_counted and kind < 0.6:
            lead = [*(self._draw(self._wording["with_words"]) if self._chance(0.6) else ())]
            if self._chance(0.5):
                return [*lead, *self._draw(self._wording["multiples"]), *name]
            return [*lead, *self._draw(self._wording["counted"]), *name[:-1], plural(name[-1], self._wording.language)]
        if kind < 0.3 and "no" in option.amounts:
            return [*self._draw(self._wording["without"]), *name]
        if kind < 0.55:
            lead = [*(self._draw(self._wording["with_words"]) if self._chance(0.6) else ())]
            return [*lead, *self._amounted(key, name)]
        return [*self._draw(self._wording["with_words"]), *self._bare_options(item, 3)]

    def _amounted(self, key: tuple[str, str], name: Words) -> Words:
        """ "extra" onions, onions "on the side", in an amount the group offers."""
        amounts = self._options[key].amounts
        if not amounts:
            return name
        amount = self._random.choice(amounts)
        before, after = self._wording.amount(amount), self._wording.after(amount)
        if after and (not before or self._chance(0.15)):
            return (*name, *self._draw(after))
        return (*self._draw(before), *name) if before else name

    def _bare_options(self, item: ItemWords, most: int) -> Words:
        words: list[str] = []
        for index in range(self._random.choices(range(1, most + 1), (70, 25, 10)[:most])[0]):
            words += self._draw(self._wording["option_joiners"]) if index else ()
            option = self._options[item.options.draw(self._random)]
            if option.is_counted and self._chance(0.5):
                words += self._draw(self._wording["multiples"])  # "a double shot latte"
            words += self._draw(option.names)
        return tuple(words)

    def _filled(self, bag: Bag[Words]) -> Words:
        return tuple(self._fill(self._draw(bag)))

    def _fill(self, template: Words) -> list[str]:
        words: list[str] = []
        for token in template:
            words += self._slot(token[1:-1]) if token.startswith("{") else (token,)
        return words

    def _slot(self, name: str) -> Words:
        item = self._all_items.draw(self._random) if self._all_items else None
        key = self._all_options.draw(self._random) if self._all_options else None
        match name:
            case "number":
                return number_words(self._random.choices(range(13), _NUMBERS)[0], self._wording.language)
            case "category" if self._categories:
                return self._draw(self._categories)
            case "allergen":
                return self._draw(self._wording["allergens"])
            case "first_name":
                return self._draw(self._wording["first_names"])
            case "size" if item and item.sizes:
                return self._draw(item.sizes)
            case "quantity_item" if item:
                return (*self._draw(self._wording["one"]), *self._draw(item.names))
            case "option" if key:
                return self._draw(self._options[key].names)
            case "amounted" if key:
                name_words = self._draw(self._options[key].names)
                if "no" in self._options[key].amounts and self._chance(0.4):
                    return (*self._draw(self._wording["without"]), *name_words)
                return self._amounted(key, name_words)
            case "item" | "option" | "amounted" if item:
                return self._draw(item.names)
        return ()

    def _articled(self, words: list[str]) -> list[str]:
        if self._wording.language == "en" and len(words) > 1 and words[0] == "a" and starts_with_vowel_sound(words[1]):
            return ["an", *words[1:]]
        return words

    def _draw(self, bag: Bag[Words]) -> Words:
        return bag.draw(self._random)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share
