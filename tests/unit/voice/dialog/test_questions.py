"""What customers ask, doubt, cancel, and what happens when they are not understood."""

from __future__ import annotations

import pytest

from orders.cart_types import (
    AddLine,
    ClearCart,
    LineCombo,
    OptionChoice,
    RemoveLine,
    SetOption,
    SetVariation,
    SlotChoice,
    ToCombo,
)
from orders.cart_types import ProblemKind as K
from orders.understanding.types import ActKind as A
from orders.understanding.types import DialogueAct, Understanding
from tests.unit.voice.dialog.conversation import BURGER, COKE, DONE, LARGE, NO, YES, ask, replies, talk
from tests.unit.voice.dialog.driver import acts, call, edits
from tests.unit.voice.dialog.menus import EUROS
from voice.dialog import effects as fx

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
