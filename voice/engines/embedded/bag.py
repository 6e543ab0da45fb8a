"""Weighted choice among phrases, deterministic for a given random generator."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from random import Random
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_WEIGHT_MARK: Final = "*"
_EMPTY: Final = "~"


class Bag(Generic[T]):
    """Things to draw from; empty bags are false and must not be drawn from."""

    def __init__(self, weighted: Iterable[tuple[T, float]]) -> None:
        kept = [(thing, weight) for thing, weight in weighted if weight > 0]
        self._things = [thing for thing, _ in kept]
        self._sums = list(itertools.accumulate(weight for _, weight in kept))

    def __bool__(self) -> bool:
        return bool(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def draw(self, random: Random) -> T:
        return random.choices(self._things, cum_weights=self._sums)[0]


def phrase_bag(text: str) -> Bag[tuple[str, ...]]:
    """ "can i get*8 | let me get" → word tuples with weights; "~" is the empty phrase."""
    weighted = []
    for entry in text.split("|"):
        phrase, _, weight = entry.strip().partition(_WEIGHT_MARK)
        weighted.append((() if phrase == _EMPTY else tuple(phrase.split()), float(weight or 1)))
    return Bag(weighted)
