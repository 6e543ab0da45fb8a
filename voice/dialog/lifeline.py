"""Beginnings, ends and everything that can go wrong around a call: engines, stock, people taking over."""

from __future__ import annotations

from dataclasses import replace

from voice.dialog import basket, checkout, mouth, pending, replying, turn_log
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import SendCaption, SendNotice, StopListening
from voice.dialog.events import AvailabilityChanged, EngineFailed, HungUp, OrderRefused, StaffTookOver
from voice.dialog.phrases import Sentence
from voice.dialog.questions import chip, order_question, to_ask
from voice.dialog.state import Asks, Ear, Hearing, Mouth, Speech, Staff, Stage

TOO_LONG = 4441
PLACING_GRACE_MS = 30_000


def opened(call: Call) -> None:
    context = call.context
    call.start_timer("call_length", context.max_call_ms)
    basket.recheck(call)
    basket.show(call)
    draft = Draft(call, is_interruptible=context.has_screen, source="typed" if context.typed_only else "voice")
    notice = "notice_recorded" if context.stores_audio else "notice_not_recorded"
    if context.greeting and context.is_open and context.greeting.rstrip().endswith("?"):  # it asks by itself, last
        draft.add(notice)
        draft.question = replace(order_question(call), sentences=(Sentence(context.greeting),))
        replying.reply(draft)
        return
    if context.greeting:
        draft.sentences.append(Sentence(context.greeting))
    else:
        draft.add("welcome", restaurant=context.restaurant_name)
    draft.add(notice)
    if not context.is_open:
        draft.add("closed_until" if context.opens_at_text else "closed", opens=context.opens_at_text)
    replying.reply(draft)


def silence(call: Call) -> None:
    """Timer `no_input`: asked once more, then left in peace; after the goodbye the call is over."""
    if call.ordering.stage is Stage.PLACED:
        call.close(1000, "placed")
        return
    if call.flow.has_prompted or call.hearing.ear is not Ear.IDLE or call.speaking.mouth is not Mouth.SILENT:
        return
    again = replying.open_question(call) or (call.sentence("ask_order"),)
    mouth.say(call, Speech((call.sentence("are_you_there"), *again)))
    call.flow = replace(call.flow, has_prompted=True)


def engine_failed(call: Call, event: EngineFailed) -> None:
    if event.stage in ("transcriber", "conversation") and call.can_hear:
        _lost_hearing(call, event)
    if event.stage in ("speaker", "conversation") and call.can_speak:
        _lost_voice(call)
    if event.stage == "understander":
        pending.understanding_ran_out(call)


def _lost_hearing(call: Call, event: EngineFailed) -> None:
    """Neither streaming nor batch makes words of this voice: from here on the customer types, or talks to a person."""
    call.emit(StopListening(reason=event.reason))
    for timer in ("endpoint", "utterance", "no_transcript", "no_input", "working"):
        call.stop_timer(timer)
    mouth.end_bridge(call)
    hearing = call.hearing
    words = " ".join(part for part in (*hearing.carried[:1], hearing.interim) if part)
    if hearing.ear is not Ear.IDLE and words:
        call.emit(SendCaption(speaker="customer", turn=hearing.caption, text=words, is_final=True))
    call.hearing = replace(hearing, ear=Ear.IDLE, interim="", carried=(), due=0, recordings=(), has_failed=True)
    call.emit(SendNotice(code="typed_only", text=call.text("notice_typed_only")))
    if call.is_batch and call.flow.staff is not Staff.WITH_CUSTOMER:
        _offer_person(call)
    elif call.speaking.mouth is Mouth.PAUSED:
        mouth.resume(call)
    else:
        mouth.floor_is_free(call)


def _offer_person(call: Call) -> None:
    """Both ways to words have failed. On a telephone there is nothing to type on: staff is called at once."""
    draft = Draft(call, source="" if call.context.has_screen else "voice")
    if not call.context.has_screen:
        basket.call_staff(call, "engine_failed")
        draft.add("lost_hearing_person")
        draft.is_silent = True
    elif call.ordering.stage not in (Stage.PLACING, Stage.PLACED):
        question, person = call.flow.question, chip(call, "person")
        chips = (*(one for one in question.chips if one != person), person)
        draft.add("lost_hearing")
        draft.question = replace(question, sentences=replying.open_question(call), chips=chips)
    replying.reply(draft)


def _lost_voice(call: Call) -> None:
    """The reply that was not spoken is on the screen; a readback among them counts as shown."""
    call.emit(SendNotice(code="captions_only", text=call.text("notice_captions_only")))
    speaking = call.speaking
    waiting = speaking.waiting
    readback = call.ordering.readback
    call.speaking = replace(speaking, has_failed=True, waiting=None)
    if speaking.mouth is not Mouth.SILENT:
        mouth.played_out(call)
    if readback is not None and call.context.has_screen:
        call.ordering = replace(call.ordering, readback=replace(readback, is_seen=True))
    if waiting is not None:
        mouth.say(call, waiting)


def availability_changed(call: Call, event: AvailabilityChanged) -> None:
    """Something ran out while it was in the basket: said at once, unless somebody is speaking."""
    before = set(to_ask(call.ordering.problems))
    call.ordering = replace(call.ordering, availability=event.availability)
    if call.ordering.stage in (Stage.PLACING, Stage.PLACED):
        return
    basket.recheck(call)
    problems = to_ask(call.ordering.problems)
    if not set(problems) - before:
        return
    basket.withdraw_readback(call)
    basket.show(call)
    is_quiet = call.hearing.ear is Ear.IDLE and not call.hearing.waiting and call.speaking.mouth is Mouth.SILENT
    if is_quiet and call.flow.staff is not Staff.WITH_CUSTOMER and call.flow.question.asks is not Asks.PROPOSAL:
        replying.reply(Draft(call, source=call.flow.source))


def order_refused(call: Call, event: OrderRefused) -> None:
    draft = checkout.order_refused(call, event)
    if draft is not None:
        replying.reply(draft)


def staff_took_over(call: Call, event: StaffTookOver) -> None:
    mouth.drop_waiting(call)
    mouth.cut(call)
    call.stop_timer("no_input")
    call.flow = replace(call.flow, staff=Staff.WITH_CUSTOMER)
    del event  # who it is belongs to the page of the staff


def staff_handed_back(call: Call) -> None:
    if call.flow.staff is not Staff.WITH_CUSTOMER:
        return
    call.flow = replace(call.flow, staff=Staff.WAS_HERE, misses=0)
    if call.ordering.stage in (Stage.PLACING, Stage.PLACED):
        return
    draft = Draft(call)
    draft.add("staff_back")
    replying.reply(draft)


def call_too_long(call: Call) -> None:
    """The order under way is finished first."""
    if call.ordering.stage is Stage.PLACING:
        call.start_timer("call_length", PLACING_GRACE_MS)
        return
    call.emit(SendNotice(code="too_long", text=call.text("notice_too_long")))
    turn_log.save(call)
    call.close(TOO_LONG, "too_long")


def hung_up(call: Call, event: HungUp) -> None:
    """The call ends; an order that is being placed is still followed to its outcome."""
    mouth.drop_waiting(call)
    mouth.cut(call)
    turn_log.save(call)
    for timer in (
        "endpoint",
        "utterance",
        "no_transcript",
        "working",
        "no_input",
        "understanding",
        "reconnect",
        "call_length",
    ):
        call.stop_timer(timer)
    call.hearing = replace(Hearing(), last_number=call.hearing.last_number, has_failed=True)
    if call.ordering.stage is Stage.PLACING:
        call.flow = replace(call.flow, hung_up=event.reason)
    else:
        call.close(1000, event.reason)
