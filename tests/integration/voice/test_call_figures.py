"""What a call leaves behind: outcome, figures and waits, each written once, whatever breaks."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orders.models import Order
from restaurants.models import Restaurant
from restaurants.scoping import for_restaurant
from tests.integration.voice.conftest import Caller, all_ended, call, caller, says
from tests.integration.voice.test_orders import calls_of
from voice import services, tokens
from voice.call_metrics import BEFORE_FIRST_PROMPT, CallFigures
from voice.consumers import reception
from voice.dialog.effects import Outcome, TurnRecord
from voice.models import Call, Turn
from voice.turn_latency import latency_between

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]

SPOKEN = TurnRecord(
    turn=1,
    source="voice",
    heard="two tacos",
    reply="Two.",
    response=1,
    latency=latency_between(100, 600, 700, 710, 730, 790),
)


def stored(restaurant: Restaurant, **fields: Any) -> Call:
    with for_restaurant(restaurant.pk):
        return Call.objects.create(
            restaurant=restaurant,
            language="en",
            engine="scripted",
            menu_version="v",
            started_at=timezone.now(),
            **fields,
        )


def again(one: Call) -> Call:
    with for_restaurant(one.restaurant_id):
        return Call.objects.get(pk=one.pk)


def turns_of(one: Call) -> list[Turn]:
    with for_restaurant(one.restaurant_id):
        return list(Turn.objects.filter(call_id=one.pk).order_by("number"))


def close(one: Call, outcome: Outcome, figures: CallFigures | None = None, reason: str = "client") -> Call:
    services.close_call(
        restaurant_id=one.restaurant_id,
        call_id=str(one.pk),
        outcome=outcome,
        code=1000,
        reason=reason,
        metrics={},
        figures=figures,
    )
    return again(one)


async def play(one: Caller, played_ms: int) -> None:
    """Reports the reply that is being spoken as partly played."""
    start = await one.read("speech.start")
    await one.send("playout", response=start["response"], played_ms=played_ms)


async def test_a_spoken_turn_is_stored_with_parts_that_sum_to_what_the_customer_waited(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    async with call() as one:
        await play(one, 40)  # the greeting
        await one.speak()
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await play(one, 40)
        await one.send("hangup")
        await one.close_code()
    await all_ended()
    [(stored_call, turns)] = await calls_of(osteria)
    [turn] = [turn for turn in turns if turn.source == "voice"]
    parts = (turn.endpointing_ms, turn.recognition_ms, turn.understanding_ms, turn.speaking_ms, turn.network_ms)
    assert all(part is not None and part >= 0 for part in parts)
    assert turn.first_audio_ms is not None
    assert turn.speech_ended_ms is not None
    assert sum(part or 0 for part in parts) == turn.first_audio_ms - turn.speech_ended_ms
    assert (turn.endpointing_ms or 0) > 0, "a pause has to last before it ends a turn"
    assert stored_call.first_audio_ms == turn.first_audio_ms - turn.speech_ended_ms
    assert stored_call.first_transcript_ms is not None
    assert turn.mode == stored_call.mode
    assert stored_call.bytes_received > 0
    assert stored_call.bytes_sent > 0
    assert (stored_call.outcome, stored_call.end_reason) == ("abandoned", "client")
    assert (stored_call.cost_usd, stored_call.model) == (0, ""), "nothing hosted took part"


async def test_reconnects_and_missing_frames_are_counted_over_processes(osteria: Restaurant) -> None:
    async with call() as one:
        await one.say("two spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await one.frame(seq=one.next_seq + 7)
        await asyncio.gather(*(live.keeper.keep() for live in reception.calls.values()))
        session = one.ready["session"]
    [(_, live)] = reception.calls.items()
    reception.calls.clear()  # from here on it is another process's
    async with caller() as two:
        await two.start(tokens.page_token("osteria"), resume=session)
        await two.send("hangup")
        await two.close_code()
    await live.runner.wait()
    await all_ended()
    [(stored_call, _)] = await calls_of(osteria)
    assert stored_call.reconnects == 1
    assert stored_call.dropped_chunks >= 7


def test_a_turn_written_again_changes_nothing_and_a_late_older_total_takes_nothing_back(osteria: Restaurant) -> None:
    one = stored(osteria)
    newer = CallFigures(
        first_transcript_ms=420, mode="batch", fallback_reason="engine_slow", fallbacks=1, reconnects=2, bytes_sent=900
    )
    for figures in (newer, newer, CallFigures(first_transcript_ms=9_000, reconnects=1, bytes_sent=300)):
        services.save_turn(restaurant_id=osteria.pk, call_id=str(one.pk), record=SPOKEN, figures=figures)
    kept = again(one)
    [turn] = turns_of(one)
    assert (turn.mode, turn.speech_ended_ms, turn.first_audio_ms) == ("batch", 100, 790)
    assert (kept.turn_count, kept.first_audio_ms) == (1, 690)
    assert (kept.mode, kept.fallback_reason, kept.fallbacks) == ("batch", "engine_slow", 1)
    assert (kept.reconnects, kept.bytes_sent, kept.first_transcript_ms) == (2, 900, 420)


def test_the_first_reply_is_the_first_turn_s_however_late_it_is_saved(osteria: Restaurant) -> None:
    one = stored(osteria)
    second = TurnRecord(turn=2, source="voice", heard="x", latency=latency_between(0, 1, 2, 3, 4, 5))
    for record in (second, SPOKEN):
        services.save_turn(restaurant_id=osteria.pk, call_id=str(one.pk), record=record)
    assert again(one).first_audio_ms == 690


def test_leaving_before_the_first_prompt_is_told_apart(osteria: Restaurant) -> None:
    early = close(stored(osteria), Outcome.ABANDONED, CallFigures())
    late = close(stored(osteria), Outcome.ABANDONED, CallFigures(is_prompted=True))
    assert (early.outcome, early.end_reason) == ("abandoned", BEFORE_FIRST_PROMPT)
    assert (late.outcome, late.end_reason) == ("abandoned", "client")


@pytest.mark.parametrize(
    ("said", "has_order", "staff_reason", "outcome"),
    [
        (Outcome.ABANDONED, True, "", "completed"),
        (Outcome.REJECTED, True, "", "completed"),
        (Outcome.TRANSFERRED, True, "asked", "completed_with_staff"),
        (Outcome.COMPLETED_WITH_STAFF, True, "asked", "completed_with_staff"),
        (Outcome.ABANDONED, False, "allergy", "transferred"),
        (Outcome.ABANDONED, False, "", "abandoned"),
        (Outcome.REJECTED, False, "", "rejected"),
    ],
)
def test_what_stands_in_the_table_beats_what_a_broken_call_believes(
    osteria: Restaurant, said: Outcome, has_order: bool, staff_reason: str, outcome: str
) -> None:
    order = place(osteria) if has_order else None
    one = stored(osteria, order=order, staff_reason=staff_reason)
    assert close(one, said, CallFigures(is_prompted=True)).outcome == outcome


def test_calls_whose_process_died_are_closed_by_what_stands_in_the_table(osteria: Restaurant) -> None:
    rows = [
        stored(osteria, order=place(osteria)),
        stored(osteria, staff_reason="asked"),
        stored(osteria),
    ]
    with for_restaurant(osteria.pk):
        Call.objects.update(started_at=timezone.now() - timedelta(hours=5))
    fresh = stored(osteria)
    assert services.close_lost_calls(older_than_s=3600) == 3
    assert [again(one).outcome for one in rows] == ["completed", "transferred", "abandoned"]
    assert again(fresh).is_live


def test_a_closed_call_stays_as_it_was(osteria: Restaurant) -> None:
    one = stored(osteria)
    close(one, Outcome.COMPLETED, CallFigures(is_prompted=True))
    assert close(one, Outcome.ABANDONED, CallFigures()).outcome == "completed"


def test_a_stranger_closes_nothing(osteria: Restaurant, diner: Restaurant) -> None:
    one = stored(osteria)
    is_closed = services.close_call(
        restaurant_id=diner.pk, call_id=str(one.pk), outcome=Outcome.COMPLETED, code=1000, reason="x", metrics={}
    )
    assert not is_closed
    assert again(one).is_live


def place(restaurant: Restaurant) -> Order:
    from orders.cart import apply_edits
    from orders.cart_types import AddLine, Cart
    from orders.services import place_order
    from restaurants.selectors import live_menu

    menu = live_menu(restaurant.pk)
    cart = apply_edits(Cart(), [AddLine(item="lemonade", quantity=1, variation="small")], menu).cart
    placed = place_order(
        restaurant_id=restaurant.pk,
        idempotency_key=uuid.uuid4().hex,
        cart=cart,
        menu=menu,
        language="en",
        call_id=uuid.uuid4(),
    )
    with for_restaurant(restaurant.pk):
        return Order.objects.get(pk=placed.order_id)
