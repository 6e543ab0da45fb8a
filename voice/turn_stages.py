"""How far the turn of a recording is, by what its page is sent: understanding, basket, speaking, done."""

from __future__ import annotations

from collections.abc import Iterable

from voice.protocol import Caption, ServerMessage, SpeechEnd, SpeechStart, StateIs

UNDERSTANDING, BASKET, SPEAKING, DONE = "understanding", "basket", "speaking", "done"
STAGES = (UNDERSTANDING, BASKET, SPEAKING, DONE)
QUIET_STATES = frozenset({"listening", "ready", "placed", "with_staff", "ended"})

Reached = list[tuple[str, str]]  # recording, stage


class TurnStages:
    """Recordings that were heard together, as halves of one sentence, go on together. Each stage is told once."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}  # recording: index of the stage reached
        self._over: set[str] = set()

    def __len__(self) -> int:
        return len(self._at)

    def heard(self, recordings: Iterable[str]) -> Reached:
        """Their words are in the dialogue."""
        new = [one for one in recordings if one not in self._at and one not in self._over]
        self._at.update(dict.fromkeys(new, 0))
        return [(one, UNDERSTANDING) for one in new]

    def wrote(self, message: ServerMessage) -> Reached:
        match message:
            case Caption(speaker="customer", final=True):
                return self._reach(BASKET)
            case Caption(speaker="assistant", final=True):
                return self._reach(SPEAKING)
            case SpeechStart() if self._at:
                return self._reach(SPEAKING)
            case SpeechEnd():
                return self._reach(DONE, at_least=SPEAKING)
            case StateIs(state=state) if state in QUIET_STATES:
                return self._reach(DONE, at_least=BASKET)
            case _:
                return []

    def end(self) -> Reached:
        """The call is over."""
        return self._reach(DONE)

    def _reach(self, stage: str, *, at_least: str = UNDERSTANDING) -> Reached:
        goal, least = STAGES.index(stage), STAGES.index(at_least)
        reached = [
            (recording, STAGES[step])
            for recording, place in self._at.items()
            if place >= least
            for step in range(place + 1, goal + 1)
        ]
        for recording, name in reached:
            self._at[recording] = STAGES.index(name)
            if name == DONE:
                del self._at[recording]
                self._over.add(recording)
        return reached
