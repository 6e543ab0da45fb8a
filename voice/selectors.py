"""Reads of calls and of what a call starts from. Each opens its own tenant context, so callers need none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from orders.selectors import limits_of
from restaurants import selectors as restaurants
from restaurants.menu import Menu
from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from voice.dialog.context import CallContext
from voice.models import Call, Turn
from voice.opening_text import opening_text
from voice.understanders import understander_of


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a restaurant takes orders now, in words of the customer's language when it does not."""

    is_open: bool
    opens_at_text: str = ""


def opening_of(restaurant: Restaurant, at: datetime, language: str) -> Opening:
    if restaurants.is_open(restaurant, at):
        return Opening(is_open=True)
    opens = restaurants.next_opening(restaurant, at)
    return Opening(is_open=False, opens_at_text=opening_text(opens, at.astimezone(restaurant.zone), language))


def language_for(restaurant: Restaurant, wanted: str) -> str:
    """The wanted language if it is spoken here ("es-MX" is "es"), else the restaurant's own."""
    main = wanted.split("-", maxsplit=1)[0].lower()
    return main if main in restaurant.languages else restaurant.language


def call_context(
    *, restaurant: Restaurant, menu: Menu, call_id: str, language: str, typed_only: bool, captions_only: bool
) -> CallContext:
    opening = opening_of(restaurant, timezone.now(), language)
    return CallContext(
        call_id=call_id,
        restaurant_id=str(restaurant.pk),
        restaurant_name=restaurant.name,
        menu=menu,
        understander=understander_of(menu, language),
        language=language,
        availability=restaurants.current_availability(restaurant.pk),
        limits=limits_of(restaurant),
        is_open=opening.is_open,
        opens_at_text=opening.opens_at_text,
        greeting=str(restaurant.greetings.get(language, "")),
        stores_audio=restaurant.stores_audio,
        wait_minutes=restaurant.wait_minutes,
        typed_only=typed_only,
        captions_only=captions_only,
        max_call_ms=settings.CALL_MAX_SECONDS * 1000,
    )


def rehearsal_context(restaurant: Restaurant, language: str) -> CallContext:
    """What `voice.rehearsal` starts from: today's menu and stock, open whatever the hour. raises: NoLiveMenu"""
    context = call_context(
        restaurant=restaurant,
        menu=restaurants.live_menu(restaurant.pk),
        call_id="rehearsal",
        language=language_for(restaurant, language),
        typed_only=True,
        captions_only=True,
    )
    return replace(context, is_open=True, opens_at_text="")


def get_call(restaurant_id: int, call_id: str) -> Call:
    """raises: Call.DoesNotExist, also for another restaurant's call"""
    with for_restaurant(restaurant_id):
        return Call.objects.get(pk=call_id)


def turns_of(call: Call) -> list[Turn]:
    with for_restaurant(call.restaurant_id):
        return list(Turn.objects.filter(call=call).order_by("number"))
