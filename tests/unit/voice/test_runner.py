"""The runner: order, timers, work beside the events, and nothing left alive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from orders.cart_types import Cart
from orders.understanding.types import Expectation
from tests.unit.voice.call_parts import make_call
from tests.virtual_time import run_virtual
from voice.dialog.effects import (
    CallStaff,
    CallState,
    Close,
    Effect,
    FinishUtterance,
    Outcome,
    PlaceOrder,
    SaveTurn,
    SendState,
    StartTimer,
    StopTimer,
    TurnRecord,
    Understand,
)
from voice.dialog.events import (
    CallOpened,
    EngineFailed,
    HungUp,
    OrderPlaced,
    OrderRefused,
    PersonRequested,
    SpeechPaused,
    SpeechStarted,
    StopTapped,
    TimerFired,
    TranscriptFinal,
    Understood,
    UtteranceTyped,
)
from voice.engines.types import EngineUnavailable
from voice.protocol import CloseCode, Failure, OrderIsPlaced, StateIs


def test_events_are_handled_in_the_order_they_came() -> None:
    async def call() -> None:
        one = make_call()
        one.runner.start()
        for number in range(500):
            one.runner.push(UtteranceTyped(at_ms=number, text="x"))
        await asyncio.sleep(1)
        assert [event.at_ms for event in one.session.events] == list(range(500))
        await one.runner.stop()

    run_virtual(call())


def test_a_timer_fires_once_and_a_restarted_one_starts_over() -> None:
    answers = {
        CallOpened: lambda _: [StartTimer(name="endpoint", after_ms=250), StartTimer(name="no_input", after_ms=100)],
        StopTapped: lambda _: [StartTimer(name="endpoint", after_ms=250), StopTimer(name="no_input")],
    }

    async def call() -> None:
        one = make_call(answers)
        one.runner.start()
        one.runner.push(CallOpened())
        await asyncio.sleep(0.05)
        one.runner.push(StopTapped())
        await asyncio.sleep(2)
        assert [(event.name, event.at_ms) for event in one.session.seen(TimerFired)] == [("endpoint", 300)]
        await one.runner.stop()

    run_virtual(call())


def test_words_are_understood_and_the_answer_comes_back_as_an_event() -> None:
    answers = {
        UtteranceTyped: lambda event: [Understand(turn=3, hypotheses=(event.text,), cart=Cart(), expect=Expectation())]
    }

    async def call() -> None:
        one = make_call(answers)
        one.runner.start()
        one.runner.push(UtteranceTyped(text="two tacos"))
        await one.settle()
        [understood] = one.session.seen(Understood)
        assert (understood.turn, understood.understanding.text) == (3, "two tacos")
        await one.runner.stop()

    run_virtual(call())


def test_placing_an_order_holds_up_nothing_and_answers_with_an_event() -> None:
    answers = {
        UtteranceTyped: lambda _: [PlaceOrder(key="k", cart=Cart(), language="en")],
        StopTapped: lambda _: [SendState(state=CallState.LISTENING)],
    }

    async def call() -> None:
        one = make_call(answers)
        one.edge.place_s = 3.0
        one.runner.start()
        one.runner.push(UtteranceTyped(text="yes"))
        one.runner.push(StopTapped())
        await one.settle()
        assert one.edge.messages(StateIs), "the call went on while the database was slow"
        await asyncio.sleep(4)
        assert one.session.seen(OrderPlaced)
        [message] = one.edge.messages(OrderIsPlaced)
        assert (message.number, message.total_text) == (7, "$12.50")
        await one.runner.stop()

    run_virtual(call())


def test_an_order_that_could_not_be_placed_is_refused_and_never_guessed_placed() -> None:
    async def call() -> None:
        one = make_call({UtteranceTyped: lambda _: [PlaceOrder(key="k", cart=Cart(), language="en")]})
        one.edge.place_error = ConnectionError("database away")
        one.runner.start()
        one.runner.push(UtteranceTyped(text="yes"))
        await asyncio.sleep(1)
        [refused] = one.session.seen(OrderRefused)
        assert (refused.key, refused.code) == ("k", "failed")
        assert not one.edge.messages(OrderIsPlaced)
        await one.runner.stop()

    run_virtual(call())


def test_turns_are_saved_in_order_and_before_the_call_is_closed() -> None:
    answers = {
        UtteranceTyped: lambda event: [SaveTurn(record=TurnRecord(turn=int(event.text), source="typed", heard=""))]
    }

    async def call() -> None:
        one = make_call(answers)
        one.edge.save_s = 0.5
        one.runner.start()
        for number in range(4):
            one.runner.push(UtteranceTyped(text=str(number)))
        await one.settle()
        await one.runner.stop()
        assert [effect.record.turn for effect in one.edge.saved] == [0, 1, 2, 3]
        assert len(one.edge.ends) == 1

    run_virtual(call())


def test_a_close_effect_ends_the_call_with_its_code_and_outcome() -> None:
    answers = {
        HungUp: lambda event: [
            SendState(state=CallState.ENDED),
            Close(code=CloseCode.NORMAL, reason=event.reason, outcome=Outcome.COMPLETED),
        ]
    }

    async def call() -> None:
        one = make_call(answers)
        one.runner.start()
        one.runner.push(HungUp())
        end = await one.runner.wait()
        assert (end.code, end.outcome) == (CloseCode.NORMAL, Outcome.COMPLETED)
        assert one.edge.messages(StateIs)[-1].state == "ended", "the last words were sent before closing"
        one.runner.push(UtteranceTyped(text="too late"))
        await one.runner.stop()
        await one.runner.stop()
        assert len(one.edge.ends) == 1

    run_virtual(call())


def test_a_bug_in_the_core_ends_the_call_with_a_message_and_not_in_silence() -> None:
    def fail(_: object) -> list[Close]:
        raise RuntimeError("bug")

    async def call() -> None:
        one = make_call({UtteranceTyped: fail})
        one.runner.start()
        one.runner.push(UtteranceTyped(text="x"))
        end = await one.runner.wait()
        assert end.code == CloseCode.FAILED
        [failure] = one.edge.messages(Failure)
        assert failure.code == "internal"
        assert failure.fatal

    run_virtual(call())


def test_audio_that_comes_before_the_engine_is_open_waits_and_the_oldest_gives_way() -> None:
    frame = bytes(960)  # 20 ms at 24 kHz

    async def call() -> None:
        one = make_call(open_s=5.0)
        one.runner.start()
        one.runner.ears.open(24_000)
        for number in range(600):
            one.runner.push_audio(number.to_bytes(2, "little") + frame[2:])
        await asyncio.sleep(6)
        assert len(one.stream.pushed) == 500
        assert int.from_bytes(one.stream.pushed[0][:2], "little") == 100, "the newest ten seconds are kept"
        assert one.runner.metrics.counters["dropped_frames"] == 100
        await one.runner.stop()
        assert one.stream.is_closed

    run_virtual(call())


def test_audio_of_an_open_engine_is_handed_over_before_push_returns() -> None:
    async def call() -> None:
        one = make_call()
        one.runner.start()
        one.runner.ears.open(24_000)
        await one.settle()
        one.runner.push_audio(b"\1\0")
        assert one.stream.pushed == [b"\1\0"]
        await one.runner.stop()

    run_virtual(call())


def test_an_engine_that_cannot_open_is_an_event_and_the_call_goes_on() -> None:
    async def call() -> None:
        one = make_call(open_error=EngineUnavailable("no recogniser for this menu yet"))
        one.runner.start()
        one.runner.ears.open(16_000)
        await one.settle()
        [failed] = one.session.seen(EngineFailed)
        assert (failed.stage, failed.reason) == ("transcriber", "no recogniser for this menu yet")
        one.runner.push_audio(bytes(640))
        assert one.runner.metrics.counters["frames_without_ears"] == 1
        assert not one.runner.is_over
        await one.runner.stop()

    run_virtual(call())


def test_finishing_an_utterance_without_an_engine_still_gives_a_final() -> None:
    async def call() -> None:
        one = make_call({StopTapped: lambda _: [FinishUtterance()]})
        one.runner.start()
        one.runner.push(StopTapped())
        await one.settle()
        assert one.session.seen(TranscriptFinal)
        await one.runner.stop()

    run_virtual(call())


def test_audio_of_an_open_utterance_is_still_needed_and_of_a_finished_one_is_not() -> None:
    async def call() -> None:
        one = make_call()
        one.runner.start()
        one.runner.ears.open(16_000)
        await one.settle()
        for _ in range(100):
            one.runner.push_audio(bytes(640))
        assert one.runner.ears.needed_from_ms == 1_500, "silence is kept for what may just have begun"
        one.stream.queue.put_nowait(SpeechStarted(audio_ms=1_200))
        await one.settle()
        for _ in range(100):
            one.runner.push_audio(bytes(640))
        assert one.runner.ears.needed_from_ms == 700, "the whole utterance, with what came just before"
        one.stream.queue.put_nowait(TranscriptFinal(started_audio_ms=1_200, ended_audio_ms=3_900))
        await one.settle()
        assert one.runner.ears.needed_from_ms == 3_900, "nothing of what was understood is heard again"
        await one.runner.stop()

    run_virtual(call())


def test_calling_staff_reaches_the_edge() -> None:
    async def call() -> None:
        one = make_call({PersonRequested: lambda _: [CallStaff(reason="asked")]})
        one.runner.start()
        one.runner.push(PersonRequested())
        await one.settle()
        assert [effect.reason for effect in one.edge.staff] == ["asked"]
        await one.runner.stop()

    run_virtual(call())


def test_a_call_that_piles_up_events_ends_instead_of_eating_the_memory() -> None:
    async def call() -> None:
        one = make_call()
        one.runner.start()
        for number in range(2_000):
            one.runner.push(UtteranceTyped(at_ms=number, text="x"))
        end = await one.runner.wait()
        assert end.code == CloseCode.FAILED

    run_virtual(call())


def test_a_thousand_calls_leave_nothing_behind() -> None:
    answers = {
        CallOpened: lambda _: [
            StartTimer(name="no_input", after_ms=60_000),
            StartTimer(name="call_length", after_ms=1_800_000),
        ],
        SpeechPaused: lambda _: [FinishUtterance()],
        TranscriptFinal: lambda _: [SaveTurn(record=TurnRecord(turn=1, source="voice", heard="x"))],
    }

    async def calls() -> None:
        loop = asyncio.get_running_loop()
        mine = asyncio.current_task()
        for _ in range(10):
            batch = [make_call(answers) for _ in range(100)]
            for one in batch:
                one.runner.start()
                one.runner.push(CallOpened())
                one.runner.ears.open(16_000)
            await asyncio.sleep(0.1)
            for one in batch:
                one.runner.push_audio(bytes(640))
                one.stream.queue.put_nowait(SpeechPaused(audio_ms=20))
            await asyncio.sleep(0.1)
            await asyncio.gather(*(one.runner.stop() for one in batch))
            assert asyncio.all_tasks() == {mine}
            assert loop.pending_timers == 0
            assert all(one.stream.is_closed for one in batch)
            assert all(len(one.edge.ends) == 1 for one in batch)

    run_virtual(calls())


def save_turns(count: int) -> dict[type, Callable[..., Sequence[Effect]]]:
    """Typing anything saves so many turns."""
    return {
        UtteranceTyped: lambda _: [
            SaveTurn(record=TurnRecord(turn=number, source="typed", heard="")) for number in range(count)
        ]
    }


def test_turns_that_could_not_be_saved_are_tried_again_until_the_database_is_back() -> None:
    async def call() -> None:
        one = make_call(save_turns(3))
        one.edge.saves_fail_until_s = 20.0
        one.runner.start()
        one.runner.push(UtteranceTyped(text="x"))
        await asyncio.sleep(40)
        assert sorted(effect.record.turn for effect in one.edge.saved) == [0, 1, 2]
        assert "turns_not_saved" not in one.runner.metrics.counters
        await one.runner.stop()

    run_virtual(call())


def test_a_turn_that_can_never_be_saved_does_not_stand_in_the_way_of_the_others() -> None:
    async def call() -> None:
        one = make_call(save_turns(3))
        one.edge.unsavable = {0}
        one.runner.start()
        one.runner.push(UtteranceTyped(text="x"))
        await asyncio.sleep(1)
        assert [effect.record.turn for effect in one.edge.saved] == [1, 2]
        await asyncio.sleep(120)
        assert one.runner.metrics.counters["turns_not_saved"] == 1
        await one.runner.stop()

    run_virtual(call())


def test_a_call_that_ends_while_the_database_is_away_still_saves_when_it_is_back_in_time() -> None:
    async def call() -> None:
        one = make_call(save_turns(2))
        one.edge.saves_fail_until_s = 12.0
        one.runner.start()
        one.runner.push(UtteranceTyped(text="x"))
        await asyncio.sleep(7)
        await one.runner.stop()
        assert sorted(effect.record.turn for effect in one.edge.saved) == [0, 1]
        assert one.edge.ends, "closed after its turns"

    run_virtual(call())
