"""Numbers as people say them: digits, "twenty five", "a couple of", "half a dozen"."""

from __future__ import annotations

from collections.abc import Sequence

from orders.understanding.language import Language
from orders.understanding.words import Token

LONGEST = 6  # digits
MOST_WORDS = 7


def numbers_at(tokens: Sequence[Token], start: int, language: Language) -> list[tuple[int, int]]:
    """Every (end, value) of a number that begins at `start`; also the shorter readings of a longer one."""
    first = tokens[start].norm
    if first not in language.number_starts and not first.replace(",", "").isdigit():
        return []
    found: list[tuple[int, int]] = []
    for end in range(start + 1, min(len(tokens), start + MOST_WORDS) + 1):
        words = [token.norm for token in tokens[start:end]]
        if end - start > 1 and any(token.pause for token in tokens[start + 1 : end]):
            break
        value = language.amounts.get(" ".join(words))
        if value is None:
            value = number_value(words, language)
        if value is None and not language.dozens.isdisjoint(words):
            value = _dozens(words, language)
        if value is not None:
            found.append((end, value))
    return found


def _dozens(words: Sequence[str], language: Language) -> int | None:
    """ "two dozen", "a dozen and a half", "one and a half dozen"."""
    text, half = " ".join(words), 0
    for more in language.half_more:
        if text.endswith(f" {more}") or f" {more} " in text:
            text, half = text.replace(f" {more}", "", 1), 6
            break
    *count, last = text.split()
    if last not in language.dozens:
        return None
    is_one = not count or (len(count) == 1 and count[0] in language.articles)
    value = 1 if is_one else number_value(count, language)
    return value * 12 + half if value is not None else None


def number_value(words: Sequence[str], language: Language) -> int | None:
    """The value of the words if all of them together are one number of at least zero: "two hundred and fifty"."""
    if len(words) == 1 and (written := words[0].replace(",", "")).isdigit():
        return int(written) if len(written) <= LONGEST else None
    thousands, group, room = 0, 0, 100  # what is added next stays below `room`
    for index, word in enumerate(words):
        is_inside = 0 < index < len(words) - 1
        if is_inside and (
            (word == language.tens_joiner and room == 10)
            or (word == language.hundreds_joiner and room == 100 and bool(group or thousands))
        ):
            continue
        value = int(word) if index == 0 and word.isdigit() and len(word) <= 3 else _simple(word, language)
        if value is None:
            return None
        if value == 1000 and index and group and not thousands:
            thousands, group, room = group * 1000, 0, 100
        elif value == 1000 and not index:
            thousands = 1000
        elif value == 100 and group < 100 and (group or room == 100):
            group, room = (group or 1) * 100, 100
        elif value < room or not index:
            group, room = group + value, 10 if value in language.tens.values() else 0
        else:
            return None
    return thousands + group


def _simple(word: str, language: Language) -> int | None:
    for table in (language.units, language.tens, language.hundreds):
        if word in table:
            return table[word]
    return None
