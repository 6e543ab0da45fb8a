"""Two restaurants at once, two customers talking at once: neither ever sees anything of the other."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import NewPage
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, BoardPage, OrderPage


def test_orders_stay_in_their_restaurant(browser: Browser, new_page: NewPage, house: House) -> None:
    napoli_board = BoardPage(new_page(browser), house.url, "bella-napoli").sign_in("marco").live()
    burger_board = BoardPage(new_page(browser), house.url, "burger-lane").sign_in("june").live()
    napoli = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    burger = OrderPage(new_page(browser), house.url, "burger-lane").open()

    napoli.type("a large pepperoni pizza")
    burger.type("two cheeseburgers")
    expect(napoli.basket_lines).to_have_count(1, timeout=REPLY_WITHIN_MS)
    expect(burger.basket_lines).to_have_count(1, timeout=REPLY_WITHIN_MS)
    expect(napoli.basket_lines).to_contain_text(["Pepperoni"])
    expect(burger.basket_lines).to_contain_text(["Cheeseburger"])

    napoli.review()
    burger.review()
    name_there, name_here = "Napoli customer", "Burger customer"
    napoli_number = napoli.confirm(name=name_there)
    burger_number = burger.confirm(name=name_here)
    expect(napoli_board.card(napoli_number)).to_contain_text(name_there, timeout=REPLY_WITHIN_MS)
    expect(burger_board.card(burger_number)).to_contain_text(name_here, timeout=REPLY_WITHIN_MS)
    expect(napoli_board.cards.filter(has_text=name_here)).to_have_count(0)
    expect(burger_board.cards.filter(has_text=name_there)).to_have_count(0)
    for board, foreign in ((napoli_board, name_here), (burger_board, name_there)):
        assert foreign not in str(board.wire.received)


def test_session_of_one_restaurant_opens_nothing_at_another(browser: Browser, new_page: NewPage, house: House) -> None:
    napoli = OrderPage(new_page(browser), house.url, "bella-napoli").open()
    napoli.order_by_typing("a large pepperoni pizza", lines=1)
    stolen = napoli.wire.last("session.ready")["session"]
    burger = OrderPage(new_page(browser), house.url, "burger-lane").open()
    burger.page.evaluate("session => sessionStorage.setItem('comanda.session.burger-lane', session)", stolen)
    burger.page.reload()
    burger.order_by_typing("two cheeseburgers", lines=1)
    expect(burger.basket_lines).to_contain_text(["Cheeseburger"])
    assert "Pepperoni" not in str(burger.wire.received)
