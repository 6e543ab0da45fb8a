"""Numbers as people say them: digits, "twenty five", "a couple of", "half a dozen"."""

from __future__ import annotations

from collections.abc import Sequence

from orders.understanding.language import Language
from orders.understanding.words import Token

LARGEST = 9999


def numbers_at(tokens: Sequence[Token], start: int, language: Language) -> list[tuple[int, int]]:
    """Every (end, value) of a number that begins at `start`; also the shorter readings of a longer one."""
    first = tokens[start].norm
    if first not in language.number_starts and not first.isdigit():
        return []
    found: list[tuple[int, int]] = []
    for end in range(start + 1, min(len(tokens), start + 5) + 1):
        words = [token.norm for token in tokens[start:end]]
        if end - start > 1 and any(token.pause for token in tokens[start + 1 : end]):
            break
        value = language.amounts.get(" ".join(words))
        if value is None:
            value = number_value(words, language)
        if value is not None:
            found.append((end, value))
    return found


def number_value(words: Sequence[str], language: Language) -> int | None:
    """The value of the words if all of them together are one number of at least zero."""
    total, last = 0, 10_000
    for index, word in enumerate(words):
        if word.isdigit() and len(word) <= 4:
            value = int(word)
            return value if len(words) == 1 else None
        if word == language.tens_joiner and 0 < index < len(words) - 1:
            continue
        simple = _simple(word, language)
        if simple is None:
            return None
        value = simple
        if value in language.hundreds.values() and index:
            if not 0 < total < 100:
                return None
            total, last = total * value, value
        elif value < 10 and last >= 20 and index and last < 1000:
            total, last = total + value, 0
        elif value < 100 and last in language.hundreds.values() and index:
            total, last = total + value, value
        elif index == 0:
            total = last = value
        else:
            return None
    return total if total <= LARGEST else None


def _simple(word: str, language: Language) -> int | None:
    for table in (language.units, language.tens, language.hundreds):
        if word in table:
            return table[word]
    return None
