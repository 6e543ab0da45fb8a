"""Reads of restaurants, menus and availability. Each opens its own tenant context, so callers need none."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Q, QuerySet
from django.utils import timezone

from restaurants.hours import OpenPeriod, is_open_at, next_opening_after
from restaurants.menu import Availability, Menu
from restaurants.menu_format import parse_menu
from restaurants.menu_rows import read_menu_rows
from restaurants.models import (
    AvailabilityEvent,
    AvailabilityState,
    Membership,
    MenuState,
    MenuVersion,
    OpeningHours,
    Restaurant,
    Role,
)
from restaurants.scoping import across_restaurants, for_restaurant

logger = logging.getLogger("comanda.tenancy")


class NoLiveMenu(LookupError):
    """The restaurant has not published a menu."""


def get_restaurant_by_slug(slug: str) -> Restaurant:
    """The active restaurant of an address. Raises Restaurant.DoesNotExist."""
    return Restaurant.objects.get(slug=slug, is_active=True)


def list_demo_restaurants() -> list[Restaurant]:
    return list(Restaurant.objects.filter(is_demo=True, is_active=True).order_by("pk"))


def list_restaurants_of(user: AbstractBaseUser | AnonymousUser) -> list[Restaurant]:
    """Where a person works, by name."""
    if user.pk is None:
        return []
    return list(Restaurant.objects.filter(memberships__user_id=user.pk, is_active=True).order_by("name"))


def access_restaurant_for_staff(
    user: AbstractBaseUser | AnonymousUser, slug: str, *, role: Role | None = None
) -> Restaurant:
    """The restaurant, if the user works there and may do the work of `role` (None: any).

    Raises Restaurant.DoesNotExist alike for strangers and unknown addresses. Superusers get in, which is logged.
    """
    restaurant = get_restaurant_by_slug(slug)
    held = role_at(user, restaurant)
    if held is not None and (role is None or role in held.covers):
        return restaurant
    if getattr(user, "is_superuser", False) and user.is_active:
        logger.info("superuser %s opens %s without working there", user.pk, slug)
        return restaurant
    raise Restaurant.DoesNotExist


def account_now(user: AbstractBaseUser | AnonymousUser) -> AbstractBaseUser | AnonymousUser:
    """The account as it stands, for connections that outlive a request; nobody's when it was closed since."""
    if user.pk is None:
        return user
    return User.objects.filter(pk=user.pk, is_active=True).first() or AnonymousUser()


def role_at(user: AbstractBaseUser | AnonymousUser, restaurant: Restaurant) -> Role | None:
    if user.pk is None or not user.is_active:
        return None
    with for_restaurant(restaurant.pk):
        membership = Membership.objects.filter(user_id=user.pk).first()
    return Role(membership.role) if membership else None


def roles_of(user: AbstractBaseUser | AnonymousUser) -> dict[int, Role]:
    """Restaurant id -> role, for everywhere a person works."""
    if user.pk is None or not user.is_active:
        return {}
    held = Restaurant.objects.filter(memberships__user_id=user.pk).values_list("pk", "memberships__role")
    return {restaurant_id: Role(role) for restaurant_id, role in held}


def live_menu(restaurant_id: int) -> Menu:
    """The published menu (one small query; the menu itself is kept in the process). Raises NoLiveMenu."""
    with for_restaurant(restaurant_id):
        found = MenuVersion.objects.filter(state=MenuState.LIVE).values_list("pk", flat=True).first()
    if found is None:
        raise NoLiveMenu(f"Restaurant {restaurant_id} has no live menu.")
    return _frozen_menu(restaurant_id, found)


def list_live_menus() -> list[Menu]:
    """Every published menu of an active restaurant, for a starting server to prepare its engines."""
    with across_restaurants("prepare the engines for every live menu"):
        found = MenuVersion.objects.filter(state=MenuState.LIVE, restaurant__is_active=True)
        pairs = list(found.order_by("restaurant_id").values_list("restaurant_id", "pk"))
    return [_frozen_menu(restaurant_id, version_id) for restaurant_id, version_id in pairs]


def pinned_menu(restaurant_id: int, digest: str) -> Menu:
    """The menu with `Menu.version == digest`, live or archived since: what a call in progress goes on with."""
    with for_restaurant(restaurant_id):
        found = MenuVersion.objects.filter(digest=digest).values_list("pk", flat=True).first() if digest else None
    if found is None:
        raise NoLiveMenu(f"Restaurant {restaurant_id} never published {digest!r}.")
    return _frozen_menu(restaurant_id, found)


def menu_of_version(version: MenuVersion) -> Menu:
    """The published document, or a draft's rows as they stand (unchecked: a half-edited draft may be no menu yet)."""
    with for_restaurant(version.restaurant_id):
        return read_menu_rows(version) if version.is_draft else _frozen_menu(version.restaurant_id, version.pk)


@lru_cache(maxsize=128)
def _frozen_menu(restaurant_id: int, version_id: int) -> Menu:
    """A published version never changes, so it is parsed once per process."""
    with for_restaurant(restaurant_id):
        version = MenuVersion.objects.exclude(state=MenuState.DRAFT).get(pk=version_id)
    return parse_menu(version.document, version=version.digest)


def current_availability(restaurant_id: int) -> Availability:
    """What is out this moment, read from the database every time.

    An item and the options that stand for it (`Option.item`) go out together, whichever of them staff marked.
    """
    now = timezone.now()
    with for_restaurant(restaurant_id):
        events = [event for event in latest_availability() if event.until is None or event.until > now]
    items_out, options_out, items_left = set(), set(), {}
    for event in events:
        if event.state == AvailabilityState.OUT or event.left == 0:
            if event.item_code:
                items_out.add(event.item_code)
            else:
                options_out.add((event.group_code, event.option_code))
        elif event.state == AvailabilityState.LIMITED and event.item_code and event.left is not None:
            items_left[event.item_code] = event.left
    if items_out or options_out:
        _join_linked(live_menu(restaurant_id), items_out, options_out)
    reasons = {event.item_code: event.reason for event in events if event.item_code in items_out and event.reason}
    return Availability(frozenset(items_out), frozenset(options_out), items_left, reasons)


def latest_availability() -> QuerySet[AvailabilityEvent]:
    """The newest event of everything that ever was out; needs the restaurant in context."""
    things = ("item_code", "group_code", "option_code")
    newest = AvailabilityEvent.objects.order_by(*things, "-pk").distinct(*things)
    return AvailabilityEvent.objects.filter(pk__in=newest.values("pk")).exclude(Q(state=AvailabilityState.IN))


def is_open(restaurant: Restaurant, at: datetime) -> bool:
    return is_open_at(opening_week(restaurant), restaurant.zone, at)


def next_opening(restaurant: Restaurant, at: datetime) -> datetime | None:
    """When it opens next, on its own clock; None when it never does."""
    return next_opening_after(opening_week(restaurant), restaurant.zone, at)


def opening_week(restaurant: Restaurant) -> tuple[OpenPeriod, ...]:
    with for_restaurant(restaurant.pk):
        return tuple(hours.period for hours in OpeningHours.objects.all())


def _join_linked(menu: Menu, items_out: set[str], options_out: set[tuple[str, str]]) -> None:
    linked = {
        (group.id, option.id): option.item
        for group in menu.modifier_groups
        for option in group.options
        if option.item is not None
    }
    items_out.update(_items_of(linked, options_out))
    options_out.update(key for key, item in linked.items() if item in items_out)


def _items_of(linked: dict[tuple[str, str], str], options: Iterable[tuple[str, str]]) -> set[str]:
    return {linked[key] for key in options if key in linked}
