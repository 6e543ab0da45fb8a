"""What holds for every utterance: it never fails, is quick, and only names what is on the menu."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.cart import apply_edits
from orders.cart_types import AddLine, Cart, CartEdit, OptionChoice, ReplaceLine, SetOption, SetVariation
from orders.understanding import compile_menu
from orders.understanding.types import Expectation
from restaurants.menu import Menu
from restaurants.menu_format import parse_menu
from tests.unit.orders.understanding.kitchen import Talker, group, item, menu_of, understander

PLACES = ("pizzeria", "drive_in", "taqueria")


def words_for(place: str) -> st.SearchStrategy[str]:
    """Utterances of menu phrases, small words and noise."""
    ears = understander(place)
    said = sorted({phrase.text for phrase in ears.phrases()})
    small = sorted(phrase for phrase in ears.language.phrases if phrase.count(" ") < 2)
    word = st.one_of(
        st.sampled_from(said),
        st.sampled_from(small),
        st.sampled_from(["one", "two", "a", "20", "and", "with", "no", "zzyzx", ",", ".", "half"]),
    )
    return st.lists(word, min_size=1, max_size=14).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_at_all(text: str) -> None:
    ears = understander("pizzeria")
    found = ears.understand(text, Cart())
    assert 0.0 <= found.confidence <= 1.0
    ears.is_complete(text, Cart())


@pytest.mark.parametrize("place", PLACES)
def test_edits_name_only_what_the_menu_has(place: str) -> None:
    menu, ears = menu_of(place), understander(place)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(words_for(place), min_size=1, max_size=4))
    def check(turns: list[str]) -> None:
        cart = Cart()
        problems = ()
        for turn in turns:
            found = ears.understand(turn, cart, Expectation(problems=problems[:1]))
            for edit in found.edits:
                assert_known(edit, menu)
            applied = apply_edits(cart, found.edits, menu)
            cart, problems = applied.cart, applied.problems

    check()


def assert_known(edit: CartEdit, menu: Menu) -> None:
    if isinstance(edit, AddLine | ReplaceLine):
        assert edit.item in menu.item_by_id
        assert edit.variation is None or edit.variation in menu.item_by_id[edit.item].variation_by_id
        for choice in edit.options:
            assert_option(choice, menu)
    if isinstance(edit, SetOption):
        assert_option(edit.choice, menu)
    if isinstance(edit, SetVariation) and edit.variation is not None:
        assert any(edit.variation in each.variation_by_id for each in menu.items)


def assert_option(choice: OptionChoice, menu: Menu) -> None:
    group_of = menu.group_by_id[choice.group]
    assert choice.option in group_of.option_by_id
    assert choice.amount in (*group_of.amounts, "regular")
    assert choice.count >= 1


@st.composite
def spoken_order(draw: st.DrawFn) -> tuple[str, list[str]]:
    """An order of the pizzeria as a customer would say it, and the basket it must come to."""
    lines, basket = [], []
    for name in draw(
        st.lists(
            st.sampled_from(["margherita", "funghi", "garlic bread", "lemonade"]), min_size=1, max_size=4, unique=True
        )
    ):
        quantity = draw(st.integers(1, 12))
        number = {1: draw(st.sampled_from(["a", "one"])), 2: draw(st.sampled_from(["two", "a couple of", "2"]))}.get(
            quantity, str(quantity)
        )
        is_pizza = name in ("margherita", "funghi")
        size = draw(st.sampled_from(["", "small", "large"])) if is_pizza else ""
        wanted = (
            draw(st.lists(st.sampled_from(["ham", "onions", "pineapple", "mushrooms"]), max_size=3, unique=True))
            if is_pizza
            else []
        )
        amount = draw(st.sampled_from(["", "extra", "no", "light"])) if wanted else ""
        said = f"{number} {size} {name}{'s' if quantity > 1 and name != 'funghi' else ''}"
        if wanted:
            joiner = " " if amount == "no" else " with "
            said += joiner + " and ".join(
                [*wanted[1:], f"{amount} {wanted[0]}"] if amount != "no" else [f"no {wanted[0]}"]
            )
        lines.append(said)
        kept = [wanted[0] + (f" {amount}" if amount else "")] + (wanted[1:] if amount != "no" else []) if wanted else []
        text = " ".join(filter(None, (str(quantity), size, name.replace(" ", "_"))))
        basket.append(f"{text}: {', '.join(sorted(kept))}" if kept else text)
    start = draw(st.sampled_from(["", "can I get ", "hi I'd like ", "let me have "]))
    return start + draw(st.sampled_from([" and ", ", ", " and also "])).join(lines) + draw(
        st.sampled_from(["", " please"])
    ), basket


@settings(max_examples=200, deadline=None)
@given(spoken_order())
def test_generated_orders_come_back(order: tuple[str, list[str]]) -> None:
    text, basket = order
    talker = Talker("pizzeria")
    talker.says(text)
    assert talker.basket == basket


@pytest.mark.parametrize(
    "text", ["a margherita with ham and " * 3000, "x" * 200_000, "a " * 50_000, "two no wait " * 20_000]
)
def test_length_does_not_matter(text: str) -> None:
    ears = understander("pizzeria")
    begin = time.thread_time()
    found = ears.understand(text, Cart())
    assert time.thread_time() - begin < 1.0
    assert found.confidence <= 0.5


def test_a_large_menu_compiles_and_answers_quickly() -> None:
    kinds = ["Burger", "Pizza", "Salad", "Wrap", "Soup", "Taco"]
    firsts = ["Roasted", "Smoky", "Golden", "Spicy", "Garden", "Country", "Harvest", "Royal", "Island", "Alpine"]
    seconds = ["Chicken", "Beef", "Salmon", "Lentil", "Pumpkin"]
    names = [f"{first} {second} {kind}" for first in firsts for second in seconds for kind in kinds]
    menu = parse_menu(
        {
            "name": "Big",
            "slug": "big",
            "modifier_groups": [
                group("extras", "Extras", [f"{a} {b}" for a in firsts for b in ("Sauce", "Cheese", "Onions")])
            ],
            "items": [item(name, name.split()[-1] + "s", "extras", sizes=("Small", "Large")) for name in names],
        }
    )
    begin = time.thread_time()
    ears = compile_menu(menu)
    compiling = time.thread_time() - begin
    text = "two large royal salmon wraps with smoky cheese no golden onions and a small alpine beef soup"
    ears.understand(text, Cart())
    begin = time.thread_time()
    for _ in range(20):
        found = ears.understand(text, Cart())
    reading = (time.thread_time() - begin) / 20
    assert [edit.item for edit in found.edits if isinstance(edit, AddLine)] == ["royal_salmon_wrap", "alpine_beef_soup"]
    assert compiling < 2.0  # 0.2 s on an idle machine; this only guards against a change of order
    assert reading < 0.05
