"""What of a call is written down: its orders, its turns, who was asked for, and how it ended."""

from __future__ import annotations

from collections.abc import Callable

from voice import services
from voice.audio_ledger import AudioLedger
from voice.call_metrics import CallMetrics, CallSummary
from voice.consumers.database import in_database, insist_in_database
from voice.dialog.effects import CallStaff, PlaceOrder, SaveTurn
from voice.dialog.events import OrderPlaced, OrderRefused
from voice.edge import CallEnd
from voice.services import OpenedCall


class CallFile:
    """Of one live call, in the database. `opened` is asked each time: it changes with the customer's wishes."""

    def __init__(self, opened: Callable[[], OpenedCall], *, metrics: CallMetrics, ledger: AudioLedger) -> None:
        self._opened = opened
        self._metrics = metrics
        self._ledger = ledger

    async def place_order(self, effect: PlaceOrder) -> OrderPlaced | OrderRefused:
        return await in_database(services.place_order_for_call, opened=self._opened(), effect=effect)

    async def save_turn(self, effect: SaveTurn) -> None:
        opened = self._opened()
        await in_database(
            services.save_turn,
            restaurant_id=opened.restaurant_id,
            call_id=opened.context.call_id,
            record=effect.record,
            basket=effect.cart,
            figures=self._metrics.figures(self._ledger.missing),
        )

    async def call_staff(self, effect: CallStaff) -> None:
        opened = self._opened()
        await in_database(
            services.note_staff_call,
            restaurant_id=opened.restaurant_id,
            call_id=opened.context.call_id,
            reason=effect.reason,
        )

    async def close(self, end: CallEnd, summary: CallSummary) -> None:
        opened = self._opened()
        await insist_in_database(
            services.close_call,
            restaurant_id=opened.restaurant_id,
            call_id=opened.context.call_id,
            outcome=end.outcome,
            code=end.code,
            reason=end.reason,
            metrics=summary.as_json() | {"missing": self._ledger.missing, "replayed": self._ledger.replayed},
            figures=self._metrics.figures(self._ledger.missing),
        )
