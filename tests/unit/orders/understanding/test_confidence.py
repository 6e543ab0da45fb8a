"""When the customer may be done, and how sure a reading is."""

from __future__ import annotations

import pytest

from orders.cart_types import Cart
from orders.understanding.types import Expectation
from tests.unit.orders.understanding.kitchen import Talker, understander

OPEN = ["can I get a", "a large", "a margherita with", "a margherita and", "two", "a margherita no",
        "a margherita with extra", "um",
        "I'd like", "instead of", "a margherita with ham and uh", "hold on", "how much is"]  # fmt: skip
WHOLE = [
    "a margherita",
    "two large margheritas with ham please",
    "that's all",
    "yes",
    "no thanks",
    "make that three",
    "a lemonade to go",
    "cancel that",
]


@pytest.mark.parametrize("text", OPEN)
def test_open_phrases_wait_for_more(text: str) -> None:
    assert not understander("pizzeria").is_complete(text, Cart())


@pytest.mark.parametrize("text", WHOLE)
def test_whole_phrases_may_end_the_turn(text: str) -> None:
    assert understander("pizzeria").is_complete(text, Cart())


def test_a_size_alone_is_whole_only_as_an_answer() -> None:
    ears = understander("pizzeria")
    assert not ears.is_complete("large", Cart())
    assert ears.is_complete("large", Cart(), Expectation(confirming=True))


def test_plain_orders_are_sure() -> None:
    assert Talker("pizzeria").says("two large margheritas and a lemonade").confidence == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "a margherita with truffle zabaglione",
        "a lemonaid",
        "flurb the glimmer",
        "word " * 400 + "a margherita",
        "fifteen nuggets",
    ],
)
def test_what_is_not_understood_lowers_confidence(text: str) -> None:
    place = "drive_in" if "nuggets" in text else "pizzeria"
    assert Talker(place).says(text).confidence < 0.95


def test_unknown_words_are_reported() -> None:
    assert Talker("pizzeria").says("a margherita with zabaglione").unknown == ("zabaglione",)


def test_the_hypothesis_the_menu_covers_best_wins() -> None:
    ears = understander("pizzeria")
    best = ears.understand_best(("a market reader", "a margherita", "amarga rita"), Cart())
    assert best.hypothesis == 1
    assert len(best.edits) == 1


def test_no_hypothesis_is_an_empty_understanding() -> None:
    assert understander("pizzeria").understand_best((), Cart()).edits == ()


def test_readings_explain_every_word() -> None:
    understood = Talker("pizzeria").says("two large margheritas no onions")
    kinds = [r.kind for r in understood.readings]
    assert kinds == ["number", "variation", "item", "amount", "option"]
    assert [(r.start, r.end) for r in understood.readings] == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def test_what_makes_sense_is_not_traded_for_a_dish_that_sounds_like_it() -> None:
    talker = Talker("pizzeria")
    talker.says("two large margheritas")
    ears = understander("pizzeria")
    best = ears.understand_best(
        ("actually make that three", "actually like that three", "a calzone that three"), talker.cart
    )
    assert best.hypothesis == 0
    assert [type(edit).__name__ for edit in best.edits] == ["SetQuantity"]
