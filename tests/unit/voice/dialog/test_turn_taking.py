"""When a turn ends, and what belongs to it."""

from __future__ import annotations

from orders.cart_types import AddLine, RemoveLine
from orders.understanding.types import ActKind
from tests.unit.voice.dialog.driver import Phrasebook, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.effects import CallState

COKE = edits(AddLine(item="coke"))
BOOK = {
    "a coke": COKE,
    "a coke and": COKE,
    "a coke and a tea": edits(AddLine(item="coke"), AddLine(item="tea")),
    "my usual": COKE,
    "yes": acts(ActKind.YES),
}


def waits(text: str, book: Phrasebook | None = None, **context) -> int:
    """Milliseconds between the pause and the end of the turn."""
    dialogue = call(book or Phrasebook(BOOK, unfinished=("a coke and", "my usual")), **context).listen_to_the_end()
    dialogue.speak(text)
    finished = dialogue.times(fx.FinishUtterance)[-1]
    started = [event.at_ms for event in dialogue.events if isinstance(event, ev.SpeechPaused)][-1]
    return finished - started


def test_a_whole_order_ends_the_turn_after_a_short_silence():
    assert waits("a coke") == 250


def test_words_that_may_go_on_wait_longer_and_an_open_phrase_longest():
    assert waits("my usual") == 700
    assert waits("a coke and") == 1200


def test_sizes_and_numbers_leave_a_phrase_open_in_both_languages():
    assert waits("give me a large") == 1200
    assert waits("i want two") == 1200
    assert waits("quiero una pizza grande", language="es") == 1200
    assert waits("una pizza con", language="es") == 1200


def test_a_slow_talker_is_given_more_time_within_bounds():
    dialogue = call(Phrasebook(BOOK, unfinished=("my usual",))).listen_to_the_end()
    for pause_ms in (600, 650, 600):
        dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
        dialogue.run(300)
        dialogue.send(ev.SpeechPaused(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
        dialogue.run(pause_ms)
        dialogue.send(ev.SpeechResumed(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
        dialogue.run(100)
        dialogue.silence().run(3_000)
    dialogue.speak("my usual")
    finished = dialogue.times(fx.FinishUtterance)[-1]
    paused = [event.at_ms for event in dialogue.events if isinstance(event, ev.SpeechPaused)][-1]
    assert 900 < finished - paused <= 1_100


def test_interims_that_come_after_the_pause_still_decide_how_long_it_lasts():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms))
    dialogue.run(400)
    dialogue.send(ev.SpeechPaused(at_ms=dialogue.now_ms))
    paused = dialogue.now_ms
    dialogue.run(150)
    dialogue.send(ev.TranscriptInterim(at_ms=dialogue.now_ms, text="a coke"))
    dialogue.run(2_000)
    assert dialogue.times(fx.FinishUtterance)[-1] - paused == 250


def test_speech_that_goes_on_before_the_final_words_joins_the_same_turn():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.voice("a coke").silence().run(260)
    assert dialogue.times(fx.FinishUtterance)
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
    dialogue.run(100)  # the final of "a coke" arrives in the meantime
    assert not dialogue.all(fx.Understand)
    dialogue._heard = "and a tea"
    dialogue.send(ev.TranscriptInterim(at_ms=dialogue.now_ms, text="and a tea"))
    assert dialogue.last(fx.SendCaption).text == "a coke and a tea"
    dialogue.run(400)
    dialogue.silence().run(2_000)
    assert [one.hypotheses for one in dialogue.all(fx.Understand)] == [("a coke and a tea",)]
    assert [line.item for line in dialogue.cart.lines] == ["coke", "tea"]


def test_speech_that_goes_on_while_the_turn_is_being_understood_is_read_as_a_whole():
    dialogue = call(BOOK, understands=False).listen_to_the_end()
    dialogue.speak("a coke")
    first = dialogue.last(fx.Understand)
    dialogue.speak("and a tea")
    second = dialogue.last(fx.Understand)
    assert second.hypotheses == ("a coke and a tea",)
    dialogue.send(ev.Understood(at_ms=dialogue.now_ms, turn=first.turn, understanding=COKE))
    assert not dialogue.cart.lines, "half a sentence was answered"
    dialogue.send(ev.Understood(at_ms=dialogue.now_ms, turn=second.turn, understanding=BOOK["a coke and a tea"]))
    assert [line.item for line in dialogue.cart.lines] == ["coke", "tea"]
    turns = {one.turn for one in dialogue.all(fx.SendCaption) if one.speaker == "customer"}
    assert len(turns) == 1, "one caption for one sentence"


def test_every_hypothesis_is_handed_on_and_joined_with_what_came_before():
    dialogue = call(BOOK, understands=False).listen_to_the_end()
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms))
    both = (ev.Hypothesis("a coke"), ev.Hypothesis("a cook"))
    dialogue.send(ev.TranscriptFinal(at_ms=dialogue.now_ms, hypotheses=both))
    dialogue.run(100).silence().run(750)
    dialogue.send(ev.TranscriptFinal(at_ms=dialogue.now_ms, hypotheses=(ev.Hypothesis("and a tea"),)))
    assert dialogue.last(fx.Understand).hypotheses == ("a coke and a tea", "a cook and a tea")


def test_a_cough_is_passed_over_without_a_word():
    dialogue = call(BOOK).listen_to_the_end()
    said = len(dialogue.all(fx.Say))
    dialogue.cough().run(3_000)
    assert len(dialogue.all(fx.Say)) == said
    assert dialogue.last(fx.SendState).state is CallState.LISTENING


def test_talking_that_yields_no_words_twice_is_worth_an_apology():
    dialogue = call(BOOK).listen_to_the_end()
    for _ in range(2):
        dialogue.cough(1_500).run(2_000)
    assert dialogue.reply.startswith("Sorry, I didn't get that.")


def test_somebody_who_never_stops_talking_is_answered_after_fifteen_seconds():
    dialogue = call(BOOK).listen_to_the_end()
    began = dialogue.now_ms
    dialogue.voice("a coke")
    dialogue.run(15_500)
    assert dialogue.times(fx.FinishUtterance)[-1] - began == 15_000
    assert [line.item for line in dialogue.cart.lines] == ["coke"]


def test_a_recogniser_that_owes_its_final_words_is_not_waited_for_forever():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms))
    dialogue.send(ev.TranscriptInterim(at_ms=dialogue.now_ms, text="a coke"))
    dialogue.send(ev.SpeechPaused(at_ms=dialogue.now_ms))
    dialogue._final = lambda: None
    dialogue.run(5_000)
    assert [line.item for line in dialogue.cart.lines] == ["coke"], "the words on the way have to do"


def test_an_understander_that_does_not_answer_is_our_fault_and_said_so():
    dialogue = call(BOOK, understands=False).listen_to_the_end()
    dialogue.type("a coke").run(3_500)
    assert dialogue.reply.startswith("Sorry, that took too long on our side.")
    assert not dialogue.state.hearing.waiting


def test_typed_words_are_answered_one_after_the_other():
    dialogue = call(BOOK, understands=False, typed_only=True)
    dialogue.type("a coke").type("a coke and a tea")
    assert len(dialogue.all(fx.Understand)) == 1
    for _ in range(2):
        asked = dialogue.last(fx.Understand)
        meaning = BOOK[asked.hypotheses[0]]
        dialogue.send(ev.Understood(at_ms=dialogue.now_ms, turn=asked.turn, understanding=meaning))
    assert [line.item for line in dialogue.cart.lines] == ["coke", "coke", "tea"]


def test_words_read_against_a_cart_that_changed_meanwhile_are_read_again():
    dialogue = call(BOOK, understands=False)
    dialogue.type("a coke")
    dialogue.send(ev.CartTouched(at_ms=dialogue.now_ms, edits=(AddLine(item="water"),), revision=0))
    old = dialogue.last(fx.Understand)
    dialogue.send(ev.Understood(at_ms=dialogue.now_ms, turn=old.turn, understanding=edits(RemoveLine(line="L1"))))
    again = dialogue.last(fx.Understand)
    assert again.turn != old.turn
    assert [line.item for line in again.cart.lines] == ["water"]
    assert [line.item for line in dialogue.cart.lines] == ["water"]


def test_the_state_is_named_at_every_step():
    dialogue = call(BOOK)
    assert dialogue.last(fx.SendState).state is CallState.SPEAKING
    dialogue.listen_to_the_end()
    assert dialogue.last(fx.SendState).state is CallState.LISTENING
    dialogue.voice("a coke").silence()
    dialogue.run(260)
    assert dialogue.last(fx.SendState).state is CallState.THINKING
    dialogue.run(500)
    assert dialogue.last(fx.SendState).state is CallState.SPEAKING
    assert call(BOOK, typed_only=True, captions_only=True).last(fx.SendState).state is CallState.READY


def test_silence_is_broken_once_and_then_left_alone():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.speak("a coke").listen_to_the_end()
    said = len(dialogue.all(fx.Say))
    dialogue.run(60_000)
    assert len(dialogue.all(fx.Say)) == said + 1
    assert dialogue.reply == "Are you still there? Anything else?"


def test_silence_after_the_greeting_is_broken_on_a_telephone_only():
    assert call(BOOK, has_screen=False).run(60_000).reply == "Are you still there? What would you like?"
    assert call(BOOK).run(60_000).reply.startswith("Welcome")


def test_somebody_who_types_or_asks_for_a_moment_is_not_urged():
    for words in ("a coke", "wait"):
        dialogue = call({**BOOK, "wait": acts(ActKind.HOLD)}).listen_to_the_end()
        if words == "wait":
            dialogue.speak(words)
        else:
            dialogue.type(words)
        dialogue.listen_to_the_end().run(60_000)
        assert "still there" not in dialogue.reply
