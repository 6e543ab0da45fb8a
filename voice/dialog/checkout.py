"""From "that's all" to the order number: readback, an explicit yes to that very revision, and one order.

A yes counts when the customer knows what they agree to: the readback was played but for its closing question, or it
was shown to somebody who reads (typed words, the button, captions only). A yes that cuts it short gets one short recap;
a second yes, once something of the recap was heard, counts. From `PlaceOrder` on the cart is frozen until the outcome
is known: a changed cart would need another key, and the first order may stand already.
"""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import ProblemKind
from orders.plain_text import one_line
from orders.problems import blocking
from voice.dialog import mouth, turn_log
from voice.dialog.basket import call_staff, priced, recheck, show, withdraw_readback
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import PlaceOrder, SendNotice, ShowChips, ShowReadback
from voice.dialog.events import ConfirmTapped, OrderPlaced, OrderRefused
from voice.dialog.phrases import Sentence, number
from voice.dialog.questions import confirm_question, name_question, problem_question, to_ask
from voice.dialog.readback import changes, lines_text, order_text
from voice.dialog.state import Asks, Placing, Question, Readback, Speech, Stage

PLACING_MS = (6_000, 6_000, 10_000, 15_000, 30_000)  # before each further try with the same key; the last one repeats
SLOW_AFTER = 3  # tries; then a person is asked to look
MAX_ATTEMPTS = 40
RETRY_FAILED_MS = 1_500


def open_readback(draft: Draft, *, by_hand: bool = False) -> Question:
    """Mints the key of this revision, shows and reads the order. The cart has lines and no blocking problem."""
    call, cart = draft.call, draft.call.ordering.cart
    key = f"{call.context.call_id}:{cart.revision}"
    said = readback_sentences(call)
    text = " ".join(one.text for one in said)
    gone = changes(call.ordering.told, cart).gone
    if gone and not by_hand:
        draft.add("removed", order=lines_text(gone, call.names))  # what is not in a list is easily missed
    is_seen = call.context.has_screen and (by_hand or draft.source != "voice" or not call.can_speak)
    readback = Readback(cart.revision, key, text, is_seen=is_seen)
    call.ordering = replace(call.ordering, stage=Stage.CONFIRMING, readback=readback)
    call.emit(ShowReadback(cart=cart, key=key, text=text))
    draft.tells_changes = False
    call.ordering = replace(call.ordering, told=cart, told_before=call.ordering.told)
    if by_hand:
        draft.add("check_sheet")
    else:
        draft.sentences += said
        draft.is_readback = True
    return confirm_question(call)


def readback_sentences(call: Call) -> list[Sentence]:
    cart, names = call.ordering.cart, call.names
    said = [call.sentence("readback", order=order_text(cart, names))]
    if cart.customer_name:
        said.append(call.sentence("readback_for", name=cart.customer_name))
    worries = [problem.detail for problem in call.ordering.problems if problem.kind is ProblemKind.ALLERGEN_UNVERIFIED]
    if worries:
        allergens = ", ".join(names.allergen(allergen) for allergen in dict.fromkeys(worries))
        said.append(call.sentence("readback_allergy", allergens=allergens))
    said.append(call.sentence("readback_total", total=names.money(priced(call).total_cents)))
    return said


def wrap_up(draft: Draft) -> Question:
    """The customer is done: whatever is still needed, else the readback."""
    call = draft.call
    problems = to_ask(call.ordering.problems)
    if problems:
        return problem_question(call, problems)
    if not call.is_open:
        call.ordering = replace(call.ordering, is_wrapping_up=False)
        opens = call.context.opens_at_text
        draft.add("closed_until" if opens else "closed", opens=opens)
        return Question(Asks.MORE)
    if call.context.asks_name and not call.ordering.cart.customer_name and not call.ordering.has_asked_name:
        call.ordering = replace(call.ordering, has_asked_name=True)
        return name_question(call)
    return open_readback(draft)


def agree(draft: Draft, *, is_sure: bool) -> None:
    """A yes to "shall I place the order?"."""
    call, readback = draft.call, draft.call.ordering.readback
    if readback is None or readback.revision != call.ordering.cart.revision or not is_sure:
        return
    is_seen = readback.is_seen or (draft.source != "voice" and call.context.has_screen)
    if is_seen or readback.is_heard or (readback.is_asked_again and readback.is_begun):
        place(call, draft)
        return
    call.ordering = replace(call.ordering, readback=replace(readback, is_asked_again=True, is_begun=False))
    units = sum(line.quantity for line in call.ordering.cart.lines)
    total = call.names.money(priced(call).total_cents)
    draft.add("recap_one" if units == 1 else "recap", count=number(call.language, units), total=total)
    draft.is_readback = True


def place(call: Call, draft: Draft | None = None) -> None:
    """Sends the order under the key of its readback, and freezes the cart."""
    readback = call.ordering.readback
    assert readback is not None
    cart = call.ordering.cart
    placing = Placing(readback.key, cart)
    call.ordering = replace(call.ordering, stage=Stage.PLACING, placing=placing, proposal=None)
    call.emit(PlaceOrder(key=placing.key, cart=cart, language=call.language))
    call.flow = replace(call.flow, question=Question())
    call.emit(ShowChips())
    call.start_timer("placing", PLACING_MS[0])
    call.stop_timer("no_input")
    if draft is not None:
        draft.is_silent = draft.is_understood = True


def placing_ran_out(call: Call) -> None:
    """No answer: the same order under the same key again. Whether the first one stands does not matter then."""
    placing = call.ordering.placing
    if placing is None or call.ordering.stage is not Stage.PLACING:
        return
    if placing.attempts >= MAX_ATTEMPTS or (call.flow.hung_up and placing.attempts >= SLOW_AFTER):
        call_staff(call, "order_failed")
        turn_log.save(call)
        call.close(1000, call.flow.hung_up or "order_failed")
        return
    placing = replace(placing, attempts=placing.attempts + 1)
    call.ordering = replace(call.ordering, placing=placing)
    call.emit(PlaceOrder(key=placing.key, cart=placing.cart, language=call.language))
    call.start_timer("placing", PLACING_MS[min(placing.attempts, len(PLACING_MS)) - 1])
    if placing.attempts == SLOW_AFTER:
        call_staff(call, "order_failed")
        mouth.say(call, Speech((call.sentence("placing_slow"),)))


def order_placed(call: Call, event: OrderPlaced) -> None:
    """The number, once. A repeated answer to a repeated try changes nothing."""
    ordering = call.ordering
    if ordering.placing is None or ordering.placing.key != event.key or ordering.number is not None:
        return
    call.stop_timer("placing")
    call.ordering = replace(
        ordering, stage=Stage.PLACED, number=event.number, ready_in_minutes=event.ready_in_minutes, is_wrapping_up=False
    )
    if call.flow.hung_up:
        call.close(1000, call.flow.hung_up)
        return
    said = [call.sentence("placed", number=event.number)]
    if event.ready_in_minutes:
        said.append(call.sentence("ready_in", minutes=event.ready_in_minutes))
    mouth.cut(call)
    mouth.drop_waiting(call)
    mouth.say(call, Speech((*said, call.sentence("goodbye")), is_interruptible=False))


def order_refused(call: Call, event: OrderRefused) -> Draft | None:
    """What to tell the customer, if anything. A refused key is never used again, a failed one is."""
    placing = call.ordering.placing
    if placing is None or placing.key != event.key or call.ordering.stage is not Stage.PLACING:
        return None
    if event.code == "failed":
        call.start_timer("placing", RETRY_FAILED_MS)
        return None
    call.stop_timer("placing")
    fresh = replace(call.ordering.cart, revision=call.ordering.cart.revision + 1)
    call.ordering = replace(call.ordering, cart=fresh, told=fresh, stage=Stage.ORDERING, placing=None, undo=())
    withdraw_readback(call)
    if call.flow.hung_up:
        call.close(1000, call.flow.hung_up)
        return None
    if event.code == "closed":
        call.ordering = replace(call.ordering, has_closed=True)
    recheck(call)
    draft = Draft(call, source=call.flow.source)
    if event.code == "closed":
        draft.add("refused_closed")
        call.ordering = replace(call.ordering, is_wrapping_up=False)
    elif event.code == "over_cap":
        draft.add("over_cap")
        call_staff(call, "over_cap")
        call.ordering = replace(call.ordering, is_wrapping_up=False)
    else:
        draft.add("refused_problems")
        is_known = bool(blocking(call.ordering.problems))
        call.ordering = replace(call.ordering, is_wrapping_up=is_known)
        if not is_known:
            call_staff(call, "order_failed")
    show(call)
    return draft


def confirm_tapped(call: Call, event: ConfirmTapped) -> Draft | None:
    """The button counts for the revision it was shown with, and for no other."""
    ordering = call.ordering
    readback = ordering.readback
    if ordering.stage in (Stage.PLACING, Stage.PLACED):
        return None
    if readback is None or event.revision != ordering.cart.revision or readback.revision != ordering.cart.revision:
        call.emit(SendNotice(code="stale_revision", text=call.text("notice_stale_revision"), ref=event.ref))
        draft = Draft(call, source="touch", tells_changes=False)
        draft.question = review(draft)
        return draft
    name, phone = one_line(event.name, 80), one_line(event.phone, 32)
    if name or phone:
        before = ordering.cart
        cart = replace(
            before, customer_name=name or before.customer_name, customer_phone=phone or before.customer_phone
        )
        call.ordering = replace(ordering, cart=cart, told=cart)
    mouth.cut(call, by_hand=True)
    mouth.drop_waiting(call)
    place(call)
    return None


def review(draft: Draft) -> Question | None:
    """Opens the sheet by hand, or asks for what is missing. None: there is nothing to review."""
    call = draft.call
    if not call.ordering.cart.lines:
        draft.add("order_empty")
        return None
    if to_ask(call.ordering.problems) or not call.is_open:
        return wrap_up(draft)
    return open_readback(draft, by_hand=True)
