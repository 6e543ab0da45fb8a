"""How long a silence ends a turn: short when the words could be all of it, long when they end mid-phrase."""

from __future__ import annotations

from restaurants.menu import Menu, localized
from voice.dialog.phrases import open_words, words_of

COMPLETE_MS, DEFAULT_MS, OPEN_MS = 250, 700, 1200
COMPLETE_MAX_MS, DEFAULT_MAX_MS, OPEN_MAX_MS = 500, 1100, 1800
DEFAULT_MIN_MS = 500
SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS = 120, 2500  # outside of this a pause says nothing about the caller
LEARNING = 4  # one part in so many of the newest pause

_NUMBERS = {
    "en": frozenset("one two three four five six seven eight nine ten eleven twelve dozen couple".split()),
    "es": frozenset("dos tres cuatro cinco seis siete ocho nueve diez once doce docena par".split()),
}


def hanging_words(menu: Menu, language: str) -> frozenset[str]:
    """Words after which something has to come: "with", "a", "two", and this menu's sizes."""
    sizes = {localized(size, language) for item in menu.items for size in item.variations}
    single = {words[0] for name in sizes if len(words := words_of(name)) == 1}
    return open_words(language) | _NUMBERS.get(language, frozenset()) | single


def ends_open(text: str, hanging: frozenset[str]) -> bool:
    words = words_of(text)
    return bool(words) and (words[-1] in hanging or words[-1].isdigit())


def silence_ms(*, is_complete: bool, is_open: bool, habit_ms: int) -> int:
    """`habit_ms`: this caller's usual pause inside a turn, 0 while nothing is known."""
    if is_complete:
        return _between(COMPLETE_MS, habit_ms // 2, COMPLETE_MAX_MS)
    if is_open:
        return _between(OPEN_MS, habit_ms * 2, OPEN_MAX_MS)
    if not habit_ms:
        return DEFAULT_MS
    return _between(DEFAULT_MIN_MS, habit_ms * 5 // 4 + 200, DEFAULT_MAX_MS)


def learned(habit_ms: int, pause_ms: int) -> int:
    """The habit after one more pause inside a turn; the first counts whole."""
    if not SHORTEST_PAUSE_MS <= pause_ms <= LONGEST_PAUSE_MS:
        return habit_ms
    return habit_ms + (pause_ms - habit_ms) // LEARNING if habit_ms else pause_ms


def _between(low: int, value: int, high: int) -> int:
    return min(max(low, value), high)
