"""A recording is taken in once, moves through its stages once, and its words are given away once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from restaurants.models import Restaurant
from tests.integration.voice.batch.conftest import SECOND_OF_PCM, call_at, change, read, recording_of
from voice.batch import selectors, services, storage
from voice.batch.limits import RecordingError
from voice.models import Call, Recording, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


def test_audio_is_stored_received_and_rung_for(batch_call: Call, rung: list[str]) -> None:
    recording = recording_of(batch_call, pcm=b"\1\2" * 500)
    assert (recording.stage, recording.stages) == (Stage.RECEIVED, {"received": 0})
    assert b"".join(storage.read_parts(recording.file, recording.received_bytes)) == b"\1\2" * 500
    assert rung == [str(recording.pk)]


def test_the_same_key_is_the_same_recording(batch_call: Call, rung: list[str]) -> None:
    first, second = recording_of(batch_call), recording_of(batch_call)
    assert first.pk == second.pk
    assert len(rung) == 1


def test_no_audio_is_no_recording(batch_call: Call) -> None:
    with pytest.raises(RecordingError) as refused:
        recording_of(batch_call, pcm=b"")
    assert refused.value.code == "recording_empty"
    assert selectors.unfinished_recordings(batch_call.restaurant_id, str(batch_call.pk)) == []


def test_a_stage_is_reached_once_and_in_order(batch_call: Call) -> None:
    recording = recording_of(batch_call)
    of_it = {"restaurant_id": batch_call.restaurant_id, "recording_id": recording.pk}
    at_ms = services.advance(**of_it, stage=Stage.UNDERSTANDING)
    assert at_ms is not None
    assert services.advance(**of_it, stage=Stage.UNDERSTANDING) is None
    assert services.advance(**of_it, stage=Stage.TRANSCRIBING) is None
    assert services.advance(**of_it, stage=Stage.DONE) is not None
    assert services.advance(**of_it, stage=Stage.FAILED) is None
    assert set(read(batch_call, recording.pk).stages) == {"received", "understanding", "done"}


def test_what_is_not_in_the_dialogue_yet_is_found_in_the_order_it_was_said(batch_call: Call) -> None:
    first, second = recording_of(batch_call, key="1"), recording_of(batch_call, key="2")
    change(first, stage=Stage.FAILED, failure="recording_undecodable")
    change(second, stage=Stage.TRANSCRIPT, hypotheses=[["two", -1.0, None]])
    of_call = {"restaurant_id": batch_call.restaurant_id, "call_id": str(batch_call.pk)}
    waiting = [services.words_of(one) for one in selectors.unfinished_recordings(*of_call.values())]
    assert [(one.recording, one.failure) for one in waiting] == [
        (str(first.pk), "recording_undecodable"),
        (str(second.pk), ""),
    ]
    assert waiting[1].hypotheses[0].text == "two"
    services.set_taken(**of_call, recording_ids=[first.pk])
    assert [one.pk for one in selectors.unfinished_recordings(*of_call.values())] == [second.pk]


def test_a_lost_bell_is_rung_again_and_a_held_recording_is_not(batch_call: Call, rung: list[str]) -> None:
    recording = recording_of(batch_call)
    of_call = {"restaurant_id": batch_call.restaurant_id, "call_id": str(batch_call.pk)}
    assert services.ring_again_if_stalled(**of_call) == 0  # it was rung for a moment ago
    long_ago = timezone.now() - timedelta(minutes=1)
    change(recording, changed_at=long_ago)
    assert services.ring_again_if_stalled(**of_call) == 1
    assert services.ring_again_if_stalled(**of_call) == 0
    change(recording, changed_at=long_ago, leased_until=timezone.now() + timedelta(minutes=1))
    assert services.ring_again_if_stalled(**of_call) == 0
    change(recording, stage=Stage.TRANSCRIBING, leased_until=long_ago)
    assert services.ring_again_if_stalled(**of_call) == 1
    assert rung == [str(recording.pk)] * 3


def test_a_stranger_sees_moves_and_takes_nothing(batch_call: Call, diner: Restaurant) -> None:
    recording = recording_of(batch_call)
    change(recording, stage=Stage.TRANSCRIPT, hypotheses=[["secret", -1.0, None]])
    assert selectors.unfinished_recordings(diner.pk, str(batch_call.pk)) == []
    services.set_taken(restaurant_id=diner.pk, call_id=str(batch_call.pk), recording_ids=[recording.pk])
    with pytest.raises(Recording.DoesNotExist):
        services.advance(restaurant_id=diner.pk, recording_id=recording.pk, stage=Stage.DONE)
    with pytest.raises(Recording.DoesNotExist):
        selectors.get_recording(diner.pk, recording.pk)
    with pytest.raises(Recording.DoesNotExist):
        selectors.get_recording(batch_call.restaurant_id, recording.pk, call_id=str(call_at(diner).pk))
    with pytest.raises(Call.DoesNotExist):
        services.take_audio(
            restaurant_id=diner.pk, call_id=str(batch_call.pk), key="x", pcm=SECOND_OF_PCM, sample_rate_hz=16_000
        )
    assert selectors.get_recording(batch_call.restaurant_id, recording.pk).is_taken is False
    with pytest.raises(Recording.DoesNotExist):
        selectors.get_recording(batch_call.restaurant_id, uuid.uuid4())
