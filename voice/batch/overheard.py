"""The call core with an ear at it: what it says, as it is spoken, and a signal after each event."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from voice.dialog.effects import Effect, SendCaption
from voice.dialog.events import Event
from voice.dialog.session import CallSession
from voice.dialog.state import DialogState

OWN_TIMERS = ("placing", "understanding", "call_length")  # the others wait for a customer who is connected


class Overheard:
    """For one turn. Where sentences are only shown, what the speaker would read is known to nobody else."""

    def __init__(self, session: CallSession) -> None:
        self._session = session
        self.said: list[tuple[str, str]] = []  # as shown, as spoken
        self.handled = asyncio.Event()

    @property
    def state(self) -> DialogState:
        return self._session.state

    def handle(self, event: Event) -> list[Effect]:
        try:
            effects = self._session.handle(event)
        finally:
            self.handled.set()
        for effect in effects:
            if isinstance(effect, SendCaption) and effect.speaker == "assistant" and effect.text:
                sentences = self.state.speaking.speech.sentences
                is_last = " ".join(one.text for one in sentences) == effect.text
                self.said.append((effect.text, " ".join(one.said for one in sentences) if is_last else effect.text))
        return effects


def without_waiting(state: DialogState) -> DialogState:
    """Nobody is waited for: a customer without a connection takes the time they take."""
    timers = {name: due for name, due in state.timers.items() if name in OWN_TIMERS}
    return replace(state, timers=timers)
