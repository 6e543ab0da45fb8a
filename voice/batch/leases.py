"""A worker's hold on a recording: taken, renewed, given up. `attempts` numbers the holds: a late one writes nothing."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from restaurants.scoping import across_restaurants, for_restaurant
from voice import services as calls
from voice.batch import services, storage
from voice.batch.services import TURN_STAGES, WAITING, milliseconds_of, stamp
from voice.dialog.events import Hypothesis
from voice.models import Recording, Stage

logger = logging.getLogger(__name__)

LEASE_S = 6.0
RENEW_EVERY_S = 2.0
MAX_ATTEMPTS = 5
MAX_TURNS = 10  # tries at what follows the words
NOBODY_TAKES_AFTER_S = 20.0  # words that no process took by then are gone on with by a worker
REPLY_AUDIO = "audio"  # in a result: where the reply can be heard
OURS = frozenset({"engine_unavailable", "worker_lost", "storage_failed", "internal"})  # a person should look
MAX_HYPOTHESIS_CHARS = 4_000


class EarlierFirst(Exception):
    """What was said before is not in the dialogue yet."""


@transaction.atomic
def claim(restaurant_id: int, recording_id: uuid.UUID | str) -> Recording | None:
    """For transcribing. None: done, not there yet, held by somebody, or it failed too often and is failed now.

    raises: Recording.DoesNotExist
    """
    with for_restaurant(restaurant_id):
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        now = timezone.now()
        if recording.stage not in WAITING or (recording.leased_until is not None and recording.leased_until > now):
            return None
        if recording.attempts >= MAX_ATTEMPTS:
            _fail(recording, "worker_lost")
            return None
        recording.attempts += 1
        recording.leased_until = _lease_from(now)
        stamp(recording, Stage.TRANSCRIBING)
        recording.save(update_fields=("attempts", "leased_until", "stage", "stages", "changed_at"))
    return recording


@transaction.atomic
def claim_turn(restaurant_id: int, recording_id: uuid.UUID | str) -> Recording | None:
    """For going on with a call that no process has. None: done, failed, held by somebody, or taken already.

    raises: EarlierFirst, Recording.DoesNotExist
    """
    with for_restaurant(restaurant_id):
        rows = Recording.objects.select_for_update(of=("self",)).select_related("restaurant")
        recording = rows.get(pk=recording_id)
        now = timezone.now()
        is_held = recording.leased_until is not None and recording.leased_until > now
        if recording.stage not in TURN_STAGES or is_held or recording.is_taken:
            return None
        earlier = Recording.objects.filter(call_id=recording.call_id, created_at__lt=recording.created_at)
        if earlier.filter(stage__in=(*WAITING, *TURN_STAGES), is_taken=False).exists():
            raise EarlierFirst
        if recording.attempts >= MAX_ATTEMPTS + MAX_TURNS:
            _fail(recording, "worker_lost")
            return None
        recording.attempts += 1
        recording.leased_until = _lease_from(now)
        recording.save(update_fields=("attempts", "leased_until", "changed_at"))
    return recording


@transaction.atomic
def reach(recording: Recording, stage: str) -> int | None:
    """Stamps a stage of a recording that is held. None: it was reached before, or somebody else holds it by now."""
    with for_restaurant(recording.restaurant_id):
        held = _ours(recording).select_for_update().first()
        at_ms = stamp(held, stage) if held is not None else None
        if held is not None and at_ms is not None:
            held.save(update_fields=("stage", "stages", "changed_at"))
    return at_ms


@transaction.atomic
def store_result(recording: Recording, result: dict[str, object]) -> int | None:
    """Done, its words in the dialogue. Milliseconds since it was begun; None: somebody else holds it by now."""
    with for_restaurant(recording.restaurant_id):
        held = _ours(recording).select_for_update().first()
        if held is None or (at_ms := stamp(held, Stage.DONE)) is None:
            return None
        held.result, held.leased_until, held.is_taken = result, None, True
        held.save()
    return at_ms


def renew(recording: Recording) -> bool:
    """False: somebody else holds it by now, or it is finished."""
    return bool(_ours(recording).update(leased_until=_lease_from(timezone.now())))


def put_off(recording: Recording, seconds: float) -> None:
    """Nobody takes it before that time; then anybody may."""
    _ours(recording).update(leased_until=timezone.now() + timedelta(seconds=seconds))


def give_back(recording: Recording) -> None:
    """Its words are in no dialogue: a process has taken the call up, and takes them, too."""
    _ours(recording).update(leased_until=None)


@transaction.atomic
def store_words(
    recording: Recording, hypotheses: Sequence[Hypothesis], *, duration_ms: int, keeps_audio: bool
) -> int | None:
    """The transcript stands, the audio goes. Milliseconds since it was begun; None: somebody else holds it by now."""
    with for_restaurant(recording.restaurant_id):
        held = _ours(recording).select_for_update().first()
        if held is None or (at_ms := stamp(held, Stage.TRANSCRIPT)) is None:
            return None
        held.hypotheses = [[one.text[:MAX_HYPOTHESIS_CHARS], one.score, one.confidence] for one in hypotheses]
        held.duration_ms = duration_ms
        held.leased_until = None
        folder = held.file
        if not keeps_audio:
            held.file = ""
            transaction.on_commit(lambda: _forget_audio(folder), robust=True)
        held.save()
    return at_ms


@transaction.atomic
def fail(recording: Recording, code: str) -> int | None:
    """The dead letter. Milliseconds since it was begun; None: somebody else holds it by now."""
    with for_restaurant(recording.restaurant_id):
        held = _ours(recording).select_for_update().first()
        return None if held is None else _fail(held, code)


@transaction.atomic
def try_again(restaurant_id: int, recording_id: uuid.UUID | str) -> bool:
    """For a person: from the beginning, with fresh attempts. False: it has not failed, or its audio is gone.

    Words of a recording whose failure the customer was told of stay out of the dialogue: they may have said it again.
    """
    with for_restaurant(restaurant_id):
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if recording.stage != Stage.FAILED or not recording.file:
            return False
        recording.stage = Stage.RECEIVED
        recording.stages = {Stage.RECEIVED.value: recording.stages.get(Stage.RECEIVED.value, 0)}
        recording.failure, recording.attempts, recording.leased_until = "", 0, None
        recording.save()
        transaction.on_commit(lambda: services.ring(restaurant_id, recording.pk))
    return True


def ring_for_forgotten() -> int:
    """Recordings of every restaurant that nobody works on, or nobody took the words of. Returns how many."""
    now = timezone.now()
    forgotten_turn = Q(stage__in=TURN_STAGES, is_taken=False, call__ended_at=None) & (
        Q(leased_until__lt=now) | Q(leased_until=None, changed_at__lt=now - timedelta(seconds=NOBODY_TAKES_AFTER_S))
    )
    with across_restaurants("ring for recordings that nobody works on"):
        forgotten = Recording.objects.filter(services.stalled() | forgotten_turn)
        rows = list(forgotten.order_by("created_at").values_list("restaurant_id", "pk")[:500])
        Recording.objects.filter(pk__in=[pk for _, pk in rows]).update(changed_at=now)
    for restaurant_id, pk in rows:
        services.ring(restaurant_id, pk)
    return len(rows)


def sweep(*, unfinished_before: datetime, everything_before: datetime) -> int:
    """Uploads that never ended fail; what is left of old audio and replies goes, except where audio is stored."""
    with across_restaurants("delete audio that nobody needs"):
        begun = Recording.objects.filter(stage=Stage.RECEIVING, changed_at__lt=unfinished_before)
        begun.update(stage=Stage.FAILED, failure="incomplete", is_taken=True)
        over = Recording.objects.filter(created_at__lt=everything_before, restaurant__stores_audio=False)
        rows = list(over.filter(~Q(file="") | Q(result__has_key=REPLY_AUDIO))[:1_000])
        for recording in rows:
            storage.delete_all(storage.folder_of(recording.restaurant_id, recording.call_id, recording.pk))
            result = {name: value for name, value in recording.result.items() if name != REPLY_AUDIO}
            Recording.objects.filter(pk=recording.pk).update(file="", result=result)
    return len(rows)


def _ours(recording: Recording) -> QuerySet[Recording]:
    with for_restaurant(recording.restaurant_id):
        return Recording.objects.filter(pk=recording.pk, attempts=recording.attempts, leased_until__isnull=False)


def _fail(recording: Recording, code: str) -> int:
    at_ms = milliseconds_of(recording)
    recording.stage, recording.failure, recording.leased_until = Stage.FAILED, code, None
    recording.stages = {**recording.stages, Stage.FAILED.value: at_ms}
    recording.save()
    logger.error("Recording %s of call %s failed: %s", recording.pk, recording.call_id, code)
    if code in OURS:
        calls.note_staff_call(
            restaurant_id=recording.restaurant_id, call_id=str(recording.call_id), reason="recording_failed"
        )
    return at_ms


def _forget_audio(folder: str) -> None:
    storage.delete_audio(folder)


def _lease_from(now: datetime) -> datetime:
    return now + timedelta(seconds=LEASE_S)
