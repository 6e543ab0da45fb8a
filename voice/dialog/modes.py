"""Streaming or batch: the one fact the dialogue knows of it, for what it says and how long it waits for words."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import mouth
from voice.dialog.call import Call
from voice.dialog.effects import SendNotice, ShowMode
from voice.dialog.events import ModeChanged
from voice.dialog.state import Ear

BATCH = "batch"
STREAMING_WORDS_MS = 4_000
BATCH_WORDS_MS = 60_000  # whoever makes the words gives up before that (`BATCH_WORDS_DEADLINE_MS`) and says so
WORKING_MS = 4_000


def mode_changed(call: Call, event: ModeChanged) -> None:
    """Shown at once, said with the next reply. A call never goes back to streaming."""
    if event.mode != BATCH or call.is_batch:
        return
    call.flow = replace(call.flow, mode=BATCH, news=(call.sentence("mode_batch"),))
    call.emit(ShowMode(mode=BATCH, reason=event.reason, text=call.text("mode_batch")))
    if call.hearing.ear is Ear.FINISHING:
        call.hearing = replace(call.hearing, due=1)
        wait_for_words(call)


def wait_for_words(call: Call) -> None:
    """Words are owed. Timer `working` tells so when they take their time; `no_transcript`: they are not coming."""
    call.start_timer("no_transcript", BATCH_WORDS_MS if call.is_batch else STREAMING_WORDS_MS)
    if call.is_batch and "working" not in call.timers:
        call.start_timer("working", WORKING_MS)


def words_are_here(call: Call) -> None:
    """All that were owed, or nobody waits for them any more."""
    call.stop_timer("no_transcript")
    call.stop_timer("working")


def still_working(call: Call) -> None:
    """Timer `working`: the silence is ours, so we break it, once a turn."""
    is_waiting = call.hearing.ear is Ear.FINISHING or bool(call.hearing.recordings)
    if is_waiting and not call.flow.is_dropped and not mouth.bridge(call, call.sentence("working")):
        call.emit(SendNotice(code="working", text=call.text("working")))
