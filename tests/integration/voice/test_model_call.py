"""A whole call in which the parser is unsure: the model reads, and the customer is told what was read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from restaurants.models import Restaurant
from tests.integration.voice.conftest import call
from tests.providers.openai_chat import KEY, ChatServer, chat_server, failed, says
from voice.engines import registry
from voice.engines.types import ModelSettings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]
MUMBLED = "gimme the noodly spagety thingummy wiv that green stuff"


@pytest.fixture
async def model(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ChatServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with chat_server(lambda _: failed(500, "server_error", "Oops.")) as server:
        settings = ModelSettings(api_key=KEY, model="scripted", base_url=server.url)
        registry.configure(name="scripted", cache_dir=Path("unused"), workers=1, model=settings)
        yield server
        await registry.shutdown()


def reads(server: ChatServer, *edits: dict[str, Any]) -> None:
    server.script = lambda _: says({"is_clear": True, "acts": [], "edits": list(edits)})


SPAGHETTI = {
    "edit": "add",
    "item": "spaghetti",
    "quantity": 1,
    "size": None,
    "options": [{"option": "sauce/pesto", "amount": "regular", "count": 1, "portion": "whole"}],
}


async def test_what_the_model_read_is_in_the_basket_and_told_back(osteria: Restaurant, model: ChatServer) -> None:
    reads(model, SPAGHETTI)
    async with call(audio=False, captions_only=True) as one:
        await one.say(MUMBLED)
        cart = await one.read("cart", where=lambda m: m["cart"]["units"] == 1)
        assert cart["cart"]["lines"][0]["title"] == "Spaghetti"
        assert cart["cart"]["lines"][0]["origin"] == "model"
        told = await one.read("caption", where=lambda m: m["speaker"] == "assistant" and "pesto" in m["text"].lower())
        assert "Anything else?" in told["text"]
    assert model.material["heard"] == [MUMBLED]


async def test_when_the_model_fails_the_customer_is_asked(osteria: Restaurant, model: ChatServer) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.say(MUMBLED)
        asked = await one.read("caption", where=lambda m: m["speaker"] == "assistant" and "Did you mean" in m["text"])
        assert asked["final"]
    assert len(model.requests) == 1


async def test_what_the_parser_is_sure_of_goes_nowhere(osteria: Restaurant, model: ChatServer) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.say("a spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 1)
    assert model.requests == []
