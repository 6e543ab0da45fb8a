from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from restaurants.demo import ADMIN, DEMO_PASSWORD, DEMO_RESTAURANTS, ROUND_THE_CLOCK, DemoPerson, DemoRestaurant
from restaurants.menu import Menu
from restaurants.menu_format import decode_menu_json, menu_digest, parse_menu
from restaurants.models import AvailabilityState, Restaurant, Role
from restaurants.selectors import NoLiveMenu, live_menu
from restaurants.services.availability import set_availability
from restaurants.services.menus import import_menu, publish_menu
from restaurants.services.tenants import add_member, create_restaurant, set_opening_hours


@transaction.atomic
def load_demo() -> list[Restaurant]:
    """Create what is missing of the demo: restaurants, menus, people. What is there already is left as it was made.

    Only a menu is replaced: when its file changed since, so that a new release shows its own menus.
    """
    _person(ADMIN)
    return [_load_restaurant(demo) for demo in DEMO_RESTAURANTS]


def _load_restaurant(demo: DemoRestaurant) -> Restaurant:
    document = decode_menu_json(demo.menu_path.read_bytes())
    menu = parse_menu(document)
    restaurant = Restaurant.objects.filter(slug=demo.slug).first()
    is_new = restaurant is None
    if restaurant is None:
        restaurant = create_restaurant(
            slug=demo.slug,
            name=menu.name,
            currency=menu.currency,
            locale=menu.locale,
            languages=list(menu.languages),
            is_tax_inclusive=menu.tax_inclusive,
            is_demo=True,
            **demo.profile,
        )
        set_opening_hours(restaurant=restaurant, week=ROUND_THE_CLOCK)
    if not _is_live(restaurant, menu):
        publish_menu(menu_version=import_menu(restaurant=restaurant, document=document, note="demo"))
    if is_new:
        for item, reason in demo.out.items():
            set_availability(restaurant=restaurant, item=item, state=AvailabilityState.OUT, reason=reason)
    for person in demo.people:
        user, is_hired = _person(person)
        if is_hired or is_new:
            add_member(restaurant=restaurant, user=user, role=Role(person.role))
    return restaurant


def _is_live(restaurant: Restaurant, menu: Menu) -> bool:
    try:
        return live_menu(restaurant.pk).version == menu_digest(menu)
    except NoLiveMenu:
        return False


def _person(person: DemoPerson) -> tuple[User, bool]:
    """The account and whether it is new; the password is set once, so changing it lasts."""
    existing = User.objects.filter(username=person.username).first()
    if existing is not None:
        return existing, False
    user = User.objects.create(
        username=person.username,
        password=_demo_password_hash(),
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=True,
        is_superuser=person is ADMIN,
    )
    return user, True


@cache
def _demo_password_hash() -> str:
    """Hashed once for all of them: a first start should not wait for eight slow hashes of a public password."""
    return make_password(DEMO_PASSWORD)
