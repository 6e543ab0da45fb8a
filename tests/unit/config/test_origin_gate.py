"""Which pages may open a socket."""

from typing import Any

import pytest
from django.conf import LazySettings

from config.asgi_types import Message, Receive, Scope, Send
from config.origin_gate import OriginGate, refuse_unknown
from voice.protocol import CloseCode


class Inside:
    """The application behind the gate: remembers whether it was reached."""

    def __init__(self) -> None:
        self.was_reached = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.was_reached = True


async def knock(application: Any, *, host: str, origin: str | None) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    await application({"type": "websocket", "path": "/ws/r/x/order", "headers": headers}, receive, send)
    return sent


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("LOCALHOST:8000", "http://localhost:8000"),
        ("127.0.0.1:8000", None),
        ("localhost:8000", "https://orders.example"),
    ],
)
async def test_our_own_pages_come_through(settings: LazySettings, host: str, origin: str | None) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://orders.example"]
    inside = Inside()
    assert await knock(OriginGate(inside), host=host, origin=origin) == []
    assert inside.was_reached


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://evil.example"),
        ("localhost:8000", "http://localhost:9000"),
        ("localhost:8000", "http://localhost:8000.evil.example"),
        ("localhost:8000", "null"),
        ("localhost:8000", "http://["),
        ("evil.example", "http://evil.example"),  # a name that was made to point at us
        ("", "http://"),
    ],
)
async def test_other_sites_are_told_why_they_are_refused(settings: LazySettings, host: str, origin: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    inside = Inside()
    sent = await knock(OriginGate(inside), host=host, origin=origin)
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert sent[-1]["code"] == CloseCode.ORIGIN
    assert not inside.was_reached


async def test_an_address_without_a_socket_is_closed_with_a_code() -> None:
    sent = await knock(refuse_unknown, host="localhost", origin=None)
    assert sent[-1]["code"] == CloseCode.NO_RESTAURANT
