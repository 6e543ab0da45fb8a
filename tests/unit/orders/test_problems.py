"""What stands between a cart and an order, most urgent first."""

from __future__ import annotations

from orders.allergens import line_allergen
from orders.cart import apply_edits, find_problems
from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    CartLimits,
    Half,
    Line,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    Problem,
    ProblemKind,
    SlotChoice,
    UnresolvedOption,
)
from orders.line_rules import Stock
from orders.problems import blocking
from restaurants.menu import Availability
from tests.unit.orders.sample_menu import MENU

BEANS, SLAW = OptionChoice("sides", "beans"), OptionChoice("sides", "slaw")


def problems(*edits: CartEdit, limits: CartLimits | None = None) -> tuple[Problem, ...]:
    return apply_edits(Cart(), edits, MENU, limits=limits or CartLimits()).problems


def only(*edits: CartEdit) -> Problem:
    (problem,) = problems(*edits)
    return problem


def test_an_empty_cart() -> None:
    assert find_problems(Cart(), MENU, Availability(), CartLimits()) == (Problem(ProblemKind.EMPTY),)


def test_the_most_urgent_comes_first() -> None:
    found = problems(
        AddLine(item="plain"),
        AddLine(item="burger"),
        AddLine(item="coffee", candidates=("coffee", "tea")),
        AddLine(item="tea", quantity=21),
    )
    assert [(problem.kind, problem.line) for problem in found] == [
        (ProblemKind.OVER_CAP, "L4"),
        (ProblemKind.AMBIGUOUS_ITEM, "L3"),
        (ProblemKind.MISSING_VARIATION, "L1"),
        (ProblemKind.MISSING_CHOICE, "L2"),
    ]


def test_a_size_is_asked_for_only_where_there_is_no_default() -> None:
    assert only(AddLine(item="plain")).candidates == ("small", "large")
    assert problems(AddLine(item="tea")) == ()


def test_a_required_choice_says_how_many_and_of_what() -> None:
    missing = only(AddLine(item="burger"))
    assert (missing.kind, missing.group, missing.count) == (ProblemKind.MISSING_CHOICE, "sides", 1)
    assert missing.candidates == ("slaw", "beans")
    assert problems(AddLine(item="burger", options=(BEANS,))) == ()


def test_a_word_that_waits_to_be_settled_is_not_asked_for_twice() -> None:
    waiting = UnresolvedOption("sides", ("slaw", "beans"))
    assert only(AddLine(item="burger", unresolved=(waiting,))).kind is ProblemKind.AMBIGUOUS_OPTION


def test_no_beans_is_no_choice() -> None:
    no_beans = OptionChoice("sides", "beans", "no")
    assert only(AddLine(item="burger", options=(no_beans,))).candidates == ("slaw",)


def test_too_many_of_a_group() -> None:
    sauces = (OptionChoice("sauce", "white"), OptionChoice("sauce", "bbq"))
    found = only(AddLine(item="plain", variation="small", options=sauces))
    assert (found.kind, found.group, found.candidates) == (ProblemKind.TOO_MANY, "sauce", ("white", "bbq"))
    assert (found.detail, found.count) == ("1", 1)


def test_defaults_count_until_they_are_left_out_or_replaced() -> None:
    """Cheese comes with the pizza and red sauce gives way: neither a second sauce nor a missing one."""
    white = OptionChoice("sauce", "white")
    assert problems(AddLine(item="plain", variation="small", options=(white,))) == ()


def test_caps_are_for_a_person() -> None:
    small = CartLimits(max_line_quantity=5, max_units=6, max_total_cents=2_000)
    kinds = [(p.kind, p.line, p.detail) for p in problems(AddLine(item="taco", quantity=7), limits=small)]
    assert kinds == [
        (ProblemKind.OVER_CAP, "L1", "5"),
        (ProblemKind.OVER_CAP, None, "6"),
        (ProblemKind.OVER_CAP, None, "2000"),
    ]


def test_eighteen_thousand_waters_are_noticed_at_once() -> None:
    found = problems(AddLine(item="tea", quantity=18_000))
    assert {problem.kind for problem in found} == {ProblemKind.OVER_CAP}


class TestCombos:
    def test_an_open_slot_is_asked_for_and_a_default_is_not(self) -> None:
        found = problems(AddLine(item="burger", combo=LineCombo("meal"), options=(BEANS,)))
        assert [(p.kind, p.group, p.candidates) for p in found] == [
            (ProblemKind.MISSING_SLOT, "drink", ("coffee", "tea"))
        ]

    def test_a_default_that_is_out_is_asked_for(self) -> None:
        drink = SlotChoice("drink", "tea")
        cart = apply_edits(
            Cart(), [AddLine(item="burger", combo=LineCombo("meal", None, (drink,)), options=(BEANS,))], MENU
        ).cart
        (problem,) = find_problems(cart, MENU, Availability(frozenset({"fries"})), CartLimits())
        assert (problem.kind, problem.group, problem.candidates) == (ProblemKind.MISSING_SLOT, "side", ("slaw",))

    def test_a_chosen_part_that_ran_out(self) -> None:
        drink = SlotChoice("drink", "tea")
        cart = apply_edits(
            Cart(), [AddLine(item="burger", combo=LineCombo("meal", None, (drink,)), options=(BEANS,))], MENU
        ).cart
        (problem,) = find_problems(cart, MENU, Availability(frozenset({"tea"})), CartLimits())
        assert (problem.kind, problem.group, problem.detail) == (ProblemKind.UNAVAILABLE, "drink", "tea")
        assert problem.candidates == ("coffee",)


class TestAllergens:
    def status(self, line: Line, allergen: str) -> str:
        return line_allergen(line, allergen, Stock.read(MENU))

    def test_nobody_vouched_for_it_is_never_no(self) -> None:
        assert self.status(Line("L1", "coffee"), "nuts") == "unknown"
        assert self.status(Line("L1", "plain"), "Nuts") == "free"
        assert self.status(Line("L1", "plain"), "milk") == "contains"

    def test_an_added_option_counts_and_leaving_out_does_not_help(self) -> None:
        assert self.status(Line("L1", "plain", options=(OptionChoice("toppings", "ham"),)), "nuts") == "unknown"
        assert self.status(Line("L1", "coffee", options=(OptionChoice("toppings", "cheese"),)), "milk") == "contains"
        assert (
            self.status(Line("L1", "plain", options=(OptionChoice("toppings", "cheese", "no"),)), "milk") == "contains"
        )

    def test_both_halves_and_all_parts_count(self) -> None:
        assert self.status(Line("L1", "plain", halves=(Half("plain"), Half("fancy"))), "nuts") == "may_contain"
        assert self.status(Line("L1", "plain", combo=LineCombo("pizza_meal")), "nuts") == "unknown"

    def test_it_is_told_but_does_not_stop_the_order(self) -> None:
        found = problems(AddLine(item="coffee"), NoteAllergy(allergen="nuts"))
        assert [(p.kind, p.line, p.detail) for p in found] == [(ProblemKind.ALLERGEN_UNVERIFIED, "L1", "nuts")]
        assert blocking(found) == ()
        assert problems(AddLine(item="plain", variation="small"), NoteAllergy(allergen="nuts")) == ()


class TestCartsFromElsewhere:
    """A checkpoint of another menu version, or a forged one: never an exception, never an order."""

    def test_unknown_ids_are_problems(self) -> None:
        lines = (
            Line("L1", "gone"),
            Line("L2", "plain", variation="gone"),
            Line("L3", "taco", options=(OptionChoice("gone", "gone"),)),
            Line("L4", "burger", options=(BEANS,), combo=LineCombo("gone")),
            Line("L5", "plain", variation="small", halves=(Half("plain"), Half("gone"))),
        )
        found = find_problems(Cart(lines=lines, next_line=6), MENU, Availability(), CartLimits())
        assert {problem.line for problem in blocking(found)} == {"L1", "L2", "L3", "L4", "L5"}
        assert {problem.kind for problem in found} == {ProblemKind.NOT_ALLOWED}
