"""What a customer waited for in one turn, as five contiguous parts that sum: end of speech to first reply audio."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLatency:
    """Milliseconds; `stopped_ms` is when the voice stopped, on the call's clock. The parts follow from there.

    endpointing    the voice stopped → the turn was closed (waiting whether the customer goes on, detection included)
    recognition    → the words were there
    understanding  → the reply was decided, with any second opinion
    speaking       → its first audio was written to the connection, with waiting for the floor
    network        → the page played it, by its own first report; 0 where it reported none
    """

    stopped_ms: int
    endpointing_ms: int
    recognition_ms: int
    understanding_ms: int
    speaking_ms: int
    network_ms: int

    @property
    def parts_ms(self) -> tuple[int, int, int, int, int]:
        return (
            self.endpointing_ms,
            self.recognition_ms,
            self.understanding_ms,
            self.speaking_ms,
            self.network_ms,
        )

    @property
    def total_ms(self) -> int:
        return sum(self.parts_ms)

    @property
    def played_ms(self) -> int:
        """When the first audio of the reply was played."""
        return self.stopped_ms + self.total_ms


def latency_between(*moments_ms: int) -> TurnLatency:
    """Of six moments on one clock: stopped, closed, words, decided, written, played. None is before its predecessor."""
    moments = [max(0, moments_ms[0])]
    for moment in moments_ms[1:]:
        moments.append(max(moment, moments[-1]))
    stopped, closed, words, decided, written, played = moments
    return TurnLatency(
        stopped_ms=stopped,
        endpointing_ms=closed - stopped,
        recognition_ms=words - closed,
        understanding_ms=decided - words,
        speaking_ms=written - decided,
        network_ms=played - written,
    )
