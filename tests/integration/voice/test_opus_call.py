"""A call whose sound comes as Opus: understood like any other, counted as it came, gone on with after a drop."""

from __future__ import annotations

import pytest

from restaurants.models import Restaurant
from tests.integration.voice.conftest import RATE_HZ, Caller, caller, says
from tests.unit.voice.test_opus import encoded, payload
from voice import tokens
from voice.consumers import reception
from voice.protocol import CALLER_HEADER, CALLER_OPUS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis", "osteria")]

OPUS = {"sample_rate_hz": RATE_HZ, "encoding": "opus", "frame_ms": 60}
SPOKEN = [payload(packets) for packets in zip(*[iter(encoded(1.2, hz=220.0))] * 3, strict=True)]  # 60 ms a frame
SILENT = payload(encoded(0.06, hz=0.0))


async def begin(one: Caller, **start: object) -> None:
    await one.send("session.start", token=tokens.page_token("osteria"), audio=OPUS, captions_only=True, **start)
    one.ready = await one.read("session.ready")
    one.next_seq = one.ready["next_seq"]


async def send(one: Caller, body: bytes) -> None:
    await one.socket.send_to(bytes_data=CALLER_HEADER.pack(CALLER_OPUS, 0, 0, one.next_seq) + body)
    one.next_seq += 1


async def test_opus_is_understood_and_counted_as_it_came() -> None:
    says("two spaghetti with pesto")
    async with caller() as one:
        await begin(one)
        for body in [*SPOKEN, *[SILENT] * 20]:
            await send(one, body)
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        [live] = reception.calls.values()
        seconds = live.runner.ears.received_ms / 1000
        assert live.runner.metrics.counters["bytes_received"] * 8 / seconds < 40_000
    acknowledged = [message["received_seq"] for message in one.messages if message["type"] == "audio.ack"]
    assert acknowledged
    assert acknowledged[-1] > 0


async def test_a_broken_packet_is_told_and_the_call_goes_on(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    async with caller() as one:
        await begin(one)
        await send(one, b"\x02\0\xff\xff")
        assert (await one.read("error"))["code"] == "bad_packet"
        for body in [*SPOKEN, *[SILENT] * 20]:
            await send(one, body)
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)


async def test_a_page_whose_connection_is_poor_may_ask_for_batch() -> None:
    async with caller() as one:
        await begin(one)
        await one.send("mode.request", mode="batch")
        told = await one.read("mode")
        assert (told["mode"], told["reason"]) == ("batch", "connection")
        assert told["text"]
