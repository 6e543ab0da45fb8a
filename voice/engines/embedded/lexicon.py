"""How each word of a menu may sound, in the acoustic model's phones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

from restaurants.menu import Pronunciation
from voice.engines.embedded.respelling import read_respelling
from voice.engines.embedded.spanish_sounds import looks_spanish, read_as_spanish
from voice.engines.embedded.spelling import spoken_words
from voice.engines.embedded.spelling_sounds import SpellingSounds
from voice.engines.embedded.wheel import Phones, dictionary

MOST_VARIANTS: Final = 4
_GUESSES: Final = 2
_LEAST_PART: Final = 4  # letters of a part of a compound
_SPELLED_OUT: Final = 3  # shorter words without a vowel are read letter by letter: BLT
_VOICELESS: Final = frozenset(("P", "T", "K", "F", "TH"))
_HISSING: Final = frozenset(("S", "Z", "SH", "ZH", "CH", "JH"))


class Lexicon:
    """Pronunciations of words: the restaurant's own, then food words, the wheel's dictionary, guesses by spelling.

    `sounds` gives the spelling model when a word is nowhere else: training it takes seconds.
    """

    def __init__(
        self,
        pronunciations: Iterable[Pronunciation] = (),
        *,
        language: str = "en",
        sounds: Callable[[], SpellingSounds],
        foreign_words: Iterable[str] = (),
    ) -> None:
        """`foreign_words`: words of a menu that is Spanish too, which customers may read that way."""
        self._sounds = sounds
        self._foreign = frozenset(foreign_words)
        self._own: dict[str, list[Phones]] = {}
        for entry in pronunciations:
            if entry.language == language:
                self._add_own(entry)

    def phones(self, word: str) -> tuple[Phones, ...]:
        """At least one pronunciation, at most MOST_VARIANTS, no two alike."""
        found: dict[Phones, None] = dict.fromkeys(self._own.get(word, ()))
        found |= dict.fromkeys(self._listed(word) or self._guessed(word))
        if word in self._foreign and looks_spanish(word):
            found.setdefault(read_as_spanish(word))
        return tuple(found)[:MOST_VARIANTS]

    def _listed(self, word: str) -> tuple[Phones, ...]:
        """From the lists, also as a regular plural or possessive of a listed word."""
        known = (*food_words().get(word, ()), *dictionary().get(word, ()))
        if known:
            return known
        for ending in ("'s", "s"):
            stem = word.removesuffix(ending)
            if stem != word and (singular := (*food_words().get(stem, ()), *dictionary().get(stem, ()))):
                return tuple(_with_s(phones) for phones in singular)
        return ()

    def _guessed(self, word: str) -> tuple[Phones, ...]:
        if len(word) <= _SPELLED_OUT and not set(word) & set("aeiouy"):
            letters = [next(iter(dictionary().get(f"{letter}.", ())), ()) for letter in word]
            if all(letters):
                return (tuple(phone for phones in letters for phone in phones),)
        if compound := _compound(word):
            return compound
        spanish = (read_as_spanish(word),) if looks_spanish(word) else ()
        return (*spanish, *self._sounds().guess(word, _GUESSES)) or (("AH",),)

    def _add_own(self, entry: Pronunciation) -> None:
        """ "horchata" sounds like "or cha ta": the pieces' phones in a row; word by word where there are as many."""
        parts: dict[str, tuple[str, ...]]
        words, pieces = spoken_words(entry.word), spoken_words(entry.sounds_like)
        if len(words) == len(pieces):
            parts = {word: (piece,) for word, piece in zip(words, pieces, strict=True)}
        else:
            parts = {words[0]: pieces} if len(words) == 1 else {}
        for word, sounds in parts.items():
            phones = tuple(phone for piece in sounds for phone in _sounded(piece))
            if phones:
                self._own.setdefault(word, []).append(phones)


@lru_cache(maxsize=1)
def food_words() -> dict[str, tuple[Phones, ...]]:
    """The curated list, `food_words.txt`."""
    text = resources.files(__package__).joinpath("food_words.txt").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, variants = line.partition(":")
            found[word] = tuple(tuple(variant.split()) for variant in variants.split("|"))
    return found


def dictionary_lines(pronunciations: Mapping[str, tuple[Phones, ...]]) -> Iterable[str]:
    """The lines of a pocketsphinx dictionary, variants numbered from 2, sorted."""
    for word in sorted(pronunciations):
        for number, phones in enumerate(pronunciations[word], start=1):
            yield f"{word if number == 1 else f'{word}({number})'} {' '.join(phones)}"


def _sounded(piece: str) -> Phones:
    """A piece of a "sounds like" text: a word people know, else read as it is spelled."""
    known = dictionary().get(piece, ())
    return known[0] if known else read_respelling(piece)


def _compound(word: str) -> tuple[Phones, ...]:
    """ "rootbeer" is root and beer; the most even cut into two known words, none if there is no cut."""
    known = dictionary()
    cuts = [at for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1) if word[:at] in known and word[at:] in known]
    if not cuts:
        return ()
    at = max(cuts, key=lambda cut: min(cut, len(word) - cut))
    return (known[word[:at]][0] + known[word[at:]][0],)


def _with_s(phones: Phones) -> Phones:
    if phones[-1] in _HISSING:
        return (*phones, "IH", "Z")
    return (*phones, "S" if phones[-1] in _VOICELESS else "Z")
