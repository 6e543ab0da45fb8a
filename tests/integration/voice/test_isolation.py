"""Two restaurants at once: neither sees, opens, resumes or stores anything of the other."""

from __future__ import annotations

import uuid

import pytest
from channels.db import database_sync_to_async
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from restaurants.models import Restaurant
from restaurants.scoping import ScopeError, for_restaurant
from tests.integration.voice.conftest import call, caller
from tests.integration.voice.test_orders import calls_of, orders_of
from tests.integration.voice.test_resume import order, take_two_spaghetti
from voice import selectors, tokens
from voice.consumers import reception
from voice.models import Call, Turn
from voice.protocol import CloseCode

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


async def test_another_restaurants_token_opens_nothing(osteria: Restaurant, diner: Restaurant) -> None:
    async with caller("osteria") as one:
        await one.send("session.start", token=tokens.page_token("diner"))
        assert await one.close_code() == CloseCode.BAD_TOKEN
        assert one.messages[-1]["code"] == "token_other_restaurant"
    assert await calls_of(osteria) == []


async def test_another_restaurants_call_cannot_be_resumed(osteria: Restaurant, diner: Restaurant) -> None:
    async with call("osteria", audio=False, captions_only=True) as victim:
        session = await take_two_spaghetti(victim)
        async with caller("diner") as stranger:
            ready = await stranger.start(tokens.page_token("diner"), resume=session, audio=False)
            assert (ready["resumed"], ready["restaurant"]) == (False, "Night Diner")
            assert (await stranger.read("error"))["code"] == "resume_refused"
            cart = await stranger.read("cart")
            assert cart["cart"]["lines"] == []
        await order(victim)


async def test_knowing_a_calls_id_is_not_enough_to_resume_it(osteria: Restaurant) -> None:
    async with call("osteria", audio=False, captions_only=True) as victim:
        await take_two_spaghetti(victim)
        [(stored, _)] = await calls_of(osteria)
        for guess in (str(stored.pk), stored.pk.hex, tokens.page_token("osteria")):
            async with caller("osteria") as stranger:
                ready = await stranger.start(tokens.page_token("osteria"), resume=guess, audio=False)
                assert ready["resumed"] is False
                assert (await stranger.read("cart"))["cart"]["lines"] == []


async def test_two_restaurants_order_at_once(osteria: Restaurant, diner: Restaurant) -> None:
    async with (
        call("osteria", audio=False, captions_only=True) as one,
        call("diner", audio=False, captions_only=True) as other,
    ):
        await one.say("two spaghetti with pesto")
        await other.say("three pancakes")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await other.read("cart", where=lambda m: m["cart"]["units"] == 3)
        await other.say("two spaghetti")  # not on this menu
        await order(one)
        await order(other)
        seen = {line["item"] for m in other.messages if m["type"] == "cart" for line in m["cart"]["lines"]}
    assert seen == {"pancakes"}
    [order_of_one], [order_of_other] = await orders_of(osteria), await orders_of(diner)
    assert (order_of_one.number, order_of_other.number) == (1, 1)


@database_sync_to_async
def stored_call(restaurant: Restaurant) -> Call:
    with for_restaurant(restaurant.pk):
        return Call.objects.create(
            restaurant=restaurant, language="en", engine="scripted", menu_version="v", started_at=timezone.now()
        )


async def test_one_restaurants_crowd_leaves_room_for_the_others(
    osteria: Restaurant, diner: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MAX_CALLS_OF_ONE", 1)
    async with call("osteria", audio=False), caller("osteria") as crowd:
        await crowd.send("session.start", token=tokens.page_token("osteria"))
        assert (await crowd.read("error"))["code"] == "busy"
        assert await crowd.close_code() == CloseCode.BUSY
        async with call("diner", audio=False) as other:
            assert other.ready["resumed"] is False


async def test_calls_are_read_inside_their_restaurant_only(osteria: Restaurant, diner: Restaurant) -> None:
    theirs = await stored_call(diner)
    assert (await database_sync_to_async(selectors.get_call)(diner.pk, str(theirs.pk))).pk == theirs.pk
    with pytest.raises(Call.DoesNotExist):
        await database_sync_to_async(selectors.get_call)(osteria.pk, str(theirs.pk))
    for model in (Call, Turn):
        with pytest.raises(ScopeError):
            await database_sync_to_async(model.objects.count)()


async def test_the_database_itself_refuses_a_turn_in_another_restaurants_call(
    osteria: Restaurant, diner: Restaurant
) -> None:
    theirs = await stored_call(diner)

    def smuggle() -> None:
        with for_restaurant(osteria.pk), transaction.atomic():
            Turn.objects.create(restaurant=osteria, call_id=theirs.pk, number=1, source="typed")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        await database_sync_to_async(smuggle)()


def test_tokens_are_bound_to_purpose_and_restaurant() -> None:
    call_id = str(uuid.uuid4())
    assert tokens.call_of_resume_token(tokens.resume_token("osteria", call_id), "osteria") == call_id
    with pytest.raises(tokens.TokenInvalid):
        tokens.call_of_resume_token(tokens.resume_token("osteria", call_id), "diner")
    with pytest.raises(tokens.TokenInvalid):
        tokens.check_page_token(tokens.resume_token("osteria", call_id), "osteria")
    with pytest.raises(tokens.TokenOfOther):
        tokens.check_page_token(tokens.page_token("diner"), "osteria")
    assert len(tokens.resume_token("osteria", call_id)) <= 128, "it fits the protocol's field"
