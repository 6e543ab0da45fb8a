"""What customers say about their allergies is noted and never ordered."""

from __future__ import annotations

import pytest

from orders.understanding.types import ActKind
from tests.unit.orders.understanding.kitchen import Talker


@pytest.mark.parametrize(
    ("place", "language", "text", "noted"),
    [
        ("drive_in", "en", "I can't eat eggs", ["egg"]),
        ("drive_in", "en", "my daughter has a sesame allergy", ["sesame"]),
        ("drive_in", "en", "we have peanut and tree nut allergies", ["nuts", "peanuts"]),
        ("drive_in", "en", "I'm coeliac", ["gluten"]),
        ("pizzeria", "en", "he is lactose intolerant", ["milk"]),
        ("pizzeria", "en", "I'm severely allergic to mushrooms", ["mushrooms"]),
        ("taqueria", "es", "soy alérgica al marisco", ["crustaceans"]),
        ("taqueria", "es", "mi hijo tiene alergia a los huevos y a la soja", ["egg", "soy"]),
        ("taqueria", "es", "es intolerante a la leche", ["milk"]),
        ("taqueria", "es", "no puedo comer frutos secos", ["nuts"]),
        ("taqueria", "es", "soy celíaco", ["gluten"]),
        ("taqueria", "es", "soy alérgico a la piña", ["pina"]),
    ],
)
def test_an_allergy_is_noted_and_nothing_ordered(place: str, language: str, text: str, noted: list[str]) -> None:
    talker = Talker(place, language)
    found = talker.says(text)
    assert sorted(talker.cart.allergies) == noted
    assert talker.basket == []
    assert found.confidence >= 0.75


@pytest.mark.parametrize("text", ["I'm not allergic to peanuts", "no allergies", "I have no food allergies"])
def test_having_none_is_not_having_one(text: str) -> None:
    talker = Talker("drive_in")
    talker.says(text)
    assert talker.cart.allergies == ()


def test_the_order_around_it_stands() -> None:
    talker = Talker("drive_in")
    talker.says("a hamburger, I'm allergic to mustard and sesame and a large cola")
    assert talker.basket == ["1 hamburger", "1 large cola"]
    assert talker.cart.allergies == ("mustard", "sesame")


def test_left_out_for_an_allergy() -> None:
    talker = Talker("pizzeria")
    talker.says("a large funghi", "no mozzarella please, I can't have dairy")
    assert talker.basket == ["1 large funghi: mozzarella no"]
    assert talker.cart.allergies == ("milk",)


def test_asking_for_someone_with_an_allergy() -> None:
    talker = Talker("pizzeria")
    found = talker.says("does the garlic bread work with a nut allergy")
    assert [(a.kind, a.value, a.targets) for a in found.acts] == [(ActKind.ASK_ALLERGEN, "nuts", ("garlic_bread",))]
    assert talker.basket == []


def test_leaving_something_out_of_nothing_orders_nothing() -> None:
    talker = Talker("pizzeria")
    talker.says("no stuffed crust")
    assert talker.basket == []
