"""What staff are told: every span, every edit in the menu's names, and what would be done with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.cart import apply_edits
from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    ClearCart,
    Fulfilment,
    Half,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    Origin,
    Portion,
    RemoveLine,
    RemoveOption,
    ReplaceLine,
    SetComboSlot,
    SetCustomer,
    SetFulfilment,
    SetHalves,
    SetOption,
    SetQuantity,
    SetUnresolved,
    SetVariation,
    SlotChoice,
    SplitLine,
    ToCombo,
    UnresolvedOption,
)
from orders.understanding import compile_menu
from orders.understanding.explain import explain
from orders.understanding.types import ActKind, DialogueAct, Understanding
from orders.understanding.verdict import Verdict, verdict_of
from tests.unit.orders.sample_menu import MENU

UNDERSTANDER = compile_menu(MENU)
ONE_PIZZA = apply_edits(Cart(), [AddLine(item="plain", quantity=2, variation="large")], MENU).cart


def test_every_word_is_shown_with_what_it_was_taken_for() -> None:
    told = explain(UNDERSTANDER.understand("two large plain pizzas, no cheese, flurbels", Cart()), MENU, language="en")
    spans = {span.text: span for span in told.spans}
    assert spans["two"].chosen == ("2",)
    assert spans["large"].chosen == ("Large Plain pizza",)
    assert spans["large"].kind == "variation"
    assert spans["cheese"].chosen == ("Cheese (Toppings)",)
    assert spans["flurbels"].label == "not understood"
    assert told.unknown == ("flurbels",)


def test_edits_are_told_in_the_menus_names_with_the_words_that_made_them() -> None:
    told = explain(UNDERSTANDER.understand("two large plain pizzas with no cheese", Cart()), MENU, language="en")
    assert [edit.text for edit in told.edits] == ["Add 2 × Large Plain pizza, no cheese"]
    assert "large plain pizzas" in told.edits[0].heard
    assert told.basket.lines[0].quantity == 2
    assert told.basket.total_cents > 0
    assert told.verdict is Verdict.ACCEPTED


def test_it_speaks_spanish() -> None:
    told = explain(UNDERSTANDER.understand("a small plain pizza with ham", Cart()), MENU, language="es")
    assert told.edits[0].text.startswith("Añadir ")
    assert "Jamón" in told.edits[0].text
    assert told.verdict_text == "aceptado"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetQuantity(line="L1", quantity=3), "Large Plain pizza: make it 3"),
        (SetVariation(line="L1", variation="small"), "Large Plain pizza: size Small"),
        (SetVariation(line="L1", variation=None), "Large Plain pizza: no size"),
        (
            SetOption(line="L1", choice=OptionChoice("toppings", "ham", "extra", 1, Portion.FIRST_HALF)),
            "Large Plain pizza: extra ham on the first half",
        ),
        (
            SetUnresolved(line="L1", unresolved=UnresolvedOption("sauce", ("red", "white"))),
            "Large Plain pizza: one of: Red sauce, White sauce, to be asked",
        ),
        (RemoveOption(line="L1", group="toppings", option="ham"), "Large Plain pizza: take back Ham"),
        (SplitLine(line="L1", quantity=1), "Large Plain pizza: 1 of them apart"),
        (RemoveLine(line="L1"), "Remove Large Plain pizza"),
        (RemoveLine(line="L7"), "Remove a line that is not there"),
        (ClearCart(), "Remove everything"),
        (ReplaceLine(line="L1", item="slaw"), "Large Plain pizza: Slaw instead"),
        (AddLine(item="plain", candidates=("plain", "slaw")), "Add one of: Plain pizza, Slaw"),
        (ToCombo(line="L1", combo=None), "Large Plain pizza: without the combo"),
        (SetHalves(line="L1", halves=()), "Large Plain pizza: whole again"),
        (SetHalves(line="L1", halves=(Half("plain"), Half("slaw"))), "Large Plain pizza: half Plain pizza, half Slaw"),
        (SetFulfilment(fulfilment=Fulfilment.PICKUP), "To pick up"),
        (SetCustomer(name="Robin"), "Note the customer's name or phone"),
        (NoteAllergy(allergen="milk"), "Note an allergy: milk"),
        (SetComboSlot(line="L1", choice=SlotChoice("drink", "gone")), "Large Plain pizza: gone as"),
        (ToCombo(line="L1", combo=LineCombo("gone")), "Large Plain pizza: as"),
    ],
)
def test_each_edit_has_its_sentence(edit: CartEdit, words: str) -> None:
    told = explain(Understanding("x", (edit,)), MENU, language="en", cart=ONE_PIZZA)
    assert told.edits[0].text.startswith(words)
    assert explain(Understanding("x", (edit,)), MENU, language="es", cart=ONE_PIZZA).edits[0].text


def test_every_act_has_words_in_both_languages() -> None:
    acts = tuple(DialogueAct(kind, "slaw", ("plain", "toppings", "ham", "gone")) for kind in ActKind)
    for language in ("en", "es"):
        told = explain(Understanding("x", acts=acts), MENU, language=language)
        assert len(told.acts) == len(ActKind)
    price = explain(Understanding("x", acts=(DialogueAct(ActKind.ASK_PRICE, "", ("plain",)),)), MENU, language="en")
    assert price.acts == ("asks what it costs: Plain pizza",)


def test_what_the_basket_refuses_is_told() -> None:
    edit = AddLine(item="slaw", options=(OptionChoice("toppings", "ham"),), origin=Origin.MODEL)
    told = explain(Understanding("slaw with ham", (edit,)), MENU, language="en")
    assert told.edits[0].refused == ("Ham: Not offered with this",)
    assert told.edits[0].is_from_model


def test_a_second_edit_is_described_on_the_basket_after_the_first() -> None:
    edits = (SplitLine(line="L1", quantity=1), SetVariation(line="L2", variation="small"))
    told = explain(Understanding("make one small", edits), MENU, language="en", cart=ONE_PIZZA)
    assert [edit.text for edit in told.edits][1] == "Large Plain pizza: size Small"
    assert [line.size for line in told.basket.lines] == ["Large", "Small"]


ADD = (AddLine(item="slaw"),)
YES = (DialogueAct(ActKind.YES),)


@pytest.mark.parametrize(
    ("understanding", "verdict"),
    [
        (Understanding("x", ADD, confidence=0.75), Verdict.ACCEPTED),
        (Understanding("x", ADD, confidence=0.74), Verdict.READ_BACK),
        (Understanding("x", ADD, confidence=0.5), Verdict.READ_BACK),
        (Understanding("x", ADD, confidence=0.49), Verdict.ASK),
        (Understanding("x", (AddLine(item="slaw", confidence=0.3),)), Verdict.ASK),
        (Understanding("x", acts=YES, confidence=0.6), Verdict.READ_BACK),
        (Understanding("x", acts=(DialogueAct(ActKind.OFF_MENU, "sushi"),), confidence=0.6), Verdict.ASK),
        (Understanding("", confidence=0.2), Verdict.ASK),
    ],
)
def test_the_verdict_is_what_the_dialogue_does(understanding: Understanding, verdict: Verdict) -> None:
    assert verdict_of(understanding) is verdict


@given(st.text(max_size=80))
def test_nothing_that_is_said_breaks_the_explanation(text: str) -> None:
    told = explain(UNDERSTANDER.understand(text, ONE_PIZZA), MENU, language="en", cart=ONE_PIZZA)
    assert told.heard == text
