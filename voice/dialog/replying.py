"""Putting a reply together: what changed, the answers, then the one question that is due, with its chips."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import ProblemKind
from orders.understanding.types import Understanding
from voice.dialog import basket, checkout, mouth, turn_log
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import ShowChips
from voice.dialog.phrases import Sentence
from voice.dialog.questions import confirm_question, more_question, order_question, problem_question, to_ask
from voice.dialog.state import Asks, Question, Speech, Staff, Stage, Turn

MISSES_BEFORE_PERSON = 3


def next_question(draft: Draft) -> Question:
    call = draft.call
    ordering = call.ordering
    if not ordering.cart.lines:
        return order_question(call)
    if ordering.stage is Stage.CONFIRMING and ordering.readback is not None:
        return confirm_question(call)
    problems = to_ask(ordering.problems)
    if problems:
        if problems[0].kind is ProblemKind.OVER_CAP:
            basket.call_staff(call, "over_cap")
        return problem_question(
            call, problems, is_line_named=draft.tells_changes and basket.tells_only(call, problems[0])
        )
    if ordering.is_wrapping_up:
        question = checkout.wrap_up(draft)
        return more_question(call) if question.asks is Asks.MORE else question
    return more_question(call)


def reply(draft: Draft, turn: Turn | None = None, understanding: Understanding | None = None) -> None:
    """Says it: what changed, the answers, the question; and shows the chips that go with it."""
    call = draft.call
    if call.is_over:
        return
    question = draft.question
    if question is None and not draft.is_silent:
        question = next_question(draft)
    if draft.tells_changes:
        draft.sentences[:0] = basket.tell_changes(call)
    elif call.ordering.told is not call.ordering.cart:
        call.ordering = replace(call.ordering, told=call.ordering.cart, told_before=call.ordering.told)
    call.flow = replace(call.flow, last_reply=tuple(draft.sentences), has_prompted=draft.is_silent)
    said = tuple(draft.sentences)
    if question is not None:
        ask(call, question)
        said += question.sentences
    is_read = call.context.has_screen and draft.source != "voice"
    news, call.flow = call.flow.news, replace(call.flow, news=())
    mouth.say(call, Speech((*news, *said), draft.is_interruptible, draft.is_readback, is_read, news=news))
    if turn is not None:
        turn_log.remember(call, turn, understanding, " ".join(one.text for one in said))


def open_question(call: Call) -> tuple[Sentence, ...]:
    """The question that is open, to be asked again out of the blue: it names the line it is about."""
    question = call.flow.question
    if question.asks is Asks.PROBLEMS and question.problems:
        return problem_question(call, question.problems).sentences
    return question.sentences


def ask(call: Call, question: Question) -> None:
    """Makes it the open question and shows its chips; does not say it."""
    before = call.flow.question
    call.flow = replace(call.flow, question=question)
    if (before.chips, before.sentences) != (question.chips, question.sentences):
        text = " ".join(one.text for one in question.sentences)
        call.emit(ShowChips(question=text, chips=question.chips))


def missed(draft: Draft) -> None:
    """The failure ladder: type it, tap it, a person."""
    call = draft.call
    misses = call.flow.misses + 1
    call.flow = replace(call.flow, misses=misses)
    draft.add("missed")
    if misses >= MISSES_BEFORE_PERSON:
        draft.sentences.pop()
        draft.add("missed_person")
        if not basket.call_staff(call, "misunderstood"):
            draft.add("staff_already_called")
        call.flow = replace(call.flow, misses=0)
    elif misses == 1:
        draft.add("missed_type" if call.context.has_screen and draft.source == "voice" else "missed_again")
    elif call.context.has_screen:
        draft.add("missed_chips")


def not_heard(call: Call) -> None:
    """A voice, but no words: said like any turn that was not understood."""
    if call.flow.staff is Staff.WITH_CUSTOMER:
        return
    mouth.drop_waiting(call)
    draft = Draft(call)
    missed(draft)
    reply(draft)
