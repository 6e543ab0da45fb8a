"""The heart of a call: events in, effects out. No await, clock, chance or Django: time arrives inside the events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voice.dialog import checkout, lifeline, modes, mouth, pending, reconnection, recordings, touch, turns
from voice.dialog import events as ev
from voice.dialog.call import Call
from voice.dialog.context import CallContext
from voice.dialog.effects import Effect
from voice.dialog.endpointing import hanging_words
from voice.dialog.names import Names
from voice.dialog.state import DialogState, Flow, Ordering


class CallSession:
    """One call. The same events in the same order give the same effects, also after `restore`."""

    def __init__(self, context: CallContext, state: DialogState | None = None) -> None:
        state = state or DialogState(ordering=Ordering(availability=context.availability), flow=Flow(mode=context.mode))
        self._call = _call(context, state)

    @classmethod
    def restore(cls, context: CallContext, state: DialogState) -> CallSession:
        """Goes on where `state` was taken. The runner starts `state.timers` again: each is due at that `at_ms`."""
        return cls(context, state)

    @property
    def context(self) -> CallContext:
        return self._call.context

    @property
    def state(self) -> DialogState:
        return self._call.snapshot()

    def handle(self, event: ev.Event) -> list[Effect]:
        """What the event asks for, in order. After `Close` there is nothing more to do, whatever still arrives."""
        call = self._call
        if call.is_over:
            return []
        effects: list[Effect] = []
        call.effects = effects
        call.now_ms = max(call.now_ms, event.at_ms)
        _HANDLERS[type(event)](call, event)
        call.show_state()
        return effects


def _call(context: CallContext, state: DialogState) -> Call:
    return Call(
        context=context,
        names=Names(context.menu, context.language),
        hanging=hanging_words(context.menu, context.language),
        hearing=state.hearing,
        speaking=state.speaking,
        ordering=state.ordering,
        flow=state.flow,
        timers=dict(state.timers),
        now_ms=state.at_ms,
    )


def _stop_tapped(call: Call, _event: ev.StopTapped) -> None:
    mouth.drop_waiting(call)
    mouth.cut(call)
    mouth.floor_is_free(call)


def _timer_fired(call: Call, event: ev.TimerFired) -> None:
    """A firing of a timer that was stopped or restarted since is none."""
    fired = _TIMERS.get(event.name)
    if fired is not None and call.take_timer(event.name):
        fired(call)


def _reconnect_ran_out(call: Call) -> None:
    lifeline.hung_up(call, ev.HungUp(at_ms=call.now_ms, reason="connection_lost"))


def _words_ran_out(call: Call) -> None:
    recordings.words_ran_out(call)
    turns.no_transcript(call)


_TIMERS: dict[str, Callable[[Call], None]] = {
    "endpoint": turns.end_utterance,
    "utterance": turns.end_utterance,
    "no_transcript": _words_ran_out,
    "working": modes.still_working,
    "understanding": pending.understanding_ran_out,
    "interruption": mouth.interruption_ran_out,
    "playout": mouth.playout_ran_out,
    "no_input": lifeline.silence,
    "placing": checkout.placing_ran_out,
    "call_length": lifeline.call_too_long,
    "reconnect": _reconnect_ran_out,
}

_HANDLERS: dict[type[Any], Callable[[Call, Any], None]] = {
    ev.CallOpened: lambda call, _: lifeline.opened(call),
    ev.SpeechStarted: turns.speech_started,
    ev.SpeechPaused: turns.speech_paused,
    ev.SpeechResumed: turns.speech_started,
    ev.TranscriptInterim: turns.interim,
    ev.TranscriptFinal: turns.final,
    ev.RecordingReceived: recordings.recording_received,
    ev.RecordingHeard: recordings.recording_heard,
    ev.ModeChanged: modes.mode_changed,
    ev.UtteranceTyped: pending.typed,
    ev.CartTouched: touch.cart_touched,
    ev.UndoTapped: touch.undo_tapped,
    ev.Understood: pending.understood,
    ev.PlayoutAcked: mouth.acked,
    ev.SpeechSynthesized: mouth.synthesized,
    ev.StopTapped: _stop_tapped,
    ev.ConfirmTapped: touch.confirm_tapped,
    ev.ReviewTapped: lambda call, _: touch.review_tapped(call),
    ev.PersonRequested: lambda call, _: touch.person_requested(call),
    ev.OrderPlaced: checkout.order_placed,
    ev.OrderRefused: lifeline.order_refused,
    ev.EngineFailed: lifeline.engine_failed,
    ev.AvailabilityChanged: lifeline.availability_changed,
    ev.ClientDropped: lambda call, _: reconnection.client_dropped(call),
    ev.ClientResumed: lambda call, _: reconnection.client_resumed(call),
    ev.StaffTookOver: lifeline.staff_took_over,
    ev.StaffHandedBack: lambda call, _: lifeline.staff_handed_back(call),
    ev.TimerFired: _timer_fired,
    ev.HungUp: lifeline.hung_up,
}
