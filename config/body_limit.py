"""No request body beyond a limit is read: Django would write it to the disk, whole, before anything could refuse it."""

import json

from config.asgi_types import Application, Message, Receive, Scope, Send

MAX_BODY_BYTES = 8_000_000  # a menu document is the largest thing anybody sends


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Answers 413 as JSON, before the first byte where the length is announced."""

    def __init__(self, application: Application, *, limit: int = MAX_BODY_BYTES) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise _TooLarge
            return message

        try:
            if _announced(scope) > self._limit:
                raise _TooLarge
            await self._application(scope, counted, send)
        except _TooLarge:
            await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        error = {
            "code": "too_large",
            "text": "This request is too large.",
            "field": "",
            "limit": f"{self._limit} bytes",
        }
        body = json.dumps({"error": error}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
