"""Text to tokens: lower case, no accents, no apostrophes, singular keys; punctuation survives only as pauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

MAX_TOKENS = 200
MAX_WORD = 40

_PIECES = re.compile(
    r"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’`´][^\W\d_]+)*|[%&#+]|(?<=\d)[\"″]|[.,;:!?¿¡…—–()]+"
)
_APOSTROPHES = str.maketrans("", "", "'’`´")
_SIGNS = {"%": "percent", "&": "and", "#": "number", "+": "plus", '"': "inch", "″": "inch"}
_LONG_PAUSES = frozenset(".;:!?…")
_UNFOLDABLE = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `norm` is what the language layer reads, `key` (singular, canonical) what the menu is looked up by.

    `pause` is the punctuation before it: 0 none, 1 a comma, 2 the end of a sentence. Offsets point into the text.
    """

    norm: str
    key: str
    start: int
    end: int
    pause: int = 0


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Lower case without accents, marks and apostrophes."""
    if word.isascii():
        return word.lower().translate(_APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_UNFOLDABLE))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_APOSTROPHES)


_SINGULAR_EXCEPTIONS = {
    "halves": "half",
    "leaves": "leaf",
    "loaves": "loaf",
    "knives": "knife",
    "this": "this",
    "gas": "gas",
    "has": "has",
    "was": "was",
}
_NO_PLURAL = ("ss", "us", "is")


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """One key for singular and plural of a folded word. Not always a dictionary form: only equality matters."""
    if word in _SINGULAR_EXCEPTIONS:
        return _SINGULAR_EXCEPTIONS[word]
    if len(word) < 3 or not word[-1].isalpha():
        return word
    stem = word
    if word.endswith("s") and not word.endswith(_NO_PLURAL):
        stem = word[:-1]
        if stem.endswith(("oe", "che", "she", "sse", "xe", "zze")):
            stem = stem[:-1]
    if stem.endswith("ie") and len(stem) > 3:
        return stem[:-1]
    if stem.endswith("y") and len(stem) > 3 and stem[-2] not in "aeiou":
        return stem[:-1] + "i"
    return stem


def is_plural(word: str) -> bool:
    return len(word) > 2 and word.endswith("s") and not word.endswith(_NO_PLURAL) and word not in _SINGULAR_EXCEPTIONS


def tokenize(text: str, canonical: Mapping[str, str], *, limit: int = MAX_TOKENS) -> tuple[list[Token], bool]:
    """The tokens of a text and whether all of it was read. `canonical` maps a folded word to the key it shares."""
    tokens: list[Token] = []
    pause = 0
    for match in _PIECES.finditer(text):
        piece = match.group()
        if piece in _SIGNS:
            norm = _SIGNS[piece]
        elif piece[0].isalnum():
            norm = fold(piece[:MAX_WORD])
        else:
            pause = max(pause, 2 if _LONG_PAUSES & set(piece) else 1)
            continue
        if not norm:
            continue
        if len(tokens) >= limit:
            return tokens, False
        tokens.append(Token(norm, key_of(norm, canonical), match.start(), match.end(), pause))
        pause = 0
    return tokens, True


def key_of(norm: str, canonical: Mapping[str, str]) -> str:
    found = canonical.get(norm)
    if found is None:
        stem = singular(norm)
        found = canonical.get(stem, stem)
    return found


def words_of(name: str, canonical: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Norms and keys of a name on the menu. What stands in brackets is not said."""
    spoken = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name)
    tokens, _ = tokenize(spoken if spoken.strip() else name, canonical, limit=24)
    return tuple(t.norm for t in tokens), tuple(t.key for t in tokens)
