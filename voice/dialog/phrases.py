"""Everything said or shown as a sentence, per language: whole templates, never glued strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from voice.dialog import phrases_en, phrases_es

FALLBACK_LANGUAGE = "en"


class Book(Protocol):
    """One language, a module of its own."""

    @property
    def TEMPLATES(self) -> Mapping[str, str]: ...  # noqa: N802
    @property
    def NUMBERS(self) -> Sequence[str]: ...  # noqa: N802
    @property
    def CURRENCIES(self) -> Mapping[str, tuple[str, str, str, str]]: ...  # noqa: N802
    @property
    def NOISES(self) -> frozenset[str]: ...  # noqa: N802
    @property
    def ASSENTS(self) -> frozenset[str]: ...  # noqa: N802
    @property
    def OPEN_WORDS(self) -> frozenset[str]: ...  # noqa: N802
    @property
    def TOGETHER(self) -> frozenset[str]: ...  # noqa: N802
    def one_of(self, choices: Sequence[str]) -> str: ...
    def all_of(self, parts: Sequence[str]) -> str: ...
    def sized(self, noun: str, size: str) -> str: ...
    def halves(self, first: str, second: str, size: str, word: str, *, is_many: bool) -> str: ...
    def quantity(self, count: int, noun: str, size: str, word: str) -> str: ...
    def money(self, whole: int, cents: int, names: tuple[str, str, str, str]) -> str: ...


BOOKS: Mapping[str, Book] = {"en": phrases_en, "es": phrases_es}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` as it is read; `spoken` as it is said aloud, where that differs ("$24.50": "24 dollars and 50 cents")."""

    text: str
    spoken: str = ""

    @property
    def said(self) -> str:
        return self.spoken or self.text


def book(language: str) -> Book:
    return BOOKS.get(language) or BOOKS[FALLBACK_LANGUAGE]


def phrase(language: str, key: str, **values: object) -> str:
    """One sentence as text. raises: KeyError for an unknown key or a missing value."""
    return capitalized(book(language).TEMPLATES[key].format(**{name: _text(value) for name, value in values.items()}))


def sentence(language: str, key: str, **values: object) -> Sentence:
    """The sentence as text and as speech; values may be sentences with two forms themselves."""
    template = book(language).TEMPLATES[key]
    text = capitalized(template.format(**{name: _text(value) for name, value in values.items()}))
    if not any(isinstance(value, Sentence) and value.spoken for value in values.values()):
        return Sentence(text)
    return Sentence(text, capitalized(template.format(**{name: _said(value) for name, value in values.items()})))


def one_of(language: str, choices: Sequence[str]) -> str:
    return book(language).one_of(choices)


def all_of(language: str, parts: Sequence[str]) -> str:
    return book(language).all_of(parts)


def number(language: str, count: int) -> str:
    """Small numbers as words, for a quantity in front of a noun."""
    words = book(language).NUMBERS
    return words[count] if 0 < count < len(words) else str(count)


def quantity(language: str, count: int, noun: str, size: str = "") -> str:
    """ "three large pepperoni pizzas": the noun, and the size where it agrees, in the plural."""
    return book(language).quantity(count, noun, size, number(language, count))


def halves(language: str, first: str, second: str, size: str = "", count: int = 0) -> str:
    """ "two large half pepperoni, half veggie pizzas"; count 0: without a number."""
    word = number(language, count) if count else ""
    return book(language).halves(first, second, size, word, is_many=count > 1)


def sized(language: str, noun: str, size: str) -> str:
    return book(language).sized(noun, size)


def phrase_inside(language: str, key: str, **values: object) -> str:
    """A template that becomes part of a sentence: no capital letter at its start."""
    return book(language).TEMPLATES[key].format(**{name: _text(value) for name, value in values.items()})


def is_said_alone(language: str, name: str) -> bool:
    """A bundle's name that is a phrase of its own: "with everything", "con todo"."""
    return name.partition(" ")[0].lower() in book(language).TOGETHER


def amount_of_money(language: str, whole: int, cents: int, currency: str) -> str | None:
    """The amount as it is said; None for a currency whose words this language does not know here."""
    names = book(language).CURRENCIES.get(currency)
    return book(language).money(whole, cents, names) if names else None


def is_backchannel(language: str, text: str) -> bool:
    """A listener's noise ("uh-huh"), which asks for nothing."""
    return _all_words_in(text, book(language).NOISES)


def is_assent(language: str, text: str) -> bool:
    """ "Yeah", "okay": a listener's noise in the middle of a reply, an answer at its end."""
    return _all_words_in(text, book(language).NOISES | book(language).ASSENTS)


def open_words(language: str) -> frozenset[str]:
    """Words nobody ends a turn with."""
    return book(language).OPEN_WORDS


def words_of(text: str) -> list[str]:
    kept = "".join(mark if mark.isalnum() or mark in "'’" else " " for mark in text.lower())
    return kept.replace("’", "'").split()


def _all_words_in(text: str, known: frozenset[str]) -> bool:
    words = words_of(text)
    return bool(words) and all(word in known for word in words)


def _text(value: object) -> object:
    return value.text if isinstance(value, Sentence) else value


def _said(value: object) -> object:
    return value.said if isinstance(value, Sentence) else value


def inside(name: str) -> str:
    """A menu name inside a sentence: "Red onions" becomes "red onions"; "BBQ sauce" and "Diet Coke" stay."""
    first, *rest = name.split(" ") if name else [""]
    is_title = any(word.istitle() for word in rest)
    return name[:1].lower() + name[1:] if first[1:].islower() and not is_title else name


def capitalized(text: str) -> str:
    """The first letter large, also behind an opening mark."""
    for place, mark in enumerate(text):
        if mark.isalpha():
            return text[:place] + mark.upper() + text[place + 1 :]
        if mark.isdigit():
            return text
    return text
