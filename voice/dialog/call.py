"""A call while one event is handled: its state in pieces that handlers replace, and the effects they ask for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from voice.dialog.context import CallContext
from voice.dialog.effects import CallState, Close, Effect, Outcome, SendState, StartTimer, StopTimer
from voice.dialog.names import Names
from voice.dialog.phrases import Sentence, phrase, sentence
from voice.dialog.state import DialogState, Ear, Flow, Hearing, Mouth, Ordering, Speaking, Staff, Stage

EARLY_MS = 20  # a timer may fire this much early by the runner's rounding; earlier, it is one that was restarted since


@dataclass(slots=True)
class Call:
    """Owned by one `CallSession`. Handlers read and replace the pieces; nothing here knows what to say."""

    context: CallContext
    names: Names
    hanging: frozenset[str]  # words that leave a phrase open, see `endpointing`
    hearing: Hearing
    speaking: Speaking
    ordering: Ordering
    flow: Flow
    timers: dict[str, int]
    now_ms: int = 0
    effects: list[Effect] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.context.language

    def emit(self, effect: Effect) -> None:
        self.effects.append(effect)

    def text(self, key: str, **values: object) -> str:
        return phrase(self.context.language, key, **values)

    def sentence(self, key: str, **values: object) -> Sentence:
        return sentence(self.context.language, key, **values)

    def start_timer(self, name: str, after_ms: int) -> None:
        self.timers[name] = self.now_ms + after_ms
        self.emit(StartTimer(name=name, after_ms=after_ms))

    def stop_timer(self, name: str) -> None:
        if self.timers.pop(name, None) is not None:
            self.emit(StopTimer(name=name))

    def take_timer(self, name: str) -> bool:
        """Whether this firing is of the timer that runs now; it runs no more then."""
        due = self.timers.get(name)
        if due is None or self.now_ms < due - EARLY_MS:
            return False
        del self.timers[name]
        return True

    @property
    def can_hear(self) -> bool:
        return not (self.context.typed_only or self.hearing.has_failed)

    @property
    def is_batch(self) -> bool:
        """Whole utterances become words some seconds later; there are no words on the way."""
        return self.flow.mode == "batch"

    @property
    def can_speak(self) -> bool:
        return not (self.context.captions_only or self.speaking.has_failed)

    @property
    def is_open(self) -> bool:
        """Whether the restaurant takes orders."""
        return self.context.is_open and not self.ordering.has_closed

    @property
    def is_over(self) -> bool:
        return self.ordering.stage is Stage.ENDED

    def close(self, code: int, reason: str) -> None:
        """Nothing is emitted after this."""
        if self.is_over:
            return
        for name in tuple(self.timers):
            self.stop_timer(name)
        outcome = self.outcome()
        self.ordering = replace(self.ordering, stage=Stage.ENDED)
        self.show_state()
        self.emit(Close(code=code, reason=reason, outcome=outcome))

    def outcome(self) -> Outcome:
        staff = self.flow.staff
        if self.ordering.number is not None:
            had_help = staff in (Staff.WITH_CUSTOMER, Staff.WAS_HERE)
            return Outcome.COMPLETED_WITH_STAFF if had_help else Outcome.COMPLETED
        if staff is not Staff.AWAY:
            return Outcome.TRANSFERRED
        return Outcome.ABANDONED if self.context.is_open else Outcome.REJECTED

    def show_state(self) -> None:
        state = self._state()
        if state is not self.flow.shown:
            self.flow = replace(self.flow, shown=state)
            self.emit(SendState(state=state))

    def _state(self) -> CallState:
        stage = self.ordering.stage
        if stage is Stage.ENDED:
            return CallState.ENDED
        if self.flow.staff is Staff.WITH_CUSTOMER:
            return CallState.WITH_STAFF
        if stage is Stage.PLACED:
            return CallState.PLACED
        if self.hearing.ear in (Ear.HEARING, Ear.PAUSED):
            return CallState.LISTENING
        hearing = self.hearing
        if hearing.ear is Ear.FINISHING or hearing.waiting or hearing.recordings or stage is Stage.PLACING:
            return CallState.THINKING
        if self.speaking.mouth is not Mouth.SILENT:
            return CallState.SPEAKING
        if self.flow.staff is Staff.CALLED:
            return CallState.WITH_STAFF
        return CallState.LISTENING if self.can_hear else CallState.READY

    def snapshot(self) -> DialogState:
        return DialogState(self.hearing, self.speaking, self.ordering, self.flow, dict(self.timers), self.now_ms)
