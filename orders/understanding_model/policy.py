"""When a model is worth its time: only for words about the menu that the parser is unsure of."""

from __future__ import annotations

from orders.understanding.types import ActKind, Expectation, Understanding
from orders.understanding.verdict import ACCEPT_FROM, certainty

# Not moves in the dialogue: what is left of an utterance that was mostly not understood.
_SMALL_TALK = frozenset({ActKind.OFF_MENU, ActKind.GREETING, ActKind.THANKS})
_NOTHING_ASKED = Expectation()


def should_ask_model(
    understanding: Understanding, threshold: float = ACCEPT_FROM, expect: Expectation = _NOTHING_ASKED
) -> bool:
    """Never for names and phone numbers, nor for a yes or no that came without anything else: those are ours."""
    if expect.wants or not any(letter.isalpha() for letter in understanding.text):
        return False
    is_move = any(act.kind not in _SMALL_TALK for act in understanding.acts)
    if is_move and not understanding.edits and not understanding.unknown:
        return False
    return certainty(understanding) < threshold
