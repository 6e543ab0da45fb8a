"""Ordering without saying a word: typed, tapped, confirmed."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import NewPage
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, BoardPage, OrderPage


def test_typed_order_reaches_the_kitchen(browser: Browser, new_page: NewPage, house: House) -> None:
    board = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("marco").live()
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.order_by_typing("two large pepperoni pizzas and a coke", lines=2)
    order.type("that's all")
    expect(order.confirm_sheet).to_be_visible(timeout=REPLY_WITHIN_MS)
    expect(order.confirm_sheet).to_contain_text("two large Pepperoni Pizzas and one Coke")
    expect(order.confirm_sheet).to_contain_text("allergy")
    number = order.confirm(name="Robin", phone="+1 401 555 0199")
    card = board.card(number, "new")
    expect(card).to_be_visible(timeout=1_000)
    expect(card).to_contain_text("2 ×")
    expect(card).to_contain_text("Robin")


def test_basket_is_edited_by_touch_and_undone(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.order_by_typing("two large pepperoni pizzas", lines=1)
    line = order.basket_lines.first
    line.get_by_role("button", name="One more").click()
    expect(line.locator(".count")).to_have_text("3", timeout=REPLY_WITHIN_MS)
    line.get_by_role("button", name="Remove").click()
    expect(order.basket_lines).to_have_count(0, timeout=REPLY_WITHIN_MS)
    order.page.get_by_role("button", name="Undo").click()
    expect(line.locator(".count")).to_have_text("3", timeout=REPLY_WITHIN_MS)


def test_menu_is_tapped_with_size_and_options(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.menu_items.filter(has_text="Pepperoni Pizza").first.click()
    sheet = order.item_sheet
    sheet.get_by_role("radio", name="Large").check()
    sheet.get_by_role("checkbox", name="Onion").uncheck()
    sheet.get_by_role("checkbox", name="Mushrooms").check()
    sheet.get_by_role("button", name="One more").click()
    sheet.get_by_role("button", name="Add 2 to order").click()
    line = order.basket_lines.first
    expect(line).to_contain_text("Large Pepperoni Pizza", timeout=REPLY_WITHIN_MS)
    expect(line).to_contain_text("no onions")
    expect(line).to_contain_text("Mushrooms")
    expect(line.locator(".count")).to_have_text("2")
    line.get_by_role("button", name="Change").click()
    expect(sheet.get_by_role("checkbox", name="Mushrooms")).to_be_checked()
    sheet.get_by_role("checkbox", name="Onion").check()
    sheet.get_by_role("button", name="Save changes").click()
    expect(line).not_to_contain_text("no onions", timeout=REPLY_WITHIN_MS)
    expect(line).to_contain_text("Mushrooms")


def test_question_is_answered_by_chip(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.order_by_typing("a pepperoni pizza", lines=1)
    order.chips.filter(has_text="Large").click()
    expect(order.basket_lines.first).to_contain_text("Large Pepperoni Pizza", timeout=REPLY_WITHIN_MS)


def test_what_changed_is_announced(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.order_by_typing("a large pepperoni pizza", lines=1)
    expect(order.page.locator("[data-announcer]")).to_contain_text("Pepperoni", timeout=REPLY_WITHIN_MS)
    expect(order.customer_words).to_have_count(1)


def test_reload_keeps_the_order(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    order.order_by_typing("a large pepperoni pizza and a coke", lines=2)
    order.page.reload()
    expect(order.basket_lines).to_have_count(2, timeout=REPLY_WITHIN_MS)


def test_spanish_page_is_spanish(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser, locale="es-ES"), house.url, "taqueria-sol").open("?lang=es")
    expect(order.page.locator("html")).to_have_attribute("lang", "es")
    expect(order.word).to_have_text("Listo")
    order.order_by_typing("tres tacos al pastor", lines=1)
    expect(order.assistant_words.last).to_contain_text("?", timeout=REPLY_WITHIN_MS)


def test_whole_order_by_keyboard_alone(browser: Browser, new_page: NewPage, house: House) -> None:
    order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    page = order.page
    _tab_to(order, "#typed")
    page.keyboard.type("a large pepperoni pizza")
    page.keyboard.press("Enter")
    expect(order.basket_lines).to_have_count(1, timeout=REPLY_WITHIN_MS)
    _tab_to(order, "[data-review]")
    page.keyboard.press("Enter")
    expect(order.confirm_sheet).to_be_visible(timeout=REPLY_WITHIN_MS)
    _tab_to(order, "[data-confirm]")
    page.keyboard.press("Enter")
    assert order.order_number() > 0


def _tab_to(order: OrderPage, selector: str) -> None:
    for _ in range(250):
        order.page.keyboard.press("Tab")
        if order.page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
    raise AssertionError(f"{selector} is out of the keyboard's reach")
