"""Speaking and being interrupted: one reply at a time, paused when a voice comes in; only what was heard is said."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import turn_log
from voice.dialog.call import Call
from voice.dialog.effects import PausePlayout, ResumePlayout, Say, SendCaption, StopPlayout, TruncateHeard
from voice.dialog.events import PlayoutAcked, SpeechSynthesized
from voice.dialog.heard import estimated_ms, heard_ms, heard_part
from voice.dialog.phrases import Sentence, is_assent, is_backchannel
from voice.dialog.state import Ear, Mouth, Speaking, Speech, Staff, Stage

INTERRUPTION_MS = 700  # how long a paused reply waits for words
MAX_EXTENSIONS = 2  # a voice without words yet gets that much longer
PLAYOUT_SLACK_MS = 3_000  # a reply not reported as played by then is taken as played
UNMADE_SLACK_MS = 6_000  # and one the speaker never finished
NO_INPUT_MS, PLACED_LINGER_MS = 10_000, 60_000
CUT_MARK = " …"


def say(call: Call, speech: Speech) -> None:
    """Says it now, or as soon as the floor is free. One that still waits is replaced."""
    if not speech.sentences or call.flow.staff is Staff.WITH_CUSTOMER:
        return
    if not call.can_speak:
        _show(call, speech)
    elif not _has_floor(call):
        call.speaking = replace(call.speaking, waiting=speech)
    else:
        cut(call)
        _speak(call, speech)


def bridge(call: Call, said: Sentence) -> bool:
    """Says something while the customer's words are being made; their reply ends it. Returns whether it is said."""
    is_silent = call.speaking.mouth is Mouth.SILENT and call.speaking.waiting is None
    if not (call.can_speak and is_silent) or call.flow.staff is Staff.WITH_CUSTOMER:
        return False
    call.ordering = replace(call.ordering, told_before=call.ordering.told)
    _speak(call, Speech((said,), is_read=True, is_bridge=True))
    return True


def end_bridge(call: Call) -> None:
    if call.speaking.speech.is_bridge:
        cut(call)


def _has_floor(call: Call) -> bool:
    speaking = call.speaking
    is_busy = speaking.mouth is not Mouth.SILENT and not speaking.speech.is_interruptible
    return call.hearing.ear is Ear.IDLE and not is_busy and not call.flow.is_dropped


def _speak(call: Call, speech: Speech) -> None:
    response = call.speaking.response + 1
    call.speaking = Speaking(Mouth.SPEAKING, response, speech, has_failed=call.speaking.has_failed)
    if speech.news:
        call.flow = replace(call.flow, news=())
    text = " ".join(one.text for one in speech.sentences)
    spoken = " ".join(one.said for one in speech.sentences)
    call.emit(
        Say(
            response=response,
            text=text,
            language=call.language,
            is_interruptible=speech.is_interruptible,
            spoken="" if spoken == text else spoken,
        )
    )
    call.emit(SendCaption(speaker="assistant", turn=response, text=text, is_final=True))
    call.stop_timer("no_input")
    call.start_timer("playout", estimated_ms(speech.sentences) + UNMADE_SLACK_MS)


def _show(call: Call, speech: Speech) -> None:
    """Captions only: what is on the screen counts as said."""
    call.speaking = replace(call.speaking, response=call.speaking.response + 1, speech=speech)
    text = " ".join(one.text for one in speech.sentences)
    call.emit(SendCaption(speaker="assistant", turn=call.speaking.response, text=text, is_final=True))
    _note_readback(call, len(speech.sentences), is_begun=True)
    listen(call)


def drop_waiting(call: Call) -> None:
    """A reply that was never begun is thrown away; what it told is told again by the next one."""
    if call.speaking.waiting is not None:
        news = call.speaking.waiting.news or call.flow.news
        call.speaking = replace(call.speaking, waiting=None)
        call.ordering = replace(call.ordering, told=call.ordering.told_before)
        call.flow = replace(call.flow, news=news)
        turn_log.reply_ended(call, call.speaking.response + 1, "")


def floor_is_free(call: Call) -> None:
    """Nobody speaks: what waits is said, else the customer is listened to."""
    waiting = call.speaking.waiting
    if waiting is not None and _has_floor(call) and call.speaking.mouth is Mouth.SILENT:
        call.speaking = replace(call.speaking, waiting=None)
        say(call, waiting)
    elif waiting is None and call.speaking.mouth is Mouth.SILENT and not _owes_answer(call):
        listen(call)


def _owes_answer(call: Call) -> bool:
    return bool(call.hearing.waiting or call.hearing.recordings)


def listen(call: Call) -> None:
    """Silence from here on means something, if this customer speaks at all: others may be reading the menu."""
    if call.ordering.stage is Stage.PLACED:
        call.start_timer("no_input", PLACED_LINGER_MS)
        return
    is_expected = not call.flow.has_prompted and call.flow.staff is not Staff.WITH_CUSTOMER
    speaks = call.flow.source == "voice" or not (call.flow.source or call.context.has_screen)
    if is_expected and call.can_hear and speaks and call.hearing.ear is Ear.IDLE:
        call.start_timer("no_input", NO_INPUT_MS)


def voice_came(call: Call) -> None:
    """Pauses at once; words or a cough decide what follows."""
    speaking = call.speaking
    if speaking.mouth is not Mouth.SPEAKING or not speaking.speech.is_interruptible:
        return
    call.emit(PausePlayout(response=speaking.response))
    heard = heard_ms(speaking, call.now_ms)
    call.speaking = replace(speaking, mouth=Mouth.PAUSED, acked_ms=heard, acked_at_ms=None, extensions=0)
    call.stop_timer("playout")
    call.start_timer("interruption", INTERRUPTION_MS)


def words_came(call: Call, text: str) -> None:
    """Words of the customer over a reply end it, unless they are a listener's noise."""
    can_cut = call.speaking.mouth is not Mouth.SILENT and call.speaking.speech.is_interruptible
    if text and can_cut and not is_listening_noise(call, text):
        cut(call)


def is_listening_noise(call: Call, text: str) -> bool:
    """ "Uh-huh" always, "yeah" in the middle of a reply; once a yes-or-no question is known it is the answer."""
    if call.speaking.mouth is Mouth.SILENT:
        return False
    if is_backchannel(call.language, text):
        return True
    if not is_assent(call.language, text):
        return False
    if not call.flow.question.is_yes_no:
        return True
    readback = call.ordering.readback
    if readback is not None and (readback.is_seen or readback.is_heard):
        return False
    heard = heard_ms(call.speaking, call.now_ms)
    whole = heard_part(call.speaking, heard)[1]
    return heard <= 0 or whole < len(call.speaking.speech.sentences) - 1


def interruption_ran_out(call: Call) -> None:
    speaking = call.speaking
    if speaking.mouth is not Mouth.PAUSED:
        return
    if call.hearing.ear is Ear.HEARING and call.is_batch:  # there are no words on the way: so long a voice is no cough
        cut(call)
    elif call.hearing.ear is Ear.HEARING and speaking.extensions < MAX_EXTENSIONS:
        call.speaking = replace(speaking, extensions=speaking.extensions + 1)
        call.start_timer("interruption", INTERRUPTION_MS)
    else:
        resume(call)


def resume(call: Call) -> None:
    """It was only a cough."""
    speaking = call.speaking
    if speaking.mouth is not Mouth.PAUSED:
        return
    call.stop_timer("interruption")
    call.speaking = replace(speaking, mouth=Mouth.SPEAKING, acked_at_ms=None)
    call.emit(ResumePlayout(response=speaking.response))
    left = (speaking.total_ms or estimated_ms(speaking.speech.sentences)) - speaking.acked_ms
    call.start_timer("playout", max(0, left) + PLAYOUT_SLACK_MS)


def cut(call: Call, *, by_hand: bool = False) -> None:
    """Ends the reply where the listener is; what they did not hear was not said, unless they read it.

    `by_hand`: they type or tap over it, so they are looking at its caption.
    """
    speaking = call.speaking
    if speaking.mouth is Mouth.SILENT:
        return
    heard = heard_ms(speaking, call.now_ms)
    text, whole = heard_part(speaking, heard)
    if speaking.speech.is_read or (by_hand and call.context.has_screen):
        text, whole = " ".join(one.text for one in speaking.speech.sentences), len(speaking.speech.sentences)
    call.emit(StopPlayout(response=speaking.response))
    call.emit(TruncateHeard(response=speaking.response, heard_ms=heard, text=text))
    is_all = whole == len(speaking.speech.sentences)
    if not is_all:
        caption = text + CUT_MARK if text else ""
        call.emit(SendCaption(speaker="assistant", turn=speaking.response, text=caption, is_final=True))
    if not text:
        call.ordering = replace(call.ordering, told=call.ordering.told_before)
        call.flow = replace(call.flow, news=speaking.speech.news or call.flow.news)
    _note_readback(call, whole, is_begun=bool(text))
    _silent(call)
    turn_log.reply_ended(call, speaking.response, None if is_all else text)


def acked(call: Call, event: PlayoutAcked) -> None:
    speaking = call.speaking
    if event.response != speaking.response or speaking.mouth is Mouth.SILENT:
        return
    played = event.played_ms if speaking.total_ms is None else min(event.played_ms, speaking.total_ms)
    if played > 0:
        turn_log.heard_first_audio(call, speaking.response, event.at_ms - played)
    is_playing = speaking.mouth is Mouth.SPEAKING
    call.speaking = replace(speaking, acked_ms=played, acked_at_ms=event.at_ms if is_playing else None)
    if event.is_finished:
        played_out(call)


def synthesized(call: Call, event: SpeechSynthesized) -> None:
    speaking = call.speaking
    if event.response != speaking.response or speaking.mouth is Mouth.SILENT:
        return
    call.speaking = replace(speaking, total_ms=event.total_ms)
    if speaking.mouth is Mouth.SPEAKING:
        left = event.total_ms - heard_ms(call.speaking, call.now_ms)
        call.start_timer("playout", max(0, left) + PLAYOUT_SLACK_MS)


def played_out(call: Call) -> None:
    """All of it was played, as far as anybody can know."""
    speaking = call.speaking
    if speaking.mouth is Mouth.SILENT:
        return
    _note_readback(call, len(speaking.speech.sentences), is_begun=True)
    _silent(call)
    turn_log.reply_ended(call, speaking.response)
    floor_is_free(call)


def playout_ran_out(call: Call) -> None:
    """Nobody reported the end. Audio that was made had its time; a reply that never became audio was only shown."""
    speaking = call.speaking
    if speaking.mouth is Mouth.SILENT:
        return
    if speaking.total_ms is None and not call.context.has_screen:
        cut(call)
        floor_is_free(call)
    else:
        call.emit(StopPlayout(response=speaking.response))  # a listener who stalled must not hear two at once
        played_out(call)


def _silent(call: Call) -> None:
    call.stop_timer("playout")
    call.stop_timer("interruption")
    call.speaking = replace(call.speaking, mouth=Mouth.SILENT, acked_at_ms=None)


def _note_readback(call: Call, whole: int, *, is_begun: bool) -> None:
    """How much of a readback, or of its recap, has reached the customer."""
    speech, readback = call.speaking.speech, call.ordering.readback
    if readback is None or not speech.is_readback:
        return
    is_heard = readback.is_heard or whole >= len(speech.sentences) - 1
    readback = replace(readback, is_heard=is_heard, is_begun=readback.is_begun or is_begun)
    call.ordering = replace(call.ordering, readback=readback)
