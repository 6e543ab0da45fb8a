"""What is said when the order changes: news, missing choices, what cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orders.cart_types import (
    AddLine,
    CartLimits,
    Fulfilment,
    NoteAllergy,
    OptionChoice,
    RemoveLine,
    SetComboSlot,
    SetCustomer,
    SetFulfilment,
    SetOption,
    SetQuantity,
    SetVariation,
    SlotChoice,
    UnresolvedOption,
)
from orders.cart_types import ProblemKind as K
from orders.understanding.types import ActKind as A
from restaurants.menu import Availability
from tests.unit.voice.dialog.conversation import BURGER, COKE, DEAL, DONE, LARGE, NO, TWO_COKES, YES, ask, replies, talk
from tests.unit.voice.dialog.driver import acts, edits
from tests.unit.voice.dialog.menus import MENU
from voice.dialog import effects as fx

# What changed


@pytest.mark.parametrize(
    ("turns", "reply"),
    [
        ([LARGE], "One large pepperoni pizza. Anything else?"),
        ([COKE, edits(SetQuantity(line="L1", quantity=3))], "Three Cokes. Anything else?"),
        ([LARGE, COKE, edits(RemoveLine(line="L2"))], "I've taken off one Coke. Anything else?"),
        ([COKE, edits(RemoveLine(line="L1"))], "Your order is empty now. What would you like?"),
        ([COKE, edits(SetFulfilment(fulfilment=Fulfilment.PICKUP))], "That's for pickup. Anything else?"),
        ([COKE, edits(SetCustomer(name="Ana"))], "Thanks, Ana. Anything else?"),
        (
            [COKE, edits(NoteAllergy(allergen="nuts"))],
            "I've noted your allergy: nuts. Staff will check it with you. Anything else?",
        ),
        ([LARGE, acts(A.UNDO)], "I've undone that. Your order is empty now. What would you like?"),
        ([acts(A.UNDO)], "There is nothing to undo. What would you like?"),
    ],
)
def test_a_change_is_told_briefly_in_the_menus_own_words(turns, reply):
    assert talk(*turns).reply == reply


def test_the_page_gets_one_sentence_about_each_change():
    dialogue = talk(LARGE, COKE, edits(RemoveLine(line="L1")), acts(A.UNDO))
    assert [one.announcement for one in dialogue.all(fx.ShowCart)][1:] == [
        "Added: one large pepperoni pizza.",
        "Added: one Coke.",
        "Removed: one large pepperoni pizza.",
        "Undone.",
    ]


def test_undo_goes_back_step_by_step_and_never_reuses_a_revision():
    dialogue = talk(LARGE, COKE, edits(SetQuantity(line="L2", quantity=4)), acts(A.UNDO), acts(A.UNDO))
    assert [line.item for line in dialogue.cart.lines] == ["pepperoni"]
    revisions = [one.cart.revision for one in dialogue.all(fx.ShowCart)]
    assert revisions == sorted(set(revisions))


def test_an_allergy_reaches_the_staff_and_the_readback():
    dialogue = talk(LARGE, edits(NoteAllergy(allergen="milk")), DONE)
    assert "Your allergy: milk. It isn't verified that your order is free of it; staff will check." in dialogue.reply


# Missing choices


def test_all_that_is_missing_on_a_line_is_asked_in_one_breath():
    dialogue = talk(DEAL)
    assert dialogue.reply == (
        "One burger deal. Which sauce: ranch, BBQ sauce or hot sauce? "
        "And which drink: Coke or still water? And what size: regular or large?"
    )
    assert dialogue.chips == ["Ranch", "BBQ sauce", "Hot sauce", "Coke", "Still water", "Regular", "Large"]
    asked = dialogue.state.flow.question.problems
    assert [problem.kind for problem in asked] == [K.MISSING_CHOICE, K.MISSING_SLOT, K.MISSING_COMBO_SIZE]


def test_what_was_answered_is_not_asked_again():
    dialogue = talk(DEAL, edits(SetComboSlot(line="L1", choice=SlotChoice("drink", "coke"))))
    assert dialogue.reply == (
        "One burger deal with Coke. Which sauce: ranch, BBQ sauce or hot sauce? And what size: regular or large?"
    )


def test_one_line_after_the_other_and_the_question_says_which():
    dialogue = talk(edits(AddLine(item="pepperoni"), AddLine(item="burger")))
    assert dialogue.reply.endswith("What size for the pepperoni pizza: small, medium or large?")
    dialogue.context.understander.meanings["large"] = edits(SetVariation(line="L1", variation="l"))
    assert dialogue.type("large").reply.endswith("Which sauce for the Burger: ranch, BBQ sauce or hot sauce?")


def test_an_ambiguous_item_or_option_is_asked_for():
    tea = edits(AddLine(item="tea", candidates=("tea", "water")))
    assert talk(tea).reply == "Which one would you like: iced tea or still water?"
    sauce = edits(AddLine(item="burger", unresolved=(UnresolvedOption("sauce", ("bbq", "hot")),)))
    assert talk(sauce).reply.endswith("Which one for the Burger: BBQ sauce or hot sauce?")


def test_a_question_of_the_restaurants_own_is_asked_in_its_words():
    own = {"en": "How would you like it sauced?"}
    groups = tuple(replace(one, questions=own) if one.id == "sauce" else one for one in MENU.modifier_groups)
    menu = replace(MENU, modifier_groups=groups)
    assert talk(BURGER, menu=menu).reply == ("One Burger. How would you like it sauced? Ranch, BBQ sauce or hot sauce.")


def test_whatever_takes_the_first_offer_and_says_which():
    dialogue = talk(edits(AddLine(item="pepperoni")), acts(A.NO_PREFERENCE))
    assert dialogue.reply == "One small pepperoni pizza. Anything else?"
    everything = talk(DEAL, acts(A.NO_PREFERENCE))
    assert everything.reply == "One regular burger deal with Coke, with ranch. Anything else?"


def test_done_with_something_missing_asks_for_it_and_then_reads_back_without_being_told_again():
    dialogue = talk(BURGER, DONE, edits(SetOption(line="L1", choice=OptionChoice("sauce", "hot"))))
    assert dialogue.reply.startswith("Let me read that back: one Burger with hot sauce.")


# What cannot be


OUT = Availability(items_out=frozenset({"coke"}), options_out=frozenset({("toppings", "mushrooms")}))


def test_what_is_out_is_said_with_what_there_is_instead():
    dialogue = talk(TWO_COKES, availability=OUT)
    assert dialogue.reply == "Sorry, we're out of Coke. Would you like still water or iced tea instead?"
    assert dialogue.chips == ["Still water", "Iced tea", "No"]
    assert not dialogue.cart.lines


def test_a_yes_to_the_only_thing_instead_takes_as_many_of_it():
    out = Availability(items_out=frozenset({"coke", "tea"}))
    dialogue = talk(TWO_COKES, YES, availability=out)
    assert dialogue.reply == "Two still waters. Anything else?"
    assert talk(TWO_COKES, NO, availability=out).reply == "What would you like?"


def test_an_option_that_is_out_or_not_offered_is_named():
    mushrooms = edits(AddLine(item="pepperoni", variation="l", options=(OptionChoice("toppings", "mushrooms"),)))
    assert talk(mushrooms, availability=OUT).reply == (
        "One large pepperoni pizza. Sorry, we're out of mushrooms. Anything else?"
    )
    ranch = edits(AddLine(item="pepperoni", variation="l", options=(OptionChoice("sauce", "ranch"),)))
    assert (
        talk(ranch).reply == "One large pepperoni pizza. Ranch isn't offered with the pepperoni pizza. Anything else?"
    )


def test_a_default_that_is_out_is_left_out_only_after_asking():
    veggie = edits(AddLine(item="veggie", variation="l"))
    dialogue = talk(veggie, YES, availability=OUT)
    asked = replies(dialogue)[1]
    assert asked == "One large veggie pizza. Sorry, we're out of mushrooms. Shall I make it without?"
    assert dialogue.reply == "One large veggie pizza without mushrooms. Anything else?"
    assert talk(veggie, NO, availability=OUT).reply == "Your order is empty now. What would you like?"


def test_fewer_are_offered_when_not_enough_are_left():
    dialogue = talk(edits(AddLine(item="tea", quantity=4)), YES, availability=Availability(items_left={"tea": 2}))
    asked = replies(dialogue)[1]
    assert "Sorry, we only have two left of iced tea. Shall I make it two?" in asked
    assert dialogue.cart.lines[0].quantity == 2


def test_too_much_for_one_call_is_handed_to_a_person_and_never_placed():
    dialogue = talk(edits(AddLine(item="water", quantity=18_000)), DONE, YES)
    assert [one.reason for one in dialogue.all(fx.CallStaff)] == ["over_cap"]
    assert "That's more than I can take alone." in dialogue.reply
    assert not dialogue.all(fx.ShowReadback)
    assert not dialogue.all(fx.PlaceOrder)


def test_a_smaller_order_after_all_is_taken():
    water = edits(AddLine(item="water", quantity=9))
    dialogue = talk(water, edits(SetQuantity(line="L1", quantity=2)), limits=CartLimits(max_line_quantity=5))
    assert dialogue.reply == "Two still waters. Anything else?"


def test_what_the_menu_does_not_have_gets_the_nearest_it_has():
    dialogue = talk(ask(A.OFF_MENU, "lemonade", "tea", "water"))
    assert dialogue.reply == (
        "Sorry, we don't have lemonade. The closest we have is iced tea or still water. What would you like?"
    )
    assert dialogue.chips == ["Iced tea", "Still water"]
    assert dialogue.state.flow.question.offered == ("tea", "water")
