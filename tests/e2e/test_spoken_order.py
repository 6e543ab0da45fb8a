"""The main job: somebody talks, the kitchen cooks. Real speech, real recogniser, real board, real database."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Microphone, NewPage
from tests.e2e.house import House
from tests.e2e.pages import SPOKEN_WITHIN_MS, BoardPage, OrderPage


def test_spoken_order_reaches_the_kitchen_once(
    browser: Browser, talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    board = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("marco").live()
    order = OrderPage(new_page(talking_browser), house.url, "bella-napoli").open()

    say(order, microphone, "two large pepperoni pizzas")
    expect(order.captions).to_contain_text(re.compile("pepperoni"), timeout=SPOKEN_WITHIN_MS)
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
    expect(order.basket_lines.first).to_contain_text("Large Pepperoni Pizza")
    expect(order.basket_lines.first.locator(".count")).to_have_text("2")
    interim = [one for one in order.wire.received if one["type"] == "caption" and not one["final"]]
    assert interim, "words appear while they are being spoken"

    say(order, microphone, "actually make that three")
    expect(order.basket_lines.first.locator(".count")).to_have_text("3", timeout=SPOKEN_WITHIN_MS)

    say(order, microphone, "that's all")
    expect(order.confirm_sheet).to_contain_text("three large Pepperoni Pizzas", timeout=SPOKEN_WITHIN_MS)
    say(order, microphone, "yes")
    number = order.order_number()
    expect(board.card(number, "new")).to_be_visible(timeout=1_000)
    expect(board.card(number)).to_contain_text("3 ×")

    with house.database() as database:
        stored = database.execute(
            "SELECT count(*), min(o.state), min(r.slug) FROM orders_order o"
            " JOIN restaurants_restaurant r ON r.id = o.restaurant_id WHERE o.number = %s AND r.slug = %s",
            (number, order.slug),
        ).fetchone()
    assert stored == (1, "submitted", "bella-napoli")


def test_sample_order_needs_no_microphone(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser, permissions=[]), house.url, "bella-napoli").open()
    order.page.get_by_role("button", name="Try a sample order").click()
    expect(order.word).to_have_text("Playing the sample")
    expect(order.basket_lines.first).to_be_visible(timeout=SPOKEN_WITHIN_MS)
    expect(order.customer_words.first).to_be_attached()
    expect(order.confirm_sheet).to_be_visible(timeout=SPOKEN_WITHIN_MS)  # it ends with "that's all", the rest is theirs
    assert order.confirm() > 0


def test_captions_only_stays_silent(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    order = OrderPage(new_page(talking_browser), house.url, "bella-napoli").open()
    order.page.get_by_label("Captions only").check()
    say(order, microphone, "a large pepperoni pizza")
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
    expect(order.assistant_words.last).to_contain_text("Pepperoni")
    assert order.wire.audio_sent > 50
    assert order.wire.audio_received == 0


def say(order: OrderPage, microphone: Microphone, words: str) -> None:
    """Hears the reply out, taps the microphone, talks, and leaves it open; if it was open, taps it shut first."""
    heard_out(order)
    button = order.page.locator("[data-sheet-mic]" if order.confirm_sheet.is_visible() else "[data-mic]")
    if button.get_attribute("aria-pressed") == "true":
        button.click()
        expect(button).to_have_attribute("aria-pressed", "false")
    microphone.will_say([1.0, words, 30.0])
    button.click()


def heard_out(order: OrderPage) -> None:
    """What was said last is answered, and the reply has been played to its end."""
    deadline = time.monotonic() + SPOKEN_WITHIN_MS / 1000
    while not order.wire.is_answered() and time.monotonic() < deadline:
        order.page.wait_for_timeout(100)
    expect(order.page.locator("[data-talk]")).not_to_have_attribute("data-word", "speaking", timeout=SPOKEN_WITHIN_MS)
