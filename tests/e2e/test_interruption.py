"""Barge-in: who is talked at may talk back, and what was not heard does not count as said."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Microphone, NewPage
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, SPOKEN_WITHIN_MS, OrderPage


def test_talking_stops_the_reply(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    microphone.will_say([3.0, "two large pepperoni pizzas", 30.0])  # into the greeting
    order = OrderPage(new_page(talking_browser), house.url, "bella-napoli").open()
    order.microphone.click()
    expect(order.word).to_have_text("Speaking", timeout=REPLY_WITHIN_MS)
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)

    cleared = order.wire.last("speech.clear")["response"]
    greeting = next(one for one in order.wire.received if one["type"] == "speech.start")
    assert cleared == greeting["response"]
    heard = [one for one in order.wire.sent if one["type"] == "playout" and one["response"] == cleared]
    assert heard, "the page reports what was played"
    assert not any(one["finished"] for one in heard)
    times = [one["played_ms"] for one in heard]
    assert times == sorted(times)
    said = next(one for one in order.wire.received if one["type"] == "caption" and one["speaker"] == "assistant")
    kept = [one["text"] for one in order.wire.received if one["type"] == "caption" and one["turn"] == said["turn"]]
    assert len(kept[-1]) < len(said["text"]), "only what was heard stays in the conversation"


def test_stop_speaking_is_a_button_too(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    microphone.will_say([60.0])
    order = OrderPage(new_page(talking_browser), house.url, "bella-napoli").open()
    order.microphone.click()
    expect(order.word).to_have_text("Speaking", timeout=REPLY_WITHIN_MS)
    time.sleep(0.6)  # some of it is heard
    order.page.get_by_role("button", name="Stop speaking").click()
    expect(order.word).to_have_text("Listening")
    expect(order.page.get_by_role("button", name="Stop speaking")).to_be_hidden()
    assert "speech.clear" in order.wire.types()
