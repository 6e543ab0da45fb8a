"""The sentences the language model learns from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from restaurants.menu import Item, Menu
from tests.unit.voice.engines.small_menu import MENU
from voice.engines.embedded.phrases import OrderSampler
from voice.engines.embedded.wording import wording_for


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    return [" ".join(words) for words in OrderSampler(MENU, "en").sentences(12_000)]


def test_the_same_menu_gives_the_same_sentences() -> None:
    assert list(OrderSampler(MENU, "en").sentences(50)) == list(OrderSampler(MENU, "en").sentences(50))


@pytest.mark.parametrize(
    "part",
    [
        "two large pepperoni pizzas",
        "no onions",
        "extra mushrooms",
        "onions on the side",
        "half mushrooms half",
        "coca cola",
        "number three",
        "bbq wings and fries",
        "make that three",
        "what's my total",
        "how much is the horchata",
        "remove the",
        "talk to a person",
        "yes please",
    ],
)
def test_what_people_say_is_among_them(sentences: list[str], part: str) -> None:
    assert any(part in sentence for sentence in sentences)


def test_other_languages_stay_out(sentences: list[str]) -> None:
    assert not any("refresco" in sentence for sentence in sentences)


def test_sentences_are_words_only(sentences: list[str]) -> None:
    assert all(word.replace("'", "").isalpha() and word.isascii() for text in sentences for word in text.split())


def test_articles_agree(sentences: list[str]) -> None:
    assert not any("i get a onion" in text or "i get an coke" in text for text in sentences)


@pytest.mark.parametrize(
    "menu",
    [
        Menu("Empty", "empty"),
        Menu("Bare", "bare", items=(Item("tea", "Tea", "drinks"),)),
        Menu("Odd", "odd", items=(Item("odd", "💥 \u202e", "x"), Item("long", "so " * 3_000, "x"))),
        replace(MENU, modifier_groups=(), items=tuple(replace(i, modifier_groups=()) for i in MENU.items)),
    ],
)
def test_every_menu_gives_sentences(menu: Menu) -> None:
    assert len(list(OrderSampler(menu, "en").sentences(200))) > 100


def test_a_language_without_wording_is_refused() -> None:
    with pytest.raises(ValueError, match="'tlh'"):
        wording_for("tlh")
