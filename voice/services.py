"""Every write of a call: when it opens, at turn boundaries, when its order is placed, when it closes."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from flags import services as rollout
from flags.rollout import Reason
from orders import services as orders
from orders.cart_types import Cart, ProblemKind
from restaurants import selectors as restaurants
from restaurants.scoping import across_restaurants, for_restaurant
from voice import selectors
from voice.call_metrics import BEFORE_FIRST_PROMPT, CallFigures
from voice.dialog.context import CallContext
from voice.dialog.effects import Outcome, PlaceOrder, TurnRecord
from voice.dialog.events import OrderPlaced, OrderRefused
from voice.models import Call, Channel, Mode, RecordingSource, Turn

logger = logging.getLogger(__name__)

MAX_STORED_CHARS = 4_000
NO_FIGURES = CallFigures()
COUNTED = ("fallbacks", "reconnects", "dropped_chunks", "bytes_received", "bytes_sent")

# What the dialogue says about an order that cannot be; the first that applies.
_REFUSALS = {
    ProblemKind.CLOSED: "closed",
    ProblemKind.OVER_CAP: "over_cap",
    ProblemKind.UNAVAILABLE: "unavailable",
}


@dataclass(frozen=True, slots=True)
class OpenedCall:
    context: CallContext
    slug: str
    restaurant_id: int
    engine: str
    mode: str = Mode.STREAMING  # assigned once, when the call opened


@transaction.atomic
def open_call(
    *,
    slug: str,
    language: str,
    engine: str,
    hears: Collection[str],
    captions_only: bool,
    channel: Channel = Channel.WEB,
    is_overloaded: bool = False,
    has_socket: bool = True,
) -> OpenedCall:
    """A new call of an active restaurant, pinned to its live menu. `hears`: the languages of the recogniser.

    `is_overloaded`: this process has too much to do for one more call that streams. Without a socket none does.

    raises: Restaurant.DoesNotExist, NoLiveMenu
    """
    restaurant = restaurants.get_restaurant_by_slug(slug)
    menu = restaurants.live_menu(restaurant.pk)
    language = selectors.language_for(restaurant, language)
    call_id = uuid.uuid4()
    decision = rollout.decide_call(restaurant.pk, call_id)
    if is_overloaded or not has_socket:
        decision = decision.kept_in_batch(Reason.OVERLOADED if has_socket else Reason.NO_SOCKET)
    with for_restaurant(restaurant.pk):
        call = Call.objects.create(
            pk=call_id,
            restaurant=restaurant,
            channel=channel,
            language=language,
            assigned_mode=decision.mode,
            assigned_reason=decision.reason.value,
            mode=decision.mode,
            engine=engine,
            menu_version=menu.version,
            started_at=timezone.now(),
        )
    rollout.record_exposure(restaurant_id=restaurant.pk, call_id=call_id, decision=decision)
    context = selectors.call_context(
        restaurant=restaurant,
        menu=menu,
        call_id=str(call.pk),
        language=language,
        typed_only=not restaurant.accepts_voice or language not in hears,
        captions_only=captions_only,
    )
    return OpenedCall(context, slug, restaurant.pk, engine, decision.mode)


def reopen_call(*, slug: str, call_id: str, hears: Collection[str], captions_only: bool) -> OpenedCall:
    """What a call in progress starts from in another process, or with another microphone: the same menu, fresh stock.

    raises: Restaurant.DoesNotExist, NoLiveMenu, Call.DoesNotExist (also when it has ended)
    """
    restaurant = restaurants.get_restaurant_by_slug(slug)
    with for_restaurant(restaurant.pk):
        call = Call.objects.get(pk=call_id, ended_at=None)
    context = selectors.call_context(
        restaurant=restaurant,
        menu=restaurants.pinned_menu(restaurant.pk, call.menu_version),
        call_id=call_id,
        language=call.language,
        typed_only=not restaurant.accepts_voice or call.language not in hears,
        captions_only=captions_only,
    )
    return OpenedCall(context, slug, restaurant.pk, call.engine, call.mode)


@transaction.atomic
def save_turn(
    *,
    restaurant_id: int,
    call_id: str,
    record: TurnRecord,
    figures: CallFigures = NO_FIGURES,
    basket: Cart | None = None,
) -> Turn:
    """Writes the turn, what the call measured so far, and the basket it could be rebuilt from. Twice is one turn."""
    understanding = record.understanding
    with for_restaurant(restaurant_id):
        turn, is_new = Turn.objects.update_or_create(
            call_id=call_id,
            number=record.turn,
            defaults={
                "restaurant_id": restaurant_id,
                "source": record.source,
                "heard": record.heard[:MAX_STORED_CHARS],
                "hypotheses": [words[:MAX_STORED_CHARS] for words in record.hypotheses],
                "edits": [_tagged(edit) for edit in understanding.edits] if understanding else [],
                "acts": [msgspec.to_builtins(act) for act in understanding.acts] if understanding else [],
                "reply": record.reply,
                "reply_heard": record.reply_heard,
                "cart_revision": record.cart_revision,
                "final_ms": record.final_ms,
                "understood_ms": record.understood_ms,
                **_latency_columns(record),
                "mode": figures.mode or Call.objects.values_list("mode", flat=True).get(pk=call_id),
            },
        )
        totals = _figure_columns(figures)
        if basket is not None:
            totals["basket"] = msgspec.to_builtins(basket)
        if is_new:
            totals["turn_count"] = Turn.objects.filter(call_id=call_id).count()
        if record.latency is not None:
            totals["first_audio_ms"] = selectors.first_wait_ms(restaurant_id, call_id)
        if totals:
            Call.objects.filter(pk=call_id).update(**totals)
    return turn


def place_order_for_call(*, opened: OpenedCall, effect: PlaceOrder) -> OrderPlaced | OrderRefused:
    """The same key always gives the same order, and a call has one: two processes that each believe to have the call
    (Redis was away) cannot place two. Prices come from the menu the call is pinned to, not from the page.
    """
    try:
        with transaction.atomic():
            placed = orders.place_order(
                restaurant_id=opened.restaurant_id,
                idempotency_key=_standing_key(opened) or effect.key,
                cart=effect.cart,
                menu=opened.context.menu,
                language=effect.language,
                call_id=uuid.UUID(opened.context.call_id),
            )
            with for_restaurant(opened.restaurant_id):
                Call.objects.filter(pk=opened.context.call_id).update(order_id=placed.order_id)
    except orders.OrderRefused as refusal:
        kinds = {problem.kind for problem in refusal.problems}
        code = next((code for kind, code in _REFUSALS.items() if kind in kinds), "problems")
        return OrderRefused(key=effect.key, code=code)
    return OrderPlaced(
        key=effect.key,
        order_id=str(placed.order_id),
        number=placed.number,
        total_cents=placed.total_cents,
        ready_in_minutes=placed.ready_in_minutes,
    )


def _standing_key(opened: OpenedCall) -> str:
    """Of the order this call has already, else ""; the call's row stays locked until the commit."""
    with for_restaurant(opened.restaurant_id):
        call = Call.objects.select_for_update(no_key=True, of=("self",)).select_related("order")
        order = call.get(pk=opened.context.call_id).order
    return order.idempotency_key if order is not None else ""


def note_staff_call(*, restaurant_id: int, call_id: str, reason: str) -> None:
    """A person was asked for; the first reason stays."""
    with for_restaurant(restaurant_id):
        Call.objects.filter(pk=call_id, staff_reason="").update(staff_reason=reason)


@transaction.atomic
def close_call(
    *,
    restaurant_id: int,
    call_id: str,
    outcome: Outcome,
    code: int,
    reason: str,
    metrics: Mapping[str, object],
    figures: CallFigures | None = None,
) -> bool:
    """False: it was closed before, and stays as it was."""
    with for_restaurant(restaurant_id):
        call = Call.objects.select_for_update(no_key=True).filter(pk=call_id, ended_at=None).first()
        if call is None:
            return False
        outcome = _true_outcome(call, outcome)
        is_early = outcome is Outcome.ABANDONED and figures is not None and not figures.is_prompted
        figures = figures or NO_FIGURES
        totals = _figure_columns(figures)
        uploaded = call.recordings.filter(source=RecordingSource.UPLOAD).aggregate(sum=Sum("received_bytes"))["sum"]
        if uploaded:
            totals["bytes_received"] = figures.bytes_received + uploaded
        Call.objects.filter(pk=call_id).update(
            ended_at=timezone.now(),
            outcome=outcome.value,
            end_code=code,
            end_reason=BEFORE_FIRST_PROMPT if is_early else reason[:120],
            metrics=dict(metrics),
            **totals,
        )
    return True


def close_lost_calls(*, older_than_s: int) -> int:
    """Calls that can't be going on any more, of every restaurant. Returns how many."""
    with across_restaurants("close calls whose process died"):
        lost = Call.objects.filter(ended_at=None, started_at__lt=timezone.now() - timedelta(seconds=older_than_s))
        return sum(
            calls.update(ended_at=timezone.now(), outcome=outcome.value, end_reason="lost")
            for outcome, calls in (
                (Outcome.COMPLETED, lost.exclude(order=None)),
                (Outcome.TRANSFERRED, lost.exclude(staff_reason="")),
                (Outcome.ABANDONED, lost),
            )
        )


def _true_outcome(call: Call, said: Outcome) -> Outcome:
    """A call that broke knows less than its row: an order that stands is one, and so is a person who was asked for."""
    if call.order_id is not None and said not in (Outcome.COMPLETED, Outcome.COMPLETED_WITH_STAFF):
        return Outcome.COMPLETED_WITH_STAFF if said is Outcome.TRANSFERRED else Outcome.COMPLETED
    if call.staff_reason and said is Outcome.ABANDONED:
        return Outcome.TRANSFERRED
    return said


def _figure_columns(figures: CallFigures) -> dict[str, Any]:
    """Totals, so that writing them again changes nothing; an older write that comes late takes nothing back."""
    columns: dict[str, Any] = {name: Greatest(F(name), total) for name in COUNTED if (total := getattr(figures, name))}
    if figures.first_transcript_ms is not None:
        columns["first_transcript_ms"] = Coalesce(F("first_transcript_ms"), figures.first_transcript_ms)
    if figures.mode:
        columns |= {"mode": figures.mode, "fallback_reason": figures.fallback_reason[:48]}
    if figures.model_questions:
        columns["model"] = settings.UNDERSTANDER_MODEL[:64]
    return columns


def _latency_columns(record: TurnRecord) -> dict[str, int | None]:
    """The parts sum to `first_audio_ms` − `speech_ended_ms`."""
    latency = record.latency
    if latency is None:
        return {"speech_ended_ms": record.speech_ended_ms, "first_audio_ms": record.first_audio_ms}
    return {
        "speech_ended_ms": latency.stopped_ms,
        "endpointing_ms": latency.endpointing_ms,
        "recognition_ms": latency.recognition_ms,
        "understanding_ms": latency.understanding_ms,
        "speaking_ms": latency.speaking_ms,
        "network_ms": latency.network_ms,
        "first_audio_ms": latency.played_ms,
    }


def _tagged(edit: object) -> dict[str, object]:
    return {"edit": type(edit).__name__, **msgspec.to_builtins(edit)}
