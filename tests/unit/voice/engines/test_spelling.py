"""Menu text as the words people say."""

from __future__ import annotations

import pytest

from voice.engines.embedded.spelling import number_words, plural, singular, spoken_words, starts_with_vowel_sound


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jalapeño Poppers", "jalapeno poppers"),
        ("12oz Coke®", "twelve ounce coke"),
        ('16" Pizza', "sixteen inch pizza"),
        ("Mac & Cheese", "mac and cheese"),
        ("1/2 lb Burger", "half pound burger"),
        ("½ Chicken w/ Fries", "half chicken with fries"),
        ("Mom’s Pie (20 pc.)", "mom's pie twenty piece"),
        ("7-Up", "seven up"),
        ("#3", "number three"),
        ("<script>alert('x')</script>", "script alert x script"),
        ("\u202e💥", ""),
    ],
)
def test_signs_digits_and_units_are_spelled_out(text: str, words: str) -> None:
    assert " ".join(spoken_words(text)) == words


def test_spanish_has_its_own_signs_and_numbers() -> None:
    assert " ".join(spoken_words("3 tacos & 330ml", "es")) == "tres tacos y trescientos treinta mililitros"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (14, "fourteen"),
        (20, "twenty"),
        (21, "twenty one"),
        (150, "one hundred fifty"),
        (2024, "two zero two four"),
    ],
)
def test_numbers(number: int, words: str) -> None:
    assert " ".join(number_words(number)) == words


@pytest.mark.parametrize(
    ("one", "many"),
    [("pizza", "pizzas"), ("sandwich", "sandwiches"), ("berry", "berries"), ("boy", "boys"), ("glass", "glasses")],
)
def test_plurals_go_both_ways(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one


def test_what_is_plural_already_stays() -> None:
    assert plural("fries") == "fries"


def test_articles_follow_the_sound() -> None:
    assert [starts_with_vowel_sound(word) for word in ("orange", "uniform", "burger")] == [True, False, False]
