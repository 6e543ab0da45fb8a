"""Reads of orders. Each opens its own tenant context, so callers need none."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q
from django.utils import timezone

from orders.board_cards import board_change, epoch_ms, order_card, orders_with_lines
from orders.board_protocol import MAX_REPLAYED_EVENTS, BoardRestaurant, Change, OrderCard, Snapshot
from orders.cart_types import CartLimits
from orders.models import EventCounter, Order, OrderEvent, Ticket, TicketKind
from orders.states import ON_BOARD, OrderState
from restaurants.models import Restaurant, Role
from restaurants.scoping import for_restaurant
from restaurants.selectors import access_restaurant_for_staff, role_at

RECENT_MINUTES = 15
MAX_RECENT = 12
MAX_ON_BOARD = 300


def limits_of(restaurant: Restaurant) -> CartLimits:
    return CartLimits(
        max_line_quantity=restaurant.max_line_quantity,
        max_units=restaurant.max_units,
        max_total_cents=restaurant.max_total_cents,
        max_lines=restaurant.max_lines,
    )


def board_orders(restaurant_id: int) -> list[Order]:
    """What the kitchen has to see, oldest first: open orders, and cancelled ones until someone acknowledged that.

    The newest MAX_ON_BOARD of them: cards that nobody ever bumped off must not hide the order of a minute ago.
    """
    with for_restaurant(restaurant_id):
        unseen = Ticket.objects.filter(kind=TicketKind.CANCEL, acknowledged_at=None).values("order")
        is_open = Q(state__in=[state.value for state in ON_BOARD])
        is_struck = Q(state=OrderState.CANCELLED.value, pk__in=unseen)
        newest = orders_with_lines().filter(is_open | is_struck).order_by("-placed_at", "-number")[:MAX_ON_BOARD]
        return list(newest)[::-1]


def recent_orders(restaurant_id: int) -> list[Order]:
    """The last completed ones, newest first: still within reach of a recall."""
    since = timezone.now() - timedelta(minutes=RECENT_MINUTES)
    with for_restaurant(restaurant_id):
        done = orders_with_lines().filter(state=OrderState.COMPLETED.value, state_changed_at__gte=since)
        return list(done.order_by("-state_changed_at")[:MAX_RECENT])


def board_snapshot(restaurant_id: int, *, can_cancel: bool) -> Snapshot:
    """The sequence is read first: a change in between comes again as an event and does no harm."""
    sequence = latest_sequence(restaurant_id)
    restaurant = Restaurant.objects.get(pk=restaurant_id)
    with for_restaurant(restaurant_id):
        cards = tuple(order_card(order) for order in board_orders(restaurant_id))
        recent = tuple(order_card(order) for order in recent_orders(restaurant_id))
    return Snapshot(
        sequence=sequence,
        server_ms=epoch_ms(timezone.now()),
        restaurant=BoardRestaurant(restaurant.slug, restaurant.name, restaurant.time_zone),
        orders=cards,
        recent=recent,
        stations=tuple(sorted({line.station for card in cards for line in card.lines})),
        can_cancel=can_cancel,
    )


def changes_since(restaurant_id: int, sequence: int) -> tuple[Change, ...] | None:
    """The events after `sequence`, oldest first; None when only a snapshot helps (too many, or from the future)."""
    with for_restaurant(restaurant_id):
        if sequence > latest_sequence(restaurant_id):
            return None
        events = list(OrderEvent.objects.filter(sequence__gt=sequence).order_by("sequence")[: MAX_REPLAYED_EVENTS + 1])
        if len(events) > MAX_REPLAYED_EVENTS:
            return None
        orders = orders_with_lines().in_bulk({event.order_id for event in events})
        return tuple(board_change(event, orders[event.order_id]) for event in events)


def latest_sequence(restaurant_id: int) -> int:
    with for_restaurant(restaurant_id):
        found = EventCounter.objects.values_list("sequence", flat=True).first()
    return found or 0


def order_by_key(restaurant_id: int, idempotency_key: str) -> Order | None:
    with for_restaurant(restaurant_id):
        return Order.objects.filter(idempotency_key=idempotency_key).first()


def card_of(restaurant_id: int, order_id: uuid.UUID) -> OrderCard | None:
    with for_restaurant(restaurant_id):
        order = orders_with_lines().filter(pk=order_id).first()
        return order_card(order) if order else None


def access_order_for_staff(user: AbstractBaseUser | AnonymousUser, slug: str, order_id: uuid.UUID) -> Order:
    """Raises Restaurant.DoesNotExist for strangers, Order.DoesNotExist for another restaurant's order."""
    restaurant = access_restaurant_for_staff(user, slug, role=Role.KITCHEN)
    with for_restaurant(restaurant.pk):
        return orders_with_lines().get(pk=order_id)


def can_cancel_orders(user: AbstractBaseUser | AnonymousUser, restaurant: Restaurant) -> bool:
    """Voids are for shift leads and above."""
    held = role_at(user, restaurant)
    return Role.SHIFT_LEAD in held.covers if held else bool(getattr(user, "is_superuser", False))
