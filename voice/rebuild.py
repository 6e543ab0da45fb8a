"""Calls of which no checkpoint is left, put together again from PostgreSQL: basket, words and order.

Also what there is to tell a customer who comes back after the call has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.utils import timezone

from orders.cart_types import Cart
from orders.models import Order
from restaurants import selectors as restaurants
from restaurants.scoping import for_restaurant
from voice.checkpoints import Checkpoint
from voice.dialog.context import CallContext
from voice.dialog.events import OrderPlaced
from voice.dialog.state import DialogState, Flow, Hearing, Ordering, Speaking, Staff, Stage, dump_state
from voice.models import Call, Turn
from voice.protocol import Caption, OrderIsPlaced, encoder
from voice.render import Renderer
from voice.services import OpenedCall

RESPONSES_A_TURN = 8  # more than any turn has: no new caption replaces one on a page that is still open


@dataclass(frozen=True, slots=True)
class Left:
    """What a call that ended has left: its order, or the basket that was never ordered."""

    restaurant: str = ""
    language: str = ""
    order: OrderIsPlaced | None = None
    basket: Cart = field(default_factory=Cart)
    menu_version: str = ""


def rebuilt(opened: OpenedCall, *, next_seq: int) -> Checkpoint:
    """The call as its last stored turn left it; what was said since, and a question that stood open, are lost.

    `opened` is what `services.reopen_call` gave; `next_seq` the oldest audio frame that the page still has.
    """
    context = opened.context
    with for_restaurant(opened.restaurant_id):
        call = Call.objects.select_related("order").get(pk=context.call_id)
        turns = list(Turn.objects.filter(call=call).order_by("number"))
    placed = _order_event(call.order) if call.order is not None else None
    state = _state(call, turns, context, placed)
    screen: list[Caption | OrderIsPlaced] = [
        Caption(speaker="customer", turn=turn.number, text=turn.heard, final=True) for turn in turns if turn.heard
    ]
    if placed is not None:
        screen.append(Renderer(context.menu, context.language).order_placed(placed))
    return Checkpoint(
        call_id=context.call_id,
        restaurant_id=opened.restaurant_id,
        language=context.language,
        menu_version=context.menu.version,
        opened_at_ms=_wall_ms(call.started_at),
        next_seq=next_seq,
        state=dump_state(state),
        screen=tuple(encoder.encode(message) for message in screen),
        cart_revision=state.ordering.cart.revision,
    )


def left_of(*, slug: str, call_id: str) -> Left | None:
    """None while the call goes on, or where this restaurant has no such call."""
    restaurant = restaurants.get_restaurant_by_slug(slug)
    with for_restaurant(restaurant.pk):
        call = Call.objects.select_related("order").filter(pk=call_id).exclude(ended_at=None).first()
    if call is None:
        return None
    order = None
    if call.order is not None:
        menu = restaurants.pinned_menu(restaurant.pk, call.menu_version)
        order = Renderer(menu, call.language).order_placed(_order_event(call.order))
    return Left(restaurant.name, call.language, order, _basket(call), call.menu_version)


def state_with(basket: Cart) -> DialogState:
    """A new call that begins with the basket of an older one, which the customer knows."""
    return DialogState(ordering=Ordering(cart=basket, told=basket, told_before=basket))


def _state(call: Call, turns: Sequence[Turn], context: CallContext, placed: OrderPlaced | None) -> DialogState:
    cart = _basket(call)
    last = turns[-1].number if turns else 0
    is_staff_coming = call.staff_reason not in ("", "allergy")
    return DialogState(
        hearing=Hearing(last_number=last, number=last, caption=last),
        speaking=Speaking(response=(last + 1) * RESPONSES_A_TURN),
        ordering=Ordering(
            cart=cart,
            told=cart,
            told_before=cart,
            availability=context.availability,
            stage=Stage.PLACED if placed else Stage.ORDERING,
            number=placed.number if placed else None,
            ready_in_minutes=placed.ready_in_minutes if placed else None,
        ),
        flow=Flow(
            source="typed",
            mode=call.mode,
            staff=Staff.CALLED if is_staff_coming else Staff.AWAY,
            called_for=(call.staff_reason,) if call.staff_reason else (),
        ),
        timers={"call_length": context.max_call_ms},
        at_ms=max(0, _wall_ms(timezone.now()) - _wall_ms(call.started_at)),
    )


def _basket(call: Call) -> Cart:
    """Empty before the first turn, and where another release wrote it differently."""
    try:
        return msgspec.convert(call.basket, Cart)
    except msgspec.ValidationError:
        return Cart()


def _order_event(order: Order) -> OrderPlaced:
    minutes = round((order.promised_at - timezone.now()).total_seconds() / 60)
    return OrderPlaced(
        key=order.idempotency_key,
        order_id=str(order.pk),
        number=order.number,
        total_cents=order.total_cents,
        ready_in_minutes=minutes if minutes > 0 else None,
    )


def _wall_ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
