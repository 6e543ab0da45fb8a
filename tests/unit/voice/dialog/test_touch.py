"""Ordering by hand: the same cart, the same questions, and no voice that comments on every tap."""

from __future__ import annotations

from orders.cart_types import AddLine, OptionChoice, RemoveLine, SetOption, SetQuantity
from orders.understanding.types import ActKind as A
from tests.unit.voice.dialog.driver import Call, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev

BOOK = {
    "a burger": edits(AddLine(item="burger")),
    "a coke": edits(AddLine(item="coke")),
    "done": acts(A.DONE),
    "yes": acts(A.YES),
}


def tap(dialogue: Call, *made, ref: str = "", revision: int | None = None) -> Call:
    revision = dialogue.cart.revision if revision is None else revision
    dialogue.send(ev.CartTouched(at_ms=dialogue.now_ms, edits=made, revision=revision, ref=ref))
    return dialogue


def test_a_tap_changes_the_cart_and_announces_it_without_a_voice():
    dialogue = call(BOOK).listen_to_the_end()
    said = len(dialogue.all(fx.Say))
    tap(dialogue, AddLine(item="coke", quantity=2), ref="t1")
    shown = dialogue.last(fx.ShowCart)
    assert (shown.announcement, shown.ref) == ("Added: two Cokes.", "t1")
    assert dialogue.chips == ["That's all"]
    dialogue.run(60_000)
    assert len(dialogue.all(fx.Say)) == said


def test_chips_ask_for_what_a_tapped_dish_still_needs_and_a_word_answers_them():
    dialogue = tap(call(BOOK), AddLine(item="burger"))
    assert dialogue.chips == ["Ranch", "BBQ sauce", "Hot sauce"]
    assert dialogue.last(fx.ShowChips).question == "Which sauce for the Burger: ranch, BBQ sauce or hot sauce?"
    tap(dialogue, SetOption(line="L1", choice=OptionChoice("sauce", "ranch")))
    assert dialogue.chips == ["That's all"]


def test_a_tap_that_answers_a_spoken_question_ends_it():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.speak("a burger", until_answered=False).run(1_500)
    assert dialogue.state.speaking.mouth == "speaking"
    tap(dialogue, SetOption(line="L1", choice=OptionChoice("sauce", "ranch")))
    assert dialogue.state.speaking.mouth == "silent"


def test_a_refused_edit_is_a_notice_with_its_reference():
    dialogue = call(BOOK).type("a coke")
    tap(dialogue, SetOption(line="L1", choice=OptionChoice("sauce", "ranch")), ref="t2")
    notice = dialogue.last(fx.SendNotice)
    assert (notice.code, notice.ref) == ("refused_edit", "t2")
    assert notice.text == "Ranch isn't offered with the Coke."
    assert dialogue.last(fx.ShowCart).ref == "t2", "the page learns that nothing changed"


def test_an_edit_of_an_older_cart_counts_where_its_line_still_stands():
    dialogue = call(BOOK).type("a coke").type("a burger")
    tap(dialogue, SetQuantity(line="L1", quantity=3), RemoveLine(line="L9"), revision=1)
    assert dialogue.cart.lines[0].quantity == 3
    assert dialogue.last(fx.SendNotice).code == "refused_edit"


def test_what_was_tapped_is_not_told_again_by_voice():
    dialogue = call(BOOK)
    tap(dialogue, AddLine(item="tea"))
    assert dialogue.type("a coke").reply == "One Coke. Anything else?"


def test_undo_by_hand_takes_the_last_change_back_or_says_there_is_none():
    dialogue = tap(call(BOOK), AddLine(item="tea"))
    dialogue.send(ev.UndoTapped(at_ms=dialogue.now_ms, ref="u"))
    assert not dialogue.cart.lines
    assert (dialogue.last(fx.ShowCart).announcement, dialogue.last(fx.ShowCart).ref) == ("Undone.", "u")
    dialogue.send(ev.UndoTapped(at_ms=dialogue.now_ms, ref="u2"))
    assert dialogue.last(fx.SendNotice).code == "nothing_to_undo"


def test_the_sheet_opened_by_hand_is_a_readback_without_a_long_voice():
    dialogue = tap(call(BOOK), AddLine(item="tea"))
    dialogue.send(ev.ReviewTapped(at_ms=dialogue.now_ms))
    assert dialogue.last(fx.ShowReadback).text == "Let me read that back: one iced tea. Your total is $3.30."
    assert dialogue.reply == "Please check your order on the screen. Shall I place the order?"
    dialogue.speak("yes")
    assert len(dialogue.place_calls) == 1, "who opened the sheet has seen it"


def test_changing_the_order_under_an_open_sheet_opens_it_anew_silently():
    dialogue = tap(call(BOOK), AddLine(item="tea"))
    dialogue.send(ev.ReviewTapped(at_ms=dialogue.now_ms))
    dialogue.listen_to_the_end()
    said = len(dialogue.all(fx.Say))
    tap(dialogue, SetQuantity(line="L1", quantity=2))
    first, second = dialogue.all(fx.ShowReadback)
    assert first.key != second.key
    assert len(dialogue.all(fx.Say)) == said
    dialogue.send(ev.ConfirmTapped(at_ms=dialogue.now_ms, revision=dialogue.cart.revision))
    assert dialogue.place_calls == [second.key]


def test_reviewing_an_unfinished_or_empty_order_says_what_is_missing():
    dialogue = tap(call(BOOK), AddLine(item="burger"))
    dialogue.send(ev.ReviewTapped(at_ms=dialogue.now_ms))
    assert not dialogue.all(fx.ShowReadback)
    assert "Which sauce for the Burger" in dialogue.reply
    tap(dialogue, SetOption(line="L1", choice=OptionChoice("sauce", "ranch")))
    assert dialogue.all(fx.ShowReadback), "asked for once, the sheet opens as soon as it can"
    empty = call(BOOK)
    empty.send(ev.ReviewTapped(at_ms=0))
    assert empty.reply == "Your order is empty. What would you like?"


def test_asking_for_a_person_by_hand():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.send(ev.PersonRequested(at_ms=dialogue.now_ms))
    assert [one.reason for one in dialogue.all(fx.CallStaff)] == ["asked"]
    assert dialogue.reply == "I'm asking a member of staff to help. You can keep ordering while you wait."
    dialogue.listen_to_the_end()
    assert dialogue.last(fx.SendState).state == "with_staff"


def test_every_change_by_hand_is_kept_as_a_turn():
    dialogue = tap(call(BOOK), AddLine(item="tea"))
    record = dialogue.last(fx.SaveTurn).record
    assert (record.source, record.cart_revision) == ("touch", 1)
