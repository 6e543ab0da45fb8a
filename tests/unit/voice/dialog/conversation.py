"""Typed conversations in one line: each turn is what the understander makes of it."""

from __future__ import annotations

from orders.cart_types import (
    AddLine,
    LineCombo,
)
from orders.understanding.types import ActKind as A
from orders.understanding.types import DialogueAct, Understanding
from tests.unit.voice.dialog.driver import acts, call, edits
from voice.dialog import effects as fx

LARGE = edits(AddLine(item="pepperoni", variation="l"))
COKE = edits(AddLine(item="coke"))
TWO_COKES = edits(AddLine(item="coke", quantity=2))
BURGER = edits(AddLine(item="burger"))
DEAL = edits(AddLine(item="burger", combo=LineCombo("deal")))
YES, NO, DONE = acts(A.YES), acts(A.NO), acts(A.DONE)


def talk(*turns: Understanding, **changes):
    """A typed conversation: each turn is answered before the next."""
    dialogue = call({f"turn {place}": turn for place, turn in enumerate(turns)}, **changes)
    for place in range(len(turns)):
        dialogue.type(f"turn {place}")
    return dialogue


def replies(dialogue) -> list[str]:
    return [one.text for one in dialogue.all(fx.SendCaption) if one.speaker == "assistant"]


def ask(kind: A, value: str = "", *targets: str) -> Understanding:
    return acts(DialogueAct(kind, value, targets))
