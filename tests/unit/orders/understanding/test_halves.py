"""Half this and half that: of two things sold by halves, or of two toppings."""

from __future__ import annotations

import pytest

from tests.unit.orders.understanding.kitchen import Talker

SAID = [
    ("a small half funghi half pepperoni", ["1 small funghi / pepperoni_pizza"]),
    ("half pepperoni and half funghi on stuffed crust medium", ["1 medium pepperoni_pizza / funghi: stuffed_crust"]),
    ("two large pizzas half margherita half pepperoni", ["2 large margherita / pepperoni_pizza"]),
    ("half funghi half margherita large with extra mozzarella", ["1 large funghi / margherita: mozzarella extra"]),
    ("a medium pizza half pepperoni half pineapple",
     ["1 medium build_your_own_pizza: pepperoni first_half, pineapple second_half"]),
    ("a large margherita half pepperoni half ham", ["1 large margherita: ham second_half, pepperoni first_half"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "basket"), SAID)
def test_halves(text: str, basket: list[str]) -> None:
    talker = Talker("pizzeria")
    talker.says(text)
    assert talker.basket == basket


def test_what_is_said_of_one_half_stays_on_it() -> None:
    talker = Talker("pizzeria")
    talker.says("half margherita with ham half funghi with pineapple small")
    (line,) = talker.cart.lines
    assert [[option.option for option in half.options] for half in line.halves] == [["ham"], ["pineapple"]]
    assert (line.variation, line.options) == ("small", ())
