"""The cart as people read it."""

from __future__ import annotations

import msgspec
import pytest

from orders.cart import apply_edits
from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    Half,
    Line,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    Portion,
    SlotChoice,
)
from orders.cart_view import CartView, cart_view
from orders.money import money_text
from orders.wording import Wording
from restaurants.menu import Menu
from tests.unit.orders.sample_menu import MENU

BEANS = OptionChoice("sides", "beans")


def view(*edits: CartEdit, language: str = "en", menu: Menu = MENU) -> CartView:
    applied = apply_edits(Cart(), edits, menu)
    return cart_view(applied.cart, menu, language=language, problems=applied.problems)


@pytest.mark.parametrize(
    ("choice", "english", "spanish"),
    [
        (OptionChoice("toppings", "ham"), "Ham", "Jamón"),
        (OptionChoice("toppings", "ham", "no"), "no ham", "sin jamón"),
        (OptionChoice("toppings", "cheese", "extra"), "extra cheese", "extra queso"),
        (OptionChoice("toppings", "cheese", "side"), "cheese on the side", "queso aparte"),
        (OptionChoice("sauce", "bbq", "no"), "no BBQ sauce", "sin BBQ sauce"),
        (OptionChoice("shots", "vanilla", count=2), "2 × Vanilla", "2 × Vanilla"),
        (
            OptionChoice("toppings", "olives", "light", 1, Portion.SECOND_HALF),
            "light olives on the second half",
            "poco aceitunas en la segunda mitad",
        ),
    ],
)
def test_options_read_as_a_phrase(choice: OptionChoice, english: str, spanish: str) -> None:
    assert Wording(MENU, "en").option(choice) == english
    assert Wording(MENU, "es").option(choice) == spanish


@pytest.mark.parametrize(
    ("line", "english", "spanish", "kitchen"),
    [
        (Line("L1", "plain", variation="large"), "Large Plain pizza", "Pizza sencilla grande", "Large Plain pizza"),
        (Line("L1", "tea"), "Tea", "Tea", "Tea"),
        (
            Line("L1", "plain", variation="small", halves=(Half("plain"), Half("fancy"))),
            "Small half Plain pizza, half Fancy pizza",
            "mitad Pizza sencilla, mitad Fancy pizza pequeña",
            "Small half Plain pizza, half Fancy pizza",
        ),
        (
            Line("L1", "burger", combo=LineCombo("meal", "large")),
            "Large Burger meal",
            "Burger meal grande",
            "BRG (Large Burger meal)",
        ),
    ],
)
def test_titles(line: Line, english: str, spanish: str, kitchen: str) -> None:
    assert Wording(MENU, "en").title(line) == english
    assert Wording(MENU, "es").title(line) == spanish
    assert Wording.for_kitchen(MENU).title(line) == kitchen


def test_an_unknown_language_and_unknown_ids_still_read() -> None:
    assert Wording(MENU, "tlh").title(Line("L1", "plain", variation="large")) == "Large Plain pizza"
    assert Wording(MENU, "en").title(Line("L1", "gone", variation="gone")) == "gone"
    assert Wording(MENU, "en").option(OptionChoice("gone", "gone", "gone")) == "gone gone"


def test_amounts_and_parts() -> None:
    parts = (SlotChoice("drink", "tea"),)
    (line,) = view(AddLine(item="burger", quantity=2, combo=LineCombo("meal", "large", parts), options=(BEANS,))).lines
    assert (line.title, line.unit_text, line.total_text) == ("Large Burger meal", "$13.80", "$27.60")
    assert [(part.label, part.name, part.price_text) for part in line.parts] == [
        ("Drink", "Pot Tea", "$0.30"),
        ("Side", "Small Fries", ""),
    ]
    assert [(option.text, option.price_text, option.is_left_out) for option in line.modifiers] == [("Beans", "", False)]


def test_halves_keep_their_own_options() -> None:
    ham = OptionChoice("toppings", "ham")
    halves = (Half("plain", (ham,)), Half("fancy"))
    (line,) = view(
        AddLine(item="plain", variation="small", halves=halves, options=(OptionChoice("sauce", "white"),))
    ).lines
    assert [option.text for option in line.modifiers] == ["White sauce"]
    assert [(part.name, [option.text for option in part.modifiers]) for part in line.parts] == [
        ("Plain pizza", ["Ham"]),
        ("Fancy pizza", []),
    ]


def test_problems_name_what_to_choose_from() -> None:
    shown = view(AddLine(item="plain"), AddLine(item="burger"), language="es")
    size, side = shown.problems
    assert (size.text, [(c.id, c.name) for c in size.candidates]) == (
        "Elija un tamaño",
        [("small", "Pequeña"), ("large", "Grande")],
    )
    assert (side.group_name, [c.name for c in side.candidates]) == ("Sides", ["Slaw", "Beans"])
    assert [line.needs_answer for line in shown.lines] == [True, True]
    assert (shown.can_order, shown.is_complete) == (False, False)


def test_combo_questions_are_named_too() -> None:
    shown = view(AddLine(item="burger", combo=LineCombo("meal"), options=(BEANS,)))
    assert [c.name for c in shown.problems[0].candidates] == ["Coffee", "Tea"]


def test_allergens_that_are_known_are_shown_and_no_others() -> None:
    shown = view(
        AddLine(item="plain", variation="small"),
        AddLine(item="fancy", variation="small"),
        NoteAllergy(allergen="nuts"),
        language="es",
    )
    assert [[(a.name, a.status) for a in line.allergens] for line in shown.lines] == [
        [("leche", "contains")],
        [("frutos secos", "may_contain")],
    ]
    assert shown.allergies == ("frutos secos",)
    assert shown.can_order, "an allergy is told, the customer decides"
    assert not shown.lines[1].needs_answer


def test_totals_and_deals() -> None:
    shown = view(AddLine(item="taco", quantity=3))
    assert (shown.subtotal_text, shown.discount_text, shown.total_text) == ("$10.50", "$1.50", "$9.74")
    assert [(deal.name, deal.times, deal.saved_text) for deal in shown.deals] == [("Three tacos", 1, "$1.50")]


def test_it_goes_over_the_wire_and_back() -> None:
    shown = view(AddLine(item="plain"))
    assert msgspec.json.decode(msgspec.json.encode(shown), type=CartView) == shown


@pytest.mark.parametrize(
    ("cents", "currency", "locale", "text"),
    [
        (1250, "USD", "en-US", "$12.50"),
        (1250, "EUR", "es-ES", "12,50\xa0€"),
        (1250, "JPY", "ja-JP", "￥1,250"),
        (-5, "USD", "en-US", "-$0.05"),
        (1250, "USD", "no such locale", "$12.50"),
    ],
)
def test_money_as_the_restaurant_writes_it(cents: int, currency: str, locale: str, text: str) -> None:
    assert money_text(cents, currency, locale) == text
