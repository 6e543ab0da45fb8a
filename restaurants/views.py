"""The landing page: which restaurants can be ordered from here, and where their people sign in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from restaurants import selectors
from restaurants.demo import ADMIN, DEMO_PASSWORD, DEMO_RESTAURANTS, DemoPerson
from restaurants.models import Restaurant


@dataclass(frozen=True, slots=True)
class RestaurantCard:
    restaurant: Restaurant
    tagline: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class DemoLogin:
    username: str
    role: str
    place: str


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The demo's sign-ins are shown only where the demo was asked for (`LOAD_DEMO`) and stands."""
    demo = selectors.list_demo_restaurants()
    context = {
        "cards": [_card(restaurant) for restaurant in demo],
        "workplaces": selectors.list_restaurants_of(request.user),
        "logins": _demo_logins({restaurant.slug: restaurant.name for restaurant in demo}) if settings.LOAD_DEMO else [],
        "demo_password": DEMO_PASSWORD if settings.LOAD_DEMO else "",
    }
    return render(request, "restaurants/landing.html", context)


def _card(restaurant: Restaurant) -> RestaurantCard:
    language = (get_language() or restaurant.language).split("-")[0]
    tagline = restaurant.taglines.get(language) or restaurant.taglines.get(restaurant.language, "")
    return RestaurantCard(restaurant, tagline, selectors.is_open(restaurant, timezone.now()))


def _demo_logins(names: dict[str, str]) -> list[DemoLogin]:
    """One person per kitchen who can do everything there, and the administrator."""
    people = [(names[demo.slug], demo.people[0]) for demo in DEMO_RESTAURANTS if demo.slug in names]
    return [_login(person, place) for place, person in people] + ([_login(ADMIN, "")] if people else [])


def _login(person: DemoPerson, place: str) -> DemoLogin:
    return DemoLogin(person.username, person.role, place)
