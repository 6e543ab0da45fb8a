"""One WebSocket connection of a customer's page: what is sent on it, and how it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from voice.edge import CallEnd
from voice.errors import ERRORS, failure
from voice.outbox import ReplyChunk
from voice.protocol import (
    LAST_OF_RESPONSE,
    REPLY_AUDIO,
    REPLY_HEADER,
    CloseCode,
    Ended,
    Failure,
    ServerMessage,
    SessionReady,
    encoder,
)
from voice.screen import Screen

logger = logging.getLogger(__name__)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
CLOSE_TIMEOUT_S = 3.0


def goodbye(end: CallEnd) -> list[ServerMessage]:
    """The last words to a page whose call is over."""
    why = {CloseCode.IDLE: "idle", CloseCode.TOO_LONG: "call_too_long"}.get(end.code)
    return [*([failure(why)] if why else []), Ended(outcome=end.outcome.value, reason=end.reason)]


class Socket:
    """Made by the consumer's task, which it may end. Calls write to it through their outbox only."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._task = asyncio.current_task()
        self.ready: SessionReady | None = None  # what this connection is to be told first
        self.is_ready = False  # it was told
        self.is_closed = False

    async def send(self, message: ServerMessage) -> None:
        await self._send({"type": "websocket.send", "text": encoder.encode(message).decode()})

    async def show(self, item: ServerMessage, screen: Screen) -> None:
        """The first is this connection's own session.ready, with everything a page shows; nothing comes before it."""
        if item is self.ready:
            await self.send(item)
            for message in screen.messages():
                await self.send(message)
            self.is_ready = True
        elif self.is_ready and not isinstance(item, SessionReady):
            await self.send(item)

    async def send_audio(self, chunk: ReplyChunk) -> None:
        flags = LAST_OF_RESPONSE if chunk.is_last else 0
        header = REPLY_HEADER.pack(REPLY_AUDIO, flags, 0, chunk.response, chunk.seq)
        await self._send({"type": "websocket.send", "bytes": header + chunk.pcm})

    async def refuse(self, problem: Failure) -> None:
        """Says why, then closes with the code's own close code."""
        code = ERRORS[problem.code].close
        assert code is not None
        await self.close(code, problem.text, problem)

    async def close(self, code: int, reason: str, *last_words: ServerMessage) -> None:
        """Idempotent; gives up on a peer that does not take it. The consumer's task ends."""
        if self.is_closed:
            return
        self.is_closed = True
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                for message in last_words:
                    await self.send(message)
                await self._send({"type": "websocket.close", "code": code, "reason": reason[:120]})
        except Exception as error:  # noqa: BLE001  # each server raises its own class for a socket that is gone
            logger.debug("the socket was gone before its close %s could be sent: %r", code, error)
        self._end_consumer()

    def abandon(self) -> None:
        """The peer does not read any more: there is nobody to say goodbye to."""
        self.is_closed = True
        self._end_consumer()

    def _end_consumer(self) -> None:
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
