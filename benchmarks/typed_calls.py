"""A call without speech: the dialogue policy driven by typed turns, answering nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orders.cart_types import Cart, CartLimits
from orders.understanding import CompiledMenu
from orders.understanding.types import Understanding
from voice.dialog import events
from voice.dialog.context import CallContext
from voice.dialog.effects import Effect, Understand
from voice.dialog.session import CallSession

_TURN_MS = 20_000

Ears = Callable[[Understand], Understanding]


def carts_of_call(
    understander: CompiledMenu, turns: list[str], limits: CartLimits, listen: Ears
) -> Iterator[tuple[Understanding | None, Cart]]:
    """After every turn what was understood and the cart. Nobody places the order, so later turns still count."""
    session = CallSession(
        CallContext(
            call_id="benchmark",
            restaurant_id="benchmark",
            restaurant_name=understander.menu.name,
            menu=understander.menu,
            understander=understander,
            language=understander.language.code,
            limits=limits,
            typed_only=True,
            captions_only=True,
        )
    )
    session.handle(events.CallOpened())
    for number, text in enumerate(turns, start=1):
        at_ms = number * _TURN_MS
        effects: list[Effect] = session.handle(events.UtteranceTyped(at_ms=at_ms, text=text))
        understanding: Understanding | None = None
        while effects:
            effect = effects.pop(0)
            if isinstance(effect, Understand):
                understanding = listen(effect)
                effects += session.handle(
                    events.Understood(at_ms=at_ms + 1, turn=effect.turn, understanding=understanding)
                )
        yield understanding, session.state.ordering.cart
