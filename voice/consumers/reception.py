"""Who may open a call, and which one: a new one, one that waits in this process, or one from another's checkpoint."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter

from django.conf import settings

from flags import services as rollout
from flags import snapshot
from flags.rollout import KillMode
from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu
from voice import checkpoints, load, services, tokens
from voice.checkpoints import RedisError
from voice.consumers import control
from voice.consumers.batch_way import breaker, is_overloaded, is_streaming_killed
from voice.consumers.database import in_database
from voice.consumers.live_call import LiveCall
from voice.consumers.socket import Socket
from voice.engines import registry
from voice.errors import failure
from voice.fallback import STREAMING, Reason
from voice.models import Call
from voice.protocol import (
    MAX_FRAME_BYTES,
    MAX_TYPED_CHARS,
    REPLY_RATE_HZ,
    CloseCode,
    Failure,
    Limits,
    SessionReady,
    SessionStart,
)

logger = logging.getLogger(__name__)

MAX_CALLS = 400  # in one process; beyond it callers would hear gaps
MAX_CALLS_OF_ONE = 300  # one restaurant's crowd, or its prankster, leaves room for the others

calls: dict[str, LiveCall] = {}
_opening: Counter[str] = Counter()  # per restaurant: calls that are not in `calls` yet


class Refused(Exception):
    """`problem` ends the connection."""

    def __init__(self, problem: Failure) -> None:
        super().__init__(problem.code)
        self.problem = problem


async def join(slug: str, start: SessionStart, socket: Socket) -> LiveCall:
    """raises: Refused"""
    _check_token(slug, start)
    resumed, problem = await _resumed(slug, start) if start.resume else (None, None)
    call = resumed or await _opened(slug, start)
    await call.attach(socket, start, _ready(call, slug, is_resumed=resumed is not None))
    if problem is not None:
        call.runner.send(problem)
    return call


def start_watching() -> None:
    """Once, in a process that serves calls: what makes them leave streaming, and keeps new ones from it."""
    rollout.watch_provider(breaker.is_open)
    snapshot.on_kill.append(streaming_killed)
    load.start(shed_load)


def streaming_killed(kill_mode: str, _why: str) -> None:
    """By an operator. Every call here goes on in batch: at the end of its utterance (drain), or at once (hard)."""
    for call in list(calls.values()):
        call.leave_streaming(Reason.KILLED, at_once=kill_mode == KillMode.HARD)


def shed_load(_lag_p95_ms: float) -> None:
    """Once a second. While there is too much to do, the newest call that streams goes on in batch, then the next."""
    if is_overloaded():
        for call in reversed(calls.values()):
            if call.mode == STREAMING:
                call.leave_streaming(Reason.OVERLOADED, at_once=False)
                return


async def end_all() -> None:
    """The process is going down: every call is kept in its checkpoint for another one."""
    ending = list(calls.values())
    for call in ending:
        await call.keeper.keep()
    await asyncio.gather(*(call.runner.stop(CloseCode.SERVER_RESTART, "server restart") for call in ending))
    await checkpoints.close()


def _check_token(slug: str, start: SessionStart) -> None:
    try:
        tokens.check_page_token(start.token, slug)
    except tokens.TokenOfOther:
        raise Refused(failure("token_other_restaurant", field="token")) from None
    except tokens.TokenInvalid:
        raise Refused(failure("token_invalid", field="token")) from None
    except tokens.TokenExpired:
        raise Refused(failure("token_expired", field="token", limit=f"{settings.SESSION_TOKEN_SECONDS} s")) from None


async def _opened(slug: str, start: SessionStart) -> LiveCall:
    if _is_full(slug):
        raise Refused(failure("busy"))
    _opening[slug] += 1
    try:
        opened = await in_database(
            services.open_call,
            slug=slug,
            language=start.language,
            engine=registry.configuration().name,
            hears=_hears(),
            captions_only=start.captions_only,
            is_overloaded=is_overloaded(),
        )
    except (Restaurant.DoesNotExist, NoLiveMenu):
        raise Refused(failure("restaurant_unknown")) from None
    finally:
        _opening[slug] -= 1
    owner, first_seq = uuid.uuid4().hex, 0 if start.resume else start.next_seq
    engine = registry.get_engine()
    return _started(LiveCall(opened, engine, owner=owner, idle_s=_idle_s(), over=_over, first_seq=first_seq))


def _is_full(slug: str) -> bool:
    of_one = _opening[slug] + sum(call.opened.slug == slug for call in calls.values())
    return len(calls) + _opening.total() >= MAX_CALLS or of_one >= MAX_CALLS_OF_ONE


async def _resumed(slug: str, start: SessionStart) -> tuple[LiveCall | None, Failure | None]:
    """No call: there is nothing to go on with, or nothing that this page may go on with; it gets a new one."""
    assert start.resume is not None
    try:
        call_id = tokens.call_of_resume_token(start.resume, slug)
    except tokens.TokenExpired:
        return None, None
    except tokens.TokenInvalid:
        return None, failure("resume_refused", field="resume")
    call = calls.get(call_id)
    if call is None or call.runner.is_over:
        call = await _restored(slug, call_id, start)
    return call, None


async def _restored(slug: str, call_id: str, start: SessionStart) -> LiveCall | None:
    owner = uuid.uuid4().hex
    try:
        opened = await in_database(
            services.reopen_call,
            slug=slug,
            call_id=call_id,
            hears=_hears(),
            captions_only=start.captions_only,
        )
        checkpoint = await checkpoints.claim(opened.restaurant_id, call_id, owner=owner)
    except (Restaurant.DoesNotExist, NoLiveMenu, Call.DoesNotExist):
        return None
    except (RedisError, OSError):
        logger.warning("Call %s cannot be resumed: Redis is away", call_id)
        return None
    if checkpoint is None:
        return None
    await control.tell_taken_over(call_id, owner)
    return _started(
        LiveCall(opened, registry.get_engine(), owner=owner, idle_s=_idle_s(), over=_over, checkpoint=checkpoint)
    )


def _started(call: LiveCall) -> LiveCall:
    calls[call.call_id] = call
    call.start()
    if call.mode == STREAMING and is_streaming_killed():  # while it was opened, or between two processes
        call.leave_streaming(Reason.KILLED, at_once=True)
    return call


def _over(call: LiveCall) -> None:
    if calls.get(call.call_id) is call:
        del calls[call.call_id]


def _hears() -> frozenset[str]:
    """Languages this process's engine understands by ear."""
    return frozenset(registry.get_engine().transcriber.capabilities.languages)


def _idle_s() -> float:
    return float(settings.CALL_IDLE_SECONDS)


def _ready(call: LiveCall, slug: str, *, is_resumed: bool) -> SessionReady:
    context = call.opened.context
    engine = registry.get_engine()
    return SessionReady(
        session=tokens.resume_token(slug, call.call_id),
        restaurant=context.restaurant_name,
        language=context.language,
        reply_rate_hz=REPLY_RATE_HZ,
        next_seq=call.ledger.next_seq,
        is_open=context.is_open,
        can_hear=not context.typed_only,
        knows_menu_only=not engine.transcriber.capabilities.is_open_dictation,
        stores_audio=context.stores_audio,
        limits=Limits(
            frame_bytes=MAX_FRAME_BYTES,
            text_chars=MAX_TYPED_CHARS,
            call_seconds=settings.CALL_MAX_SECONDS,
            idle_seconds=settings.CALL_IDLE_SECONDS,
        ),
        resumed=is_resumed,
        mode=call.mode,
    )
