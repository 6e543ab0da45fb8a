"""The spoken customer against a server of a few lines: what counts as the answer, and how often it reports."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from voice.protocol import CALLER_HEADER, REPLY_AUDIO, REPLY_HEADER
from voice.spoken.customer import FRAME_BYTES, Customer
from voice.spoken.figures import Measured
from voice.spoken.sentences import SpokenOrder, line_key

LINE = {"item": "taco", "variation": None, "quantity": 2, "combo": None, "modifiers": []}
ORDER = SpokenOrder("two tacos", Counter({line_key(LINE): 1}))
VOICE = b"\x10\x27" * (FRAME_BYTES // 2) * 5  # 100 ms


class Sent:
    """What the customer sent."""

    def __init__(self) -> None:
        self.voiced = 0
        self.messages: list[dict[str, Any]] = []

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]


class SmallServer:
    """Greets in 40 chunks, hears one utterance, says "one moment", then answers with a basket."""

    def __init__(self, *, lines: list[dict[str, Any]], mode: str = "batch", answers: bool = True) -> None:
        self.sent = Sent()
        self._lines, self._mode, self._answers = lines, mode, answers

    async def __call__(self, socket: ServerConnection) -> None:
        async for message in socket:
            if isinstance(message, bytes):
                is_voice = any(message[CALLER_HEADER.size :])
                self.sent.voiced += is_voice
                if is_voice and self.sent.voiced == len(VOICE) // FRAME_BYTES and self._answers:
                    await self._answer(socket)
                continue
            self.sent.messages.append(json.loads(message))
            if self.sent.messages[-1]["type"] == "session.start":
                await self._tell(socket, "session.ready", mode=self._mode)
                await self._speak(socket, 1, chunks=40)

    async def _answer(self, socket: ServerConnection) -> None:
        await self._speak(socket, 2, chunks=1)  # "one moment": no answer yet
        await asyncio.sleep(0.3)
        await self._tell(socket, "caption", speaker="customer", turn=1, text="two tacos", final=True)
        await self._tell(socket, "cart", cart={"lines": self._lines})
        await self._speak(socket, 3, chunks=1)

    async def _speak(self, socket: ServerConnection, response: int, *, chunks: int) -> None:
        await self._tell(socket, "speech.start", response=response)
        for seq in range(chunks):
            await socket.send(REPLY_HEADER.pack(REPLY_AUDIO, 0, 0, response, seq) + bytes(2_880))
        await self._tell(socket, "speech.end", response=response)

    async def _tell(self, socket: ServerConnection, type_: str, **fields: Any) -> None:
        await socket.send(json.dumps({"type": type_, **fields}))


async def ask(server: SmallServer, *, patience_s: float = 5.0) -> Measured:
    async with serve(server, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        return await Customer(f"ws://127.0.0.1:{port}/", "token", patience_s=patience_s).ask(ORDER, VOICE)


async def test_the_answer_is_what_follows_the_customer_s_words_and_no_filler() -> None:
    server = SmallServer(lines=[LINE])
    measured = await ask(server)
    assert (measured.mode, measured.is_right, measured.failure) == ("batch", True, "")
    assert measured.first_reply_ms is not None
    assert measured.first_reply_ms >= 290, "the filler came at once and is no answer"
    assert measured.basket_ms is not None
    assert measured.basket_ms <= measured.first_reply_ms + 50
    assert server.sent.of("hangup")


async def test_it_reports_playing_no_more_often_than_a_page() -> None:
    server = SmallServer(lines=[LINE])
    await ask(server)
    reports = [report for report in server.sent.of("playout") if report["response"] == 1]
    assert len(reports) <= 4, "forty chunks came at once"
    assert reports[-1]["finished"] is True


async def test_another_basket_is_told_apart_from_no_answer() -> None:
    wrong = await ask(SmallServer(lines=[LINE | {"quantity": 3}]))
    assert (wrong.is_right, wrong.basket_ms, wrong.failure) == (False, None, "another basket")
    silent = await ask(SmallServer(lines=[], answers=False), patience_s=0.5)
    assert (silent.first_reply_ms, silent.failure) == (None, "no answer")


async def test_a_server_that_is_not_there_is_a_failure_and_no_crash() -> None:
    measured = await Customer("ws://127.0.0.1:9/", "token").ask(ORDER, VOICE)
    assert not measured.is_right
    assert "Error" in measured.failure or "refused" in measured.failure
