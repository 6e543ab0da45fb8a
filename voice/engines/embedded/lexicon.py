"""How each word of a menu may sound, in the acoustic model's phones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from restaurants.menu import Pronunciation
from voice.engines.embedded.spelling import spoken_words
from voice.engines.embedded.wheel import Phones, dictionary

MOST_VARIANTS: Final = 4


class Lexicon:
    """Pronunciations of words: the restaurant's own first, then the wheel's dictionary, then guesses by spelling."""

    def __init__(self, pronunciations: Iterable[Pronunciation] = (), *, language: str = "en") -> None:
        self._own: dict[str, list[Phones]] = {}
        for entry in pronunciations:
            if entry.language == language:
                self._add_own(entry)

    def phones(self, word: str) -> tuple[Phones, ...]:
        """At least one pronunciation, at most MOST_VARIANTS, no two alike."""
        found: dict[Phones, None] = dict.fromkeys(self._own.get(word, ()))
        found |= dict.fromkeys(self._listed(word))
        return tuple(found)[:MOST_VARIANTS]

    def _listed(self, word: str) -> tuple[Phones, ...]:
        return dictionary().get(word, ())

    def _add_own(self, entry: Pronunciation) -> None:
        """ "horchata" sounds like "or cha ta": the pieces' phones in a row; word by word where there are as many."""
        parts: dict[str, tuple[str, ...]]
        words, pieces = spoken_words(entry.word), spoken_words(entry.sounds_like)
        if len(words) == len(pieces):
            parts = {word: (piece,) for word, piece in zip(words, pieces, strict=True)}
        else:
            parts = {words[0]: pieces} if len(words) == 1 else {}
        for word, sounds in parts.items():
            phones = tuple(phone for piece in sounds for phone in next(iter(self.phones(piece)), ()))
            if phones:
                self._own.setdefault(word, []).append(phones)


def dictionary_lines(pronunciations: Mapping[str, tuple[Phones, ...]]) -> Iterable[str]:
    """The lines of a pocketsphinx dictionary, variants numbered from 2, sorted."""
    for word in sorted(pronunciations):
        for number, phones in enumerate(pronunciations[word], start=1):
            yield f"{word if number == 1 else f'{word}({number})'} {' '.join(phones)}"
