"""Spoken orders: what is said, what counts as right, and what is made of the times."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from orders.cart import apply_edits
from orders.cart_types import AddLine, Cart
from orders.cart_view import cart_view
from orders.understanding import compile_menu
from restaurants.demo import DEMO_RESTAURANTS
from restaurants.menu import Menu
from restaurants.menu_format import decode_menu_json, parse_menu
from voice.spoken.customer import without_silence
from voice.spoken.figures import Measured, saved, side_by_side
from voice.spoken.sentences import NoSentences, line_key, spoken_orders


def menu_of(slug: str) -> Menu:
    [demo] = [demo for demo in DEMO_RESTAURANTS if demo.slug == slug]
    return parse_menu(decode_menu_json(demo.menu_path.read_bytes()))


def view(menu: Menu, *edits: AddLine) -> list[dict[str, Any]]:
    cart = apply_edits(Cart(), edits, menu).cart
    lines: list[dict[str, Any]] = msgspec.to_builtins(cart_view(cart, menu, language="en"))["lines"]
    return lines


@pytest.mark.parametrize("slug", [demo.slug for demo in DEMO_RESTAURANTS])
def test_any_menu_gives_different_orders_that_read_as_exactly_one_basket(slug: str) -> None:
    menu = menu_of(slug)
    understander = compile_menu(menu)
    orders = spoken_orders(menu, understander, 20)
    assert len({order.text for order in orders}) == 20
    assert orders == spoken_orders(menu, understander, 20), "the same for the same seed"
    assert orders != spoken_orders(menu, understander, 20, seed=2)
    for order in orders:
        edits = understander.understand(order.text, Cart()).edits
        lines = msgspec.to_builtins(cart_view(apply_edits(Cart(), edits, menu).cart, menu, language="en"))["lines"]
        assert order.is_in(lines)
        assert not order.is_in([])
        assert not order.is_in([{**lines[0], "quantity": lines[0]["quantity"] + 1}, *lines[1:]])


def test_the_order_of_the_lines_does_not_matter_but_every_line_does() -> None:
    menu = menu_of("burger-lane")
    [order] = [one for one in spoken_orders(menu, compile_menu(menu), 40) if len(one.lines) == 2][:1]
    burger, fries = view(menu, AddLine(item="cheeseburger"), AddLine(item="big_lane", quantity=2))
    mine = replace(order, lines=type(order.lines)(map(line_key, (burger, fries))))
    assert mine.is_in([fries, burger])
    assert not mine.is_in([burger])
    assert not mine.is_in([burger, fries, fries])


def test_a_menu_without_enough_to_say_is_refused() -> None:
    menu = Menu(name="Nothing", slug="nothing")
    with pytest.raises(NoSentences, match="only 0 different orders"):
        spoken_orders(menu, compile_menu(menu), 1)


def test_speech_ends_with_its_last_sound() -> None:
    voice = struct.pack("<3h", 9_000, 0, -9_000)
    assert without_silence(bytes(40) + voice + bytes(60)) == voice
    assert without_silence(bytes(60)) == b""
    assert without_silence(b"") == b""


def measured(mode: str, text: str, reply: int | None, basket: int | None, *, is_right: bool = True) -> Measured:
    return Measured(mode, text, reply, basket, is_right=is_right)


def test_side_by_side() -> None:
    found = [
        measured("streaming", "a", 500, 400),
        measured("streaming", "b", 700, 600, is_right=False),
        measured("streaming", "c", None, None, is_right=False),
        measured("batch", "a", 2_000, 1_600),
        measured("batch", "b", 1_000, 900),
        measured("batch", "c", 9_000, 9_000),
    ]
    document: dict[str, Any] = side_by_side(found)
    streaming, batch = document["streaming"], document["batch"]
    assert (streaming["orders"], streaming["success"], streaming["no_reply"]) == (3, 1, 1)
    assert (streaming["first_reply_p50_ms"], streaming["basket_p50_ms"]) == (500, 400)
    assert (batch["first_reply_p50_ms"], batch["first_reply_p95_ms"]) == (2_000, None)
    assert document["first_reply_saved"] == 0.5, "of orders that were answered in both: 500 of 1000"
    assert set(side_by_side(found[:3])) == {"streaming"}
    assert saved([], found[3:], "basket_ms") is None
