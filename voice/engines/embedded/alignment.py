"""Which letters of a word make which of its sounds: many-to-many alignment by expectation maximisation, in numpy.

Jiampojamarn, Kondrak & Sherif 2007, with pieces of one letter (no, one or two phones) or two letters (one phone).
Words of equal lengths are aligned together, cell by cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Weights = NDArray[np.float64]

LETTERS: Final = 26
_ITERATIONS: Final = 4
# (letters, phones) of a piece, and how likely each shape is before anything is known
SHAPES: Final = (((1, 1), 0.8), ((1, 0), 0.1), ((2, 1), 0.08), ((1, 2), 0.02))


@dataclass(frozen=True, slots=True)
class Batch:
    """Words of one length with pronunciations of one length."""

    rows: Ids  # positions in the list of words
    letters: Ids  # shape (n, letters), 0..25
    phones: Ids  # shape (n, phones)


class Aligner:
    """Learns from (letters, phones) pairs, then cuts each into pieces."""

    def __init__(self, phone_count: int) -> None:
        self._phone_count = phone_count
        sizes = {(1, 1): LETTERS * phone_count, (1, 0): LETTERS, (2, 1): LETTERS**2 * phone_count,
                 (1, 2): LETTERS * phone_count**2}  # fmt: skip
        self._chances: dict[tuple[int, int], Weights] = {
            shape: np.full(sizes[shape], chance / phone_count ** shape[1]) for shape, chance in SHAPES
        }

    def learn(self, words: Sequence[tuple[Ids, Ids]]) -> None:
        batches = list(batched(words))
        for _ in range(_ITERATIONS):
            seen = {shape: np.zeros_like(table) for shape, table in self._chances.items()}
            for batch in batches:
                self._expect(batch, seen)
            self._normalise(seen)

    def pieces(self, words: Sequence[tuple[Ids, Ids]]) -> list[list[tuple[int, int]]]:
        """The likeliest cut of each word: its (letters, phones) shapes in order; empty if it cannot be cut."""
        found: list[list[tuple[int, int]]] = [[] for _ in words]
        for batch in batched(words):
            for row, shapes in zip(batch.rows.tolist(), self._best(batch), strict=True):
                found[row] = shapes
        return found

    def _piece_ids(self, batch: Batch, shape: tuple[int, int], letter: int, phone: int) -> Ids:
        """Table index of the piece that starts at (letter, phone), for every word of the batch."""
        ids = batch.letters[:, letter]
        if shape[0] == 2:
            ids = ids * LETTERS + batch.letters[:, letter + 1]
        for step in range(shape[1]):
            ids = ids * self._phone_count + batch.phones[:, phone + step]
        return ids

    def _expect(self, batch: Batch, seen: dict[tuple[int, int], Weights]) -> None:
        """Adds every piece's posterior to `seen`, by the forward and backward sums."""
        size, letters = batch.letters.shape
        phones = batch.phones.shape[1]
        forward = np.zeros((letters + 1, phones + 1, size))
        backward = np.zeros_like(forward)
        forward[0, 0] = backward[letters, phones] = 1.0
        steps = list(_steps(letters, phones))
        chances = {}
        for step in steps:
            shape, letter, phone = step
            ids = self._piece_ids(batch, shape, letter, phone)
            chances[step] = (ids, self._chances[shape][ids])
            forward[letter + shape[0], phone + shape[1]] += forward[letter, phone] * chances[step][1]
        for step in reversed(steps):
            shape, letter, phone = step
            backward[letter, phone] += backward[letter + shape[0], phone + shape[1]] * chances[step][1]
        total = np.maximum(forward[letters, phones], 1e-300)
        for step in steps:
            shape, letter, phone = step
            ids, chance = chances[step]
            share = forward[letter, phone] * chance * backward[letter + shape[0], phone + shape[1]] / total
            seen[shape] += np.bincount(ids, weights=share, minlength=seen[shape].size)

    def _normalise(self, seen: dict[tuple[int, int], Weights]) -> None:
        """p(phones | letters): each letter string's pieces sum to one."""
        one = sum(seen[shape].reshape(LETTERS, -1).sum(axis=1) for shape, _ in SHAPES if shape[0] == 1)
        two = seen[2, 1].reshape(LETTERS**2, -1).sum(axis=1)
        # two letters compete with their first letter alone, so that pairs are used where they belong together
        pair_total = np.maximum(two + np.repeat(np.asarray(one), LETTERS) / LETTERS, 1e-12)
        for shape, _ in SHAPES:
            total = pair_total if shape[0] == 2 else np.maximum(np.asarray(one), 1e-12)
            table = seen[shape].reshape(total.size, -1) / total[:, None]
            self._chances[shape] = np.maximum(table.reshape(-1), 1e-12)

    def _best(self, batch: Batch) -> list[list[tuple[int, int]]]:
        size, letters = batch.letters.shape
        phones = batch.phones.shape[1]
        best = np.full((letters + 1, phones + 1, size), -np.inf)
        came_by = np.full((letters + 1, phones + 1, size), -1, dtype=np.int8)
        best[0, 0] = 0.0
        shapes = [shape for shape, _ in SHAPES]
        for shape, letter, phone in _steps(letters, phones):
            logs = np.log(self._chances[shape][self._piece_ids(batch, shape, letter, phone)])
            score = best[letter, phone] + logs
            cell = best[letter + shape[0], phone + shape[1]]
            better = score > cell
            cell[better] = score[better]
            came_by[letter + shape[0], phone + shape[1]][better] = shapes.index(shape)
        return [_walk_back(came_by[:, :, row], shapes) for row in range(size)]


def batched(words: Sequence[tuple[Ids, Ids]]) -> Iterator[Batch]:
    by_length: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, (letters, phones) in enumerate(words):
        by_length[letters.size, phones.size].append(row)
    for rows in by_length.values():
        yield Batch(
            np.array(rows), np.stack([words[row][0] for row in rows]), np.stack([words[row][1] for row in rows])
        )


def _steps(letters: int, phones: int) -> Iterator[tuple[tuple[int, int], int, int]]:
    """Every piece that fits, in an order in which a cell is complete before it is left."""
    for letter in range(letters + 1):
        for phone in range(phones + 1):
            for shape, _ in SHAPES:
                if letter + shape[0] <= letters and phone + shape[1] <= phones:
                    yield shape, letter, phone


def _walk_back(came_by: NDArray[np.int8], shapes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    letter, phone = came_by.shape[0] - 1, came_by.shape[1] - 1
    found = []
    while (letter, phone) != (0, 0):
        by = int(came_by[letter, phone])
        if by < 0:
            return []
        shape = shapes[by]
        found.append(shape)
        letter, phone = letter - shape[0], phone - shape[1]
    return found[::-1]
