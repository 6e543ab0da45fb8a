"""Which line of the basket the customer means: by what it is like, by its place, by its kind."""

from __future__ import annotations

import pytest

from orders.cart import apply_edits
from orders.cart_types import Cart
from orders.understanding import compile_menu
from restaurants.menu_format import parse_menu
from tests.unit.orders.understanding.kitchen import Talker, brief, group, item

DESCRIBED = [
    (["two funghi and a funghi without ham", "put extra mushrooms on the one without ham"],
     ["2 funghi", "1 funghi: ham no, mushrooms extra"]),
    (["a funghi with pineapple and a funghi", "make the one with pineapple large"],
     ["1 large funghi: pineapple", "1 funghi"]),
    (["a margherita with the works and a margherita", "take off the one with the works"], ["1 margherita"]),
    (["a large funghi, a small margherita and a medium pepperoni pizza", "make the small one a medium"],
     ["1 large funghi", "1 medium margherita", "1 medium pepperoni_pizza"]),
    (["a large funghi, a small margherita and a lemonade", "can you change the large pizza to a small"],
     ["1 small funghi", "1 small margherita", "1 lemonade"]),
    (["a large funghi and a medium margherita", "no onions on the large one"],
     ["1 large funghi: onions no", "1 medium margherita"]),
    (["a large funghi with ham and a medium funghi with ham", "remove the ham from the large one"],
     ["1 large funghi", "1 medium funghi: ham"]),
]  # fmt: skip

IN_PLACE = [
    (["a medium pepperoni pizza", "make the pepperoni a large"], ["1 large pepperoni_pizza"]),
    (["three funghi and a coke", "make the first funghi a large"], ["1 large funghi", "2 funghi", "1 coca_cola"]),
    (["a funghi, a margherita and a lemonade", "take out the second pizza"], ["1 funghi", "1 lemonade"]),
    (["a funghi with ham, a funghi with onions and a lemonade", "delete the second funghi"],
     ["1 funghi: ham", "1 lemonade"]),
    (["a lemonade, a funghi and a margherita", "make the first pizza large"],
     ["1 lemonade", "1 large funghi", "1 margherita"]),
    (["a lemonade, a funghi and a margherita", "remove the second item"], ["1 lemonade", "1 margherita"]),
    (["three lemonades and a funghi", "drop the third lemonade"], ["2 lemonade", "1 funghi"]),
    (["a lemonade and two funghi", "add ham to the second pizza"], ["1 lemonade", "1 funghi", "1 funghi: ham"]),
    (["a funghi and a lemonade", "remove the fifth pizza"], ["1 funghi", "1 lemonade"]),
]  # fmt: skip

KINDS = [
    (["a funghi, a lemonade and a coke", "take off the drinks"], ["1 funghi"]),
    (["a funghi, a lemonade and a coke", "remove both beverages"], ["1 funghi"]),
    (["a funghi, a large margherita and a coke", "drop all the pizzas"], ["1 coca_cola"]),
    (["a funghi, a margherita and a coke", "add ham to both pizzas"],
     ["1 funghi: ham", "1 margherita: ham", "1 coca_cola"]),
    (["garlic bread and a coke", "lose the sides"], ["1 coca_cola"]),
    (["a large funghi and a coke", "make the pizza a small"], ["1 small funghi", "1 coca_cola"]),
    (["a large funghi and a coke", "no ham on the pizza"], ["1 large funghi: ham no", "1 coca_cola"]),
    (["a pizza with ham, a funghi and a coke", "make the pizza large"],
     ["1 large build_your_own_pizza: ham", "1 funghi", "1 coca_cola"]),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "basket"), [*DESCRIBED, *IN_PLACE, *KINDS])
def test_lines_by_description(turns: list[str], basket: list[str]) -> None:
    talker = Talker("pizzeria")
    talker.says(*turns)
    assert talker.basket == basket


SPANISH = [
    (["una horchata y dos tacos de carnitas", "quita las bebidas"], ["2 taco_de_carnitas"]),
    (["una horchata mediana y una jamaica grande", "cambia la mediana a grande"],
     ["1 grande horchata", "1 grande agua_de_jamaica"]),
    (["un taco de carnitas, una horchata y un taco al pastor", "quita el segundo taco"],
     ["1 taco_de_carnitas", "1 horchata"]),
    (["un taco al pastor y un taco al pastor sin cebolla", "ponle cilantro al de sin cebolla"],
     ["1 taco_al_pastor", "1 taco_al_pastor: cebolla no, cilantro"]),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "basket"), SPANISH)
def test_lines_by_description_in_spanish(turns: list[str], basket: list[str]) -> None:
    talker = Talker("taqueria", "es")
    talker.says(*turns)
    assert talker.basket == basket


COMBOS = [
    (["a number two with a cola", "make the cola an orange soda"], ["1 double_hamburger [combo_2 orange_soda]"]),
    (["a number two with a cola", "swap the fries for onion rings"], ["1 double_hamburger [combo_2 cola+onion_rings]"]),
    (["a number two with a cola", "orange soda instead of the cola"], ["1 double_hamburger [combo_2 orange_soda]"]),
    (["a number two with a cola and a milkshake", "change the cola to an orange soda"],
     ["1 double_hamburger [combo_2 orange_soda]", "1 milkshake"]),
    (["a cola and nuggets", "make the cola an orange soda"], ["1 orange_soda", "1 nuggets"]),
    (["a number two with a cola", "make it a large"], ["1 double_hamburger [combo_2 large cola]"]),

    (["a number two and a milkshake", "remove the combo"], ["1 milkshake"]),
    (["a number two and a milkshake", "no pickles on the combo"],
     ["1 double_hamburger [combo_2]: pickles no", "1 milkshake"]),
]  # fmt: skip

SAME = [
    (["a large cola and a hamburger", "same but small"], ["1 large cola", "1 hamburger", "1 small cola"]),
    (["a hamburger without onions and fries", "same but with tomato"],
     ["1 hamburger: onions no", "1 french_fries", "1 hamburger: onions no, tomato"]),
    (["a cola and nuggets", "the same but with no ice"], ["1 cola", "1 nuggets", "1 cola: ice no"]),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "basket"), [*COMBOS, *SAME])
def test_what_is_in_a_combo_and_what_is_the_same(turns: list[str], basket: list[str]) -> None:
    talker = Talker("drive_in")
    talker.says(*turns)
    assert talker.basket == basket


HOW_MANY = [
    ("pizzeria", "en", ["a lemonade, a coke and a funghi", "actually two lemonades"],
     ["2 lemonade", "1 coca_cola", "1 funghi"]),
    ("pizzeria", "en", ["a lemonade and a funghi", "no, three lemonades"], ["3 lemonade", "1 funghi"]),
    ("pizzeria", "en", ["a lemonade and a funghi", "make it four lemonades"], ["4 lemonade", "1 funghi"]),
    ("pizzeria", "en", ["a lemonade and a funghi", "and two lemonades"], ["1 lemonade", "1 funghi", "2 lemonade"]),
    ("pizzeria", "en", ["a small funghi and a large funghi", "actually three small funghi"],
     ["3 small funghi", "1 large funghi"]),
    ("taqueria", "es", ["una horchata y una quesadilla", "que sean cuatro horchatas"], ["4 horchata", "1 quesadilla"]),
    ("taqueria", "es", ["un taco de pescado y una horchata", "perdón, dos tacos de pescado"],
     ["2 taco_de_pescado", "1 horchata"]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "language", "turns", "basket"), HOW_MANY)
def test_a_number_of_what_is_there_corrects_it(place: str, language: str, turns: list[str], basket: list[str]) -> None:
    talker = Talker(place, language)
    talker.says(*turns)
    assert talker.basket == basket


ONCE = [
    ("en", "three tacos, two with cilantro and one with no cilantro", "carnitas",
     ["2 taco_de_carnitas: cilantro", "1 taco_de_carnitas: cilantro no"]),
    ("es", "dos tacos con cebolla y un taco con cilantro", "de pescado",
     ["2 taco_de_pescado: cebolla", "1 taco_de_pescado: cilantro"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "order", "answer", "basket"), ONCE)
def test_one_answer_settles_lines_of_the_same_kind(language: str, order: str, answer: str, basket: list[str]) -> None:
    talker = Talker("taqueria", language)
    talker.says(order)
    talker.answers(answer)
    assert talker.basket == basket


ASIDE = [
    ("add extra ham to the funghi", ["1 small funghi: ham extra", "1 margherita"]),
    ("put ham on the small one", ["1 small funghi: ham", "1 margherita"]),
    ("put ham on the first one", ["1 small funghi: ham", "1 margherita"]),
    ("no ham on the funghi", ["1 small funghi: ham no", "1 margherita"]),
    ("the funghi with ham please", ["1 small funghi: ham", "1 margherita"]),
]


@pytest.mark.parametrize(("text", "basket"), ASIDE)
def test_a_line_named_while_another_is_asked_about(text: str, basket: list[str]) -> None:
    talker = Talker("pizzeria")
    talker.says("a small funghi and a margherita")
    talker.answers(text)
    assert talker.basket == basket


def test_the_size_that_answers_is_no_description() -> None:
    talker = Talker("pizzeria")
    talker.says("a large funghi and a small margherita", "make it the large one")
    assert talker.basket == ["1 large funghi", "1 large margherita"]


DOUBTFUL = [
    ("make the small one a medium", ["a large funghi"]),
    ("make it large", ["a lemonade"]),
]


@pytest.mark.parametrize(("text", "before"), DOUBTFUL)
def test_what_fits_no_line_is_not_believed(text: str, before: list[str]) -> None:
    talker = Talker("pizzeria")
    talker.says(*before)
    assert talker.says(text).confidence < 0.75


DELI = {
    "name": "Deli",
    "slug": "deli",
    "modifier_groups": [group("on", "On it", ["Hummus", "Feta"])],
    "items": [item("Falafel Wrap", "Wraps", "on"), item("Hummus", "Sides"), item("Iced Tea", "Drinks")],
}


@pytest.mark.parametrize(
    ("text", "basket"),
    [
        ("add hummus to the wrap", ["1 falafel_wrap: hummus", "1 iced_tea"]),
        ("and a hummus", ["1 falafel_wrap", "1 iced_tea", "1 hummus"]),
    ],
)
def test_what_is_also_sold_by_itself_goes_where_it_is_said_to_go(text: str, basket: list[str]) -> None:
    menu = parse_menu(DELI)
    ears, cart = compile_menu(menu, "en"), Cart()
    for said in ("a falafel wrap and an iced tea", text):
        cart = apply_edits(cart, ears.understand(said, cart).edits, menu).cart
    assert [brief(line) for line in cart.lines] == basket
