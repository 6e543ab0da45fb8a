"""Utterances that were recorded as a whole and become words elsewhere: each is one turn, whenever its words arrive."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import modes, mouth, replying
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.events import Hypothesis, RecordingHeard, RecordingReceived
from voice.dialog.pending import submit
from voice.dialog.state import Ear

KEPT = 16  # ids of recordings heard: a message that comes twice comes soon
MAX_HYPOTHESES = 5


def recording_received(call: Call, event: RecordingReceived) -> None:
    """The customer has spoken: whatever is being said gives way, and its words are waited for."""
    hearing = call.hearing
    if call.context.typed_only or event.recording in hearing.heard:
        return
    if not event.is_whole:
        call.stop_timer("no_input")
        return
    if event.recording not in hearing.recordings:
        call.hearing = replace(hearing, recordings=(*hearing.recordings, event.recording)[-KEPT:])
        _give_way(call)
    call.stop_timer("no_input")
    modes.wait_for_words(call)


def recording_heard(call: Call, event: RecordingHeard) -> None:
    if call.context.typed_only or event.recording in call.hearing.heard:
        return
    note_heard(call, event.recording)
    if not call.hearing.recordings and call.hearing.ear is not Ear.FINISHING:
        modes.words_are_here(call)
    _give_way(call)
    said = words_of(event.hypotheses)
    if not said:
        replying.not_heard(call)
        return
    number = call.hearing.last_number + 1
    call.hearing = replace(call.hearing, last_number=number, empty_in_a_row=0)
    submit(call, "voice", said, number=number, caption=number)


def note_heard(call: Call, recording: str) -> None:
    """From here on its words count as said, and come a second time for nothing."""
    hearing = call.hearing
    left = tuple(one for one in hearing.recordings if one != recording)
    call.hearing = replace(hearing, recordings=left, heard=(*hearing.heard, recording)[-KEPT:])


def words_of(hypotheses: tuple[Hypothesis, ...]) -> tuple[str, ...]:
    """Without empty ones, white space made single, the best first."""
    return tuple(text for one in hypotheses if (text := " ".join(one.text.split())))[:MAX_HYPOTHESES]


def words_ran_out(call: Call) -> None:
    """Nobody will know what they said: our fault. Should the words come after all, they are still a turn."""
    if not call.hearing.recordings:
        return
    call.hearing = replace(call.hearing, recordings=())
    draft = Draft(call)
    draft.add("our_fault")
    replying.reply(draft)


def _give_way(call: Call) -> None:
    """Somebody who recorded a sentence has not been listening; a reply that must be heard is heard first."""
    call.flow = replace(call.flow, source="voice", has_prompted=False)
    if call.speaking.speech.is_interruptible:
        mouth.cut(call)
