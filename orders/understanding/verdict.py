"""What the dialogue does with a reading of this confidence.

One place for it: the dialogue, `explain` and the second opinion agree.
"""

from __future__ import annotations

from enum import StrEnum

from orders.understanding.types import ActKind, Understanding

ACCEPT_FROM = 0.75  # from here on nothing more is said about the reading itself
ASK_BELOW = 0.5  # such a reading is asked about before it changes the cart

_NOT_AN_ANSWER = frozenset({ActKind.OFF_MENU})


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    READ_BACK = "read_back"  # applied, and told with the words that were not understood
    ASK = "ask"  # nothing changes before the customer said yes, or said it again


def certainty(understanding: Understanding) -> float:
    """Of the reading as a whole: that of its weakest edit, and never more than its own."""
    return min(understanding.confidence, *(edit.confidence for edit in understanding.edits), 1.0)


def verdict_of(understanding: Understanding) -> Verdict:
    """A reading without an edit or an act to answer is nothing to accept, however sure it is."""
    has_acts = any(act.kind not in _NOT_AN_ANSWER for act in understanding.acts)
    sure = certainty(understanding)
    if sure < ASK_BELOW or not (understanding.edits or has_acts or sure >= ACCEPT_FROM):
        return Verdict.ASK
    return Verdict.ACCEPTED if sure >= ACCEPT_FROM else Verdict.READ_BACK
