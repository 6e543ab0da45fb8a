"""The browser's voice socket `/ws/r/<slug>/order`: accept, start, pass on, close. See docs/protocol.md.

Lean on purpose: stock Channels dispatch goes through the process's one database thread for every frame, so one slow
query anywhere would hold up every caller's audio. Here the receive path decodes, hands over and waits for nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from channels.consumer import AsyncConsumer
from django.db import DatabaseError

from voice.client_address import address_of_scope
from voice.consumers import reception
from voice.consumers.page import Page
from voice.consumers.reception import Over, Refused
from voice.consumers.socket import Socket
from voice.errors import failure
from voice.protocol import MAX_TEXT_MESSAGE_BYTES, CloseCode, Failure, SessionStart
from voice.wire import decode_text

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
START_TIMEOUT_S = 10.0
LAST_WORDS_S = 1.0


class BrowserConsumer(AsyncConsumer):  # type: ignore[misc]  # channels ships no types
    """One connection. The call itself lives in `voice.consumers.live_call` and may outlive it."""

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})
        socket = Socket(send)
        try:
            await self._serve(scope["url_route"]["kwargs"]["slug"], address_of_scope(scope), socket, receive)
        except asyncio.CancelledError:
            if not socket.is_closed:
                raise  # the server is going down

    async def _serve(self, slug: str, address: str, socket: Socket, receive: Callable[[], Awaitable[Message]]) -> None:
        try:
            start = await self._read_start(socket, receive)
            if start is None:
                return
            call = await reception.join(slug, start, socket, address)
        except Refused as refusal:
            await socket.refuse(refusal.problem)
            return
        except Over as over:
            await socket.close(CloseCode.NORMAL, "over", *over.messages)
            return
        except DatabaseError as error:  # the page tries again, with what it has to resume
            logger.warning("no call opens at %s: %s", slug, type(error).__name__)
            await socket.refuse(failure("internal"))
            return
        try:
            page = Page(call, start)
            while page.fatal is None:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return
                page.take(message)
            await call.runner.outbox.flush(LAST_WORDS_S)  # what was answered before comes before
            await socket.refuse(page.fatal)
        finally:
            await call.detach(socket)

    async def _read_start(self, socket: Socket, receive: Callable[[], Awaitable[Message]]) -> SessionStart | None:
        """None: the page went away. raises: Refused"""
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                message = await receive()
        except TimeoutError:
            raise Refused(failure("start_timeout", limit=f"{START_TIMEOUT_S:.0f} s")) from None
        if message["type"] != "websocket.receive":
            return None
        text = message.get("text")
        start = decode_text(text[:MAX_TEXT_MESSAGE_BYTES]) if text else failure("not_audio", "Audio came too early.")
        if isinstance(start, Failure):
            await socket.send(start)
        if not isinstance(start, SessionStart):
            raise Refused(failure("not_started", field="type"))
        return start
