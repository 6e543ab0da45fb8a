"""When a model is asked, what it is shown, what it can answer, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.cart import apply_edits
from orders.cart_types import (
    AddLine,
    Cart,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    Problem,
    ProblemKind,
    SlotChoice,
)
from orders.understanding.types import ActKind, DialogueAct, Expectation, TokenReading, Understanding
from orders.understanding.verdict import ASK_BELOW, Verdict, verdict_of
from orders.understanding_model import Outcome, Question, question_for, should_ask_model, weigh
from orders.understanding_model.answer import ACTS
from orders.understanding_model.menu_slice import MAX_ITEMS, slice_menu
from restaurants.menu import Item, Menu
from tests.providers.openai_chat import schema_faults
from tests.unit.orders.sample_menu import MENU

NOTHING = Expectation()
TWO_PIZZAS = apply_edits(Cart(), [AddLine(item="plain", quantity=2, variation="large")], MENU).cart


def question(text: str, cart: Cart = Cart(), first: Understanding | None = None) -> Question:  # noqa: B008  # frozen
    found = question_for((text,), cart, NOTHING, MENU, first or Understanding(text, confidence=0.2))
    assert found is not None
    return found


def add(item: str, **fields: Any) -> dict[str, Any]:
    return {"edit": "add", "item": item, "quantity": 1, "size": None, "options": [], "combo": None} | fields


def answer(*edits: dict[str, Any], clear: bool = True, acts: tuple[str, ...] = ()) -> str:
    return json.dumps({"is_clear": clear, "acts": list(acts), "edits": list(edits)})


# --- When -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("understanding", "expect", "is_asked"),
    [
        (Understanding("blah pizza", confidence=0.4), NOTHING, True),
        (Understanding("two pizzas", (AddLine(item="plain"),)), NOTHING, False),
        (Understanding("two pizzas", (AddLine(item="plain", confidence=0.5),)), NOTHING, True),
        (Understanding("uh yes", acts=(DialogueAct(ActKind.YES),), confidence=0.4), NOTHING, False),
        (Understanding("yes x", acts=(DialogueAct(ActKind.YES),), confidence=0.4, unknown=("x",)), NOTHING, True),
        (Understanding("sushi", acts=(DialogueAct(ActKind.OFF_MENU, "sushi"),), confidence=0.4), NOTHING, True),
        (Understanding("robin", confidence=0.2), Expectation(wants="name"), False),
        (Understanding("555 0199", confidence=0.2), Expectation(wants="phone"), False),
        (Understanding("12 34!", confidence=0.2), NOTHING, False),
        (Understanding("", confidence=0.0), NOTHING, False),
    ],
)
def test_it_is_asked_only_about_the_menu_and_only_where_the_parser_is_unsure(
    understanding: Understanding, expect: Expectation, is_asked: bool
) -> None:
    assert should_ask_model(understanding, 0.75, expect) is is_asked


# --- What it is shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["a plane pissa", "plainpizza", "PLÁIN", "pla in pizza", "una piza plain"])
def test_what_sounds_like_an_item_is_in_the_slice(words: str) -> None:
    part = slice_menu(MENU, (words,), Cart(), NOTHING, Understanding(words))
    assert "plain" in [item.id for item in part.items]


def test_what_is_in_the_basket_or_was_asked_about_is_in_the_slice() -> None:
    expect = Expectation(problems=(Problem(ProblemKind.AMBIGUOUS_ITEM, "L1", candidates=("slaw", "fries")),))
    part = slice_menu(MENU, ("the other one",), TWO_PIZZAS, expect, Understanding("the other one"))
    assert {"plain", "slaw", "fries"} <= {item.id for item in part.items}
    assert part.options["toppings"]


def test_words_of_the_language_bring_nothing_of_the_menu() -> None:
    reading = TokenReading(0, 1, "fries", "filler")
    part = slice_menu(MENU, ("fries",), Cart(), NOTHING, Understanding("fries", readings=(reading,)))
    assert part.is_empty


def test_a_big_menu_is_cut_to_what_fits_best() -> None:
    items = tuple(Item(f"dish{n}", f"Number{n} stew", "stews") for n in range(400))
    menu = Menu("Big", "big", items=(*items, Item("goulash", "Goulash stew", "stews")), version="1")
    part = slice_menu(menu, ("the gulash stew",), Cart(), NOTHING, Understanding("the gulash stew"))
    assert len(part.items) == MAX_ITEMS
    assert part.items[0].id == "goulash"


def test_a_republished_menu_is_read_anew() -> None:
    for name in ("Goulash", "Lasagna"):
        menu = Menu("Same", "same", items=(Item("dish", name, "stews"),), version="1")
        assert not slice_menu(menu, (name,), Cart(), NOTHING, Understanding(name)).is_empty


# --- What it can answer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cart", [Cart(), TWO_PIZZAS])
@pytest.mark.parametrize("words", ["plain pizza", "slaw", "a burger meal", "vanilla coffee", "half plain half ham"])
def test_every_schema_is_one_the_service_takes(words: str, cart: Cart) -> None:
    assert list(schema_faults(question(words, cart).schema)) == []


def test_a_menu_without_sizes_options_and_combos_has_a_schema_too() -> None:
    menu = Menu("Bare", "bare", items=(Item("soup", "Soup", "soups"),))
    found = question_for(("soupe",), Cart(), NOTHING, menu, Understanding("soupe"))
    assert found is not None
    assert list(schema_faults(found.schema)) == []
    said = {"edit": "add", "item": "soup", "quantity": 2, "size": None, "options": []}
    reading = weigh(Understanding("soupe", confidence=0.2), answer(said), found)
    assert reading.understanding.edits[0].item == "soup"  # type: ignore[union-attr]  # it is an AddLine


def test_no_answer_says_yes() -> None:
    assert not {ActKind.YES, ActKind.NO, ActKind.CANCEL_ORDER, ActKind.UNDO} & set(ACTS)


# --- What becomes of it -----------------------------------------------------------------------------------------------


def after(cart: Cart, content: str, text: str = "plain pizza with slaw and a burger meal") -> Cart:
    reading = weigh(Understanding(text, confidence=0.2), content, question(text, cart))
    assert reading.outcome is Outcome.TAKEN
    return apply_edits(cart, reading.understanding.edits, MENU).cart


def test_each_form_of_edit_does_what_it_says() -> None:
    ham = {"option": "toppings/ham", "amount": "extra", "count": 1, "portion": "first_half"}
    line = after(Cart(), answer(add("plain", quantity=2, size="large", options=[ham]))).lines[0]
    assert (line.quantity, line.variation, line.options[0].amount) == (2, "large", "extra")
    assert after(TWO_PIZZAS, answer({"edit": "quantity", "line": "L1", "quantity": 5})).lines[0].quantity == 5
    assert after(TWO_PIZZAS, answer({"edit": "quantity", "line": "L1", "quantity": 0})).lines == ()
    swap = {"edit": "replace", "line": "L1", "item": "slaw", "size": None, "options": []}
    assert after(TWO_PIZZAS, answer(swap)).lines[0].item == "slaw"
    one_ham = {"edit": "option", "line": "L1", "units": 1, "option": ham | {"portion": "whole"}}
    assert [len(one.options) for one in after(TWO_PIZZAS, answer(one_ham)).lines] == [0, 1]
    taken_back = {"edit": "take_back", "line": "L1", "option": "toppings/ham"}
    with_ham = after(TWO_PIZZAS, answer(one_ham | {"units": None}))
    assert with_ham.lines[0].options == (OptionChoice("toppings", "ham", "extra"),)
    assert after(with_ham, answer(taken_back)).lines[0].options == ()


def test_a_new_line_can_be_changed_by_a_later_edit_of_the_same_answer() -> None:
    split = {"edit": "size", "line": "L1", "units": 1, "size": "small"}
    cart = after(TWO_PIZZAS, answer(add("slaw"), split))
    assert [(line.item, line.variation) for line in cart.lines] == [
        ("plain", "large"), ("plain", "small"), ("slaw", None),
    ]  # fmt: skip


def test_combos_come_with_their_parts() -> None:
    combo = MENU.combos[0]
    slot = combo.slots[0]
    choice = slot.choices[0]
    said = {
        "combo": combo.id,
        "size": combo.sizes[0].id if combo.sizes else None,
        "parts": [{"slot": slot.id, "item": choice.item, "size": choice.variation}],
    }
    line = after(Cart(), answer(add(combo.item, combo=said)), f"the {combo.name} with {combo.item}").lines[0]
    assert line.combo == LineCombo(combo.id, said["size"], (SlotChoice(slot.id, choice.item, choice.variation),))


def test_an_allergy_the_parser_heard_is_never_lost() -> None:
    first = Understanding("plain pizza, i can't have nuts", (NoteAllergy(allergen="nuts"),), confidence=0.4)
    reading = weigh(first, answer(add("plain")), question(first.text, first=first))
    assert NoteAllergy(allergen="nuts") in reading.understanding.edits


def test_a_yes_of_the_parser_is_no_surer_for_a_model() -> None:
    acts = (DialogueAct(ActKind.YES), DialogueAct(ActKind.OFF_MENU, "x"))
    first = Understanding("yes and a plane x", acts=acts, confidence=0.3, unknown=("x",))
    reading = weigh(first, answer(add("plain"), acts=("done",)), question("plain pizza", first=first))
    found = {act.kind: act.confidence for act in reading.understanding.acts}
    assert found[ActKind.YES] < ASK_BELOW
    assert ActKind.OFF_MENU not in found
    assert ActKind.DONE in found


def test_a_model_that_finds_nothing_makes_the_parsers_edits_a_question() -> None:
    first = Understanding("plain maybe later", (AddLine(item="plain", confidence=0.7),), confidence=0.7)
    reading = weigh(first, answer(), question(first.text, first=first))
    assert reading.outcome is Outcome.DISPUTED
    assert reading.understanding.edits == first.edits
    assert verdict_of(reading.understanding) is Verdict.ASK


def test_the_end_of_an_order_in_unknown_words_is_heard() -> None:
    first = Understanding("plain sailing mate i'm sorted", confidence=0.2, unknown=("sorted",))
    reading = weigh(first, answer(acts=("done",)), question(first.text, first=first))
    assert [act.kind for act in reading.understanding.acts] == [ActKind.DONE]
    assert weigh(first, answer(acts=("done",), clear=False), question(first.text)).understanding == first


def test_something_that_is_out_is_news_and_no_mistake() -> None:
    """The dialogue knows the stock and says so; here only what can never be is refused."""
    reading = weigh(Understanding("slaw", confidence=0.2), answer(add("slaw")), question("slaw"))
    assert reading.outcome is Outcome.TAKEN


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_no_answer_breaks_anything(content: str) -> None:
    first = Understanding("plain pizza", confidence=0.2)
    assert weigh(first, content, QUESTION).understanding == first


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.sampled_from(["plain", "large", "L1", "add", "yes", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["edit", "item", "line", "quantity", "size", "options", "units"]), inner)
    ),
    max_leaves=8,
)
QUESTION = question("plain pizza", TWO_PIZZAS)


@settings(max_examples=300, deadline=None)
@given(st.lists(VALUES, max_size=4), st.booleans())
def test_no_answer_of_nearly_the_right_form_breaks_anything(edits: list[Any], clear: bool) -> None:
    content = json.dumps({"is_clear": clear, "acts": [], "edits": edits})
    reading = weigh(Understanding("plain pizza", confidence=0.2), content, QUESTION)
    apply_edits(TWO_PIZZAS, reading.understanding.edits, MENU)
    assert reading.understanding.confidence <= 0.6
