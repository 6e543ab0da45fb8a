"""What a runner needs around it, without engines: each part records what was asked of it and plays a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from orders.cart_types import Cart
from orders.understanding.types import Expectation, Understanding
from restaurants.menu import Menu
from voice.call_metrics import CallSummary
from voice.dialog.effects import CallStaff, Effect, PlaceOrder, SaveTurn
from voice.dialog.events import Event, OrderPlaced, OrderRefused, TranscriptFinal
from voice.edge import CallEnd
from voice.engines.types import Capabilities, TranscriberEvent
from voice.outbox import Outgoing, ReplyChunk
from voice.protocol import REPLY_RATE_HZ
from voice.render import Renderer
from voice.runner import CallRunner

MENU = Menu(name="Test", slug="test")
SPEECH_MS = 2_000
NOTHING_ASKED = Expectation()


class ScriptedSession:
    """Answers each kind of event by a function of it; records the order events came in."""

    def __init__(self, answers: dict[type, Callable[..., Sequence[Effect]]] | None = None) -> None:
        self.answers = answers or {}
        self.events: list[Event] = []

    def handle(self, event: Event) -> Sequence[Effect]:
        self.events.append(event)
        answer = self.answers.get(type(event))
        return answer(event) if answer else ()

    def seen(self, kind: type) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


class EchoUnderstander:
    def understand(self, text: str, cart: Cart, expect: Expectation = NOTHING_ASKED) -> Understanding:
        return Understanding(text=text)

    def understand_best(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation = NOTHING_ASKED
    ) -> Understanding:
        return Understanding(text=hypotheses[0] if hypotheses else "")

    def is_complete(self, text: str, cart: Cart, expect: Expectation = NOTHING_ASKED) -> bool:
        return True


class SteadySpeaker:
    """`ms` of silence for whatever is said, made at once."""

    def __init__(self, ms: int = SPEECH_MS) -> None:
        self.ms = ms
        self.said: list[str] = []
        self.open_streams = 0

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("steady", ("en",), REPLY_RATE_HZ)

    async def speak(self, text: str, *, language: str, sample_rate_hz: int) -> AsyncIterator[bytes]:
        self.said.append(text)
        self.open_streams += 1
        try:
            for _ in range(self.ms // 100):
                yield bytes(sample_rate_hz // 10 * 2)
        finally:
            self.open_streams -= 1

    async def close(self) -> None:
        pass


class ScriptedStream:
    """Hears what the test tells it to."""

    def __init__(self) -> None:
        self.pushed: list[bytes] = []
        self.finished = 0
        self.is_closed = False
        self.queue: asyncio.Queue[TranscriberEvent | None] = asyncio.Queue()

    @property
    def dropped_ms(self) -> int:
        return 0

    def push(self, pcm: bytes) -> None:
        self.pushed.append(pcm)

    def finish_utterance(self) -> None:
        self.finished += 1
        self.queue.put_nowait(TranscriptFinal())

    async def events(self) -> AsyncIterator[TranscriberEvent]:
        while (event := await self.queue.get()) is not None:
            yield event

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class RecordingEdge:
    sent: list[Outgoing] = field(default_factory=list)
    sent_at_ms: list[int] = field(default_factory=list)
    saved: list[SaveTurn] = field(default_factory=list)
    placed: list[PlaceOrder] = field(default_factory=list)
    staff: list[CallStaff] = field(default_factory=list)
    ends: list[tuple[CallEnd, CallSummary]] = field(default_factory=list)
    lost_for: list[str] = field(default_factory=list)
    write_s: float = 0.0
    place_s: float = 0.0
    save_s: float = 0.0
    place_error: Exception | None = None
    saves_fail_until_s: float = 0.0  # by the loop's clock
    unsavable: set[int] = field(default_factory=set)  # turns

    async def write(self, item: Outgoing) -> None:
        if self.write_s:
            await asyncio.sleep(self.write_s)
        self.sent.append(item)
        self.sent_at_ms.append(round(asyncio.get_running_loop().time() * 1000))

    def lost(self, reason: str) -> None:
        self.lost_for.append(reason)

    async def place_order(self, effect: PlaceOrder) -> OrderPlaced | OrderRefused:
        await asyncio.sleep(self.place_s)
        self.placed.append(effect)
        if self.place_error:
            raise self.place_error
        return OrderPlaced(key=effect.key, order_id="1", number=7, total_cents=1250)

    async def save_turn(self, effect: SaveTurn) -> None:
        await asyncio.sleep(self.save_s)
        is_away = asyncio.get_running_loop().time() < self.saves_fail_until_s
        if is_away or effect.record.turn in self.unsavable:
            raise ConnectionError("database away")
        self.saved.append(effect)

    async def call_staff(self, effect: CallStaff) -> None:
        self.staff.append(effect)

    async def close(self, end: CallEnd, summary: CallSummary) -> None:
        self.ends.append((end, summary))

    def messages(self, kind: type) -> list[Outgoing]:
        return [item for item in self.sent if isinstance(item, kind)]

    @property
    def chunks(self) -> list[ReplyChunk]:
        return [item for item in self.sent if isinstance(item, ReplyChunk)]


@dataclass
class TestCall:
    __test__ = False
    runner: CallRunner
    session: ScriptedSession
    edge: RecordingEdge
    speaker: SteadySpeaker
    stream: ScriptedStream

    async def settle(self) -> None:
        """Lets everything that can happen now happen, without time going by."""
        for _ in range(20):
            await asyncio.sleep(0)


def make_call(
    answers: dict[type, Callable[..., Sequence[Effect]]] | None = None,
    *,
    speaker: SteadySpeaker | None = None,
    open_s: float = 0.0,
    open_error: Exception | None = None,
) -> TestCall:
    """Inside a running loop; not started."""
    session, edge, stream = ScriptedSession(answers), RecordingEdge(), ScriptedStream()
    speaker = speaker or SteadySpeaker()
    loop = asyncio.get_running_loop()

    async def open_stream(sample_rate_hz: int) -> ScriptedStream:
        await asyncio.sleep(open_s)
        if open_error:
            raise open_error
        return stream

    began = loop.time()
    runner = CallRunner(
        session=session,
        understander=EchoUnderstander(),
        open_stream=open_stream,
        speaker=speaker,
        renderer=Renderer(MENU, "en"),
        edge=edge,
        clock=lambda: round((loop.time() - began) * 1000),
    )
    return TestCall(runner, session, edge, speaker, stream)
