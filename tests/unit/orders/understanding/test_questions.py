"""A question never orders, whatever it is about."""

from __future__ import annotations

import pytest

from orders.understanding.types import ActKind
from tests.unit.orders.understanding.kitchen import Talker


@pytest.mark.parametrize(
    ("place", "language", "text", "kind", "targets"),
    [
        ("pizzeria", "en", "is the funghi vegetarian", ActKind.ASK_CONTENTS, ("funghi",)),
        ("pizzeria", "en", "are the margheritas halal", ActKind.ASK_CONTENTS, ("margherita",)),
        ("pizzeria", "en", "has the funghi got ham", ActKind.ASK_CONTENTS, ("funghi",)),
        ("pizzeria", "en", "do you know if the green tea is sweet", ActKind.ASK_CONTENTS, ("green_tea",)),
        ("pizzeria", "en", "is there ham on the funghi", ActKind.ASK_CONTENTS, ("funghi",)),
        ("pizzeria", "en", "do you have lemonade", ActKind.ASK_MENU, ("lemonade",)),
        ("drive_in", "en", "does the hamburger come with french fries", ActKind.ASK_CONTENTS, ("hamburger",)),
        ("drive_in", "en", "what size is the milkshake", ActKind.ASK_MENU, ("milkshake",)),
        ("drive_in", "en", "was the milkshake dairy free", ActKind.ASK_ALLERGEN, ("milkshake",)),
        ("taqueria", "es", "¿la quesadilla lleva cebolla?", ActKind.ASK_CONTENTS, ("quesadilla",)),
        ("taqueria", "es", "¿es vegano el taco de carnitas?", ActKind.ASK_CONTENTS, ("taco_de_carnitas",)),
        ("taqueria", "es", "los tacos de pescado llevan gluten", ActKind.ASK_ALLERGEN, ("taco_de_pescado",)),
        ("taqueria", "es", "a cuánto está el taco de pescado", ActKind.ASK_PRICE, ("taco_de_pescado",)),
        ("taqueria", "es", "a cómo está la horchata", ActKind.ASK_PRICE, ("horchata",)),
        ("taqueria", "es", "¿la horchata tiene leche?", ActKind.ASK_ALLERGEN, ("horchata",)),
    ],
)
def test_a_question_orders_nothing(
    place: str, language: str, text: str, kind: ActKind, targets: tuple[str, ...]
) -> None:
    talker = Talker(place, language)
    found = talker.says(text)
    assert talker.basket == []
    assert [(act.kind, act.targets) for act in found.acts] == [(kind, targets)]


def test_it_is_what_was_talked_about() -> None:
    talker = Talker("drive_in")
    found = talker.says("a hamburger", "does it come with onion rings")
    assert [(act.kind, act.targets) for act in found.acts] == [(ActKind.ASK_CONTENTS, ("hamburger",))]
    assert talker.basket == ["1 hamburger"]


def test_an_order_before_and_after_a_question_stands() -> None:
    talker = Talker("pizzeria")
    found = talker.says("a small funghi, and is the garlic bread vegan? Two lemonades please")
    assert talker.basket == ["1 small funghi", "2 lemonade"]
    assert [act.kind for act in found.acts] == [ActKind.ASK_CONTENTS]


@pytest.mark.parametrize(
    "text", ["is it possible to get a lemonade", "can I have a lemonade?", "could you do a lemonade"]
)
def test_a_polite_order_is_an_order(text: str) -> None:
    talker = Talker("pizzeria")
    talker.says(text)
    assert talker.basket == ["1 lemonade"]
