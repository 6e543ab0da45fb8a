"""When streaming cannot go on: what was said is heard once in batch, nobody is asked again, and it is told once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from orders.cart_types import AddLine
from orders.understanding.types import ActKind as A
from tests.unit.voice.batch_parts import FRAME_MS, RATE_HZ, SILENCE, TONE, Desk, fallback_to
from tests.unit.voice.call_parts import RecordingEdge, SteadySpeaker
from tests.unit.voice.dialog.driver import Phrasebook, acts, edits
from tests.unit.voice.dialog.menus import MENU
from tests.virtual_time import run_virtual
from voice.dialog.context import CallContext
from voice.dialog.events import CallOpened, ClientDropped, ClientResumed
from voice.dialog.session import CallSession
from voice.engines.scripted import Fault, ScriptedTranscriber, ScriptedUtterance
from voice.engines.types import TranscriberStream
from voice.fallback import Reason
from voice.protocol import Caption, ModeIs, Notice, StateIs
from voice.render import Renderer
from voice.runner import CallRunner

BOOK = {
    "a coke": edits(AddLine(item="coke")),
    "a burger": edits(AddLine(item="burger")),
    "a coke a coke": edits(AddLine(item="coke", quantity=2)),
    "done": acts(A.DONE),
}


@dataclass
class Caller:
    """A real call core, runner and ears; the engine goes wrong by its script, and batch hears what its desk says."""

    runner: CallRunner
    session: CallSession
    edge: RecordingEdge
    engine: ScriptedTranscriber
    desk: Desk
    reasons: list[Reason | None] = field(default_factory=list)

    async def frames(self, pcm: bytes, ms: int) -> None:
        for _ in range(ms // FRAME_MS):
            self.runner.push_audio(pcm)
            await asyncio.sleep(FRAME_MS / 1000)

    async def say(self, ms: int = 600, *, silence_ms: int = 1_500) -> None:
        await self.frames(TONE, ms)
        await self.frames(SILENCE, silence_ms)

    async def wait(self, seconds: float) -> None:
        await self.frames(SILENCE, round(seconds * 1000))

    @property
    def items(self) -> list[tuple[str, int]]:
        return [(line.item, line.quantity) for line in self.session.state.ordering.cart.lines]

    @property
    def modes(self) -> list[Any]:
        return self.edge.messages(ModeIs)

    @property
    def notices(self) -> list[str]:
        return [notice.code for notice in self.edge.messages(Notice)]  # type: ignore[union-attr]

    def said(self, speaker: str) -> list[str]:
        """Final captions by turn, as the page shows them in the end."""
        shown: dict[int, str] = {}
        for one in self.edge.messages(Caption):
            assert isinstance(one, Caption)
            if one.speaker == speaker and one.final:
                shown[one.turn] = one.text
        return [text for text in shown.values() if text]


def run_call(
    play: Callable[[Caller], Any],
    *,
    script: list[str | ScriptedUtterance] | None = None,
    desk: Desk | None = None,
    fault: Fault = Fault.NONE,
    mode: str = "streaming",
    open_s: float = 0.0,
    **fallback: Any,
) -> None:
    async def call() -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        context = CallContext(
            call_id="c1",
            restaurant_id="r1",
            restaurant_name="Casa Prueba",
            menu=MENU,
            understander=Phrasebook(BOOK),
            captions_only=True,
            mode=mode,
        )
        engine = ScriptedTranscriber(script or ["a coke"], fault=fault)
        session, edge, paper = CallSession(context), RecordingEdge(), desk or Desk(["a coke"])
        reasons: list[Reason | None] = []

        def clock() -> int:
            return round((loop.time() - began) * 1000)

        async def open_stream(rate: int) -> TranscriberStream:
            if open_s:
                await asyncio.sleep(open_s)
            return await engine.open(menu=MENU, language="en", sample_rate_hz=rate, clock=clock, tenant="r1")

        runner = CallRunner(
            session=session,
            understander=context.understander,
            open_stream=open_stream,
            speaker=SteadySpeaker(),
            renderer=Renderer(MENU, "en"),
            edge=edge,
            clock=clock,
            fallback=fallback_to(paper, noticed=reasons.append, **fallback),
            mode=mode,
        )
        runner.start()
        runner.push(CallOpened())
        runner.ears.open(RATE_HZ)
        caller = Caller(runner, session, edge, engine, paper, reasons)
        await caller.wait(0.5)
        try:
            await play(caller)
        finally:
            await runner.stop()
            await engine.close()

    run_virtual(call())


@contextmanager
def told_once(caller: Caller, reason: Reason) -> Iterator[None]:
    yield
    assert [(one.mode, one.reason) for one in caller.modes] == [("batch", reason)]
    assert caller.modes[0].text.startswith("From here on I listen")
    told = [text for text in caller.said("assistant") if "From here on I listen" in text]
    assert len(told) == 1, "and once in words, with the next reply"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.REFUSES, Reason.ENGINE_REFUSED),
        (Fault.DIES, Reason.ENGINE_FAILED),
        (Fault.GARBAGE, Reason.ENGINE_GARBAGE),
        (Fault.SILENT, Reason.ENGINE_SLOW),
        (Fault.SLOW, Reason.ENGINE_SLOW),
    ],
)
def test_whatever_the_engine_does_the_sentence_is_heard_once(fault: Fault, reason: Reason) -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, reason):
            await caller.say(600)
            await caller.wait(8)
        assert caller.items == [("coke", 1)]
        assert caller.said("customer") == ["a coke"]
        assert len(caller.desk.handed_in) == 1
        assert caller.desk.voice_ms() == 600, "with its beginning and its end"
        assert reason in caller.reasons
        assert not caller.notices

    run_call(play, fault=fault)


def test_an_engine_that_dies_instead_of_its_final_loses_nothing() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_FAILED):
            await caller.say(600)
            await caller.wait(4)
        assert caller.items == [("coke", 1)]
        assert caller.desk.voice_ms() == 600

    run_call(play, script=[ScriptedUtterance(("a coke",), fails="power cut")])


def test_what_was_understood_before_is_not_heard_again() -> None:
    async def play(caller: Caller) -> None:
        await caller.say(600)
        assert caller.items == [("coke", 1)]
        await caller.say(600, silence_ms=3_000)
        await caller.wait(2)
        assert caller.items == [("coke", 1), ("burger", 1)]
        assert caller.desk.voice_ms() == 600, "only the second sentence"
        assert len(caller.desk.handed_in) == 1

    run_call(play, script=["a coke", ScriptedUtterance(("x",), fails="power cut")], desk=Desk(["a burger"]))


def test_the_call_goes_on_in_batch_and_never_back() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_FAILED):
            await caller.say(600)
            await caller.wait(3)
            caller.engine.fault = Fault.NONE
            await caller.say(600)
            await caller.wait(3)
        caller.runner.push(ClientDropped(at_ms=caller.runner.clock()))
        await caller.runner.ears.close()
        await asyncio.sleep(1)
        caller.runner.push(ClientResumed(at_ms=caller.runner.clock()))
        caller.runner.ears.open(RATE_HZ)
        await caller.say(600)
        await caller.wait(3)
        assert len(caller.desk.handed_in) == 3
        assert len(caller.engine.streams) == 1
        assert len(caller.modes) == 1
        assert sum(quantity for _, quantity in caller.items) == 3

    run_call(play, fault=Fault.DIES)


def test_a_sentence_that_goes_on_while_its_beginning_is_still_worked_on_is_one_turn() -> None:
    async def play(caller: Caller) -> None:
        await caller.say(600, silence_ms=1_200)
        await caller.say(600, silence_ms=1_200)
        await caller.wait(6)
        assert len(caller.desk.handed_in) == 2
        assert caller.said("customer") == ["a coke a coke"]
        assert caller.items == [("coke", 2)]

    run_call(play, mode="batch", desk=Desk(["a coke"], words_s=3.0))


def test_a_call_assigned_to_batch_starts_there_and_says_nothing_of_it() -> None:
    async def play(caller: Caller) -> None:
        await caller.say(600)
        await caller.wait(3)
        assert caller.items == [("coke", 1)]
        assert not caller.engine.streams
        assert not caller.modes

    run_call(play, mode="batch")


def test_an_operator_who_drains_streaming_waits_for_the_end_of_the_sentence() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.KILLED):
            await caller.frames(TONE, 400)
            caller.runner.ears.leave_streaming(Reason.KILLED, at_once=False)
            await caller.frames(TONE, 200)
            assert not caller.modes
            await caller.wait(2)
            assert caller.items == [("coke", 1)], "the engine finished it"
            assert not caller.desk.handed_in
            await caller.say(600)
            await caller.wait(3)
        assert caller.items == [("coke", 1), ("burger", 1)]
        assert len(caller.desk.handed_in) == 1

    run_call(play, desk=Desk(["a burger"]))


def test_an_operator_who_kills_streaming_cuts_it_off_and_the_sentence_is_still_heard_once() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.KILLED):
            await caller.frames(TONE, 400)
            caller.runner.ears.leave_streaming(Reason.KILLED, at_once=True)
            caller.runner.ears.leave_streaming(Reason.OVERLOADED, at_once=True)
            await caller.say(400)
            await caller.wait(3)
        assert caller.items == [("coke", 1)]
        assert caller.desk.voice_ms() == 800

    run_call(play)


def test_an_engine_that_throws_audio_away_is_left_with_all_of_it() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_BEHIND):
            await caller.frames(TONE, 400)
            caller.engine.streams[0].dropped_ms = 100
            await caller.say(400)
            await caller.wait(3)
        assert caller.desk.voice_ms() == 800
        assert caller.items == [("coke", 1)]

    run_call(play)


@pytest.mark.parametrize("heard_ms", [100, 400])
def test_an_engine_that_falls_silent_in_the_middle_is_not_waited_for_long(heard_ms: int) -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_SLOW):
            await caller.frames(TONE, heard_ms)
            caller.engine.streams[0]._fault = Fault.SILENT
            await caller.say(700 - heard_ms)
            await caller.wait(6)
        assert sum(quantity for _, quantity in caller.items) == 1
        assert caller.desk.voice_ms() == 700

    run_call(play, script=[ScriptedUtterance(("a coke",), ms_per_word=100)])


def test_an_engine_that_takes_long_to_open_is_not_waited_for_by_somebody_who_speaks() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_SLOW):
            await caller.say(700)
            await caller.wait(6)
        assert caller.items == [("coke", 1)]
        assert caller.desk.voice_ms() == 700

    run_call(play, open_s=12.0)


def test_an_engine_that_takes_long_to_open_has_the_time_while_nobody_speaks() -> None:
    async def play(caller: Caller) -> None:
        await caller.wait(12)
        await caller.say(600)
        await caller.wait(2)
        assert caller.items == [("coke", 1)]
        assert not caller.modes

    run_call(play, open_s=10.0)


def test_what_an_engine_owes_the_final_words_of_is_heard_again() -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_SLOW):
            await caller.frames(TONE, 600)
            await caller.frames(SILENCE, 300)
            caller.engine.streams[0]._fault = Fault.SILENT
            await caller.wait(6)
            assert caller.items == [("burger", 1)], "not what it showed on the way: that may be half of it"
        assert caller.desk.voice_ms() == 600

    run_call(play, desk=Desk(["a burger"]))


def test_without_leave_to_fall_back_the_caller_types_as_before() -> None:
    async def play(caller: Caller) -> None:
        await caller.say(600)
        await caller.wait(5)
        assert caller.notices == ["typed_only"]
        assert not caller.desk.handed_in
        assert not caller.modes

    run_call(play, fault=Fault.DIES, is_allowed=False)


@pytest.mark.parametrize("desk", [Desk(fails="no worker has it"), Desk(words_s=300.0)])
def test_when_batch_fails_too_the_caller_types_and_is_offered_a_person(desk: Desk) -> None:
    async def play(caller: Caller) -> None:
        with told_once(caller, Reason.ENGINE_FAILED):
            await caller.say(600)
            await caller.wait(30)
        assert caller.notices[-1] == "typed_only"
        assert any("ask for a person" in text for text in caller.said("assistant"))
        assert "A person, please" in [chip.label for chip in caller.session.state.flow.question.chips]

    run_call(play, fault=Fault.DIES, desk=desk, deadline_s=20.0)


def test_a_long_wait_is_broken_once_and_the_state_says_so() -> None:
    async def play(caller: Caller) -> None:
        await caller.say(600)
        await caller.wait(8)
        assert caller.notices == ["working"]
        assert caller.edge.messages(StateIs)[-1] == StateIs(state="thinking")
        await caller.wait(5)
        assert caller.items == [("coke", 1)]
        assert caller.notices == ["working"]

    run_call(play, mode="batch", desk=Desk(["a coke"], words_s=11.0))


def test_noise_that_no_recogniser_would_call_a_voice_ends_no_streaming() -> None:
    """A gap in the talk, doors, silence: nothing to doubt."""

    async def play(caller: Caller) -> None:
        for _ in range(6):
            await caller.frames(TONE, FRAME_MS)
            await caller.wait(1.5)
        assert not caller.modes
        assert not caller.desk.handed_in

    run_call(play, fault=Fault.SILENT)
