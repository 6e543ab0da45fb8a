"""Recordings over HTTP: in pieces, again, out of step, too much, and by people who may not."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.test import AsyncClient
from django.utils import timezone

from restaurants.models import Restaurant
from tests.integration.voice.batch.conftest import call_at, change, read
from voice import tokens
from voice.batch import limits, storage
from voice.consumers import control
from voice.models import Call, Recording, Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


class Page:
    """A page that uploads one recording."""

    def __init__(self, call: Call, slug: str = "osteria") -> None:
        self.client = AsyncClient()
        self.slug = slug
        self.session = tokens.resume_token(slug, str(call.pk))
        self.id = ""

    async def ask(self, method: str, path: str, body: bytes | dict[str, Any] = b"") -> tuple[int, dict[str, Any]]:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        response = await self.client.generic(
            method,
            f"/r/{self.slug}/recordings{path}",
            data,
            content_type="application/octet-stream",
            headers={"Authorization": f"Bearer {self.session}"},
        )
        return response.status_code, json.loads(response.content)

    async def begin(self, key: str = "one", **fields: Any) -> tuple[int, dict[str, Any]]:
        status, answer = await self.ask("POST", "", {"key": key, "content_type": "audio/webm;codecs=opus", **fields})
        self.id = answer.get("id", "")
        return status, answer

    async def add(self, offset: int | str, data: bytes) -> tuple[int, dict[str, Any]]:
        return await self.ask("PATCH", f"/{self.id}?offset={offset}", data)

    async def finish(self, byte_count: int) -> tuple[int, dict[str, Any]]:
        return await self.ask("POST", f"/{self.id}/finish", {"bytes": byte_count})

    async def show(self) -> tuple[int, dict[str, Any]]:
        return await self.ask("GET", f"/{self.id}")


async def stored(call: Call, page: Page) -> Recording:
    return await database_sync_to_async(read)(call, uuid.UUID(page.id))


async def test_a_recording_arrives_in_pieces_and_is_received(batch_call: Call, rung: list[str]) -> None:
    page = Page(batch_call)
    assert await page.begin() == (
        201,
        {"id": page.id, "offset": 0, "chunk_bytes": limits.CHUNK_BYTES, "max_bytes": limits.MAX_BYTES},
    )
    assert await page.add(0, b"abc") == (200, {"offset": 3})
    assert await page.add(3, b"defg") == (200, {"offset": 7})
    status, answer = await page.finish(7)
    assert (status, answer["stage"], set(answer["stages"])) == (202, "received", {"receiving", "received"})
    recording = await stored(batch_call, page)
    assert b"".join(storage.read_parts(recording.file, 7)) == b"abcdefg"
    assert rung == [page.id]


async def test_everything_may_be_sent_twice(batch_call: Call, rung: list[str]) -> None:
    page = Page(batch_call)
    _, first = await page.begin()
    await page.add(0, b"abcd")
    assert (await page.begin()) == (200, {**first, "offset": 4})
    assert await page.add(0, b"abcd") == (200, {"offset": 4})
    assert await page.add(2, b"cdef") == (200, {"offset": 6})  # only what is new is added
    for _ in range(2):
        assert (await page.finish(6))[0] == 202
    assert await page.add(0, b"abcdef") == (200, {"offset": 6})
    recording = await stored(batch_call, page)
    assert b"".join(storage.read_parts(recording.file, 6)) == b"abcdef"
    assert rung == [page.id]


async def test_the_same_piece_twice_at_once_is_added_once(batch_call: Call) -> None:
    page = Page(batch_call)
    await page.begin()
    answers = await asyncio.gather(*(page.add(0, b"x" * 1000) for _ in range(6)))
    assert answers == [(200, {"offset": 1000})] * 6
    assert (await stored(batch_call, page)).received_bytes == 1000


async def test_gaps_and_half_uploads_are_told_where_to_go_on(batch_call: Call, rung: list[str]) -> None:
    page = Page(batch_call)
    await page.begin()
    await page.add(0, b"abc")
    status, answer = await page.add(5, b"fgh")
    assert (status, answer["error"]["code"], answer["offset"]) == (409, "chunk_gap", 3)
    status, answer = await page.finish(8)
    assert (status, answer["error"]["code"], answer["offset"]) == (409, "incomplete", 3)
    assert rung == []


async def test_nothing_is_no_recording(batch_call: Call) -> None:
    page = Page(batch_call)
    await page.begin()
    status, answer = await page.finish(0)
    assert (status, answer["error"]["code"]) == (422, "recording_empty")
    status, answer = await page.add(0, b"")
    assert (status, answer["error"]["code"]) == (422, "chunk_empty")


async def test_too_much_is_refused_with_the_limit(batch_call: Call) -> None:
    page = Page(batch_call)
    await page.begin()
    status, answer = await page.add(0, bytes(limits.CHUNK_BYTES + 1))
    assert (status, answer["error"]["code"]) == (413, "chunk_too_large")
    assert answer["error"]["limit"] == str(limits.CHUNK_BYTES)
    recording = await stored(batch_call, page)
    await database_sync_to_async(change)(recording, received_bytes=limits.MAX_BYTES - 2)
    status, answer = await page.add(limits.MAX_BYTES - 2, b"abc")
    assert (status, answer["error"]["code"]) == (413, "recording_too_large")
    assert answer["error"]["limit"] == str(limits.MAX_BYTES)
    other = Page(batch_call)
    await other.begin("two")
    await database_sync_to_async(change)(recording, received_bytes=limits.BYTES_PER_CALL)
    status, answer = await other.add(0, b"abc")
    assert (status, answer["error"]["field"]) == (413, "call")


async def test_a_call_holds_so_many_recordings(batch_call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.batch.uploads.RECORDINGS_PER_CALL", 2)
    page = Page(batch_call)
    assert [(await page.begin(key))[0] for key in ("1", "2", "3", "1")] == [201, 201, 429, 200]


@pytest.mark.parametrize(
    ("fields", "status", "code", "field"),
    [
        ({"content_type": "text/html"}, 415, "content_type_unknown", "content_type"),
        ({"content_type": "audio/pcm"}, 422, "bad_sample_rate", "sample_rate_hz"),
        ({"content_type": "audio/pcm", "sample_rate_hz": 1}, 422, "bad_sample_rate", "sample_rate_hz"),
        ({"key": ""}, 400, "bad_message", "key"),
        ({"key": "x" * 65}, 400, "bad_message", "key"),
        ({"key": "a\0b"}, 400, "bad_message", "key"),
        ({"key": 7}, 400, "bad_message", "key"),
        ({"content_type": "audio/webm;codecs=\0"}, 400, "bad_message", "content_type"),
        ({"content_type": "audio/webm;codecs=" + "x" * 80}, 400, "bad_message", "content_type"),
        ({"surprise": True}, 400, "bad_message", "surprise"),
        ({"sample_rate_hz": "16000"}, 400, "bad_message", "sample_rate_hz"),
    ],
)
async def test_what_cannot_be_meant_is_named(
    batch_call: Call, fields: dict[str, Any], status: int, code: str, field: str
) -> None:
    answered, answer = await Page(batch_call).begin(**fields)
    assert (answered, answer["error"]["code"], answer["error"]["field"]) == (status, code, field)


async def test_other_bodies_and_methods_are_answered(batch_call: Call) -> None:
    page = Page(batch_call)
    assert (await page.ask("POST", "", b"{not json"))[0] == 400
    assert (await page.ask("POST", "", b"\xff\xfe"))[0] == 400
    assert (await page.ask("POST", "", b" " * 20_000))[0] == 413
    assert (await page.ask("DELETE", ""))[0] == 405
    await page.begin()
    for offset in ("", "-1", "1e9", "9" * 30, "x"):
        assert (await page.add(offset, b"abc"))[1]["error"]["field"] == "offset"
    assert (await page.finish(-1))[0] == 400


async def test_a_stranger_finds_nothing(batch_call: Call, osteria: Restaurant, diner: Restaurant) -> None:
    page = Page(batch_call)
    await page.begin()
    await page.add(0, b"secret")
    other_call = await database_sync_to_async(call_at)(osteria)
    diner_call = await database_sync_to_async(call_at)(diner)
    for stranger in (Page(other_call), Page(diner_call, "diner")):
        stranger.id = page.id
        for status, answer in (
            await stranger.show(),
            await stranger.add(6, b"more"),
            await stranger.finish(6),
            await stranger.ask("GET", f"/{page.id}/reply"),
        ):
            assert (status, answer["error"]["code"]) == (404, "recording_unknown")
    assert (await page.show())[1]["stage"] == "receiving"


async def test_only_the_calls_own_session_opens_it(batch_call: Call, diner: Restaurant) -> None:
    page = Page(batch_call)
    await page.begin()
    of_diner = tokens.resume_token("diner", str(batch_call.pk))
    for session in ("", "nonsense", of_diner, tokens.page_token("osteria"), str(batch_call.pk)):
        page.session = session
        assert (await page.show())[0] == 401
    response = await page.client.get(f"/r/osteria/recordings/{page.id}")
    assert (response.status_code, response.json()["error"]["code"]) == (401, "token_missing")
    page.session, page.slug = of_diner, "nowhere"
    assert (await page.show())[0] == 404


async def test_a_call_that_ended_takes_no_recording_and_still_shows_its_own(batch_call: Call) -> None:
    page = Page(batch_call)
    await page.begin()
    ended = Call._base_manager.filter(pk=batch_call.pk)
    await database_sync_to_async(ended.update)(ended_at=timezone.now(), outcome="abandoned")
    assert (await page.show())[0] == 200
    status, answer = await Page(batch_call).begin("late")
    assert (status, answer["error"]["code"]) == (404, "call_unknown")


async def test_a_failure_is_told_in_words(batch_call: Call) -> None:
    page = Page(batch_call)
    await page.begin()
    await database_sync_to_async(change)(
        await stored(batch_call, page), stage=Stage.FAILED, failure="recording_too_long"
    )
    _, answer = await page.show()
    assert answer["failure"] == {"code": "recording_too_long", "text": "The recording is too long."}


async def test_so_many_requests_a_minute(batch_call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.batch.views.REQUESTS_PER_MINUTE", 3)
    page = Page(batch_call)
    assert [(await page.begin())[0] for _ in range(4)] == [201, 200, 200, 429]


async def test_the_call_hears_of_a_received_recording_at_once(batch_call: Call) -> None:
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    listening = asyncio.create_task(control.listen(str(batch_call.pk), told.put_nowait))
    try:
        page = Page(batch_call)
        await asyncio.sleep(0.2)  # until the subscription stands
        await page.begin()
        assert (await asyncio.wait_for(told.get(), 5))["stage"] == "receiving"
        await page.add(0, b"abc")
        began = time.monotonic()
        await page.finish(3)
        message = await asyncio.wait_for(told.get(), 5)
        assert message["type"] == control.RECORDING
        assert (message["recording"], message["stage"]) == (page.id, "received")
        assert time.monotonic() - began < 2
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
