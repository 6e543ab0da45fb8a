"""Notices that somebody speaks and the recogniser says nothing: a provider that accepts a call and stays silent."""

from __future__ import annotations

from typing import Final

from voice.audio.formats import pcm16_to_samples
from voice.audio.levels import level_dbfs
from voice.audio.speech import EnergyGate

LOOK_EVERY_MS: Final = 100  # one frame in so much audio is looked at: a few microseconds a second
LOUD_LOOKS: Final = 6  # in all, before it may have been a voice
PAUSE_LOOKS: Final = 20  # of quiet in a row, and what came before was the street


class UnheardVoice:
    """By loudness only. What it reports is to be looked at with a model of speech before anybody acts on it."""

    def __init__(self, *, after_ms: float) -> None:
        self._after_ms = after_ms
        self._gate = EnergyGate(above_room_db=9.0, floor_dbfs=-50.0)
        self._looked_at_ms = 0.0
        self._loud = 0
        self._quiet = 0
        self.from_ms: float | None = None  # where it may have begun

    @property
    def quiet_ms(self) -> float:
        """Since anything was loud."""
        return self._quiet * LOOK_EVERY_MS

    def push(self, pcm: bytes, position_ms: float) -> bool:
        """`pcm`: whole samples that end at `position_ms`. True: loud for so long that words should have come."""
        if position_ms - self._looked_at_ms < LOOK_EVERY_MS:
            return False
        self._looked_at_ms = position_ms
        if self._gate.is_open(level_dbfs(pcm16_to_samples(pcm))):
            self._loud, self._quiet = self._loud + 1, 0
            if self.from_ms is None:
                self.from_ms = position_ms
        else:
            self._quiet += 1
        if self._quiet >= PAUSE_LOOKS and self._loud < LOUD_LOOKS:
            self.forget()
        return self.from_ms is not None and self._loud >= LOUD_LOOKS and position_ms - self.from_ms >= self._after_ms

    def forget(self) -> None:
        """The recogniser has spoken, or it was no voice."""
        self._loud = 0
        self.from_ms = None
