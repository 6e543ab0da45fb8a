"""Text from outside made safe to store and show on one line: names, notes, the words a customer said."""

from __future__ import annotations

import unicodedata

# Cc control, Cf format (also the direction overrides that turn text around), Cs surrogates, Co private use, Cn
# unassigned
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def one_line(text: str, limit: int) -> str:
    """`text` in NFC, without control and direction characters, runs of white space as one blank, at most `limit`
    long.
    """
    spaced = " ".join(text[: limit * 4].split())
    kept = "".join(mark for mark in spaced if unicodedata.category(mark) not in _DROPPED)
    return unicodedata.normalize("NFC", kept)[:limit].strip()
