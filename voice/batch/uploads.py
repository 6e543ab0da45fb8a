"""A recording on its way from the page: begun, added to piece by piece, finished. Each may be sent twice."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Sum

from restaurants.scoping import for_restaurant
from voice.batch import services, storage
from voice.batch.limits import (
    BYTES_PER_CALL,
    CHUNK_BYTES,
    MAX_BYTES,
    PCM_RATES_HZ,
    PCM_TYPES,
    RECORDINGS_PER_CALL,
    TYPES,
    RecordingError,
)
from voice.batch.services import stamp
from voice.models import Call, Recording, RecordingSource, Stage


class OutOfStep(RecordingError):
    """The sender and we do not agree about how much is here: `offset` bytes are."""

    def __init__(self, code: str, *, offset: int) -> None:
        super().__init__(code, field="offset", limit=offset)
        self.offset = offset


@transaction.atomic
def begin_recording(
    *, restaurant_id: int, call_id: str, key: str, content_type: str, sample_rate_hz: int | None
) -> tuple[Recording, bool]:
    """The recording of that key, and whether it is new.

    raises: RecordingError (content_type_unknown, bad_sample_rate, too_many_recordings), Call.DoesNotExist (or it ended)
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in TYPES:
        raise RecordingError("content_type_unknown", field="content_type", limit=", ".join(sorted(TYPES)))
    is_pcm = media_type in PCM_TYPES
    if is_pcm and (sample_rate_hz is None or sample_rate_hz not in PCM_RATES_HZ):
        limit = f"{PCM_RATES_HZ.start} to {PCM_RATES_HZ.stop - 1}"
        raise RecordingError("bad_sample_rate", field="sample_rate_hz", limit=limit)
    recording_id = uuid.uuid4()
    with for_restaurant(restaurant_id):
        call = Call.objects.select_for_update(no_key=True).get(pk=call_id, ended_at=None)
        known = Recording.objects.filter(call=call, key=key).first()
        if known is not None:
            return known, False
        if Recording.objects.filter(call=call).count() >= RECORDINGS_PER_CALL:
            raise RecordingError("too_many_recordings", limit=RECORDINGS_PER_CALL)
        recording = Recording.objects.create(
            id=recording_id,
            restaurant_id=restaurant_id,
            call=call,
            key=key,
            source=RecordingSource.UPLOAD,
            content_type=content_type,
            sample_rate_hz=sample_rate_hz if is_pcm else None,
            file=storage.folder_of(restaurant_id, call.pk, recording_id),
            stages={Stage.RECEIVING.value: 0},
        )
    return recording, True


@transaction.atomic
def append(*, restaurant_id: int, call_id: str, recording_id: uuid.UUID, offset: int, data: bytes) -> int:
    """Adds what is not here yet and returns how much is. The row is locked meanwhile: one piece after the other.

    raises: OutOfStep (chunk_gap), RecordingError (chunk_empty, chunk_too_large, recording_too_large, already_finished),
        Recording.DoesNotExist, OSError
    """
    if not data:
        raise RecordingError("chunk_empty")
    if len(data) > CHUNK_BYTES:
        raise RecordingError("chunk_too_large", limit=CHUNK_BYTES)
    with for_restaurant(restaurant_id):
        recording = _locked(call_id, recording_id)
        received = recording.received_bytes
        if offset > received:
            raise OutOfStep("chunk_gap", offset=received)
        rest = data[received - offset :]
        if not rest:
            return received
        if recording.stage != Stage.RECEIVING:
            raise RecordingError("already_finished")
        if received + len(rest) > MAX_BYTES:
            raise RecordingError("recording_too_large", limit=MAX_BYTES)
        if _bytes_of_call(call_id) + len(rest) > BYTES_PER_CALL:
            raise RecordingError("recording_too_large", field="call", limit=BYTES_PER_CALL)
        storage.write_part(recording.file, received, rest)
        recording.received_bytes = received + len(rest)
        recording.save(update_fields=("received_bytes", "changed_at"))
    return recording.received_bytes


@transaction.atomic
def finish(*, restaurant_id: int, call_id: str, recording_id: uuid.UUID, byte_count: int) -> tuple[Recording, bool]:
    """All of it is here: received, and rung for. Returns whether that was news.

    raises: OutOfStep (incomplete), RecordingError (recording_empty), Recording.DoesNotExist
    """
    with for_restaurant(restaurant_id):
        recording = _locked(call_id, recording_id)
        if recording.received_bytes != byte_count:
            raise OutOfStep("incomplete", offset=recording.received_bytes)
        if byte_count == 0:
            raise RecordingError("recording_empty")
        if stamp(recording, Stage.RECEIVED) is None:
            return recording, False
        recording.save(update_fields=("stage", "stages", "changed_at"))
        transaction.on_commit(lambda: services.ring(restaurant_id, recording_id))
    return recording, True


def _locked(call_id: str, recording_id: uuid.UUID) -> Recording:
    return Recording.objects.select_for_update().get(pk=recording_id, call_id=call_id, source=RecordingSource.UPLOAD)


def _bytes_of_call(call_id: str) -> int:
    return Recording.objects.filter(call_id=call_id).aggregate(total=Sum("received_bytes"))["total"] or 0
