"""A body beyond the limit is refused in words, whether its length is announced or not; others arrive whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from config.body_limit import BodyLimit


async def ask(chunks: list[bytes], headers: list[tuple[bytes, bytes]], limit: int = 10) -> tuple[int, bytes, int]:
    """(status, body, how many chunks were read) of a server that gives the length of what it got."""
    waiting = list(chunks)
    sent: list[dict[str, Any]] = []

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def receive() -> Any:
        chunk = waiting.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    await BodyLimit(application, limit=limit)({"type": "http", "headers": headers}, receive, send)
    return sent[0]["status"], sent[1]["body"], len(chunks) - len(waiting)


async def test_what_fits_arrives_whole() -> None:
    assert await ask([b"01234", b"56789"], []) == (200, b"0123456789", 2)


@pytest.mark.parametrize(
    ("headers", "read"), [([(b"content-length", b"15")], 0), ([], 3), ([(b"content-length", b"nonsense")], 3)]
)
async def test_what_does_not_is_refused_as_early_as_can_be(headers: list[tuple[bytes, bytes]], read: int) -> None:
    status, body, was_read = await ask([b"01234", b"56789", b"01234", b"never read"], headers)
    assert (status, was_read) == (413, read)
    assert json.loads(body)["error"] == {
        "code": "too_large",
        "text": "This request is too large.",
        "field": "",
        "limit": "10 bytes",
    }


async def test_sockets_are_left_alone() -> None:
    seen = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    await BodyLimit(application)({"type": "websocket"}, None, None)  # type: ignore[arg-type]
    assert seen == ["websocket"]
