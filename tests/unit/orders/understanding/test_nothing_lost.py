"""Nothing said may vanish: it reaches its line, or the reading is not believed."""

from __future__ import annotations

import pytest

from orders.cart_types import AddLine, Cart
from orders.understanding.clauses import Clause
from orders.understanding.drafts import Workspace
from orders.understanding.language import Cue
from orders.understanding.leftovers import leftovers
from orders.understanding.lexer import Lexer
from orders.understanding.types import ActKind
from orders.understanding.words import tokenize
from tests.unit.orders.understanding.kitchen import Talker, understander

SAID = [
    ("pizzeria", "en", ["two margheritas one ham one pineapple"], ["1 margherita: ham", "1 margherita: pineapple"]),
    ("pizzeria", "en", ["a funghi and a margherita", "actually no ham on everything"],
     ["1 funghi: ham no", "1 margherita: ham no"]),
    ("drive_in", "en", ["a hamburger", "actually no onions on it"], ["1 hamburger: onions no"]),
    ("drive_in", "en", ["a large cola", "I've changed my mind no cola"], []),
    ("taqueria", "es", ["tres tacos con todo dos de pescado uno de carnitas"],
     ["2 taco_de_pescado: cebolla, cilantro", "1 taco_de_carnitas: cebolla, cilantro"]),
    ("taqueria", "es", ["dos tacos de pescado y carnitas"], ["1 taco_de_pescado", "1 taco_de_carnitas"]),
    ("taqueria", "es", ["dos tacos de pescado y una quesadilla"], ["2 taco_de_pescado", "1 quesadilla"]),
    ("taqueria", "es", ["un taco al pastor con piña extra"], ["1 taco_al_pastor: pina extra"]),
    ("taqueria", "es", ["un taco de pescado, perdón, no cebolla"], ["1 taco_de_pescado: cebolla no"]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "language", "turns", "basket"), SAID)
def test_every_word_reaches_its_line(place: str, language: str, turns: list[str], basket: list[str]) -> None:
    talker = Talker(place, language)
    talker.says(*turns)
    assert talker.basket == basket


def test_what_cannot_be_left_out_is_not_believed() -> None:
    talker = Talker("pizzeria")
    found = talker.says("a large funghi no stuffed crust")
    assert talker.basket == ["1 large funghi"]
    assert found.confidence < 0.75


def test_nothing_near_is_offered_for_nothing_near() -> None:
    found = Talker("drive_in").says("I'd like a pad thai")
    assert [(a.kind, a.value, a.targets) for a in found.acts] == [(ActKind.OFF_MENU, "pad thai", ())]


def test_a_change_of_mind_is_no_dish() -> None:
    found = Talker("taqueria", "es").says("he cambiado de idea")
    assert (found.acts, found.unknown) == ((), ())


@pytest.mark.parametrize(
    ("place", "language", "turns"),
    [
        ("pizzeria", "en", ["a lemonade and a garlic bread", "add ham and two black teas"]),
        ("drive_in", "en", ["a large cola and large french fries", "no pickles and another large cola"]),
        ("taqueria", "es", ["una horchata grande y una quesadilla", "con piña y otra quesadilla"]),
    ],
)
def test_a_reading_that_loses_a_word_is_not_believed(place: str, language: str, turns: list[str]) -> None:
    assert Talker(place, language).says(*turns).confidence < 0.75


def test_what_no_line_has_is_left_over() -> None:
    talker, ears = Talker("pizzeria"), understander("pizzeria")
    talker.says("a margherita with ham")
    tokens, _ = tokenize("the margherita with ham and pineapple", ears.language.canonical)
    said = Lexer(ears.lexicon).read(tokens)
    space = Workspace.of(talker.cart)
    assert [e.norm for e in leftovers([Clause(None, said)], space, ears.lexicon)] == ["pineapple"]
    assert leftovers([Clause(Cue.QUESTION, said)], space, ears.lexicon) == []


def test_an_order_that_uses_every_word_stays_sure() -> None:
    found = understander("pizzeria").understand("half funghi half margherita with extra ham and a lemonade", Cart())
    assert found.confidence == 1.0
    assert [type(edit) for edit in found.edits] == [AddLine, AddLine]
