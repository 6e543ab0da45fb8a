"""A confirmed cart becomes an order: once per key, at our prices, or not at all."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import msgspec
from django.db import transaction
from django.utils import timezone

from orders.business_day import business_date
from orders.cart_types import Cart, Fulfilment, Problem, ProblemKind
from orders.line_rules import Stock
from orders.models import Channel, EventKind, Order, OrderLine, Ticket, TicketKind
from orders.money import money_text
from orders.pricing import PricedCart, price_cart
from orders.problems import blocking, find_problems, unit_parts
from orders.selectors import limits_of
from orders.services.errors import OrderRefused
from orders.services.events import CUSTOMER, Actor, lock_events, record_event
from orders.services.snapshots import save_lines
from orders.states import OrderState
from restaurants.hours import OpenPeriod, is_open_at
from restaurants.menu import Menu
from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from restaurants.selectors import current_availability, opening_week
from restaurants.services import sell_units

CLOSING_GRACE = timedelta(minutes=10)  # an order begun before the doors closed may be finished


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """`is_repeat`: the key had been used; the order is the first one. `is_same_cart` False: with another cart then."""

    order_id: uuid.UUID
    number: int
    state: OrderState
    total_cents: int
    currency: str
    total_text: str
    promised_at: datetime
    ready_in_minutes: int
    is_repeat: bool = False
    is_same_cart: bool = True


def place_order(
    *,
    restaurant_id: int,
    idempotency_key: str,
    cart: Cart,
    menu: Menu,
    language: str,
    channel: Channel = Channel.WEB,
    call_id: uuid.UUID | None = None,
    config_revision: int = 0,
    actor: Actor = CUSTOMER,
    now: datetime | None = None,
) -> PlacedOrder:
    """Stores the order of a confirmed cart and puts it on the board (within a second of the commit).

    idempotency_key: minted at readback; however often and from wherever it is sent, one order comes of it.
    menu: the version the call is pinned to; prices come from it and nothing else.
    raises: OrderRefused with the problems (missing choices, out of stock, over a cap, closed); nothing is stored then.
    """
    if not idempotency_key or len(idempotency_key) > 200:
        raise ValueError("an idempotency key has 1 to 200 characters")
    now = now or timezone.now()
    with transaction.atomic(), for_restaurant(restaurant_id):
        restaurant = Restaurant.objects.get(pk=restaurant_id)
        counter = lock_events(restaurant_id)
        placed = Order.objects.filter(idempotency_key=idempotency_key).first()
        if placed is not None:
            return _receipt(
                placed, restaurant, now, is_repeat=True, is_same_cart=placed.cart_digest == cart_digest(cart)
            )
        priced = price_cart(cart, menu)
        week = opening_week(restaurant)
        _refuse_unless_ready(restaurant, cart, menu, priced, week, now)
        order = _new_order(restaurant, cart, priced, business_date(week, restaurant.zone, now), now)
        order.idempotency_key, order.cart_digest = idempotency_key, cart_digest(cart)
        order.channel, order.language, order.menu_version = channel, language, menu.version
        order.call_id, order.config_revision = call_id, config_revision
        order.save(force_insert=True)
        _tell_stations(order, save_lines(order, cart, priced, menu), now)
        sell_units(restaurant_id=restaurant_id, units=_sold(cart, menu))
        record_event(counter, order, EventKind.PLACED, actor=actor, at=now)
    return _receipt(order, restaurant, now)


def cart_digest(cart: Cart) -> str:
    """Of what is ordered, for whom; not of revisions, line ids to come, or the words that led there."""
    lines = tuple(replace(line, heard="") for line in cart.lines)
    content = replace(cart, revision=0, next_line=0, last_line=None, lines=lines)
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _refuse_unless_ready(
    restaurant: Restaurant, cart: Cart, menu: Menu, priced: PricedCart, week: Sequence[OpenPeriod], now: datetime
) -> None:
    availability = current_availability(restaurant.pk)
    problems = find_problems(cart, menu, availability, limits_of(restaurant), total_cents=priced.total_cents)
    stops = blocking(problems)
    is_serving = any(is_open_at(week, restaurant.zone, at) for at in (now, now - CLOSING_GRACE))
    if not restaurant.is_active or not is_serving:
        stops = (*stops, Problem(ProblemKind.CLOSED))
    if stops:
        raise OrderRefused(stops)


def _new_order(restaurant: Restaurant, cart: Cart, priced: PricedCart, day: date, now: datetime) -> Order:
    """The next number of the business day; safe because the caller holds the restaurant's event counter."""
    last = Order.objects.filter(business_date=day).order_by("-number").values_list("number", flat=True).first()
    return Order(
        restaurant=restaurant,
        number=(last or 0) + 1,
        business_date=day,
        fulfilment=(cart.fulfilment or Fulfilment.PICKUP).value,
        state=OrderState.SUBMITTED.value,
        placed_at=now,
        promised_at=now + timedelta(minutes=restaurant.wait_minutes),
        state_changed_at=now,
        currency=priced.currency,
        is_tax_inclusive=priced.tax_inclusive,
        subtotal_cents=priced.subtotal_cents,
        discount_cents=priced.discount_cents,
        tax_cents=priced.tax_cents,
        total_cents=priced.total_cents,
        customer_name=cart.customer_name,
        customer_phone=cart.customer_phone,
        allergies=list(cart.allergies),
    )


def _tell_stations(order: Order, rows: Iterable[OrderLine], now: datetime) -> None:
    """One ticket per station, of every line or part it makes."""
    positions: dict[str, list[int]] = {}
    for row in rows:
        positions.setdefault(row.station, []).append(row.position)
    Ticket.objects.bulk_create(
        Ticket(
            restaurant_id=order.restaurant_id,
            order=order,
            station=station,
            kind=TicketKind.NEW,
            positions=sorted(made_there),
            created_at=now,
        )
        for station, made_there in positions.items()
    )


def _sold(cart: Cart, menu: Menu) -> Counter[str]:
    stock = Stock.read(menu)
    sold: Counter[str] = Counter()
    for line in cart.lines:
        for item in unit_parts(line, stock):
            sold[item] += line.quantity
    return sold


def _receipt(
    order: Order, restaurant: Restaurant, now: datetime, *, is_repeat: bool = False, is_same_cart: bool = True
) -> PlacedOrder:
    return PlacedOrder(
        order_id=order.pk,
        number=order.number,
        state=order.status,
        total_cents=order.total_cents,
        currency=order.currency,
        total_text=money_text(order.total_cents, order.currency, restaurant.locale),
        promised_at=order.promised_at,
        ready_in_minutes=max(0, round((order.promised_at - now).total_seconds() / 60)),
        is_repeat=is_repeat,
        is_same_cart=is_same_cart,
    )
