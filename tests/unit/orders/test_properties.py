"""What holds for any customer, however wild: carts never break, prices add up, undo undoes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.cart import apply_edits, restore
from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    CartLimits,
    ClearCart,
    Fulfilment,
    Half,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    Portion,
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
    SlotChoice,
    SplitLine,
    ToCombo,
    UnresolvedOption,
)
from orders.cart_view import cart_view
from orders.deals import best_deals
from orders.money import round_half_up, share_out
from orders.pricing import price_cart
from orders.problems import blocking, find_problems
from restaurants.menu import Availability, Menu, MixDeal
from tests.unit.orders.sample_menu import INCLUSIVE_MENU, MENU

ITEMS = [*MENU.item_by_id, "unicorn"]
OPTIONS = [(group.id, option.id) for group in MENU.modifier_groups for option in group.options] + [
    ("toppings", "nails")
]

lines = st.sampled_from([f"L{number}" for number in range(1, 7)])
items = st.sampled_from(ITEMS)
sizes = st.sampled_from([None, "small", "large", "cup", "huge"])
quantities = st.integers(-1, 30)
choices = st.builds(
    lambda where, amount, count, portion: OptionChoice(*where, amount, count, portion),
    st.sampled_from(OPTIONS),
    st.sampled_from(["no", "light", "regular", "extra", "side", "heaps"]),
    st.integers(0, 3),
    st.sampled_from(Portion),
)
some_choices = st.lists(choices, max_size=4).map(tuple)
unresolved = st.builds(
    UnresolvedOption,
    st.sampled_from(["toppings", "sauce", "sides"]),
    st.lists(st.sampled_from([o for _, o in OPTIONS]), max_size=4).map(tuple),
)
slots = st.builds(SlotChoice, st.sampled_from(["drink", "side", "x"]), items, sizes, some_choices)
combos = st.builds(
    LineCombo,
    st.sampled_from(["meal", "pizza_meal", "x"]),
    st.sampled_from([None, "large", "x"]),
    st.lists(slots, max_size=2).map(tuple),
)
halves = st.lists(st.builds(Half, items, some_choices), max_size=3).map(tuple)
edits: st.SearchStrategy[CartEdit] = st.one_of(
    st.builds(
        AddLine,
        item=items,
        quantity=quantities,
        variation=sizes,
        options=some_choices,
        unresolved=st.lists(unresolved, max_size=2).map(tuple),
        combo=st.none() | combos,
        halves=st.just(()) | halves,
        candidates=st.just(()) | st.lists(items, max_size=3).map(tuple),
        note=st.text(max_size=20),
    ),
    st.builds(SetQuantity, line=lines, quantity=quantities),
    st.builds(SetVariation, line=lines, variation=sizes),
    st.builds(SetOption, line=lines, choice=choices),
    st.builds(SetUnresolved, line=lines, unresolved=unresolved),
    st.builds(RemoveOption, line=lines, group=st.sampled_from(["toppings", "x"]), option=st.sampled_from(["ham", "x"])),
    st.builds(SplitLine, line=lines, quantity=quantities),
    st.builds(
        ReplaceLine,
        line=lines,
        item=items,
        quantity=st.none() | quantities,
        options=some_choices,
        keep_options=st.booleans(),
    ),
    st.builds(RemoveLine, line=lines),
    st.just(ClearCart()),
    st.builds(ToCombo, line=lines, combo=st.none() | combos),
    st.builds(SetComboSlot, line=lines, choice=slots),
    st.builds(SetHalves, line=lines, halves=halves),
    st.builds(SetFulfilment, fulfilment=st.sampled_from(Fulfilment)),
    st.builds(SetCustomer, name=st.none() | st.text(max_size=10)),
    st.builds(NoteAllergy, allergen=st.sampled_from(["milk", "nuts", ""])),
)
batches = st.lists(st.lists(edits, max_size=5), max_size=5)
menus = st.sampled_from([MENU, INCLUSIVE_MENU])
stocks = st.builds(
    Availability,
    items_out=st.frozensets(items, max_size=2),
    options_out=st.frozensets(st.sampled_from(OPTIONS), max_size=2),
    items_left=st.dictionaries(items, st.integers(0, 4), max_size=2),
)


def history(batches: Sequence[Sequence[CartEdit]], menu: Menu, stock: Availability) -> list[Cart]:
    carts = [Cart()]
    for batch in batches:
        carts.append(apply_edits(carts[-1], batch, menu, availability=stock).cart)
    return carts


@settings(max_examples=150, deadline=None)
@given(batches, menus, stocks)
def test_no_edit_breaks_a_cart(batches: list[list[CartEdit]], menu: Menu, stock: Availability) -> None:
    carts = history(batches, menu, stock)
    for before, after in itertools.pairwise(carts):
        assert after.revision == before.revision + (after is not before)
        assert after.next_line >= before.next_line
        ids = [line.id for line in after.lines]
        assert len(ids) == len(set(ids))
        assert all(int(line[1:]) < after.next_line for line in ids)
        assert all(line.quantity >= 1 for line in after.lines)
        assert after.last_line in {None, *ids}
    cart = carts[-1]
    problems = find_problems(cart, menu, stock, CartLimits())
    priced = price_cart(cart, menu)
    msgspec.json.encode(cart_view(cart, menu, language="es", problems=problems, priced=priced))
    assert msgspec.json.decode(msgspec.json.encode(cart), type=Cart) == cart, "a checkpoint brings it back"
    if not blocking(problems):
        assert priced.is_complete, "what can be ordered has a price"


@settings(max_examples=150, deadline=None)
@given(batches, menus)
def test_prices_add_up(batches: list[list[CartEdit]], menu: Menu) -> None:
    priced = price_cart(history(batches, menu, Availability())[-1], menu)
    assert priced.subtotal_cents == sum(line.total_cents for line in priced.lines)
    assert priced.discount_cents == sum(line.discount_cents for line in priced.lines)
    assert priced.tax_cents == sum(line.tax_cents for line in priced.lines) == sum(t.tax_cents for t in priced.taxes)
    paid = priced.subtotal_cents - priced.discount_cents
    assert priced.total_cents == paid + (0 if menu.tax_inclusive else priced.tax_cents)
    assert 0 <= priced.discount_cents <= priced.subtotal_cents
    assert all(line.unit_cents >= 0 and line.discount_cents >= 0 for line in priced.lines)


@given(st.lists(edits, max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_said_costs_nothing(added: list[CartEdit], random: object) -> None:
    cart = apply_edits(Cart(), added, MENU).cart
    mixed = list(cart.lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis's Random
    shuffled = Cart(lines=tuple(mixed), next_line=cart.next_line)
    assert price_cart(shuffled, MENU).total_cents == price_cart(cart, MENU).total_cents


@given(st.lists(edits, max_size=5), st.lists(edits, max_size=5))
def test_undo_undoes(first: list[CartEdit], second: list[CartEdit]) -> None:
    earlier = apply_edits(Cart(), first, MENU).cart
    later = apply_edits(earlier, second, MENU).cart
    undone = restore(later, earlier)
    assert undone.lines == earlier.lines
    assert undone.revision > later.revision
    assert price_cart(undone, MENU) == price_cart(earlier, MENU)


@given(st.lists(edits, max_size=8))
def test_the_same_words_make_the_same_cart(said: list[CartEdit]) -> None:
    assert apply_edits(Cart(), said, MENU) == apply_edits(Cart(), said, MENU)


@given(choices)
def test_leaving_out_never_makes_it_cheaper_nor_dearer(choice: OptionChoice) -> None:
    plain = apply_edits(Cart(), [AddLine(item="plain", variation="large")], MENU).cart
    without = OptionChoice(choice.group, choice.option, "no")
    after = apply_edits(plain, [SetOption(line="L1", choice=without)], MENU).cart
    assert price_cart(after, MENU).total_cents == price_cart(plain, MENU).total_cents


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 500), st.integers(1, 3)), max_size=4),
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(0, 900), st.sets(st.sampled_from(["a", "b", "c"]), min_size=1)),
        max_size=2,
    ),
)
def test_deals_are_the_best_there_are(
    bought: list[tuple[str, int, int]], offered: list[tuple[int, int, set[str]]]
) -> None:
    lines = [(f"L{n}", item, base, quantity) for n, (item, base, quantity) in enumerate(bought)]
    deals = [MixDeal(f"d{n}", "", size, price, tuple(sorted(of))) for n, (size, price, of) in enumerate(offered)]
    found = sum(use.saved_cents for use in best_deals(lines, deals))
    units = [(item, base) for _, item, base, quantity in lines for _ in range(quantity)]
    assert found == best_by_trying(tuple(units), deals)


def best_by_trying(units: tuple[tuple[str, int], ...], deals: Sequence[MixDeal]) -> int:
    """Every way to put units together, the slow and certain one."""
    if not units:
        return 0
    (first, base), rest = units[0], units[1:]
    best = best_by_trying(rest, deals)
    for deal in deals:
        if first not in deal.items:
            continue
        fitting = [index for index, (item, _) in enumerate(rest) if item in deal.items]
        for others in itertools.combinations(fitting, deal.size - 1):
            saved = base + sum(rest[index][1] for index in others) - deal.price_cents
            left = tuple(unit for index, unit in enumerate(rest) if index not in others)
            best = max(best, saved + best_by_trying(left, deals))
    return best


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_rounding_half_up(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    assert abs(2 * (rounded * denominator - numerator)) <= denominator
    assert round_half_up(-numerator, denominator) == -rounded


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=8))
def test_shares_add_up_and_are_fair(amount: int, weights: list[int]) -> None:
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    whole = sum(weights)
    if whole:
        assert all(abs(share * whole - amount * weight) < whole for share, weight in zip(shares, weights, strict=True))
