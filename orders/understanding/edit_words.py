"""One cart edit as one sentence for staff, in the menu's canonical names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    ClearCart,
    Line,
    LineCombo,
    NoteAllergy,
    RemoveLine,
    RemoveOption,
    ReplaceLine,
    SetComboSlot,
    SetCustomer,
    SetFulfilment,
    SetHalves,
    SetOption,
    SetQuantity,
    SetUnresolved,
    SetVariation,
    SplitLine,
    ToCombo,
    UnresolvedOption,
)
from orders.understanding.explain_wording import EDIT
from orders.wording import Wording, allergen_name, in_language
from restaurants.menu import Menu, localized


class EditWords:
    def __init__(self, menu: Menu, language: str) -> None:
        self.menu = menu
        self.language = language
        self.names = Wording(menu, language)
        self.templates = in_language(EDIT, language)
        self.writers: dict[type, Callable[[Any, Cart], str]] = {
            AddLine: lambda edit, _: self.say("AddLine", what=self.thing(edit)),
            SetQuantity: lambda edit, cart: self.on(edit, cart, quantity=edit.quantity),
            SetVariation: self.variation,
            SetOption: lambda edit, cart: self.on(edit, cart, option=self.names.option(edit.choice)),
            SetUnresolved: lambda edit, cart: self.on(edit, cart, options=self.open(edit.unresolved)),
            RemoveOption: lambda edit, cart: self.on(
                edit, cart, option=self.names.option_name(edit.group, edit.option)
            ),
            SplitLine: lambda edit, cart: self.on(edit, cart, quantity=edit.quantity),
            ReplaceLine: lambda edit, cart: self.on(edit, cart, what=self.thing(edit)),
            RemoveLine: self.on,
            ClearCart: self.on,
            ToCombo: self.combo,
            SetComboSlot: self.slot,
            SetHalves: self.halves,
            SetFulfilment: lambda edit, _: self.say(edit.fulfilment.value),
            SetCustomer: self.on,
            NoteAllergy: lambda edit, _: self.say("NoteAllergy", allergen=allergen_name(edit.allergen, self.language)),
        }

    def sentence(self, edit: CartEdit, cart: Cart) -> str:
        """`cart` is the one right before this edit: the lines it names are described as they then are."""
        return self.writers[type(edit)](edit, cart)

    def say(self, key: str, **values: object) -> str:
        return self.templates[key].format(**values)

    def on(self, edit: CartEdit, cart: Cart, *, key: str = "", **values: object) -> str:
        named = getattr(edit, "line", None)
        line = next((one for one in cart.lines if one.id == named), None)
        words = self.names.title(line) if line else self.say("gone")
        return self.say(key or type(edit).__name__, line=words, **values)

    def thing(self, edit: AddLine | ReplaceLine) -> str:
        """ "2 × Large Pepperoni, no onions"."""
        if edit.candidates:
            name = self.say("one_of", items=", ".join(self.names.item(item) for item in edit.candidates))
            size = self.names.size(self.menu.item_by_id.get(edit.item), edit.variation)
            pieces = [name, *([size] if size else [])]
        else:
            combo, halves = (edit.combo, edit.halves) if isinstance(edit, AddLine) else (None, ())
            line = Line("", edit.item, 1, edit.variation, combo=combo, halves=halves)
            pieces = [self.names.title(line), *(self.part(choice) for choice in (combo.choices if combo else ()))]
        pieces += [self.names.option(choice) for choice in edit.options]
        pieces += [self.open(entry) for entry in edit.unresolved]
        quantity = f"{edit.quantity} × " if edit.quantity not in (None, 1) else ""
        return quantity + ", ".join(pieces)

    def open(self, entry: UnresolvedOption) -> str:
        return self.say("one_of", items=", ".join(self.names.option_name(entry.group, one) for one in entry.candidates))

    def part(self, choice: Any) -> str:
        return self.names.part(choice.item, choice.variation)

    def variation(self, edit: SetVariation, cart: Cart) -> str:
        line = next((one for one in cart.lines if one.id == edit.line), None)
        size = self.names.size(self.menu.item_by_id.get(line.item) if line else None, edit.variation)
        return self.on(edit, cart, key="SetVariation" if edit.variation else "NoVariation", size=size or edit.variation)

    def combo(self, edit: ToCombo, cart: Cart) -> str:
        return self.on(edit, cart, key="ToCombo" if edit.combo else "NoCombo", combo=self.combo_name(edit.combo))

    def combo_name(self, wanted: LineCombo | None) -> str:
        found = self.menu.combo_by_id.get(wanted.combo) if wanted else None
        if found is None or wanted is None:
            return ""
        size = self.names.combo_size(found.id, wanted.size) if wanted.size else ""
        return self.names.sized(localized(found, self.language), size)

    def slot(self, edit: SetComboSlot, cart: Cart) -> str:
        slots = (slot for combo in self.menu.combos for slot in combo.slots if slot.id == edit.choice.slot)
        found = next(slots, None)
        slot = localized(found, self.language) if found else edit.choice.slot
        return self.on(edit, cart, what=self.part(edit.choice), slot=slot)

    def halves(self, edit: SetHalves, cart: Cart) -> str:
        if len(edit.halves) != 2:
            return self.on(edit, cart, key="NoHalves")
        first, second = (self.names.item(half.item) for half in edit.halves)
        return self.on(edit, cart, first=first, second=second)
