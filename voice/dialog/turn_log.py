"""What is kept of each exchange. A turn is saved once it is known how much of its reply was heard."""

from __future__ import annotations

from dataclasses import replace

from orders.understanding.types import Understanding
from voice.dialog.call import Call
from voice.dialog.effects import SaveTurn, TurnRecord
from voice.dialog.packing import pack_understanding, unpack_understanding
from voice.dialog.state import Turn, UnsavedTurn


def remember(call: Call, turn: Turn, understanding: Understanding | None, reply: str) -> None:
    """Called after the reply was said; `save` follows when it was heard, cut short, or followed by the next turn."""
    save(call)
    is_said = bool(reply) and call.can_speak
    is_waiting = call.speaking.waiting is not None
    unsaved = UnsavedTurn(
        turn=turn.number,
        source=turn.source,
        heard=turn.chosen(understanding.hypothesis if understanding else 0),
        hypotheses=turn.hypotheses,
        understanding=pack_understanding(understanding) if understanding is not None else None,
        reply=reply,
        response=call.speaking.response + is_waiting if is_said else None,
        revision=call.ordering.cart.revision,
        speech_ended_ms=turn.speech_ended_ms,
        final_ms=turn.final_ms,
        understood_ms=call.now_ms,
    )
    call.flow = replace(call.flow, unsaved=unsaved)
    if not is_said:
        save(call)


def heard_first_audio(call: Call, response: int, at_ms: int) -> None:
    unsaved = call.flow.unsaved
    if unsaved is not None and unsaved.response == response and unsaved.first_audio_ms is None:
        call.flow = replace(call.flow, unsaved=replace(unsaved, first_audio_ms=at_ms))


def reply_ended(call: Call, response: int, heard: str | None = None) -> None:
    """The reply was played, or cut short after `heard`."""
    unsaved = call.flow.unsaved
    if unsaved is not None and unsaved.response == response:
        save(call, reply_heard=heard)


def save(call: Call, *, reply_heard: str | None = None) -> None:
    unsaved = call.flow.unsaved
    if unsaved is None:
        return
    call.flow = replace(call.flow, unsaved=None)
    record = TurnRecord(
        turn=unsaved.turn,
        source=unsaved.source,
        heard=unsaved.heard,
        hypotheses=unsaved.hypotheses,
        understanding=unpack_understanding(unsaved.understanding) if unsaved.understanding is not None else None,
        reply=unsaved.reply,
        reply_heard=reply_heard,
        cart_revision=unsaved.revision,
        speech_ended_ms=unsaved.speech_ended_ms,
        final_ms=unsaved.final_ms,
        understood_ms=unsaved.understood_ms,
        first_audio_ms=unsaved.first_audio_ms,
        response=unsaved.response,
    )
    call.emit(SaveTurn(record=record, cart=call.ordering.cart))
