"""What stands on either side of the runner: the call core, and the edge that carries effects out into the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from voice.call_metrics import CallSummary
from voice.dialog.effects import CallStaff, Effect, Outcome, PlaceOrder, SaveTurn
from voice.dialog.events import Event, OrderPlaced, OrderRefused
from voice.outbox import Outgoing


class Session(Protocol):
    """The call core, as the runner sees it (`voice.dialog.session.CallSession`)."""

    def handle(self, event: Event) -> Sequence[Effect]: ...


@dataclass(frozen=True, slots=True)
class CallEnd:
    code: int
    reason: str
    outcome: Outcome


class Edge(Protocol):
    """What a call can do to the world; the browser, the phone and the tests each bring their own."""

    async def write(self, item: Outgoing) -> None:
        """Sends one message or audio chunk; may raise when the connection is gone, is cancelled after 5 s."""
        ...

    def lost(self, reason: str) -> None:
        """The customer is not reading any more."""
        ...

    async def place_order(self, effect: PlaceOrder) -> OrderPlaced | OrderRefused: ...

    async def save_turn(self, effect: SaveTurn) -> None: ...

    async def call_staff(self, effect: CallStaff) -> None: ...

    async def close(self, end: CallEnd, summary: CallSummary) -> None:
        """Called once, after everything else of the call has stopped."""
        ...
