"""The customer's page, its token, its menu and its rating. Everything else on it arrives by its socket."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from babel import Locale
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from restaurants.models import Restaurant, Role
from restaurants.selectors import (
    NoLiveMenu,
    access_restaurant_for_staff,
    current_availability,
    get_restaurant_by_slug,
    live_menu,
)
from voice import rate_limit, ratings, selectors, tokens
from voice.client_address import address_of_request
from voice.menu_view import menu_view
from voice.models import Call
from voice.rehearsal import MAX_CHARS, spoken_lines, try_out

TOKENS_PER_MINUTE = 30
RATINGS_PER_MINUTE = 30
MAX_RATING_BYTES = 4_096


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rating` null takes it back."""

    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None
    comment: Annotated[str, msgspec.Meta(max_length=ratings.MAX_COMMENT_CHARS)] = ""


@require_safe
@never_cache
def order_page(request: HttpRequest, slug: str) -> HttpResponse:
    restaurant = _restaurant(slug)
    language = _language(request, restaurant)
    opening = selectors.opening_of(restaurant, timezone.now(), language)
    context = {
        "restaurant": restaurant,
        "language": language,
        "languages": [(code, _language_name(code)) for code in restaurant.languages],
        "is_open": opening.is_open,
        "opens_at_text": opening.opens_at_text,
        "wait_minutes": restaurant.wait_minutes,
        "stores_audio": restaurant.stores_audio,
        "accepts_voice": restaurant.accepts_voice,
        "token": tokens.page_token(slug),
        "token_seconds": settings.SESSION_TOKEN_SECONDS,
        "socket_path": f"/ws/r/{slug}/order",
        "chunk_ms": settings.AUDIO_CHUNK_SIZE_MS,
    }
    return render(request, "voice/order.html", context)


@require_POST
@never_cache
@csrf_protect
def order_token(request: HttpRequest, slug: str) -> JsonResponse:
    """A fresh token for a page whose first one grew too old."""
    _restaurant(slug)
    if not rate_limit.is_allowed("token", address_of_request(request), limit=TOKENS_PER_MINUTE):
        refusal = JsonResponse({"error": "rate_limited", "limit": f"{TOKENS_PER_MINUTE} a minute"}, status=429)
        refusal["Retry-After"] = str(rate_limit.WINDOW_S)
        return refusal
    return JsonResponse({"token": tokens.page_token(slug), "expires_in": settings.SESSION_TOKEN_SECONDS})


@require_safe
def order_menu(request: HttpRequest, slug: str) -> HttpResponse:
    """The live menu in `?lang=`, with what is out this moment; unchanged ones are answered 304."""
    restaurant = _restaurant(slug)
    try:
        menu = live_menu(restaurant.pk)
    except NoLiveMenu:
        raise Http404("There is no menu yet.") from None
    view = menu_view(menu, current_availability(restaurant.pk), _language(request, restaurant))
    body = msgspec.json.encode(view)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    is_known = etag in request.headers.get("If-None-Match", "")
    response = HttpResponseNotModified() if is_known else HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"  # kept, but asked about each time: things run out
    response["Vary"] = "Accept-Language, Cookie"
    return response


@require_POST
@never_cache
@csrf_exempt  # authorised by the call's own token, never by a cookie
def rate_call(request: HttpRequest, slug: str) -> HttpResponse:
    """The customer's word on their call, during it and for a day after; 204, and the last one counts."""
    restaurant = _restaurant(slug)
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        call_id = tokens.call_of_resume_token(bearer, slug, after_call_s=int(ratings.OPEN_FOR.total_seconds()))
    except (tokens.TokenInvalid, tokens.TokenExpired):
        return _refusal(401, "bad_token", "This order's token is missing, forged or too old.")
    if not rate_limit.is_allowed("rating", call_id, limit=RATINGS_PER_MINUTE):
        return _refusal(429, "rate_limited", "Too many at once.", limit=f"{RATINGS_PER_MINUTE} a minute")
    if len(request.body) > MAX_RATING_BYTES:
        return _refusal(413, "too_large", "This is too long.", limit=f"{MAX_RATING_BYTES} bytes")
    try:
        wanted = msgspec.json.decode(request.body, type=Rating)
        ratings.rate_call(restaurant_id=restaurant.pk, call_id=call_id, rating=wanted.rating, comment=wanted.comment)
    except msgspec.MsgspecError as error:
        return _refusal(400, "bad_message", str(error))
    except Call.DoesNotExist:
        return _refusal(404, "no_call", "There is no such order.")
    except ratings.RatingClosed:
        return _refusal(410, "rating_closed", "It is too late to rate this order.", limit="24 hours")
    return HttpResponse(status=204)


@require_safe
@never_cache
@login_required
def explain_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Tries an utterance out. `text` may come several times (hypotheses, best first), `before` is one line each."""
    try:
        restaurant = access_restaurant_for_staff(request.user, slug, role=Role.SHIFT_LEAD)
    except Restaurant.DoesNotExist:
        raise Http404 from None
    spoken = selectors.language_for(restaurant, request.GET.get("language", ""))
    said = spoken_lines(request.GET.getlist("text"))
    before = spoken_lines("\n".join(request.GET.getlist("before")).splitlines())
    context = {
        "restaurant": restaurant,
        "spoken": spoken,
        "languages": [(code, _language_name(code)) for code in restaurant.languages],
        "said": said[0] if said else "",
        "before": "\n".join(before),
        "max_chars": MAX_CHARS,
    }
    try:
        call = selectors.rehearsal_context(restaurant, spoken)
    except NoLiveMenu:
        return render(request, "voice/explain.html", context | {"has_no_menu": True})
    if said:
        context["trial"] = try_out(call, said, before=before, language=get_language() or "en")
    return render(request, "voice/explain.html", context)


def _refusal(status: int, code: str, text: str, *, limit: str = "") -> JsonResponse:
    error = {"code": code, "text": text, "field": "", "limit": limit}
    return JsonResponse({"error": error}, status=status)


def _restaurant(slug: str) -> Restaurant:
    try:
        return get_restaurant_by_slug(slug)
    except Restaurant.DoesNotExist:
        raise Http404("There is no such restaurant.") from None


def _language(request: HttpRequest, restaurant: Restaurant) -> str:
    return selectors.language_for(restaurant, request.GET.get("lang") or get_language() or "")


def _language_name(code: str) -> str:
    name = Locale.parse(code, sep="-").get_display_name(code) or code
    return name[:1].upper() + name[1:]
