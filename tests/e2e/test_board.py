"""The kitchen's board: by touch, by keyboard, and only for those who cook there."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import NewPage
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, BoardPage, OrderPage


def test_order_moves_across_the_board_and_back(browser: Browser, new_page: NewPage, house: House) -> None:
    board = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("marco").live()
    number = _place(OrderPage(new_page(browser), house.url, "bella-napoli"))
    board.card(number, "new").get_by_role("button", name="Start").click()
    expect(board.card(number, "cooking")).to_be_visible(timeout=REPLY_WITHIN_MS)
    board.toast.get_by_role("button", name="Undo").click()
    expect(board.card(number, "new")).to_be_visible(timeout=REPLY_WITHIN_MS)
    for column in ("cooking", "ready"):
        board.bump(number)
        expect(board.card(number, column)).to_be_visible(timeout=REPLY_WITHIN_MS)
    board.bump(number)
    expect(board.card(number)).to_have_count(0)
    board.page.get_by_role("button", name="Recall", exact=True).click()
    board.page.get_by_role("button", name=f"Recall order {number}").click()
    board.page.keyboard.press("Escape")
    expect(board.card(number, "ready")).to_be_visible(timeout=REPLY_WITHIN_MS)


def test_board_by_keyboard_alone(browser: Browser, new_page: NewPage, house: House) -> None:
    board = BoardPage(new_page(browser), house.url, "taqueria-sol").sign_in("beto").live()
    number = _place(OrderPage(new_page(browser), house.url, "taqueria-sol"), "three al pastor tacos")
    expect(board.card(number, "new")).to_be_visible(timeout=REPLY_WITHIN_MS)
    keys = board.page.keyboard
    keys.press("ArrowDown")
    expect(board.card(number)).to_be_focused()
    keys.press("Enter")
    expect(board.card(number, "cooking")).to_be_visible(timeout=REPLY_WITHIN_MS)
    keys.press("r")
    expect(board.card(number, "new")).to_be_visible(timeout=REPLY_WITHIN_MS)
    keys.press("?")
    expect(board.page.get_by_role("heading", name="Keys and touch")).to_be_visible()


def test_two_boards_show_the_same(browser: Browser, new_page: NewPage, house: House) -> None:
    first = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("marco").live()
    second = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("nadia").live()
    number = _place(OrderPage(new_page(browser), house.url, "bella-napoli"))
    first.bump(number)
    expect(second.card(number, "cooking")).to_be_visible(timeout=REPLY_WITHIN_MS)


def test_allergy_is_seen_before_the_card_moves(browser: Browser, new_page: NewPage, house: House) -> None:
    board = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("marco").live()
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.order_by_typing("a large pepperoni pizza", lines=1)
    order.type("I am allergic to nuts")
    expect(order.assistant_words).to_have_count(3, timeout=REPLY_WITHIN_MS)
    order.review()
    expect(order.confirm_sheet).to_contain_text("nuts")
    card = board.card(order.confirm(), "new")
    expect(card.locator(".band.is-allergy")).to_contain_text("nuts", timeout=REPLY_WITHIN_MS)
    card.get_by_role("button", name="Allergy seen").click()
    expect(card.get_by_role("button", name="Start")).to_be_visible()


def test_strangers_find_no_board(browser: Browser, new_page: NewPage, house: House) -> None:
    page = new_page(browser)
    BoardPage(page, house.url, "burger-lane").sign_in("marco")  # who cooks elsewhere
    expect(page.get_by_role("heading", name="Nothing is served here")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{house.url}/r/burger-lane/board")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _place(order: OrderPage, words: str = "a large pepperoni pizza") -> int:
    order.open()
    order.order_by_typing(words, lines=1)
    order.review()
    return order.confirm()
