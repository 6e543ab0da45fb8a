"""Freezing a priced cart into order lines: names and prices as they were, in the customer's words and the kitchen's."""

from __future__ import annotations

from collections.abc import Iterable

from orders.cart_types import Cart, Half, Line, OptionChoice
from orders.line_rules import LEFT_OUT
from orders.models import LineOption, Order, OrderLine, PartKind
from orders.pricing import PricedCart, PricedLine, PricedOption, PricedSlot
from orders.wording import Wording
from restaurants.menu import Menu


def save_lines(order: Order, cart: Cart, priced: PricedCart, menu: Menu) -> list[OrderLine]:
    """Writes lines, then their parts, then all options: three inserts however long the order is."""
    freezer = _Freezer(order, menu)
    lines = [freezer.line(line, price) for line, price in zip(cart.lines, priced.lines, strict=True)]
    OrderLine.objects.bulk_create(lines)
    parts: list[OrderLine] = []
    for row, line, price in zip(lines, cart.lines, priced.lines, strict=True):
        freezer.add_options(row, price.options[: len(line.options)])
        parts += freezer.halves(row, line, price)
        parts += [freezer.slot(row, slot) for slot in price.slots]
    OrderLine.objects.bulk_create(parts)
    LineOption.objects.bulk_create(freezer.options)
    return lines + parts


class _Freezer:
    def __init__(self, order: Order, menu: Menu) -> None:
        self.order = order
        self.menu = menu
        self.words = Wording(menu, order.language)
        self.kitchen = Wording.for_kitchen(menu)
        self.options: list[LineOption] = []
        self._position = 0

    def _row(self, item: str, *, quantity: int, unit_cents: int, origin: str) -> OrderLine:
        found = self.menu.item_by_id[item]
        row = OrderLine(
            restaurant_id=self.order.restaurant_id,
            order=self.order,
            position=self._position,
            item_code=item,
            station=found.station,
            quantity=quantity,
            base_cents=unit_cents,
            unit_cents=unit_cents,
            total_cents=unit_cents * quantity,
            origin=origin,
        )
        self._position += 1
        return row

    def line(self, line: Line, price: PricedLine) -> OrderLine:
        row = self._row(line.item, quantity=line.quantity, unit_cents=price.unit_cents, origin=line.origin.value)
        row.cart_line = line.id
        row.variation_code = price.variation or ""
        row.combo_code = line.combo.combo if line.combo else ""
        row.name, row.kitchen_name = self.words.title(line), self.kitchen.title(line)
        row.base_cents = price.base_cents
        row.discount_cents = price.discount_cents
        row.tax_class = price.tax_class
        row.tax_rate_basis_points = price.tax_rate_basis_points
        row.tax_cents = price.tax_cents
        row.note, row.heard = line.note, line.heard
        return row

    def halves(self, parent: OrderLine, line: Line, price: PricedLine) -> Iterable[OrderLine]:
        """A half costs nothing by itself; its options do, and their prices follow those of the whole line."""
        start = len(line.options)
        for half in line.halves:
            row = self._part(parent, PartKind.HALF, half.item, 0)
            row.name, row.kitchen_name = self.words.item(half.item), self.kitchen.item(half.item)
            self.add_options(row, _own(half, price.options[start:]))
            start += len(half.options)
            yield row

    def slot(self, parent: OrderLine, slot: PricedSlot) -> OrderLine:
        choice = slot.choice
        row = self._part(parent, PartKind.SLOT, choice.item, slot.price_cents)
        row.slot_code, row.variation_code = choice.slot, choice.variation or ""
        row.name = self.words.part(choice.item, choice.variation)
        row.kitchen_name = self.kitchen.part(choice.item, choice.variation)
        self.add_options(row, slot.options)
        return row

    def _part(self, parent: OrderLine, kind: PartKind, item: str, unit_cents: int) -> OrderLine:
        row = self._row(item, quantity=parent.quantity, unit_cents=unit_cents, origin=parent.origin)
        row.parent, row.part = parent, kind
        return row

    def add_options(self, row: OrderLine, priced: Iterable[PricedOption]) -> None:
        for position, option in enumerate(priced):
            choice: OptionChoice = option.choice
            self.options.append(
                LineOption(
                    restaurant_id=self.order.restaurant_id,
                    line=row,
                    position=position,
                    group_code=choice.group,
                    option_code=choice.option,
                    text=self.words.option(choice),
                    kitchen_text=self.kitchen.option(choice),
                    amount=choice.amount,
                    count=choice.count,
                    portion=choice.portion.value,
                    is_left_out=choice.amount == LEFT_OUT,
                    price_cents=option.price_cents,
                    origin=row.origin,
                )
            )


def _own(half: Half, priced: tuple[PricedOption, ...]) -> list[PricedOption]:
    """The half's options as they were said: "mushrooms", not "mushrooms on the first half" under that half."""
    return [
        PricedOption(choice, option.price_cents)
        for choice, option in zip(half.options, priced[: len(half.options)], strict=True)
    ]
