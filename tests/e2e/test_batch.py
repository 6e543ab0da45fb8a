"""Calls in recorded turns: decided so, or streaming was killed in the middle of a word, or no socket gets through."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Microphone, NewPage
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, SPOKEN_WITHIN_MS, BoardPage, OrderPage
from tests.e2e.test_spoken_order import say

SLUG = "bella-napoli"
DECIDED_WITHIN_S = 15
STAGES = ["receiving", "received", "transcribing", "transcript", "understanding", "basket", "speaking", "done"]
NO_SOCKETS = """window.WebSocket = class extends EventTarget {
  readyState = 0;
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(Object.assign(new Event("close"), { code: 1006 })), 20);
  }
  send() {}
  close() {}
}"""
WATCH_PROGRESS = """() => {
  const words = document.querySelector("[data-progress-words]");
  const bar = document.querySelector("[data-progress-bar]");
  window.seenProgress = [];
  new MutationObserver(() => window.seenProgress.push([words.textContent, bar.value]))
    .observe(words, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def never_streams(house: House, browser: Browser) -> Iterator[None]:
    """The restaurant's own rule, as a manager would set it; gone afterwards."""
    with house.database() as database:
        database.execute(
            "INSERT INTO flags_restaurantoverride (flag_id, restaurant_id, force, note, expires_at, changed_at)"
            " SELECT f.id, r.id, 'off', 'end-to-end test', now() + interval '1 hour', now()"
            " FROM flags_rolloutflag f, restaurants_restaurant r WHERE f.name = 'voice_streaming' AND r.slug = %s",
            (SLUG,),
        )
        _await_mode(browser, house, "batch")
        yield
        database.execute("DELETE FROM flags_restaurantoverride WHERE note = 'end-to-end test'")
    _await_mode(browser, house, "streaming")


@pytest.mark.usefixtures("never_streams")
def test_an_order_in_recorded_turns_reaches_the_kitchen(
    browser: Browser, talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    board = BoardPage(new_page(browser), house.url, SLUG).sign_in("marco").live()
    page = new_page(talking_browser)
    order = OrderPage(page, house.url, SLUG).open()
    page.evaluate(WATCH_PROGRESS)

    say(order, microphone, "two large pepperoni pizzas")
    expect(order.word).to_have_text("Recording", timeout=REPLY_WITHIN_MS)
    expect(page.get_by_text("Recorded turns", exact=True)).to_be_visible()
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
    expect(order.basket_lines.first.locator(".count")).to_have_text("2")
    expect(order.microphone).to_have_attribute("aria-pressed", "false")  # silence has sent it, nobody tapped
    _progress_went_forward(page, order)

    say(order, microphone, "and a coke")
    expect(order.basket_lines).to_have_count(2, timeout=SPOKEN_WITHIN_MS)
    say(order, microphone, "that's all")
    expect(order.confirm_sheet).to_be_visible(timeout=SPOKEN_WITHIN_MS)
    number = order.confirm()
    expect(board.card(number, "new")).to_be_visible(timeout=REPLY_WITHIN_MS)
    assert order.wire.audio_sent == 0, "nothing was said twice"

    page.get_by_role("group", name="How was ordering here?").last.get_by_label("5 of 5").check()
    expect(page.get_by_text("Thank you. Saved.").last).to_be_visible(timeout=REPLY_WITHIN_MS)
    call, recordings, orders = _stored(house, number)
    assert (call["assigned_mode"], call["mode"], call["fallbacks"], call["rating"]) == ("batch", "batch", 0, 5)
    assert {(one["source"], one["stage"], one["content_type"]) for one in recordings} == {
        ("upload", "done", "audio/webm;codecs=opus")
    }
    assert (len(recordings), orders) == (3, 1)


def test_a_call_whose_streaming_is_killed_in_the_middle_of_a_word_loses_none(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    page = new_page(talking_browser)
    order = OrderPage(page, house.url, SLUG).open()
    say(order, microphone, "two large pepperoni pizzas")
    expect(page.locator(".utterance.is-customer.is-interim")).to_be_visible(timeout=SPOKEN_WITHIN_MS)
    with _streaming_killed(house):
        expect(page.get_by_text("Recorded turns", exact=True)).to_be_visible(timeout=REPLY_WITHIN_MS)
        expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
        expect(order.basket_lines.first).to_contain_text("Large Pepperoni Pizza")
        expect(order.basket_lines.first.locator(".count")).to_have_text("2")
        expect(order.customer_words).to_have_count(1)
        expect(order.microphone).to_have_attribute("aria-pressed", "false", timeout=REPLY_WITHIN_MS)
        say(order, microphone, "and a coke")
        expect(order.basket_lines).to_have_count(2, timeout=SPOKEN_WITHIN_MS)
        order.review()
        number = order.confirm()
    call, recordings, orders = _stored(house, number)
    assert (call["assigned_mode"], call["mode"], call["fallbacks"]) == ("streaming", "batch", 1)
    assert [one["source"] for one in recordings] == ["spool", "upload"]
    assert orders == 1


def test_where_no_socket_gets_through_the_same_page_orders_by_requests(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    page = new_page(talking_browser)
    page.add_init_script(NO_SOCKETS)
    order = OrderPage(page, house.url, SLUG).open()
    say(order, microphone, "two large pepperoni pizzas")
    expect(order.word).to_have_text("Recording", timeout=SPOKEN_WITHIN_MS)
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
    expect(order.assistant_words.last).to_contain_text("Pepperoni")
    order.order_by_typing("and a coke", lines=2)
    order.review()
    number = order.confirm()
    call, recordings, orders = _stored(house, number)
    assert (call["mode"], [one["stage"] for one in recordings], orders) == ("batch", ["done"], 1)


def _progress_went_forward(page: Page, order: OrderPage) -> None:
    deadline = time.monotonic() + REPLY_WITHIN_MS / 1000
    told: list[str] = []
    while "done" not in told and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        told = [message["stage"] for message in order.wire.received if message["type"] == "progress"]
    assert told == sorted(told, key=STAGES.index)
    assert set(told) >= set(STAGES[1:]), told
    seen: list[tuple[str, float]] = page.evaluate("window.seenProgress")
    after_recording = [share for words, share in seen if words and words != "Recording"]
    assert len({words for words, _ in seen if words}) >= 5, seen
    assert after_recording == sorted(after_recording), seen


def _await_mode(browser: Browser, house: House, mode: str) -> None:
    """New calls are decided so: a rule reaches processes within moments, not at once."""
    deadline = time.monotonic() + DECIDED_WITHIN_S
    page = browser.new_page()
    while time.monotonic() < deadline:
        order = OrderPage(page, house.url, SLUG).open()
        page.evaluate("sessionStorage.clear()")
        order.type("hello")
        expect(order.assistant_words.first).to_be_attached(timeout=REPLY_WITHIN_MS)
        if order.wire.last("session.ready")["mode"] == mode:
            page.close()
            return
        page.evaluate("sessionStorage.clear()")
    raise AssertionError(f"new calls are not {mode}")


@contextmanager
def _streaming_killed(house: House) -> Iterator[None]:
    """By an operator, hard; released afterwards by a person, as only a person can."""
    with house.database() as database:
        database.execute(
            "UPDATE flags_rolloutflag SET everyone = false, kill_mode = 'hard', kill_reason = 'end-to-end test'"
            " WHERE name = 'voice_streaming'"
        )
        try:
            yield
        finally:
            with database.transaction():
                database.execute(
                    "SELECT set_config('comanda.released_by', min(id)::text, true) FROM auth_user WHERE is_active"
                )
                database.execute(
                    "UPDATE flags_rolloutflag SET everyone = NULL, kill_mode = '', kill_reason = ''"
                    " WHERE name = 'voice_streaming'"
                )


def _stored(house: House, number: int) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    """The call, its recordings oldest first, and how often its order is there."""
    with house.database() as database:

        def rows(query: str, *values: object) -> list[dict[str, Any]]:
            cursor = database.execute(query.encode(), values)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        (call,) = rows(
            "SELECT c.* FROM voice_call c JOIN orders_order o ON o.id = c.order_id"
            " JOIN restaurants_restaurant r ON r.id = o.restaurant_id WHERE o.number = %s AND r.slug = %s",
            number,
            SLUG,
        )
        recordings = rows("SELECT * FROM voice_recording WHERE call_id = %s ORDER BY created_at", call["id"])
        orders = rows("SELECT id FROM orders_order WHERE call_id = %s", call["id"])
        return call, recordings, len(orders)
