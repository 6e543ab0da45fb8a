"""What the customer does by hand. It takes the same path as speech, without a voice nagging about every tap."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import basket, checkout, mouth, policy, replying, turn_log
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import SendNotice
from voice.dialog.events import CartTouched, ConfirmTapped, UndoTapped
from voice.dialog.questions import more_question, order_question, problem_question, refusal_sentence, to_ask
from voice.dialog.state import Asks, Stage, Turn

FROZEN = (Stage.PLACING, Stage.PLACED)


def cart_touched(call: Call, event: CartTouched) -> None:
    """An edit of an older cart counts where its line still stands; the reducer refuses the rest."""
    if call.ordering.stage in FROZEN:
        _refuse_frozen(call, event.ref)
        return
    applied = basket.tried(call, event.edits)
    for _, problem in applied.refused:
        text = refusal_sentence(call, problem).text
        call.emit(SendNotice(code="refused_edit", text=text, ref=event.ref))
    _taken(call, event.ref, has_changed=basket.take(call, applied.cart, applied.problems, ref=event.ref))


def undo_tapped(call: Call, event: UndoTapped) -> None:
    if call.ordering.stage in FROZEN:
        _refuse_frozen(call, event.ref)
    elif basket.undo(call, event.ref):
        _taken(call, event.ref, has_changed=True)
    else:
        call.emit(SendNotice(code="nothing_to_undo", text=call.text("nothing_to_undo"), ref=event.ref))


def _refuse_frozen(call: Call, ref: str) -> None:
    is_placed = call.ordering.stage is Stage.PLACED
    text = call.text("already_placed", number=call.ordering.number) if is_placed else call.text("placing_frozen")
    call.emit(SendNotice(code="refused_edit", text=text, ref=ref))
    basket.show(call, ref)


def _taken(call: Call, ref: str, *, has_changed: bool) -> None:
    call.flow = replace(call.flow, source="touch", misses=0)
    call.stop_timer("no_input")
    if not has_changed:
        basket.show(call, ref)
        return
    mouth.drop_waiting(call)
    if call.speaking.speech.is_readback or call.flow.question.asks in (Asks.PROBLEMS, Asks.PROPOSAL):
        mouth.cut(call, by_hand=True)  # it speaks of a cart that is no more
    basket.seen(call)
    number = call.hearing.last_number + 1
    call.hearing = replace(call.hearing, last_number=number)
    turn_log.remember(call, Turn(number, number, "touch", ()), None, "")
    _refresh(call)


def _refresh(call: Call) -> None:
    """The question that is now due, as chips only; a sheet that was open, or was asked for, opens on the new cart."""
    problems = to_ask(call.ordering.problems)
    if not call.ordering.cart.lines:
        call.ordering = replace(call.ordering, is_wrapping_up=False)
        replying.ask(call, order_question(call))
    elif problems:
        replying.ask(call, problem_question(call, problems))
    elif call.ordering.is_wrapping_up and call.is_open:
        replying.ask(call, checkout.open_readback(Draft(call, source="touch"), by_hand=True))
    else:
        replying.ask(call, more_question(call))


def review_tapped(call: Call) -> None:
    if call.ordering.stage in FROZEN:
        return
    mouth.drop_waiting(call)
    call.flow = replace(call.flow, source="touch")
    call.ordering = replace(call.ordering, is_wrapping_up=bool(call.ordering.cart.lines))
    draft = Draft(call, source="touch")
    draft.question = checkout.review(draft)
    replying.reply(draft)


def confirm_tapped(call: Call, event: ConfirmTapped) -> None:
    call.flow = replace(call.flow, source="touch")
    draft = checkout.confirm_tapped(call, event)
    if draft is not None:
        replying.reply(draft)


def person_requested(call: Call) -> None:
    mouth.drop_waiting(call)
    draft = Draft(call, source="touch", is_silent=True)
    policy.ask_person(draft)
    replying.reply(draft)
