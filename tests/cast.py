"""The cast: two restaurants with live menus, an owner and a cook of the first, and a stranger who owns the second.

Tenant tests ask as the stranger, and make sure first that there is something to leak.
"""

from __future__ import annotations

from datetime import time
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from restaurants.models import Restaurant, Role

PASSWORD = "correct horse battery"

OSTERIA_MENU: dict[str, Any] = {
    "name": "Osteria Luna",
    "slug": "osteria",
    "languages": ["en", "es"],
    "categories": [{"id": "pasta", "name": "Pasta"}, {"id": "drinks", "name": "Drinks"}],
    "tax_classes": [{"id": "standard", "name": "Standard", "rate_basis_points": 800}],
    "modifier_groups": [
        {
            "id": "sauce",
            "name": "Sauce",
            "questions": {"en": "Which sauce would you like?", "es": "¿Qué salsa quiere?"},
            "options": [
                {"id": "ragu", "name": "Ragù", "aliases": ["ragu", "meat sauce"], "price_cents": 150},
                {"id": "pesto", "name": "Pesto", "allergens": ["nuts"]},
                {"id": "tomato", "name": "Tomato"},
            ],
        },
        {
            "id": "extras",
            "name": "Extras",
            "options": [
                {"id": "parmesan", "name": "Parmesan", "price_cents": 100},
                {"id": "chili", "name": "Chili"},
                {"id": "lemonade", "name": "Lemonade on the side", "item": "lemonade", "price_cents": 350},
            ],
        },
    ],
    "items": [
        {
            "id": "spaghetti",
            "name": "Spaghetti",
            "names": {"es": "Espaguetis"},
            "category": "pasta",
            "price_cents": 1100,
            "modifier_groups": [
                {"group": "sauce", "min": 1, "max": 1},
                {"group": "extras", "max": 3, "defaults": ["parmesan"]},
            ],
            "allergens": [{"allergen": "gluten", "status": "contains"}],
        },
        {
            "id": "lemonade",
            "name": "Lemonade",
            "category": "drinks",
            "variations": [
                {"id": "small", "name": "Small", "price_cents": 300, "is_default": True},
                {"id": "large", "name": "Large", "price_cents": 450},
            ],
        },
    ],
}

DINER_MENU: dict[str, Any] = {
    "name": "Night Diner",
    "slug": "diner",
    "items": [
        {"id": "pancakes", "name": "Pancakes", "category": "breakfast", "price_cents": 900},
        {"id": "coffee", "name": "Coffee", "category": "drinks", "price_cents": 250},
    ],
}


@pytest.fixture
def osteria(db: None) -> Restaurant:
    return open_restaurant(OSTERIA_MENU, time_zone="Europe/Rome", languages=["en", "es"])


@pytest.fixture
def diner(db: None) -> Restaurant:
    return open_restaurant(DINER_MENU, time_zone="America/Chicago")


@pytest.fixture
def owner(osteria: Restaurant) -> User:
    from restaurants.models import Role

    return hire("olivia", osteria, Role.OWNER)


@pytest.fixture
def cook(osteria: Restaurant) -> User:
    from restaurants.models import Role

    return hire("carlo", osteria, Role.KITCHEN)


@pytest.fixture
def stranger(diner: Restaurant) -> User:
    """Owner of the diner, nobody at the osteria."""
    from restaurants.models import Role

    return hire("sam", diner, Role.OWNER)


def open_restaurant(menu: dict[str, Any], **fields: Any) -> Restaurant:
    """A restaurant with this live menu, open round the clock."""
    from restaurants import services
    from restaurants.hours import OpenPeriod

    restaurant = services.create_restaurant(slug=menu["slug"], name=menu["name"], **fields)
    services.set_opening_hours(restaurant=restaurant, week=[OpenPeriod(day, time(0), time(0)) for day in range(7)])
    services.publish_menu(menu_version=services.import_menu(restaurant=restaurant, document=menu))
    return restaurant


def hire(username: str, restaurant: Restaurant, role: Role) -> User:
    from django.contrib.auth.models import User

    from restaurants.services import add_member

    user = User.objects.create(username=username, password=password_hash(), is_staff=True)
    add_member(restaurant=restaurant, user=user, role=role)
    return user


@cache
def password_hash() -> str:
    """Of PASSWORD: slow on purpose, so once for the whole cast."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)
