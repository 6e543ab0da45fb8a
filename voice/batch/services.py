"""What happens to a recording, each step once: taken in, moved on, its words taken into the dialogue."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from restaurants.scoping import for_restaurant
from voice.batch import storage
from voice.batch.limits import MAX_BYTES, RecordingError
from voice.dialog.events import Hypothesis
from voice.models import Call, Recording, RecordingSource, Stage

logger = logging.getLogger(__name__)

PCM = "audio/pcm"
TRANSCRIBE = "voice.tasks.transcribe_recording"
RING_AGAIN = {"max_retries": 2, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}  # Redis may be new
STALLED_AFTER_S = 5.0  # rung for and not begun: the bell, or who should have heard it, is lost

ORDER = {stage.value: place for place, stage in enumerate(Stage)}
WAITING = (Stage.RECEIVED, Stage.TRANSCRIBING)
TURN_STAGES = (Stage.TRANSCRIPT, Stage.UNDERSTANDING, Stage.BASKET, Stage.SPEAKING)


@dataclass(frozen=True, slots=True)
class TakenWords:
    """Of one recording. `failure` is a code of `limits.ERRORS`; no hypotheses and no failure: nothing was said."""

    recording: str
    hypotheses: tuple[Hypothesis, ...]
    failure: str = ""


def take_audio(
    *,
    restaurant_id: int,
    call_id: str,
    key: str,
    pcm: bytes,
    sample_rate_hz: int,
    source: str = RecordingSource.SPOOL,
) -> uuid.UUID:
    """A whole utterance the server has: stored, received, rung for. The same key again is the same recording.

    raises: RecordingError (empty, too large), Call.DoesNotExist, OSError
    """
    if not pcm:
        raise RecordingError("recording_empty")
    if len(pcm) > MAX_BYTES:
        raise RecordingError("recording_too_large", limit=MAX_BYTES)
    recording_id = uuid.uuid4()
    with transaction.atomic(), for_restaurant(restaurant_id):
        call = Call.objects.get(pk=call_id)
        recording, is_new = Recording.objects.get_or_create(
            call=call,
            key=key,
            defaults={
                "id": recording_id,
                "restaurant_id": restaurant_id,
                "source": source,
                "content_type": PCM,
                "sample_rate_hz": sample_rate_hz,
                "received_bytes": len(pcm),
                "file": storage.folder_of(restaurant_id, call.pk, recording_id),
                "stage": Stage.RECEIVED,
                "stages": {Stage.RECEIVED.value: 0},
            },
        )
        if is_new:
            storage.write_part(recording.file, 0, pcm)
            transaction.on_commit(lambda: ring(restaurant_id, recording.pk))
    return recording.pk


@transaction.atomic
def advance(*, restaurant_id: int, recording_id: uuid.UUID | str, stage: str) -> int | None:
    """Stamps a stage. Returns its milliseconds since the recording was begun; None: it was reached before, or is over.

    raises: Recording.DoesNotExist
    """
    with for_restaurant(restaurant_id):
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        at_ms = stamp(recording, stage)
        if at_ms is not None:
            recording.save(update_fields=("stage", "stages", "changed_at"))
    return at_ms


def stamp(recording: Recording, stage: str) -> int | None:
    """Of a row that is locked and saved by the caller."""
    if recording.stage in (Stage.DONE, Stage.FAILED) or ORDER[stage] <= ORDER[recording.stage]:
        return None
    at_ms = milliseconds_of(recording)
    recording.stage = stage
    recording.stages = {**recording.stages, stage: at_ms}
    return at_ms


def milliseconds_of(recording: Recording) -> int:
    """Since the recording was begun."""
    return max(0, round((timezone.now() - recording.created_at).total_seconds() * 1000))


def set_taken(*, restaurant_id: int, call_id: str, recording_ids: Collection[uuid.UUID | str]) -> None:
    """Their words, or that they failed, are in the dialogue for good: kept where it is carried on from."""
    with for_restaurant(restaurant_id):
        Recording.objects.filter(call_id=call_id, pk__in=recording_ids).update(is_taken=True)


def words_of(recording: Recording) -> TakenWords:
    hypotheses = tuple(Hypothesis(text, score, confidence) for text, score, confidence in recording.hypotheses)
    return TakenWords(str(recording.pk), hypotheses, recording.failure)


def ring(restaurant_id: int, recording_id: uuid.UUID | str) -> bool:
    """Asks for a worker. False: the broker is away; whoever waits, or the beat, rings again."""
    try:
        current_app.send_task(
            TRANSCRIBE, args=(restaurant_id, str(recording_id)), retry_policy=RING_AGAIN, ignore_result=True
        )
    except (OperationalError, RedisError, OSError):
        logger.warning("no worker was told of recording %s; it is rung for again", recording_id)
        return False
    return True


def ring_again_if_stalled(*, restaurant_id: int, call_id: str) -> int:
    """For recordings of the call that nobody works on; returns how many. Cheap enough for every second."""
    now = timezone.now()
    with for_restaurant(restaurant_id):
        waiting = Recording.objects.filter(stalled(), call_id=call_id).values_list("pk", flat=True)
        ours = [pk for pk in waiting if Recording.objects.filter(stalled(), pk=pk).update(changed_at=now)]
    for pk in ours:
        ring(restaurant_id, pk)
    return len(ours)


def stalled() -> Q:
    """Waiting for a worker, rung for a while ago, and nobody holds it."""
    now = timezone.now()
    return Q(stage__in=WAITING, changed_at__lt=now - timedelta(seconds=STALLED_AFTER_S)) & (
        Q(leased_until=None) | Q(leased_until__lt=now)
    )
