"""Engines that fail, connections that drop, stock that runs out, people who take over, and how calls end."""

from __future__ import annotations

import pytest

from orders.cart_types import AddLine
from orders.understanding.types import ActKind as A
from restaurants.menu import Availability
from tests.unit.voice.dialog.driver import Call, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.effects import CallState, Outcome
from voice.dialog.session import CallSession
from voice.dialog.state import dump_state, load_state

BOOK = {
    "a coke": edits(AddLine(item="coke")),
    "a burger": edits(AddLine(item="burger")),
    "done": acts(A.DONE),
    "yes": acts(A.YES),
}


def fail(dialogue: Call, stage: str) -> Call:
    dialogue.send(ev.EngineFailed(at_ms=dialogue.now_ms, stage=stage, reason="gone"))
    return dialogue


def test_the_greeting_says_who_speaks_and_whether_it_is_recorded():
    assert "I'm an AI assistant, and this call is recorded." in call(BOOK, stores_audio=True).reply
    own = call(BOOK, greeting="Ciao from Mario!").reply
    assert own == "Ciao from Mario! I'm an AI assistant; the audio is not stored. What would you like?"
    assert not call(BOOK, has_screen=False).last(fx.Say).is_interruptible


def test_without_ears_the_call_goes_on_typed():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.voice("a coke")
    fail(dialogue, "transcriber")
    assert dialogue.last(fx.SendNotice).code == "typed_only"
    assert dialogue.last(fx.StopListening).reason == "gone"
    assert dialogue.last(fx.SendState).state is CallState.READY
    assert dialogue.type("a coke").reply == "One Coke. Anything else?"
    fail(dialogue, "transcriber")
    assert len(dialogue.all(fx.StopListening)) == 1


def test_without_a_voice_the_call_goes_on_in_captions_and_can_be_confirmed():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.speak("a coke").listen_to_the_end()
    dialogue.speak("done", until_answered=False).run(900)
    fail(dialogue, "speaker")
    assert dialogue.last(fx.SendNotice).code == "captions_only"
    assert dialogue.last(fx.SendState).state is CallState.LISTENING
    dialogue.speak("yes")
    assert len(dialogue.place_calls) == 1
    assert dialogue.reply.startswith("Your order is placed.")


def test_an_understander_that_dies_costs_one_turn():
    dialogue = call(BOOK, understands=False).type("a coke")
    fail(dialogue, "understander")
    assert dialogue.reply.startswith("Sorry, that took too long on our side.")
    dialogue.understands = True
    assert dialogue.type("a coke").reply == "One Coke. Anything else?"


def test_something_that_runs_out_is_said_when_nobody_speaks():
    dialogue = call(BOOK).type("a coke").listen_to_the_end()
    out = Availability(items_out=frozenset({"coke"}))
    dialogue.send(ev.AvailabilityChanged(at_ms=dialogue.now_ms, availability=out))
    assert dialogue.reply == "Sorry, we're out of Coke. Would you like still water or iced tea instead?"
    assert dialogue.last(fx.ShowCart).problems


def test_something_that_runs_out_takes_the_readback_back():
    dialogue = call(BOOK).type("a coke").type("done")
    out = Availability(items_out=frozenset({"coke"}))
    dialogue.send(ev.AvailabilityChanged(at_ms=dialogue.now_ms, availability=out))
    assert dialogue.all(fx.HideReadback)
    dialogue.type("yes").type("yes")
    assert all(not any(line.item == "coke" for line in cart.lines) for cart in dialogue.placed.values())


def test_news_about_other_dishes_is_no_news():
    dialogue = call(BOOK).type("a coke").listen_to_the_end()
    said = len(dialogue.all(fx.Say))
    out = Availability(items_out=frozenset({"tea"}))
    dialogue.send(ev.AvailabilityChanged(at_ms=dialogue.now_ms, availability=out))
    assert len(dialogue.all(fx.Say)) == said


def test_a_dropped_connection_comes_back_to_where_it_was():
    dialogue = call(BOOK).type("a coke").type("a burger").run(500)
    dialogue.send(ev.ClientDropped(at_ms=dialogue.now_ms))
    before = len(dialogue.effects)
    dialogue.run(20_000)
    assert not [one for one in dialogue.effects[before:] if isinstance(one, fx.Say)], "nobody is there to hear it"
    dialogue.send(ev.ClientResumed(at_ms=dialogue.now_ms))
    again = dialogue.effects[before:]
    assert next(one for one in again if isinstance(one, fx.ShowCart)).cart == dialogue.cart
    assert dialogue.chips == ["Ranch", "BBQ sauce", "Hot sauce"]
    assert dialogue.reply == "Welcome back. Which sauce for the Burger: ranch, BBQ sauce or hot sauce?"
    assert any(isinstance(one, fx.SendState) for one in again)


def test_a_readback_is_read_again_after_a_drop_before_a_yes_counts():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.speak("a coke").listen_to_the_end()
    dialogue.speak("done", until_answered=False).run(800)
    dialogue.send(ev.ClientDropped(at_ms=dialogue.now_ms))
    dialogue.run(3_000)
    dialogue.send(ev.ClientResumed(at_ms=dialogue.now_ms))
    assert dialogue.reply.startswith("Let me read that back: one Coke.")
    assert dialogue.all(fx.ShowReadback)[-1].key == dialogue.all(fx.ShowReadback)[0].key
    dialogue.listen_to_the_end().speak("yes")
    assert len(dialogue.place_calls) == 1


def test_an_order_placed_while_the_customer_was_away_is_told_when_they_are_back():
    dialogue = call(BOOK).type("a coke").type("done").type("yes")
    dialogue.send(ev.ClientDropped(at_ms=dialogue.now_ms))
    dialogue.run(5_000)
    dialogue.send(ev.ClientResumed(at_ms=dialogue.now_ms))
    assert dialogue.reply == "Your order is placed: number 41. For changes, please ask staff."


def test_somebody_who_does_not_come_back_has_left():
    dialogue = call(BOOK).type("a coke")
    dialogue.send(ev.ClientDropped(at_ms=dialogue.now_ms))
    dialogue.run(200_000)
    assert dialogue.last(fx.Close).outcome is Outcome.ABANDONED


def test_a_person_who_takes_over_silences_the_assistant_until_they_hand_back():
    dialogue = call(BOOK).run(1_000)
    dialogue.send(ev.StaffTookOver(at_ms=dialogue.now_ms, name="Rosa"))
    assert dialogue.all(fx.StopPlayout)
    assert dialogue.last(fx.SendState).state is CallState.WITH_STAFF
    said = len(dialogue.all(fx.Say))
    dialogue.speak("a coke")
    assert not dialogue.all(fx.Understand)
    assert dialogue.last(fx.SaveTurn).record.heard == "a coke", "what was said is still kept"
    dialogue.send(ev.CartTouched(at_ms=dialogue.now_ms, edits=(AddLine(item="tea"),), revision=0))
    assert [line.item for line in dialogue.cart.lines] == ["tea"]
    assert len(dialogue.all(fx.Say)) == said
    dialogue.send(ev.StaffHandedBack(at_ms=dialogue.now_ms))
    assert dialogue.reply == "I'm back to help with your order. Anything else?"


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        ([], Outcome.ABANDONED),
        (["person"], Outcome.TRANSFERRED),
        (["took over", "back", "order"], Outcome.COMPLETED_WITH_STAFF),
        (["person", "order"], Outcome.COMPLETED),
        (["order"], Outcome.COMPLETED),
    ],
)
def test_every_call_ends_in_exactly_one_outcome(steps, outcome):
    dialogue = call(BOOK)
    for step in steps:
        if step == "person":
            dialogue.send(ev.PersonRequested(at_ms=dialogue.now_ms))
        elif step == "took over":
            dialogue.send(ev.StaffTookOver(at_ms=dialogue.now_ms, name="Rosa"))
        elif step == "back":
            dialogue.send(ev.StaffHandedBack(at_ms=dialogue.now_ms))
        else:
            dialogue.type("a coke").type("done").type("yes").run(100)
    dialogue.send(ev.HungUp(at_ms=dialogue.now_ms))
    assert [one.outcome for one in dialogue.all(fx.Close)] == [outcome]
    dialogue.send(ev.UtteranceTyped(at_ms=dialogue.now_ms, text="a coke"))
    assert isinstance(dialogue.effects[-1], fx.Close), "nothing after the end"


def test_a_call_at_a_closed_restaurant_is_a_rejected_one():
    dialogue = call(BOOK, is_open=False)
    dialogue.send(ev.HungUp(at_ms=0))
    assert dialogue.last(fx.Close).outcome is Outcome.REJECTED


def test_a_call_has_a_longest_length_but_an_order_under_way_is_finished():
    dialogue = call(BOOK, max_call_ms=60_000, typed_only=True).run(60_000)
    assert dialogue.last(fx.SendNotice).code == "too_long"
    assert dialogue.last(fx.Close).code == 4441
    busy = call(BOOK, max_call_ms=60_000, places=False, typed_only=True).type("a coke").type("done").run(55_000)
    busy.type("yes").run(8_000)
    assert not busy.all(fx.Close)


def test_no_timer_survives_the_end_of_a_call():
    dialogue = call(BOOK).run(2_000)
    dialogue.voice("a coke").silence()
    dialogue.send(ev.HungUp(at_ms=dialogue.now_ms))
    assert not dialogue.timers
    assert not dialogue.state.timers


def test_a_turn_is_saved_with_what_was_heard_of_its_reply_and_when():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.speak("a coke").listen_to_the_end()
    record = dialogue.last(fx.SaveTurn).record
    assert (record.heard, record.reply, record.reply_heard) == ("a coke", "One Coke. Anything else?", None)
    assert record.understanding == BOOK["a coke"]
    assert record.speech_ended_ms < record.final_ms < record.understood_ms < record.first_audio_ms
    dialogue.speak("a burger", until_answered=False).run(1_500)
    dialogue.send(ev.StopTapped(at_ms=dialogue.now_ms))
    cut = dialogue.last(fx.SaveTurn).record
    assert cut.heard == "a burger"
    assert cut.reply_heard
    assert cut.reply.startswith(cut.reply_heard)
    assert cut.reply_heard != cut.reply


def test_a_call_restored_from_bytes_is_the_same_call():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.voice("a coke").silence()
    state = dialogue.session.state
    again = CallSession.restore(dialogue.context, load_state(dump_state(state)))
    assert again.state == state
    event = ev.TimerFired(at_ms=dialogue.now_ms + 250, name="endpoint")
    assert again.handle(event) == dialogue.session.handle(event)


def test_a_timer_that_was_restarted_since_has_not_fired():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.voice("a coke").silence()
    began = dialogue.now_ms
    assert not dialogue.session.handle(ev.TimerFired(at_ms=began + 100, name="endpoint"))
    assert not dialogue.session.handle(ev.TimerFired(at_ms=began + 100, name="no_such_timer"))
    assert dialogue.session.handle(ev.TimerFired(at_ms=began + 240, name="endpoint"))[0] == fx.FinishUtterance()
