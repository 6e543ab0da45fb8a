"""What is derived from bare names, what the recogniser is told, and which names collide."""

from __future__ import annotations

import pytest

from orders.understanding import collisions, compile_menu, compiled
from restaurants.menu_format import parse_menu
from tests.unit.orders.understanding.kitchen import group, item, menu_of, understander

DELI = {
    "name": "Deli",
    "slug": "deli",
    "modifier_groups": [
        group(
            "toppings",
            "Toppings",
            ["Romaine Lettuce", "Roma Tomatoes", "Pepper Jack", "Swiss", "Honey Mustard", "Whole Milk Ricotta"],
        ),
        group("milk", "Milk", ["Oat", "Whole Milk", "Nonfat Milk"]),
    ],
    "items": [
        item("Smoked Turkey and Avocado", "Sandwiches", "toppings"),
        item("Roast Beef", "Sandwiches", "toppings"),
        item("Tuna Melt", "Sandwiches", "toppings"),
        item("Flat White", "Coffee", "milk", sizes=("8 oz", "12 oz", "16 oz")),
        item("Coca-Cola", "Drinks"),
        item("Sparkling Mineral Water", "Drinks"),
    ],
}

SAID = [
    ("a turkey avocado sandwich", "smoked_turkey_and_avocado"),
    ("a smoked turkey", "smoked_turkey_and_avocado"),
    ("roast beef sub", "roast_beef"),
    ("tunas", "tuna_melt"),
    ("a coke", "coca_cola"),
    ("two coca colas", "coca_cola"),
    ("a mineral water", "sparkling_mineral_water"),
    ("flatwhite", "flat_white"),
    ("twelve ounce flat white", "flat_white"),
]


@pytest.mark.parametrize(("text", "wanted"), SAID)
def test_bare_names_are_found_as_people_say_them(text: str, wanted: str) -> None:
    from orders.cart_types import AddLine, Cart

    edits = compile_menu(parse_menu(DELI)).understand(text, Cart()).edits
    assert [edit.item for edit in edits if isinstance(edit, AddLine)] == [wanted]


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("a roast beef with lettuce", "romaine_lettuce"),
        ("a roast beef with pepperjack cheese", "pepper_jack"),
        ("a roast beef with swiss cheese", "swiss"),
        ("a roast beef with tomato", "roma_tomatoes"),
        ("an oat milk flat white", "oat"),
        ("a flat white with skim milk", "nonfat_milk"),
    ],
)
def test_options_too(text: str, option: str) -> None:
    from orders.cart_types import AddLine, Cart

    edits = compile_menu(parse_menu(DELI)).understand(text, Cart()).edits
    assert [choice.option for edit in edits if isinstance(edit, AddLine) for choice in edit.options] == [option]


def test_phrases_are_spoken_words_with_ids() -> None:
    phrases = {(p.text, p.kind, p.ref) for p in understander("drive_in").phrases()}
    assert ("french fries", "item", ("french_fries", "")) in phrases
    assert ("hamburgers", "item", ("hamburger", "")) in phrases
    assert ("mayo", "option", ("build", "mayonnaise")) in phrases
    assert ("twenty pieces", "variation", ("nuggets", "n20")) in phrases
    assert ("number two", "combo", ("combo_2", "")) in phrases
    assert not any(c.isdigit() for text, _, _ in phrases for c in text)


def test_vocabulary_has_the_words_of_menu_and_language() -> None:
    words = understander("pizzeria").vocabulary()
    assert {"margherita", "pepperoni", "without", "three", "actually"} <= words


def test_collisions_are_told_apart_by_kind() -> None:
    menu = parse_menu(
        {
            "name": "Clash",
            "slug": "clash",
            "items": [
                item("Club", "Food", aliases=["house"]),
                item("House", "Food"),
                item("House Salad", "Food"),
                item("Sushi Roll", "Food"),
                item("Sushi Rol", "Food"),
            ],
        }
    )
    found = {(c.kind, c.text, c.severity) for c in collisions(menu)}
    assert ("exact", "house", "question") in found
    assert ("prefix", "house", "note") in found
    assert any(kind == "phonetic" for kind, _, _ in found)
    assert collisions(menu_of("taqueria")) == ()


def test_compiled_menus_are_kept_by_version() -> None:
    menu = parse_menu(DELI, version="7")
    assert compiled(menu) is compiled(menu)
    assert compiled(menu, "es") is not compiled(menu)
    assert compiled(parse_menu(DELI, version="8")) is not compiled(menu)
