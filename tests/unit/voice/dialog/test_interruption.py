"""Talking over a reply: it pauses at once, words end it, a cough does not, and only what was heard counts as said."""

from __future__ import annotations

import pytest

from orders.cart_types import AddLine
from orders.understanding.types import ActKind
from tests.unit.voice.dialog.driver import MS_PER_CHARACTER, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.heard import heard_part
from voice.dialog.phrases import Sentence
from voice.dialog.state import Mouth, Speaking, Speech

BOOK = {
    "a large pizza": edits(AddLine(item="pepperoni", variation="l")),
    "a coke": edits(AddLine(item="coke")),
    "that's all": acts(ActKind.DONE),
    "yes": acts(ActKind.YES),
    "yes place it": acts(ActKind.YES),
    "yeah": acts(ActKind.YES),
    "no": acts(ActKind.NO),
}


def speaking(dialogue):
    """In the middle of the greeting."""
    return dialogue.run(2_000)


def test_a_voice_pauses_the_reply_at_once_and_words_end_it():
    dialogue = speaking(call(BOOK))
    at, before = dialogue.now_ms, len(dialogue.effects)
    dialogue.send(ev.SpeechStarted(at_ms=at))
    assert dialogue.effects[before] == fx.PausePlayout(response=1), "before anything else"
    assert not dialogue.all(fx.StopPlayout)
    dialogue.run(200)
    dialogue.send(ev.TranscriptInterim(at_ms=dialogue.now_ms, text="a large"))
    assert [one.response for one in dialogue.all(fx.StopPlayout)] == [1]
    cut = dialogue.last(fx.TruncateHeard)
    assert cut.heard_ms <= at
    assert "Welcome to Casa Prueba. I'm an AI assistant".startswith(cut.text)
    assert cut.text
    assert dialogue.reply == cut.text + " …"


@pytest.mark.parametrize("noise", ["", "uh-huh", "mm", "yeah", "okay right"])
def test_a_cough_or_a_listeners_noise_lets_the_reply_go_on(noise):
    dialogue = speaking(call(BOOK))
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms))
    if noise:
        dialogue.run(200)
        dialogue.send(ev.TranscriptInterim(at_ms=dialogue.now_ms, text=noise))
    dialogue._heard = noise
    dialogue.run(100)
    dialogue.silence().run(1_500)
    assert dialogue.last(fx.ResumePlayout).response == 1
    assert not dialogue.all(fx.StopPlayout)
    assert not dialogue.all(fx.Understand)
    dialogue.listen_to_the_end()
    assert len(dialogue.all(fx.Say)) == 1


def test_a_cough_resumes_the_reply_after_the_interruption_timer_at_the_latest():
    dialogue = speaking(call(BOOK))
    at = dialogue.now_ms
    dialogue.cough(150).run(3_000)
    assert dialogue.times(fx.ResumePlayout)[0] - at == 700


def test_a_voice_without_words_yet_gets_a_little_longer_before_the_reply_goes_on():
    dialogue = speaking(call(BOOK))
    at = dialogue.now_ms
    dialogue.send(ev.SpeechStarted(at_ms=at))
    dialogue.run(3_000)
    assert dialogue.times(fx.ResumePlayout)[0] - at == 2_100
    dialogue.send(ev.TranscriptInterim(at_ms=dialogue.now_ms, text="a coke"))
    assert dialogue.all(fx.StopPlayout), "late words still end it"


def test_a_reply_that_nobody_heard_yet_is_thrown_away_and_its_news_is_told_by_the_next():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.voice("a large pizza").silence()
    dialogue.run(400)
    assert dialogue.state.speaking.mouth == "speaking"
    dialogue.speak("a coke")
    assert dialogue.last(fx.TruncateHeard).text == ""
    assert dialogue.reply == "One large pepperoni pizza and one Coke. Anything else?"


def test_what_was_heard_is_not_told_again():
    dialogue = call(BOOK).listen_to_the_end()
    dialogue.speak("a large pizza", until_answered=False).run(2_200)
    dialogue.speak("a coke")
    assert dialogue.last(fx.TruncateHeard).text.startswith("One large")
    assert dialogue.reply == "One Coke. Anything else?"


def test_a_reply_that_may_not_be_interrupted_plays_on_and_the_answer_waits_for_its_end():
    dialogue = call(BOOK, has_screen=False)
    dialogue.run(1_000)
    dialogue.speak("a coke")
    assert not dialogue.all(fx.PausePlayout)
    assert not dialogue.all(fx.StopPlayout)
    assert len(dialogue.all(fx.Say)) == 1
    assert [line.item for line in dialogue.cart.lines] == ["coke"]
    dialogue.run(5_000)
    assert [one.text for one in dialogue.all(fx.Say)][1:] == ["One Coke. Anything else?"]
    assert dialogue.listen_to_the_end().last(fx.SaveTurn).record.reply_heard is None


def test_an_answer_that_never_got_its_turn_was_not_heard():
    dialogue = call(BOOK, has_screen=False)
    dialogue.run(1_000)
    dialogue.speak("a coke").speak("a large pizza").listen_to_the_end()
    records = {one.record.heard: one.record for one in dialogue.all(fx.SaveTurn)}
    assert records["a coke"].reply_heard == ""
    assert dialogue.reply == "One Coke and one large pepperoni pizza. Anything else?"


def test_stop_speaking_stops_and_keeps_only_what_was_heard():
    dialogue = speaking(call(BOOK))
    dialogue.send(ev.StopTapped(at_ms=dialogue.now_ms))
    assert dialogue.last(fx.TruncateHeard).heard_ms <= 2_000
    assert dialogue.state.speaking.mouth == "silent"


def test_typing_stops_the_voice():
    dialogue = speaking(call(BOOK))
    dialogue.type("a coke")
    assert [one.response for one in dialogue.all(fx.StopPlayout)] == [1]
    assert dialogue.reply == "One Coke. Anything else?"


def test_only_one_reply_is_ever_being_said():
    dialogue = call(BOOK)
    for _ in range(3):
        dialogue.run(700)
        dialogue.type("a coke")
    open_replies: set[int] = set()
    for _, effect in dialogue.log:
        if isinstance(effect, fx.Say):
            assert not open_replies
            open_replies.add(effect.response)
        elif isinstance(effect, fx.StopPlayout):
            open_replies.discard(effect.response)


def test_a_listener_who_never_reports_does_not_hold_up_the_call():
    dialogue = call(BOOK, plays=False)
    dialogue.run(12_000)
    assert dialogue.state.speaking.mouth == "silent"


def test_a_speaker_that_never_finishes_does_not_hold_up_the_call():
    dialogue = call(BOOK, synthesizes=False)
    dialogue.run(15_000)
    assert dialogue.state.speaking.mouth == "silent"


def test_reports_of_an_older_reply_are_ignored():
    dialogue = speaking(call(BOOK))
    dialogue.type("a coke").run(300)
    dialogue.send(ev.PlayoutAcked(at_ms=dialogue.now_ms, response=1, played_ms=90_000, is_finished=True))
    assert dialogue.state.speaking.mouth == "speaking"


def heard(heard_ms: int, *sentences: Sentence, total_ms: int | None = None) -> tuple[str, int]:
    total = sum(len(one.said) + 2 for one in sentences) * MS_PER_CHARACTER if total_ms is None else total_ms
    return heard_part(Speaking(Mouth.SPEAKING, 1, Speech(sentences), total), heard_ms)


def test_what_was_heard_ends_at_a_word_and_rather_too_early_than_too_late():
    first, second = Sentence("Three large pepperoni pizzas."), Sentence("Anything else?")
    assert heard(0, first, second) == ("", 0)
    assert heard(50, first, second) == ("", 0)
    assert heard(MS_PER_CHARACTER * 15, first, second) == ("Three large", 0)
    assert heard(MS_PER_CHARACTER * 34, first, second) == ("Three large pepperoni pizzas.", 1)
    assert heard(10_000, first, second) == ("Three large pepperoni pizzas. Anything else?", 2)


def test_what_was_heard_of_an_amount_is_measured_in_spoken_words():
    total, question = Sentence("It's $24.50.", "It's 24 dollars and 50 cents."), Sentence("Shall I place the order?")
    assert heard(MS_PER_CHARACTER * 20, total, question) == ("It's", 0)
    assert heard(MS_PER_CHARACTER * 40, total, question) == ("It's $24.50. Shall", 1)


# The readback: whether a yes counts depends on what of it reached the customer.


def at_readback(**changes):
    dialogue = call(BOOK, **changes).listen_to_the_end()
    dialogue.speak("a large pizza").listen_to_the_end()
    return dialogue.speak("that's all", until_answered=False).run(700)


def test_a_yes_to_a_readback_that_was_heard_places_the_order():
    dialogue = at_readback().listen_to_the_end()
    dialogue.speak("yes").listen_to_the_end()
    assert len(dialogue.place_calls) == 1


def test_a_yes_in_the_middle_of_the_readback_is_only_a_listeners_noise():
    dialogue = at_readback().run(1_000)
    dialogue.speak("yes")
    assert not dialogue.place_calls
    assert dialogue.all(fx.ResumePlayout)
    dialogue.listen_to_the_end().speak("yes").listen_to_the_end()
    assert len(dialogue.place_calls) == 1


def test_a_yes_over_the_closing_question_places_the_order():
    dialogue = at_readback()
    length = len(dialogue.last(fx.Say).spoken) * MS_PER_CHARACTER
    dialogue.run(length - 1_000)
    dialogue.speak("yes").listen_to_the_end()
    assert len(dialogue.place_calls) == 1


def test_an_impatient_yes_gets_one_short_recap_and_the_next_yes_counts():
    dialogue = at_readback().run(1_000)
    dialogue.speak("yes place it")
    assert not dialogue.place_calls
    assert dialogue.reply == "Just to be sure: one item, $16.50. Shall I place the order?"
    dialogue.speak("yes place it").listen_to_the_end()
    assert len(dialogue.place_calls) == 1


def test_a_second_yes_in_the_same_breath_as_the_first_does_not_count():
    dialogue = at_readback().run(1_000)
    dialogue.voice("yes place it").silence()
    dialogue.run(400)
    assert dialogue.reply.startswith("Just to be sure")
    dialogue.speak("yes place it")
    assert not dialogue.place_calls, "nothing of the recap was heard"
    dialogue.listen_to_the_end().speak("yes").listen_to_the_end()
    assert len(dialogue.place_calls) == 1


def test_a_typed_yes_counts_at_once_because_the_readback_is_on_the_screen():
    dialogue = at_readback().run(500)
    dialogue.type("yes")
    assert len(dialogue.place_calls) == 1


def test_captions_only_needs_no_playout():
    dialogue = call(BOOK, captions_only=True)
    dialogue.speak("a large pizza").speak("that's all").speak("yes")
    assert len(dialogue.place_calls) == 1
    assert not dialogue.all(fx.Say)


def test_a_typed_yes_on_a_telephone_is_no_proof_that_anything_was_heard():
    dialogue = at_readback(has_screen=False).run(500)
    dialogue.type("yes")
    assert not dialogue.place_calls


def test_a_no_in_the_middle_of_the_readback_stops_it_and_asks_what_to_change():
    dialogue = at_readback().run(1_000)
    dialogue.speak("no")
    assert dialogue.reply == "What should I change?"
    assert dialogue.all(fx.HideReadback)
