"""Connections are lost; orders, words and kitchens' bumps are not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Microphone, NewPage
from tests.e2e.cuttable_line import CuttableLine
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, SPOKEN_WITHIN_MS, BoardPage, OrderPage
from voice.audio.opus import packet_ms, packets_of
from voice.protocol import CALLER_HEADER, CALLER_OPUS


@pytest.fixture
def line(house: House) -> Iterator[CuttableLine]:
    with CuttableLine(house.port).laid() as line:
        yield line


def test_order_goes_on_after_the_connection_came_back(browser: Browser, new_page: NewPage, line: CuttableLine) -> None:
    order = OrderPage(new_page(browser), line.url, "bella-napoli").open()
    order.order_by_typing("a large pepperoni pizza", lines=1)
    line.cut()
    expect(order.word).to_have_text("Reconnecting")
    expect(order.link_banner).to_contain_text("Your basket is safe")
    order.type("and a coke")  # typed while nothing gets through
    line.mend()
    expect(order.basket_lines).to_have_count(2, timeout=REPLY_WITHIN_MS)
    expect(order.link_banner).to_be_hidden()
    order.review()
    assert order.confirm() > 0
    expect(order.customer_words).to_have_count(2)


def test_words_spoken_while_the_connection_was_away_are_heard_once(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, line: CuttableLine
) -> None:
    microphone.will_say([4.0, "two large pepperoni pizzas", 60.0])
    order = OrderPage(new_page(talking_browser), line.url, "bella-napoli").open()
    order.page.get_by_label("Captions only").check()
    order.microphone.click()
    expect(order.word).to_have_text("Listening", timeout=REPLY_WITHIN_MS)
    line.cut()
    expect(order.word).to_have_text("Reconnecting")
    order.page.wait_for_timeout(5_000)  # in which the customer talks
    line.mend()
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
    expect(order.basket_lines.first.locator(".count")).to_have_text("2")
    assert order.wire.last("session.ready")["resumed"] is True


def test_what_is_said_goes_out_as_opus_and_is_understood(
    talking_browser: Browser, microphone: Microphone, new_page: NewPage, house: House
) -> None:
    microphone.will_say([3.0, "two large pepperoni pizzas", 60.0])
    order = OrderPage(new_page(talking_browser), house.url, "bella-napoli")
    frames: list[bytes] = []
    order.page.on("websocket", lambda socket: socket.on("framesent", lambda data: keep_audio(data, frames)))
    order.open()
    order.page.get_by_label("Captions only").check()
    order.microphone.click()
    expect(order.basket_lines).to_have_count(1, timeout=SPOKEN_WITHIN_MS)
    expect(order.basket_lines.first.locator(".count")).to_have_text("2")
    opus = [frame for frame in frames if frame[0] == CALLER_OPUS]
    assert len(opus) > len(frames) / 2
    seconds = sum(frame_ms(frame) for frame in opus) / 1000
    assert sum(map(len, opus)) * 8 / seconds < 64_000, "less than 64 kbit/s"


def keep_audio(data: str | bytes, frames: list[bytes]) -> None:
    if isinstance(data, bytes):
        frames.append(data)


def frame_ms(frame: bytes) -> float:
    return sum(packet_ms(packet) for packet in packets_of(frame[CALLER_HEADER.size :]))


def test_board_says_when_orders_do_not_arrive(
    browser: Browser, new_page: NewPage, house: House, line: CuttableLine
) -> None:
    board = BoardPage(new_page(browser), line.url, "burger-lane").sign_in("june").live()
    line.cut()
    expect(board.link_state).to_have_attribute("data-health", "stale", timeout=12_000)
    expect(board.alarm).to_contain_text("NOT RECEIVING ORDERS since", timeout=20_000)
    number = place_order(OrderPage(new_page(browser), house.url, "burger-lane"))
    line.mend()
    board.live()
    expect(board.alarm).to_be_hidden()
    expect(board.card(number, "new")).to_be_visible(timeout=REPLY_WITHIN_MS)


def test_bump_without_connection_is_kept(browser: Browser, new_page: NewPage, house: House, line: CuttableLine) -> None:
    board = BoardPage(new_page(browser), line.url, "burger-lane").sign_in("june").live()
    witness = BoardPage(new_page(browser), house.url, "burger-lane").sign_in("tyler").live()
    number = place_order(OrderPage(new_page(browser), house.url, "burger-lane"))
    expect(board.card(number, "new")).to_be_visible(timeout=REPLY_WITHIN_MS)
    line.cut()
    expect(board.link_state).not_to_have_attribute("data-health", "live", timeout=12_000)
    board.bump(number)
    expect(board.card(number, "cooking")).to_be_visible()
    expect(witness.card(number, "new")).to_be_visible()
    line.mend()
    expect(witness.card(number, "cooking")).to_be_visible(timeout=40_000)


def place_order(order: OrderPage) -> int:
    order.open()
    order.order_by_typing("two cheeseburgers", lines=1)
    order.review()
    return order.confirm()
