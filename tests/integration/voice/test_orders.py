"""A customer orders at the socket, by voice, by typing and by touch; the order is stored once."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.db import connection

from orders.models import Order
from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from tests.integration.voice.conftest import all_ended, call, says
from voice.models import Call, Turn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


@database_sync_to_async
def orders_of(restaurant: Restaurant) -> list[Order]:
    with for_restaurant(restaurant.pk):
        return list(Order.objects.prefetch_related("lines__options").order_by("number"))


@database_sync_to_async
def calls_of(restaurant: Restaurant) -> list[tuple[Call, list[Turn]]]:
    with for_restaurant(restaurant.pk):
        return [(one, list(one.turns.order_by("number"))) for one in Call.objects.order_by("started_at")]


async def test_a_spoken_order_is_stored_once(osteria: Restaurant) -> None:
    says("two spaghetti with pesto", "that's all", "yes")
    async with call() as one:
        await one.speak()
        await one.read("caption", where=lambda m: m["speaker"] == "customer" and not m["final"])
        cart = await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        assert cart["cart"]["lines"][0]["item"] == "spaghetti"
        await one.speak()
        await one.read("readback", where=lambda m: m["open"])
        await one.say("yes")
        placed = await one.read("order.placed")
    [order] = await orders_of(osteria)
    assert (order.number, order.total_cents) == (placed["number"], placed["total_cents"])
    assert [(line.item_code, line.quantity) for line in order.lines.all()] == [("spaghetti", 2)]
    assert str(order.pk) == placed["order"]


async def test_a_typed_order_is_stored_and_its_call_has_turns_outcome_and_figures(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.say("spaghetti with ragu and a large lemonade")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await one.say("that's all")
        await one.read("readback", where=lambda m: m["open"])
        await one.say("yes")
        await one.read("order.placed")
        await one.send("hangup")
        assert await one.close_code() == 1000
    await all_ended()
    [(stored, turns)] = await calls_of(osteria)
    [order] = await orders_of(osteria)
    assert stored.outcome == "completed"
    assert stored.order_id == order.pk
    assert stored.turn_count == len(turns) >= 3
    assert turns[0].heard == "spaghetti with ragu and a large lemonade"
    assert turns[0].edits
    assert stored.metrics["handle"]["count"] > 3


async def test_touching_and_confirming_takes_the_same_path(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        options = [{"group": "sauce", "option": "tomato"}]
        add: dict[str, Any] = {"edit": "add", "item": "spaghetti", "quantity": 3, "options": options}
        await one.send("cart.edit", revision=0, edits=[add], ref="a")
        cart = await one.read("cart", where=lambda m: m["ref"] == "a")
        assert cart["cart"]["units"] == 3
        assert cart["can_undo"] is True
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        await one.send("order.confirm", revision=readback["revision"], name="Ana", phone="555 0100")
        await one.read("order.placed")
    [order] = await orders_of(osteria)
    assert (order.customer_name, order.customer_phone) == ("Ana", "555 0100")


async def test_confirming_twice_places_one_order(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.say("spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 1)
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        for _ in range(3):
            await one.send("order.confirm", revision=readback["revision"])
        await one.say("yes")
        await one.read("order.placed")
        await one.send("hangup")
        await one.close_code()
    assert len(await orders_of(osteria)) == 1


async def test_a_price_from_the_page_is_refused(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.send("cart.edit", revision=0, edits=[{"edit": "add", "item": "spaghetti", "price_cents": 1}])
        error = await one.read("error")
        assert (error["code"], error["fatal"]) == ("bad_message", False)
        assert "price_cents" in error["text"]


async def test_a_slow_query_anywhere_in_the_process_holds_up_no_audio(osteria: Restaurant) -> None:
    """Stock dispatch sends every frame through the one thread this query occupies."""
    is_running = threading.Event()

    def slow_query() -> None:
        is_running.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")

    async with call(captions_only=True) as one:
        query = asyncio.create_task(sync_to_async(slow_query)())
        assert await asyncio.to_thread(is_running.wait, 5)
        for _ in range(10):
            await one.frame()
        await one.read("audio.ack")
        await one.say("spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 1)
        assert not query.done(), "audio and words were taken while the query ran"
        await query
