"""A client without a socket orders: by messages and by recordings, and no turn is lost or taken twice."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
import wave
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.test import AsyncClient
from django.utils import timezone

from restaurants.models import Restaurant
from tests.encoded_audio import tone
from tests.integration.voice.batch.conftest import change
from tests.integration.voice.conftest import call, says
from tests.integration.voice.test_orders import calls_of, orders_of
from voice import checkpoints, tokens
from voice.audio.formats import samples_to_pcm16
from voice.batch import selectors, services
from voice.batch.holding import Later
from voice.batch.replying import carry_on
from voice.batch.transcribing import transcribe
from voice.models import Recording, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis", "rung")]

SPEECH = samples_to_pcm16(tone(1.0, sample_rate_hz=16_000))


class Poller:
    """A client that asks and never listens."""

    def __init__(self, slug: str = "osteria") -> None:
        self.slug = slug
        self.client = AsyncClient()
        self.session = ""
        self.messages: list[dict[str, Any]] = []

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return await self.send("POST", path, json.dumps(body).encode())

    async def send(self, method: str, path: str, data: bytes = b"") -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.session}"} if self.session else {}
        response = await self.client.generic(
            method, f"/r/{self.slug}{path}", data, content_type="application/octet-stream", headers=headers
        )
        answer: dict[str, Any] = json.loads(response.content)
        self.messages += answer.get("messages", [])
        return response.status_code, answer

    async def open(self) -> dict[str, Any]:
        status, answer = await self.post("/calls", {"token": tokens.page_token(self.slug)})
        assert status == 201
        self.session = answer["session"]
        return answer

    async def say(self, type_: str, **fields: Any) -> list[dict[str, Any]]:
        status, answer = await self.post("/calls/messages", {"type": type_, **fields})
        assert status == 200, answer
        messages: list[dict[str, Any]] = answer["messages"]
        return messages

    async def record(self, key: str, data: bytes = SPEECH, *, content_type: str = "audio/pcm") -> str:
        kind = {"key": key, "content_type": content_type, "sample_rate_hz": 16_000}
        _, begun = await self.post("/recordings", kind)
        await self.send("PATCH", f"/recordings/{begun['id']}?offset=0", data)
        status, _ = await self.post(f"/recordings/{begun['id']}/finish", {"bytes": len(data)})
        assert status == 202
        return str(begun["id"])

    async def ask(self, recording: str) -> dict[str, Any]:
        return (await self.send("GET", f"/recordings/{recording}"))[1]


async def work_on(restaurant: Restaurant, recording: str) -> None:
    """What the task does, on this loop."""
    await transcribe(restaurant.pk, recording)
    await carry_on(restaurant.pk, recording)


def of_type(messages: list[dict[str, Any]], type_: str) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] == type_]


async def stored(restaurant: Restaurant, recording: str) -> Recording:
    return await database_sync_to_async(selectors.get_recording)(restaurant.pk, recording)


async def test_an_order_by_messages_alone(osteria: Restaurant) -> None:
    page = Poller()
    opened = await page.open()
    assert (opened["ready"]["mode"], opened["ready"]["restaurant"]) == ("batch", "Osteria Luna")
    assert of_type(opened["messages"], "caption")
    carts = of_type(await page.say("text", text="two spaghetti with pesto"), "cart")
    assert carts[-1]["cart"]["units"] == 2
    await page.say("text", text="that's all")
    placed = of_type(await page.say("text", text="yes"), "order.placed")
    [order] = await orders_of(osteria)
    assert placed[0]["order"] == str(order.pk)
    assert of_type(await page.say("hangup"), "ended")[0]["outcome"] == "completed"
    [(stored_call, turns)] = await calls_of(osteria)
    assert (stored_call.outcome, stored_call.mode, stored_call.order_id) == ("completed", "batch", order.pk)
    assert [turn.heard for turn in turns] == ["two spaghetti with pesto", "that's all", "yes"]
    status, answer = await page.post("/calls/messages", {"type": "text", "text": "hello"})
    assert (status, answer["error"]["code"]) == (404, "call_unknown")


async def test_an_order_by_recordings_alone(osteria: Restaurant) -> None:
    page = Poller()
    await page.open()
    for words in ("two spaghetti with pesto", "that's all", "yes"):
        says(words)
        recording = await page.record(words)
        await work_on(osteria, recording)
        answer = await page.ask(recording)
        assert answer["stage"] == "done"
        assert [one for one in Stage if one.value in answer["stages"]] == [
            one for one in Stage if one is not Stage.FAILED
        ]
        assert answer["result"]["reply"]
        assert answer["result"]["cart"]["units"] == 2
    response = await page.client.get(answer["result"]["audio"], headers={"Authorization": f"Bearer {page.session}"})
    with wave.open(io.BytesIO(response.content)) as wav:
        assert wav.getnframes() > 1_000
    assert of_type(answer["result"]["messages"], "order.placed")
    assert len(await orders_of(osteria)) == 1


async def test_a_turn_that_is_taken_again_changes_nothing(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    page = Poller()
    await page.open()
    recording = await page.record("1")
    await work_on(osteria, recording)
    done = await page.ask(recording)
    await work_on(osteria, recording)
    assert await page.ask(recording) == done
    # A worker that was killed after the call was kept, before the recording was.
    row = await stored(osteria, recording)
    past = timezone.now() - timedelta(seconds=1)
    await database_sync_to_async(change)(row, stage=Stage.UNDERSTANDING, result={}, is_taken=False, leased_until=past)
    await carry_on(osteria.pk, recording)
    again = await page.ask(recording)
    assert (again["stage"], again["result"]["cart"]["units"]) == ("done", 2)


async def test_turns_of_one_call_wait_for_each_other(osteria: Restaurant) -> None:
    page = Poller()
    await page.open()
    answers = await asyncio.gather(*(page.say("text", text="one small lemonade") for _ in range(5)))
    assert sorted(of_type(one, "cart")[-1]["cart"]["units"] for one in answers) == [1, 2, 3, 4, 5]


async def test_what_was_said_first_is_understood_first(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    page = Poller()
    await page.open()
    first, second = await page.record("1"), await page.record("2")
    await transcribe(osteria.pk, second)
    with pytest.raises(Later):
        await carry_on(osteria.pk, second)
    await work_on(osteria, first)
    await carry_on(osteria.pk, second)
    assert (await page.ask(second))["result"]["cart"]["units"] == 4


async def test_a_call_that_somebody_has_is_left_to_them(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    async with call("osteria", audio=False, captions_only=True) as one:
        [(stored_call, _)] = await calls_of(osteria)
        recording = await database_sync_to_async(services.take_audio)(
            restaurant_id=osteria.pk, call_id=str(stored_call.pk), key="1", pcm=SPEECH, sample_rate_hz=16_000
        )
        await transcribe(osteria.pk, recording)
        await carry_on(osteria.pk, recording)
        row = await stored(osteria, str(recording))
        assert row.stage in {Stage.TRANSCRIPT, Stage.UNDERSTANDING, Stage.BASKET, Stage.SPEAKING, Stage.DONE}
        assert row.result == {}
        owner = await checkpoints.owner_of(osteria.pk, str(stored_call.pk))
        assert owner is not None
        assert not owner.startswith("headless:")
        await one.say("one small lemonade")
        await one.read("cart", where=lambda m: m["cart"]["units"] >= 1)


async def test_a_page_that_lost_its_socket_goes_on_by_messages(osteria: Restaurant) -> None:
    page = Poller()
    async with call("osteria", audio=False, captions_only=True) as one:
        await one.say("two spaghetti with pesto")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await asyncio.sleep(0.2)  # until it is kept
        page.session = one.ready["session"]
        carts = of_type(await page.say("text", text="and one small lemonade"), "cart")
        assert carts[-1]["cart"]["units"] == 3
        assert await one.close_code() == 4409  # it went on elsewhere


async def test_a_recording_of_a_call_that_is_over_fails(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    page = Poller()
    await page.open()
    recording = await page.record("1")
    await transcribe(osteria.pk, recording)
    row = await stored(osteria, recording)
    await page.say("hangup")
    past = timezone.now() - timedelta(minutes=5)
    await database_sync_to_async(change)(row, created_at=past)
    await carry_on(osteria.pk, recording)
    assert (await page.ask(recording))["failure"]["code"] == "call_over"


async def test_noise_is_answered_too(osteria: Restaurant) -> None:
    page = Poller()
    await page.open()
    recording = await page.record("1", bytes(32_000))
    await work_on(osteria, recording)
    answer = await page.ask(recording)
    assert (answer["stage"], answer["transcript"]) == ("done", "")
    assert answer["result"]["cart"]["units"] == 0


async def test_strangers_open_and_steer_nothing(osteria: Restaurant, diner: Restaurant) -> None:
    page = Poller()
    await page.open()
    await page.say("text", text="two spaghetti with pesto")
    stranger = Poller("diner")
    await stranger.open()
    stranger.session = page.session
    assert (await stranger.post("/calls/messages", {"type": "undo"}))[0] == 401
    assert (await stranger.post("/calls", {"token": tokens.page_token("osteria")}))[0] == 401
    for bad in ("", "nonsense", page.session):
        assert (await stranger.post("/calls", {"token": bad}))[0] == 401
    nowhere = Poller("nowhere")
    assert (await nowhere.post("/calls", {"token": tokens.page_token("nowhere")}))[0] == 404
    other = Poller()
    other.session = tokens.resume_token("osteria", str(uuid.uuid4()))
    assert (await other.post("/calls/messages", {"type": "undo"}))[0] == 404
    assert of_type(await page.say("text", text="one small lemonade"), "cart")[-1]["cart"]["units"] == 3


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "ping"}, "unknown_type"),
        ({"type": "session.start", "token": "x"}, "unknown_type"),
        ({"type": "nonsense"}, "unknown_type"),
        ({"type": "text", "text": ""}, "bad_message"),
        ({"type": "text", "text": "x", "more": 1}, "bad_message"),
    ],
)
async def test_messages_that_make_no_sense_are_named(osteria: Restaurant, message: dict[str, Any], code: str) -> None:
    page = Poller()
    await page.open()
    status, answer = await page.post("/calls/messages", message)
    assert (status, answer["error"]["code"]) == (400, code)
    assert (await page.send("POST", "/calls/messages", b"{"))[0] == 400


async def test_so_many_calls_a_minute_from_one_address(
    osteria: Restaurant, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr("voice.batch.call_views.CALLS_PER_MINUTE", 1)
    settings.TRUSTED_PROXIES = 1
    body = json.dumps({"token": tokens.page_token("osteria")}).encode()
    statuses = []
    for address in ("203.0.113.9", "203.0.113.9", "203.0.113.10"):
        headers = {"X-Forwarded-For": address}
        response = await AsyncClient().post("/r/osteria/calls", body, content_type="application/json", headers=headers)
        statuses.append(response.status_code)
    assert statuses == [201, 429, 201]


async def test_a_call_without_a_socket_is_no_failure_of_streaming(osteria: Restaurant) -> None:
    await Poller().open()
    [(stored_call, _)] = await calls_of(osteria)
    assert (stored_call.assigned_mode, stored_call.mode, stored_call.fallback_reason) == ("batch", "batch", "")
    assert stored_call.fallbacks == 0


async def test_a_call_whose_checkpoint_is_lost_goes_on_from_the_database(osteria: Restaurant, empty_redis: Any) -> None:
    page = Poller()
    await page.open()
    await page.say("text", text="two spaghetti with pesto")
    empty_redis.flushdb()
    assert of_type(await page.say("text", text="one small lemonade"), "cart")[-1]["cart"]["units"] == 3


async def test_a_reply_without_a_speaker_is_text(osteria: Restaurant) -> None:
    from voice.engines import registry

    says("two spaghetti with pesto")
    speaker: Any = registry.get_engine().speaker
    speaker.fails = "no voice today"
    page = Poller()
    await page.open()
    recording = await page.record("1")
    await work_on(osteria, recording)
    result = (await page.ask(recording))["result"]
    assert result["reply"]
    assert "audio" not in result
