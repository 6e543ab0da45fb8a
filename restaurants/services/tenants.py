from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from restaurants.hours import OpenPeriod
from restaurants.models import Membership, OpeningHours, Restaurant, Role
from restaurants.scoping import for_restaurant


class RestaurantFields(TypedDict, total=False):
    """What may be set besides slug and name; the model has the meanings and the defaults."""

    name: str
    taglines: dict[str, str]
    greetings: dict[str, str]
    theme: str
    address: str
    phone: str
    currency: str
    time_zone: str
    locale: str
    languages: list[str]
    is_tax_inclusive: bool
    max_line_quantity: int
    max_units: int
    max_lines: int
    max_total_cents: int
    wait_minutes: int
    is_active: bool
    is_demo: bool
    accepts_voice: bool
    stores_audio: bool


@transaction.atomic
def create_restaurant(*, slug: str, **fields: Unpack[RestaurantFields]) -> Restaurant:
    """Raises ValidationError for a taken slug or a value that cannot be."""
    restaurant = Restaurant(slug=slug, **fields)
    restaurant.full_clean()
    restaurant.save(force_insert=True)
    return restaurant


@transaction.atomic
def update_restaurant(*, restaurant: Restaurant, **fields: Unpack[RestaurantFields]) -> Restaurant:
    """The row with `fields` changed; the caller's object stays as it was."""
    row = Restaurant.objects.select_for_update().get(pk=restaurant.pk)
    changes: dict[str, Any] = dict(fields)
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=list(changes))
    return row


@transaction.atomic
def set_opening_hours(*, restaurant: Restaurant, week: Iterable[OpenPeriod]) -> None:
    """Replace the whole week."""
    with for_restaurant(restaurant.pk):
        OpeningHours.objects.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(restaurant=restaurant, weekday=period.weekday, opens=period.opens, closes=period.closes)
            for period in week
        )


@transaction.atomic
def add_member(*, restaurant: Restaurant, user: AbstractBaseUser, role: Role) -> Membership:
    """Give a person a role here; whoever is a member already gets the new role."""
    with for_restaurant(restaurant.pk):
        membership, _ = Membership.objects.update_or_create(
            restaurant=restaurant, user_id=user.pk, defaults={"role": role}
        )
    return membership
