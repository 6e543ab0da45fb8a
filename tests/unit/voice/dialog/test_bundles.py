"""Bundles by their name, and sizes that are containers."""

import pytest

from orders.cart_types import Line, OptionChoice
from restaurants.menu import Category, GroupLink, Item, Menu, ModifierGroup, Option, Preset, PresetChoice, Variation
from voice.dialog.names import Names

BUILD = ("lettuce", "tomato", "onion", "pickles")
MENU = Menu(
    name="Grill",
    slug="grill",
    languages=("en", "es"),
    categories=(Category("food", "Food"),),
    modifier_groups=(ModifierGroup("build", "Build", tuple(Option(name, name.title()) for name in BUILD)),),
    items=(
        Item("burger", "Burger", "food", 500, modifier_groups=(GroupLink("build"),)),
        Item(
            "cola",
            "Coke",
            "food",
            variations=(
                Variation("can", "Can", 150, {"es": "Lata"}),
                Variation("bottle", "Two-liter bottle", 400, {"es": "Botella de dos litros"}),
            ),
        ),
    ),
    presets=(
        Preset("works", "The works", tuple(PresetChoice("build", name) for name in BUILD), {"es": "Con todo"}),
        Preset("plain", "Plain", tuple(PresetChoice("build", name, "no") for name in BUILD), {"es": "Sola"}),
    ),
)


def said(language: str, *amounts: str) -> str:
    choices = [OptionChoice("build", name, amount) for name, amount in zip(BUILD, amounts, strict=True)]
    return ", ".join(Names(MENU, language).options(choices))


@pytest.mark.parametrize(
    ("amounts", "english", "spanish"),
    [
        (("regular",) * 4, "with the works", "con todo"),
        (("no",) * 4, "plain", "sola"),
        (("regular", "no", "regular", "regular"), "with the works, without tomato", "sin tomato, con todo"),
        (
            ("regular", "no", "no", "regular"),
            "with lettuce and pickles, without tomato and onion",
            "con lettuce y pickles, sin tomato y onion",
        ),
        (
            ("extra", "regular", "regular", "regular"),
            "with extra lettuce, tomato, onion and pickles",
            "con extra de lettuce, tomato, onion y pickles",
        ),
    ],
)
def test_a_bundle_is_said_by_its_name(amounts: tuple[str, ...], english: str, spanish: str) -> None:
    assert said("en", *amounts) == english
    assert said("es", *amounts) == spanish


@pytest.mark.parametrize(
    ("size", "count", "english", "spanish"),
    [
        ("can", 1, "one can of Coke", "lata de Coke"),
        ("can", 2, "two cans of Coke", "dos latas de Coke"),
        ("bottle", 1, "one two-liter bottle of Coke", "botella de dos litros de Coke"),
        ("bottle", 3, "three two-liter bottles of Coke", "tres botellas de dos litros de Coke"),
    ],
)
def test_a_container_holds_the_drink(size: str, count: int, english: str, spanish: str) -> None:
    line = Line("L1", "cola", count, size)
    assert Names(MENU, "en").title(line) == english
    assert Names(MENU, "es").title(line) == spanish
