"""The network of one customer: a TCP relay to whichever web process answers, that can be cut and held up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress

PIECE_BYTES = 65_536


class Line:
    """Each new connection goes to a web process by chance; to the other one when that refuses."""

    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self._ports = ports
        self._chance = chance
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._is_down = False
        self.port = 0

    async def lay(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self._flows.set()
        self.cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Whatever is connected is torn off; a new connection gets through."""
        for end in tuple(self._ends):
            end.transport.abort()

    async def cut_for(self, seconds: float) -> None:
        """Nothing gets through meanwhile."""
        self._is_down = True
        self.cut()
        await asyncio.sleep(seconds)
        self._is_down = False

    async def hold_for(self, seconds: float) -> None:
        """Connected, but nothing arrives on either side meanwhile."""
        self._flows.clear()
        await asyncio.sleep(seconds)
        self._flows.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._relay(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far = None if self._is_down else await self._reach_server()
        if far is None:
            writer.transport.abort()
            return
        far_reader, far_writer = far
        ends = {writer, far_writer}
        self._ends |= ends
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _reach_server(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for port in self._chance.sample(list(self._ports), len(self._ports)):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        return None

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """An end that breaks takes the other one with it."""
        with suppress(OSError):
            while data := await reader.read(PIECE_BYTES):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
            await self._flows.wait()
            if writer.can_write_eof():
                writer.write_eof()
            return
        for end in (writer,):
            end.transport.abort()
