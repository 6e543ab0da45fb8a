"""What becomes of the two readings. The reducer has the last word, and what a model says is at most told back.

A model can neither place an order nor confirm one: it has no word for yes, and cannot make a yes of the parser surer.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from orders.cart import apply_edits
from orders.cart_types import Cart, CartEdit, Line, NoteAllergy, Origin, ProblemKind, SetCustomer, SetFulfilment
from orders.understanding.types import ActKind, DialogueAct, Understanding
from orders.understanding_model.answer import ACTS, Answer
from orders.understanding_model.edits import InventedIdError, edits_of
from orders.understanding_model.question import Question
from orders.understanding_model.types import Outcome, SecondReading

AGREED = 0.9  # two readers that know nothing of each other came to the same basket
TAKEN = 0.6  # told back: under `verdict.ACCEPT_FROM`
UNSURE = 0.4  # asked: under `verdict.ASK_BELOW`

# What only the parser reads; a model's reading never loses it.
_OURS = (SetFulfilment, SetCustomer, NoteAllergy)
_decoder = msgspec.json.Decoder(Answer)


def weigh(first: Understanding, content: str, question: Question) -> SecondReading:
    """`first` is the parser's reading, `content` the model's answer as it came."""
    try:
        answer = _decoder.decode(content)
    except (msgspec.MsgspecError, RecursionError):
        return SecondReading(first, Outcome.UNREADABLE)
    if any(act not in ACTS for act in answer.acts):
        return SecondReading(first, Outcome.INVENTED)
    try:
        edits = edits_of(answer, question.part, question.cart, heard=first.text, confidence=_confidence(answer))
    except InventedIdError:
        return SecondReading(first, Outcome.INVENTED)
    if edits:
        return _with_edits(first, answer, edits, question)
    return _without_edits(first, answer)


def _confidence(answer: Answer) -> float:
    return TAKEN if answer.is_clear else UNSURE


def _with_edits(first: Understanding, answer: Answer, edits: tuple[CartEdit, ...], question: Question) -> SecondReading:
    """Only what is not allowed counts as refused: that something is out is news for the customer, not a mistake."""
    cart, menu = question.cart, question.part.menu
    edits = (*(edit for edit in first.edits if isinstance(edit, _OURS)), *edits)
    applied = apply_edits(cart, edits, menu)
    if any(problem.kind is ProblemKind.NOT_ALLOWED for _, problem in applied.refused):
        return SecondReading(_doubted(first), Outcome.REFUSED_EDIT)
    if first.edits and _content(applied.cart) == _content(apply_edits(cart, first.edits, menu).cart):
        surer = tuple(replace(edit, confidence=max(edit.confidence, AGREED)) for edit in first.edits)
        agreed = replace(first, edits=surer, confidence=max(first.confidence, AGREED), acts=_acts(first, answer, ()))
        return SecondReading(agreed, Outcome.AGREED)
    read = replace(
        first,
        edits=edits,
        acts=_acts(first, answer, (ActKind.OFF_MENU,)),
        confidence=_confidence(answer),
        unknown=() if answer.is_clear else first.unknown,
    )
    return SecondReading(read, Outcome.TAKEN if answer.is_clear else Outcome.GUESSED)


def _without_edits(first: Understanding, answer: Answer) -> SecondReading:
    changes = [edit for edit in first.edits if not isinstance(edit, _OURS)]
    if changes:
        return SecondReading(_doubted(first), Outcome.DISPUTED)
    if not answer.acts or not answer.is_clear:
        return SecondReading(first, Outcome.NOTHING)
    acts = _acts(first, answer, (ActKind.OFF_MENU,))
    return SecondReading(replace(first, acts=acts, confidence=max(first.confidence, TAKEN)), Outcome.TAKEN)


def _doubted(first: Understanding) -> Understanding:
    return replace(first, confidence=min(first.confidence, UNSURE))


def _acts(first: Understanding, answer: Answer, without: tuple[ActKind, ...]) -> tuple[DialogueAct, ...]:
    """The parser's stay as sure as they were, whatever the reading as a whole becomes."""
    kept = [
        replace(act, confidence=min(act.confidence, first.confidence)) for act in first.acts if act.kind not in without
    ]
    known = {act.kind for act in kept}
    return (*kept, *(DialogueAct(act, confidence=TAKEN) for act in dict.fromkeys(answer.acts) if act not in known))


def _content(cart: Cart) -> tuple[object, ...]:
    """What was ordered, whoever read it and from which words."""
    lines = tuple(_plain(line) for line in cart.lines)
    return lines, cart.fulfilment, cart.customer_name, cart.customer_phone, cart.allergies


def _plain(line: Line) -> Line:
    options = tuple(sorted(line.options, key=lambda one: (one.group, one.option, one.portion)))
    return replace(line, heard="", origin=Origin.ASKED, options=options)
