"""What to say to a turn: edits first, then the customer's questions, then the one question that is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from orders.cart_types import CartEdit, ClearCart
from orders.understanding.types import ActKind, DialogueAct, Understanding
from orders.understanding.verdict import ACCEPT_FROM, ASK_BELOW
from voice.dialog import basket, checkout, facts, mouth, replying, settle
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.questions import (
    change_question,
    more_question,
    proposal_question,
    to_ask,
)
from voice.dialog.readback import changes, lines_text
from voice.dialog.state import Asks, Proposal, Question, Stage, Turn

UNSURE_BELOW = ASK_BELOW
DOUBTFUL_BELOW = ACCEPT_FROM  # words that were not understood are mentioned
MAX_UNKNOWN = 4

Acts = Mapping[ActKind, DialogueAct]


def respond(call: Call, turn: Turn, understanding: Understanding) -> None:
    mouth.drop_waiting(call)
    draft = Draft(call, source=turn.source)
    acts = {act.kind: act for act in reversed(understanding.acts)}
    if call.ordering.stage is Stage.PLACED:
        _after_placing(draft, acts)
    elif call.ordering.stage is Stage.PLACING:
        draft.add("placing_frozen" if understanding.edits else "placing")
        draft.is_silent = True
    else:
        _take_turn(draft, understanding, acts)
    _count_misses(draft, understanding)
    replying.reply(draft, turn, understanding)


def _take_turn(draft: Draft, understanding: Understanding, acts: Acts) -> None:
    call, edits = draft.call, understanding.edits
    proposal, question = call.ordering.proposal, call.flow.question
    call.ordering = replace(call.ordering, proposal=None)
    if ActKind.CANCEL_ORDER in acts or any(isinstance(edit, ClearCart) for edit in edits):
        _propose_clearing(draft, edits)
        return
    if proposal is not None and not edits and _settle_proposal(draft, proposal, acts):
        return
    if edits:
        _take_edits(draft, understanding)
    elif not acts and understanding.confidence >= DOUBTFUL_BELOW and call.ordering.cart.lines:
        _tell_as_it_is(draft)
    for act in understanding.acts:
        facts.answer(draft, act)
    _small_talk(draft, acts)
    if not edits or not draft.is_understood:
        _take_answer(draft, understanding, acts, question)
    elif ActKind.DONE in acts:
        call.ordering = replace(call.ordering, is_wrapping_up=True)


def _propose_clearing(draft: Draft, edits: Sequence[CartEdit]) -> None:
    """An order is never thrown away on one word."""
    call = draft.call
    if not call.ordering.cart.lines:
        rest = [edit for edit in edits if not isinstance(edit, ClearCart)]
        basket.tell_refused(draft, basket.apply(call, rest).refused)
        draft.is_understood = True
        if not rest:
            draft.add("nothing_to_cancel")
        return
    emptied = basket.tried(call, edits or (ClearCart(),)).cart
    if emptied.lines:
        _propose(draft, edits)
        return
    call.ordering = replace(call.ordering, proposal=Proposal(emptied, is_clearing=True))
    draft.question = proposal_question(call.sentence("ask_clear"), call)
    draft.is_understood = True


def _propose(draft: Draft, edits: Sequence[CartEdit]) -> None:
    """Asks before an unsure reading changes the cart."""
    call = draft.call
    applied = basket.tried(call, edits)
    change = changes(call.ordering.cart, applied.cart)
    if not change:
        basket.tell_refused(draft, applied.refused)
        return
    if change.now:
        said = call.sentence("did_you_mean", order=lines_text(change.now, call.names))
    elif change.gone and applied.cart.lines:
        said = call.sentence("did_you_mean_remove", order=lines_text(change.gone, call.names))
    else:
        said = call.sentence("did_you_mean_empty" if change.gone else "did_you_mean_change")
    call.ordering = replace(call.ordering, proposal=Proposal(applied.cart))
    draft.question = proposal_question(said, call)
    draft.is_understood = True


def _settle_proposal(draft: Draft, proposal: Proposal, acts: Acts) -> bool:
    """Whether the turn was the answer."""
    call = draft.call
    if ActKind.YES in acts and ActKind.NO not in acts:
        basket.take(call, proposal.cart, basket.problems_of(call, proposal.cart))
        if proposal.is_clearing:
            call.ordering = replace(call.ordering, is_wrapping_up=False)
    elif ActKind.NO in acts:
        draft.add("kept" if proposal.is_clearing else "proposal_dropped")
    else:
        return False
    draft.is_understood = True
    return True


def _take_edits(draft: Draft, understanding: Understanding) -> None:
    call, edits = draft.call, understanding.edits
    if min(understanding.confidence, *(edit.confidence for edit in edits)) < UNSURE_BELOW:
        _propose(draft, edits)
        return
    before = call.ordering.cart
    applied = basket.apply(call, edits)
    draft.is_understood = draft.is_understood or applied.cart is not before
    basket.tell_refused(draft, applied.refused)
    if applied.cart is before and not applied.refused:
        _tell_as_it_is(draft, edits)
    if understanding.unknown and understanding.confidence < DOUBTFUL_BELOW:
        draft.add("unknown_words", words=" ".join(understanding.unknown[:MAX_UNKNOWN]))


def _tell_as_it_is(draft: Draft, edits: Sequence[CartEdit] = ()) -> None:
    """What was asked for is so already: said, not apologised for."""
    call, cart = draft.call, draft.call.ordering.cart
    named = {getattr(edit, "line", None) for edit in edits} or {cart.last_line}
    lines = [line for line in cart.lines if line.id in named]
    draft.is_understood = True
    if lines:
        draft.add("order_now", order=lines_text(lines, call.names))
        draft.tells_changes = False


def _small_talk(draft: Draft, acts: Acts) -> None:
    call = draft.call
    if ActKind.ASK_PERSON in acts:
        ask_person(draft)
    if ActKind.UNDO in acts:
        if basket.undo(call):
            draft.add("undone")
            draft.sentences += basket.tell_changes(call)
        else:
            draft.add("nothing_to_undo")
    if ActKind.THANKS in acts and not draft.is_understood:
        draft.add("you_are_welcome")
    if ActKind.GREETING in acts and not draft.is_understood and len(acts) == 1:
        draft.add("hello")
    if ActKind.HOLD in acts:
        draft.add("hold")
        draft.is_silent = True


def ask_person(draft: Draft) -> None:
    is_new = basket.call_staff(draft.call, "asked")
    draft.add("staff_called" if is_new else "staff_already_called")


def _take_answer(draft: Draft, understanding: Understanding, acts: Acts, question: Question) -> None:
    """Yes, no, done and whatever, in the light of what was asked."""
    if ActKind.NO in acts:
        _no(draft, acts, question)
    elif ActKind.DONE in acts and question.asks is not Asks.CONFIRM:
        _done(draft)  # also "yes, that's it"
    elif ActKind.YES in acts and ActKind.HOLD not in acts:
        _yes(draft, understanding, acts[ActKind.YES], question)
    elif ActKind.DONE in acts:
        draft.is_understood = True
    elif ActKind.NO_PREFERENCE in acts and question.problems:
        basket.apply(draft.call, settle.whatever(draft.call, question))
        draft.is_understood = True
    elif question.asks is Asks.NAME:
        draft.is_understood = True  # a name nobody can spell is no reason to argue


def _yes(draft: Draft, understanding: Understanding, act: DialogueAct, question: Question) -> None:
    call = draft.call
    draft.is_understood = True
    if question.asks is Asks.CONFIRM:
        is_sure = min(act.confidence, understanding.confidence) >= UNSURE_BELOW and not understanding.unknown
        if understanding.unknown:
            draft.add("unknown_words", words=" ".join(understanding.unknown[:MAX_UNKNOWN]))
        checkout.agree(draft, is_sure=is_sure)
    elif question.problems or question.instead is not None:
        basket.tell_refused(draft, basket.apply(call, settle.yes(call, question)).refused)
    elif call.ordering.cart.lines and not to_ask(call.ordering.problems):
        draft.question = more_question(call, "ask_what_else")


def _no(draft: Draft, acts: Acts, question: Question) -> None:
    call = draft.call
    draft.is_understood = True
    if question.asks is Asks.CONFIRM and ActKind.DONE not in acts:
        basket.withdraw_readback(call)
        call.ordering = replace(call.ordering, is_wrapping_up=False)
        draft.question = change_question(call)
    elif question.problems or question.instead is not None:
        basket.apply(call, settle.no(call, question))
        call.ordering = replace(call.ordering, is_wrapping_up=call.ordering.is_wrapping_up or ActKind.DONE in acts)
    elif question.asks in (Asks.MORE, Asks.CHANGE) or ActKind.DONE in acts:
        _done(draft)
    elif question.asks is Asks.ORDER and not call.ordering.cart.lines:
        draft.add("hold")
        draft.is_silent = True


def _done(draft: Draft) -> None:
    draft.is_understood = True
    if not draft.call.ordering.cart.lines:
        draft.add("order_empty")
    draft.call.ordering = replace(draft.call.ordering, is_wrapping_up=bool(draft.call.ordering.cart.lines))


def _after_placing(draft: Draft, acts: Acts) -> None:
    """The order is in the kitchen's hands: facts are answered, changes are for people."""
    call = draft.call
    draft.is_silent = True
    if ActKind.ASK_PERSON in acts:
        ask_person(draft)
    elif ActKind.THANKS in acts:
        draft.add("goodbye")
    else:
        for act in acts.values():
            facts.answer(draft, act)
        if not draft.is_understood:
            draft.add("already_placed", number=call.ordering.number)
    if ActKind.ASK_HOURS in acts and call.ordering.ready_in_minutes:
        draft.add("ready_in", minutes=call.ordering.ready_in_minutes)


def _count_misses(draft: Draft, understanding: Understanding | None) -> None:
    if draft.is_understood or (understanding is not None and understanding.acts and not understanding.edits):
        draft.call.flow = replace(draft.call.flow, misses=0)
        return
    replying.missed(draft)


def understander_failed(call: Call, turn: Turn) -> None:
    mouth.drop_waiting(call)
    draft = Draft(call, source=turn.source)
    draft.add("our_fault")
    replying.reply(draft, turn)
