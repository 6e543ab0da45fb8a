"""Calls that leave streaming: the real consumer, recordings in PostgreSQL, words by the worker's own code."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from channels.db import database_sync_to_async

from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from tests.integration.voice.conftest import SILENCE, VOICE, Caller, all_ended, call, caller, says
from tests.integration.voice.test_orders import orders_of
from tests.integration.voice.test_resume import kept, leave_this_process, order, resume
from voice.batch import services
from voice.batch.holding import Later
from voice.batch.transcribing import transcribe
from voice.batch.worker_engine import worker_engine
from voice.consumers import control, reception
from voice.engines import registry
from voice.engines.scripted import Fault
from voice.models import Call, Recording, RecordingSource

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


class Worker:
    """The Celery task's code in a thread, with an engine and a loop of its own. `gate` holds it back."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self._threads = ThreadPoolExecutor(1)

    def ring(self, restaurant_id: int, recording_id: object) -> bool:
        self._threads.submit(self._work, restaurant_id, str(recording_id))
        return True

    def hears(self, *script: str) -> None:
        async def on_its_loop() -> None:
            says(*script)

        worker_engine.run(on_its_loop())

    def close(self) -> None:
        self.gate.set()
        self._threads.shutdown()
        worker_engine.close()

    def _work(self, restaurant_id: int, recording_id: str) -> None:
        self.gate.wait(20)
        with suppress(Later):
            worker_engine.run(transcribe(restaurant_id, recording_id))


@pytest.fixture
def worker(scripted_engine: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    one = Worker()
    monkeypatch.setattr(services, "ring", one.ring)
    one.hears("two spaghetti with pesto")
    yield one
    one.close()


def engine_goes_wrong(fault: Fault) -> None:
    transcriber: Any = registry.get_engine("scripted").transcriber
    transcriber.fault = fault


@database_sync_to_async
def recordings_of(restaurant: Restaurant) -> list[Recording]:
    with for_restaurant(restaurant.pk):
        return list(Recording.objects.order_by("created_at"))


@database_sync_to_async
def only_call_of(restaurant: Restaurant) -> Call:
    with for_restaurant(restaurant.pk):
        return Call.objects.get()


@database_sync_to_async
def reasons_of(restaurant: Restaurant) -> list[str]:
    with for_restaurant(restaurant.pk):
        return sorted(Call.objects.values_list("assigned_reason", flat=True))


@database_sync_to_async
def upload(one: Caller, restaurant: Restaurant) -> str:
    """A recording of the page, whole."""
    with for_restaurant(restaurant.pk):
        stored = Call.objects.get()
        recording = services.take_audio(
            restaurant_id=restaurant.pk,
            call_id=str(stored.pk),
            key="from the page",
            pcm=VOICE * 50,
            sample_rate_hz=16_000,
            source=RecordingSource.UPLOAD,
        )
    return str(recording)


async def two_spaghetti(one: Caller) -> None:
    await one.read("cart", where=lambda m: m["cart"]["units"] == 2)


def told(one: Caller) -> list[str]:
    return [message["reason"] for message in one.messages if message["type"] == "mode"]


@pytest.mark.parametrize("fault", [Fault.DIES, Fault.REFUSES, Fault.GARBAGE])
async def test_an_engine_that_breaks_costs_the_caller_nothing(
    osteria: Restaurant, worker: Worker, fault: Fault
) -> None:
    engine_goes_wrong(fault)
    async with call(captions_only=True) as one:
        assert one.ready["mode"] == "streaming"
        await one.speak(silence_ms=1_200)
        await two_spaghetti(one)
        reply = await one.read("caption", where=lambda m: m["speaker"] == "assistant" and m["final"])
        assert reply["text"].startswith("From here on I listen")
        await one.read("progress", where=lambda m: m["stage"] == "done")
        await order(one)
        await one.send("hangup")
        await one.close_code()
    assert len(told(one)) == 1
    stages = [message["stage"] for message in one.messages if message["type"] == "progress"]
    assert stages == "received transcribing transcript understanding basket speaking done".split()
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]
    [recording] = await recordings_of(osteria)
    assert (recording.source, recording.stage, recording.is_taken) == ("spool", "done", True)
    await all_ended()
    row = await only_call_of(osteria)
    assert (row.mode, row.fallback_reason, row.fallbacks) == ("batch", told(one)[0], 1)


async def test_an_operator_s_kill_reaches_a_call_in_the_middle_of_a_sentence(
    osteria: Restaurant, worker: Worker
) -> None:
    async with call(captions_only=True) as one:
        for _ in range(15):
            await one.frame(VOICE)
        await one.read("caption", where=lambda m: m["speaker"] == "customer")
        await asyncio.to_thread(reception.streaming_killed, "hard", "drill")
        await one.read("mode", where=lambda m: m["reason"] == "killed")
        await one.speak(300, silence_ms=1_200)
        await two_spaghetti(one)
        await order(one)
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]


async def test_a_process_with_too_much_to_do_takes_no_more_calls_that_stream_and_lets_go_of_some(
    osteria: Restaurant, worker: Worker, settings: Any
) -> None:
    async with call(captions_only=True) as one:
        reception.shed_load(0.0)
        await asyncio.sleep(0)
        settings.OVERLOAD_LOOP_LAG_MS = -1  # whatever it is, it is too much
        reception.shed_load(0.0)
        await one.read("mode", where=lambda m: m["reason"] == "overloaded")
        assert len(told(one)) == 1
        await one.speak(silence_ms=1_200)
        await two_spaghetti(one)
        async with call(captions_only=True) as other:
            assert other.ready["mode"] == "batch"
        assert await reasons_of(osteria) == ["everyone", "overloaded"]


@pytest.mark.parametrize("is_elsewhere", [False, True])
async def test_words_that_were_being_made_when_the_line_broke_arrive_once(
    osteria: Restaurant, worker: Worker, is_elsewhere: bool
) -> None:
    worker.gate.clear()
    engine_goes_wrong(Fault.DIES)
    async with call(captions_only=True) as one:
        await one.speak(silence_ms=1_200)
        await one.read("progress", where=lambda m: m["stage"] == "received")
        await kept()
        session, sent = one.ready["session"], one.next_seq
        if is_elsewhere:
            leave_this_process()
    async with caller() as again:
        ready = await resume(again, session, captions_only=True)
        assert ready["mode"] == "batch", "it does not go back to streaming"
        assert ready["next_seq"] >= 20, "a stored sentence is not asked for again"
        for seq in range(ready["next_seq"], sent):
            await again.frame(SILENCE, seq=seq)
        worker.gate.set()
        await two_spaghetti(again)
        assert told(again) == []
        await order(again)
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]
    assert len(await recordings_of(osteria)) == 1


async def test_a_recording_of_the_page_is_a_whole_turn(osteria: Restaurant, worker: Worker) -> None:
    async with call(audio=False, captions_only=True) as one:
        worker.gate.clear()
        recording = await upload(one, osteria)
        [live] = reception.calls.values()
        await control.tell_recording(live.call_id, recording, stage="received", at_ms=5)
        await one.read("state", where=lambda m: m["state"] == "thinking")
        worker.gate.set()
        await two_spaghetti(one)
        words = next(m for m in one.messages if m["type"] == "caption" and m["speaker"] == "customer")
        assert words["text"] == "two spaghetti with pesto"
        await one.read("progress", where=lambda m: m["stage"] == "done")
        await order(one)
    stages = [m["stage"] for m in one.messages if m["type"] == "progress" and m["recording"] == recording]
    assert len(set(stages)) == len(stages) >= 5
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]


async def test_a_dead_letter_is_told_and_a_person_offered(osteria: Restaurant, worker: Worker) -> None:
    """What cannot be heard in batch either."""

    async def refuse() -> None:
        transcriber: Any = registry.get_engine("scripted").transcriber
        transcriber.capabilities = registry.get_engine("scripted").speaker.capabilities.__class__("deaf", (), 16_000)

    worker_engine.run(refuse())
    engine_goes_wrong(Fault.DIES)
    async with call(captions_only=True) as one:
        await one.speak(silence_ms=1_200)
        await one.read("notice", where=lambda m: m["code"] == "typed_only")
        chips = await one.read("chips", where=lambda m: any("person" in chip["label"] for chip in m["chips"]))
        assert chips
        await one.say("two spaghetti with pesto")
        await two_spaghetti(one)
        await order(one)
    assert len(await orders_of(osteria)) == 1
