"""What follows from words when no process has the call: a worker takes the turn, speaks the reply and stores both."""

from __future__ import annotations

import io
import logging
import uuid
import wave

import msgspec

from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu
from voice import checkpoints, services
from voice.batch import holding, leases, selectors, storage
from voice.batch.headless import NOBODY, Answer, HeadlessCall, NothingToGoOnWith, TakenOver, take_turn
from voice.batch.holding import Later
from voice.batch.services import TURN_STAGES, milliseconds_of, words_of
from voice.consumers.database import in_database
from voice.dialog.events import Event, RecordingHeard
from voice.engines import registry
from voice.engines.types import Engine, EngineUnavailable
from voice.models import Call, Recording, Stage
from voice.protocol import REPLY_RATE_HZ

logger = logging.getLogger(__name__)

AFTER_EARLIER_S = 0.5
TRIES = leases.MAX_ATTEMPTS + leases.MAX_TURNS


async def carry_on(restaurant_id: int, recording_id: uuid.UUID | str) -> None:
    """The turn of a recording whose words are known, unless a process has the call.

    raises: Later, Recording.DoesNotExist
    """
    recording = await in_database(selectors.get_recording, restaurant_id, recording_id)
    if recording.stage not in TURN_STAGES or not await _is_nobodys(recording):
        return
    try:
        claimed = await in_database(leases.claim_turn, restaurant_id, recording_id)
    except leases.EarlierFirst:
        raise Later(AFTER_EARLIER_S) from None
    if claimed is None:
        return
    try:
        async with holding.held(claimed):
            await _take_turn(claimed)
    except TakenOver:
        await in_database(leases.give_back, claimed)
    except (NothingToGoOnWith, Call.DoesNotExist, Restaurant.DoesNotExist, NoLiveMenu):
        await holding.fail(claimed, "call_over")
    except Exception as error:
        raise await holding.put_off(claimed, error, "internal", attempts=TRIES) from error


async def _is_nobodys(recording: Recording) -> bool:
    """No process has the call, or whichever has it has not taken the words for too long. raises: Later"""
    if recording.is_taken:
        return False
    try:
        owner = await checkpoints.owner_of(recording.restaurant_id, str(recording.call_id))
    except (checkpoints.RedisError, OSError):
        raise Later(holding.LONGEST_BACKOFF_S) from None
    waited_s = (milliseconds_of(recording) - recording.stages.get(Stage.TRANSCRIPT.value, 0)) / 1000
    return (owner is not None and owner.startswith(NOBODY)) or waited_s >= leases.NOBODY_TAKES_AFTER_S


async def _take_turn(recording: Recording) -> None:
    engine = registry.get_engine()
    opened = await in_database(
        services.reopen_call,
        slug=recording.restaurant.slug,
        call_id=str(recording.call_id),
        hears=engine.transcriber.capabilities.languages,
        captions_only=True,
    )
    words = words_of(recording)

    def events(call: HeadlessCall) -> list[Event]:
        return [RecordingHeard(at_ms=call.clock(), recording=words.recording, hypotheses=words.hypotheses)]

    has_audio = False

    async def speak(answer: Answer) -> None:
        nonlocal has_audio
        await holding.reach(recording, Stage.BASKET)
        has_audio = await _speak(recording, answer, engine)

    await holding.reach(recording, Stage.UNDERSTANDING)
    answer = await take_turn(opened, engine, events, beside=speak)
    if not answer.is_settled:
        raise TimeoutError("the turn does not come to its end")
    result = result_of(answer) | ({leases.REPLY_AUDIO: True} if has_audio else {})
    await holding.tell(recording, Stage.DONE, await in_database(leases.store_result, recording, result))


def result_of(answer: Answer) -> dict[str, object]:
    """What a client without a socket gets. Words that came a second time bring none: the basket is as it stands."""
    return {
        "reply": answer.reply,
        "cart": msgspec.to_builtins(answer.cart),
        "messages": [msgspec.to_builtins(message) for message in answer.messages],
    }


async def _speak(recording: Recording, answer: Answer, engine: Engine) -> bool:
    """False: there is nothing to hear, and the text has to do."""
    if not answer.spoken:
        return False
    pcm = bytearray()
    try:
        async for chunk in engine.speaker.speak(answer.spoken, language=answer.language, sample_rate_hz=REPLY_RATE_HZ):
            if not pcm:
                await holding.reach(recording, Stage.SPEAKING)
            pcm += chunk
        folder = storage.folder_of(recording.restaurant_id, recording.call_id, recording.pk)
        await in_database(storage.write_reply, folder, _wav(bytes(pcm)))
    except (EngineUnavailable, ValueError, OSError) as error:
        logger.warning("The reply to recording %s stays without sound: %s", recording.pk, error)
        return False
    return True


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(REPLY_RATE_HZ)
        wav.writeframes(pcm)
    return file.getvalue()
