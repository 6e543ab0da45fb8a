"""What the page gets and sends, without a socket: touches as edits, its screen, its menu, opening times."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from orders.cart_types import (
    AddLine,
    Cart,
    Line,
    LineCombo,
    Origin,
    Portion,
    RemoveLine,
    SetOption,
    SlotChoice,
    ToCombo,
)
from restaurants.menu import Availability
from restaurants.menu_format import parse_menu
from tests.cast import OSTERIA_MENU
from voice.client_events import clean_text, client_event
from voice.dialog.events import CartTouched, HungUp, PlayoutAcked, UtteranceTyped
from voice.menu_view import menu_view
from voice.opening_text import opening_text
from voice.protocol import Caption, FromClient, OrderIsPlaced, StateIs
from voice.screen import CAPTIONS_KEPT, Screen


def event_of(message: dict[str, Any], cart: Cart | None = None) -> Any:
    return client_event(msgspec.convert(message, FromClient), at_ms=5, cart=cart or Cart())


def test_typed_words_lose_what_cannot_be_shown_or_stored() -> None:
    assert event_of({"type": "text", "text": " two\u0000 \u202etacos\n "}) == UtteranceTyped(at_ms=5, text="two tacos")
    assert event_of({"type": "text", "text": "\u0000"}) is None
    assert clean_text("ñandú, ¿sí?") == "ñandú, ¿sí?"


def test_touches_are_edits_of_the_customers_hand() -> None:
    edits = [
        {
            "edit": "add",
            "item": "x",
            "quantity": 2,
            "options": [{"group": "g", "option": "o", "portion": "first_half"}],
        },
        {"edit": "quantity", "line": "L1", "quantity": 0},
        {"edit": "option", "line": "L1", "choice": {"group": "g", "option": "o", "amount": "no"}},
    ]
    event = event_of({"type": "cart.edit", "revision": 3, "edits": edits, "ref": "r"})
    assert isinstance(event, CartTouched)
    assert (event.revision, event.ref, event.at_ms) == (3, "r", 5)
    add, remove, option = event.edits
    assert isinstance(add, AddLine)
    assert add.options[0].portion is Portion.FIRST_HALF
    assert isinstance(remove, RemoveLine)
    assert isinstance(option, SetOption)
    assert {edit.origin for edit in event.edits} == {Origin.TOUCH}


def test_a_combos_size_keeps_its_parts() -> None:
    combo = LineCombo("c", None, (SlotChoice("drink", "cola"),))
    cart = Cart(lines=(Line("L1", "burger", combo=combo), Line("L2", "fries")))
    edit = {"edit": "combo_size", "line": "L1", "size": "large"}
    [changed] = event_of({"type": "cart.edit", "revision": 0, "edits": [edit]}, cart).edits
    assert changed == ToCombo(line="L1", combo=dataclasses.replace(combo, size="large"), origin=Origin.TOUCH)
    for line in ("L2", "L9"):
        assert event_of({"type": "cart.edit", "revision": 0, "edits": [edit | {"line": line}]}, cart).edits == ()


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"type": "playout", "response": 2, "played_ms": 40}, PlayoutAcked(at_ms=5, response=2, played_ms=40)),
        ({"type": "hangup"}, HungUp(at_ms=5, reason="client")),
        ({"type": "ping"}, None),
        ({"type": "audio.stop"}, None),
    ],
)
def test_other_messages(message: dict[str, Any], event: object) -> None:
    assert event_of(message) == event


def test_a_screen_remembers_final_words_and_the_order_number() -> None:
    screen = Screen()
    order = OrderIsPlaced(number=1, order="o", total_cents=1, currency="USD", total_text="$0.01")
    said = [Caption(speaker="customer", turn=1, text=text, final=final) for text, final in (("a", False), ("ab", True))]
    reply = Caption(speaker="assistant", turn=1, text="Anything else?", final=True)
    for message in (*said, reply, StateIs(state="listening"), order):
        screen.saw(message)
    assert screen.messages() == [said[1], reply, order]
    assert Screen(screen.dump()).messages() == screen.messages()
    screen.saw(Caption(speaker="customer", turn=1, text="", final=True))
    assert screen.messages() == [reply, order]


def test_a_screen_forgets_the_oldest_words() -> None:
    screen = Screen()
    for turn in range(CAPTIONS_KEPT + 5):
        screen.saw(Caption(speaker="customer", turn=turn, text="x", final=True))
    assert next(message.turn for message in screen.messages() if isinstance(message, Caption)) == 5


def test_the_menu_of_a_page_names_and_prices_everything_and_knows_what_is_out() -> None:
    menu = parse_menu(OSTERIA_MENU, version="v1")
    stock = Availability(frozenset({"lemonade"}), frozenset({("sauce", "ragu")}))
    view = json.loads(msgspec.json.encode(menu_view(menu, stock, "es")))
    spaghetti, lemonade = view["items"]
    assert (view["language"], view["version"], spaghetti["name"]) == ("es", "v1", "Espaguetis")
    assert [spaghetti["available"], lemonade["available"]] == [True, False]
    sauce = next(group for group in view["groups"] if group["id"] == "sauce")
    assert [(one["id"], one["price_text"], one["available"]) for one in sauce["options"]] == [
        ("ragu", "$1.50", False),
        ("pesto", "", True),
        ("tomato", "", True),
    ]
    assert view["categories"][0] == {"id": "pasta", "name": "Pasta"}


NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("opens", "english", "spanish"),
    [
        (NOON + timedelta(hours=5), "today at 5:00 PM", "hoy a las 17:00"),
        (NOON + timedelta(hours=23), "tomorrow at 11:00 AM", "mañana a las 11:00"),
        (NOON + timedelta(days=2), "Monday at 12:00 PM", "el lunes a las 12:00"),
        (None, "", ""),
    ],
)
def test_when_a_restaurant_opens_is_said_as_people_say_it(opens: datetime | None, english: str, spanish: str) -> None:
    assert opening_text(opens, NOON, "en").replace("\u202f", " ") == english
    assert opening_text(opens, NOON, "es") == spanish
