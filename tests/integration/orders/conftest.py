"""Placing an order at a restaurant of the cast in one call."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from orders.cart import apply_edits
from orders.cart_types import AddLine, Cart, OptionChoice
from orders.services import PlacedOrder, place_order
from restaurants.models import Restaurant
from restaurants.selectors import live_menu

keys = itertools.count(1)

PlaceOne = Callable[..., PlacedOrder]


def spaghetti(quantity: int = 1) -> AddLine:
    return AddLine(item="spaghetti", quantity=quantity, options=(OptionChoice("sauce", "ragu"),), heard="pasta, ragu")


def cart_of(restaurant: Restaurant, *edits: Any) -> Cart:
    return apply_edits(Cart(), edits, live_menu(restaurant.pk)).cart


@pytest.fixture
def place_one() -> PlaceOne:
    """place_one(restaurant, *edits, **arguments of place_order)"""

    def place(restaurant: Restaurant, *edits: Any, **arguments: Any) -> PlacedOrder:
        default = spaghetti() if restaurant.slug == "osteria" else AddLine(item="pancakes")
        values: dict[str, Any] = {
            "restaurant_id": restaurant.pk,
            "idempotency_key": f"key-{next(keys)}",
            "cart": cart_of(restaurant, *(edits or (default,))),
            "menu": live_menu(restaurant.pk),
            "language": "en",
        }
        return place_order(**values | arguments)

    return place
