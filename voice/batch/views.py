"""Recordings over HTTP: begin, add, finish, ask. Authorised by the call's own signed session, never by a cookie."""

from __future__ import annotations

import functools
import logging
import re
import uuid
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from restaurants.models import Restaurant
from restaurants.selectors import get_restaurant_by_slug
from voice import rate_limit, tokens
from voice.batch import leases, selectors, storage, uploads
from voice.batch.limits import CHUNK_BYTES, MAX_BYTES, REQUESTS_PER_MINUTE, RecordingError
from voice.batch.limits import ERRORS as TEXTS
from voice.consumers import control
from voice.consumers.database import in_database
from voice.models import Call, Recording, Stage

logger = logging.getLogger(__name__)

T = TypeVar("T")
AsyncView = Callable[..., Coroutine[Any, Any, HttpResponse]]

MAX_JSON_BYTES = 16_384
STATUS = {
    "recording_too_large": 413,
    "chunk_too_large": 413,
    "content_type_unknown": 415,
    "chunk_gap": 409,
    "incomplete": 409,
    "already_finished": 409,
    "too_many_recordings": 429,
    "storage_failed": 503,
}
RETRY_AFTER_S = 2


class Begin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`key` is the sender's name for the recording: sent twice, it is one."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    content_type: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    sample_rate_hz: int | None = None


class Finish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bytes: Annotated[int, msgspec.Meta(ge=0, le=2**40)]


class Refused(Exception):
    """Answered with its status and error."""

    def __init__(self, status: int, code: str, text: str, *, field: str = "", limit: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.error = {"code": code, "text": text, "field": field, "limit": limit}


def api(*methods: str) -> Callable[[AsyncView], AsyncView]:
    """A JSON endpoint: its methods, and every error as `{"error": {code, text, field, limit}}`."""

    def decorate(view: AsyncView) -> AsyncView:
        @functools.wraps(view)
        async def answer(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                not_here = _refusal(405, "method_not_allowed", "This is not done here.", limit=", ".join(methods))
                not_here["Allow"] = ", ".join(methods)
                return not_here
            try:
                response = await view(request, slug, **kwargs)
            except Exception as error:
                refusal = _answer_to(error)
                if refusal is None:
                    raise
                response = refusal
            response["Cache-Control"] = "no-store"
            return response

        exempt: AsyncView = csrf_exempt(answer)
        return exempt

    return decorate


@api("POST")
async def begin(request: HttpRequest, slug: str) -> HttpResponse:
    restaurant_id, call_id = await in_database(authorised, request, slug)
    wanted = read_json(request, Begin)
    recording, is_new = await in_database(
        uploads.begin_recording,
        restaurant_id=restaurant_id,
        call_id=call_id,
        key=printable(wanted.key, "key"),
        content_type=printable(wanted.content_type, "content_type"),
        sample_rate_hz=wanted.sample_rate_hz,
    )
    if is_new:
        await control.tell_recording(call_id, str(recording.pk), stage=Stage.RECEIVING.value, at_ms=0)
    answer = {
        "id": str(recording.pk),
        "offset": recording.received_bytes,
        "chunk_bytes": CHUNK_BYTES,
        "max_bytes": MAX_BYTES,
    }
    return JsonResponse(answer, status=201 if is_new else 200)


@api("GET", "PATCH")
async def one(request: HttpRequest, slug: str, recording_id: uuid.UUID) -> HttpResponse:
    restaurant_id, call_id = await in_database(authorised, request, slug)
    if request.method == "GET":
        recording = await in_database(selectors.get_recording, restaurant_id, recording_id, call_id=call_id)
        return JsonResponse(_shown(recording, slug))
    offset = request.GET.get("offset", "")
    if not re.fullmatch(r"\d{1,12}", offset):
        raise Refused(400, "bad_message", "`offset` is a whole number.", field="offset")
    received = await in_database(
        uploads.append,
        restaurant_id=restaurant_id,
        call_id=call_id,
        recording_id=recording_id,
        offset=int(offset),
        data=read_body(request, CHUNK_BYTES, "chunk_too_large"),
    )
    return JsonResponse({"offset": received})


@api("POST")
async def finish(request: HttpRequest, slug: str, recording_id: uuid.UUID) -> HttpResponse:
    restaurant_id, call_id = await in_database(authorised, request, slug)
    wanted = read_json(request, Finish)
    recording, is_news = await in_database(
        uploads.finish,
        restaurant_id=restaurant_id,
        call_id=call_id,
        recording_id=recording_id,
        byte_count=wanted.bytes,
    )
    if is_news:
        at_ms = recording.stages[Stage.RECEIVED.value]
        await control.tell_recording(call_id, str(recording_id), stage=Stage.RECEIVED.value, at_ms=at_ms)
    return JsonResponse(_shown(recording, slug), status=202)


@api("GET")
async def reply(request: HttpRequest, slug: str, recording_id: uuid.UUID) -> HttpResponse:
    """What was said in reply, as WAV."""
    restaurant_id, call_id = await in_database(authorised, request, slug)
    recording = await in_database(selectors.get_recording, restaurant_id, recording_id, call_id=call_id)
    folder = storage.folder_of(restaurant_id, call_id, recording.pk)
    wav = await in_database(storage.read_reply, folder)
    if wav is None:
        raise Refused(404, "no_reply", "There is no spoken reply.")
    return HttpResponse(wav, content_type="audio/wav")


# --- What the endpoints of a call share -------------------------------------------------------------------------------


def authorised(request: HttpRequest, slug: str) -> tuple[int, str]:
    """(restaurant, call) of the bearer's session, counted against its limit. Queries. raises: Refused"""
    try:
        restaurant = get_restaurant_by_slug(slug)
    except Restaurant.DoesNotExist:
        raise Refused(404, "restaurant_unknown", "There is no such restaurant.") from None
    scheme, _, session = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused(401, "token_missing", "Send the call's session as a bearer token.", field="Authorization")
    try:
        call_id = tokens.call_of_resume_token(session.strip(), slug)
    except tokens.TokenExpired:
        raise Refused(401, "token_expired", "This call's session is too old.", field="Authorization") from None
    except tokens.TokenInvalid:
        raise Refused(401, "token_invalid", "This is no session of a call here.", field="Authorization") from None
    if not rate_limit.is_allowed("recordings", call_id, limit=REQUESTS_PER_MINUTE):
        limit = f"{REQUESTS_PER_MINUTE} a minute"
        raise Refused(429, "rate_limited", "Too many requests; wait a moment.", limit=limit)
    return restaurant.pk, call_id


def read_body(request: HttpRequest, most: int, code: str) -> bytes:
    """raises: Refused, before anything is read where the length is announced"""
    text = TEXTS.get(code, "This is too large.")
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > most:
        raise Refused(413, code, text, limit=str(most))
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(413, code, text, limit=str(most)) from None
    if len(body) > most:
        raise Refused(413, code, text, limit=str(most))
    return body


def read_json(request: HttpRequest, kind: type[T]) -> T:
    """raises: Refused"""
    try:
        return msgspec.json.decode(read_body(request, MAX_JSON_BYTES, "too_large"), type=kind)
    except msgspec.MsgspecError as error:
        field = re.search(r"`\$\.?(\w+)|field `(\w+)`", str(error))
        named = next((name for name in field.groups() if name), "") if field else ""
        raise Refused(400, "bad_message", str(error), field=named) from None


def printable(text: str, field: str) -> str:
    """raises: Refused on what cannot be stored"""
    if not text.isprintable():
        raise Refused(400, "bad_message", f"`{field}` holds characters that cannot be printed.", field=field)
    return text


def _shown(recording: Recording, slug: str) -> dict[str, object]:
    result = dict(recording.result)
    if result.get(leases.REPLY_AUDIO):
        result[leases.REPLY_AUDIO] = reverse("recording_reply", args=(slug, recording.pk))
    best = recording.hypotheses[0][0] if recording.hypotheses else ""
    failure = {"code": recording.failure, "text": TEXTS[recording.failure]} if recording.failure else None
    return {
        "id": str(recording.pk),
        "stage": recording.stage,
        "stages": recording.stages,
        "transcript": best,
        "failure": failure,
        "result": result or None,
    }


def _answer_to(error: Exception) -> HttpResponse | None:
    """None: nothing a client could be told more about than that it failed."""
    match error:
        case Refused():
            response = JsonResponse({"error": error.error}, status=error.status)
            if error.status == 429:
                response["Retry-After"] = str(rate_limit.WINDOW_S)
            return response
        case uploads.OutOfStep():
            return _refusal(409, error.code, TEXTS[error.code], field=error.field, offset=error.offset)
        case RecordingError():
            status = STATUS.get(error.code, 422)
            return _refusal(status, error.code, TEXTS[error.code], field=error.field, limit=error.limit)
        case Recording.DoesNotExist():
            return _refusal(404, "recording_unknown", "There is no such recording in this call.")
        case Call.DoesNotExist():
            return _refusal(404, "call_unknown", "There is no such call, or it has ended.")
        case DatabaseError() | OSError():
            logger.warning("a request about a recording failed: %s: %s", type(error).__name__, error)
            response = _refusal(503, "busy", "This cannot be done right now; try again.")
            response["Retry-After"] = str(RETRY_AFTER_S)
            return response
        case _:
            return None


def _refusal(
    status: int, code: str, text: str, *, field: str = "", limit: str = "", offset: int | None = None
) -> JsonResponse:
    body: dict[str, object] = {"error": {"code": code, "text": text, "field": field, "limit": limit}}
    if offset is not None:
        body["offset"] = offset
    return JsonResponse(body, status=status)
