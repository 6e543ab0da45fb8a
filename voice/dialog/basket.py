"""The cart inside a call: applying edits, undoing them, and telling what changed in the menu's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orders.cart import apply_edits, find_problems, restore
from orders.cart_types import AddLine, Applied, Cart, CartEdit, Fulfilment, Line, Problem, ProblemKind
from orders.pricing import PricedCart, price_cart
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import CallStaff, HideReadback, ShowCart
from voice.dialog.phrases import Sentence
from voice.dialog.questions import alternatives, problem_question, refusal_sentence
from voice.dialog.readback import Changes, changes, lines_text
from voice.dialog.state import Staff, Stage

MAX_UNDO = 20
_FULFILMENT = {Fulfilment.PICKUP: "pickup", Fulfilment.DINE_IN: "dine_in", Fulfilment.DELIVERY: "delivery"}


def last_line(call: Call) -> Line | None:
    cart = call.ordering.cart
    return next((line for line in cart.lines if line.id == cart.last_line), cart.lines[-1] if cart.lines else None)


def priced(call: Call) -> PricedCart:
    return price_cart(call.ordering.cart, call.context.menu)


def apply(call: Call, edits: Sequence[CartEdit]) -> Applied:
    """Applies and shows the edits; the cart stays the very same when they change nothing."""
    applied = tried(call, edits)
    take(call, applied.cart, applied.problems)
    return applied


def tried(call: Call, edits: Sequence[CartEdit]) -> Applied:
    """What the edits would lead to."""
    cart, context = call.ordering.cart, call.context
    return apply_edits(cart, edits, context.menu, availability=call.ordering.availability, limits=context.limits)


def take(
    call: Call, cart: Cart, problems: tuple[Problem, ...], *, ref: str = "", announcement: str | None = None
) -> bool:
    """Makes `cart` the cart. A readback of another revision stands no more. Returns whether anything changed."""
    before = call.ordering.cart
    if cart.revision == before.revision:
        return False
    undo = (*call.ordering.undo, before)[-MAX_UNDO:]
    call.ordering = replace(call.ordering, cart=cart, problems=with_closed(call, problems), undo=undo)
    withdraw_readback(call)
    text = announce(call, changes(before, cart)) if announcement is None else announcement
    call.emit(ShowCart(cart=cart, problems=call.ordering.problems, announcement=text, ref=ref))
    return True


def show(call: Call, ref: str = "") -> None:
    call.emit(ShowCart(cart=call.ordering.cart, problems=call.ordering.problems, ref=ref))


def withdraw_readback(call: Call) -> None:
    if call.ordering.readback is not None:
        stage = Stage.ORDERING if call.ordering.stage is Stage.CONFIRMING else call.ordering.stage
        call.ordering = replace(call.ordering, readback=None, stage=stage)
        call.emit(HideReadback())


def with_closed(call: Call, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return problems if call.is_open else (*problems, Problem(ProblemKind.CLOSED))


def problems_of(call: Call, cart: Cart) -> tuple[Problem, ...]:
    context = call.context
    total_cents = price_cart(cart, context.menu).total_cents if cart.lines else 0
    return find_problems(cart, context.menu, call.ordering.availability, context.limits, total_cents=total_cents)


def recheck(call: Call) -> None:
    """Looks for problems again: stock changed, or the order was refused."""
    problems = with_closed(call, problems_of(call, call.ordering.cart))
    call.ordering = replace(call.ordering, problems=problems)


def undo(call: Call, ref: str = "") -> bool:
    """Back to the cart before the last change, as a new revision."""
    if not call.ordering.undo:
        return False
    *rest, earlier = call.ordering.undo
    back = restore(call.ordering.cart, earlier)
    take(call, back, problems_of(call, back), ref=ref, announcement=call.text("announce_undone"))
    call.ordering = replace(call.ordering, undo=tuple(rest))
    return True


def announce(call: Call, change: Changes) -> str:
    """One short sentence for the page."""
    if change.now:
        key = "announce_added" if change.is_only_new else "announce_changed"
        return call.text(key, order=lines_text(change.now, call.names))
    if change.gone:
        return call.text("announce_removed", order=lines_text(change.gone, call.names))
    return ""


def tells_only(call: Call, problem: Problem) -> bool:
    """Whether the news of this reply will be about the problem's line and nothing else."""
    told = {line.id for line in changes(call.ordering.told, call.ordering.cart).now}
    return told == {problem.line}


def tell_changes(call: Call) -> list[Sentence]:
    """What is different from the cart the customer last heard of; from now on they have heard of it."""
    told, cart = call.ordering.told, call.ordering.cart
    call.ordering = replace(call.ordering, told=cart, told_before=told)
    change = changes(told, cart)
    if not change:
        return []
    if not cart.lines and change.gone:
        return [call.sentence("emptied")]
    said = []
    known = [line for line in change.now if not line.candidates]  # which one it is, the question asks
    if known:
        said.append(call.sentence("order_now", order=lines_text(known, call.names)))
    if change.gone:
        said.append(call.sentence("removed", order=lines_text(change.gone, call.names)))
    if cart.fulfilment is not None and cart.fulfilment is not told.fulfilment:
        said.append(call.sentence(_FULFILMENT[cart.fulfilment]))
    if cart.customer_name and cart.customer_name != told.customer_name:
        said.append(call.sentence("name_noted", name=cart.customer_name))
    new = [allergen for allergen in cart.allergies if allergen not in told.allergies]
    said += [call.sentence("allergy_noted", allergen=call.names.allergen(allergen)) for allergen in new]
    return said


def seen(call: Call) -> None:
    """The customer changed the cart by hand: they know."""
    call.ordering = replace(call.ordering, told=call.ordering.cart, told_before=call.ordering.cart)


def tell_refused(draft: Draft, refused: Sequence[tuple[CartEdit, Problem]]) -> None:
    """Says what could not be done; something out leads to the question what to have instead."""
    call = draft.call
    for edit, problem in refused[:3]:
        draft.is_understood = True
        is_out = problem.kind is ProblemKind.UNAVAILABLE and not problem.count
        if is_out and isinstance(edit, AddLine) and draft.question is None and alternatives(call, problem):
            draft.question = replace(problem_question(call, (problem,)), instead=edit)
            continue
        said = refusal_sentence(call, problem)
        if said not in draft.sentences:
            draft.sentences.append(said)


def call_staff(call: Call, reason: str) -> bool:
    """Asks for a person, once per reason. Returns whether anybody was asked now."""
    if reason in call.flow.called_for or call.flow.staff is Staff.WITH_CUSTOMER:
        return False
    call.emit(CallStaff(reason=reason))
    staff = call.flow.staff if reason == "allergy" else Staff.CALLED
    call.flow = replace(call.flow, staff=staff, called_for=(*call.flow.called_for, reason))
    return True
