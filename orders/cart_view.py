"""The cart as people read it: names in one language, amounts as the restaurant writes them. JSON-ready, for socket,
sheet and board. Made from the priced cart; it computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from orders.allergens import CONTAINS, MAY_CONTAIN, line_allergen
from orders.cart_types import Cart, Line, Problem, ProblemKind
from orders.line_rules import LEFT_OUT, Stock, line_items
from orders.money import money_text
from orders.pricing import PricedCart, PricedLine, PricedOption, price_cart
from orders.problems import blocking
from orders.wording import Wording, allergen_name
from restaurants.menu import Availability, Menu, localized


class ModifierView(Struct, frozen=True):
    """`text` says all of it ("no onions", "extra cheese on the first half"); price is for one unit of the line."""

    group: str
    option: str
    name: str
    text: str
    amount: str
    count: int
    portion: str
    price_cents: int
    price_text: str  # "" when it costs nothing
    is_left_out: bool


class PartView(Struct, frozen=True):
    """One half (`slot` empty) or one part of a combo."""

    slot: str
    label: str  # the slot's name; "" for a half
    item: str
    name: str
    variation: str | None
    price_cents: int
    price_text: str
    modifiers: tuple[ModifierView, ...] = ()


class AllergenView(Struct, frozen=True):
    """Only what is known to be in it: contains | may_contain. What is not listed is unknown, never absent."""

    allergen: str
    name: str
    status: str


class CandidateView(Struct, frozen=True):
    id: str
    name: str


class ProblemView(Struct, frozen=True):
    """`kind` as in orders.cart_types.ProblemKind; `text` a short label in the customer's language."""

    kind: str
    text: str
    line: str | None = None
    group: str | None = None
    group_name: str = ""
    candidates: tuple[CandidateView, ...] = ()
    detail: str = ""
    count: int | None = None


class LineView(Struct, frozen=True):
    """`title` holds the size ("Large Pepperoni"); `name` and `size` are its pieces. Amounts before discount, tax."""

    id: str
    item: str
    title: str
    name: str
    size: str
    variation: str | None
    quantity: int
    unit_cents: int
    unit_text: str
    total_cents: int
    total_text: str
    modifiers: tuple[ModifierView, ...]
    parts: tuple[PartView, ...]
    allergens: tuple[AllergenView, ...]
    note: str
    combo: str | None
    combo_size: str | None
    origin: str
    heard: str
    needs_answer: bool  # a problem names this line


class DealView(Struct, frozen=True):
    deal: str
    name: str
    times: int
    saved_cents: int
    saved_text: str


class CartView(Struct, frozen=True):
    """total = subtotal - discount (+ tax unless `tax_inclusive`). `is_complete` False: something open may still cost
    more.

    `can_order`: nothing stands in the way of placing it.
    """

    revision: int
    language: str
    currency: str
    lines: tuple[LineView, ...]
    problems: tuple[ProblemView, ...]
    deals: tuple[DealView, ...]
    units: int
    subtotal_cents: int
    subtotal_text: str
    discount_cents: int
    discount_text: str
    tax_cents: int
    tax_text: str
    total_cents: int
    total_text: str
    tax_inclusive: bool
    is_complete: bool
    can_order: bool
    allergies: tuple[str, ...]
    fulfilment: str | None
    customer_name: str
    customer_phone: str


def cart_view(
    cart: Cart, menu: Menu, *, language: str, problems: tuple[Problem, ...] = (), priced: PricedCart | None = None
) -> CartView:
    """`problems` as the reducer found them; `priced` saves pricing the cart again."""
    priced = priced or price_cart(cart, menu)
    builder = _Builder(menu, Wording(menu, language))
    named = {problem.line for problem in problems if problem.kind is not ProblemKind.ALLERGEN_UNVERIFIED}
    deal_names = {deal.id: localized(deal, language) for deal in menu.mix_deals}
    return CartView(
        revision=cart.revision,
        language=language,
        currency=menu.currency,
        lines=tuple(
            builder.line(line, price, needs_answer=line.id in named)
            for line, price in zip(cart.lines, priced.lines, strict=True)
        ),
        problems=tuple(builder.problem(problem, cart) for problem in problems),
        deals=tuple(
            DealView(use.deal, deal_names[use.deal], use.times, use.saved_cents, builder.money(use.saved_cents))
            for use in priced.deals
        ),
        units=sum(line.quantity for line in cart.lines),
        subtotal_cents=priced.subtotal_cents,
        subtotal_text=builder.money(priced.subtotal_cents),
        discount_cents=priced.discount_cents,
        discount_text=builder.money(priced.discount_cents),
        tax_cents=priced.tax_cents,
        tax_text=builder.money(priced.tax_cents),
        total_cents=priced.total_cents,
        total_text=builder.money(priced.total_cents),
        tax_inclusive=priced.tax_inclusive,
        is_complete=priced.is_complete,
        can_order=bool(cart.lines) and not blocking(problems),
        allergies=tuple(allergen_name(allergen, language) for allergen in cart.allergies),
        fulfilment=cart.fulfilment.value if cart.fulfilment else None,
        customer_name=cart.customer_name,
        customer_phone=cart.customer_phone,
    )


class _Builder:
    def __init__(self, menu: Menu, words: Wording) -> None:
        self.menu = menu
        self.words = words
        self.stock = Stock.read(menu, Availability())

    def money(self, cents: int) -> str:
        return money_text(cents, self.menu.currency, self.menu.locale)

    def unless_free(self, cents: int) -> str:
        return self.money(cents) if cents else ""

    def line(self, line: Line, price: PricedLine, *, needs_answer: bool) -> LineView:
        item = self.menu.item_by_id.get(line.item)
        return LineView(
            id=line.id,
            item=line.item,
            title=self.words.title(line),
            name=self.words.item(line.item),
            size=self.words.size(item, line.variation),
            variation=line.variation,
            quantity=line.quantity,
            unit_cents=price.unit_cents,
            unit_text=self.money(price.unit_cents),
            total_cents=price.total_cents,
            total_text=self.money(price.total_cents),
            modifiers=tuple(self.modifier(option) for option in price.options[: len(line.options)]),
            parts=(*self.halves(line, price), *self.slots(line, price)),
            allergens=self.allergens(line),
            note=line.note,
            combo=line.combo.combo if line.combo else None,
            combo_size=line.combo.size if line.combo else None,
            origin=line.origin.value,
            heard=line.heard,
            needs_answer=needs_answer,
        )

    def modifier(self, option: PricedOption) -> ModifierView:
        choice = option.choice
        return ModifierView(
            group=choice.group,
            option=choice.option,
            name=self.words.option_name(choice.group, choice.option),
            text=self.words.option(choice),
            amount=choice.amount,
            count=choice.count,
            portion=choice.portion.value,
            price_cents=option.price_cents,
            price_text=self.unless_free(option.price_cents),
            is_left_out=choice.amount == LEFT_OUT,
        )

    def halves(self, line: Line, price: PricedLine) -> Iterable[PartView]:
        """Each half with its own options; their prices follow those of the whole line."""
        start = len(line.options)
        for half in line.halves:
            own = price.options[start : start + len(half.options)]
            start += len(half.options)
            said = tuple(
                self.modifier(PricedOption(choice, option.price_cents))
                for choice, option in zip(half.options, own, strict=True)
            )
            yield PartView("", "", half.item, self.words.item(half.item), line.variation, 0, "", said)

    def slots(self, line: Line, price: PricedLine) -> Iterable[PartView]:
        combo = self.menu.combo_by_id.get(line.combo.combo) if line.combo else None
        labels = {slot.id: localized(slot, self.words.language) for slot in combo.slots} if combo else {}
        for slot in price.slots:
            choice = slot.choice
            yield PartView(
                choice.slot,
                labels.get(choice.slot, choice.slot),
                choice.item,
                self.words.part(choice.item, choice.variation),
                choice.variation,
                slot.price_cents,
                self.unless_free(slot.price_cents),
                tuple(self.modifier(option) for option in slot.options),
            )

    def allergens(self, line: Line) -> tuple[AllergenView, ...]:
        known = {fact.allergen for item in line_items(line, self.menu) for fact in item.allergens}
        for choice in line.options:
            group = self.menu.group_by_id.get(choice.group)
            option = group.option_by_id.get(choice.option) if group else None
            known.update(option.allergens if option else ())
        status = {allergen: line_allergen(line, allergen, self.stock) for allergen in sorted(known)}
        return tuple(
            AllergenView(allergen, allergen_name(allergen, self.words.language), found)
            for allergen, found in status.items()
            if found in (CONTAINS, MAY_CONTAIN)
        )

    def problem(self, problem: Problem, cart: Cart) -> ProblemView:
        line = next((line for line in cart.lines if line.id == problem.line), None)
        return ProblemView(
            kind=problem.kind.value,
            text=self.words.problem(problem.kind),
            line=problem.line,
            group=problem.group,
            group_name=self.words.group(problem.group) if problem.group else "",
            candidates=tuple(CandidateView(one, self.candidate(one, problem, line)) for one in problem.candidates),
            detail=problem.detail,
            count=problem.count,
        )

    def candidate(self, candidate: str, problem: Problem, line: Line | None) -> str:
        """The name of an id whose sort depends on the kind of problem."""
        item = self.menu.item_by_id.get(line.item) if line else None
        if problem.kind is ProblemKind.MISSING_VARIATION:
            return self.words.size(self.menu.item_by_id.get(problem.detail, item), candidate) or candidate
        if problem.kind is ProblemKind.MISSING_COMBO_SIZE and line is not None:
            return self.words.combo_size(line.combo.combo, candidate) if line.combo else candidate
        if problem.group in self.menu.group_by_id:
            return self.words.option_name(problem.group or "", candidate)
        return self.words.item(candidate)
