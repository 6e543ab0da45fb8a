"""A customer's page without a screen: the socket of `static/js/order/socket.js`, with its ring, backoff and resume."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from benchmarks.faults_line import Line
from benchmarks.faults_sound import FRAME_MS, RATE_HZ, Loudspeaker
from voice import tokens
from voice.protocol import CALLER_AUDIO, CALLER_HEADER

KEPT_FRAMES: Final = 1_500
BASE_S, CAP_S = 1.0, 30.0
PING_S, SILENT_S, ANSWER_S = 4.0, 10.0, 8.0
PLAYOUT_S: Final = 0.2
FINAL_CODES: Final = frozenset({1000, 4400, 4401, 4403, 4404, 4409, 4440, 4441})
UNSENT_BYTES: Final = 512 * 1024

# What tells the customer something; the rest is bookkeeping.
USEFUL: Final = frozenset("session.ready cart caption readback order.placed speech.start mode progress notice".split())


class Page:
    """`run` as a task. Nothing here decides anything: it holds what the page would show."""

    def __init__(self, line: Line, slug: str, chance: random.Random, note: Callable[[str], None]) -> None:
        self._line = line
        self._slug = slug
        self._chance = chance
        self._note = note
        self._token = tokens.page_token(slug)
        self._socket: ClientConnection | None = None
        self._second: asyncio.Task[int] | None = None
        self._ring: deque[tuple[int, bytes]] = deque(maxlen=KEPT_FRAMES)
        self._next_seq = 0
        self._waiting: list[dict[str, Any]] = []
        self._attempt = 0
        self._heard_s = 0.0
        self._loudspeaker = Loudspeaker()
        self.changed = asyncio.Event()
        self.on_message: Callable[[dict[str, Any]], None] = lambda _message: None
        self.link = "connecting"  # live | reconnecting | ended
        self.session: str | None = None
        self.call_ids: list[str] = []
        self.mode = ""
        self.has_left_streaming = False
        self.state = ""
        self.cart: dict[str, int] = {}
        self.readback: int | None = None  # revision of the open sheet
        self.placed: dict[str, Any] | None = None
        self.outcome = ""
        self.is_typed_only = False
        self.stages: dict[str, str] = {}  # recording -> stage
        self.resumes = self.starts_over = 0
        self.useful_s: list[float] = []

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._line.port}/r/{self._slug}"

    @property
    def is_speaking(self) -> bool:
        return self._loudspeaker.is_playing

    # --- What the customer does ---------------------------------------------------------------------------------------

    def push_audio(self, pcm: bytes) -> None:
        """The microphone's next 20 ms: sent, and kept until the server has done with them."""
        if self.link == "ended":
            return
        frame = CALLER_HEADER.pack(CALLER_AUDIO, 0, 0, self._next_seq) + pcm
        self._ring.append((self._next_seq, frame))
        self._next_seq += 1
        if self.link == "live":
            self._put(frame)

    def send(self, type_: str, **fields: Any) -> None:
        """Now, or as soon as the session is ready."""
        message = {"type": type_, **fields}
        if self.link == "live":
            self._put(json.dumps(message))
        elif self.link != "ended" and type_ != "playout":
            self._waiting.append(message)

    async def hang_up(self) -> None:
        self.send("hangup")
        self.link = "ended"
        if self._socket is not None:
            await self._socket.close()

    def spoil_session(self, end: str) -> None:
        """What it would resume with is worth nothing from now on."""
        if self.session is not None:
            self.session = self.session[:40] + end

    def join_from_second_window(self) -> None:
        """Another connection of the same session, while this one lives."""
        if self.link == "live":
            self.link = "reconnecting"
            self._second = asyncio.create_task(self._connection())

    # --- Connections --------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until the session has ended for this page."""
        while self.link != "ended":
            code = await self._connection()
            if self._second is not None:
                self._note(f"the first window was closed with {code}")
                second, self._second = self._second, None
                code = await second
            if self.link == "ended":
                break
            if code in FINAL_CODES:
                self._note(f"closed for good with {code}")
                self.link = "ended"
                break
            self.link = "reconnecting"
            self._loudspeaker.forget()
            self._note(f"connection lost ({code})")
            self.changed.set()
            await asyncio.sleep(self._backoff_s())
        self.changed.set()

    async def _connection(self) -> int:
        """One connection from beginning to end; its close code, or 0."""
        url = f"ws://127.0.0.1:{self._line.port}/ws/r/{self._slug}/order"
        try:
            async with asyncio.timeout(ANSWER_S):
                socket = await connect(url, compression=None, max_size=None, ping_interval=None, close_timeout=0.5)
        except (OSError, TimeoutError, WebSocketException):
            return 0
        self._socket, self._heard_s = socket, time.monotonic()
        beat = asyncio.create_task(self._keep_alive(socket))
        try:
            await socket.send(json.dumps(self._start_message()))
            async for message in socket:
                self._heard_s = time.monotonic()
                if isinstance(message, bytes):
                    self._loudspeaker.hear(message)
                else:
                    self._take(json.loads(message))
        except ConnectionClosed:
            pass
        finally:
            if self._socket is socket:
                self._socket = None
            beat.cancel()
            await asyncio.gather(beat, return_exceptions=True)
            await socket.close()
        return socket.close_code or 0

    def _start_message(self) -> dict[str, Any]:
        if self.session is None:
            self._restart_ring()
        first = self._ring[0][0] if self._ring else self._next_seq
        audio = {"sample_rate_hz": RATE_HZ, "encoding": "pcm16", "frame_ms": FRAME_MS}
        return {
            "type": "session.start",
            "token": self._token,
            "language": "en",
            "audio": audio,
            "resume": self.session,
            "next_seq": first,
        }

    def _restart_ring(self) -> None:
        frames = [frame for _, frame in self._ring]
        self._ring.clear()
        self._next_seq = 0
        for frame in frames:
            self._ring.append((self._next_seq, CALLER_HEADER.pack(CALLER_AUDIO, 0, 0, self._next_seq) + frame[8:]))
            self._next_seq += 1

    async def _keep_alive(self, socket: ClientConnection) -> None:
        """Reports what was played; gives up on a server that says nothing any more."""
        next_ping_s = began_s = time.monotonic()
        while True:
            await asyncio.sleep(PLAYOUT_S)
            now_s = time.monotonic()
            is_late = self.link != "live" and now_s - began_s > ANSWER_S
            if is_late or now_s - self._heard_s > SILENT_S:
                self._note("the server is silent")
                socket.transport.abort()
                return
            if (report := self._loudspeaker.report(time.perf_counter())) is not None:
                self.send("playout", **report)
                self.changed.set()
            if now_s >= next_ping_s and self.link == "live":
                self.send("ping", t=now_s)
                next_ping_s = now_s + PING_S

    def _backoff_s(self) -> float:
        whole = min(CAP_S, BASE_S * 2.0**self._attempt)
        self._attempt += 1
        return float(whole / 2 * (1 + self._chance.random()))

    def _put(self, data: str | bytes) -> None:
        """Never waits: what a dead connection does not take is in the ring, or doubtful."""
        socket = self._socket
        if socket is None:
            return
        if socket.transport.get_write_buffer_size() > UNSENT_BYTES:
            socket.transport.abort()
            return
        asyncio.ensure_future(socket.send(data)).add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    # --- What the server says -----------------------------------------------------------------------------------------

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind in USEFUL:
            self.useful_s.append(time.monotonic())
        self._loudspeaker.take(message)
        handler = getattr(self, "_on_" + kind.replace(".", "_"), None)
        if handler is not None:
            handler(message)
        self.on_message(message)
        self.changed.set()

    def _on_session_ready(self, ready: dict[str, Any]) -> None:
        is_new = self.session is not None and not ready["resumed"]
        self.resumes += ready["resumed"]
        if is_new:
            self.starts_over += 1
            self.cart, self.readback = {}, None
            self._restart_ring()
        self._note(f"ready, mode {ready['mode']}, {'resumed' if ready['resumed'] else 'new'}")
        self.session, self.mode = ready["session"], ready["mode"]
        self.is_typed_only = not ready["can_hear"]
        call_id = tokens.call_of_resume_token(ready["session"], self._slug)
        if call_id not in self.call_ids:
            self.call_ids.append(call_id)
        self._attempt = 0
        self.link = "live"
        self._forget_frames(ready["next_seq"])
        for _, frame in self._ring:
            self._put(frame)
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            self._put(json.dumps(message))

    def _on_audio_ack(self, ack: dict[str, Any]) -> None:
        self._forget_frames(ack["next_seq"])

    def _forget_frames(self, before: int) -> None:
        while self._ring and self._ring[0][0] < before:
            self._ring.popleft()

    def _on_cart(self, message: dict[str, Any]) -> None:
        cart: dict[str, int] = {}
        for line in message["cart"]["lines"]:
            cart[line["item"]] = cart.get(line["item"], 0) + line["quantity"]
        if cart != self.cart:
            self._note(f"basket {cart}")
        self.cart = cart

    def _on_readback(self, message: dict[str, Any]) -> None:
        self.readback = message["revision"] if message["open"] else None

    def _on_order_placed(self, message: dict[str, Any]) -> None:
        if self.placed is None:
            self._note(f"placed as {message['number']}")
        self.placed = message

    def _on_state(self, message: dict[str, Any]) -> None:
        self.state = message["state"]
        self._note(f"({self.state})")

    def _on_mode(self, message: dict[str, Any]) -> None:
        self._note(f"mode {message['mode']}: {message['reason']}")
        self.has_left_streaming = True
        self.mode = message["mode"]

    def _on_progress(self, message: dict[str, Any]) -> None:
        self.stages[message["recording"]] = message["stage"]

    def _on_caption(self, message: dict[str, Any]) -> None:
        if message["final"]:
            self._note(f"{message['speaker']}: {message['text'][:90]}")

    def _on_notice(self, message: dict[str, Any]) -> None:
        self._note(f"notice {message['code']}")
        self.is_typed_only |= message["code"] == "typed_only"

    def _on_error(self, message: dict[str, Any]) -> None:
        self._note(f"error {message['code']} {message['field']}")

    def _on_ended(self, message: dict[str, Any]) -> None:
        self._note(f"ended {message['outcome']} {message['reason']}")
        self.outcome = message["outcome"]
