"""One address cannot take every line: so many calls at once, so many openings a minute; others get through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from tests.integration.voice.conftest import Caller
from voice import tokens
from voice.protocol import CloseCode
from voice.routing import websocket_urlpatterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis", "osteria")]


@asynccontextmanager
async def caller_from(address: str, forwarded: str = "") -> AsyncIterator[Caller]:
    application: Any = URLRouter(websocket_urlpatterns)
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    socket = WebsocketCommunicator(application, "/ws/r/osteria/order", headers=headers)
    socket.scope["client"] = (address, 4711)
    accepted, _ = await socket.connect(timeout=5)
    assert accepted
    try:
        yield Caller(socket)
    finally:
        if not socket.future.done():
            await socket.disconnect(timeout=10)


async def begin(one: Caller) -> None:
    await one.start(tokens.page_token("osteria"), audio=False, captions_only=True)


async def refused(one: Caller) -> dict[str, Any]:
    await one.send("session.start", token=tokens.page_token("osteria"), audio=None)
    problem: dict[str, Any] = await one.read("error")
    assert await one.close_code() == CloseCode.BUSY
    return problem


async def test_so_many_calls_at_once_from_one_address(settings: Settings) -> None:
    settings.CALLS_PER_ADDRESS = 1
    async with caller_from("192.0.2.7") as one, caller_from("192.0.2.7") as two, caller_from("192.0.2.8") as other:
        await begin(one)
        problem = await refused(two)
        assert (problem["code"], problem["limit"]) == ("too_many_calls", "1 at once")
        await begin(other)


async def test_so_many_openings_a_minute_from_one_address(settings: Settings) -> None:
    settings.CALLS_PER_ADDRESS_A_MINUTE = 1
    async with caller_from("192.0.2.7") as one, caller_from("192.0.2.7") as two:
        await begin(one)
        problem = await refused(two)
        assert (problem["code"], problem["limit"]) == ("too_many_calls", "1 a minute")


async def test_a_call_that_comes_back_is_no_new_one(settings: Settings) -> None:
    settings.CALLS_PER_ADDRESS = settings.CALLS_PER_ADDRESS_A_MINUTE = 1
    async with caller_from("192.0.2.7") as one:
        await begin(one)
    async with caller_from("192.0.2.7") as again:
        ready = await again.start(tokens.page_token("osteria"), audio=False, resume=one.ready["session"])
        assert ready["resumed"] is True


async def test_behind_a_trusted_proxy_each_customer_counts_alone(settings: Settings) -> None:
    settings.CALLS_PER_ADDRESS, settings.TRUSTED_PROXIES = 1, 1
    async with (
        caller_from("10.0.0.1", "203.0.113.1") as one,
        caller_from("10.0.0.1", "203.0.113.2") as two,
        caller_from("10.0.0.1", "203.0.113.2") as more,
    ):
        await begin(one)
        await begin(two)
        assert (await refused(more))["code"] == "too_many_calls"
