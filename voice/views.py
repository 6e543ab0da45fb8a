"""The customer's page, its token and its menu. Everything else on it arrives by its socket."""

from __future__ import annotations

import hashlib

import msgspec
from babel import Locale
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from restaurants.models import Restaurant, Role
from restaurants.selectors import (
    NoLiveMenu,
    access_restaurant_for_staff,
    current_availability,
    get_restaurant_by_slug,
    live_menu,
)
from voice import rate_limit, selectors, tokens
from voice.menu_view import menu_view
from voice.rehearsal import MAX_CHARS, spoken_lines, try_out

TOKENS_PER_MINUTE = 30


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
    if not rate_limit.is_allowed("token", request.META.get("REMOTE_ADDR", ""), limit=TOKENS_PER_MINUTE):
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
