"""A call in this process: the edge that carries a runner's effects to the page, the database and the checkpoint.

It outlives its connection: a page that lost it finds the call again as long as the core waits for it (timer
`reconnect`), and after that, or in another process, from the checkpoint. Either way the page sends what was said since
the last finished utterance again: heard twice, understood once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from voice.audio_ledger import AudioLedger
from voice.call_metrics import CallSummary
from voice.checkpoints import Checkpoint
from voice.consumers import control
from voice.consumers.batch_way import fallback_of
from voice.consumers.beginning import Beginning
from voice.consumers.call_file import CallFile
from voice.consumers.keeper import Keeper
from voice.consumers.recordings import CallRecordings
from voice.consumers.socket import Socket, goodbye
from voice.dialog.effects import CallStaff, PlaceOrder, SaveTurn
from voice.dialog.events import CallOpened, ClientDropped, ClientResumed, OrderPlaced, OrderRefused
from voice.dialog.session import CallSession
from voice.dialog.state import dump_state
from voice.edge import CallEnd
from voice.ending import end_tasks
from voice.engines.types import Engine, TranscriberStream
from voice.errors import failure
from voice.fallback import Reason
from voice.outbox import Outgoing, ReplyChunk
from voice.protocol import (
    Caption,
    CartIs,
    Chips,
    CloseCode,
    OrderIsPlaced,
    Readback,
    SessionReady,
    SessionStart,
)
from voice.render import Renderer
from voice.runner import CallRunner
from voice.screen import Screen
from voice.services import OpenedCall
from voice.timers import Timers
from voice.wire import check_audio

logger = logging.getLogger(__name__)

IDLE_CHECK_MS = 5_000


class LiveCall:
    """`over` is called once, when nothing of the call is alive any more. `owner` names this process's hold on it."""

    def __init__(
        self,
        opened: OpenedCall,
        engine: Engine,
        *,
        owner: str,
        idle_s: float,
        over: Callable[[LiveCall], None],
        begins: Beginning,
    ) -> None:
        opened = replace(opened, context=replace(opened.context, mode=opened.mode))
        self.opened = opened
        self.call_id = opened.context.call_id
        self._owner = owner
        self._engine = engine
        self._idle_s = idle_s
        self._over = over
        self._opened_at_ms = begins.opened_at_ms
        self._began_s = asyncio.get_running_loop().time() - (time.time() - self._opened_at_ms / 1000)
        self.screen = Screen(begins.screen)
        self.ledger = AudioLedger(begins.next_seq)
        self.session = begins.session(opened.context)
        self.socket: Socket | None = None
        self._is_given_up = False
        self._timers = Timers(lambda _: self._check_idle())
        self._control: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._recordings = CallRecordings(self, restaurant_id=opened.restaurant_id, call_id=self.call_id)
        self.keeper = Keeper(
            self,
            owner=owner,
            restaurant_id=opened.restaurant_id,
            call_id=self.call_id,
            first_seq=begins.next_seq,
            takes_over=begins.is_rebuilt,
        )
        self.runner = self._make_runner()
        self._file = CallFile(lambda: self.opened, metrics=self.runner.metrics, ledger=self.ledger)
        if begins.checkpoint is not None:
            self.runner.go_on_with(self.session, self.session.state.timers)
            self.runner.metrics.go_on_from(begins.checkpoint.figures)
            self.runner.push(ClientDropped(at_ms=self.clock()))

    def _make_runner(self) -> CallRunner:
        context, engine = self.opened.context, self._engine
        return CallRunner(
            session=self.session,
            understander=context.understander,
            open_stream=self._open_stream,
            speaker=engine.speaker,
            renderer=Renderer(context.menu, context.language, lambda: bool(self.session.state.ordering.undo)),
            edge=self,
            clock=self.clock,
            second_opinion=engine.second_opinion(context.menu),
            fallback=fallback_of(engine, self._recordings, clock=self.clock),
            mode=self.mode,
        )

    @property
    def mode(self) -> str:
        return self.session.state.flow.mode

    def clock(self) -> int:
        """Milliseconds since the call opened, also across processes."""
        return round((asyncio.get_running_loop().time() - self._began_s) * 1000)

    # --- Connections come and go --------------------------------------------------------------------------------------

    def start(self) -> None:
        self.runner.start()
        self._control = asyncio.create_task(control.listen(self.call_id, self._told), name="call control")
        self._timers.start("idle", IDLE_CHECK_MS)

    async def attach(self, socket: Socket, start: SessionStart, ready: SessionReady) -> None:
        """The newest connection is the call's; an older one is told so and closed."""
        older, self.socket = self.socket, socket
        if older is not None:
            await self._let_go()
        if start.captions_only != self.opened.context.captions_only:
            self._speak_or_not(captions_only=start.captions_only)
        if ready.resumed:
            self.ledger.skip_to(start.next_seq)
            ready = msgspec.structs.replace(ready, next_seq=self.ledger.next_seq)
        socket.ready = ready
        self.runner.send(ready)
        self.runner.push(ClientResumed(at_ms=self.clock()) if ready.resumed else CallOpened(at_ms=self.clock()))
        if start.audio is not None and check_audio(start.audio) is None:
            self.hear(start.audio.sample_rate_hz)
        if ready.resumed:
            self._recordings.look()
        if older is not None:
            await older.refuse(failure("taken_over"))

    def hear(self, sample_rate_hz: int) -> None:
        """The microphone is open. Where nothing can hear, its audio is counted and dropped."""
        if not self.opened.context.typed_only:
            self.runner.ears.open(sample_rate_hz)

    def leave_streaming(self, reason: Reason, *, at_once: bool) -> None:
        """From any thread. The call goes on in batch, at once or at the end of the utterance being spoken."""
        if not self.opened.context.typed_only:
            self._loop.call_soon_threadsafe(partial(self.runner.ears.leave_streaming, reason, at_once=at_once))

    async def detach(self, socket: Socket) -> None:
        """The connection is gone; the call waits for the next one."""
        if socket is self.socket:
            self.socket = None
            await self._let_go()

    async def _let_go(self) -> None:
        """Nobody listens and speaks for now. What is not yet words is forgotten here and kept by the page."""
        if self.runner.is_over:
            return
        await self.runner.ears.settle()
        self.ledger.rewind(self.safe_seq())
        self.runner.push(ClientDropped(at_ms=self.clock()))
        await self.runner.ears.close()

    def _speak_or_not(self, *, captions_only: bool) -> None:
        """The same state goes on in another context."""
        context = replace(self.opened.context, captions_only=captions_only)
        self.opened = replace(self.opened, context=context)
        self.session = CallSession.restore(context, self.session.state)
        self.runner.go_on_with(self.session, self.session.state.timers)

    async def _open_stream(self, sample_rate_hz: int) -> TranscriberStream:
        context = self.opened.context
        return await self._engine.transcriber.open(
            menu=context.menu,
            language=context.language,
            sample_rate_hz=sample_rate_hz,
            clock=self.clock,
            tenant=context.restaurant_id,
        )

    # --- The runner's edge --------------------------------------------------------------------------------------------

    async def write(self, item: Outgoing) -> None:
        socket = self.socket if self.socket is not None and not self.socket.is_closed else None
        if isinstance(item, ReplyChunk):
            if socket is not None and socket.is_ready:
                await socket.send_audio(item)
            return
        self.screen.saw(item)
        self._recordings.wrote(item)
        if isinstance(item, CartIs | Chips | OrderIsPlaced | Readback) or (isinstance(item, Caption) and item.final):
            self.keeper.soon()
        if socket is not None:
            await socket.show(item, self.screen)

    def lost(self, reason: str) -> None:
        if self.socket is not None:
            logger.info("Call %s lost its page: %s", self.call_id, reason)
            self.socket.abandon()  # its consumer detaches

    async def place_order(self, effect: PlaceOrder) -> OrderPlaced | OrderRefused:
        """Kept first: whoever carries the call on must know that the order may stand, or would place a second one."""
        if not await self.keeper.keep_first():
            return OrderRefused(at_ms=self.clock(), key=effect.key, code="failed")
        return replace(await self._file.place_order(effect), at_ms=self.clock())

    async def save_turn(self, effect: SaveTurn) -> None:
        await self._file.save_turn(effect)
        self.keeper.soon()

    async def call_staff(self, effect: CallStaff) -> None:
        await self._file.call_staff(effect)

    async def close(self, end: CallEnd, summary: CallSummary) -> None:
        self._timers.cancel_all()
        await end_tasks(self._control)
        await self._recordings.close()
        await self.keeper.close()
        is_moving = self._is_given_up or end.code == CloseCode.SERVER_RESTART
        socket, self.socket = self.socket, None
        if socket is not None:
            await socket.close(end.code, end.reason, *([] if is_moving else goodbye(end)))
        try:
            if not is_moving and await self.keeper.forget():
                await self._file.close(end, summary)
        finally:
            self._over(self)

    def checkpoint(self) -> Checkpoint | None:
        if not self.runner.is_settled:
            return None
        state = self.session.state
        return Checkpoint(
            call_id=self.call_id,
            restaurant_id=self.opened.restaurant_id,
            language=self.opened.context.language,
            menu_version=self.opened.context.menu.version,
            opened_at_ms=self._opened_at_ms,
            next_seq=self.safe_seq(),
            state=dump_state(state),
            screen=self.screen.dump(),
            figures=self.runner.metrics.figures(self.ledger.missing),
            cart_revision=state.ordering.cart.revision,
            mode=state.flow.mode,
        )

    def safe_seq(self) -> int:
        return self.ledger.safe_seq(self.runner.ears.needed_from_ms)

    def words(self) -> object:
        hearing = self.session.state.hearing
        return hearing.carried, hearing.waiting, hearing.heard

    # --- Other processes, time ----------------------------------------------------------------------------------------

    def _told(self, message: dict[str, Any]) -> None:
        if message["type"] == control.TAKEN_OVER and message["owner"] != self._owner:
            self.taken_over()
        elif message["type"] == control.KEEP:
            self.keeper.soon()
        elif message["type"] == control.RECORDING:
            self._recordings.told(message["recording"], message["stage"], message["at_ms"])

    def taken_over(self) -> None:
        """Another process runs the call now: nothing of it may be written or closed here."""
        if not self._is_given_up:
            self._is_given_up = True
            self.runner.end(CloseCode.TAKEN_OVER, "taken over")

    def _check_idle(self) -> None:
        if self.clock() - self.runner.last_activity_ms > self._idle_s * 1000:
            self.runner.hang_up("idle", CloseCode.IDLE)
        else:
            self.keeper.mark()
            self._timers.start("idle", IDLE_CHECK_MS)
