"""What things cost: worked examples, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orders.cart import apply_edits
from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    Half,
    LineCombo,
    OptionChoice,
    Portion,
    SlotChoice,
    UnresolvedOption,
)
from orders.pricing import PricedCart, PricedLine, price_cart
from restaurants.menu import GroupLink, Item, Menu, MixDeal, ModifierGroup, Option, Portioning, TaxClass
from tests.unit.orders.sample_menu import INCLUSIVE_MENU, MENU

HAM, CHEESE, OLIVES, TRUFFLE = (OptionChoice("toppings", name) for name in ("ham", "cheese", "olives", "truffle"))
BEANS = OptionChoice("sides", "beans")


def priced(*edits: CartEdit, menu: Menu = MENU) -> PricedCart:
    return price_cart(apply_edits(Cart(), edits, menu).cart, menu)


def only(*edits: CartEdit, menu: Menu = MENU) -> PricedLine:
    (line,) = priced(*edits, menu=menu).lines
    return line


def pizza(*options: OptionChoice, size: str | None = "small", item: str = "plain") -> AddLine:
    return AddLine(item=item, variation=size, options=options)


@pytest.mark.parametrize(
    ("options", "cents"),
    [
        ((), 800),
        ((HAM,), 800),  # one topping is included
        ((HAM, TRUFFLE), 800 + 150),  # the dearest is the free one
        ((HAM, TRUFFLE, OLIVES), 800 + 150 + 125),
        ((CHEESE,), 800),  # comes with it, and does not use up the included one
        ((replace(CHEESE, amount="extra"), HAM), 800 + 100),  # only the second portion of a default costs
        ((replace(CHEESE, amount="no"),), 800),  # leaving out saves nothing
        ((replace(HAM, amount="extra"),), 800 + 150),  # included: the regular amount of it
        ((replace(HAM, amount="light"), replace(OLIVES, amount="no")), 800),
        ((TRUFFLE, replace(HAM, portion=Portion.FIRST_HALF)), 800 + 75),
        ((HAM, replace(TRUFFLE, portion=Portion.FIRST_HALF)), 800 + 75),  # half the included one goes to each
        ((OptionChoice("sauce", "white"),), 850),
    ],
)
def test_options_of_a_pizza(options: tuple[OptionChoice, ...], cents: int) -> None:
    assert only(pizza(*options)).unit_cents == cents


def test_a_topping_may_cost_by_size() -> None:
    assert only(pizza(TRUFFLE, OLIVES, size="large")).unit_cents == 1200 + 175


def test_an_items_own_price_for_an_option() -> None:
    assert only(AddLine(item="burger", options=(BEANS, OptionChoice("sauce", "bbq")))).unit_cents == 900


def test_counted_options() -> None:
    assert only(AddLine(item="coffee", options=(OptionChoice("shots", "vanilla", count=3),))).unit_cents == 300 + 180


def test_half_a_cent_is_rounded_up_once_per_option() -> None:
    left = replace(TRUFFLE, portion=Portion.FIRST_HALF)
    right = replace(OLIVES, portion=Portion.SECOND_HALF)
    line = only(pizza(HAM, CHEESE, left, right), menu=without_included())
    assert [option.price_cents for option in line.options] == [150, 0, 167, 63]


def without_included() -> Menu:
    links = {"modifier_groups": (GroupLink("toppings", defaults=("cheese",)), GroupLink("sauce", max=1))}
    return replace(MENU, items=tuple(replace(item, **links) if item.id == "plain" else item for item in MENU.items))


class TestHalves:
    def halved(self, first: Half, second: Half, size: str = "small", menu: Menu = MENU) -> PricedLine:
        return only(AddLine(item=first.item, variation=size, halves=(first, second)), menu=menu)

    @pytest.mark.parametrize(
        ("policy", "cents"), [(Portioning.HIGHER, 1101), (Portioning.AVERAGE, 951), (Portioning.SUM_OF_HALVES, 951)]
    )
    def test_the_first_halfs_policy_counts(self, policy: Portioning, cents: int) -> None:
        items = tuple(replace(item, portioning=policy) if item.id == "plain" else item for item in MENU.items)
        assert self.halved(Half("plain"), Half("fancy"), menu=replace(MENU, items=items)).base_cents == cents

    def test_options_of_a_half_cost_half(self) -> None:
        line = self.halved(Half("plain", (HAM,)), Half("fancy", (TRUFFLE,)), menu=without_included_anywhere())
        assert line.unit_cents == 1101 + 75 + 167

    def test_what_only_one_half_has_by_default_costs_on_the_other(self) -> None:
        plain, fancy = (Item(name, name, "c", 1000, portioning=Portioning.HIGHER) for name in ("a", "b"))
        group = ModifierGroup("g", "G", (Option("x", "X", 101),), portionable=True)
        plain = replace(plain, modifier_groups=(GroupLink("g", defaults=("x",)),))
        fancy = replace(fancy, modifier_groups=(GroupLink("g"),))
        menu = Menu("m", "m", items=(plain, fancy), modifier_groups=(group,))
        add = AddLine(item="a", halves=(Half("a"), Half("b")), options=(OptionChoice("g", "x"),))
        assert only(add, menu=menu).unit_cents == 1000 + 51


def without_included_anywhere() -> Menu:
    bare = (GroupLink("toppings"),)
    return replace(
        MENU, items=tuple(replace(i, modifier_groups=bare) if i.id in ("plain", "fancy") else i for i in MENU.items)
    )


class TestCombos:
    def test_the_deal_its_size_its_slots_and_options(self) -> None:
        parts = (SlotChoice("drink", "tea"), SlotChoice("side", "fries", "large"))
        line = only(AddLine(item="burger", combo=LineCombo("meal", "large", parts), options=(BEANS, HAM)))
        assert line.unit_cents == 1200 + 150 + 30 + 80 + 150
        assert [(slot.choice.item, slot.choice.variation, slot.price_cents) for slot in line.slots] == [
            ("tea", "large", 30),
            ("fries", "large", 80),
        ]
        assert line.is_complete

    def test_defaults_fill_in_and_what_is_open_is_said(self) -> None:
        line = only(AddLine(item="burger", combo=LineCombo("meal"), options=(BEANS,)))
        assert (line.unit_cents, line.is_complete) == (1200, False)
        assert [slot.choice.item for slot in line.slots] == ["fries"]


class TestDeals:
    def taco(self, item: str, quantity: int) -> AddLine:
        return AddLine(item=item, quantity=quantity)

    def test_three_tacos_take_the_dearest_in(self) -> None:
        cart = priced(self.taco("taco", 2), self.taco("big_taco", 2))
        assert (cart.subtotal_cents, cart.discount_cents) == (1700, 500 + 500 + 350 - 900)
        (use,) = cart.deals
        assert (use.deal, use.times, sum(use.saved_by_line.values())) == ("three", 1, 450)

    def test_a_deal_that_saves_nothing_is_not_applied(self) -> None:
        menu = replace(MENU, mix_deals=(MixDeal("three", "Three", 3, 1050, ("taco",)),))
        assert priced(self.taco("taco", 3), menu=menu).deals == ()

    def test_two_deals_that_compete_give_the_lowest_price(self) -> None:
        deals = (
            MixDeal("two", "Two", 2, 600, ("taco",)),
            MixDeal("five", "Five", 5, 1300, ("taco", "big_taco")),
        )
        cart = priced(self.taco("taco", 6), self.taco("big_taco", 1), menu=replace(MENU, mix_deals=deals))
        assert cart.total_cents - cart.tax_cents == 1300 + 600
        assert {use.deal: use.times for use in cart.deals} == {"five": 1, "two": 1}

    def test_extras_stay_payable_and_combos_stay_out(self) -> None:
        cheese = ModifierGroup("extra", "Extra", (Option("cheese", "Cheese", 40),))
        taco = Item("taco", "Taco", "t", 350, modifier_groups=(GroupLink("extra"),))
        menu = replace(MENU, items=(taco,), modifier_groups=(cheese,), combos=(), mix_deals=MENU.mix_deals)
        cart = priced(AddLine(item="taco", quantity=3, options=(OptionChoice("extra", "cheese"),)), menu=menu)
        assert cart.subtotal_cents - cart.discount_cents == 900 + 3 * 40

    def test_a_thousand_tacos_are_priced_at_once(self) -> None:
        assert priced(self.taco("taco", 1_000)).discount_cents > 0


class TestTax:
    def test_on_top_rounded_once_per_class_and_spread_over_the_lines(self) -> None:
        cart = priced(*[AddLine(item="slaw")] * 3, AddLine(item="coffee"))
        assert cart.subtotal_cents == 1050
        assert [(tax.tax_class, tax.tax_cents) for tax in cart.taxes] == [("standard", 62), ("drinks", 30)]
        assert [line.tax_cents for line in cart.lines] == [21, 21, 20, 30]
        assert cart.total_cents == 1050 + 92

    def test_contained_in_the_price(self) -> None:
        cart = priced(AddLine(item="coffee", quantity=3), menu=INCLUSIVE_MENU)
        assert (cart.subtotal_cents, cart.tax_cents, cart.total_cents) == (900, 82, 900)

    def test_on_what_is_paid_after_deals(self) -> None:
        cart = priced(AddLine(item="taco", quantity=3))
        assert cart.taxes[0].taxed_cents == 900
        assert cart.tax_cents == 74

    def test_half_a_cent_of_tax_goes_up(self) -> None:
        menu = Menu("m", "m", items=(Item("a", "A", "c", 50),), tax_classes=(TaxClass("standard", "S", 100),))
        assert priced(AddLine(item="a"), menu=menu).tax_cents == 1


class TestOpenQuestions:
    @pytest.mark.parametrize(
        "edit",
        [
            AddLine(item="plain"),
            AddLine(item="coffee", candidates=("coffee", "tea")),
            AddLine(item="burger"),
            AddLine(item="burger", unresolved=(UnresolvedOption("sides", ("slaw", "beans")),)),
        ],
    )
    def test_are_said(self, edit: CartEdit) -> None:
        assert not priced(edit).is_complete

    def test_cost_the_least_they_can(self) -> None:
        assert only(AddLine(item="plain")).unit_cents == 800

    def test_a_default_size_is_no_question(self) -> None:
        line = only(AddLine(item="tea"))
        assert (line.variation, line.unit_cents, line.is_complete) == ("cup", 250, True)


def test_an_empty_cart_costs_nothing() -> None:
    assert price_cart(Cart(), MENU).total_cents == 0
