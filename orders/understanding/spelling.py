"""Unknown words that look or sound like a word of the menu. Known words are never touched."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz, process

from orders.understanding.lexicon import Lexicon
from orders.understanding.words import Token, key_of

MIN_LENGTH = 5
MIN_RATIO = 84.0
MIN_SOUND_RATIO = 60.0
_SPELT_DOUBT = 0.25
_HEARD_DOUBT = 0.4


class Speller:
    def __init__(self, lexicon: Lexicon) -> None:
        language = lexicon.language
        self.known = lexicon.words | language.vocabulary | language.canonical.keys()
        self.words = sorted(word for word in lexicon.words if len(word) >= MIN_LENGTH and word.isalpha())
        self.initials: dict[str, list[str]] = {}
        self.sounds: dict[str, list[str]] = {}
        for word in self.words:
            self.initials.setdefault(word[0], []).append(word)
            self.sounds.setdefault(sound_of(word), []).append(word)
        self.pairs = lexicon.pairs
        self.menu_words = lexicon.words
        self.canonical = language.canonical

    def repair(self, tokens: list[Token]) -> tuple[list[Token], dict[int, float]]:
        """The tokens with unknown words replaced where there is one good candidate, and the doubt each one carries."""
        doubts: dict[int, float] = {}
        repaired: list[Token] = []
        for token in tokens:
            before = repaired[-1] if repaired else None
            if before is not None and not token.pause and self.joins(before, token):
                joined = before.norm + token.norm
                repaired[-1] = Token(joined, key_of(joined, self.canonical), before.start, token.end, before.pause)
                doubts.pop(len(repaired) - 1, None)
                continue
            found = self.correct(token)
            if found is not None:
                doubts[len(repaired)] = found[1]
            repaired.append(token if found is None else replace(token, key=found[0]))
        return repaired, doubts

    def joins(self, before: Token, token: Token) -> bool:
        """Whether the two are one word on the menu ("sun chips" for "Sunchips") and nothing as two."""
        joined = key_of(before.norm + token.norm, self.canonical)
        return len(joined) > 4 and joined in self.menu_words and f"{before.key} {token.key}" not in self.pairs

    def correct(self, token: Token) -> tuple[str, float] | None:
        if (
            len(token.key) < MIN_LENGTH
            or not token.key.isalpha()
            or token.key in self.known
            or token.norm in self.known
        ):
            return None
        found, doubt = self.nearest(token.key)
        return (found, doubt) if found is not None else None

    def nearest(self, word: str) -> tuple[str | None, float]:
        near = process.extractOne(word, self.initials.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=MIN_RATIO)
        if near is not None:
            return near[0], _SPELT_DOUBT
        alike = [w for w in self.sounds.get(sound_of(word), ()) if fuzz.ratio(word, w) >= MIN_SOUND_RATIO]
        return (alike[0], _HEARD_DOUBT) if len(alike) == 1 else (None, 0.0)


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    return str(jellyfish.metaphone(word))
