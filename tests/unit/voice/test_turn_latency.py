"""What a customer waited for: five parts that sum to it, whatever came late, twice or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.cart_types import Cart
from orders.understanding.types import Expectation
from tests.unit.voice.call_parts import make_call
from tests.virtual_time import run_virtual
from voice.call_metrics import CallFigures, CallMetrics
from voice.dialog.effects import FinishUtterance, SaveTurn, Say, TurnRecord, Understand
from voice.dialog.events import (
    ClientResumed,
    Hypothesis,
    ModeChanged,
    PlayoutAcked,
    RecordingHeard,
    RecordingReceived,
    SpeechPaused,
    SpeechStarted,
    TimerFired,
    TranscriptFinal,
    TranscriptInterim,
    Understood,
)
from voice.stopwatch import TurnTimes
from voice.turn_latency import TurnLatency, latency_between

moments = st.integers(min_value=-1_000, max_value=10_000_000)

RECORD = TurnRecord(
    turn=1,
    source="voice",
    heard="x",
    speech_ended_ms=300,
    final_ms=900,
    understood_ms=950,
    first_audio_ms=1_100,
    response=1,
)


@given(st.lists(moments, min_size=6, max_size=6))
def test_the_parts_sum_exactly_and_none_is_negative(at: list[int]) -> None:
    latency = latency_between(*at)
    assert all(part >= 0 for part in latency.parts_ms)
    assert latency.played_ms == max(0, *at)
    assert latency.total_ms == latency.played_ms - latency.stopped_ms


@given(
    st.lists(st.tuples(moments, moments), max_size=5),
    st.lists(moments, max_size=5),
    moments,
    st.tuples(moments, moments, moments, st.none() | moments),
)
def test_a_turn_is_measured_from_its_own_moments_whatever_else_happened(
    pauses: list[tuple[int, int]], closings: list[int], written: int, core: tuple[int, int, int, int | None]
) -> None:
    times = TurnTimes()
    for told, stopped in pauses:
        times.voice_paused(told, min(told, stopped))
    for at in closings:
        times.turn_closed(at)
    times.audio_written(1, written)
    ended, final, understood, played = core
    record = replace(RECORD, speech_ended_ms=ended, final_ms=final, understood_ms=understood, first_audio_ms=played)
    latency = times.latency_of(record)
    assert latency is not None
    assert all(part >= 0 for part in latency.parts_ms)
    assert latency.played_ms - latency.stopped_ms == sum(latency.parts_ms)
    if played is None:
        assert latency.network_ms == 0


def test_each_part_is_where_its_time_went() -> None:
    times = TurnTimes()
    times.voice_paused(300, 100)
    times.turn_closed(700)
    times.audio_written(1, 1_000)
    assert times.latency_of(RECORD) == TurnLatency(
        stopped_ms=100, endpointing_ms=600, recognition_ms=200, understanding_ms=50, speaking_ms=50, network_ms=100
    )


def test_a_page_that_never_reports_costs_only_the_network_part() -> None:
    times = TurnTimes()
    times.audio_written(1, 1_000)
    latency = times.latency_of(replace(RECORD, first_audio_ms=None))
    assert latency is not None
    assert (latency.network_ms, latency.played_ms) == (0, 1_000)


@pytest.mark.parametrize(
    "record",
    [
        replace(RECORD, speech_ended_ms=None, source="typed"),
        replace(RECORD, response=None),
        replace(RECORD, response=2),
    ],
    ids=["typed", "nothing said aloud", "cut before its first sound"],
)
def test_a_turn_nobody_waited_for_a_voice_in_has_no_parts(record: TurnRecord) -> None:
    times = TurnTimes()
    times.audio_written(1, 1_000)
    assert times.latency_of(record) is None


def test_a_recording_is_waited_for_from_when_all_of_it_was_here() -> None:
    times = TurnTimes()
    times.recording_heard(900, 250)
    times.turn_closed(600)  # of something else
    times.audio_written(1, 1_000)
    recorded = replace(RECORD, speech_ended_ms=None)
    assert times.latency_of(recorded) == TurnLatency(
        stopped_ms=250, endpointing_ms=0, recognition_ms=650, understanding_ms=50, speaking_ms=50, network_ms=100
    )
    assert times.latency_of(replace(recorded, final_ms=5_000, understood_ms=5_000)) is None, "words of no recording"


def test_a_recording_through_the_runner_is_measured() -> None:
    async def call() -> None:
        one = make_call({RecordingHeard: lambda _: [Say(response=1, text="Two tacos.", language="en")]})
        one.runner.start()
        one.runner.push(RecordingReceived(at_ms=100, recording="a", is_whole=False))
        one.runner.push(RecordingReceived(at_ms=2_000, recording="a"))
        await asyncio.sleep(3)
        one.runner.push(RecordingHeard(at_ms=3_000, recording="a", hypotheses=(Hypothesis("two tacos"),)))
        await one.settle()
        record = replace(RECORD, speech_ended_ms=None, final_ms=3_000, understood_ms=3_000, first_audio_ms=None)
        one.session.answers[PlayoutAcked] = lambda _: [SaveTurn(record=record)]
        one.runner.push(PlayoutAcked(at_ms=3_100, response=1, played_ms=20))
        await one.settle()
        [saved] = one.edge.saved
        assert saved.record.latency is not None
        assert (saved.record.latency.stopped_ms, saved.record.latency.recognition_ms) == (2_000, 1_000)
        assert one.runner.metrics.first_transcript_ms == 2_900, "from when it began to come in"
        await one.runner.stop()

    run_virtual(call())


def test_the_times_of_a_long_call_take_no_more_room() -> None:
    times = TurnTimes()
    for number in range(10_000):
        times.voice_paused(number, number)
        times.turn_closed(number)
        times.audio_written(number, number)
    assert len(times._pauses) == len(times._closings) == len(times._written) == 64


def test_a_turn_through_the_runner_is_saved_with_its_parts() -> None:
    async def call() -> None:
        one = make_call(
            {
                TimerFired: lambda _: [FinishUtterance()],
                TranscriptFinal: lambda _: [Understand(turn=1, hypotheses=("x",), cart=Cart(), expect=Expectation())],
                Understood: lambda _: [Say(response=1, text="Two tacos.", language="en")],
            }
        )
        one.runner.start()
        one.runner.ears.open(16_000)
        await one.settle()
        one.runner.push_audio(bytes(32 * 1_000))  # one second
        one.runner.push(SpeechStarted(at_ms=0, audio_ms=0))
        await asyncio.sleep(1)
        one.runner.push(SpeechPaused(at_ms=1_000, audio_ms=800))  # told 200 ms after it happened
        await asyncio.sleep(0.4)
        one.runner.push(TimerFired(at_ms=1_400, name="endpoint"))
        await one.settle()
        record = TurnRecord(
            turn=1,
            source="voice",
            heard="x",
            speech_ended_ms=1_000,
            final_ms=one.runner.clock(),
            understood_ms=one.runner.clock(),
            first_audio_ms=1_480,
            response=1,
        )
        one.session.answers[PlayoutAcked] = lambda _: [SaveTurn(record=record)]
        one.runner.push(PlayoutAcked(at_ms=1_500, response=1, played_ms=20))
        await one.settle()
        [saved] = one.edge.saved
        assert saved.record.latency == TurnLatency(
            stopped_ms=800, endpointing_ms=600, recognition_ms=0, understanding_ms=0, speaking_ms=0, network_ms=80
        )
        await one.runner.stop()

    run_virtual(call())


def test_what_a_call_counts_about_itself() -> None:
    async def call() -> None:
        one = make_call({TimerFired: lambda _: [Say(response=1, text="Hello.", language="en")]})
        one.runner.start()
        one.runner.ears.open(16_000)
        await one.settle()
        one.runner.push_audio(bytes(640))
        one.runner.push(SpeechStarted(at_ms=100, audio_ms=20))
        one.runner.push(TranscriptInterim(at_ms=450, text="two"))
        one.runner.push(TranscriptInterim(at_ms=900, text="two tacos"))
        one.runner.push(ModeChanged(mode="batch", reason="engine_slow"))
        one.runner.push(ModeChanged(mode="batch", reason="later"))
        one.runner.push(ClientResumed())
        one.runner.push(TimerFired(name="x"))
        await asyncio.sleep(3)
        figures = one.runner.metrics.figures(missing_chunks=3)
        assert figures == CallFigures(
            mode="batch",
            fallback_reason="engine_slow",
            first_transcript_ms=350,
            is_prompted=True,
            fallbacks=2,
            reconnects=1,
            dropped_chunks=3,
            bytes_received=640,
            bytes_sent=96_000,
        )
        await one.runner.stop()

    run_virtual(call())


def test_a_cough_is_no_first_transcript() -> None:
    async def call() -> None:
        one = make_call()
        one.runner.start()
        one.runner.push(SpeechStarted(at_ms=100))
        one.runner.push(TranscriptFinal(at_ms=400))
        one.runner.push(SpeechStarted(at_ms=5_000))
        one.runner.push(TranscriptFinal(at_ms=5_700, hypotheses=(Hypothesis("two tacos"),)))
        await one.settle()
        assert one.runner.metrics.first_transcript_ms == 700
        await one.runner.stop()

    run_virtual(call())


def test_figures_go_on_in_the_next_process() -> None:
    first = CallMetrics()
    first.fell_back("batch", "engine_slow")
    first.count("bytes_sent", 10)
    second = CallMetrics()
    second.go_on_from(first.figures(missing_chunks=2))
    second.count("bytes_sent", 5)
    second.fell_back("batch", "again")
    second.count("reconnects")
    assert second.figures(missing_chunks=1) == CallFigures(
        mode="batch", fallback_reason="engine_slow", fallbacks=2, reconnects=1, dropped_chunks=3, bytes_sent=15
    )
