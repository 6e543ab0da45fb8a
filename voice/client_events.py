"""Messages of the customer's page as events of the call core."""

from __future__ import annotations

from typing import assert_never

from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    ClearCart,
    LineCombo,
    OptionChoice,
    Origin,
    RemoveLine,
    RemoveOption,
    SetComboSlot,
    SetOption,
    SetQuantity,
    SetVariation,
    SlotChoice,
    ToCombo,
)
from voice.dialog.events import (
    CartTouched,
    ConfirmTapped,
    Event,
    HungUp,
    PersonRequested,
    PlayoutAcked,
    ReviewTapped,
    StopTapped,
    UndoTapped,
    UtteranceTyped,
)
from voice.protocol import (
    AddTouch,
    CartEdits,
    ChoiceWire,
    ClearTouch,
    ComboSizeTouch,
    ComboSlotTouch,
    Confirm,
    FromClient,
    HangUp,
    OptionOffTouch,
    OptionTouch,
    Playout,
    QuantityTouch,
    RemoveTouch,
    RequestPerson,
    Review,
    StopSpeaking,
    Touch,
    Typed,
    Undo,
    VariationTouch,
)


def clean_text(text: str) -> str:
    """Without control characters (a NUL cannot even be stored), white space made single."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def client_event(message: FromClient, *, at_ms: int, cart: Cart) -> Event | None:
    """None: nothing for the core (audio control, ping, or words that were only white space).

    `cart` is the current one: a combo's size is changed together with its parts.
    """
    match message:
        case Typed():
            text = clean_text(message.text)
            return UtteranceTyped(at_ms=at_ms, text=text) if text else None
        case CartEdits():
            edits = tuple(edit for touch in message.edits if (edit := touch_edit(touch, cart)) is not None)
            return CartTouched(at_ms=at_ms, edits=edits, revision=message.revision, ref=message.ref)
        case Undo():
            return UndoTapped(at_ms=at_ms, ref=message.ref)
        case Review():
            return ReviewTapped(at_ms=at_ms)
        case Confirm():
            return ConfirmTapped(
                at_ms=at_ms,
                revision=message.revision,
                name=clean_text(message.name),
                phone=clean_text(message.phone),
                ref=message.ref,
            )
        case Playout():
            return PlayoutAcked(
                at_ms=at_ms, response=message.response, played_ms=message.played_ms, is_finished=message.finished
            )
        case StopSpeaking():
            return StopTapped(at_ms=at_ms)
        case RequestPerson():
            return PersonRequested(at_ms=at_ms)
        case HangUp():
            return HungUp(at_ms=at_ms, reason="client")
        case _:
            return None


def touch_edit(touch: Touch, cart: Cart) -> CartEdit | None:
    """None: a combo size for a line that is no combo (any more)."""
    match touch:
        case AddTouch():
            return AddLine(
                item=touch.item,
                quantity=touch.quantity,
                variation=touch.variation,
                options=tuple(map(option_choice, touch.options)),
                combo=LineCombo(combo=touch.combo) if touch.combo else None,
                origin=Origin.TOUCH,
            )
        case QuantityTouch(quantity=0):
            return RemoveLine(line=touch.line, origin=Origin.TOUCH)
        case QuantityTouch():
            return SetQuantity(line=touch.line, quantity=touch.quantity, origin=Origin.TOUCH)
        case VariationTouch():
            return SetVariation(line=touch.line, variation=touch.variation, origin=Origin.TOUCH)
        case OptionTouch():
            return SetOption(line=touch.line, choice=option_choice(touch.choice), origin=Origin.TOUCH)
        case OptionOffTouch():
            return RemoveOption(line=touch.line, group=touch.group, option=touch.option, origin=Origin.TOUCH)
        case RemoveTouch():
            return RemoveLine(line=touch.line, origin=Origin.TOUCH)
        case ClearTouch():
            return ClearCart(origin=Origin.TOUCH)
        case ComboSlotTouch():
            choice = SlotChoice(slot=touch.slot, item=touch.item, variation=touch.variation)
            return SetComboSlot(line=touch.line, choice=choice, origin=Origin.TOUCH)
        case ComboSizeTouch():
            return _combo_size(touch, cart)
        case _:
            assert_never(touch)


def option_choice(choice: ChoiceWire) -> OptionChoice:
    return OptionChoice(
        group=choice.group, option=choice.option, amount=choice.amount, count=choice.count, portion=choice.portion
    )


def _combo_size(touch: ComboSizeTouch, cart: Cart) -> CartEdit | None:
    line = next((line for line in cart.lines if line.id == touch.line), None)
    if line is None or line.combo is None:
        return None
    combo = LineCombo(combo=line.combo.combo, size=touch.size, choices=line.combo.choices)
    return ToCombo(line=touch.line, combo=combo, origin=Origin.TOUCH)
