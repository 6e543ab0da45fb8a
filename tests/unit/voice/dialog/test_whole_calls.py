"""Whole calls by voice, with the real understanding of a small menu, on a virtual clock."""

from __future__ import annotations

import pytest

from orders.understanding import compile_menu
from tests.unit.voice.dialog.driver import Call, call
from tests.unit.voice.dialog.menus import MENU
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.effects import Outcome

ORDER = "two large pepperoni pizzas one with no onions actually make that three and a coke"


@pytest.fixture(scope="module")
def understander():
    return compile_menu(MENU)


def ordered(dialogue: Call) -> list[tuple[str, int, str | None, list[tuple[str, str]]]]:
    return [
        (line.item, line.quantity, line.variation, [(choice.option, choice.amount) for choice in line.options])
        for line in dialogue.cart.lines
    ]


def test_a_spoken_order_is_read_back_confirmed_and_placed_once(understander):
    dialogue = call(understander).listen_to_the_end()
    assert dialogue.reply == (
        "Welcome to Casa Prueba. I'm an AI assistant; the audio is not stored. What would you like?"
    )
    dialogue.speak(ORDER).listen_to_the_end()
    assert dialogue.reply == "Three large pepperoni pizzas, one without onions, and one Coke. Anything else?"
    assert ordered(dialogue) == [
        ("pepperoni", 2, "l", []),
        ("pepperoni", 1, "l", [("onions", "no")]),
        ("coke", 1, None, []),
    ]
    dialogue.speak("that's all").listen_to_the_end()
    assert dialogue.reply == (
        "Let me read that back: three large pepperoni pizzas, one without onions, and one Coke. "
        "Your total is $52.25. Shall I place the order?"
    )
    assert dialogue.last(fx.Say).spoken.count("52 dollars and 25 cents") == 1
    dialogue.speak("yes please").listen_to_the_end()
    assert dialogue.reply.startswith("Your order is placed. Your number is 41. It will be ready in about 15 minutes.")
    assert dialogue.place_calls == [f"c1:{dialogue.cart.revision}"]
    dialogue.send(ev.HungUp(at_ms=dialogue.now_ms))
    assert dialogue.last(fx.Close).outcome is Outcome.COMPLETED


def test_words_are_shown_while_they_are_spoken_and_then_settle(understander):
    dialogue = call(understander).listen_to_the_end()
    dialogue.speak("a large pepperoni pizza")
    mine = [one for one in dialogue.all(fx.SendCaption) if one.speaker == "customer"]
    assert [one.text for one in mine if not one.is_final] == [
        "a",
        "a large",
        "a large pepperoni",
        "a large pepperoni pizza",
    ]
    assert [one.text for one in mine if one.is_final] == ["a large pepperoni pizza"]
    assert len({one.turn for one in mine}) == 1


def test_a_correction_after_the_readback_is_read_back_again_before_anything_is_placed(understander):
    dialogue = call(understander).listen_to_the_end()
    for words in ("a large pepperoni pizza", "that's all", "no add a coke"):
        dialogue.speak(words).listen_to_the_end()
    assert dialogue.reply.startswith("Let me read that back: one large pepperoni pizza and one Coke.")
    first, second = dialogue.all(fx.ShowReadback)
    assert first.key != second.key
    assert not dialogue.place_calls
    dialogue.speak("yes").listen_to_the_end()
    assert dialogue.place_calls == [second.key]


def test_barging_into_a_reply_stops_it_and_the_new_words_count(understander):
    dialogue = call(understander).listen_to_the_end()
    dialogue.speak(ORDER, until_answered=False).run(2_500)
    assert dialogue.state.speaking.mouth == "speaking"
    began = dialogue.now_ms
    dialogue.voice("and a water")
    assert dialogue.times(fx.PausePlayout)[-1] == began
    stopped = dialogue.last(fx.TruncateHeard)
    assert 0 < stopped.heard_ms < 5_000
    assert "Three large pepperoni pizzas, one without onions, and one Coke".startswith(stopped.text)
    dialogue.silence()
    dialogue.run(2_000).listen_to_the_end()
    assert [item for item, *_ in ordered(dialogue)] == ["pepperoni", "pepperoni", "coke", "water"]


def test_the_order_is_placed_once_even_when_the_answer_is_lost(understander):
    dialogue = call(understander, places=False).listen_to_the_end()
    for words in ("a large pepperoni pizza", "that's all", "yes"):
        dialogue.speak(words).listen_to_the_end()
    assert len(dialogue.place_calls) == 1
    dialogue.run(30_000)
    assert len(dialogue.place_calls) > 2
    assert len(set(dialogue.place_calls)) == 1
    dialogue.places = True
    dialogue.run(60_000)
    assert [one.text for one in dialogue.all(fx.SendCaption) if "Your number is 41" in one.text]


def test_a_required_choice_is_asked_and_answered_by_voice(understander):
    dialogue = call(understander).listen_to_the_end()
    dialogue.speak("a burger and a pepperoni pizza").listen_to_the_end()
    assert "What size" in dialogue.reply
    dialogue.speak("medium").listen_to_the_end()
    assert "Which sauce for the Burger: ranch, BBQ sauce or hot sauce?" in dialogue.reply
    dialogue.speak("ranch").listen_to_the_end()
    assert dialogue.reply.endswith("Anything else?")
    dialogue.speak("no thanks").listen_to_the_end()
    assert dialogue.reply.startswith("Let me read that back")


def test_the_same_call_gives_the_same_effects_through_a_checkpoint_before_every_event(understander):
    words = (ORDER, "what's my total", "that's all", "no make it two cokes", "yes")
    runs = []
    for through_checkpoints in (False, True):
        dialogue = call(understander, through_checkpoints=through_checkpoints).listen_to_the_end()
        for said in words:
            dialogue.speak(said).listen_to_the_end()
        runs.append(dialogue)
    assert runs[0].log == runs[1].log
    assert runs[0].state == runs[1].state
    assert len(runs[0].placed) == 1
