"""Whatever comes in that should not: a specific error each, and the session goes on where it can."""

from __future__ import annotations

from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError
from django.test import override_settings

from restaurants.models import Restaurant
from restaurants.services import update_restaurant
from tests.bad_messages import BAD_FRAMES, BAD_TEXT
from tests.integration.voice.conftest import Caller, call, caller, orders_kept_working
from voice import services, tokens
from voice.consumers import reception
from voice.protocol import MAX_FRAME_BYTES, CloseCode

STRIKES = 20  # so many bad messages in a row are borne

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


async def test_every_kind_of_bad_message_is_answered_and_survived(osteria: Restaurant) -> None:
    async with call(captions_only=True) as one:
        for text, code, field in BAD_TEXT[:STRIKES]:
            await one.socket.send_to(text_data=text)
            error = await one.read("error")
            assert (error["code"], error["field"], error["fatal"]) == (code, field, False), text[:80]
        await orders_kept_working(one)


async def test_every_kind_of_bad_frame_is_answered_and_survived(osteria: Restaurant) -> None:
    async with call(captions_only=True) as one:
        for data, code, limit in BAD_FRAMES:
            await one.socket.send_to(bytes_data=data)
            error = await one.read("error")
            assert (error["code"], error["limit"], error["fatal"]) == (code, limit, False), data[:20]
        ack = await acknowledged(one, frames=10)
        assert (ack["received_seq"], ack["missing_frames"]) == (10, 0), "the sequence did not move"
        await orders_kept_working(one)


async def acknowledged(one: Caller, *, frames: int) -> dict[str, Any]:
    for _ in range(frames):
        await one.frame()
    ack: dict[str, Any] = await one.read("audio.ack")
    return ack


async def test_audio_before_its_format_was_announced(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        await one.frame()
        error = await one.read("error")
        assert (error["code"], error["fatal"]) == ("audio_not_started", False)
        await orders_kept_working(one)


async def test_a_wrong_rate_at_the_start_leaves_a_session_without_a_microphone(osteria: Restaurant) -> None:
    async with caller() as one:
        await one.send("session.start", token=tokens.page_token("osteria"), audio={"sample_rate_hz": 12_345})
        error = await one.read("error")
        assert (error["code"], error["field"]) == ("bad_sample_rate", "audio.sample_rate_hz")
        assert "16000" in error["limit"]
        await orders_kept_working(one)


async def test_replayed_frames_are_ignored_and_counted(osteria: Restaurant) -> None:
    async with call(captions_only=True) as one:
        for seq in (0, 1, 2, 1, 2, 0, 3, 4, 5, 6):
            await one.frame(seq=seq)
        ack = await one.read("audio.ack")
        assert (ack["received_seq"], ack["replayed_frames"], ack["missing_frames"]) == (7, 3, 0)


async def test_skipped_frames_are_said_and_counted(osteria: Restaurant) -> None:
    async with call(captions_only=True) as one:
        await one.frame(seq=0)
        await one.frame(seq=6)
        error = await one.read("error")
        assert (error["code"], error["fatal"]) == ("frame_gap", False)
        assert "5" in error["text"]
        ack = await acknowledged(one, frames=8)
        assert ack["missing_frames"] == 5
        await orders_kept_working(one)


async def test_a_flood_of_messages_is_ignored_then_ended(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        for _ in range(700):
            await one.send("ping", t=1)
        error = await one.read("error")
        assert (error["code"], error["fatal"]) == ("rate_limited", False)
        assert await one.close_code() == CloseCode.RATE
        assert one.messages[-1]["code"] == "too_many_messages"


async def test_a_page_that_only_sends_nonsense_is_ended(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        for _ in range(30):
            await one.socket.send_to(text_data="{")
        assert await one.close_code() == CloseCode.BAD_MESSAGE
        assert one.messages[-1]["code"] == "too_many_errors"


async def test_a_page_that_only_sends_giants_is_ended(osteria: Restaurant) -> None:
    async with call(captions_only=True) as one:
        for _ in range(30):
            await one.socket.send_to(bytes_data=bytes(MAX_FRAME_BYTES + 2))
        assert await one.close_code() == CloseCode.TOO_LARGE


@pytest.mark.parametrize("first", ['{"type": "ping"}', "{", '{"type": "text", "text": "one pizza"}'])
async def test_nothing_is_served_before_a_session_start(osteria: Restaurant, first: str) -> None:
    async with caller() as one:
        await one.socket.send_to(text_data=first)
        assert await one.close_code() == CloseCode.BAD_MESSAGE
        assert one.messages[-1]["code"] == "not_started"


async def test_audio_before_a_session_start(osteria: Restaurant) -> None:
    async with caller() as one:
        await one.socket.send_to(bytes_data=bytes(10_000_000))
        assert await one.close_code() == CloseCode.BAD_MESSAGE


@pytest.mark.parametrize("token", ["", "x", "osteria~abc:1:2", "a" * 2048])
async def test_a_forged_token(osteria: Restaurant, token: str) -> None:
    async with caller() as one:
        await one.send("session.start", token=token)
        assert await one.close_code() == CloseCode.BAD_TOKEN
        assert one.messages[-1]["code"] == "token_invalid"


async def test_an_expired_token(osteria: Restaurant) -> None:
    token = tokens.page_token("osteria")
    with override_settings(SESSION_TOKEN_SECONDS=-1):
        async with caller() as one:
            await one.send("session.start", token=token)
            assert await one.close_code() == CloseCode.TOKEN_EXPIRED
            assert one.messages[-1]["code"] == "token_expired"


async def test_an_address_without_a_restaurant(osteria: Restaurant) -> None:
    async with caller("nowhere") as one:
        await one.send("session.start", token=tokens.page_token("nowhere"))
        assert await one.close_code() == CloseCode.NO_RESTAURANT


async def test_a_database_that_is_away_is_said_and_tried_again(
    osteria: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(services, "open_call", away)
    async with caller() as one:
        await one.send("session.start", token=tokens.page_token("osteria"))
        assert (await one.read("error"))["code"] == "internal"
        assert await one.close_code() == CloseCode.FAILED
    assert not reception.calls


async def test_hostile_words_are_words(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        hostile = "<script>alert(1)</script> \u202e\u0000 spaghetti 'x'; DROP TABLE orders;--"
        await one.say(hostile)
        caption = await one.read("caption", where=lambda m: m["speaker"] == "customer" and m["final"])
        assert "\u0000" not in caption["text"]
        assert "\u202e" not in caption["text"]
        await one.send("order.confirm", revision=0, name="\u202e\u0000" + "<b>" * 20, phone="x" * 32)
        await orders_kept_working(one)


async def test_a_call_nobody_uses_ends_as_idle(osteria: Restaurant) -> None:
    with override_settings(CALL_IDLE_SECONDS=1):
        async with call(audio=False, captions_only=True) as one:
            assert await one.close_code() == CloseCode.IDLE
    assert [m["type"] for m in one.messages[-2:]] == ["error", "ended"]
    assert one.messages[-2]["code"] == "idle"


async def test_a_call_that_lasts_too_long_ends_as_such(osteria: Restaurant) -> None:
    with override_settings(CALL_MAX_SECONDS=1):
        async with call(audio=False, captions_only=True) as one:
            assert await one.close_code() == CloseCode.TOO_LONG
    assert one.messages[-2]["code"] == "call_too_long"


async def test_a_full_process_says_so_before_anything_is_opened(
    osteria: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MAX_CALLS", 0)
    async with caller() as one:
        await one.send("session.start", token=tokens.page_token("osteria"))
        assert await one.close_code() == CloseCode.BUSY


async def test_where_nothing_hears_the_page_is_told_and_typing_works(osteria: Restaurant) -> None:
    await database_sync_to_async(update_restaurant)(restaurant=osteria, accepts_voice=False)
    async with call(captions_only=True) as one:
        assert one.ready["can_hear"] is False
        ack = await acknowledged(one, frames=10)
        assert ack["dropped_frames"] == 10
        await orders_kept_working(one)
