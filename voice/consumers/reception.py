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
from voice import checkpoints, load, rebuild, services, tokens
from voice.client_address import is_limited
from voice.consumers import returning
from voice.consumers.batch_way import breaker, is_overloaded, is_streaming_killed
from voice.consumers.beginning import Beginning
from voice.consumers.database import in_database
from voice.consumers.live_call import LiveCall
from voice.consumers.socket import Socket
from voice.dialog.effects import Outcome
from voice.dialog.reconnection import session_expired
from voice.engines import registry
from voice.errors import failure
from voice.fallback import STREAMING, Reason
from voice.protocol import (
    MAX_FRAME_BYTES,
    MAX_TYPED_CHARS,
    REPLY_RATE_HZ,
    CloseCode,
    Ended,
    Failure,
    Limits,
    Notice,
    ServerMessage,
    SessionReady,
    SessionStart,
)
from voice.rate_limit import is_allowed
from voice.rebuild import Left
from voice.services import OpenedCall

logger = logging.getLogger(__name__)

MAX_CALLS = 400  # in one process; beyond it callers would hear gaps
MAX_CALLS_OF_ONE = 300  # one restaurant's crowd, or its prankster, leaves room for the others

calls: dict[str, LiveCall] = {}
_addresses: dict[str, str] = {}  # of their pages, by call
_opening: Counter[str] = Counter()  # per restaurant: calls that are not in `calls` yet


class Refused(Exception):
    """`problem` ends the connection."""

    def __init__(self, problem: Failure) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Over(Exception):
    """The call that is asked for has ended with its order: `messages` tell so, and the connection ends."""

    def __init__(self, *messages: ServerMessage) -> None:
        super().__init__("over")
        self.messages = messages


async def join(slug: str, start: SessionStart, socket: Socket, address: str = "") -> LiveCall:
    """`address`: where the page is, "" when unknown. raises: Refused, Over"""
    _check_token(slug, start)
    if start.resume is None:
        return await _attached(await _opened(slug, start, address), slug, start, socket)
    try:
        call_id = tokens.call_of_resume_token(start.resume, slug)
    except tokens.TokenExpired:
        return await _begun_anew(slug, start, socket, address, Left())
    except tokens.TokenInvalid:
        call = await _attached(await _opened(slug, start, address), slug, start, socket)
        call.runner.send(failure("resume_refused", field="resume"))
        return call
    here = calls.get(call_id)
    found = here if here is not None and not here.runner.is_over else await _restored(slug, call_id, start, address)
    if found is not None:
        return await _attached(found, slug, start, socket, is_resumed=True)
    left = await in_database(rebuild.left_of, slug=slug, call_id=call_id)
    return await _begun_anew(slug, start, socket, address, left or Left())


async def _attached(
    call: LiveCall, slug: str, start: SessionStart, socket: Socket, *, is_resumed: bool = False
) -> LiveCall:
    await call.attach(socket, start, _ready(call, slug, is_resumed=is_resumed))
    return call


async def _begun_anew(slug: str, start: SessionStart, socket: Socket, address: str, left: Left) -> LiveCall:
    """The earlier call is over. An order that came of it is told; else a new call goes on with its basket."""
    if left.order is not None:
        raise Over(left.order, Ended(outcome=Outcome.COMPLETED.value, reason="over"))
    call = await _opened(slug, start, address, left)
    await _attached(call, slug, start, socket)
    text = session_expired(call.opened.context.language, call.session.state.ordering.cart)
    call.runner.send(Notice(code="session_expired", text=text))
    return call


def start_watching() -> None:
    """Once, in a process that serves calls: what makes them leave streaming, and keeps new ones from it."""
    rollout.watch_provider(breaker.is_open)
    if streaming_killed not in snapshot.on_kill:
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


async def _opened(slug: str, start: SessionStart, address: str, left: Left | None = None) -> LiveCall:
    _check_room(slug, address)
    _opening[slug] += 1
    try:
        if not await in_database(_may_open, address):
            limit = f"{settings.CALLS_PER_ADDRESS_A_MINUTE} a minute"
            raise Refused(failure("too_many_calls", limit=limit))
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
    is_same_menu = left is not None and left.menu_version == opened.context.menu.version
    state = rebuild.state_with(left.basket) if left is not None and is_same_menu else None
    return _live(opened, Beginning(first_seq=0 if start.resume else start.next_seq, state=state), address)


def _check_room(slug: str, address: str) -> None:
    """raises: Refused"""
    of_one = _opening[slug] + sum(call.opened.slug == slug for call in calls.values())
    if len(calls) + _opening.total() >= MAX_CALLS or of_one >= MAX_CALLS_OF_ONE:
        raise Refused(failure("busy"))
    from_here = sum(_addresses.get(call_id) == address for call_id in calls)
    if is_limited(address) and from_here >= settings.CALLS_PER_ADDRESS:
        raise Refused(failure("too_many_calls", limit=f"{settings.CALLS_PER_ADDRESS} at once"))


def _may_open(address: str) -> bool:
    return not is_limited(address) or is_allowed("call", address, limit=settings.CALLS_PER_ADDRESS_A_MINUTE)


async def _restored(slug: str, call_id: str, start: SessionStart, address: str) -> LiveCall | None:
    found = await returning.find(slug, call_id, start, hears=_hears())
    return _live(found.opened, found.begins, address, owner=found.owner) if found is not None else None


def _live(opened: OpenedCall, begins: Beginning, address: str, *, owner: str = "") -> LiveCall:
    call = LiveCall(
        opened,
        registry.get_engine(),
        owner=owner or uuid.uuid4().hex,
        idle_s=float(settings.CALL_IDLE_SECONDS),
        over=_over,
        begins=begins,
    )
    return _started(call, address)


def _started(call: LiveCall, address: str) -> LiveCall:
    calls[call.call_id] = call
    _addresses[call.call_id] = address
    call.start()
    if call.mode == STREAMING and is_streaming_killed():  # while it was opened, or between two processes
        call.leave_streaming(Reason.KILLED, at_once=True)
    return call


def _over(call: LiveCall) -> None:
    if calls.get(call.call_id) is call:
        del calls[call.call_id]
        _addresses.pop(call.call_id, None)


def _hears() -> frozenset[str]:
    """Languages this process's engine understands by ear."""
    return frozenset(registry.get_engine().transcriber.capabilities.languages)


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
