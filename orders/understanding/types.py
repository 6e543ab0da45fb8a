"""What an understander returns for one utterance: cart edits, dialogue acts, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from orders.cart_types import Cart, CartEdit, Problem


class ActKind(StrEnum):
    """What the customer does besides changing the cart."""

    YES = "yes"
    NO = "no"
    DONE = "done"  # "that's all"
    CANCEL_ORDER = "cancel_order"
    ASK_PERSON = "ask_person"
    REPEAT = "repeat"  # "what did you say", "what do I have so far"
    REPEAT_ORDER = "repeat_order"
    ASK_TOTAL = "ask_total"
    ASK_PRICE = "ask_price"  # targets: item or option ids
    ASK_CONTENTS = "ask_contents"  # what comes on it
    ASK_ALLERGEN = "ask_allergen"  # value: allergen; targets: item ids (empty: the last line, or the menu)
    ASK_MENU = "ask_menu"  # "what kinds of tacos do you have"; value: category id or group id or ""
    ASK_HOURS = "ask_hours"
    UNDO = "undo"
    GREETING = "greeting"
    THANKS = "thanks"
    HOLD = "hold"  # "give me a second"
    OFF_MENU = "off_menu"  # value: the words; targets: the nearest real offers
    NO_PREFERENCE = "no_preference"  # "whatever", "the usual", "surprise me": take the default


@dataclass(frozen=True, slots=True)
class DialogueAct:
    kind: ActKind
    value: str = ""
    targets: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the dialogue asked last, so that "the large one" or "mango" alone is an answer."""

    problems: tuple[Problem, ...] = ()  # the ones asked about, in the order asked
    confirming: bool = False  # a readback or yes/no question is open
    offered: tuple[str, ...] = ()  # item ids offered ("anything to drink?")
    wants: str = ""  # "name" | "phone" | "fulfilment" when that was asked


@dataclass(frozen=True, slots=True)
class TokenReading:
    """For `explain`: a span of tokens [start, end) and what it was taken for."""

    start: int
    end: int
    text: str
    kind: str  # item | option | variation | number | amount | cue | filler | unknown | ...
    value: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """`edits` apply in order to the cart the utterance was read against. `is_complete`: the words so far form whole
    edits (nothing dangles: no open "with", "a large", "and"), which lets endpointing close the turn early."""

    text: str
    edits: tuple[CartEdit, ...] = ()
    acts: tuple[DialogueAct, ...] = ()
    confidence: float = 1.0
    is_complete: bool = True
    unknown: tuple[str, ...] = ()  # content words nobody understood
    readings: tuple[TokenReading, ...] = ()
    hypothesis: int = 0  # index of the recogniser hypothesis that was chosen


class MenuUnderstander(Protocol):
    """A compiled menu. Pure, thread-safe, reused by every call of the restaurant.

    Built by `orders.understanding.compile_menu(menu, language="en")`.
    """

    def understand(self, text: str, cart: Cart, expect: Expectation = ...) -> Understanding: ...

    def understand_best(self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation = ...) -> Understanding:
        """Reads every hypothesis (best first) and returns the reading that covers most of its words by the menu."""
        ...

    def is_complete(self, text: str, cart: Cart, expect: Expectation = ...) -> bool:
        """For endpointing, on interim words: could the customer be done?"""
        ...
