"""Turns on their way through the understander, one after the other, each read against the cart as it then is."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import mouth, policy, turn_log
from voice.dialog.call import Call
from voice.dialog.effects import SendCaption, SendNotice, Understand
from voice.dialog.events import Understood, UtteranceTyped
from voice.dialog.questions import expectation
from voice.dialog.state import Ear, Staff, Turn

UNDERSTANDING_MS = 3_000
MAX_WAITING = 8


def submit(
    call: Call,
    source: str,
    hypotheses: tuple[str, ...],
    *,
    number: int,
    caption: int,
    speech_ended_ms: int | None = None,
) -> None:
    turn = Turn(
        number=number,
        caption=caption,
        source=source,
        hypotheses=hypotheses,
        speech_ended_ms=speech_ended_ms,
        final_ms=call.now_ms,
    )
    call.flow = replace(call.flow, source=source, has_prompted=False)
    if call.flow.staff is Staff.WITH_CUSTOMER:
        call.emit(SendCaption(speaker="customer", turn=caption, text=hypotheses[0], is_final=True))
        turn_log.remember(call, turn, None, "")
        return
    if len(call.hearing.waiting) >= MAX_WAITING:
        call.emit(SendNotice(code="busy", text=call.text("notice_busy")))
        return
    call.hearing = replace(call.hearing, waiting=(*call.hearing.waiting, turn))
    call.stop_timer("no_input")
    if len(call.hearing.waiting) == 1:
        _ask(call)
    elif source == "voice":
        call.emit(SendCaption(speaker="customer", turn=caption, text=hypotheses[0], is_final=False))


def typed(call: Call, event: UtteranceTyped) -> None:
    text = " ".join(event.text.split())
    if not text:
        return
    mouth.cut(call, by_hand=True)
    number = call.hearing.last_number + 1
    call.hearing = replace(call.hearing, last_number=number)
    submit(call, "typed", (text,), number=number, caption=number)


def _ask(call: Call) -> None:
    turn, *rest = call.hearing.waiting
    turn = replace(turn, revision=call.ordering.cart.revision)
    call.hearing = replace(call.hearing, waiting=(turn, *rest))
    call.emit(
        Understand(
            turn=turn.number,
            hypotheses=turn.hypotheses,
            cart=call.ordering.cart,
            expect=expectation(call.flow.question),
        )
    )
    call.start_timer("understanding", UNDERSTANDING_MS)


def understood(call: Call, event: Understood) -> None:
    """Stale answers are ignored; one read against a cart that changed meanwhile is asked for again."""
    waiting = call.hearing.waiting
    if not waiting or waiting[0].number != event.turn:
        return
    turn = waiting[0]
    if turn.revision != call.ordering.cart.revision:
        number = call.hearing.last_number + 1
        turn = replace(turn, number=number)
        call.hearing = replace(call.hearing, last_number=number, waiting=(turn, *waiting[1:]))
        _ask(call)
        return
    _take(call)
    text = turn.chosen(event.understanding.hypothesis)
    call.emit(SendCaption(speaker="customer", turn=turn.caption, text=text, is_final=True))
    policy.respond(call, turn, event.understanding)
    _next(call)


def understanding_ran_out(call: Call) -> None:
    """Our fault, not the customer's."""
    if not call.hearing.waiting:
        return
    turn = call.hearing.waiting[0]
    _take(call)
    call.emit(SendCaption(speaker="customer", turn=turn.caption, text=turn.hypotheses[0], is_final=True))
    policy.understander_failed(call, turn)
    _next(call)


def _take(call: Call) -> None:
    call.stop_timer("understanding")
    call.hearing = replace(call.hearing, waiting=call.hearing.waiting[1:])


def _next(call: Call) -> None:
    if call.hearing.waiting and not call.is_over:
        _ask(call)
    elif call.hearing.ear is Ear.IDLE:
        mouth.floor_is_free(call)
