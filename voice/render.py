"""Effects of the call core as messages of the browser socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from orders.cart_view import cart_view
from orders.money import money_text
from restaurants.menu import Menu
from voice.dialog.effects import (
    Effect,
    HideReadback,
    PausePlayout,
    ResumePlayout,
    SendCaption,
    SendNotice,
    SendState,
    ShowCart,
    ShowChips,
    ShowMode,
    ShowReadback,
    StopPlayout,
)
from voice.dialog.events import OrderPlaced
from voice.protocol import (
    Caption,
    CartIs,
    Chips,
    ChipWire,
    ModeIs,
    Notice,
    OrderIsPlaced,
    Readback,
    ServerMessage,
    SpeechClear,
    SpeechPause,
    SpeechResume,
    StateIs,
)


@dataclass(frozen=True, slots=True)
class Renderer:
    """For one call: prices carts on the menu the call is pinned to, in the customer's language. Pure."""

    menu: Menu
    language: str
    can_undo: Callable[[], bool] = lambda: False

    def message(self, effect: Effect) -> ServerMessage | None:
        """None: the effect shows nothing by itself."""
        match effect:
            case SendState(state=state):
                return StateIs(state=str(state))
            case SendCaption():
                return Caption(speaker=effect.speaker, turn=effect.turn, text=effect.text, final=effect.is_final)
            case ShowCart():
                return self._cart(effect)
            case ShowChips(question=question, chips=chips):
                return Chips(question=question, chips=tuple(ChipWire(label=chip.label, say=chip.say) for chip in chips))
            case ShowReadback():
                return Readback(open=True, revision=effect.cart.revision, text=effect.text)
            case HideReadback():
                return Readback(open=False)
            case PausePlayout(response=response):
                return SpeechPause(response=response)
            case ResumePlayout(response=response):
                return SpeechResume(response=response)
            case StopPlayout(response=response):
                return SpeechClear(response=response)
            case ShowMode():
                return ModeIs(mode=effect.mode, reason=effect.reason, text=effect.text)
            case SendNotice():
                return Notice(code=effect.code, text=effect.text, ref=effect.ref)
            case _:
                return None

    def order_placed(self, event: OrderPlaced) -> OrderIsPlaced:
        return OrderIsPlaced(
            number=event.number,
            order=event.order_id,
            total_cents=event.total_cents,
            currency=self.menu.currency,
            total_text=money_text(event.total_cents, self.menu.currency, self.menu.locale),
            ready_in_minutes=event.ready_in_minutes,
        )

    def _cart(self, effect: ShowCart) -> CartIs:
        view = cart_view(effect.cart, self.menu, language=self.language, problems=effect.problems)
        return CartIs(cart=view, announcement=effect.announcement, can_undo=self.can_undo(), ref=effect.ref)
