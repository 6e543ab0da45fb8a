"""From the readback to the number: one order, whatever is lost, refused or asked twice."""

from __future__ import annotations

import pytest

from orders.cart_types import AddLine, RemoveLine, SetQuantity
from orders.understanding.types import ActKind as A
from orders.understanding.types import DialogueAct, Understanding
from restaurants.menu import Availability
from tests.unit.voice.dialog.driver import Call, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.effects import CallState, Outcome

BOOK = {
    "a coke": edits(AddLine(item="coke")),
    "two": edits(SetQuantity(line="L1", quantity=2)),
    "yes but two": Understanding("", edits=(SetQuantity(line="L1", quantity=2),), acts=(DialogueAct(A.YES),)),
    "done": acts(A.DONE),
    "yes": acts(A.YES),
    "yes and blorb": acts(A.YES, unknown=("blorb",), confidence=0.8),
    "maybe yes": acts(DialogueAct(A.YES, confidence=0.3)),
    "yes hold on": acts(A.YES, A.HOLD),
    "no": acts(A.NO),
    "how much": acts(A.ASK_TOTAL),
    "again": acts(A.REPEAT),
    "nothing": acts(A.DONE),
    "when": acts(A.ASK_HOURS),
    "thanks": acts(A.THANKS),
    "ana": edits(),
}


def at_readback(**changes) -> Call:
    return call(BOOK, **changes).type("a coke").type("done")


def placing(**changes) -> Call:
    return at_readback(places=False, **changes).type("yes")


def placed(dialogue: Call, key: str = "", number: int = 7) -> None:
    dialogue.send(
        ev.OrderPlaced(
            at_ms=dialogue.now_ms, key=key or dialogue.place_calls[-1], order_id="o", number=number, total_cents=275
        )
    )


def refused(dialogue: Call, code: str) -> None:
    dialogue.send(ev.OrderRefused(at_ms=dialogue.now_ms, key=dialogue.place_calls[-1], code=code))


def test_the_readback_is_said_and_shown_with_a_key_of_this_revision():
    dialogue = at_readback()
    shown = dialogue.last(fx.ShowReadback)
    assert shown.key == f"c1:{dialogue.cart.revision}"
    assert shown.text == "Let me read that back: one Coke. Your total is $2.75."
    assert dialogue.reply == f"{shown.text} Shall I place the order?"
    assert dialogue.chips == ["Yes, place it", "No, change something"]
    assert [chip.say for chip in dialogue.last(fx.ShowChips).chips] == ["yes", "no"]


def test_a_yes_places_that_very_cart_under_that_very_key():
    dialogue = at_readback()
    key = dialogue.last(fx.ShowReadback).key
    dialogue.type("yes").run(100)
    assert dialogue.last(fx.PlaceOrder) == fx.PlaceOrder(key=key, cart=dialogue.cart, language="en")
    assert dialogue.reply == (
        "Your order is placed. Your number is 41. It will be ready in about 15 minutes. Thank you, goodbye!"
    )
    assert dialogue.last(fx.SendState).state is CallState.PLACED
    assert dialogue.chips == []


@pytest.mark.parametrize(
    "words", ["yes but two", "yes and blorb", "maybe yes", "yes hold on", "no", "how much", "thanks"]
)
def test_anything_but_a_clear_yes_places_nothing(words):
    dialogue = at_readback().type(words)
    assert not dialogue.place_calls


def test_a_yes_with_a_change_is_read_back_anew():
    dialogue = at_readback().type("yes but two")
    assert dialogue.reply.startswith("Let me read that back: two Cokes.")
    keys = [one.key for one in dialogue.all(fx.ShowReadback)]
    assert len(set(keys)) == 2
    hidden = [type(one).__name__ for one in dialogue.effects if isinstance(one, fx.ShowReadback | fx.HideReadback)]
    assert hidden == ["ShowReadback", "HideReadback", "ShowReadback"]


def test_what_was_taken_off_is_said_with_the_new_readback():
    book = {**BOOK, "no tea": edits(RemoveLine(line="L2")), "a tea": edits(AddLine(item="tea"))}
    dialogue = call(book).type("a coke").type("a tea").type("done").type("no tea")
    assert dialogue.reply.startswith("I've taken off one iced tea. Let me read that back: one Coke.")


def test_no_at_the_readback_asks_what_to_change_and_nothing_reads_back_again():
    dialogue = at_readback().type("no")
    assert dialogue.reply == "What should I change?"
    assert dialogue.type("two").reply == "Two Cokes. Anything else?"
    again = at_readback().type("no").type("nothing")
    assert again.reply.startswith("Let me read that back: one Coke.")


def test_a_question_in_between_leaves_the_readback_standing():
    dialogue = at_readback().type("how much")
    assert dialogue.reply == "Your total is $2.75. Shall I place the order?"
    assert not dialogue.all(fx.HideReadback)
    assert len(dialogue.type("yes").place_calls) == 1


def test_asking_for_it_again_reads_it_back_again():
    dialogue = at_readback().type("again")
    assert dialogue.reply == "Let me read that back: one Coke. Your total is $2.75. Shall I place the order?"


def test_while_the_order_is_being_placed_nothing_changes_it_any_more():
    dialogue = placing()
    cart = dialogue.cart
    dialogue.type("two")
    assert dialogue.reply == "Your order is being placed, so I can't change it now."
    dialogue.send(ev.CartTouched(at_ms=dialogue.now_ms, edits=(AddLine(item="tea"),), revision=cart.revision, ref="r"))
    dialogue.send(ev.UndoTapped(at_ms=dialogue.now_ms))
    dialogue.send(ev.ReviewTapped(at_ms=dialogue.now_ms))
    dialogue.send(ev.ConfirmTapped(at_ms=dialogue.now_ms, revision=cart.revision))
    assert dialogue.cart == cart
    assert dialogue.all(fx.SendNotice)[0].ref == "r"
    assert len(dialogue.place_calls) == 1
    placed(dialogue)
    assert "Your number is 7." in dialogue.reply


def test_a_lost_answer_is_asked_for_again_under_the_same_key_and_a_person_looks_after_it():
    dialogue = placing().run(60_000)
    assert len(dialogue.place_calls) >= 4
    assert len(set(dialogue.place_calls)) == 1
    assert [one.reason for one in dialogue.all(fx.CallStaff)] == ["order_failed"]
    assert any("This takes longer than it should." in one.text for one in dialogue.all(fx.Say))
    placed(dialogue)
    placed(dialogue, number=8)
    assert sum("Your order is placed" in one.text for one in dialogue.all(fx.Say)) == 1
    dialogue.run(300_000)
    assert "Your number is 7." in " ".join(one.text for one in dialogue.all(fx.Say))


def test_an_answer_to_another_key_is_not_ours():
    dialogue = placing()
    placed(dialogue, key="c1:999")
    assert dialogue.last(fx.SendState).state is not CallState.PLACED


def test_a_failure_of_our_own_is_tried_again_with_the_same_key():
    dialogue = placing()
    refused(dialogue, "failed")
    dialogue.run(2_000)
    assert len(dialogue.place_calls) == 2
    assert len(set(dialogue.place_calls)) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("closed", "Sorry, we have just closed"),
        ("over_cap", "That's more than I can take alone."),
        ("problems", "Sorry, something in your order isn't possible any more."),
        ("unavailable", "Sorry, something in your order isn't possible any more."),
    ],
)
def test_a_refusal_says_why_and_its_key_is_never_used_again(code, words):
    dialogue = placing()
    refused(dialogue, code)
    assert words in dialogue.reply
    dialogue.type("done").type("yes")
    tries = 1 if code == "closed" else 2
    assert len(dialogue.place_calls) == len(set(dialogue.place_calls)) == tries


def test_what_ran_out_at_the_last_moment_is_raised_after_the_refusal():
    dialogue = placing()
    out = Availability(items_out=frozenset({"coke"}))
    dialogue.send(ev.AvailabilityChanged(at_ms=dialogue.now_ms, availability=out))
    refused(dialogue, "unavailable")
    assert "Sorry, we're out of Coke. Would you like still water or iced tea instead?" in dialogue.reply


def test_after_the_order_only_facts_are_told_and_then_the_call_ends():
    dialogue = at_readback().type("yes").run(100)
    dialogue.type("two")
    assert dialogue.reply == "Your order is placed: number 41. For changes, please ask staff."
    assert dialogue.type("when").reply == "We're open now. It will be ready in about 15 minutes."
    assert dialogue.type("thanks").reply == "Thank you, goodbye!"
    dialogue.run(120_000)
    assert dialogue.last(fx.Close).outcome is Outcome.COMPLETED
    assert dialogue.effects[-1] == dialogue.last(fx.Close)


def test_the_name_is_asked_once_and_a_customer_may_skip_it():
    book = {**BOOK, "ana": edits(), "my name is ana": edits()}
    dialogue = call(book, asks_name=True).type("a coke").type("done")
    assert dialogue.reply.endswith("What name is the order for?")
    assert dialogue.chips == ["Skip"]
    assert call(book, asks_name=True).type("a coke").type("done").type("Xzqy").reply.startswith("Let me read that back")
    assert dialogue.type("no").reply.startswith("Let me read that back")
    assert dialogue.type("no").type("done").reply.startswith("Let me read that back"), "not asked twice"


def test_hanging_up_while_the_order_is_being_placed_waits_for_the_outcome():
    dialogue = placing()
    dialogue.send(ev.HungUp(at_ms=dialogue.now_ms))
    assert not dialogue.all(fx.Close)
    placed(dialogue)
    assert dialogue.last(fx.Close).outcome is Outcome.COMPLETED
    lost = placing()
    lost.send(ev.HungUp(at_ms=lost.now_ms))
    lost.run(60_000)
    assert len(set(lost.place_calls)) == 1
    assert [one.reason for one in lost.all(fx.CallStaff)] == ["order_failed"]
    assert lost.all(fx.Close)


# The button on the sheet


def test_the_button_places_the_order_with_name_and_phone():
    dialogue = at_readback()
    revision = dialogue.cart.revision
    dialogue.send(ev.ConfirmTapped(at_ms=dialogue.now_ms, revision=revision, name=" Ana\x00 ", phone="555"))
    sent = dialogue.last(fx.PlaceOrder)
    assert (sent.key, sent.cart.customer_name, sent.cart.customer_phone) == (f"c1:{revision}", "Ana", "555")
    assert sent.cart.lines == dialogue.last(fx.ShowReadback).cart.lines


def test_a_button_of_an_older_revision_gets_a_fresh_sheet_instead_of_an_order():
    dialogue = at_readback()
    old = dialogue.cart.revision
    dialogue.send(ev.CartTouched(at_ms=dialogue.now_ms, edits=(AddLine(item="tea"),), revision=old))
    dialogue.send(ev.ConfirmTapped(at_ms=dialogue.now_ms, revision=old, ref="r9"))
    assert not dialogue.place_calls
    notice = dialogue.last(fx.SendNotice)
    assert (notice.code, notice.ref) == ("stale_revision", "r9")
    fresh = dialogue.last(fx.ShowReadback)
    assert fresh.cart == dialogue.cart
    dialogue.send(ev.ConfirmTapped(at_ms=dialogue.now_ms, revision=dialogue.cart.revision))
    assert dialogue.place_calls == [fresh.key]


def test_a_button_nobody_was_shown_places_nothing():
    dialogue = call(BOOK).type("a coke")
    dialogue.send(ev.ConfirmTapped(at_ms=dialogue.now_ms, revision=dialogue.cart.revision))
    assert not dialogue.place_calls
    assert dialogue.all(fx.ShowReadback)
