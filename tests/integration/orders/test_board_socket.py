"""The staff board over its socket: every order within a second, in sequence, to the right kitchen and nobody else."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client

from config.sockets import socket_application
from orders import selectors, services
from orders.board_protocol import CloseCode
from orders.consumers import session
from orders.models import Order
from orders.routing import websocket_urlpatterns
from orders.states import OrderState
from restaurants.models import Restaurant, Role
from restaurants.scoping import for_restaurant
from tests.cast import hire
from tests.integration.orders.conftest import PlaceOne

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]

Board = WebsocketCommunicator


@asynccontextmanager
async def board(user: User | AnonymousUser, slug: str = "osteria") -> AsyncIterator[Board]:
    """An accepted socket that always disconnects."""
    application: Any = URLRouter(websocket_urlpatterns)
    socket = WebsocketCommunicator(application, f"/ws/r/{slug}/board")
    socket.scope["user"] = user
    accepted, _ = await socket.connect(timeout=5)
    assert accepted
    try:
        yield socket
    finally:
        await socket.disconnect(timeout=5)


async def read(socket: Board, *types: str, within: float = 5) -> dict[str, Any]:
    """The next message of one of these types."""
    end = time.monotonic() + within
    while True:
        message = json.loads(await socket.receive_from(timeout=max(0.01, end - time.monotonic())))
        if message["type"] in types:
            return message


async def close_code(socket: Board) -> int:
    while True:
        output = await socket.receive_output(timeout=10)
        if output["type"] == "websocket.close":
            return int(output["code"])


async def tell(socket: Board, **command: Any) -> dict[str, Any]:
    """Sends a command and waits for its answer."""
    await socket.send_to(json.dumps({"id": str(uuid.uuid4())} | command))
    return await read(socket, "command.done", "command.refused")


@database_sync_to_async
def advance(restaurant: Restaurant, order_id: uuid.UUID, to: OrderState, version: int) -> None:
    services.advance_order(
        restaurant_id=restaurant.pk,
        order_id=order_id,
        to_state=to,
        actor=services.SYSTEM,
        expected_version=version,
    )


@pytest.fixture
def placing(place_one: PlaceOne) -> Callable[..., Any]:
    return database_sync_to_async(place_one)


async def test_an_order_is_on_the_board_within_a_second(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    async with board(cook) as socket:
        snapshot = await read(socket, "board.snapshot")
        assert (snapshot["orders"], snapshot["sequence"], snapshot["restaurant"]["name"]) == ([], 0, "Osteria Luna")
        placed = await placing(osteria)
        committed = time.monotonic()
        change = await read(socket, "board.change")
        assert time.monotonic() - committed < 1
    assert (change["sequence"], change["kind"], change["to_state"]) == (1, "placed", "submitted")
    card = change["card"]
    assert (card["number"], card["column"], card["next"], card["total_text"]) == (1, "new", "in_progress", "$13.50")
    assert card["id"] == str(placed.order_id)
    assert [(line["quantity"], line["name"]) for line in card["lines"]] == [(1, "Spaghetti")]
    assert [option["text"] for option in card["lines"][0]["options"]] == ["Ragù"]


async def test_what_was_ordered_before_stands_in_the_snapshot(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    first, _ = await placing(osteria), await placing(osteria)
    await advance(osteria, first.order_id, OrderState.IN_PROGRESS, 1)
    async with board(cook) as socket:
        snapshot = await read(socket, "board.snapshot")
    assert [(card["number"], card["column"]) for card in snapshot["orders"]] == [(1, "cooking"), (2, "new")]
    assert snapshot["sequence"] == 3


async def test_cards_nobody_bumped_off_do_not_hide_the_newest(
    osteria: Restaurant, cook: User, placing: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MAX_ON_BOARD", 2)
    for _ in range(3):
        await placing(osteria)
    async with board(cook) as socket:
        snapshot = await read(socket, "board.snapshot")
    assert [card["number"] for card in snapshot["orders"]] == [2, 3]


async def test_a_card_goes_all_the_way_and_can_be_recalled(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    placed = await placing(osteria)
    order = str(placed.order_id)
    async with board(cook) as socket:
        await read(socket, "board.snapshot")
        for version, state in enumerate(("in_progress", "ready", "completed"), start=1):
            done = await tell(socket, type="order.advance", order=order, to=state, version=version)
            assert done["type"] == "command.done"
            change = await read(socket, "board.change")
            assert (change["card"]["state"], change["actor"]) == (state, "carlo")
        assert change["card"]["column"] is None
        await tell(socket, type="order.recall", order=order, version=4)
        assert (await read(socket, "board.change"))["card"]["column"] == "ready"


async def test_a_bump_sent_again_after_a_lost_connection_counts_once(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    placed = await placing(osteria)
    bump = {"id": "bump-1", "type": "order.advance", "order": str(placed.order_id), "to": "in_progress", "version": 1}
    async with board(cook) as socket:
        await tell(socket, **bump)
        await tell(socket, type="order.recall", order=str(placed.order_id), version=2)
    async with board(cook) as socket:
        assert (await tell(socket, **bump))["type"] == "command.done"
        snapshot_or_change = await read(socket, "board.heartbeat")
        assert snapshot_or_change["sequence"] == 3, "nothing new happened"

    @database_sync_to_async
    def state() -> str:
        with for_restaurant(osteria.pk):
            return Order.objects.get(pk=placed.order_id).state

    assert await state() == "accepted"


async def test_two_cooks_do_not_undo_each_other(osteria: Restaurant, cook: User, placing: Callable[..., Any]) -> None:
    placed = await placing(osteria)
    await advance(osteria, placed.order_id, OrderState.IN_PROGRESS, 1)
    async with board(cook) as socket:
        stale = await tell(socket, type="order.advance", order=str(placed.order_id), to="ready", version=1)
        assert (stale["type"], stale["code"], stale["card"]["version"]) == ("command.refused", "stale", 2)
        backwards = await tell(socket, type="order.advance", order=str(placed.order_id), to="submitted", version=2)
        assert backwards["code"] == "not_possible"


async def test_tickets_are_acknowledged_and_the_order_accepted(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    await placing(osteria)
    async with board(cook) as socket:
        card = (await read(socket, "board.snapshot"))["orders"][0]
        assert (await tell(socket, type="ticket.acknowledge", ticket=card["tickets"][0]["id"]))[
            "type"
        ] == "command.done"
        seen = (await read(socket, "board.change"))["card"]
        assert seen["state"] == "accepted"
        assert seen["tickets"][0]["acknowledged_ms"]


async def test_only_a_shift_lead_cancels_and_the_kitchen_must_see_it(
    osteria: Restaurant, cook: User, owner: User, placing: Callable[..., Any]
) -> None:
    order = str((await placing(osteria)).order_id)
    cancel = {"type": "order.cancel", "order": order, "version": 1, "reason": "customer called"}
    async with board(cook) as socket:
        assert (await tell(socket, **cancel))["code"] == "not_allowed"
    async with board(owner) as socket:
        assert (await tell(socket, **cancel))["type"] == "command.done"
    async with board(cook) as socket:
        card = (await read(socket, "board.snapshot"))["orders"][0]
        assert (card["state"], card["column"]) == ("cancelled", "new"), "struck through until someone acknowledged it"
        ticket = next(ticket for ticket in card["tickets"] if ticket["kind"] == "cancel")
        await tell(socket, type="ticket.acknowledge", ticket=ticket["id"])
        assert (await read(socket, "board.change"))["card"]["column"] is None


async def test_a_hole_in_the_sequence_is_filled(osteria: Restaurant, cook: User, placing: Callable[..., Any]) -> None:
    async with board(cook) as socket:
        await read(socket, "board.snapshot")
        await placing(osteria)
        assert (await read(socket, "board.change"))["sequence"] == 1
        await socket.send_to(json.dumps({"type": "board.resync", "sequence": 0}))
        again = await read(socket, "board.change")
        assert (again["sequence"], again["kind"]) == (1, "placed")
        await socket.send_to(json.dumps({"type": "board.resync", "sequence": 99}))
        assert (await read(socket, "board.snapshot"))["sequence"] == 1


async def test_what_the_group_failed_to_deliver_comes_with_the_heartbeat(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    async with board(cook) as socket:
        await read(socket, "board.snapshot")
        layer = get_channel_layer()
        assert layer is not None
        await layer.flush()  # Redis restarted: nobody is in the group any more
        await placing(osteria)
        change = await read(socket, "board.change")
        beat = await read(socket, "board.heartbeat")
        assert (change["sequence"], beat["sequence"]) == (1, 1)


async def test_heartbeats_carry_the_servers_clock(osteria: Restaurant, cook: User) -> None:
    async with board(cook) as socket:
        first, second = await read(socket, "board.heartbeat"), await read(socket, "board.heartbeat")
    assert 1_500 < second["server_ms"] - first["server_ms"] < 4_000
    assert abs(second["server_ms"] / 1000 - time.time()) < 5


async def test_the_door_says_why_it_stays_shut(osteria: Restaurant, stranger: User) -> None:
    host = await database_sync_to_async(hire)("hugo", osteria, Role.HOST)
    for user, slug, code in (
        (AnonymousUser(), "osteria", 4401),
        (stranger, "osteria", 4403),
        (host, "osteria", 4403),
        (stranger, "nowhere", 4404),
    ):
        async with board(user, slug) as socket:
            assert await close_code(socket) == code


@pytest.mark.parametrize(
    ("origin", "is_signed_in", "answer"),
    [
        (b"http://localhost", True, "board.snapshot"),
        (b"http://localhost", False, 4401),
        (b"http://evil.example", True, 4403),
    ],
)
async def test_through_the_front_door_with_a_session_cookie(
    osteria: Restaurant, cook: User, origin: bytes, is_signed_in: bool, answer: str | int
) -> None:
    client = Client()
    if is_signed_in:
        await database_sync_to_async(client.force_login)(cook)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = [(b"host", b"localhost"), (b"origin", origin), (b"cookie", cookie.encode())]
    application: Any = socket_application()
    socket = WebsocketCommunicator(application, "/ws/r/osteria/board", headers=headers)
    try:
        assert (await socket.connect(timeout=10))[0]
        if isinstance(answer, int):
            assert await close_code(socket) == answer
        else:
            assert (await read(socket, answer, within=10))["restaurant"]["slug"] == "osteria"
    finally:
        await socket.disconnect(timeout=5)


async def test_a_stranger_hears_and_changes_nothing(
    osteria: Restaurant, diner: Restaurant, stranger: User, placing: Callable[..., Any]
) -> None:
    theirs = await placing(osteria)
    async with board(stranger, "diner") as socket:
        snapshot = await read(socket, "board.snapshot")
        assert snapshot["orders"] == []
        await placing(osteria)
        refused = await tell(socket, type="order.advance", order=str(theirs.order_id), to="in_progress", version=1)
        assert (refused["code"], refused.get("card")) == ("not_found", None)
        cancelled = await tell(socket, type="order.cancel", order=str(theirs.order_id), version=1, reason="mine")
        assert (cancelled["code"], cancelled.get("card")) == ("not_found", None)
        await socket.send_to(json.dumps({"type": "board.resync", "sequence": 0}))
        ours = await placing(diner)
        change = await read(socket, "board.change")
        assert change["card"]["id"] == str(ours.order_id)
        assert change["sequence"] == 1


async def test_staff_who_were_let_go_can_do_nothing_more(
    osteria: Restaurant, cook: User, placing: Callable[..., Any]
) -> None:
    placed = await placing(osteria)
    async with board(cook) as socket:
        await read(socket, "board.snapshot")
        await database_sync_to_async(User.objects.filter(pk=cook.pk).delete)()
        refused = await tell(socket, type="order.advance", order=str(placed.order_id), to="in_progress", version=1)
        assert refused["code"] == "not_allowed"


async def test_an_account_that_was_closed_can_do_nothing_more(
    osteria: Restaurant, cook: User, placing: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BEATS_PER_ACCESS_CHECK", 1)
    placed = await placing(osteria)
    async with board(cook) as socket:
        await read(socket, "board.snapshot")
        await database_sync_to_async(User.objects.filter(pk=cook.pk).update)(is_active=False)
        refused = await tell(socket, type="order.advance", order=str(placed.order_id), to="in_progress", version=1)
        assert refused["code"] == "not_allowed"
        assert await close_code(socket) == CloseCode.NOT_SIGNED_IN


async def test_nonsense_is_answered_and_survived(osteria: Restaurant, cook: User) -> None:
    nonsense = [
        " ",
        "{",
        "[]",
        '{"type":"order.advance"}',
        '{"type":"nothing"}',
        '{"type":"board.resync","sequence":-1}',
    ]
    async with board(cook) as socket:
        for text in [*nonsense, "\x00"]:
            await socket.send_to(text)
            assert (await read(socket, "command.refused"))["code"] == "malformed"
        refused = await tell(socket, type="order.advance", order="no id", to="ready", version=1)
        assert refused["code"] == "not_found"


async def test_too_much_nonsense_ends_it(osteria: Restaurant, cook: User) -> None:
    async with board(cook) as socket:
        for _ in range(20):
            await socket.send_to(bytes_data=b"\x01\x02")
        assert await close_code(socket) == 4400
    async with board(cook) as socket:
        await socket.send_to("x" * 5_000)
        assert await close_code(socket) == 4413


async def test_nothing_of_a_closed_board_is_left(osteria: Restaurant, cook: User) -> None:
    before = len(asyncio.all_tasks())
    for _ in range(5):
        async with board(cook) as socket:
            await read(socket, "board.snapshot")
    await asyncio.sleep(0.05)
    layer: Any = get_channel_layer()
    inner = layer._layers[asyncio.get_running_loop()]
    assert (inner.channels, inner.groups) == ({}, {})
    assert len(asyncio.all_tasks()) <= before + 1, "the channel layer's own listener"
