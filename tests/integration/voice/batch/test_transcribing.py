"""A recording becomes words once, whoever works on it how often; what cannot be heard ends where people see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError
from django.utils import timezone

from restaurants.models import Restaurant
from tests.encoded_audio import header_only, tone
from tests.integration.voice.batch.conftest import change, read, recording_of
from tests.integration.voice.conftest import says
from voice import tasks
from voice.audio.formats import samples_to_pcm16
from voice.batch import leases, selectors, storage
from voice.batch.holding import Later
from voice.batch.transcribing import transcribe
from voice.batch.worker_engine import worker_engine
from voice.engines import registry
from voice.models import Call, Recording, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]

SPEECH = samples_to_pcm16(tone(1.0, sample_rate_hz=16_000))


@pytest.fixture(autouse=True)
def worker(scripted_engine: None, rung: list[str]) -> Iterator[None]:
    """A worker's engine that hears one sentence."""
    hears("two spaghetti with pesto")
    yield
    worker_engine.close()


def hears(*script: str) -> None:
    async def on_its_loop() -> None:
        says(*script)

    worker_engine.run(on_its_loop())


def engine_refuses(reason: str) -> None:
    async def on_its_loop() -> None:
        transcriber: Any = registry.get_engine().transcriber
        transcriber._refuses = reason

    worker_engine.run(on_its_loop())


def work_on(recording: Recording) -> Recording:
    worker_engine.run(transcribe(recording.restaurant_id, recording.pk))
    return read(recording.call, recording.pk)


def fails_for_now(recording: Recording) -> Recording:
    with pytest.raises(Later):
        worker_engine.run(transcribe(recording.restaurant_id, recording.pk))
    return read(recording.call, recording.pk)


def wait_over(recording: Recording) -> None:
    change(recording, leased_until=timezone.now() - timedelta(seconds=1))


def test_a_recording_becomes_words_and_its_audio_goes(batch_call: Call) -> None:
    begun = recording_of(batch_call, pcm=SPEECH)
    heard = work_on(begun)
    assert heard.stage == Stage.TRANSCRIPT
    assert heard.hypotheses[0][0] == "two spaghetti with pesto"
    assert heard.duration_ms == pytest.approx(1000, abs=50)
    assert sorted(heard.stages.values()) == [heard.stages[one] for one in ("received", "transcribing", "transcript")]
    assert heard.file == ""
    with pytest.raises(FileNotFoundError):
        list(storage.read_parts(begun.file, begun.received_bytes))
    folders, files = storages["recordings"].listdir(str(batch_call.restaurant_id))
    assert (folders, files) == ([], [])


def test_a_restaurant_that_stores_audio_keeps_it(osteria: Restaurant, batch_call: Call) -> None:
    Restaurant.objects.filter(pk=osteria.pk).update(stores_audio=True)
    heard = work_on(recording_of(batch_call, pcm=SPEECH))
    assert b"".join(storage.read_parts(heard.file, heard.received_bytes)) == SPEECH


def test_a_task_that_comes_twice_does_it_once(batch_call: Call) -> None:
    hears("first", "second")
    once = work_on(recording_of(batch_call, pcm=SPEECH))
    twice = work_on(once)
    assert (twice.hypotheses, twice.attempts, twice.stages) == (once.hypotheses, 1, once.stages)


def test_a_held_recording_is_left_alone_and_a_late_worker_writes_nothing(batch_call: Call) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    held = leases.claim(batch_call.restaurant_id, recording.pk)
    assert held is not None
    assert work_on(recording).stage == Stage.TRANSCRIBING  # somebody else has it
    wait_over(recording)
    heard = work_on(recording)  # and has lost it
    assert (heard.stage, heard.attempts) == (Stage.TRANSCRIPT, 2)
    assert leases.renew(held) is False
    assert leases.store_words(held, [], duration_ms=1, keeps_audio=False) is None
    assert leases.fail(held, "internal") is None
    assert read(batch_call, recording.pk).hypotheses == heard.hypotheses


def test_an_engine_that_is_away_is_asked_again_and_then_people_see_it(batch_call: Call) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    engine_refuses("all lines are busy")
    for attempt in range(1, leases.MAX_ATTEMPTS):
        waiting = fails_for_now(recording)
        assert (waiting.stage, waiting.attempts) == (Stage.TRANSCRIBING, attempt)
        wait_over(recording)
    with pytest.raises(Exception, match="all lines are busy"):
        work_on(recording)
    dead = read(batch_call, recording.pk)
    assert (dead.stage, dead.failure) == (Stage.FAILED, "engine_unavailable")
    assert dead.file  # a person can try again
    assert staff_reason(batch_call) == "recording_failed"
    engine_refuses("")
    assert leases.try_again(batch_call.restaurant_id, recording.pk)
    assert work_on(dead).hypotheses[0][0] == "two spaghetti with pesto"


def test_an_engine_that_comes_back_is_enough(batch_call: Call) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    engine_refuses("just starting")
    fails_for_now(recording)
    engine_refuses("")
    wait_over(recording)
    assert work_on(recording).stage == Stage.TRANSCRIPT


def test_workers_that_die_each_time_are_not_sent_for_ever(batch_call: Call) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    for _ in range(leases.MAX_ATTEMPTS):
        assert leases.claim(batch_call.restaurant_id, recording.pk) is not None
        wait_over(recording)
    dead = work_on(recording)
    assert (dead.stage, dead.failure) == (Stage.FAILED, "worker_lost")


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"<html>", "recording_undecodable"), (header_only(), "recording_empty")],
    ids=["garbage", "header only"],
)
def test_what_is_no_recording_fails_at_once_and_calls_nobody(batch_call: Call, data: bytes, code: str) -> None:
    recording = recording_of(batch_call, pcm=data)
    change(recording, content_type="audio/webm")
    dead = work_on(recording)
    assert (dead.stage, dead.failure, dead.attempts) == (Stage.FAILED, code, 1)
    assert staff_reason(batch_call) == ""
    [told] = selectors.unfinished_recordings(batch_call.restaurant_id, str(batch_call.pk))
    assert told.failure == code


def test_a_language_nobody_hears_fails_at_once(batch_call: Call) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    Call._base_manager.filter(pk=batch_call.pk).update(language="is")
    assert work_on(recording).failure == "language_unknown"


def test_audio_that_is_gone_is_looked_for_again_and_then_people_see_it(batch_call: Call) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    storage.delete_all(recording.file)
    assert fails_for_now(recording).stage == Stage.TRANSCRIBING
    change(recording, attempts=leases.MAX_ATTEMPTS - 1)
    wait_over(recording)
    with pytest.raises(FileNotFoundError):
        work_on(recording)
    assert read(batch_call, recording.pk).failure == "storage_failed"


def test_a_long_recording_is_heard_in_pieces(batch_call: Call) -> None:
    hears("piece")
    pause = bytes(32_000)
    spoken = samples_to_pcm16(tone(6.0, sample_rate_hz=16_000))
    heard = work_on(recording_of(batch_call, pcm=pause.join([spoken] * 4)))
    assert heard.hypotheses[0][0] == "piece piece piece piece"
    assert heard.duration_ms == pytest.approx(27_000, abs=200)


def test_a_quiet_recording_holds_no_words(batch_call: Call) -> None:
    heard = work_on(recording_of(batch_call, pcm=bytes(32_000 * 12)))
    assert (heard.stage, heard.hypotheses) == (Stage.TRANSCRIPT, [])


def test_the_beat_finds_what_was_forgotten(batch_call: Call, rung: list[str]) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    rung.clear()
    tasks.pick_up_recordings()
    assert rung == []  # it was rung for a moment ago
    long_ago = timezone.now() - timedelta(minutes=1)
    change(recording, changed_at=long_ago, stage=Stage.TRANSCRIBING, leased_until=long_ago)
    tasks.pick_up_recordings()
    tasks.pick_up_recordings()
    assert rung == [str(recording.pk)]
    change(recording, changed_at=long_ago, stage=Stage.TRANSCRIPT, leased_until=None)
    tasks.pick_up_recordings()
    assert rung == [str(recording.pk)] * 2  # nobody took its words


def test_old_audio_goes_and_uploads_that_never_ended_fail(batch_call: Call) -> None:
    failed, begun = recording_of(batch_call, key="1"), recording_of(batch_call, key="2")
    long_ago = timezone.now() - timedelta(days=2)
    change(failed, stage=Stage.FAILED, failure="internal", created_at=long_ago)
    change(begun, stage=Stage.RECEIVING, changed_at=long_ago)
    tasks.sweep_recordings()
    assert read(batch_call, failed.pk).file == ""
    with pytest.raises(FileNotFoundError):
        list(storage.read_parts(failed.file, failed.received_bytes))
    assert read(batch_call, begun.pk).failure == "incomplete"
    assert not leases.try_again(batch_call.restaurant_id, failed.pk)


def test_a_stranger_can_neither_hold_nor_try_again(batch_call: Call, diner: Restaurant) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)
    change(recording, stage=Stage.FAILED, failure="internal")
    for act in (leases.claim, leases.claim_turn, leases.try_again):
        with pytest.raises(Recording.DoesNotExist):
            act(diner.pk, recording.pk)
    assert leases.try_again(batch_call.restaurant_id, recording.pk)


def test_a_database_that_is_away_is_waited_for(batch_call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = recording_of(batch_call, pcm=SPEECH)

    def is_away(*_args: object, **_fields: object) -> None:
        raise DatabaseError("the database is starting up")

    with monkeypatch.context() as patch:
        patch.setattr(leases, "store_words", is_away)
        assert fails_for_now(recording).stage == Stage.TRANSCRIBING
    wait_over(recording)
    assert work_on(recording).stage == Stage.TRANSCRIPT


def staff_reason(call: Call) -> str:
    return str(Call._base_manager.values_list("staff_reason", flat=True).get(pk=call.pk))
