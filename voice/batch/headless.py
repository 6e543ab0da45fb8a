"""A call that no process has, carried on for one turn: claimed, brought to where it waits again, kept, let go.

The core is the one of every other call. Nobody is connected, so nothing is paced and nothing times out for want of an
answer: what it says and shows is collected, and counts as read.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from redis.exceptions import LockError

from orders.cart_view import CartView, cart_view
from voice import checkpoints, rebuild, services
from voice.batch.leases import LEASE_S, RENEW_EVERY_S
from voice.batch.overheard import Overheard, without_waiting
from voice.call_metrics import CallFigures, CallSummary
from voice.checkpoints import Checkpoint
from voice.consumers import control
from voice.consumers.database import in_database
from voice.consumers.returning import claimed
from voice.dialog.effects import CallStaff, PlaceOrder, SaveTurn
from voice.dialog.events import ClientDropped, ClientResumed, Event, ModeChanged, OrderPlaced, OrderRefused
from voice.dialog.session import CallSession
from voice.dialog.state import Stage, dump_state, load_state
from voice.edge import CallEnd
from voice.ending import end_tasks
from voice.engines.types import Engine, EngineUnavailable, TranscriberStream
from voice.models import Mode
from voice.outbox import Outgoing, ReplyChunk
from voice.protocol import CloseCode, Ended, ServerMessage
from voice.render import Renderer
from voice.runner import CallRunner
from voice.screen import Screen
from voice.services import OpenedCall

logger = logging.getLogger(__name__)

NOBODY = "headless:"  # begins the name of an owner that is no process waiting for more
WITHOUT_SOCKET = "no_socket"
TURN_TIMEOUT_S = 20.0
PATIENCE_S = 10.0  # for somebody else's turn of the same call
FLUSH_S = 2.0
LOOK_AGAIN_S = 0.25

Events = Callable[["HeadlessCall"], Sequence[Event]]
Beside = Callable[["Answer"], Coroutine[Any, Any, None]]


class NothingToGoOnWith(Exception):
    """The call has ended."""


class TakenOver(Exception):
    """A process took the call up meanwhile; what was done here never happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one turn brought: what a socket would have got, and the reply as it is spoken ("" where none was made)."""

    messages: tuple[ServerMessage, ...]
    reply: str
    spoken: str
    cart: CartView
    language: str
    is_settled: bool


async def take_turn(opened: OpenedCall, engine: Engine, events: Events, *, beside: Beside | None = None) -> Answer:
    """One turn of a call in progress. Whoever has the call loses it. `beside` runs while the turn is being kept.

    raises: NothingToGoOnWith, TakenOver, TimeoutError (another turn of it takes too long), RedisError
    """
    call_id, restaurant_id = opened.context.call_id, opened.restaurant_id
    async with _alone(restaurant_id, call_id):
        before = await checkpoints.owner_of(restaurant_id, call_id)
        owner = NOBODY + uuid.uuid4().hex
        checkpoint = await claimed(restaurant_id, call_id, owner)
        if checkpoint is None:
            if await checkpoints.is_over(restaurant_id, call_id):
                raise NothingToGoOnWith
            logger.warning("Call %s is rebuilt from the database: no checkpoint is left", call_id)
            checkpoint = await in_database(rebuild.rebuilt, opened, next_seq=0)
        call = HeadlessCall(opened, engine, owner=owner, checkpoint=checkpoint)
        if before is not None and not before.startswith(NOBODY):
            await control.tell_taken_over(call_id, owner)
            call.comes_from_a_socket()
        return await call.take(events, beside)


async def begin(opened: OpenedCall, engine: Engine, events: Events) -> Answer:
    """The first turn of a call that was opened a moment ago. raises: TakenOver, RedisError"""
    return await HeadlessCall(opened, engine, owner=NOBODY + uuid.uuid4().hex).take(events)


class HeadlessCall:
    """The edge of a call without a socket. Used for one turn."""

    def __init__(self, opened: OpenedCall, engine: Engine, *, owner: str, checkpoint: Checkpoint | None = None) -> None:
        self.opened = replace(opened, context=replace(opened.context, captions_only=True, mode=Mode.BATCH))
        self._owner = owner
        self._next_seq = checkpoint.next_seq if checkpoint else 0
        self._opened_at_ms = checkpoint.opened_at_ms if checkpoint else round(time.time() * 1000)
        context = self.opened.context
        state = without_waiting(load_state(checkpoint.state)) if checkpoint else None
        self.session = Overheard(CallSession.restore(context, state) if state else CallSession(context))
        self._screen = Screen(checkpoint.screen if checkpoint else ())
        self._messages: list[ServerMessage] = []
        self.runner = CallRunner(
            session=self.session,
            understander=context.understander,
            open_stream=_hears_nothing,
            speaker=engine.speaker,
            renderer=Renderer(context.menu, context.language, lambda: bool(self.session.state.ordering.undo)),
            edge=self,
            clock=self.clock,
            second_opinion=engine.second_opinion(context.menu),
        )
        if state is not None:
            self.runner.go_on_with(self.session, state.timers)
        figures = checkpoint.figures if checkpoint else CallFigures()
        if opened.mode != Mode.BATCH and not figures.mode:
            figures = replace(figures, mode=Mode.BATCH.value, fallback_reason=WITHOUT_SOCKET)
        self.runner.metrics.go_on_from(figures)

    def clock(self) -> int:
        """Milliseconds since the call opened, also across processes."""
        return round(time.time() * 1000) - self._opened_at_ms

    def comes_from_a_socket(self) -> None:
        """What was being said or heard there ends; it is in batch from here on."""
        self.runner.push(ClientDropped(at_ms=self.clock()))
        self.runner.push(ClientResumed(at_ms=self.clock()))
        self.runner.push(ModeChanged(at_ms=self.clock(), mode=Mode.BATCH.value, reason=WITHOUT_SOCKET))

    async def take(self, events: Events, beside: Beside | None = None) -> Answer:
        """raises: TakenOver, RedisError, whatever `beside` raises"""
        self.runner.start()
        other: asyncio.Task[None] | None = None
        try:
            for event in events(self):
                self.runner.push(event)
            is_settled = await self._settle()
            await self.runner.outbox.flush(FLUSH_S)
            if beside is not None:
                other = asyncio.create_task(beside(self._answer(is_settled=is_settled)), name="beside the turn")
            if not self.runner.is_over and not await self._keep():
                raise TakenOver
            await self.runner.stop(CloseCode.SERVER_RESTART, "turn taken")
            if other is not None:
                await other
        finally:
            await self.runner.stop(CloseCode.SERVER_RESTART, "turn broken off")
            await end_tasks(other)
        return self._answer(is_settled=is_settled)

    async def _settle(self) -> bool:
        """Until the core waits for the customer again. False: it takes too long, and goes on with the next turn."""
        try:
            async with asyncio.timeout(TURN_TIMEOUT_S):
                while not self._is_settled():
                    self.session.handled.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.session.handled.wait(), LOOK_AGAIN_S)
        except TimeoutError:
            logger.warning("Call %s did not settle in %.0f s", self.opened.context.call_id, TURN_TIMEOUT_S)
            return False
        return True

    def _is_settled(self) -> bool:
        if self.runner.is_over:
            return True
        state = self.session.state
        is_thinking = bool(state.hearing.waiting) or state.ordering.stage is Stage.PLACING
        return self.runner.is_settled and not is_thinking

    async def _keep(self) -> bool:
        state = self.session.state
        checkpoint = Checkpoint(
            call_id=self.opened.context.call_id,
            restaurant_id=self.opened.restaurant_id,
            language=self.opened.context.language,
            menu_version=self.opened.context.menu.version,
            opened_at_ms=self._opened_at_ms,
            next_seq=self._next_seq,
            state=dump_state(state),
            screen=self._screen.dump(),
            figures=self.runner.metrics.figures(),
            cart_revision=state.ordering.cart.revision,
            mode=Mode.BATCH.value,
        )
        return await checkpoints.write(checkpoint, owner=self._owner)

    def _answer(self, *, is_settled: bool) -> Answer:
        context, ordering = self.opened.context, self.session.state.ordering
        cart = cart_view(ordering.cart, context.menu, language=context.language, problems=ordering.problems)
        said = self.session.said
        return Answer(
            messages=tuple(self._messages),
            reply=" ".join(text for text, _ in said),
            spoken=" ".join(spoken for _, spoken in said),
            cart=cart,
            language=context.language,
            is_settled=is_settled,
        )

    # --- The runner's edge --------------------------------------------------------------------------------------------

    async def write(self, item: Outgoing) -> None:
        if not isinstance(item, ReplyChunk):
            self._screen.saw(item)
            self._messages.append(item)

    def lost(self, reason: str) -> None:
        logger.warning("Call %s without a socket has more to show than fits: %s", self.opened.context.call_id, reason)

    async def place_order(self, effect: PlaceOrder) -> OrderPlaced | OrderRefused:
        """Kept first, as for every call: whoever carries it on must know that the order may stand."""
        if not await self._keep():
            return OrderRefused(at_ms=self.clock(), key=effect.key, code="failed")
        answer = await in_database(services.place_order_for_call, opened=self.opened, effect=effect)
        return replace(answer, at_ms=self.clock())

    async def save_turn(self, effect: SaveTurn) -> None:
        await in_database(
            services.save_turn,
            restaurant_id=self.opened.restaurant_id,
            call_id=self.opened.context.call_id,
            record=effect.record,
            basket=effect.cart,
            figures=self.runner.metrics.figures(),
        )

    async def call_staff(self, effect: CallStaff) -> None:
        await in_database(
            services.note_staff_call,
            restaurant_id=self.opened.restaurant_id,
            call_id=self.opened.context.call_id,
            reason=effect.reason,
        )

    async def close(self, end: CallEnd, summary: CallSummary) -> None:
        """Only the core ends the call; our own stop leaves it for the next turn."""
        call_id, restaurant_id = self.opened.context.call_id, self.opened.restaurant_id
        if end.code == CloseCode.SERVER_RESTART or not await checkpoints.forget(
            restaurant_id, call_id, owner=self._owner
        ):
            return
        self._messages.append(Ended(outcome=end.outcome.value, reason=end.reason))
        await in_database(
            services.close_call,
            restaurant_id=restaurant_id,
            call_id=call_id,
            outcome=end.outcome,
            code=end.code,
            reason=end.reason,
            metrics=summary.as_json(),
            figures=self.runner.metrics.figures(),
        )


async def _hears_nothing(_sample_rate_hz: int) -> TranscriberStream:
    raise EngineUnavailable("a call without a socket has no microphone")


@asynccontextmanager
async def _alone(restaurant_id: int, call_id: str) -> AsyncIterator[None]:
    """One turn of a call at a time, in all processes. raises: TimeoutError, RedisError"""
    lock = checkpoints.turn_lock(restaurant_id, call_id, kept_s=LEASE_S, patience_s=PATIENCE_S)
    if not await lock.acquire():
        raise TimeoutError(f"another turn of call {call_id} does not end")

    async def renew() -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            await lock.reacquire()

    renewing = asyncio.create_task(renew(), name="renew turn lock")
    try:
        yield
    finally:
        await end_tasks(renewing)
        try:
            await lock.release()
        except LockError:
            logger.warning("Call %s: its turn lasted longer than its lock", call_id)
