"""Numbers beyond the usual: eighteen thousand waters must reach the cap, not become eighteen."""

import pytest

from orders.understanding.english import ENGLISH
from orders.understanding.numbers import number_value
from orders.understanding.spanish import SPANISH


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("eighteen thousand", 18_000),
        ("two hundred and fifty", 250),
        ("one thousand two hundred and five", 1_205),
        ("hundred and one", 101),
        ("18 thousand", 18_000),
        ("18,000", 18_000),
        ("zero", 0),
        ("two and three", None),
        ("five twenty", None),
        ("twenty and five", None),
        ("hundred hundred", None),
        ("9999999", None),
    ],
)
def test_english(words: str, value: int | None) -> None:
    assert number_value(words.split(), ENGLISH) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [("dieciocho mil", 18_000), ("treinta y dos", 32), ("ciento veinte", 120), ("mil", 1_000), ("dos y tres", None)],
)
def test_spanish(words: str, value: int | None) -> None:
    assert number_value(words.split(), SPANISH) == value
