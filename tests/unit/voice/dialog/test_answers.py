"""What is said to what: changes, missing choices, questions, misunderstandings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orders.cart_types import (
    AddLine,
    CartLimits,
    ClearCart,
    Fulfilment,
    LineCombo,
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
    ToCombo,
    UnresolvedOption,
)
from orders.cart_types import ProblemKind as K
from orders.understanding.types import ActKind as A
from orders.understanding.types import DialogueAct, Understanding
from restaurants.menu import Availability
from tests.unit.voice.dialog.driver import acts, call, edits
from tests.unit.voice.dialog.menus import EUROS, MENU
from voice.dialog import effects as fx

LARGE = edits(AddLine(item="pepperoni", variation="l"))
COKE = edits(AddLine(item="coke"))
TWO_COKES = edits(AddLine(item="coke", quantity=2))
BURGER = edits(AddLine(item="burger"))
DEAL = edits(AddLine(item="burger", combo=LineCombo("deal")))
YES, NO, DONE = acts(A.YES), acts(A.NO), acts(A.DONE)


def talk(*turns: Understanding, **changes):
    """A typed conversation: each turn is answered before the next."""
    dialogue = call({f"turn {place}": turn for place, turn in enumerate(turns)}, **changes)
    for place in range(len(turns)):
        dialogue.type(f"turn {place}")
    return dialogue


def replies(dialogue) -> list[str]:
    return [one.text for one in dialogue.all(fx.SendCaption) if one.speaker == "assistant"]


def ask(kind: A, value: str = "", *targets: str) -> Understanding:
    return acts(DialogueAct(kind, value, targets))


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
            "I've noted the nuts allergy, and staff will check it with you. Anything else?",
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
    assert talk(tea).reply.endswith("Which one would you like: iced tea or still water?")
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


# Questions


@pytest.mark.parametrize(
    ("turn", "answer"),
    [
        (ask(A.ASK_PRICE, "", "pepperoni"), "Pepperoni pizza: small $9.00, medium $12.00 and large $15.00."),
        (ask(A.ASK_PRICE, "", "water"), "Still water is $1.50."),
        (ask(A.ASK_PRICE, "", "deal"), "Burger deal is $12.00."),
        (ask(A.ASK_PRICE, "", "mushrooms"), "Mushrooms is $1.50."),
        (ask(A.ASK_PRICE, "", "ranch"), "Ranch doesn't cost extra."),
        (ask(A.ASK_PRICE), "Which price would you like to know?"),
        (ask(A.ASK_CONTENTS, "", "veggie"), "Veggie pizza comes with mushrooms and onions."),
        (ask(A.ASK_CONTENTS, "", "burger"), "Burger: Beef, bun and pickles."),
        (ask(A.ASK_CONTENTS, "", "deal"), "Burger deal comes with Burger and Coke or still water."),
        (ask(A.ASK_CONTENTS, "", "water"), "I don't have the details of still water; staff can tell you."),
        (ask(A.ASK_CONTENTS), "Which one would you like to know about?"),
        (ask(A.ASK_MENU), "We have pizzas, burgers and drinks."),
        (ask(A.ASK_MENU, "drinks"), "Drinks: Coke, still water and iced tea."),
        (ask(A.ASK_MENU, "sauce"), "Sauce: ranch, BBQ sauce and hot sauce."),
        (ask(A.ASK_HOURS), "We're open now. An order takes about 15 minutes."),
        (ask(A.ASK_TOTAL), "Your order is empty."),
        (ask(A.REPEAT_ORDER), "Your order is empty."),
        (acts(A.THANKS), "You're welcome."),
        (acts(A.GREETING), "Hello!"),
    ],
)
def test_questions_are_answered_and_the_order_goes_on(turn, answer):
    assert talk(turn, wait_minutes=15).reply == f"{answer} What would you like?"


@pytest.mark.parametrize(
    ("turn", "answer"),
    [
        (ask(A.ASK_ALLERGEN, "milk", "pepperoni"), "Pepperoni pizza contains milk."),
        (ask(A.ASK_ALLERGEN, "egg", "pepperoni"), "Pepperoni pizza may contain egg."),
        (
            ask(A.ASK_ALLERGEN, "nuts", "pepperoni"),
            "Pepperoni pizza is listed as free of nuts. If you have an allergy, please tell staff as well.",
        ),
        (ask(A.ASK_ALLERGEN, "milk", "cheese"), "Cheese contains milk."),
    ],
)
def test_allergens_are_answered_from_what_staff_stated(turn, answer):
    dialogue = talk(turn)
    assert dialogue.reply == f"{answer} What would you like?"
    assert not dialogue.all(fx.CallStaff)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("targets", [("coke",), ("veggie",), ("onions",), ()])
def test_an_allergen_nobody_verified_is_never_answered_no(language, targets):
    dialogue = talk(ask(A.ASK_ALLERGEN, "nuts", *targets), language=language)
    words = {"en": ("isn't verified", "staff"), "es": ("no está verificado", "personal")}[language]
    assert all(word in dialogue.reply.lower() for word in words)
    assert not dialogue.reply.lower().startswith("no,")
    assert [one.reason for one in dialogue.all(fx.CallStaff)] == ["allergy"]


def test_an_allergen_question_about_the_last_line_counts_its_options():
    cheese = edits(AddLine(item="burger", options=(OptionChoice("sauce", "hot"), OptionChoice("toppings", "cheese"))))
    assert "contains milk" in talk(cheese, ask(A.ASK_ALLERGEN, "milk")).reply


def test_all_allergens_of_a_dish_and_what_is_not_known():
    reply = talk(ask(A.ASK_ALLERGEN, "", "pepperoni")).reply
    assert reply.startswith("Pepperoni pizza contains milk. Pepperoni pizza may contain egg.")
    assert "Other allergens aren't verified" in reply


def test_the_total_is_said_as_far_as_it_is_known():
    assert talk(LARGE, ask(A.ASK_TOTAL)).reply == "Your total is $16.50. Anything else?"
    assert (
        "So far that's at least $9.90; a few choices are still open."
        in talk(edits(AddLine(item="pepperoni")), ask(A.ASK_TOTAL)).reply
    )


def test_the_order_so_far_and_the_last_reply_can_be_heard_again():
    assert talk(LARGE, COKE, ask(A.REPEAT_ORDER)).reply == (
        "You have one large pepperoni pizza and one Coke. Your total is $19.25. Anything else?"
    )
    assert talk(LARGE, acts(A.REPEAT)).reply == "One large pepperoni pizza. Anything else?"


def test_an_order_and_a_question_in_one_breath_are_both_answered():
    both = Understanding("", edits=(AddLine(item="coke"),), acts=(DialogueAct(A.ASK_PRICE, targets=("water",)),))
    assert talk(both).reply == "One Coke. Still water is $1.50. Anything else?"


def test_what_is_so_already_is_said_instead_of_an_apology():
    same = edits(SetVariation(line="L1", variation="l"))
    assert talk(LARGE, COKE, same).reply == "One large pepperoni pizza. Anything else?"
    known = Understanding("", confidence=0.9)
    assert talk(LARGE, COKE, known).reply == "One Coke. Anything else?"
    assert talk(known).reply.startswith("Sorry, I didn't get that.")


def test_yes_that_is_it_ends_the_order_but_not_the_readback():
    both = acts(A.YES, A.DONE)
    dialogue = talk(LARGE, both)
    assert dialogue.reply.startswith("Let me read that back")
    assert not dialogue.place_calls
    assert talk(LARGE, DONE, both).place_calls


def test_a_moment_is_given_without_a_question():
    assert talk(LARGE, acts(A.HOLD)).reply == "Of course, take your time."


def test_yes_and_no_to_anything_else():
    assert talk(LARGE, YES).reply == "What else would you like?"
    assert talk(LARGE, NO).reply.startswith("Let me read that back")
    assert talk(DONE).reply == "Your order is empty. What would you like?"


# Doubt


def test_an_unsure_reading_is_asked_about_before_it_changes_anything():
    unsure = Understanding("", edits=(AddLine(item="pepperoni", variation="l", quantity=8),), confidence=0.3)
    dialogue = talk(unsure)
    assert dialogue.reply == "Did you mean eight large pepperoni pizzas?"
    assert not dialogue.cart.lines
    assert dialogue.state.flow.question.is_yes_no
    assert talk(unsure, YES).reply == "Eight large pepperoni pizzas. Anything else?"
    assert talk(unsure, NO).reply == "OK, never mind that. What would you like?"
    assert talk(unsure, COKE).cart.lines[0].item == "coke"


def test_a_single_unsure_edit_is_enough_to_ask():
    dialogue = talk(LARGE, edits(RemoveLine(line="L1", confidence=0.2)))
    assert dialogue.reply == "Did you mean to empty your order?"


def test_words_that_were_not_understood_are_mentioned_when_the_reading_is_doubtful():
    doubtful = Understanding("", edits=(AddLine(item="coke"),), confidence=0.6, unknown=("blorb",))
    assert talk(doubtful).reply == 'One Coke. I didn\'t catch "blorb". Anything else?'


def test_the_failure_ladder_types_taps_and_then_calls_a_person():
    dialogue = call({}).listen_to_the_end()
    replies = []
    for _ in range(3):
        dialogue.speak("mumble mumble").listen_to_the_end()
        replies.append(dialogue.reply)
    tap_it = "You can tap one of the choices on the screen, or say it another way."
    assert replies == [
        "Sorry, I didn't get that. You can also type it. What would you like?",
        f"Sorry, I didn't get that. {tap_it} What would you like?",
        "I'm having trouble understanding, so I'm asking a member of staff to help. What would you like?",
    ]
    assert [one.reason for one in dialogue.all(fx.CallStaff)] == ["misunderstood"]
    assert dialogue.last(fx.SendState).state == "with_staff"


def test_one_understood_turn_starts_the_ladder_anew():
    book = {"a coke": COKE}
    dialogue = call(book)
    for words in ("mumble", "mumble", "a coke", "mumble", "mumble"):
        dialogue.type(words)
    assert not dialogue.all(fx.CallStaff)


# Cancelling, people, closed doors


def test_an_order_is_cleared_only_after_asking():
    dialogue = talk(LARGE, acts(A.CANCEL_ORDER))
    assert dialogue.reply == "Cancel your whole order?"
    assert dialogue.cart.lines
    assert talk(LARGE, acts(A.CANCEL_ORDER), YES).reply == "Your order is empty now. What would you like?"
    assert talk(LARGE, edits(ClearCart()), NO).reply == "OK, your order stays as it is. Anything else?"
    assert talk(acts(A.CANCEL_ORDER)).reply == "Your order is empty already. What would you like?"


def test_starting_over_with_something_else_is_asked_about_as_a_whole():
    again = edits(ClearCart(), AddLine(item="coke"))
    dialogue = talk(LARGE, again, YES)
    assert [line.item for line in dialogue.cart.lines] == ["coke"]


def test_a_person_is_called_and_the_order_can_go_on_meanwhile():
    dialogue = talk(acts(A.ASK_PERSON), LARGE, acts(A.ASK_PERSON))
    assert [one.reason for one in dialogue.all(fx.CallStaff)] == ["asked"]
    assert "A member of staff has been asked" in dialogue.reply
    assert dialogue.cart.lines


@pytest.mark.parametrize("source", ["typed", "tapped"])
def test_a_closed_restaurant_lets_people_look_and_never_places(source):
    dialogue = talk(LARGE, DONE, YES, is_open=False, opens_at_text="tomorrow at 11:00")
    first = replies(dialogue)[0]
    assert "We're closed now and open tomorrow at 11:00." in first
    assert dialogue.cart.lines
    assert not dialogue.all(fx.ShowReadback)
    assert not dialogue.place_calls
    assert K.CLOSED in {problem.kind for problem in dialogue.last(fx.ShowCart).problems}


def test_spanish_says_the_same_with_euros_and_its_own_names():
    order = edits(
        AddLine(item="pepperoni", variation="l", quantity=2),
        AddLine(item="coke", variation="l"),
        AddLine(item="burger", options=(OptionChoice("sauce", "hot"), OptionChoice("toppings", "onions", "no"))),
    )
    dialogue = talk(order, DONE, YES, language="es", menu=EUROS).run(100)
    said = replies(dialogue)
    assert said[1] == (
        "Dos pizzas pepperoni grandes; Coca-Cola grande; y Hamburguesa con salsa picante, sin cebolla. ¿Algo más?"
    )
    assert "El total es 41,50 €." in said[2].replace("\xa0", " ")
    assert said[3].startswith("Pedido hecho. Su número es el 41.")
    assert "41 euros con 50 céntimos" in next(one.spoken for one in dialogue.all(fx.Say) if "El total" in one.text)


def test_the_combo_and_its_size_are_said():
    made = edits(
        ToCombo(line="L1", combo=LineCombo("deal", "big", (SlotChoice("drink", "water"),))),
        SetOption(line="L1", choice=OptionChoice("sauce", "ranch")),
    )
    assert talk(BURGER, made).reply == "One large burger deal with still water, with ranch. Anything else?"
