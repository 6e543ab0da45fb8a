"""From spelling to sound: an n-gram model over pieces of (letters, phones), trained on the wheel's own dictionary.

Bisani & Ney 2008 ("joint-sequence models"), with Witten-Bell interpolation. Trained once a machine, ~6 s of CPU, and
kept in the cache.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from voice.engines.embedded.alignment import Aligner, Ids
from voice.engines.embedded.wheel import Phones, dictionary_entries, wheel_version

Keys = NDArray[np.uint64]

ORDER: Final = 6
_BITS: Final = 10  # of a piece's number; six of them fit into 64 bits
_EDGE: Final = 0  # the piece before the first and after the last
_LEAST_COUNT: Final = 3  # rarer pieces are mistakes of the alignment or of the dictionary
_LEARNED_FROM: Final = 20_000
_PRUNED_FROM: Final = 6  # of this order on, what was seen once is left out
_BEAM: Final = 40
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class _Grams:
    """One order: sorted keys (context and piece), their log chance, and the contexts' log backoff."""

    keys: Keys
    logs: NDArray[np.float32]
    contexts: Keys
    backoffs: NDArray[np.float32]


class SpellingSounds:
    """Guesses pronunciations. ~30 ms a word."""

    def __init__(self, pieces: list[tuple[str, Phones]], grams: list[_Grams]) -> None:
        self._pieces = pieces
        self._grams = grams
        by_letters: dict[str, list[int]] = {}
        for number, (letters, _) in enumerate(pieces):
            if letters:
                by_letters.setdefault(letters, []).append(number)
        self._by_letters = {letters: np.array(numbers, dtype=np.uint64) for letters, numbers in by_letters.items()}

    def guess(self, word: str, count: int = 3) -> tuple[Phones, ...]:
        """The likeliest pronunciations, best first, of the letters a–z in the word; none if there are none."""
        letters = "".join(char for char in word if "a" <= char <= "z")
        if not letters:
            return ()
        beams: list[list[tuple[float, int, tuple[int, ...]]]] = [[] for _ in range(len(letters) + 1)]
        beams[0] = [(0.0, 0, ())]
        for at in range(len(letters)):
            beam = sorted(beams[at], reverse=True)[:_BEAM]
            for width in (1, 2):
                candidates = self._by_letters.get(letters[at : at + width]) if at + width <= len(letters) else None
                if candidates is not None and beam:
                    beams[at + width] += self._extended(beam, candidates)
        ended = self._extended(sorted(beams[-1], reverse=True)[:_BEAM], np.array([_EDGE], dtype=np.uint64))
        found: dict[Phones, None] = {}
        for _, _, numbers in sorted(ended, reverse=True):
            phones = tuple(phone for number in numbers for phone in self._pieces[number][1])
            if phones:
                found.setdefault(phones)
        return tuple(found)[:count]

    def _extended(
        self, beam: list[tuple[float, int, tuple[int, ...]]], numbers: Keys
    ) -> list[tuple[float, int, tuple[int, ...]]]:
        contexts = np.array([context for _, context, _ in beam], dtype=np.uint64)
        keys = ((contexts[:, None] << np.uint64(_BITS)) | numbers[None, :]).ravel()
        logs = self._log_chances(keys).reshape(len(beam), -1) + np.array([[score] for score, _, _ in beam])
        mask = (1 << _BITS * (ORDER - 1)) - 1
        found = []
        for row, (_, context, path) in enumerate(beam):
            for column, number in enumerate(numbers.tolist()):
                found.append((float(logs[row, column]), (context << _BITS | number) & mask, (*path, number)))
        return found

    def _log_chances(self, keys: Keys) -> NDArray[np.float32]:
        """log p(last piece | the pieces before it), backing off order by order."""
        logs = np.zeros(keys.size, dtype=np.float32)
        open_rows = np.arange(keys.size)
        for order in range(ORDER, 0, -1):
            grams = self._grams[order - 1]
            wanted = keys[open_rows] & _mask(order)
            at, is_found = _find(grams.keys, wanted)
            logs[open_rows[is_found]] += grams.logs[at[is_found]]
            open_rows, wanted = open_rows[~is_found], wanted[~is_found]
            if not open_rows.size:
                return logs
            at, is_found = _find(grams.contexts, wanted >> np.uint64(_BITS))
            logs[open_rows[is_found]] += grams.backoffs[at[is_found]]
        logs[open_rows] += math.log(1e-7)
        return logs

    def save(self, path: Path) -> None:
        """Writes aside and renames."""
        arrays: dict[str, NDArray[np.generic]] = {
            "pieces": np.array([f"{letters}|{' '.join(phones)}" for letters, phones in self._pieces])
        }
        for order, grams in enumerate(self._grams):
            arrays |= {f"keys{order}": grams.keys, f"logs{order}": grams.logs,
                       f"contexts{order}": grams.contexts, f"backoffs{order}": grams.backoffs}  # fmt: skip
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.npz")
        np.savez_compressed(temporary, **arrays)  # type: ignore[arg-type]  # numpy's stub takes only its own keywords
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> SpellingSounds:
        """raises: OSError, ValueError, KeyError if it is not whole"""
        with np.load(path) as arrays:
            pieces = []
            for text in arrays["pieces"].tolist():
                letters, _, phones = text.partition("|")
                pieces.append((letters, tuple(phones.split())))
            grams = [
                _Grams(*(arrays[f"{name}{order}"] for name in ("keys", "logs", "contexts", "backoffs")))
                for order in range(ORDER)
            ]
        return cls(pieces, grams)


def spelling_sounds(cache_dir: Path) -> SpellingSounds:
    """From the cache, or trained now."""
    path = cache_dir / f"sounds-{wheel_version()}-{_FORMAT}.npz"
    try:
        return SpellingSounds.load(path)
    except (OSError, ValueError, KeyError):
        made = train(list(dictionary_entries()))
    made.save(path)
    return made


def train(entries: list[tuple[str, Phones]]) -> SpellingSounds:
    """Aligns, counts, smooths. Words with anything but letters, and very long ones, are left out."""
    usable = [(word, phones) for word, phones in entries if word.isascii() and word.isalpha() and len(word) <= 16]
    phone_ids = {phone: number for number, phone in enumerate(sorted({p for _, phones in usable for p in phones}))}
    encoded: list[tuple[Ids, Ids]] = [
        (np.array([ord(char) - 97 for char in word]), np.array([phone_ids[phone] for phone in phones]))
        for word, phones in usable
    ]
    aligner = Aligner(len(phone_ids))
    step = max(1, len(encoded) // _LEARNED_FROM)
    aligner.learn(encoded[::step])
    cut = [
        _pieces_of(word, phones, shapes)
        for (word, phones), shapes in zip(usable, aligner.pieces(encoded), strict=True)
        if shapes
    ]
    counts = Counter(piece for pieces in cut for piece in pieces)
    kept = [piece for piece, count in counts.most_common((1 << _BITS) - 1) if count >= _LEAST_COUNT]
    numbers = {piece: number for number, piece in enumerate(kept, start=1)}
    sequences = [[numbers[piece] for piece in pieces] for pieces in cut if all(piece in numbers for piece in pieces)]
    return SpellingSounds([("", ()), *kept], _count(sequences))


def _pieces_of(word: str, phones: Phones, shapes: list[tuple[int, int]]) -> list[tuple[str, Phones]]:
    letter = phone = 0
    found = []
    for letters, sounds in shapes:
        found.append((word[letter : letter + letters], phones[phone : phone + sounds]))
        letter, phone = letter + letters, phone + sounds
    return found


def _count(sequences: list[list[int]]) -> list[_Grams]:
    """Interpolated Witten-Bell, order by order: p(w|h) = (c(hw) + T(h) p(w|h')) / (c(h) + T(h))."""
    padded = [[_EDGE] * (ORDER - 1) + sequence + [_EDGE] for sequence in sequences]
    flat = np.array([number for sequence in padded for number in sequence], dtype=np.uint64)
    is_real = np.array([at >= ORDER - 1 for sequence in padded for at in range(len(sequence))])
    windows = np.zeros_like(flat)
    grams: list[_Grams] = []
    for order in range(1, ORDER + 1):
        shifted = np.roll(flat, order - 1) << np.uint64(_BITS * (order - 1))
        windows = windows | shifted
        keys, counts = np.unique(windows[is_real], return_counts=True)
        contexts, first, kinds = np.unique(keys >> np.uint64(_BITS), return_index=True, return_counts=True)
        totals = np.add.reduceat(counts, first)
        shorter = _chances(grams[-1], keys & _mask(order - 1)) if grams else np.full(keys.size, 1.0 / keys.size)
        of_context = np.repeat(np.arange(contexts.size), kinds)
        chance = (counts + kinds[of_context] * shorter) / (totals + kinds)[of_context]
        backoff = kinds / (totals + kinds)
        logs = np.log(chance).astype(np.float32)
        if order >= _PRUNED_FROM:
            repeated = counts > 1
            keys, logs = keys[repeated], logs[repeated]
        grams.append(_Grams(keys, logs, contexts, np.log(backoff).astype(np.float32)))
    return grams


def _chances(grams: _Grams, keys: Keys) -> NDArray[np.float64]:
    """Of keys that are there; of pruned ones the least there is."""
    at, is_found = _find(grams.keys, keys)
    return np.where(is_found, np.exp(grams.logs[at].astype(np.float64)), 1e-6)


def _mask(order: int) -> np.uint64:
    return np.uint64((1 << _BITS * order) - 1)


def _find(keys: Keys, wanted: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return at, keys[at] == wanted
