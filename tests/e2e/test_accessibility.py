"""axe on every page and state, light and dark, on a small phone and on a desktop; and nothing wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import msgspec
import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.e2e.conftest import NewPage
from tests.e2e.house import House
from tests.e2e.pages import REPLY_WITHIN_MS, BoardPage, OrderPage

AXE = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}

Arrange = Callable[[Page, str], None]


def _goes_to(path: str) -> Arrange:
    def arrange(page: Page, url: str) -> None:
        page.goto(url + path)

    return arrange


def _order(page: Page, url: str) -> OrderPage:
    order = OrderPage(page, url, "bella-napoli").open()
    order.order_by_typing("two large pepperoni pizzas with no onions and a coke", lines=2)
    return order


def _basket(page: Page, url: str) -> None:
    _order(page, url)
    if page.locator("[data-basket-switch]").is_visible():
        page.locator("[data-basket-switch]").click()


def _question(page: Page, url: str) -> None:
    order = OrderPage(page, url, "bella-napoli").open()
    order.order_by_typing("a pepperoni pizza", lines=1)
    page.get_by_role("button", name="Show conversation").click()


def _item(page: Page, url: str) -> None:
    OrderPage(page, url, "bella-napoli").open().menu_items.first.click()


def _confirm(page: Page, url: str) -> None:
    _order(page, url).review()


def _placed(page: Page, url: str) -> None:
    order = _order(page, url)
    order.review()
    order.confirm()


def _rated(page: Page, url: str) -> None:
    _placed(page, url)
    sheet = page.locator("[data-placed-sheet]")
    sheet.get_by_label("4 of 5").check()
    expect(sheet.get_by_text("Thank you. Saved.")).to_be_visible(timeout=REPLY_WITHIN_MS)


def _recorded_turn(page: Page, url: str) -> None:
    """A batch call, whatever the rollout decides; its uploads don't get through, which is shown and said."""

    def greet(socket: WebSocketRoute) -> None:
        ready = {"type": "session.ready", "session": "none", "next_seq": 0, "can_hear": True, "mode": "batch"}
        socket.on_message(
            lambda message: socket.send(msgspec.json.encode(ready).decode()) if "start" in message else None
        )

    page.route_web_socket(re.compile("/order$"), greet)
    page.route(re.compile(r"/r/[^/]+/recordings"), lambda route: route.abort())
    order = OrderPage(page, url, "bella-napoli").open()
    order.microphone.click()
    expect(page.get_by_text("Recorded turns", exact=True)).to_be_visible(timeout=REPLY_WITHIN_MS)
    expect(order.word).to_have_text("Recording")


def _upload_stuck(page: Page, url: str) -> None:
    _recorded_turn(page, url)
    page.wait_for_timeout(1_500)  # of what the browser's own microphone plays
    page.locator("[data-mic]").click()
    expect(page.get_by_role("button", name="Try now")).to_be_visible(timeout=REPLY_WITHIN_MS)


def _listening(page: Page, url: str) -> None:
    order = OrderPage(page, url, "taqueria-sol").open()
    order.microphone.click()
    expect(order.microphone).to_have_attribute("aria-pressed", "true")


def _spanish(page: Page, url: str) -> None:
    """The embedded engine hears no Spanish: the page says so and goes on by typing."""
    order = OrderPage(page, url, "taqueria-sol").open("?lang=es")
    order.microphone.click()
    expect(order.microphone).to_be_disabled()


def _board(page: Page, url: str) -> None:
    board = BoardPage(page, url, "bella-napoli").sign_in("marco").live()
    expect(board.cards.first).to_be_visible(timeout=REPLY_WITHIN_MS)


def _board_empty(page: Page, url: str) -> None:
    BoardPage(page, url, "taqueria-sol").sign_in("sofia").live()


def _board_panel(name: str) -> Arrange:
    def arrange(page: Page, url: str) -> None:
        _board(page, url)
        page.locator(f"[data-{name}-open]").click()

    return arrange


def _explain(query: str = "") -> Arrange:
    def arrange(page: Page, url: str) -> None:
        BoardPage(page, url, "bella-napoli").sign_in("nadia")
        page.goto(f"{url}/r/bella-napoli/explain{query}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return arrange


def _login_failed(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("User name").fill("marco")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


STATES: dict[str, Arrange] = {
    "landing": _goes_to("/"),
    "sign-in": _goes_to("/accounts/login/"),
    "sign-in failed": _login_failed,
    "not found": _goes_to("/nowhere"),
    "order": _goes_to("/r/bella-napoli/"),
    "order, listening": _listening,
    "order, in Spanish": _spanish,
    "order, basket": _basket,
    "order, question": _question,
    "order, item": _item,
    "order, confirm": _confirm,
    "order, placed": _placed,
    "order, rated": _rated,
    "order, recorded turn": _recorded_turn,
    "order, upload stuck": _upload_stuck,
    "board": _board,
    "board, empty": _board_empty,
    "board, help": _board_panel("help"),
    "board, all day": _board_panel("all-day"),
    "explain": _explain(),
    "explain, understood": _explain(
        "?before=a+large+margherita&text=two+pepperoni+pizzas,+no+onions+on+the+first+one,+and+a+kangaroo"
        "&text=two+pepper+pizzas+and+a+kangaroo"
    ),
}


@pytest.fixture(scope="module")
def kitchen_with_orders(browser: Browser, house: House) -> None:
    """Something to see on the board: an allergy among it."""
    page = browser.new_page()
    order = _order(page, house.url)
    order.type("I am allergic to nuts")
    order.review()
    order.confirm()
    page.close()


@pytest.mark.usefixtures("kitchen_with_orders")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pages_can_be_used_by_everyone(
    browser: Browser, new_page: NewPage, house: House, viewport: dict[str, int], scheme: str
) -> None:
    complaints: list[str] = []
    for name, arrange in STATES.items():
        page = new_page(browser, viewport=viewport, color_scheme=scheme, bypass_csp=True)
        arrange(page, house.url)
        page.wait_for_load_state("networkidle")
        complaints += [f"{name}: {complaint}" for complaint in _complaints(page)]
        page.context.close()
    assert not complaints, "\n".join(complaints)


def _complaints(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    complaints = [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*complaints, *([f"{too_wide} px too wide"] if too_wide > 0 else [])]
