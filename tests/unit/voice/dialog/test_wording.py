"""Sentences in every language, and the order in the menu's own words."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from orders.cart_types import Half, Line, LineCombo, OptionChoice, Portion, SlotChoice
from tests.unit.voice.dialog.menus import EUROS, MENU
from voice.dialog import phrases
from voice.dialog.endpointing import learned, silence_ms
from voice.dialog.names import Names
from voice.dialog.phrases import BOOKS, Sentence
from voice.dialog.readback import lines_text

DIALOG = Path(phrases.__file__).parent


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_language_says_everything_with_the_same_values():
    english, *others = (book.TEMPLATES for book in BOOKS.values())
    for other in others:
        assert other.keys() == english.keys()
        # Spanish names no group twice and takes no article: it may use fewer values, never others.
        assert all(placeholders(other[key]) <= placeholders(english[key]) for key in english)


def test_every_template_is_used():
    code = "".join(path.read_text() for path in DIALOG.glob("*.py") if not path.name.startswith("phrases_"))
    built = ("ask_size", "ask_group", "ask_slot", "allergen_", "amount_", "chip_", "say_", "first_half", "second_half")
    assert not [key for key in BOOKS["en"].TEMPLATES if f'"{key}"' not in code and not key.startswith(built)]


def test_an_unknown_language_falls_back_to_english():
    assert phrases.phrase("xx", "ask_more") == "Anything else?"


@pytest.mark.parametrize(
    ("language", "parts", "joined"),
    [
        ("en", ["a"], "a"),
        ("en", ["a", "b", "c"], "a, b or c"),
        ("es", ["uno", "otro"], "uno u otro"),
        ("es", ["pan", "agua"], "pan o agua"),
    ],
)
def test_choices_are_joined_the_way_people_say_them(language, parts, joined):
    assert phrases.one_of(language, parts) == joined


def test_lists_are_joined_the_way_people_say_them():
    assert phrases.all_of("en", ["a", "b", "c"]) == "a, b and c"
    assert phrases.all_of("en", ["a, x", "b", "c"]) == "a, x; b; and c"
    assert phrases.all_of("es", ["agua", "helado"]) == "agua y helado"
    assert phrases.all_of("es", ["agua", "infusión"]) == "agua e infusión"
    assert phrases.all_of("es", ["agua", "hielo"]) == "agua y hielo"


@pytest.mark.parametrize(
    ("language", "count", "noun", "size", "said"),
    [
        ("en", 1, "Coke", "large", "one large Coke"),
        ("en", 3, "pepperoni pizza", "large", "three large pepperoni pizzas"),
        ("en", 2, "sandwich", "", "two sandwiches"),
        ("en", 2, "berry", "", "two berries"),
        ("en", 2, "burger with cheese", "", "two burgers with cheese"),
        ("en", 2, "fries", "", "two fries"),
        ("en", 1, "fries", "small", "small fries"),
        ("en", 13, "taco", "", "13 tacos"),
        ("es", 1, "taco al pastor", "", "taco al pastor"),
        ("es", 3, "taco al pastor", "", "tres tacos al pastor"),
        ("es", 2, "pizza margarita", "grande", "dos pizzas margarita grandes"),
        ("es", 2, "porción de nuez", "", "dos porciones de nuez"),
        ("es", 2, "pez", "", "dos peces"),
    ],
)
def test_quantities_in_front_of_names(language, count, noun, size, said):
    assert phrases.quantity(language, count, noun, size) == said


@pytest.mark.parametrize(
    ("language", "cents", "text", "spoken"),
    [
        ("en", 2450, "$24.50", "24 dollars and 50 cents"),
        ("en", 100, "$1.00", "1 dollar"),
        ("en", 1, "$0.01", "1 cent"),
        ("en", 150_000, "$1,500.00", "1500 dollars"),
        ("es", 2450, "$24.50", "24 dólares con 50 centavos"),
        ("es", 101, "$1.01", "un dólar con un centavo"),
    ],
)
def test_money_is_read_and_said(language, cents, text, spoken):
    assert Names(MENU, language).money(cents) == Sentence(text, spoken)


def test_money_of_the_restaurants_own_locale_and_of_any_currency():
    assert Names(EUROS, "en").money(1250) == Sentence("12,50\xa0€", "12 euros and 50 cents")
    yen = type(MENU)(name="Y", slug="y", currency="JPY", locale="ja-JP")
    assert Names(yen, "en").money(500).spoken == "500 Japanese yen"


def test_a_sentence_has_two_forms_only_where_they_differ():
    said = phrases.sentence("en", "total", total=Sentence("$5.00", "5 dollars"))
    assert said == Sentence("Your total is $5.00.", "Your total is 5 dollars.")
    assert phrases.sentence("en", "ask_more") == Sentence("Anything else?")


def topping(option: str, amount: str = "regular", **rest) -> OptionChoice:
    return OptionChoice("toppings", option, amount, **rest)


LARGE = {"item": "pepperoni", "variation": "l"}


@pytest.mark.parametrize(
    ("lines", "english", "spanish"),
    [
        (
            [Line("L1", **LARGE, quantity=2), Line("L2", **LARGE, options=(topping("onions", "no"),))],
            "three large pepperoni pizzas, one without onions",
            "tres pizzas pepperoni grandes, 1 sin cebolla",
        ),
        (
            [
                Line("L1", **LARGE, options=(topping("cheese"), topping("onions", "no"))),
                Line("L2", **LARGE, options=(topping("cheese", "extra"),)),
            ],
            "two large pepperoni pizzas, one with cheese and without onions, one with extra cheese",
            "dos pizzas pepperoni grandes, 1 con queso y sin cebolla, 1 con extra de queso",
        ),
        (
            [Line("L1", **LARGE, options=(topping("mushrooms", "light"), topping("cheese", "side")))],
            "one large pepperoni pizza with light mushrooms, with cheese on the side",
            "pizza pepperoni grande con un poco de champiñones, con queso aparte",
        ),
        (
            [Line("L1", "burger", options=(OptionChoice("cooking", "well"), OptionChoice("sauce", "bbq")))],
            "one Burger with BBQ sauce, well done",
            "Hamburguesa con salsa BBQ, muy hecha",
        ),
        (
            [Line("L1", **LARGE, options=(topping("onions", portion=Portion.FIRST_HALF),))],
            "one large pepperoni pizza with onions on one half",
            "pizza pepperoni grande con cebolla en una mitad",
        ),
        (
            [Line("L1", **LARGE, halves=(Half("pepperoni"), Half("veggie", (topping("cheese"),))), quantity=2)],
            "two large, half pepperoni pizza, half veggie pizza with cheese",
            "dos pizzas grandes mitad pepperoni, mitad vegetal con queso",
        ),
        (
            [Line("L1", **LARGE, halves=(Half("pepperoni"), Half("veggie")), quantity=2)],
            "two large half pepperoni, half veggie pizzas",
            "dos pizzas grandes mitad pepperoni, mitad vegetal",
        ),
        (
            [Line("L1", **LARGE, halves=(Half("pepperoni"), Half("veggie")))],
            "one large half pepperoni, half veggie pizza",
            "pizza grande mitad pepperoni, mitad vegetal",
        ),
        (
            [
                Line(
                    "L1",
                    "burger",
                    options=(OptionChoice("sauce", "ranch"),),
                    combo=LineCombo("deal", "big", (SlotChoice("drink", "coke", "l"),)),
                )
            ],
            "one large burger deal with large Coke, with ranch",
            "menú hamburguesa large con Coca-Cola grande, con ranchera",
        ),
        ([Line("L1", "nuggets", variation="20")], "chicken nuggets (20 nuggets)", "nuggets de pollo (20 nuggets)"),
        (
            [Line("L1", "nuggets", variation="20", quantity=2)],
            "two chicken nuggets (20 nuggets)",
            "dos nuggets de pollo (20 nuggets)",
        ),
        ([Line("L1", "tea", note="no ice")], "one iced tea, note: no ice", "té helado, nota: no ice"),
        ([Line("L1", "tea", candidates=("tea", "water"))], "one iced tea or still water", "té helado o agua sin gas"),
        (
            [Line("L1", "coke"), Line("L2", "tea"), Line("L3", "coke")],
            "two Cokes and one iced tea",
            "dos Coca-Colas y té helado",
        ),
    ],
)
def test_the_order_in_the_menus_words(lines, english, spanish):
    assert lines_text(lines, Names(MENU, "en")) == english
    assert lines_text(lines, Names(MENU, "es")) == spanish


def test_silences_stay_within_their_bounds():
    assert silence_ms(is_complete=True, is_open=True, habit_ms=0) == 250
    assert silence_ms(is_complete=True, is_open=False, habit_ms=5_000) == 500
    assert silence_ms(is_complete=False, is_open=False, habit_ms=0) == 700
    assert silence_ms(is_complete=False, is_open=False, habit_ms=100) == 500
    assert silence_ms(is_complete=False, is_open=False, habit_ms=5_000) == 1_100
    assert silence_ms(is_complete=False, is_open=True, habit_ms=5_000) == 1_800


def test_a_habit_is_learned_from_pauses_that_mean_something():
    assert learned(0, 400) == 400
    assert learned(400, 800) == 500
    assert learned(400, 20) == 400
    assert learned(400, 60_000) == 400


@pytest.mark.parametrize("language", ["en", "es"])
def test_listening_noises_are_not_words(language):
    assert phrases.is_backchannel(language, "mm" if language == "es" else "uh-huh")
    assert not phrases.is_backchannel(language, "")
    assert not phrases.is_backchannel(language, "mm coke")
    assert phrases.is_assent(language, {"en": "yeah okay", "es": "sí vale"}[language])
