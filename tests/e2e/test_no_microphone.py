"""No microphone, no permission, an old browser, a closed door: never a dead end."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser import obtain_browser
from tests.e2e.conftest import LAUNCH, NewPage
from tests.e2e.house import House
from tests.e2e.pages import OrderPage

BREAKAGES = {
    "denied": "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))",
    "missing": "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))",
    "busy": "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotReadableError'))",
    "unsupported": "delete AudioContext.prototype.audioWorklet; delete BaseAudioContext.prototype.audioWorklet",
}
TOLD = {
    "denied": "the browser said no",
    "missing": "has no microphone",
    "busy": "Another program",
    "unsupported": "can't pass on your voice",
}


@pytest.mark.parametrize("problem", BREAKAGES)
def test_order_without_microphone(browser: Browser, new_page: NewPage, house: House, problem: str) -> None:
    page = new_page(browser)
    page.add_init_script(BREAKAGES[problem])
    order = OrderPage(page, house.url, "bella-napoli").open()
    order.microphone.click()
    expect(order.notice).to_contain_text(TOLD[problem])
    expect(order.word).to_have_text("Ready")
    order.order_by_typing("a large pepperoni pizza", lines=1)
    order.review()
    assert order.confirm() > 0


def test_permission_refused_by_the_browser_itself(playwright: Playwright, new_page: NewPage, house: House) -> None:
    browser = playwright.chromium.launch(executable_path=obtain_browser(), args=[*LAUNCH, "--deny-permission-prompts"])
    try:
        order = OrderPage(new_page(browser), house.url, "bella-napoli").open()
        order.microphone.click()
        expect(order.notice).to_contain_text(TOLD["denied"])
        order.order_by_typing("a large pepperoni pizza", lines=1)
    finally:
        _close_pages(browser.contexts[0].pages)
        browser.close()


def test_menu_that_fails_to_load_can_be_asked_for_again(browser: Browser, new_page: NewPage, house: House) -> None:
    page = new_page(browser)
    page.route("**/menu.json*", lambda route: route.abort())
    page.goto(f"{house.url}/r/bella-napoli/")
    expect(page.get_by_text("The menu could not be loaded.")).to_be_visible()
    page.unroute("**/menu.json*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".menu-item").first).to_be_visible()


def _close_pages(pages: list[Page]) -> None:
    for page in pages:
        page.close()
