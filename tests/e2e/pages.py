"""The pages as their people see them: what can be done there and what is shown, no selectors in the tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
from playwright.sync_api import Locator, Page, WebSocket, expect

DEMO_PASSWORD = "order-by-voice"
REPLY_WITHIN_MS = 20_000
SPOKEN_WITHIN_MS = 45_000


@dataclass
class Wire:
    """What went over the page's sockets, newest last; audio frames are only counted."""

    received: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    audio_received: int = 0
    audio_sent: int = 0
    sockets: int = 0

    def watch(self, page: Page) -> None:
        page.on("websocket", self._opened)

    def types(self) -> list[str]:
        return [message["type"] for message in self.received]

    def is_answered(self) -> bool:
        """Whatever the customer said last has its reply, and every reply that was begun has ended."""
        types = self.types()
        speakers = [one["speaker"] for one in self.received if one["type"] == "caption" and one["final"]]
        is_open = types.count("speech.start") > types.count("speech.end") + types.count("speech.clear")
        return speakers[-1:] != ["customer"] and not is_open

    def last(self, kind: str) -> dict[str, Any]:
        return next(message for message in reversed(self.received) if message["type"] == kind)

    def _opened(self, socket: WebSocket) -> None:
        self.sockets += 1
        socket.on("framereceived", self._took)
        socket.on("framesent", self._gave)

    def _took(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            self.received.append(msgspec.json.decode(frame))
        else:
            self.audio_received += 1

    def _gave(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            self.sent.append(msgspec.json.decode(frame))
        else:
            self.audio_sent += 1


class OrderPage:
    """The customer's page of one restaurant."""

    def __init__(self, page: Page, url: str, slug: str) -> None:
        self.page = page
        self.slug = slug
        self.wire = Wire()
        self.wire.watch(page)
        self._url = f"{url}/r/{slug}/"

    def open(self, query: str = "") -> OrderPage:
        self.page.goto(self._url + query)
        expect(self.menu_items.first).to_be_visible()
        return self

    @property
    def word(self) -> Locator:
        return self.page.locator("[data-word-text]")

    @property
    def microphone(self) -> Locator:
        return self.page.locator("[data-mic]")

    @property
    def basket_lines(self) -> Locator:
        return self.page.locator("[data-basket-lines] > li")

    @property
    def customer_words(self) -> Locator:
        """Final words of the customer, in the log that is read out."""
        return self.page.locator("[data-log] p[data-key^='customer']")

    @property
    def assistant_words(self) -> Locator:
        return self.page.locator("[data-log] p[data-key^='assistant']")

    @property
    def captions(self) -> Locator:
        return self.page.locator("[data-captions]")

    @property
    def notice(self) -> Locator:
        return self.page.locator("[data-notice]")

    @property
    def link_banner(self) -> Locator:
        return self.page.locator("[data-link-banner]")

    @property
    def chips(self) -> Locator:
        return self.page.locator("[data-chips] button")

    @property
    def menu_items(self) -> Locator:
        return self.page.locator(".menu-item")

    @property
    def confirm_sheet(self) -> Locator:
        return self.page.locator("[data-confirm-sheet][open]")

    @property
    def item_sheet(self) -> Locator:
        return self.page.locator("[data-item-sheet][open]")

    def type(self, words: str) -> None:
        self.page.locator("#typed").fill(words)
        self.page.keyboard.press("Enter")

    def order_by_typing(self, words: str, *, lines: int) -> None:
        self.type(words)
        expect(self.basket_lines).to_have_count(lines, timeout=REPLY_WITHIN_MS)

    def review(self) -> None:
        self.page.locator("[data-review]").click()
        expect(self.confirm_sheet).to_be_visible(timeout=REPLY_WITHIN_MS)

    def confirm(self, *, name: str = "Robin", phone: str = "") -> int:
        """Presses Confirm and answers the order's number as the page shows it."""
        self.confirm_sheet.locator("input[name=name]").fill(name)
        self.confirm_sheet.locator("input[name=phone]").fill(phone)
        self.confirm_sheet.locator("[data-confirm]").click()
        return self.order_number()

    def order_number(self) -> int:
        shown = self.page.locator("[data-placed-sheet][open] [data-order-number]")
        expect(shown).to_have_text(re.compile(r"^\d+$"), timeout=REPLY_WITHIN_MS)
        return int(shown.inner_text())


class BoardPage:
    """The kitchen's board of one restaurant."""

    def __init__(self, page: Page, url: str, slug: str) -> None:
        self.page = page
        self.wire = Wire()
        self.wire.watch(page)
        self._url, self._slug = url, slug

    def sign_in(self, username: str) -> BoardPage:
        self.page.goto(f"{self._url}/r/{self._slug}/board")
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(DEMO_PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def live(self) -> BoardPage:
        expect(self.page.locator("[data-link][data-health=live]")).to_be_visible(timeout=REPLY_WITHIN_MS)
        return self

    @property
    def link_state(self) -> Locator:
        return self.page.locator("[data-link]")

    @property
    def alarm(self) -> Locator:
        return self.page.locator("[data-alarm]")

    @property
    def cards(self) -> Locator:
        return self.page.locator("[data-card]")

    @property
    def toast(self) -> Locator:
        return self.page.locator("[data-toast]")

    def card(self, number: int, column: str | None = None) -> Locator:
        place = f"[data-column={column}] " if column else ""
        heading = self.page.get_by_role("heading", name=re.compile(rf"^Order {number}$"))
        return self.page.locator(f"{place}[data-card]").filter(has=heading)

    def bump(self, number: int) -> None:
        self.card(number).locator("[data-act]").click()
