"""A connection that breaks: no word that was made is lost, and what was not heard is said when the customer is back."""

from __future__ import annotations

import pytest

from orders.cart_types import AddLine
from orders.understanding.types import ActKind as A
from tests.unit.voice.dialog.driver import Call, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.reconnection import RECONNECT_MS, REST_MS

BOOK = {
    "a coke": edits(AddLine(item="coke")),
    "a burger": edits(AddLine(item="burger")),
    "a burger and a coke": edits(AddLine(item="burger"), AddLine(item="coke")),
    "done": acts(A.DONE),
    "yes": acts(A.YES),
}


def drop(dialogue: Call, *, away_ms: int = 5_000) -> Call:
    dialogue.send(ev.ClientDropped(at_ms=dialogue.now_ms))
    return dialogue.run(away_ms)


def come_back(dialogue: Call) -> Call:
    return dialogue.send(ev.ClientResumed(at_ms=dialogue.now_ms)) or dialogue


def say_half(dialogue: Call, text: str) -> None:
    """The engine ends an utterance by itself while the voice goes on."""
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
    dialogue.run(600)
    dialogue.send(ev.TranscriptFinal(at_ms=dialogue.now_ms, hypotheses=(ev.Hypothesis(text),)))
    dialogue.run(300)


def unheard_reply() -> Call:
    """The reply has begun; nothing of it is reported as played."""
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.plays = False
    dialogue.speak("a coke", until_answered=False).run(1_000)
    assert dialogue.reply == "One Coke. Anything else?"
    return dialogue


@pytest.mark.parametrize("through_checkpoints", [False, True])
def test_the_half_that_was_words_already_goes_on_with_the_half_that_comes_again(through_checkpoints: bool) -> None:
    dialogue = call(BOOK, through_checkpoints=through_checkpoints).listen_to_the_end()
    say_half(dialogue, "a burger")
    come_back(drop(dialogue))
    dialogue.speak("and a coke")
    assert [(line.item, line.quantity) for line in dialogue.cart.lines] == [("burger", 1), ("coke", 1)]
    words = [one for one in dialogue.all(fx.SendCaption) if one.speaker == "customer" and one.is_final]
    assert [one.text for one in words] == ["a burger and a coke"]


def test_a_half_nothing_more_comes_of_is_a_turn_of_its_own() -> None:
    dialogue = call(BOOK).listen_to_the_end()
    say_half(dialogue, "a burger")
    come_back(drop(dialogue)).run(REST_MS + 500)
    assert [line.item for line in dialogue.cart.lines] == ["burger"]


def test_a_reply_nobody_heard_is_said_when_they_are_back() -> None:
    dialogue = unheard_reply()
    come_back(drop(dialogue))
    assert dialogue.reply == "One Coke. Anything else?"
    dialogue.plays = True
    dialogue.run(10_000).speak("a burger").run(500)
    assert "One Coke" not in dialogue.reply, "it is told once"


def test_of_a_reply_that_was_half_heard_the_rest_is_said() -> None:
    dialogue = unheard_reply()
    say = dialogue.last(fx.Say)
    first = len("One Coke.") * 80
    dialogue.send(ev.PlayoutAcked(at_ms=dialogue.now_ms, response=say.response, played_ms=first + 200))
    come_back(drop(dialogue))
    assert dialogue.reply == "Anything else?"


def test_what_was_understood_while_they_were_away_is_said_instead() -> None:
    dialogue = unheard_reply()
    dialogue.send(ev.ClientDropped(at_ms=dialogue.now_ms))
    dialogue.send(ev.UtteranceTyped(at_ms=dialogue.now_ms, text="a burger"))
    dialogue.run(2_000)
    come_back(dialogue)
    assert "One Coke" in dialogue.reply, "the older reply's news are in the newer one"
    assert "Burger" in dialogue.reply


def test_a_second_drop_forgets_nothing() -> None:
    dialogue = unheard_reply()
    drop(dialogue)
    come_back(drop(dialogue))
    assert dialogue.reply == "One Coke. Anything else?"


def test_the_wait_has_an_end() -> None:
    dialogue = call(BOOK).listen_to_the_end()
    say_half(dialogue, "a burger")
    drop(dialogue, away_ms=RECONNECT_MS + 1_000)
    assert dialogue.last(fx.Close).reason == "connection_lost"
