"""Utterances about a cart that is there: changes, references, answers."""

from __future__ import annotations

import pytest

from orders.understanding.types import ActKind, Expectation
from tests.unit.orders.understanding.kitchen import Talker

CHANGES = [
    (["two lemonades", "make that three"], ["3 lemonade"]),
    (["two large pepperoni pizzas one with no onions", "actually make that three and a coke"],
     ["2 large pepperoni_pizza", "1 large pepperoni_pizza: onions no", "1 coca_cola"]),
    (["a margherita", "make it large", "with extra ham"], ["1 large margherita: ham extra"]),
    (["a margherita with ham", "no ham"], ["1 margherita: ham no"]),
    (["a margherita with ham", "take off the ham"], ["1 margherita"]),
    (["a margherita and a funghi", "add ham to the margherita"], ["1 margherita: ham", "1 funghi"]),
    (["a margherita and a lemonade", "extra mushrooms"], ["1 margherita: mushrooms extra", "1 lemonade"]),
    (["a margherita and a lemonade", "remove the margherita"], ["1 lemonade"]),
    (["three lemonades", "remove one of the lemonades"], ["2 lemonade"]),
    (["a margherita and a lemonade", "cancel that"], ["1 margherita"]),
    (["a large margherita with ham", "change that to a funghi"], ["1 large funghi: ham"]),
    (["a margherita and a lemonade", "change the lemonade to a green tea"], ["1 margherita", "1 green_tea"]),
    (["a margherita with ham", "change the ham to pineapple"], ["1 margherita: pineapple"]),
    (["a margherita with ham", "pineapple instead of ham"], ["1 margherita: pineapple"]),
    (["a lemonade", "a green tea instead"], ["1 green_tea"]),
    (["a small margherita", "same but no onions"], ["1 small margherita", "1 small margherita: onions no"]),
    (["a small margherita", "another one"], ["1 small margherita", "1 small margherita"]),
    (["a margherita and a funghi", "make both large"], ["1 large margherita", "1 large funghi"]),
    (["a margherita and a funghi", "no onions on any of them"], ["1 margherita: onions no", "1 funghi: onions no"]),
    (["a margherita and a funghi", "make the first one large"], ["1 large margherita", "1 funghi"]),
    (["two margheritas", "one of them with ham"], ["1 margherita", "1 margherita: ham"]),
    (["two margheritas", "make one of them large"], ["1 margherita", "1 large margherita"]),
    (["a margherita", "remove the margherita and add a funghi"], ["1 funghi"]),
    (["a margherita", "I don't want any ham on it"], ["1 margherita: ham no"]),
    (["a margherita", "start over"], []),
    (["a lemonade", "can I get two margheritas", "make it three"], ["1 lemonade", "3 margherita"]),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "basket"), CHANGES)
def test_changes(turns: list[str], basket: list[str]) -> None:
    talker = Talker("pizzeria")
    talker.says(*turns)
    assert talker.basket == basket


MEALS = [
    (["a hamburger", "make it a meal", "with a cola", "and fries"], ["1 hamburger [combo_1 cola+french_fries]"]),
    (["a hamburger and make it a large combo with an orange soda"], ["1 hamburger [combo_1 large orange_soda]"]),
    (["a number one with a cola", "make it large"], ["1 hamburger [combo_1 large cola]"]),
    (["six nuggets with a ranch", "add two ranch"], ["1 n6 nuggets: ranch x3"]),
    (["two hamburgers and large fries", "make one of them a combo"],
     ["1 hamburger", "1 hamburger [combo_1]", "1 large french_fries"]),
    (["a number one with a cola", "change my drink to an orange soda"], ["1 hamburger [combo_1 orange_soda]"]),
    (["a crispy chicken sandwich with swiss", "make that grilled"], ["1 grilled_chicken_sandwich: swiss"]),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "basket"), MEALS)
def test_meals(turns: list[str], basket: list[str]) -> None:
    talker = Talker("drive_in")
    talker.says(*turns)
    assert talker.basket == basket


ANSWERS = [
    ("pizzeria", "a margherita", "large", ["1 large margherita"]),
    ("pizzeria", "a margherita", "the large one please", ["1 large margherita"]),
    ("pizzeria", "a margherita", "the second one", ["1 medium margherita"]),
    ("pizzeria", "a margherita", "uh medium and a lemonade", ["1 medium margherita", "1 lemonade"]),
    ("pizzeria", "a small margherita with olives", "black", ["1 small margherita: black_olives"]),
    ("pizzeria", "a small margherita with olives", "both", ["1 small margherita: black_olives, green_olives"]),
    ("pizzeria", "a tea", "the green one", ["1 green_tea"]),
    ("pizzeria", "a tea", "the last one", ["1 black_tea"]),
    ("drive_in", "nuggets", "ten", ["1 n10 nuggets"]),
    ("drive_in", "a chicken sandwich", "grilled", ["1 grilled_chicken_sandwich"]),
]


@pytest.mark.parametrize(("place", "order", "answer", "basket"), ANSWERS)
def test_answers(place: str, order: str, answer: str, basket: list[str]) -> None:
    talker = Talker(place)
    talker.says(order)
    talker.answers(answer)
    assert talker.basket == basket


ACTS = [
    ("yes please", ActKind.YES, ""),
    ("no thanks", ActKind.NO, ""),
    ("that's all", ActKind.DONE, ""),
    ("cancel my order", ActKind.CANCEL_ORDER, ""),
    ("can I speak to a person", ActKind.ASK_PERSON, ""),
    ("what's my total", ActKind.ASK_TOTAL, ""),
    ("what do I have so far", ActKind.REPEAT_ORDER, ""),
    ("hold on", ActKind.HOLD, ""),
    ("undo that", ActKind.UNDO, ""),
    ("is there gluten in the margherita", ActKind.ASK_ALLERGEN, "gluten"),
    ("how much is the garlic bread", ActKind.ASK_PRICE, ""),
    ("what comes on the funghi", ActKind.ASK_CONTENTS, ""),
    ("can I get a lasagna", ActKind.OFF_MENU, "lasagna"),
    ("what kinds of pizzas do you have", ActKind.ASK_MENU, "pizzas"),
    ("whatever", ActKind.NO_PREFERENCE, ""),
    ("does the funghi have nuts", ActKind.ASK_ALLERGEN, "nuts"),
    ("is the funghi vegetarian", ActKind.ASK_CONTENTS, ""),
    ("how much is it", ActKind.ASK_TOTAL, ""),
]


@pytest.mark.parametrize(("text", "kind", "value"), ACTS)
def test_acts(text: str, kind: ActKind, value: str) -> None:
    talker = Talker("pizzeria")
    talker.says("a lemonade")
    understood = talker.says(text)
    assert (kind, value) in [(act.kind, act.value) for act in understood.acts]
    assert talker.basket == ["1 lemonade"]


def test_a_question_names_what_it_is_about() -> None:
    acts = Talker("pizzeria").says("how much is the garlic bread").acts
    assert [act.targets for act in acts] == [("garlic_bread",)]


def test_an_unknown_dish_comes_with_the_nearest_offers() -> None:
    acts = Talker("pizzeria").says("can I have a calzone margarita").acts
    assert all(act.kind is not ActKind.OFF_MENU or act.targets for act in acts)


def test_saying_it_again_with_a_yes_orders_nothing_twice() -> None:
    talker = Talker("pizzeria")
    talker.says("a large margherita")
    talker.says("yes a large margherita", expect=Expectation(confirming=True))
    assert talker.basket == ["1 large margherita"]


def test_a_name_and_a_number_when_asked_for() -> None:
    talker = Talker("pizzeria")
    talker.says("it's Ruth", expect=Expectation(wants="name"))
    talker.says("five five five oh one two three", expect=Expectation(wants="phone"))
    assert talker.cart.customer_name == "Ruth"
    assert talker.cart.customer_phone.startswith("555")


def test_pickup_and_allergies_are_noted() -> None:
    talker = Talker("pizzeria")
    talker.says("a lemonade to go I'm allergic to peanuts")
    assert talker.cart.fulfilment == "pickup"
    assert talker.cart.allergies == ("peanuts",)
    assert talker.basket == ["1 lemonade"]
