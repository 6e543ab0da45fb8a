"""Turn-taking: from voice and words to turns. The core, not the recogniser, decides when a turn ends."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import endpointing, modes, mouth, recordings, replying
from voice.dialog.call import Call
from voice.dialog.effects import FinishUtterance, SendCaption
from voice.dialog.events import SpeechPaused, SpeechResumed, SpeechStarted, TranscriptFinal, TranscriptInterim
from voice.dialog.pending import submit
from voice.dialog.questions import expectation
from voice.dialog.recordings import MAX_HYPOTHESES, words_of
from voice.dialog.state import Ear, Hearing, Mouth

LONGEST_UTTERANCE_MS = 15_000
AFTER_EARLY_FINAL_MS = 1_500  # the engine ended an utterance by itself: how long to wait for the voice to go on
NOISE_MS = 1_000  # a voice this long without a word deserves an apology the second time


def speech_started(call: Call, event: SpeechStarted | SpeechResumed) -> None:
    """The voice is there, for the first time or again. Before a turn is understood, more voice belongs to it."""
    if not call.can_hear:
        return
    mouth.voice_came(call)
    hearing = call.hearing
    if hearing.ear is Ear.PAUSED:
        pause_ms = event.audio_ms - hearing.paused_audio_ms
        hearing = replace(hearing, habit_ms=endpointing.learned(hearing.habit_ms, pause_ms))
    elif hearing.ear is Ear.IDLE:
        hearing = _opened(call)
        call.start_timer("utterance", LONGEST_UTTERANCE_MS)
    call.hearing = replace(hearing, ear=Ear.HEARING)
    call.flow = replace(call.flow, source="voice", has_prompted=False)
    for timer in ("endpoint", "no_input", "no_transcript", "working"):
        call.stop_timer(timer)


def _opened(call: Call) -> Hearing:
    hearing = call.hearing
    number = hearing.last_number + 1
    hearing = replace(hearing, last_number=number, number=number, interim="", speech_ended_ms=None, due=0)
    hearing = replace(hearing, started_at_ms=call.now_ms)
    if hearing.carried:  # the connection broke in the middle of a sentence, and this is the rest of it
        return hearing
    if not hearing.waiting or hearing.waiting[-1].source != "voice":
        return replace(hearing, caption=number)
    half = hearing.waiting[-1]  # heard but not yet understood: it is read together with what comes now
    if len(hearing.waiting) == 1:
        call.stop_timer("understanding")
    return replace(hearing, waiting=hearing.waiting[:-1], caption=half.caption, carried=half.hypotheses)


def speech_paused(call: Call, event: SpeechPaused) -> None:
    if call.hearing.ear is not Ear.HEARING:
        return
    call.hearing = replace(
        call.hearing,
        ear=Ear.PAUSED,
        paused_at_ms=call.now_ms,
        paused_audio_ms=event.audio_ms,
        speech_ended_ms=call.now_ms,
    )
    _wait_for_end(call)


def _wait_for_end(call: Call) -> None:
    """(Re)starts the timer that ends the turn, counted from where the voice stopped."""
    hearing = call.hearing
    text = "" if call.is_batch else _joined_text(hearing)  # in batch they are words of a recogniser that is gone
    is_complete = False
    if text:
        expect = expectation(call.flow.question)
        is_complete = call.context.understander.is_complete(text, call.ordering.cart, expect)
    wait_ms = endpointing.silence_ms(
        is_complete=is_complete,
        is_open=endpointing.ends_open(text, call.hanging),
        habit_ms=hearing.habit_ms,
    )
    call.start_timer("endpoint", max(0, hearing.paused_at_ms + wait_ms - call.now_ms))


def _joined_text(hearing: Hearing) -> str:
    return " ".join(part for part in (*hearing.carried[:1], hearing.interim) if part)


def interim(call: Call, event: TranscriptInterim) -> None:
    hearing = call.hearing
    text = " ".join(event.text.split())
    if hearing.ear is Ear.IDLE or text == hearing.interim:
        return
    call.hearing = hearing = replace(hearing, interim=text)
    mouth.words_came(call, text)
    joined = _joined_text(hearing)
    call.emit(SendCaption(speaker="customer", turn=hearing.caption, text=joined, is_final=False))
    if hearing.ear is Ear.PAUSED:
        _wait_for_end(call)


def end_utterance(call: Call) -> None:
    """Timers `endpoint` and `utterance`: what was said so far is the turn."""
    if call.hearing.ear is Ear.IDLE and call.hearing.carried:  # the connection broke, and nothing more of it came
        _turn_ended(call, call.hearing.carried)
        return
    if call.hearing.ear not in (Ear.HEARING, Ear.PAUSED):
        return
    ended = call.now_ms if call.hearing.speech_ended_ms is None else call.hearing.speech_ended_ms
    due = call.hearing.due + call.is_batch
    call.hearing = replace(call.hearing, ear=Ear.FINISHING, speech_ended_ms=ended, due=due)
    call.emit(FinishUtterance())
    call.stop_timer("endpoint")
    call.stop_timer("utterance")
    modes.wait_for_words(call)


def final(call: Call, event: TranscriptFinal) -> None:
    if event.recording:
        recordings.note_heard(call, event.recording)
    said = words_of(event.hypotheses)
    call.hearing = hearing = replace(call.hearing, due=max(0, call.hearing.due - 1))
    if hearing.ear is Ear.FINISHING and hearing.due:  # the words of what was said after these are still being made
        call.hearing = replace(hearing, carried=_join(hearing.carried, said), interim="")
        return
    if hearing.ear in (Ear.HEARING, Ear.PAUSED):
        # The voice came back before these words did, or the engine ended the utterance by itself: more may follow.
        call.hearing = replace(hearing, carried=_join(hearing.carried, said), interim="")
        mouth.words_came(call, " ".join(said[:1]))
        if hearing.ear is Ear.HEARING and said and not call.is_batch:
            call.start_timer("endpoint", AFTER_EARLY_FINAL_MS)
        return
    if hearing.ear is Ear.IDLE:
        if not said or not call.can_hear:
            return
        call.hearing = _opened(call)
    _turn_ended(call, _join(call.hearing.carried, said))


def no_transcript(call: Call) -> None:
    """The engine owes its final words: what was understood on the way has to do."""
    if call.hearing.ear is Ear.FINISHING:
        hearing = call.hearing
        _turn_ended(call, _join(hearing.carried, (hearing.interim,) if hearing.interim else ()), is_engine_late=True)


def _join(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Every pair, the best first; a side without words leaves the other as it is."""
    if not first or not second:
        return (first or second)[:MAX_HYPOTHESES]
    pairs = [f"{one} {other}" for other in second for one in first]
    ranked = sorted(range(len(pairs)), key=lambda place: sum(divmod(place, len(first))))
    return tuple(dict.fromkeys(pairs[place] for place in ranked))[:MAX_HYPOTHESES]


def _turn_ended(call: Call, hypotheses: tuple[str, ...], *, is_engine_late: bool = False) -> None:
    hearing = call.hearing
    modes.words_are_here(call)
    mouth.end_bridge(call)
    call.hearing = replace(hearing, ear=Ear.IDLE, carried=(), interim="", due=0)
    if not hypotheses:
        _nothing_heard(call, hearing, is_engine_late=is_engine_late)
        return
    call.hearing = replace(call.hearing, empty_in_a_row=0)
    if mouth.is_listening_noise(call, hypotheses[0]):
        call.emit(SendCaption(speaker="customer", turn=hearing.caption, text=hypotheses[0], is_final=True))
        mouth.resume(call)
        return
    mouth.words_came(call, hypotheses[0])
    submit(
        call,
        "voice",
        hypotheses,
        number=hearing.number,
        caption=hearing.caption,
        speech_ended_ms=hearing.speech_ended_ms,
    )


def _nothing_heard(call: Call, hearing: Hearing, *, is_engine_late: bool) -> None:
    """A cough, a door. Once is nothing to talk about."""
    if hearing.interim:
        call.emit(SendCaption(speaker="customer", turn=hearing.caption, text="", is_final=True))
    if call.speaking.mouth is not Mouth.SILENT:
        mouth.resume(call)
        return
    is_long = (hearing.speech_ended_ms or call.now_ms) - hearing.started_at_ms >= NOISE_MS
    empty = hearing.empty_in_a_row + 1 if is_long else hearing.empty_in_a_row
    call.hearing = replace(call.hearing, empty_in_a_row=empty)
    if is_engine_late or empty >= 2:
        call.hearing = replace(call.hearing, empty_in_a_row=0)
        replying.not_heard(call)
    else:
        mouth.floor_is_free(call)
