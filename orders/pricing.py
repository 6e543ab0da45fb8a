"""The price of a cart, from ids and the menu alone; integer minor units. Nothing else in the product computes a price.

A line's unit price = base + its options + its combo slots. Base: the size's price, the halves by the item's policy,
or the combo's price. An option costs price(size) x qualifier, half of that on half a line, rounded half-up once per
option; what an item has by default is paid already (only "extra" of it costs, leaving it out saves nothing), and a
link's included number is free, the dearest first, up to the regular amount of each. Deals take the cheapest
combination over the whole cart. Tax is rounded once per tax class and order, and that one figure is spread over the
lines, so that the lines add up to it.

What is still open (no size said, an ambiguous word) is priced at the least it can cost and marked `is_complete=False`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from orders.cart_types import Cart, Half, Line, OptionChoice, Portion, SlotChoice
from orders.deals import DealUse, best_deals
from orders.line_rules import combo_size, count_chosen, find_option, slot_choice, slot_offer, slot_variation
from orders.money import round_half_up, share_out
from restaurants.menu import Combo, Item, Menu, Portioning

_FIRST, _SECOND = Portion.FIRST_HALF, Portion.SECOND_HALF


@dataclass(frozen=True, slots=True)
class PricedOption:
    """price_cents is for one unit of the line, all `choice.count` of the option."""

    choice: OptionChoice
    price_cents: int = 0


@dataclass(frozen=True, slots=True)
class PricedSlot:
    """`choice` with the size it is made in filled in."""

    choice: SlotChoice
    price_cents: int = 0
    options: tuple[PricedOption, ...] = ()


@dataclass(frozen=True, slots=True)
class PricedLine:
    """total_cents = unit_cents x quantity before discount; `options` in the order of the line, then of its halves."""

    line: str
    item: str
    variation: str | None
    quantity: int
    base_cents: int
    unit_cents: int
    total_cents: int
    options: tuple[PricedOption, ...] = ()
    slots: tuple[PricedSlot, ...] = ()
    discount_cents: int = 0
    tax_class: str = ""
    tax_rate_basis_points: int = 0
    tax_cents: int = 0
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """taxed_cents: what the rate applies to, after discount (with the tax in it where prices include tax)."""

    tax_class: str
    rate_basis_points: int
    taxed_cents: int
    tax_cents: int


@dataclass(frozen=True, slots=True)
class PricedCart:
    """total = subtotal - discount, + tax where prices exclude it."""

    currency: str
    lines: tuple[PricedLine, ...] = ()
    deals: tuple[DealUse, ...] = ()
    taxes: tuple[TaxTotal, ...] = ()
    subtotal_cents: int = 0
    discount_cents: int = 0
    tax_cents: int = 0
    total_cents: int = 0
    tax_inclusive: bool = False
    is_complete: bool = True


def price_cart(cart: Cart, menu: Menu) -> PricedCart:
    lines = tuple(_price_line(line, menu) for line in cart.lines)
    whole = [priced for line, priced in zip(cart.lines, lines, strict=True) if not (line.combo or line.halves)]
    deals = best_deals([(line.line, line.item, line.base_cents, line.quantity) for line in whole], menu.mix_deals)
    saved = {line: sum(use.saved_by_line.get(line, 0) for use in deals) for line in (line.line for line in lines)}
    lines = tuple(replace(line, discount_cents=saved[line.line]) for line in lines)
    lines, taxes = _tax(lines, menu)
    subtotal = sum(line.total_cents for line in lines)
    discount, tax = sum(saved.values()), sum(line.tax_cents for line in lines)
    return PricedCart(
        menu.currency,
        lines,
        deals,
        taxes,
        subtotal,
        discount,
        tax,
        subtotal - discount + (0 if menu.tax_inclusive else tax),
        menu.tax_inclusive,
        all(line.is_complete for line in lines),
    )


def _tax(lines: tuple[PricedLine, ...], menu: Menu) -> tuple[tuple[PricedLine, ...], tuple[TaxTotal, ...]]:
    totals: list[TaxTotal] = []
    shares: dict[str, int] = {}
    for tax_class in dict.fromkeys(line.tax_class for line in lines):
        members = [line for line in lines if line.tax_class == tax_class]
        rate = members[0].tax_rate_basis_points
        net = [line.total_cents - line.discount_cents for line in members]
        tax = round_half_up(sum(net) * rate, 10_000 + rate if menu.tax_inclusive else 10_000)
        totals.append(TaxTotal(tax_class, rate, sum(net), tax))
        shares.update(zip((line.line for line in members), share_out(tax, net), strict=True))
    return tuple(replace(line, tax_cents=shares[line.line]) for line in lines), tuple(totals)


def _price_line(line: Line, menu: Menu) -> PricedLine:
    item = menu.item_by_id.get(line.item)
    if item is None:
        return PricedLine(line.id, line.item, line.variation, line.quantity, 0, 0, 0, is_complete=False)
    halves = tuple(menu.item_by_id.get(half.item, item) for half in line.halves) or (item, item)
    combo = menu.combo_by_id.get(line.combo.combo) if line.combo else None
    variation, base = _size(item, line.variation)
    sized = bool(variation) or not item.variations
    slots: tuple[PricedSlot, ...] = ()
    if combo is not None:
        base, slots, sized = _combo(combo, line, menu)
        variation = combo.variation or variation
    elif line.halves:
        base = _halved(item.portioning or Portioning.HIGHER, [_size(half, line.variation)[1] for half in halves])
        sized = all(_size(half, line.variation)[0] or not half.variations for half in halves)
    options = price_options(line.options, halves, variation, menu, own=line.halves)
    unit = base + sum(option.price_cents for option in options)
    unit += sum(slot.price_cents + sum(option.price_cents for option in slot.options) for slot in slots)
    tax_class = menu.tax_class_by_id.get(item.tax_class)
    return PricedLine(
        line.id,
        item.id,
        variation,
        line.quantity,
        base,
        unit,
        unit * line.quantity,
        options,
        slots,
        0,
        item.tax_class,
        tax_class.rate_basis_points if tax_class else 0,
        is_complete=sized and not line.candidates and not line.unresolved and _has_required(line, halves),
    )


def _size(item: Item, variation: str | None) -> tuple[str | None, int]:
    """The size a line is priced at, and its price; (None, the lowest price) when it is still to be asked."""
    size = item.variation_by_id.get(variation) if variation else item.default_variation
    if size is not None:
        return size.id, size.price_cents
    return None, min((size.price_cents for size in item.variations), default=item.price_cents)


def _halved(policy: Portioning, prices: list[int]) -> int:
    if policy is Portioning.HIGHER:
        return max(prices)
    if policy is Portioning.AVERAGE:
        return round_half_up(sum(prices), len(prices))
    return sum(round_half_up(price, len(prices)) for price in prices)


def _has_required(line: Line, items: tuple[Item, ...]) -> bool:
    own = {half.item: half.options for half in line.halves}
    return all(
        count_chosen(link, (*line.options, *own.get(item.id, ()))) >= link.min
        for item in items
        for link in item.modifier_groups
    )


def _combo(combo: Combo, line: Line, menu: Menu) -> tuple[int, tuple[PricedSlot, ...], bool]:
    """Price of the deal in its size, its slots, and whether nothing of it is left open."""
    assert line.combo is not None
    size = combo_size(combo, line.combo.size)
    cheapest = min((size.upcharge_cents for size in combo.sizes), default=0)
    slots: list[PricedSlot] = []
    for slot in combo.slots:
        choice = slot_choice(slot, line.combo)
        offer = slot_offer(slot, choice.item, choice.variation) if choice else None
        item = menu.item_by_id.get(choice.item) if choice else None
        if choice is None or offer is None or item is None:
            continue
        variation = slot_variation(item, offer, size) or choice.variation or _size(item, None)[0]
        options = price_options(choice.options, (item, item), variation, menu)
        slots.append(PricedSlot(replace(choice, variation=variation), offer.upcharge_cents, options))
    is_whole = len(slots) == len(combo.slots) and (size is not None or not combo.sizes)
    return combo.price_cents + (size.upcharge_cents if size else cheapest), tuple(slots), is_whole


@dataclass(slots=True)
class _Charge:
    """One option being priced, in percent of its price per half of the line: 200 is the regular amount on all of it."""

    choice: OptionChoice
    price_cents: int
    percent: int  # what is to be paid before inclusion
    free_percent: int  # what one included half-unit takes off
    half_units: int  # how many such half-units there are
    group: str = ""
    freed: int = 0

    @property
    def cents(self) -> int:
        return round_half_up(self.price_cents * (self.percent - self.freed * self.free_percent), 200)


def price_options(
    choices: Iterable[OptionChoice],
    items: tuple[Item, ...],
    variation: str | None,
    menu: Menu,
    *,
    own: tuple[Half, ...] = (),
) -> tuple[PricedOption, ...]:
    """Options of one unit; `items` are its two halves (the same item twice when whole), `own` the options said per
    half.
    """
    said = [(choice, items) for choice in choices]
    for half, item, portion in zip(own, items, (_FIRST, _SECOND), strict=False):
        said += [(replace(choice, portion=portion), (item, item)) for choice in half.options]
    charges = [_charge(choice, sold, variation, menu) for choice, sold in said]
    for group in dict.fromkeys(charge.group for charge in charges):
        link = next((item.link_by_group[group] for item in items if group in item.link_by_group), None)
        left = 2 * link.included if link else 0
        members = [charge for charge in charges if charge.group == group]
        for charge in sorted(members, key=_dearest_first):
            charge.freed = min(left, charge.half_units)
            left -= charge.freed
    return tuple(PricedOption(charge.choice, charge.cents) for charge in charges)


def _dearest_first(charge: _Charge) -> tuple[int, int, str, str, str]:
    choice = charge.choice
    value = charge.price_cents * charge.free_percent
    return (-value, -charge.half_units, choice.option, choice.amount, choice.portion)


def _charge(choice: OptionChoice, halves: tuple[Item, ...], variation: str | None, menu: Menu) -> _Charge:
    option = find_option(menu, choice.group, choice.option)
    links = [item.link_by_group.get(choice.group) for item in halves]
    first = next((link for link in links if link is not None), None)
    if option is None or first is None:
        return _Charge(choice, 0, 0, 0, 0, choice.group)
    price = first.prices.get(option.id)
    if price is None:
        price = option.prices_by_variation.get(variation or "", option.price_cents)
    qualifier = menu.qualifier_by_id.get(choice.amount)
    each = qualifier.price_percent if qualifier else 100
    percent, half_units = 0, 0
    for portion, link in zip((_FIRST, _SECOND), links, strict=True):
        if choice.portion not in (Portion.WHOLE, portion):
            continue
        if link is not None and option.id in link.defaults:
            percent += max(0, each * choice.count - 100)
        else:
            percent += each * choice.count
            half_units += choice.count if each > 0 else 0
    return _Charge(choice, price, percent, min(each, 100), half_units, choice.group)
