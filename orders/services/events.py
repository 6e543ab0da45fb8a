"""The gapless event sequence of a restaurant, and telling the boards about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from asgiref.sync import async_to_sync
from channels.layers import BaseChannelLayer, get_channel_layer
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from orders import board_protocol
from orders.board_cards import board_change
from orders.models import EventCounter, EventKind, Order, OrderEvent
from restaurants.scoping import for_restaurant

# Who waits longer for the lock gives up and asks again; who holds it longer and does nothing (a machine that froze or
# vanished) is thrown out by PostgreSQL. Else one such transaction would stop all orders of a restaurant.
LOCK_PATIENCE, HOLDERS_PATIENCE = "5s", "20s"
PUBLISH_PATIENCE_S = 1.0  # the order is stored by then: a Redis that hangs must not keep its customer waiting


@dataclass(frozen=True, slots=True)
class Actor:
    name: str
    user_id: int | None = None

    @classmethod
    def staff(cls, user: AbstractBaseUser) -> Actor:
        name = getattr(user, "get_full_name", str)() or user.get_username()
        return cls(name[:160], cast("int", user.pk))


CUSTOMER = Actor("customer")
SYSTEM = Actor("system")


def lock_events(restaurant_id: int) -> EventCounter:
    """Holds the restaurant's event counter until the transaction ends: its orders are written one after the other.

    raises: OperationalError when somebody else holds it for too long
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), set_config('idle_in_transaction_session_timeout', %s, true)",
            [LOCK_PATIENCE, HOLDERS_PATIENCE],
        )
    EventCounter.objects.bulk_create([EventCounter(restaurant_id=restaurant_id)], ignore_conflicts=True)
    return EventCounter.objects.select_for_update().get(restaurant_id=restaurant_id)


def record_event(
    counter: EventCounter,
    order: Order,
    kind: EventKind,
    *,
    actor: Actor,
    at: datetime,
    from_state: str = "",
    command_id: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> OrderEvent:
    """Appends the event and tells the boards after commit. `counter` from `lock_events` in this transaction."""
    counter.sequence += 1
    counter.save(update_fields=["sequence"])
    event = OrderEvent.objects.create(
        restaurant_id=order.restaurant_id,
        order=order,
        sequence=counter.sequence,
        kind=kind,
        from_state=from_state,
        to_state=order.state,
        version=order.version,
        actor=actor.name,
        actor_id=actor.user_id,
        command_id=command_id,
        reason=reason,
        data=data or {},
        at=at,
    )
    transaction.on_commit(lambda: _tell_boards(event), robust=True)  # boards also look every heartbeat
    return event


def board_group(restaurant_id: int) -> str:
    return f"orders.board.{restaurant_id}"


def _tell_boards(event: OrderEvent) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    with for_restaurant(event.restaurant_id):
        change = board_change(event)
    message = {
        "type": "board.change",
        "sequence": event.sequence,
        "text": board_protocol.encoder.encode(change).decode(),
    }
    async_to_sync(_publish)(layer, board_group(event.restaurant_id), message)


async def _publish(layer: BaseChannelLayer, group: str, message: dict[str, Any]) -> None:
    async with asyncio.timeout(PUBLISH_PATIENCE_S):
        await layer.group_send(group, message)
