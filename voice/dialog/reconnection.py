"""Connections that break and come back: words already made are kept, and what was not heard is said again."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import Cart
from voice.dialog import basket, checkout, mouth, replying
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import ShowChips, ShowReadback
from voice.dialog.heard import heard_ms, heard_part
from voice.dialog.phrases import phrase
from voice.dialog.state import Asks, Ear, Mouth, Speech, Stage

RECONNECT_MS = 120_000
REST_MS = 2_500  # how long the other half of a sentence may take to come again


def client_dropped(call: Call) -> None:
    """Nobody hears or speaks: the open reply ends here, the rest waits for them to come back.

    Words the recogniser has given for good are kept (`Hearing.carried`): their audio will not come again. What it was
    still at will, from the page's ring.
    """
    call.flow = replace(call.flow, is_dropped=True, unheard=_unheard(call) or call.flow.unheard)
    mouth.drop_waiting(call)
    mouth.cut(call)
    for timer in ("endpoint", "utterance", "no_transcript", "no_input", "interruption"):
        call.stop_timer(timer)
    call.hearing = replace(call.hearing, ear=Ear.IDLE, interim="", due=0)
    call.start_timer("reconnect", RECONNECT_MS)


def _unheard(call: Call) -> Speech | None:
    """The sentences of the reply that have not been heard to their end; a reply that still waits is all of that."""
    speaking = call.speaking
    if speaking.waiting is not None:
        return speaking.waiting
    if speaking.mouth is Mouth.SILENT or speaking.speech.is_read:
        return None
    _, whole = heard_part(speaking, heard_ms(speaking, call.now_ms))
    rest = speaking.speech.sentences[whole:]
    return replace(speaking.speech, sentences=rest) if rest else None


def client_resumed(call: Call) -> None:
    """Everything the page shows is sent again; what they missed is said, or else the open question asked again."""
    missed = call.speaking.waiting or call.flow.unheard  # a newer reply tells all the older one would have
    mouth.drop_waiting(call)
    call.flow = replace(call.flow, is_dropped=False, shown=None, unheard=None)
    call.stop_timer("reconnect")
    if call.hearing.carried and call.hearing.ear is Ear.IDLE:
        call.start_timer("endpoint", REST_MS)
    basket.show(call)
    _show_question(call)
    mouth.say(call, _welcome_back(call, missed))


def _show_question(call: Call) -> None:
    if call.flow.question.asks is Asks.NOTHING and call.ordering.stage is Stage.ORDERING:  # rebuilt without it
        basket.recheck(call)
        replying.ask(call, replying.next_question(Draft(call)))
    text = " ".join(one.text for one in replying.open_question(call))
    call.emit(ShowChips(question=text, chips=call.flow.question.chips))
    readback = call.ordering.readback
    if readback is not None and call.ordering.stage is Stage.CONFIRMING:
        call.emit(ShowReadback(cart=call.ordering.cart, key=readback.key, text=readback.text))


def _welcome_back(call: Call, missed: Speech | None) -> Speech:
    ordering = call.ordering
    if ordering.stage is Stage.PLACED:
        return Speech((call.sentence("already_placed", number=ordering.number),))
    if ordering.stage is Stage.PLACING:
        return Speech((call.sentence("placing"),))
    again = replying.open_question(call)
    if ordering.readback is not None:
        return Speech((*checkout.readback_sentences(call), *again), is_readback=True)
    if missed is not None:
        call.ordering = replace(ordering, told=ordering.cart, told_before=ordering.told)
        return replace(missed, is_readback=False)
    return Speech((call.sentence("welcome_back"), *again))


def session_expired(language: str, cart: Cart) -> str:
    """To somebody whose call had ended when they came back; `cart` is what the new one begins with."""
    return phrase(language, "notice_session_expired_basket" if cart.lines else "notice_session_expired")
