"""What one utterance puts into an empty cart."""

from __future__ import annotations

import pytest

from tests.unit.orders.understanding.kitchen import Talker

PIZZAS = [
    ("a margherita", ["1 margherita"]),
    ("two large pepperoni pizzas", ["2 large pepperoni_pizza"]),
    ("can I get a medium funghi and a lemonade please", ["1 medium funghi", "1 lemonade"]),
    ("large pizza with ham and pineapple", ["1 large build_your_own_pizza: ham, pineapple"]),
    ("I'd like a small ham and mushroom pizza with extra goat cheese no onions",
     ["1 small build_your_own_pizza: goat_cheese extra, ham, mushrooms, onions no"]),
    ("thin crust margherita, light on the basil", ["1 margherita: fresh_basil light, thin_crust"]),
    ("a funghi hold the onions or the ham", ["1 funghi: ham no, onions no"]),
    ("a margherita with olives", ["1 margherita: green_olives|black_olives?"]),
    ("a margherita with green and black olives", ["1 margherita: black_olives, green_olives"]),
    ("a margherita without olives", ["1 margherita: black_olives no, green_olives no"]),
    ("a cola and a pie with mushrooms", ["1 coca_cola", "1 build_your_own_pizza: mushrooms"]),
    ("a bottle of coke", ["1 bottle coca_cola"]),
    ("garlic bread two lemonades and a tea", ["1 garlic_bread", "2 lemonade", "1 green_tea | black_tea"]),
    ("half a dozen lemonades", ["6 lemonade"]),
    ("twenty five lemonades", ["25 lemonade"]),
    ("a large funghi with the works", ["1 large funghi: ham, mushrooms, onions"]),
    ("a big margherita", ["1 large margherita"]),
    ("a margherita with onions on the side", ["1 margherita: onions side"]),
    ("a funghi with everything but onions", ["1 funghi: ham, mushrooms, onions no"]),
    ("a large order of garlic bread", ["1 garlic_bread"]),
    ("MARGHERITA!!! and, uh, a LEMONADE", ["1 margherita", "1 lemonade"]),
    ("a margerita and a lemonaid", ["1 margherita", "1 lemonade"]),
]  # fmt: skip

PARTS = [
    ("two large pepperoni pizzas one with no onions",
     ["1 large pepperoni_pizza", "1 large pepperoni_pizza: onions no"]),
    ("two large pepperoni pizzas, one with no onions… actually make that three, and a coke",
     ["2 large pepperoni_pizza", "1 large pepperoni_pizza: onions no", "1 coca_cola"]),
    ("three margheritas, two with everything and one plain",
     ["2 margherita: ham, mushrooms, onions", "1 margherita: onions no"]),
    ("two funghi, one small and the other large", ["1 small funghi", "1 large funghi"]),
    ("two funghi a small and a large", ["1 small funghi", "1 large funghi"]),
    ("two margheritas with ham and one with pineapple", ["2 margherita: ham", "1 margherita: pineapple"]),
    ("a margherita and a funghi both large", ["1 large margherita", "1 large funghi"]),
    ("a large pizza half ham half mushrooms", ["1 large build_your_own_pizza: ham first_half, mushrooms second_half"]),
    ("a large half margherita half funghi", ["1 large margherita / funghi"]),
    ("a funghi with ham on one half", ["1 funghi: ham first_half"]),
    ("three funghi, one with ham, one with no mushrooms", ["1 funghi", "1 funghi: ham", "1 funghi: mushrooms no"]),
    ("three large pizzas, two margherita and one funghi", ["2 large margherita", "1 large funghi"]),
    ("large pepperoni, medium funghi and a small margherita",
     ["1 large pepperoni_pizza", "1 medium funghi", "1 small margherita"]),
    ("three pizzas: a margherita, a funghi and a pepperoni", ["1 margherita", "1 funghi", "1 pepperoni_pizza"]),
]  # fmt: skip

CORRECTIONS = [
    ("two no wait three lemonades", ["3 lemonade"]),
    ("a large sorry a medium margherita", ["1 medium margherita"]),
    ("a margherita with ham I mean pineapple", ["1 margherita: pineapple"]),
    ("a lemonade no sorry a green tea", ["1 green_tea"]),
    ("two lemonades actually make it four", ["4 lemonade"]),
    ("a large no medium funghi", ["1 medium funghi"]),
]

BURGERS = [
    ("number one large with a cola", ["1 hamburger [combo_1 large cola]"]),
    (
        "a number two combo with onion rings and an orange soda",
        ["1 double_hamburger [combo_2 onion_rings+orange_soda]"],
    ),
    ("two number threes", ["2 crispy_chicken_sandwich [combo_3]"]),
    ("a hamburger meal no pickles", ["1 hamburger [combo_1]: pickles no"]),
    ("twenty nuggets", ["1 n20 nuggets"]),
    ("two ten piece nuggets with ranch", ["2 n10 nuggets: ranch"]),
    ("six nuggets with two barbecue sauces", ["1 n6 nuggets: barbecue_sauce x2"]),
    ("a triple hamburger", ["1 hamburger: beef_patty x3"]),
    ("a double hamburger with mayo", ["1 double_hamburger: mayonnaise"]),
    ("a chicken sandwich", ["1 crispy_chicken_sandwich | grilled_chicken_sandwich"]),
    (
        "a crispy chicken with swiss cheese and a large fries",
        ["1 crispy_chicken_sandwich: swiss", "1 large french_fries"],
    ),
    ("a hamburger with cheese", ["1 hamburger: american|swiss?"]),
    ("large cola no ice", ["1 large cola: ice no"]),
    ("a hamburger with tartar ketchup and two mayos", ["1 hamburger: ketchup, mayonnaise"]),
    ("a combo of a hamburger with a cola", ["1 hamburger [combo_1 cola]"]),
    (
        "a hamburger no pickles no onions and small fries",
        ["1 hamburger: onions no, pickles no", "1 small french_fries"],
    ),
]

TACOS = [
    ("dos tacos al pastor sin cebolla y una horchata", ["2 taco_al_pastor: cebolla no", "1 horchata"]),
    ("quiero una horchata grande y tres tacos de carnitas con salsa verde",
     ["1 grande horchata", "3 taco_de_carnitas: salsa_verde"]),
    ("tres tacos de pescado, dos con todo y uno sin cilantro",
     ["2 taco_de_pescado: cebolla, cilantro", "1 taco_de_pescado: cilantro no"]),
    ("ponme dos no perdón tres quesadillas", ["3 quesadilla"]),
    ("una quesadilla con poca salsa roja y un agua de jamaica",
     ["1 quesadilla: salsa_roja light", "1 agua_de_jamaica"]),
    ("tres tacos, dos al pastor y uno de pescado", ["2 taco_al_pastor", "1 taco_de_pescado"]),
    ("treinta y dos quesadillas por favor", ["32 quesadilla"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "basket"), PIZZAS + PARTS + CORRECTIONS)
def test_pizzeria(text: str, basket: list[str]) -> None:
    talker = Talker("pizzeria")
    talker.says(text)
    assert talker.basket == basket


@pytest.mark.parametrize(("text", "basket"), BURGERS)
def test_drive_in(text: str, basket: list[str]) -> None:
    talker = Talker("drive_in")
    talker.says(text)
    assert talker.basket == basket


@pytest.mark.parametrize(("text", "basket"), TACOS)
def test_taqueria_in_spanish(text: str, basket: list[str]) -> None:
    talker = Talker("taqueria", "es")
    talker.says(text)
    assert talker.basket == basket


def test_spanish_names_in_english_speech() -> None:
    talker = Talker("taqueria", "en")
    talker.says("two tacos al pastor with no cebolla and a large horchata")
    assert talker.basket == ["2 taco_al_pastor: cebolla no", "1 grande horchata"]


def test_an_option_goes_to_the_item_that_offers_it() -> None:
    talker = Talker("pizzeria")
    talker.says("a margherita and a lemonade with extra mushrooms")
    assert talker.basket == ["1 margherita: mushrooms extra", "1 lemonade"]


def test_declining_an_amount_leaves_the_line_as_sold() -> None:
    talker = Talker("pizzeria")
    understood = talker.says("a margherita with no extra mozzarella")
    assert talker.basket == ["1 margherita"]
    assert [r.value for r in understood.readings if r.kind == "declined"] == ["L1|cheeses|mozzarella|extra"]
