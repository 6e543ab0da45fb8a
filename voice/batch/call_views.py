"""Calls over HTTP, for clients without a socket: open one, send it messages, and get what a socket would have got."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu
from voice import checkpoints, rate_limit, services, tokens
from voice.batch.headless import Answer, HeadlessCall, NothingToGoOnWith, TakenOver, begin, take_turn
from voice.batch.views import Refused, api, authorised, read_body, read_json
from voice.client_address import address_of_request, is_limited
from voice.client_events import client_event
from voice.consumers.database import in_database
from voice.dialog.events import CallOpened, Event
from voice.engines import registry
from voice.engines.types import Engine
from voice.errors import ERRORS
from voice.models import Mode
from voice.protocol import (
    MAX_FRAME_BYTES,
    MAX_TEXT_MESSAGE_BYTES,
    MAX_TYPED_CHARS,
    REPLY_RATE_HZ,
    CartEdits,
    Confirm,
    Failure,
    FromClient,
    HangUp,
    Limits,
    RequestPerson,
    Review,
    SessionReady,
    Typed,
    Undo,
)
from voice.services import OpenedCall
from voice.wire import decode_text

CALLS_PER_MINUTE = 30
TAKEN = (Typed, CartEdits, Undo, Review, Confirm, RequestPerson, HangUp)


class OpenCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Annotated[str, msgspec.Meta(max_length=2048)]
    language: Annotated[str, msgspec.Meta(max_length=8)] = "en"


@api("POST")
async def open_call(request: HttpRequest, slug: str) -> HttpResponse:
    wanted = read_json(request, OpenCall)
    await in_database(_check_caller, request, slug, wanted.token)
    engine = registry.get_engine()
    try:
        opened = await in_database(
            services.open_call,
            slug=slug,
            language=wanted.language,
            engine=registry.configuration().name,
            hears=engine.transcriber.capabilities.languages,
            captions_only=True,
            has_socket=False,
        )
    except (Restaurant.DoesNotExist, NoLiveMenu):
        raise Refused(404, "restaurant_unknown", ERRORS["restaurant_unknown"].text) from None
    answer = await _answered(begin(opened, engine, lambda call: [CallOpened(at_ms=call.clock())]))
    ready = _ready(opened, slug, engine)
    body = {"session": ready.session, "ready": msgspec.to_builtins(ready), "messages": _messages(answer)}
    return JsonResponse(body, status=201)


@api("POST")
async def message(request: HttpRequest, slug: str) -> HttpResponse:
    _, call_id = await in_database(authorised, request, slug)
    sent = _read_message(request)
    engine = registry.get_engine()
    opened = await in_database(
        services.reopen_call,
        slug=slug,
        call_id=call_id,
        hears=engine.transcriber.capabilities.languages,
        captions_only=True,
    )

    def events(call: HeadlessCall) -> list[Event]:
        cart = call.session.state.ordering.cart
        event = client_event(sent, at_ms=call.clock(), cart=cart)
        return [event] if event is not None else []

    answer = await _answered(take_turn(opened, engine, events))
    return JsonResponse({"messages": _messages(answer)})


def _check_caller(request: HttpRequest, slug: str, token: str) -> None:
    """raises: Refused"""
    try:
        tokens.check_page_token(token, slug)
    except tokens.TokenOfOther:
        raise _refused(401, "token_other_restaurant", field="token") from None
    except tokens.TokenInvalid:
        raise _refused(401, "token_invalid", field="token") from None
    except tokens.TokenExpired:
        limit = f"{settings.SESSION_TOKEN_SECONDS} s"
        raise Refused(401, "token_expired", ERRORS["token_expired"].text, field="token", limit=limit) from None
    address = address_of_request(request)
    if is_limited(address) and not rate_limit.is_allowed("calls", address, limit=CALLS_PER_MINUTE):
        limit = f"{CALLS_PER_MINUTE} a minute"
        raise Refused(429, "rate_limited", "Too many calls; wait a moment.", limit=limit)


def _read_message(request: HttpRequest) -> FromClient:
    """raises: Refused"""
    body = read_body(request, MAX_TEXT_MESSAGE_BYTES, "too_large")
    try:
        sent = decode_text(body.decode())
    except UnicodeDecodeError:
        raise _refused(400, "bad_json") from None
    if isinstance(sent, Failure):
        raise Refused(400, sent.code, sent.text, field=sent.field, limit=sent.limit)
    if not isinstance(sent, TAKEN):
        raise Refused(400, "unknown_type", "This message needs a socket.", field="type")
    return sent


async def _answered(turn: Coroutine[Any, Any, Answer]) -> Answer:
    """raises: Refused"""
    try:
        return await turn
    except NothingToGoOnWith:
        raise Refused(404, "call_unknown", "There is no such call, or it has ended.") from None
    except TakenOver:
        raise Refused(409, "taken_over", ERRORS["taken_over"].text) from None
    except (checkpoints.RedisError, TimeoutError):
        raise Refused(503, "busy", "This cannot be done right now; try again.") from None


def _messages(answer: Answer) -> list[object]:
    return [msgspec.to_builtins(one) for one in answer.messages]


def _refused(status: int, code: str, *, field: str = "") -> Refused:
    return Refused(status, code, ERRORS[code].text, field=field)


def _ready(opened: OpenedCall, slug: str, engine: Engine) -> SessionReady:
    context = opened.context
    return SessionReady(
        session=tokens.resume_token(slug, context.call_id),
        restaurant=context.restaurant_name,
        language=context.language,
        reply_rate_hz=REPLY_RATE_HZ,
        next_seq=0,
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
        mode=Mode.BATCH.value,
    )
