"""An answer as typed edits of the basket. Every id is looked up again: a service may not hold itself to the schema."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    Half,
    LineCombo,
    OptionChoice,
    Origin,
    RemoveLine,
    RemoveOption,
    ReplaceLine,
    SetOption,
    SetQuantity,
    SetVariation,
    SlotChoice,
    SplitLine,
)
from orders.understanding_model.answer import (
    Add,
    AddHalves,
    Answer,
    Change,
    ComboSaid,
    OptionSaid,
    Quantity,
    Replace,
    Said,
    Size,
    TakeBack,
    amounts,
    option_keys,
    sizes,
)
from orders.understanding_model.menu_slice import MenuSlice


class InventedIdError(ValueError):
    """The answer names something that was not offered."""


def edits_of(answer: Answer, part: MenuSlice, cart: Cart, *, heard: str, confidence: float) -> tuple[CartEdit, ...]:
    """In the order of the answer. raises: InventedIdError"""
    writer = _Writer(part, cart)
    written = [edit for said in answer.edits for edit in writer.edits(said)]
    return tuple(replace(edit, heard=heard, confidence=confidence, origin=Origin.MODEL) for edit in written)


class _Writer:
    def __init__(self, part: MenuSlice, cart: Cart) -> None:
        self.part = part
        self.items = {item.id for item in part.items}
        self.options = option_keys(part)
        self.amounts = amounts(part)
        self.sizes = sizes(part)
        self.next_line = cart.next_line
        self.quantities = {line.id: line.quantity for line in cart.lines}

    def edits(self, said: Said) -> Iterator[CartEdit]:
        match said:
            case Add() | AddHalves():
                self.next_line += 1
                yield self.added(said)
            case Quantity():
                line = self.line(said.line)
                self.quantities[line] = said.quantity
                yield SetQuantity(line=line, quantity=said.quantity) if said.quantity else RemoveLine(line=line)
            case Replace():
                size, options = self.size(said.size), self.choices(said.options)
                yield ReplaceLine(line=self.line(said.line), item=self.item(said.item), variation=size, options=options)
            case TakeBack():
                group, option = self.option(said.option)
                yield RemoveOption(line=self.line(said.line), group=group, option=option)
            case Size() | Change():
                line = self.line(said.line)
                if said.units is not None and said.units < self.quantities[line]:
                    yield SplitLine(line=line, quantity=said.units)
                    line = self.split_off(line, said.units)
                yield self.changed(said, line)

    def added(self, said: Add | AddHalves) -> AddLine:
        size, options = self.size(said.size), self.choices(said.options)
        if isinstance(said, AddHalves):
            halves = (Half(self.item(said.first)), Half(self.item(said.second)))
            return AddLine(item=said.first, quantity=said.quantity, variation=size, options=options, halves=halves)
        combo = self.combo(said.combo) if said.combo else None
        return AddLine(item=self.item(said.item), quantity=said.quantity, variation=size, options=options, combo=combo)

    def changed(self, said: Size | Change, line: str) -> CartEdit:
        if isinstance(said, Size):
            return SetVariation(line=line, variation=self.size(said.size))
        return SetOption(line=line, choice=self.choice(said.option))

    def split_off(self, line: str, units: int) -> str:
        """The id of the line that the reducer will make for them."""
        new = f"L{self.next_line}"
        self.next_line += 1
        self.quantities[line] -= units
        self.quantities[new] = units
        return new

    def line(self, line: str) -> str:
        return _known(line, self.quantities)

    def item(self, item: str) -> str:
        return _known(item, self.items)

    def size(self, size: str | None) -> str | None:
        return size if size is None else _known(size, self.sizes)

    def option(self, key: str) -> tuple[str, str]:
        return self.options[_known(key, self.options)]

    def choice(self, said: OptionSaid) -> OptionChoice:
        group, option = self.option(said.option)
        return OptionChoice(group, option, _known(said.amount, self.amounts), said.count, said.portion)

    def choices(self, said: tuple[OptionSaid, ...]) -> tuple[OptionChoice, ...]:
        return tuple(self.choice(one) for one in said)

    def combo(self, said: ComboSaid) -> LineCombo:
        combos = {combo.id: combo for combo in self.part.combos}
        combo = combos[_known(said.combo, combos)]
        slots = {slot.id: {choice.item for choice in slot.choices} for slot in combo.slots}
        choices = tuple(
            SlotChoice(one.slot, _known(one.item, slots[_known(one.slot, slots)]), self.size(one.size))
            for one in said.parts
        )
        size = said.size if said.size is None else _known(said.size, {size.id for size in combo.sizes})
        return LineCombo(combo.id, size, choices)


def _known(given: str, known: Container[str]) -> str:
    if given not in known:
        raise InventedIdError("an id that was not offered")
    return given
