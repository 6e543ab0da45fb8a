"""What is told about the names of a menu when it is published."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from orders.name_report import refusals, warnings
from restaurants.menu import Menu
from restaurants.menu_format import parse_menu
from tests.unit.orders.understanding.kitchen import group, item

DEMOS = [entry for entry in resources.files("restaurants.demo").iterdir() if entry.name.endswith(".json")]


def menu_with(*items: dict[str, object], groups: tuple[dict[str, object], ...] = (), **more: object) -> Menu:
    return parse_menu({"name": "Clash", "slug": "clash", "items": list(items), "modifier_groups": list(groups), **more})


def test_two_things_of_one_name_block_the_publish() -> None:
    menu = menu_with(item("House Salad", "Starters"), {**item("House salad", "Mains"), "id": "other"})
    (told,) = refusals(menu)
    assert "House Salad (Starters) and House salad (Mains)" in told
    assert "rename one" in told


def test_an_alias_of_two_dishes_costs_a_question_but_blocks_nothing() -> None:
    menu = menu_with(item("Club", "Food", aliases=["house"]), item("Bistro", "Food", aliases=["house"]))
    assert refusals(menu) == ()
    (told,) = warnings(menu)
    assert told == "en: “house” may mean Club (Food) and Bistro (Food). Whoever says only that is asked which one."


def test_what_the_order_settles_is_not_told() -> None:
    menu = menu_with(
        item("Guacamole", "Sides"),
        item("Taco", "Tacos", "toppings"),
        groups=(group("toppings", "Toppings", ["Guacamole", "Cheese"]),),
    )
    assert (refusals(menu), warnings(menu)) == ((), ())


def test_one_sentence_for_all_languages() -> None:
    menu = menu_with(
        item("Club", "Food", aliases=["house"]), item("Bistro", "Food", aliases=["house"]), languages=["en", "es"]
    )
    (told,) = warnings(menu)
    assert told.startswith("en, es: “house”")


def test_names_that_sound_alike_are_told() -> None:
    (told,) = warnings(menu_with(item("Sushi Roll", "Food"), item("Sushi Rol", "Food")))
    assert "sound alike" in told


@pytest.mark.parametrize("demo", DEMOS, ids=lambda entry: entry.name)
def test_the_demo_menus_can_be_published(demo: resources.abc.Traversable) -> None:
    assert refusals(parse_menu(json.loads(demo.read_text("utf-8")))) == ()
