"""Reads of calls and of what a call starts from. Each opens its own tenant context, so callers need none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from flags.declared import VOICE_STREAMING
from flags.models import RolloutFlag
from flags.selectors import processes_in_words
from orders.selectors import limits_of
from restaurants import selectors as restaurants
from restaurants.menu import Menu
from restaurants.models import Restaurant
from restaurants.scoping import across_restaurants, for_restaurant
from voice.call_metrics import BEFORE_FIRST_PROMPT
from voice.dialog.context import CallContext
from voice.models import Call, Turn
from voice.opening_text import opening_text
from voice.reports.calls import CallRow, TurnRow, report_of
from voice.reports.live import LiveView, RolloutNow
from voice.understanders import understander_of

MAX_CALL_ROWS = 50_000
TEST_REASON = "test"  # flags.rollout.Reason.TEST: measurements of ours are no customers
REPORTED = (
    "started_at",
    "assigned_mode",
    "assigned_reason",
    "mode",
    "fallback_reason",
    "outcome",
    "end_reason",
    "first_transcript_ms",
    "first_audio_ms",
    "fallbacks",
    "reconnects",
    "dropped_chunks",
    "cost_usd",
    "rating",
)
PART_COLUMNS = ("endpointing_ms", "recognition_ms", "understanding_ms", "speaking_ms", "network_ms")


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a restaurant takes orders now, in words of the customer's language when it does not."""

    is_open: bool
    opens_at_text: str = ""


def opening_of(restaurant: Restaurant, at: datetime, language: str) -> Opening:
    if restaurants.is_open(restaurant, at):
        return Opening(is_open=True)
    opens = restaurants.next_opening(restaurant, at)
    return Opening(is_open=False, opens_at_text=opening_text(opens, at.astimezone(restaurant.zone), language))


def language_for(restaurant: Restaurant, wanted: str) -> str:
    """The wanted language if it is spoken here ("es-MX" is "es"), else the restaurant's own."""
    main = wanted.split("-", maxsplit=1)[0].lower()
    return main if main in restaurant.languages else restaurant.language


def call_context(
    *, restaurant: Restaurant, menu: Menu, call_id: str, language: str, typed_only: bool, captions_only: bool
) -> CallContext:
    opening = opening_of(restaurant, timezone.now(), language)
    return CallContext(
        call_id=call_id,
        restaurant_id=str(restaurant.pk),
        restaurant_name=restaurant.name,
        menu=menu,
        understander=understander_of(menu, language),
        language=language,
        availability=restaurants.current_availability(restaurant.pk),
        limits=limits_of(restaurant),
        is_open=opening.is_open,
        opens_at_text=opening.opens_at_text,
        greeting=str(restaurant.greetings.get(language, "")),
        stores_audio=restaurant.stores_audio,
        wait_minutes=restaurant.wait_minutes,
        typed_only=typed_only,
        captions_only=captions_only,
        max_call_ms=settings.CALL_MAX_SECONDS * 1000,
    )


def rehearsal_context(restaurant: Restaurant, language: str) -> CallContext:
    """What `voice.rehearsal` starts from: today's menu and stock, open whatever the hour. raises: NoLiveMenu"""
    context = call_context(
        restaurant=restaurant,
        menu=restaurants.live_menu(restaurant.pk),
        call_id="rehearsal",
        language=language_for(restaurant, language),
        typed_only=True,
        captions_only=True,
    )
    return replace(context, is_open=True, opens_at_text="")


def get_call(restaurant_id: int, call_id: str) -> Call:
    """raises: Call.DoesNotExist, also for another restaurant's call"""
    with for_restaurant(restaurant_id):
        return Call.objects.get(pk=call_id)


def turns_of(call: Call) -> list[Turn]:
    with for_restaurant(call.restaurant_id):
        return list(Turn.objects.filter(call=call).order_by("number"))


def call_rows(
    *, since: datetime, until: datetime, restaurants: Collection[int] | None = None, most: int = MAX_CALL_ROWS
) -> list[CallRow]:
    """Calls that ended, began in [since, until) and were no tests, newest first; of these restaurants, None: of all.

    Hidden queries: two, whatever the number of calls.
    """
    wall = across_restaurants("figures of calls") if restaurants is None else for_restaurant(restaurants)
    with wall:
        calls = list(
            Call.objects.filter(started_at__gte=since, started_at__lt=until)
            .exclude(ended_at=None)
            .exclude(assigned_reason=TEST_REASON)
            .select_related("restaurant")
            .only(*REPORTED, "restaurant__slug", "restaurant__time_zone")
            .order_by("-started_at")[:most]
        )
        turns: dict[UUID, list[TurnRow]] = {}
        spoken = Turn.objects.filter(call__in=calls).exclude(endpointing_ms=None).order_by("number")
        for call_id, mode, *parts in spoken.values_list("call_id", "mode", *PART_COLUMNS):
            turns.setdefault(call_id, []).append(TurnRow(mode, tuple(part or 0 for part in parts)))
    return [_call_row(call, tuple(turns.get(call.pk, ()))) for call in calls]


def first_wait_ms(restaurant_id: int, call_id: str) -> int | None:
    """End of the first utterance that was answered aloud to the first audio of its reply."""
    with for_restaurant(restaurant_id):
        first = Turn.objects.filter(call_id=call_id).exclude(endpointing_ms=None).order_by("number").first()
    if first is None or first.first_audio_ms is None or first.speech_ended_ms is None:
        return None
    return first.first_audio_ms - first.speech_ended_ms


def live_calls(restaurants: Collection[int] | None = None) -> Counter[str]:
    """Calls going on now, by mode; of these restaurants, None: of all."""
    since = timezone.now() - timedelta(seconds=settings.CALL_MAX_SECONDS)
    wall = across_restaurants("calls going on") if restaurants is None else for_restaurant(restaurants)
    with wall:
        return Counter(Call.objects.filter(ended_at=None, started_at__gte=since).values_list("mode", flat=True))


def live_view(*, minutes: int, restaurants: Collection[int] | None = None) -> LiveView:
    """What goes on now, and what the calls of the last minutes came to; of these restaurants, None: of all."""
    now = timezone.now()
    since = now - timedelta(minutes=minutes)
    rows = call_rows(since=since, until=now, restaurants=restaurants)
    return LiveView(
        at=now,
        minutes=minutes,
        calls=live_calls(restaurants),
        rollout=rollout_now(),
        report=report_of(rows, since=since, until=now),
    )


def rollout_now() -> RolloutNow:
    flag = RolloutFlag.objects.filter(name=VOICE_STREAMING).first()
    return RolloutNow(
        percent=None if flag is None or flag.percent is None else float(flag.percent),
        is_killed=flag is not None and flag.is_killed,
        kill_reason=flag.kill_reason if flag is not None else "",
        processes=processes_in_words(),
    )


def _call_row(call: Call, turns: tuple[TurnRow, ...]) -> CallRow:
    return CallRow(
        restaurant=call.restaurant.slug,
        started_at=call.started_at,
        hour=call.started_at.astimezone(call.restaurant.zone).hour,
        assigned_mode=call.assigned_mode,
        mode=call.mode,
        assigned_reason=call.assigned_reason,
        fallback_reason=call.fallback_reason,
        outcome=call.outcome,
        left_before_first_prompt=call.end_reason == BEFORE_FIRST_PROMPT,
        first_transcript_ms=call.first_transcript_ms,
        first_audio_ms=call.first_audio_ms,
        fallbacks=call.fallbacks,
        reconnects=call.reconnects,
        dropped_chunks=call.dropped_chunks,
        cost_usd=float(call.cost_usd),
        rating=call.rating,
        turns=turns,
    )
