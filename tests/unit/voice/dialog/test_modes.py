"""Streaming and batch, as the customer notices it; utterances that were recorded as a whole."""

from __future__ import annotations

import pytest

from orders.cart_types import AddLine
from orders.understanding.types import ActKind as A
from tests.unit.voice.dialog.driver import Call, acts, call, edits
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.effects import CallState
from voice.dialog.state import DialogState, dump_state, load_state

BOOK = {
    "a coke": edits(AddLine(item="coke")),
    "a burger": edits(AddLine(item="burger")),
    "a coke a burger": edits(AddLine(item="coke"), AddLine(item="burger")),
    "done": acts(A.DONE),
    "yes": acts(A.YES),
}
TOLD = "From here on I listen to one whole sentence at a time"


def fall_back(dialogue: Call, reason: str = "engine_failed") -> Call:
    dialogue.send(ev.ModeChanged(at_ms=dialogue.now_ms, mode="batch", reason=reason))
    return dialogue


def received(dialogue: Call, recording: str = "r1") -> Call:
    dialogue.send(ev.RecordingReceived(at_ms=dialogue.now_ms, recording=recording))
    return dialogue


def heard(dialogue: Call, text: str, recording: str = "r1") -> Call:
    hypotheses = (ev.Hypothesis(text),) if text else ()
    dialogue.send(ev.RecordingHeard(at_ms=dialogue.now_ms, recording=recording, hypotheses=hypotheses))
    return dialogue.run(5)


def assistant_said(dialogue: Call) -> list[str]:
    """Final captions by response, the last of each."""
    shown = {one.turn: one.text for one in dialogue.all(fx.SendCaption) if one.speaker == "assistant"}
    return list(shown.values())


def test_a_change_is_shown_at_once_and_said_with_the_next_reply_and_then_never_again():
    dialogue = fall_back(call(BOOK).listen_to_the_end())
    shown = dialogue.last(fx.ShowMode)
    assert (shown.mode, shown.reason) == ("batch", "engine_failed")
    assert shown.text.startswith(TOLD)
    dialogue.speak("a coke").listen_to_the_end()
    assert dialogue.reply.startswith(f"{TOLD}, so my answers take a little longer. One Coke.")
    fall_back(dialogue, "killed")
    dialogue.speak("a burger")
    assert TOLD not in dialogue.reply
    assert len(dialogue.all(fx.ShowMode)) == 1


def test_news_that_nobody_heard_is_said_again():
    dialogue = fall_back(call(BOOK).listen_to_the_end())
    dialogue.speak("a coke", until_answered=False).run(400)
    dialogue.send(ev.StopTapped(at_ms=dialogue.now_ms))
    dialogue.speak("a burger")
    assert dialogue.reply.startswith(TOLD)


def test_a_spanish_caller_is_told_in_spanish():
    assert fall_back(call(BOOK, language="es")).last(fx.ShowMode).text.startswith("A partir de ahora")


def test_the_mode_survives_a_checkpoint_and_older_checkpoints_still_load():
    state = fall_back(call(BOOK)).session.state
    assert load_state(dump_state(state)).flow.mode == "batch"
    assert load_state(b"\x80") == DialogState(), "every field may be missing"


@pytest.mark.parametrize("wait_ms", [6_000, 30_000])
def test_a_caller_who_waits_hears_that_we_work_on_it_once(wait_ms: int):
    dialogue = received(call(BOOK, mode="batch").listen_to_the_end())
    assert dialogue.last(fx.SendState).state is CallState.THINKING
    dialogue.run(wait_ms)
    assert sum("still working" in text for text in assistant_said(dialogue)) == 1
    assert not any("still there" in text for text in assistant_said(dialogue)), "the silence is ours"
    heard(dialogue, "a coke")
    assert dialogue.reply == "One Coke. Anything else?"


def test_a_caller_who_only_reads_is_told_by_a_notice():
    dialogue = received(call(BOOK, mode="batch", captions_only=True)).run(6_000)
    assert [one.code for one in dialogue.all(fx.SendNotice)] == ["working"]


def test_an_answer_that_was_given_before_the_filler_is_no_listeners_noise():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    received(dialogue).run(4_200)
    assert dialogue.state.speaking.mouth == "speaking", "it says that it is working"
    heard(dialogue, "a coke")
    assert [line.item for line in dialogue.cart.lines] == ["coke"]


def test_a_recording_is_a_turn_like_any_other():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    heard(received(dialogue), "a coke")
    caption = next(one for one in dialogue.all(fx.SendCaption) if one.speaker == "customer")
    assert (caption.text, caption.is_final) == ("a coke", True)
    assert dialogue.reply == "One Coke. Anything else?"
    dialogue.listen_to_the_end()
    assert dialogue.last(fx.SaveTurn).record.heard == "a coke"
    heard(received(dialogue, "r2"), "done", "r2")
    dialogue.listen_to_the_end()
    heard(received(dialogue, "r3"), "yes", "r3")
    assert len(dialogue.place_calls) == 1


def test_a_recording_ends_the_reply_it_was_spoken_over():
    dialogue = call(BOOK, mode="batch").run(500)
    assert dialogue.state.speaking.mouth == "speaking"
    received(dialogue)
    assert dialogue.all(fx.StopPlayout)
    heard(dialogue, "a coke")
    assert dialogue.reply == "One Coke. Anything else?"


def test_the_same_recording_twice_is_one_turn():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    heard(heard(received(dialogue), "a coke"), "a coke")
    received(dialogue)
    assert [(line.item, line.quantity) for line in dialogue.cart.lines] == [("coke", 1)]
    assert not dialogue.state.hearing.recordings


def test_words_that_came_as_a_final_are_not_taken_again_from_the_recording():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    dialogue.send(
        ev.TranscriptFinal(at_ms=dialogue.now_ms, hypotheses=(ev.Hypothesis("a coke"),), recording="r1"),
    )
    dialogue.run(5)
    heard(dialogue, "a coke")
    assert [(line.item, line.quantity) for line in dialogue.cart.lines] == [("coke", 1)]


def test_a_recording_without_words_is_answered():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    heard(received(dialogue), "")
    assert dialogue.reply.startswith("Sorry, I didn't get that.")


def test_words_that_never_come_are_our_fault_and_count_when_they_come_after_all():
    dialogue = received(call(BOOK, mode="batch").listen_to_the_end()).run(61_000)
    assert dialogue.reply.startswith("Sorry, that took too long on our side.")
    heard(dialogue, "a coke")
    assert [line.item for line in dialogue.cart.lines] == ["coke"]


def test_somebody_who_is_recording_is_not_asked_whether_they_are_there():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    heard(received(dialogue), "a coke")
    dialogue.listen_to_the_end().run(8_000)
    dialogue.send(ev.RecordingReceived(at_ms=dialogue.now_ms, recording="r2", is_whole=False))
    said = len(dialogue.all(fx.Say))
    dialogue.run(15_000)
    assert len(dialogue.all(fx.Say)) == said


def test_a_voice_that_lasts_ends_the_reply_though_no_words_are_known():
    dialogue = call(BOOK, mode="batch").run(1_000)
    dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
    dialogue.run(800)
    assert dialogue.state.speaking.mouth == "silent"
    assert not dialogue.all(fx.ResumePlayout)


def test_a_cough_does_not_end_the_reply():
    dialogue = call(BOOK, mode="batch").run(1_000)
    dialogue.cough(200)
    dialogue.run(900)
    assert dialogue.all(fx.ResumePlayout)
    assert dialogue.state.speaking.mouth == "speaking"


def test_both_halves_of_a_sentence_are_one_turn_however_long_the_first_takes():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    for _ in range(2):
        dialogue.send(ev.SpeechStarted(at_ms=dialogue.now_ms, audio_ms=dialogue.now_ms))
        dialogue.session.handle(ev.SpeechPaused(at_ms=dialogue.now_ms + 500, audio_ms=dialogue.now_ms + 500))
        dialogue.now_ms += 1_300
        dialogue.session.handle(ev.TimerFired(at_ms=dialogue.now_ms, name="endpoint"))
    for recording, words in (("r1", "a coke"), ("r2", "a burger")):
        dialogue.now_ms += 500
        assert not dialogue.cart.lines
        dialogue.send(
            ev.TranscriptFinal(at_ms=dialogue.now_ms, hypotheses=(ev.Hypothesis(words),), recording=recording)
        )
    dialogue.run(5)
    assert [line.item for line in dialogue.cart.lines] == ["coke", "burger"]
    assert dialogue.last(fx.SendCaption).speaker == "assistant"


def test_a_failure_in_batch_offers_a_person_on_a_screen_and_calls_one_on_a_telephone():
    dialogue = call(BOOK, mode="batch").listen_to_the_end()
    dialogue.send(ev.EngineFailed(at_ms=dialogue.now_ms, stage="transcriber", reason="no worker"))
    assert dialogue.last(fx.SendNotice).code == "typed_only"
    assert "A person, please" in dialogue.chips
    assert dialogue.reply.startswith("I can't hear you any more")
    assert dialogue.type("a coke").reply.startswith("One Coke.")
    phone = call(BOOK, mode="batch", has_screen=False).listen_to_the_end()
    phone.send(ev.EngineFailed(at_ms=phone.now_ms, stage="transcriber", reason="no worker"))
    assert phone.last(fx.CallStaff).reason == "engine_failed"
    assert "asking a member of staff" in phone.reply


def test_a_recording_is_nothing_where_nobody_may_speak():
    dialogue = call(BOOK, typed_only=True).run(100)
    heard(received(dialogue), "a coke")
    assert not dialogue.cart.lines
