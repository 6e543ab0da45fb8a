"""The shell around the call core: owns every task, timer and queue of one call and maps each effect to one callable.

`push_audio` and `push` return at once and may be called from the receive path. Events are handled strictly in order on
one task, which waits for no engine, database or network: slow work runs beside it and answers with events.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from orders.understanding.types import MenuUnderstander
from voice.call_metrics import CallMetrics
from voice.dialog.effects import (
    CallStaff,
    Close,
    Effect,
    FinishUtterance,
    Outcome,
    PausePlayout,
    PlaceOrder,
    ResumePlayout,
    SaveTurn,
    Say,
    StartTimer,
    StopListening,
    StopPlayout,
    StopTimer,
    TruncateHeard,
    Understand,
)
from voice.dialog.events import (
    ClientDropped,
    EngineFailed,
    Event,
    HungUp,
    OrderPlaced,
    OrderRefused,
    PlayoutAcked,
    SpeechSynthesized,
    TimerFired,
    Understood,
)
from voice.ears import Ears, OpenStream
from voice.edge import CallEnd, Edge, Session
from voice.ending import end_tasks
from voice.engines.types import Speaker
from voice.errands import Errands
from voice.errors import failure
from voice.fallback import STREAMING, Fallback
from voice.outbox import Outbox
from voice.protocol import CloseCode, ServerMessage
from voice.reader import Reader
from voice.render import Renderer
from voice.reply import Reply
from voice.second_opinion import SecondOpinion
from voice.stopwatch import Stopwatch
from voice.timers import Timers

logger = logging.getLogger(__name__)

MAX_EVENTS = 1_000  # never dropped: a call that piles up more than this is broken and ends
PLACE_TIMEOUT_S = 20.0
LAST_WORDS_S = 2.0  # for what is still on its way out when the call ends
LAST_SAVES_S = 8.0
NOT_ACTIVITY = (ClientDropped, EngineFailed, PlayoutAcked, SpeechSynthesized, TimerFired, Understood)


class CallRunner:
    """`start`, then `push` and `push_audio`; ends by a Close effect or by `stop`, which is idempotent."""

    def __init__(
        self,
        *,
        session: Session,
        understander: MenuUnderstander,
        open_stream: OpenStream,
        speaker: Speaker,
        renderer: Renderer,
        edge: Edge,
        clock: Callable[[], int],
        second_opinion: SecondOpinion | None = None,
        fallback: Fallback | None = None,
        mode: str = STREAMING,
    ) -> None:
        self._session = session
        self._renderer = renderer
        self._edge = edge
        self.clock = clock
        self.metrics = metrics = CallMetrics()
        self._stopwatch = Stopwatch(metrics, clock=clock)
        self._events: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._errands = Errands(edge.save_turn, metrics=metrics)
        self._end: CallEnd | None = None
        self._close_code: int | None = None
        self.last_activity_ms = clock()  # the customer said, typed or tapped something
        self._main: asyncio.Task[None] | None = None
        self.ears = Ears(open_stream, deliver=self.push, clock=clock, metrics=metrics, fallback=fallback, mode=mode)
        self.outbox = Outbox(write=edge.write, lost=edge.lost, written=self._stopwatch.written, metrics=metrics)
        self._reply = Reply(speaker, put=self.outbox.put, deliver=self.push, clock=clock, metrics=metrics)
        self._reader = Reader(
            understander, second_opinion, deliver=self.push, errands=self._errands, clock=clock, metrics=metrics
        )
        self._timers = Timers(lambda name: self.push(TimerFired(at_ms=clock(), name=name)))
        self._handlers: dict[type, Callable[[Any], None]] = {
            Say: self._say,
            PausePlayout: self._pause,
            ResumePlayout: self._resume,
            StopPlayout: self._stop_playout,
            TruncateHeard: lambda _: metrics.count("replies_cut"),
            FinishUtterance: lambda _: self.finish_utterance(),
            Understand: self._reader.read,
            PlaceOrder: lambda effect: self._errands.run(self._place_order(effect), "place order"),
            SaveTurn: lambda effect: self._errands.save_turn(self._stopwatch.measured(effect)),
            StartTimer: lambda effect: self._timers.start(effect.name, effect.after_ms),
            StopTimer: lambda effect: self._timers.stop(effect.name),
            CallStaff: lambda effect: self._errands.run(edge.call_staff(effect), "call staff"),
            StopListening: self._stop_listening,
            Close: self._close,
        }

    @property
    def is_over(self) -> bool:
        return self._end is not None or (self._main is not None and self._main.done())

    def start(self) -> None:
        self._main = asyncio.create_task(self._run(), name="call")

    def push(self, event: Event) -> None:
        """Never drops; in order."""
        if self.is_over:
            return
        if len(self._events) >= MAX_EVENTS:
            self.end(CloseCode.FAILED, "overloaded")
            return
        self._events.append(event)
        self.metrics.depth("events", len(self._events))
        self._wake.set()

    def hang_up(self, reason: str, code: int = CloseCode.NORMAL) -> None:
        """The edge ends the call; the core still decides the outcome and may wait for an order that is being placed."""
        self._close_code = code
        self.push(HungUp(at_ms=self.clock(), reason=reason))

    def go_on_with(self, session: Session, timers: Mapping[str, int]) -> None:
        """Another core takes over: restored, or in another context. `timers`: when each is due, by the clock."""
        self._session = session
        self._timers.cancel_all()
        for name, due_ms in timers.items():
            self._timers.start(name, due_ms - self.clock())

    def push_audio(self, pcm: bytes, received_s: float | None = None, wire_bytes: int = 0) -> None:
        """`received_s`: time.perf_counter() when the frame came in; `wire_bytes`: as so many, if not as PCM."""
        if not self.is_over:
            self.metrics.count("bytes_received", wire_bytes or len(pcm))
            self.ears.push(pcm, time.perf_counter() if received_s is None else received_s)

    @property
    def is_settled(self) -> bool:
        """Every event so far has been handled: the core's state is between turns of its own wheels."""
        return not self._events

    def send(self, message: ServerMessage) -> None:
        """A message of the edge itself, in order with those of the call."""
        self.outbox.put(message)

    def finish_utterance(self) -> None:
        self._stopwatch.turn_closed()
        self.ears.finish_utterance()

    async def wait(self) -> CallEnd:
        """Until the call has ended and nothing of it is alive."""
        if self._main is not None:
            await asyncio.wait([self._main])
        assert self._end is not None
        return self._end

    def end(self, code: int, reason: str) -> None:
        """Ends the call without asking the core: broken, or not this process's any more."""
        self._finish(CallEnd(code, reason, Outcome.ABANDONED))

    async def stop(self, code: int = CloseCode.NORMAL, reason: str = "stopped") -> None:
        """Ends the call now. Idempotent; afterwards no task, timer or buffer of it is alive."""
        self.end(code, reason)
        await self.wait()

    # --- The two loops ------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        sender = asyncio.create_task(self.outbox.run(), name="outbox")
        self._errands.start()
        try:
            await self._handle_events()
        except Exception:
            logger.exception("The call core failed; the call ends")
            self.metrics.count("core_failures")
            self.send(failure("internal"))
            self.end(CloseCode.FAILED, "internal error")
        finally:
            await self._release(sender)

    async def _handle_events(self) -> None:
        while self._end is None:
            while self._events and self._end is None:
                self._handle(self._events.popleft())
                if self._events:
                    await asyncio.sleep(0)  # a burst must not hold up other calls' audio
            if self._end is None:
                self._wake.clear()
                await self._wake.wait()

    def _handle(self, event: Event) -> None:
        if not isinstance(event, NOT_ACTIVITY):
            self.last_activity_ms = self.clock()
        self._stopwatch.happened(event, is_speaking=self._reply.is_heard, ears=self.ears)
        if isinstance(event, PlayoutAcked):
            self._reply.reported(event.response, event.played_ms)
        elif isinstance(event, OrderPlaced):
            self.outbox.put(self._renderer.order_placed(event))
        began = time.perf_counter()
        effects = self._session.handle(event)
        self.metrics.add("handle", (time.perf_counter() - began) * 1000)
        self.ears.handled(event)
        for effect in effects:
            self._apply(effect)

    def _apply(self, effect: Effect) -> None:
        handler = self._handlers.get(type(effect))
        if handler is not None:
            handler(effect)
            return
        message = self._renderer.message(effect)
        assert message is not None, f"no handler for {type(effect).__name__}"
        self.outbox.put(message)

    # --- Effects ------------------------------------------------------------------------------------------------------

    def _stop_listening(self, effect: StopListening) -> None:
        logger.warning("A call goes on without ears: %s", effect.reason)
        self._errands.run(self.ears.close(), "stop listening")

    def _say(self, effect: Say) -> None:
        self._stopwatch.reply_began(effect.response)
        self._reply.say(effect)

    def _pause(self, effect: PausePlayout) -> None:
        self._reply.pause(effect.response)
        self._show(effect)

    def _resume(self, effect: ResumePlayout) -> None:
        self._show(effect)
        self._reply.resume(effect.response)

    def _stop_playout(self, effect: StopPlayout) -> None:
        self._reply.stop(effect.response)
        self.outbox.drop_audio(effect.response)
        self._show(effect)

    def _show(self, effect: Effect) -> None:
        message = self._renderer.message(effect)
        assert message is not None
        self.outbox.put(message)

    def _close(self, effect: Close) -> None:
        self._finish(CallEnd(self._close_code or effect.code, effect.reason, effect.outcome))

    def _finish(self, end: CallEnd) -> None:
        if self._end is None:
            self._end = end
            self._wake.set()

    async def _place_order(self, effect: PlaceOrder) -> None:
        try:
            async with asyncio.timeout(PLACE_TIMEOUT_S):
                answer = await self._edge.place_order(effect)
        except Exception:
            # The key makes asking again safe, and the core does: nobody is told "placed" on a guess.
            logger.exception("Placing order %s failed", effect.key)
            self.metrics.count("place_failures")
            self.push(OrderRefused(at_ms=self.clock(), key=effect.key, code="failed"))
            return
        self.push(answer)

    async def _release(self, sender: asyncio.Task[None]) -> None:
        """The order matters: stop what makes work, let what is under way finish in its time, then tell the edge."""
        if self._end is None:  # the task itself was cancelled: the process is going down
            self._end = CallEnd(CloseCode.SERVER_RESTART, "server stopping", Outcome.ABANDONED)
        self._timers.cancel_all()
        self._events.clear()
        await self.ears.close()
        await self._reply.close()
        await self.outbox.flush(LAST_WORDS_S)
        await end_tasks(sender)
        await self._errands.finish(LAST_SAVES_S)
        await self._errands.guard(self._edge.close(self._end, self.metrics.summary()), "close the call")
