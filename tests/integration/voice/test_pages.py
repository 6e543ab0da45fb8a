"""The customer's page, its token and its menu over HTTP, and the door of its socket."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import redis
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.sockets import socket_application
from restaurants import services as restaurants
from restaurants.models import AvailabilityState, Restaurant
from restaurants.scoping import for_restaurant
from tests.cast import OSTERIA_MENU
from tests.integration.voice.conftest import all_ended
from voice import tasks, tokens
from voice.models import Call, Turn
from voice.protocol import CloseCode
from voice.selectors import get_call
from voice.views import TOKENS_PER_MINUTE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


def menu_of(client: Client, slug: str = "osteria", **headers: str) -> Any:
    return client.get(reverse("order_menu", args=[slug]), headers=headers)


def test_the_page_holds_what_its_modules_need(client: Client, osteria: Restaurant) -> None:
    response = client.get(reverse("order_page", args=["osteria"]))
    assert response.status_code == 200
    page = response.content.decode()
    assert "Osteria Luna" in page
    assert 'data-slug="osteria"' in page
    tokens.check_page_token(response.context["token"], "osteria")
    assert response["Cache-Control"].startswith("max-age=0")


def test_the_page_speaks_a_language_of_the_restaurant(client: Client, osteria: Restaurant, diner: Restaurant) -> None:
    assert client.get(reverse("order_page", args=["osteria"]) + "?lang=es").context["language"] == "es"
    assert client.get(reverse("order_page", args=["diner"]) + "?lang=es").context["language"] == "en"
    names = dict(client.get(reverse("order_page", args=["osteria"])).context["languages"])
    assert names == {"en": "English", "es": "Español"}


def test_a_closed_restaurant_says_when_it_opens(client: Client, osteria: Restaurant) -> None:
    restaurants.set_opening_hours(restaurant=osteria, week=[])
    context = client.get(reverse("order_page", args=["osteria"])).context
    assert (context["is_open"], context["opens_at_text"]) == (False, "")


@pytest.mark.parametrize("name", ["order_page", "order_menu"])
def test_unknown_and_inactive_restaurants_are_not_found(client: Client, osteria: Restaurant, name: str) -> None:
    assert client.get(reverse(name, args=["nowhere"])).status_code == 404
    restaurants.update_restaurant(restaurant=osteria, is_active=False)
    assert client.get(reverse(name, args=["osteria"])).status_code == 404


def test_a_token_needs_the_pages_own_cookie(osteria: Restaurant) -> None:
    strict = Client(enforce_csrf_checks=True)
    url = reverse("order_token", args=["osteria"])
    assert strict.post(url).status_code == 403
    page = strict.get(reverse("order_page", args=["osteria"]))
    answer = strict.post(url, headers={"X-CSRFToken": str(page.context["csrf_token"])})
    tokens.check_page_token(answer.json()["token"], "osteria")
    assert strict.get(url).status_code == 405


def test_an_address_gets_so_many_tokens_a_minute(client: Client, osteria: Restaurant) -> None:
    url = reverse("order_token", args=["osteria"])
    answers = [client.post(url, REMOTE_ADDR="192.0.2.7").status_code for _ in range(TOKENS_PER_MINUTE + 1)]
    assert answers == [200] * TOKENS_PER_MINUTE + [429]
    assert client.post(url, REMOTE_ADDR="192.0.2.8").status_code == 200


def test_the_menu_is_in_the_customers_language_with_prices_as_text(client: Client, osteria: Restaurant) -> None:
    menu = client.get(reverse("order_menu", args=["osteria"]) + "?lang=es").json()
    spaghetti, lemonade = menu["items"]
    assert (spaghetti["name"], spaghetti["price_text"]) == ("Espaguetis", "$11.00")
    assert spaghetti["groups"][0] | {"group": "sauce", "min": 1, "max": 1} == spaghetti["groups"][0]
    assert spaghetti["allergens"][0]["status"] == "contains"
    assert [size["price_text"] for size in lemonade["variations"]] == ["$3.00", "$4.50"]
    assert {group["id"] for group in menu["groups"]} == {"sauce", "extras"}


def test_an_unchanged_menu_is_answered_shortly_and_a_sold_out_item_shows_at_once(
    client: Client, osteria: Restaurant
) -> None:
    first = menu_of(client)
    assert menu_of(client, **{"If-None-Match": first["ETag"]}).status_code == 304
    restaurants.set_availability(restaurant=osteria, item="lemonade", state=AvailabilityState.OUT)
    later = menu_of(client, **{"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert [item["available"] for item in later.json()["items"]] == [True, False]


async def test_a_socket_of_another_sites_page_is_refused(osteria: Restaurant) -> None:
    application: Any = socket_application()
    headers = [(b"host", b"localhost"), (b"origin", b"https://evil.example")]
    socket = WebsocketCommunicator(application, "/ws/r/osteria/order", headers=headers)
    assert (await socket.connect(timeout=5))[0]
    assert (await socket.receive_output(timeout=5))["code"] == CloseCode.ORIGIN


async def test_a_socket_of_the_own_page_is_served(osteria: Restaurant) -> None:
    application: Any = socket_application()
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    socket = WebsocketCommunicator(application, "/ws/r/osteria/order", headers=headers)
    assert (await socket.connect(timeout=5))[0]
    await socket.send_json_to({"type": "session.start", "token": tokens.page_token("osteria")})
    assert (await socket.receive_json_from(timeout=10))["type"] == "session.ready"
    await socket.send_json_to({"type": "hangup"})
    await socket.disconnect(timeout=10)
    await asyncio.sleep(0)
    await all_ended()


def test_publishing_a_menu_rings_for_its_recogniser(osteria: Restaurant, empty_redis: redis.Redis[Any]) -> None:
    empty_redis.flushdb()
    version = restaurants.import_menu(restaurant=osteria, document=OSTERIA_MENU)
    restaurants.publish_menu(menu_version=version)
    [message] = empty_redis.lrange("comanda:celery:celery", 0, -1)
    envelope = json.loads(message)
    assert envelope["headers"]["task"] == "voice.tasks.build_recogniser"
    assert envelope["headers"]["argsrepr"] == f"({osteria.pk}, {version.pk})"


def test_calls_of_a_process_that_died_are_closed_in_the_end(osteria: Restaurant) -> None:
    with for_restaurant(osteria.pk):
        now = timezone.now()
        old, young = (
            Call.objects.create(restaurant=osteria, language="en", engine="e", menu_version="v", started_at=started_at)
            for started_at in (now - timedelta(hours=2), now)
        )
    tasks.close_lost_calls()
    assert get_call(osteria.pk, str(old.pk)).outcome == "abandoned"
    assert get_call(osteria.pk, str(young.pk)).is_live


def test_owners_read_their_own_calls_in_the_admin_and_nobody_elses(
    osteria: Restaurant, diner: Restaurant, owner: User, stranger: User, cook: User
) -> None:
    with for_restaurant(osteria.pk):
        started = {"language": "en", "engine": "e", "menu_version": "v", "started_at": timezone.now()}
        one = Call.objects.create(restaurant=osteria, **started)
        Turn.objects.create(restaurant=osteria, call=one, number=1, source="typed", heard="a secret wish")
    url = reverse("admin:voice_call_change", args=[one.pk])
    seen = {}
    for user in (owner, stranger, cook):
        client = Client()
        client.force_login(user)
        response = client.get(url)
        seen[user.username] = response.status_code == 200 and b"a secret wish" in response.content
    assert seen == {"olivia": True, "sam": False, "carlo": False}
