"""What a language brings to every menu: closed classes of words, numbers, and the common names of common food.

Nothing here knows a restaurant. `english.py` and `spanish.py` fill it in; everything else comes from the menu.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orders.understanding.words import singular


class Cue(StrEnum):
    """What a closed-class word or phrase does in an utterance."""

    ADD = "add"  # "can i get"
    REMOVE = "remove"  # "take off"
    MAKE = "make"  # "make that"
    CHANGE = "change"  # "change ... to"
    CANCEL = "cancel"  # of the order, or of the last thing
    INSTEAD = "instead"
    IN_ALL = "in_all"  # "in total"
    INSTEAD_OF = "instead_of"
    REPAIR = "repair"  # "no wait"
    SOFT_REPAIR = "soft_repair"  # "actually": repairs only what can be meant
    SAME = "same"  # "the same"
    ANOTHER = "another"
    OTHER = "other"  # "the other one"
    ALL = "all"  # both, all of them
    EACH = "each"
    OF_THEM = "of_them"
    ONE = "one_noun"  # "the large one"
    ORDINAL = "ordinal"
    AND = "and"
    OR = "or"
    BUT = "but"
    WITH = "with"
    TO = "to"
    BE = "be"  # of a wish: "que el burrito sea ..."
    ON = "on"  # in, on, to, for: what follows is where it goes
    OF = "of"
    THE = "the"
    THAT = "that"
    IT = "it"
    THEM = "them"
    NOT = "not"
    AMOUNT = "amount"  # value: a qualifier id
    ON_SIDE = "on_side"
    TIMES = "times"  # single, double, triple: value a number
    UNIT = "unit"  # pump, shot, packet
    PIECE = "piece"  # "a twenty piece"
    CONTAINER = "container"  # side, order, cup, bag (of)
    TOPIC = "topic"  # "to drink", "for my side": names a part of the menu without ordering it
    HALF = "half"
    OTHER_HALF = "other_half"
    WHOLE = "whole"  # "on the whole thing": what was said of a half is over
    COMBO = "combo"  # "meal"
    NO_COMBO = "no_combo"  # "just the sandwich"
    SIZE_WORD = "size_word"
    FULFILMENT = "fulfilment"
    NAME = "name"
    ALLERGY = "allergy"
    QUESTION = "question"  # value: an act kind that wants a target
    ACT = "act"  # value: an act kind by itself
    FILLER = "filler"


@dataclass(frozen=True, slots=True)
class Word:
    cue: Cue
    value: str = ""


@dataclass(frozen=True)
class Language:
    code: str
    phrases: Mapping[str, tuple[Word, ...]]  # folded words -> what they may do
    units: Mapping[str, int]  # two: 2
    tens: Mapping[str, int]  # twenty: 20
    hundreds: Mapping[str, int]
    amounts: Mapping[str, int]  # phrases that are numbers: "a couple": 2
    articles: frozenset[str]
    tens_joiner: str  # "y" in "treinta y dos"
    canonical: Mapping[str, str]  # folded word -> shared key
    short_forms: Mapping[str, tuple[str, ...]]  # key -> what is said for it
    synonyms: tuple[frozenset[str], ...]  # phrases with one meaning on any menu
    whole_synonyms: tuple[frozenset[str], ...]  # the same, only for names that are nothing else
    kinds: Mapping[str, frozenset[str]]  # class noun -> names that are one of it without saying so
    item_kinds: tuple[str, ...]  # those of `kinds` that are sold by themselves
    option_kinds: tuple[str, ...]
    droppable: frozenset[str]  # class nouns people leave out
    class_synonyms: Mapping[str, tuple[str, ...]]  # sandwich: sub, hoagie
    general_categories: frozenset[str]  # category words that are no food: drinks, sides
    weak: frozenset[str]  # adjectives too common to name one thing
    connectors: frozenset[str]  # words of a name people leave out
    name_joiners: frozenset[str]  # "pizza de jamón"
    size_scale: Mapping[str, int]
    other_scales: tuple[Mapping[str, int], ...]  # of languages a menu may be written in
    size_nouns: tuple[str, ...]  # "large size", "party sized"
    combo_words: tuple[str, ...]
    number_words: tuple[str, ...]
    common: frozenset[str]  # words that are never a misspelt dish
    allergens: Mapping[str, str]  # said -> allergen id
    all_words: frozenset[str]  # "everything but ..."
    on_words: frozenset[str]  # "on half", "en la mitad"
    pronouns: frozenset[str]  # "is it ...", "do they ..."
    percent: str
    purpose: str  # "for"
    hesitations: frozenset[str]  # "um": the customer is not done
    only_words: frozenset[str] = frozenset()  # "just one cola": how many there are to be
    additive: frozenset[str] = frozenset()  # "a cola too": more, whatever "actually" stands before it
    dozens: frozenset[str] = frozenset()  # "two dozen"
    half_more: tuple[str, ...] = ()  # "a dozen and a half"
    hundreds_joiner: str = ""  # "and" in "two hundred and fifty"
    category_synonyms: tuple[frozenset[str], ...] = ()  # general words for categories: drink, beverage
    things: frozenset[str] = frozenset()  # "the third item"
    on_the: frozenset[str] = frozenset()  # "al": a preposition and its article in one
    modifiers_first: bool = True  # "large pizza", not "pizza grande"
    vocabulary: frozenset[str] = frozenset()

    @cached_property
    def starts(self) -> Mapping[str, int]:
        """First word of a phrase -> most words such a phrase has."""
        return _starts(self.phrases)

    @cached_property
    def _allergen_keys(self) -> Mapping[str, str]:
        return {" ".join(map(singular, said.split())): ident for said, ident in self.allergens.items()}

    def allergen(self, words: Iterable[str]) -> str:
        """The allergen these folded words name, in the singular or the plural; else ""."""
        return self._allergen_keys.get(" ".join(map(singular, words)), "")

    @cached_property
    def number_starts(self) -> frozenset[str]:
        """Words a number may begin with, besides digits."""
        return frozenset({*self.units, *self.tens, *self.hundreds, *(text.split()[0] for text in self.amounts)})


def _starts(phrases: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in phrases:
        words = phrase.split(" ")
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def phrase_table(entries: Mapping[Cue, Iterable[str] | Mapping[str, Iterable[str]]]) -> dict[str, tuple[Word, ...]]:
    """phrase -> words, from {cue: phrases} or {cue: {value: phrases}}."""
    table: dict[str, list[Word]] = {}
    for cue, phrases in entries.items():
        values = phrases if isinstance(phrases, Mapping) else {"": phrases}
        for value, texts in values.items():
            for text in texts:
                words = table.setdefault(text, [])
                if Word(cue, value) not in words:
                    words.append(Word(cue, value))
    return {text: tuple(words) for text, words in table.items()}


def with_sizes(table: Mapping[str, tuple[Word, ...]], scale: Iterable[str]) -> dict[str, tuple[Word, ...]]:
    """Size words are size words even where the menu has no sizes."""
    return {**table, **{text: (*table.get(text, ()), Word(Cue.SIZE_WORD, text)) for text in scale}}


def words_in(*groups: Iterable[str]) -> frozenset[str]:
    return frozenset(word for group in groups for phrase in group for word in phrase.split())


def split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())
