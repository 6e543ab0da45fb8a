"""What the configured parts can do, one check after the other; each says what it found in one plain sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from restaurants.menu import Menu
from voice.dialog.events import EngineFailed, SpeechStarted, TranscriptFinal, TranscriptInterim
from voice.engines import registry
from voice.engines.types import Capabilities, Engine, EngineUnavailable, TranscriberStream
from voice.protocol import CALLER_RATES_HZ, REPLY_RATE_HZ
from voice.spoken.customer import without_silence
from voice.spoken.sentences import SpokenOrder

PROBE_RATE_HZ, FRAME_MS = 16_000, 20
DEADLINE_S = 2.0
STEP_DEADLINE_S = 60.0  # a model that is made for the first time takes its time
FINAL_DEADLINE_S = 15.0
SLOW_FINAL_MS = 1_500


@dataclass(frozen=True, slots=True)
class Check:
    """`is_needed`: without it no call works, so it decides between go and no-go."""

    name: str
    is_ok: bool
    detail: str
    is_needed: bool = True
    figures: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(slots=True)
class Words:
    """What a stream gave for the probe, milliseconds: interims from the first sound, the final from the last."""

    first_interim_ms: int | None = None
    interims: int = 0
    final_ms: int | None = None
    text: str = ""
    failure: str = ""
    ended_s: float | None = None  # by the clock of performance


async def probe(menu: Menu, order: SpokenOrder, *, language: str) -> AsyncIterator[Check]:
    """Every check, the engine's last. The engine is started here and stopped again."""
    for part in (_database, _redis, _worker):
        yield await asyncio.to_thread(part)
    try:
        engine = registry.get_engine()
    except (LookupError, ValueError) as error:
        yield Check("Engine", is_ok=False, detail=str(error))
        return
    try:
        yield await _connects()
        yield _hears(engine.transcriber.capabilities, language)
        yield _speaks(engine.speaker.capabilities, language)
        yield _understands(engine)
        async for check in _spoken(engine, menu, order, language):
            yield check
    finally:
        await registry.shutdown()


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), to_regclass('voice_recording') IS NOT NULL")
            version, has_tables = cursor.fetchone() or ("", False)
    except DatabaseError as error:
        return Check("Database", is_ok=False, detail=f"cannot be reached: {_first_line(error)}")
    finally:
        connection.close()
    detail = f"PostgreSQL {version}" + ("" if has_tables else ", not migrated: run manage.py migrate")
    return Check("Database", is_ok=has_tables, detail=detail)


def _redis() -> Check:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=DEADLINE_S, socket_connect_timeout=DEADLINE_S) as client:
            began = time.perf_counter()
            client.ping()
            ping_ms = (time.perf_counter() - began) * 1000
            version = client.info("server").get("redis_version", "?")
    except (RedisError, OSError) as error:
        return Check("Redis", is_ok=False, detail=f"cannot be reached: {_first_line(error)}")
    return Check("Redis", is_ok=True, detail=f"Redis {version}, answers in {ping_ms:.1f} ms")


def _worker() -> Check:
    """Asked through the broker, so an answer means that work would reach it, too."""
    began = time.perf_counter()
    try:
        answers = current_app.control.ping(timeout=DEADLINE_S, limit=1)
    except (OperationalError, OSError) as error:
        return Check("Batch worker", is_ok=False, detail=f"the broker cannot be reached: {_first_line(error)}")
    names = [name for answer in answers for name in answer]
    if not names:
        return Check("Batch worker", is_ok=False, detail="no Celery worker answers: nothing can fall back to batch")
    waited_ms = round((time.perf_counter() - began) * 1000)
    return Check("Batch worker", is_ok=True, detail=f"{', '.join(names)} answered within {waited_ms} ms")


def _first_line(error: Exception) -> str:
    """Of a driver's message, which may go on with addresses."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


async def _connects() -> Check:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(STEP_DEADLINE_S):
            await registry.startup()
            while not (status := registry.engine_status()).is_ready:  # noqa: ASYNC110  # nothing tells us when
                await asyncio.sleep(0.1)
    except TimeoutError:
        status = registry.engine_status()
        return Check(
            "Engine connects", is_ok=False, detail=f"{status.name}: {status.detail or 'not ready in a minute'}"
        )
    except (EngineUnavailable, OSError) as error:
        return Check("Engine connects", is_ok=False, detail=str(error))
    ready_ms = round((time.perf_counter() - began) * 1000)
    return Check(
        "Engine connects",
        is_ok=True,
        detail=f"{status.name}, ready after {ready_ms} ms",
        figures={"name": status.name, "ready_ms": ready_ms},
    )


def _hears(can: Capabilities, language: str) -> Check:
    words = "words while they are spoken" if can.has_interim else "no words before the end of an utterance"
    speech = "open dictation" if can.is_open_dictation else "the words of menus only"
    rates = ", ".join(f"{rate // 1000}" if rate % 1000 == 0 else f"{rate / 1000}" for rate in CALLER_RATES_HZ)
    return Check(
        "Speech to words",
        is_ok=language in can.languages,
        detail=f"{', '.join(can.languages)}; {speech}; {words}; PCM16 at {rates} kHz, fed at {can.sample_rate_hz} Hz",
        figures=asdict(can) | {"formats": ["pcm16"], "caller_rates_hz": list(CALLER_RATES_HZ)},
    )


def _speaks(can: Capabilities, language: str) -> Check:
    return Check(
        "Words to speech",
        is_ok=language in can.languages,
        detail=f"{', '.join(can.languages)}; PCM16 at {REPLY_RATE_HZ} Hz, made at {can.sample_rate_hz} Hz",
        figures=asdict(can) | {"formats": ["pcm16"], "reply_rate_hz": REPLY_RATE_HZ},
    )


def _understands(engine: Engine) -> Check:
    """Tools, in the words of hosted models: ours is the cart, and only we call it."""
    if engine.model is None:
        detail = "the menu's own parser; no hosted model is asked, no tool is called from outside"
    else:
        detail = f"the menu's own parser, and {settings.UNDERSTANDER_MODEL} where that is unsure: it may propose edits"
    model = settings.UNDERSTANDER_MODEL if engine.model is not None else None
    return Check("Understanding", is_ok=True, detail=detail, is_needed=False, figures={"model": model, "tools": []})


async def _spoken(engine: Engine, menu: Menu, order: SpokenOrder, language: str) -> AsyncIterator[Check]:
    """The engine says an order of the menu and hears itself."""
    began = time.perf_counter()
    sound, first_ms = bytearray(), 0
    try:
        async with asyncio.timeout(STEP_DEADLINE_S):
            async for chunk in engine.speaker.speak(order.text, language=language, sample_rate_hz=PROBE_RATE_HZ):
                first_ms = first_ms or round((time.perf_counter() - began) * 1000)
                sound += chunk
    except (EngineUnavailable, ValueError, TimeoutError) as error:
        yield Check("Speaks", is_ok=False, detail=str(error) or "no sound in a minute")
        return
    yield Check("Speaks", is_ok=True, detail=f"first sound after {first_ms} ms", figures={"first_audio_ms": first_ms})
    words = await _listen(engine, menu, without_silence(bytes(sound)), language)
    yield _heard_check(words, order)


def _heard_check(words: Words, order: SpokenOrder) -> Check:
    figures = asdict(words) | {"said": order.text}
    del figures["ended_s"]
    if words.failure or words.final_ms is None:
        return Check("Hears", is_ok=False, detail=words.failure or "no words came", figures=figures)
    interim = (
        "none"
        if words.first_interim_ms is None
        else f"the first {words.first_interim_ms} ms after a voice was detected"
    )
    slow = " (slow)" if words.final_ms > SLOW_FINAL_MS else ""
    detail = f"final words {words.final_ms} ms after the end of speech{slow}, interim words: {interim}"
    heard = f'said "{order.text}", heard "{words.text}"'
    return Check("Hears", is_ok=bool(words.text), detail=f"{detail}; {heard}", figures=figures)


async def _listen(engine: Engine, menu: Menu, voice: bytes, language: str) -> Words:
    words, began = Words(), time.perf_counter()
    try:
        async with asyncio.timeout(STEP_DEADLINE_S):
            stream = await engine.transcriber.open(
                menu=menu,
                language=language,
                sample_rate_hz=PROBE_RATE_HZ,
                clock=lambda: round((time.perf_counter() - began) * 1000),
                tenant="probe",
            )
    except (EngineUnavailable, TimeoutError) as error:
        words.failure = str(error) or "the recogniser did not open in a minute"
        return words
    try:
        async with asyncio.timeout(len(voice) / PROBE_RATE_HZ / 2 + FINAL_DEADLINE_S):
            await asyncio.gather(_say(stream, voice, words), _note(stream, words))
    except TimeoutError:
        words.failure = f"no final words within {FINAL_DEADLINE_S:.0f} s"
    finally:
        await stream.close()
    return words


async def _say(stream: TranscriberStream, voice: bytes, words: Words) -> None:
    """In real time, as a customer would."""
    step = PROBE_RATE_HZ * FRAME_MS // 1000 * 2
    next_s = time.perf_counter()
    for start in range(0, len(voice), step):
        stream.push(voice[start : start + step].ljust(step, b"\0"))
        next_s += FRAME_MS / 1000
        await asyncio.sleep(max(0.0, next_s - time.perf_counter()))
    words.ended_s = time.perf_counter()
    stream.finish_utterance()


async def _note(stream: TranscriberStream, words: Words) -> None:
    began_s = time.perf_counter()
    async for event in stream.events():
        now_s = time.perf_counter()
        match event:
            case SpeechStarted():
                began_s = now_s
            case TranscriptInterim(text=text) if text:
                words.interims += 1
                words.first_interim_ms = words.first_interim_ms or round((now_s - began_s) * 1000)
            case TranscriptFinal(hypotheses=found) if words.ended_s is not None:
                words.final_ms = round((now_s - words.ended_s) * 1000)
                words.text = found[0].text if found else ""
                return
            case EngineFailed(reason=reason):
                words.failure = reason
                return
            case _:
                pass
