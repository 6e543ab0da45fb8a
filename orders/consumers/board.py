"""The staff board's socket: accepts, checks who it is, then moves messages; `session` knows their meaning."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, cast

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.layers import BaseChannelLayer, get_channel_layer
from redis.exceptions import RedisError

from orders.board_protocol import HEARTBEAT_S, MAX_COMMAND_BYTES, CloseCode
from orders.consumers.session import BoardSession, Refusal, open_board
from orders.services import board_group

logger = logging.getLogger("comanda.orders")

SEND_PATIENCE_S = 5.0
SUBSCRIBE_PATIENCE_S = 1.0
MAX_WAITING = 128  # a kitchen that was offline sends its queue at once


async def board_socket(scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """ASGI application of `/ws/r/<slug>/board`; needs the signed-in user in the scope."""
    values = cast("dict[str, Any]", scope)
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    opened = await open_board(values["user"], values["url_route"]["kwargs"]["slug"])
    end = opened if isinstance(opened, Refusal) else await _BoardSocket(opened, receive, send).run()
    if end is not None:
        await send({"type": "websocket.close", "code": end.code, "reason": end.reason})


class _BoardSocket:
    """Owns four tasks: reading, listening to the group and the clock give work; one does it, and alone writes.

    The first task to end ends them all.
    """

    def __init__(self, session: BoardSession, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self._session = session
        self._receive = receive
        self._send = send
        self._work: asyncio.Queue[Callable[[], Awaitable[list[str] | Refusal]]] = asyncio.Queue(MAX_WAITING)
        self._is_listening = asyncio.Event()

    async def run(self) -> Refusal | None:
        """Why to close; None when the other side is gone."""
        tasks = [asyncio.create_task(loop()) for loop in (self._read, self._do, self._listen, self._tick)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        except (TimeoutError, asyncio.QueueFull):  # a browser that reads nothing is as good as gone
            return Refusal(CloseCode.TOO_SLOW, "cannot keep up")
        except OSError:  # the server's word for writing to a closed socket
            return None
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> Refusal | None:
        while True:
            event = await self._receive()
            if event["type"] != "websocket.receive":
                return None
            text = event.get("text")
            if len(text or event.get("bytes") or "") > MAX_COMMAND_BYTES:
                return Refusal(CloseCode.TOO_LARGE, f"a command has at most {MAX_COMMAND_BYTES} characters")
            self._work.put_nowait(partial(self._session.obey, text))

    async def _do(self) -> Refusal | None:
        while True:
            said = await (await self._work.get())()
            if isinstance(said, Refusal):
                return said
            for text in said:
                async with asyncio.timeout(SEND_PATIENCE_S):
                    await self._send(cast("Any", {"type": "websocket.send", "text": text}))

    async def _listen(self) -> Refusal | None:
        layer, group = cast("BaseChannelLayer", get_channel_layer()), board_group(self._session.restaurant_id)
        channel = await self._join(layer, group)
        try:
            while True:
                message = await layer.receive(channel)
                self._work.put_nowait(partial(self._session.changed, message["sequence"], message["text"]))
        finally:
            with suppress(RedisError):
                await layer.group_discard(group, channel)

    async def _join(self, layer: BaseChannelLayer, group: str) -> str:
        """Without Redis the board goes on, two seconds slower: every heartbeat looks for missed changes."""
        while True:
            try:
                channel: str = await layer.new_channel()
                await layer.group_add(group, channel)
            except RedisError as error:
                logger.warning("board group %s is out of reach: %s", group, error)
                await asyncio.sleep(HEARTBEAT_S)
            else:
                self._is_listening.set()
                return channel

    async def _tick(self) -> Refusal | None:
        """The snapshot, once listening began so that nothing falls in between; then a heartbeat every two seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_listening.wait(), SUBSCRIBE_PATIENCE_S)
        self._work.put_nowait(self._session.begin)
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            self._work.put_nowait(self._session.pulse)
