"""What staff do to an order on the board. A command id makes each of these safe to send again (queued offline)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from orders.models import EventCounter, EventKind, Order, OrderEvent, Ticket, TicketKind
from orders.services.errors import StaleOrder, TransitionRefused
from orders.services.events import Actor, lock_events, record_event
from orders.states import RECALLED_TO, OrderState, can_become
from restaurants.scoping import for_restaurant


def advance_order(
    *,
    restaurant_id: int,
    order_id: uuid.UUID,
    to_state: OrderState,
    actor: Actor,
    expected_version: int,
    command_id: str = "",
) -> Order:
    """One step forward. Already there, or the command done before: the order as it is.

    raises: Order.DoesNotExist, StaleOrder, TransitionRefused
    """
    with _changing(restaurant_id, order_id, command_id) as (counter, order, is_done):
        if not is_done and order.status is not to_state:
            _expect(order, expected_version)
            if to_state is OrderState.CANCELLED or not can_become(order.status, to_state):
                raise TransitionRefused(order, to_state)
            _move(counter, order, to_state, EventKind.ADVANCED, actor, command_id)
    return order


def recall_order(
    *, restaurant_id: int, order_id: uuid.UUID, actor: Actor, expected_version: int, command_id: str = ""
) -> Order:
    """Takes the last step back. raises: Order.DoesNotExist, StaleOrder, TransitionRefused"""
    with _changing(restaurant_id, order_id, command_id) as (counter, order, is_done):
        if not is_done:
            _expect(order, expected_version)
            back = RECALLED_TO.get(order.status)
            if back is None:
                raise TransitionRefused(order, None)
            _move(counter, order, back, EventKind.RECALLED, actor, command_id)
    return order


def cancel_order(
    *,
    restaurant_id: int,
    order_id: uuid.UUID,
    actor: Actor,
    reason: str,
    expected_version: int | None = None,
    command_id: str = "",
) -> Order:
    """Cancels, and tells every station that had a ticket. raises: Order.DoesNotExist, StaleOrder, TransitionRefused"""
    with _changing(restaurant_id, order_id, command_id) as (counter, order, is_done):
        if not is_done and order.status is not OrderState.CANCELLED:
            _expect(order, expected_version)
            if not can_become(order.status, OrderState.CANCELLED):
                raise TransitionRefused(order, OrderState.CANCELLED)
            now = timezone.now()
            Ticket.objects.bulk_create(
                Ticket(
                    restaurant_id=restaurant_id,
                    order=order,
                    station=ticket.station,
                    kind=TicketKind.CANCEL,
                    positions=ticket.positions,
                    created_at=now,
                )
                for ticket in order.tickets.filter(kind=TicketKind.NEW)
            )
            _move(counter, order, OrderState.CANCELLED, EventKind.CANCELLED, actor, command_id, reason=reason)
    return order


def acknowledge_ticket(*, restaurant_id: int, ticket_id: uuid.UUID, actor: Actor, command_id: str = "") -> Order:
    """The station has seen it. When all of a new order's stations have, the order is accepted.

    raises: Ticket.DoesNotExist
    """
    with for_restaurant(restaurant_id):
        order_id = Ticket.objects.values_list("order_id", flat=True).get(pk=ticket_id)
    with _changing(restaurant_id, order_id, command_id) as (counter, order, _):
        ticket = order.tickets.get(pk=ticket_id)
        if ticket.acknowledged_at is None:
            now = timezone.now()
            ticket.acknowledged_at, ticket.acknowledged_by_id = now, actor.user_id
            ticket.save(update_fields=["acknowledged_at", "acknowledged_by"])
            before = order.state
            is_seen = not order.tickets.filter(kind=TicketKind.NEW, acknowledged_at=None).exists()
            if order.status is OrderState.SUBMITTED and is_seen:
                _set_state(order, OrderState.ACCEPTED, now)
            record_event(
                counter,
                order,
                EventKind.ACKNOWLEDGED,
                actor=actor,
                at=now,
                from_state=before,
                command_id=command_id,
                data={"ticket": str(ticket.pk), "station": ticket.station},
            )
    return order


@contextmanager
def _changing(restaurant_id: int, order_id: uuid.UUID, command_id: str) -> Iterator[tuple[EventCounter, Order, bool]]:
    """A transaction that holds the restaurant's events; the last value says whether the command was done before."""
    with transaction.atomic(), for_restaurant(restaurant_id):
        counter = lock_events(restaurant_id)
        order = Order.objects.select_related("restaurant").get(pk=order_id)
        done = OrderEvent.objects.filter(command_id=command_id) if command_id else OrderEvent.objects.none()
        yield counter, order, done.exists()


def _expect(order: Order, version: int | None) -> None:
    if version is not None and order.version != version:
        raise StaleOrder(order, version)


def _set_state(order: Order, state: OrderState, now: datetime) -> None:
    order.state = state.value
    order.version += 1
    order.state_changed_at = now
    order.save(update_fields=["state", "version", "state_changed_at"])


def _move(
    counter: EventCounter,
    order: Order,
    state: OrderState,
    kind: EventKind,
    actor: Actor,
    command_id: str,
    *,
    reason: str = "",
) -> None:
    before, now = order.state, timezone.now()
    _set_state(order, state, now)
    record_event(counter, order, kind, actor=actor, at=now, from_state=before, command_id=command_id, reason=reason)
