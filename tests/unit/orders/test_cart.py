"""The reducer: what every edit does, what it refuses, and that it never breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orders.cart import apply_edits, restore
from orders.cart_types import (
    AddLine,
    Applied,
    Cart,
    CartEdit,
    CartLimits,
    ClearCart,
    Fulfilment,
    Half,
    Line,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    Portion,
    ProblemKind,
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
from restaurants.menu import Availability
from tests.unit.orders.sample_menu import MENU

HAM, CHEESE, OLIVES = (OptionChoice("toppings", name) for name in ("ham", "cheese", "olives"))
WHITE, BBQ = OptionChoice("sauce", "white"), OptionChoice("sauce", "bbq")
PIZZA = AddLine(item="plain", variation="large")


def apply(*edits: CartEdit, cart: Cart | None = None, out: Availability | None = None) -> Applied:
    return apply_edits(cart or Cart(), edits, MENU, availability=out or Availability())


def only_line(*edits: CartEdit) -> Line:
    (line,) = apply(*edits).cart.lines
    return line


def why(applied: Applied) -> list[tuple[ProblemKind, str]]:
    return [(problem.kind, problem.detail) for _, problem in applied.refused]


class TestRevisions:
    def test_a_batch_that_changes_something_is_one_revision(self) -> None:
        applied = apply(PIZZA, AddLine(item="coffee"), SetQuantity(line="L2", quantity=2))
        assert applied.cart.revision == 1
        assert [line.id for line in applied.cart.lines] == ["L1", "L2"]
        assert applied.changed_lines == ("L1", "L2")

    @pytest.mark.parametrize(
        "edit",
        [SetQuantity(line="L1", quantity=1), RemoveOption(line="L1", group="toppings", option="ham"), ClearCart()],
    )
    def test_nothing_changed_is_the_same_cart(self, edit: CartEdit) -> None:
        cart = Cart() if isinstance(edit, ClearCart) else apply(PIZZA).cart
        applied = apply(edit, cart=cart)
        assert applied.cart is cart
        assert applied.changed_lines == ()

    def test_the_cart_before_stays_as_it_was(self) -> None:
        cart = apply(PIZZA).cart
        before = replace(cart)
        apply(SetOption(line="L1", choice=HAM), SetQuantity(line="L1", quantity=9), cart=cart)
        assert cart == before

    def test_line_ids_are_never_used_again(self) -> None:
        cart = apply(PIZZA, PIZZA, ClearCart(), PIZZA).cart
        assert [line.id for line in cart.lines] == ["L3"]

    def test_undo_brings_the_old_cart_back_as_a_new_revision(self) -> None:
        first = apply(PIZZA).cart
        second = apply(RemoveLine(line="L1"), AddLine(item="tea"), cart=first).cart
        undone = restore(second, first)
        assert (undone.lines, undone.revision) == (first.lines, 3)
        assert apply(AddLine(item="tea"), cart=undone).cart.lines[-1].id == "L3"

    def test_equal_lines_stay_apart(self) -> None:
        assert len(apply(AddLine(item="coffee"), AddLine(item="coffee")).cart.lines) == 2

    def test_it_and_that_mean_the_line_touched_last(self) -> None:
        cart = apply(PIZZA, AddLine(item="tea"), SetQuantity(line="L1", quantity=2)).cart
        assert cart.last_line == "L1"
        assert apply(RemoveLine(line="L1"), cart=cart).cart.last_line == "L2"
        assert apply(ClearCart(), cart=cart).cart.last_line is None


class TestRefusals:
    @pytest.mark.parametrize(
        "edit",
        [
            SetQuantity(line="L9", quantity=2),
            SetVariation(line="L9", variation="large"),
            SetOption(line="L9", choice=HAM),
            SetUnresolved(line="L9", unresolved=UnresolvedOption("sauce", ("white", "bbq"))),
            RemoveOption(line="L9", group="toppings", option="ham"),
            SplitLine(line="L9", quantity=1),
            ReplaceLine(line="L9", item="tea"),
            RemoveLine(line="L9"),
            ToCombo(line="L9", combo=None),
            SetComboSlot(line="L9", choice=SlotChoice("drink", "tea")),
            SetHalves(line="L9", halves=()),
        ],
    )
    def test_a_line_that_is_not_there(self, edit: CartEdit) -> None:
        cart = apply(PIZZA).cart
        applied = apply(edit, cart=cart)
        assert applied.cart is cart
        assert [problem.kind for _, problem in applied.refused] == [ProblemKind.NOT_ALLOWED]
        assert applied.refused[0][1].line == "L9"

    @pytest.mark.parametrize(
        "edit",
        [
            AddLine(item="unicorn"),
            AddLine(item="tea", quantity=0),
            AddLine(item="tea", quantity=-5),
            SetQuantity(line="L1", quantity=-1),
            SetVariation(line="L1", variation="gigantic"),
            SetOption(line="L1", choice=OptionChoice("toppings", "nails")),
            SetOption(line="L1", choice=OptionChoice("nowhere", "ham")),
            SetOption(line="L1", choice=OptionChoice("shots", "vanilla")),
            SetOption(line="L1", choice=replace(HAM, amount="astronomic")),
            SetOption(line="L1", choice=replace(HAM, count=2)),
            SetOption(line="L1", choice=replace(HAM, count=0)),
            SetOption(line="L1", choice=replace(WHITE, portion=Portion.FIRST_HALF)),
            SetUnresolved(line="L1", unresolved=UnresolvedOption("toppings", ("nails", "screws"))),
            RemoveOption(line="L1", group="toppings", option="nails"),
            ReplaceLine(line="L1", item="unicorn"),
            ToCombo(line="L1", combo=LineCombo("meal")),
            ToCombo(line="L1", combo=LineCombo("nothing")),
            SetComboSlot(line="L1", choice=SlotChoice("drink", "tea")),
            SetHalves(line="L1", halves=(Half("plain"),)),
            SetHalves(line="L1", halves=(Half("plain"), Half("tea"))),
            SplitLine(line="L1", quantity=1),
        ],
    )
    def test_what_the_menu_does_not_offer(self, edit: CartEdit) -> None:
        cart = apply(PIZZA).cart
        applied = apply(edit, cart=cart)
        assert applied.cart is cart
        assert [problem.kind for _, problem in applied.refused] == [ProblemKind.NOT_ALLOWED]

    def test_the_rest_of_a_line_is_added_without_what_is_not_offered(self) -> None:
        nails = OptionChoice("toppings", "nails")
        applied = apply(AddLine(item="plain", variation="huge", options=(HAM, nails), heard="huge ham and nails"))
        (line,) = applied.cart.lines
        assert (line.options, line.variation) == ((HAM,), None)
        assert {type(edit) for edit, _ in applied.refused} == {SetVariation, SetOption}
        refused = next(edit for edit, _ in applied.refused if isinstance(edit, SetOption))
        assert (refused.line, refused.choice, refused.heard) == ("L1", nails, "huge ham and nails")

    def test_a_refused_line_does_not_shift_the_ids_that_follow(self) -> None:
        """The understander names lines of its own batch ahead: L1, L2, ..."""
        applied = apply(AddLine(item="unicorn"), AddLine(item="plain"), SetVariation(line="L2", variation="large"))
        assert [(line.id, line.variation) for line in applied.cart.lines] == [("L2", "large")]

    def test_the_number_of_lines_is_bounded(self) -> None:
        limits = CartLimits(max_lines=2)
        applied = apply_edits(Cart(), [AddLine(item="tea")] * 5, MENU, limits=limits)
        assert len(applied.cart.lines) == 2
        assert {problem.kind for _, problem in applied.refused} == {ProblemKind.OVER_CAP}


class TestUnavailable:
    def test_an_item_that_is_out_is_not_added(self) -> None:
        applied = apply(AddLine(item="tea"), out=Availability(items_out=frozenset({"tea"})))
        assert applied.cart.lines == ()
        assert why(applied) == [(ProblemKind.UNAVAILABLE, "tea")]

    def test_an_item_that_runs_out_later_stays_as_a_problem(self) -> None:
        cart = apply(AddLine(item="tea")).cart
        applied = apply(SetFulfilment(fulfilment=Fulfilment.PICKUP), cart=cart, out=Availability(frozenset({"tea"})))
        assert [(p.kind, p.line, p.detail) for p in applied.problems] == [(ProblemKind.UNAVAILABLE, "L1", "tea")]

    def test_one_86_hits_the_item_and_the_option_that_is_the_same_thing(self) -> None:
        slaw = OptionChoice("sides", "slaw")
        by_item, by_option = Availability(frozenset({"slaw"})), Availability(options_out=frozenset({("sides", "slaw")}))
        for out in (by_item, by_option):
            assert why(apply(AddLine(item="slaw"), out=out)) == [(ProblemKind.UNAVAILABLE, "slaw")]
            burger = apply(AddLine(item="burger", options=(slaw,)), out=out)
            assert why(burger) == [(ProblemKind.UNAVAILABLE, "slaw")]
            assert [p.candidates for p in burger.problems if p.kind is ProblemKind.MISSING_CHOICE] == [("beans",)]

    def test_leaving_out_what_is_out_is_fine(self) -> None:
        out = Availability(options_out=frozenset({("toppings", "cheese")}))
        applied = apply(PIZZA, cart=Cart(), out=out)
        assert [(p.kind, p.detail) for p in applied.problems] == [(ProblemKind.UNAVAILABLE, "cheese")], (
            "part of it as sold"
        )
        without = apply(SetOption(line="L1", choice=replace(CHEESE, amount="no")), cart=applied.cart, out=out)
        assert (without.problems, without.refused) == ((), ())

    def test_more_than_are_left_is_asked_about(self) -> None:
        applied = apply(
            AddLine(item="taco", quantity=2), AddLine(item="taco", quantity=2), out=Availability(items_left={"taco": 3})
        )
        (problem,) = applied.problems
        assert (problem.kind, problem.line, problem.detail, problem.count) == (ProblemKind.UNAVAILABLE, "L2", "taco", 3)
        assert why(apply(AddLine(item="taco"), out=Availability(items_left={"taco": 0}))) == [
            (ProblemKind.UNAVAILABLE, "taco")
        ]


class TestOptions:
    def test_the_same_option_again_replaces_its_amount(self) -> None:
        extra = replace(HAM, amount="extra")
        assert only_line(PIZZA, SetOption(line="L1", choice=HAM), SetOption(line="L1", choice=extra)).options == (
            extra,
        )

    def test_a_group_of_one_takes_the_new_choice_in_place_of_the_old(self) -> None:
        line = only_line(
            PIZZA,
            SetOption(line="L1", choice=WHITE),
            SetOption(line="L1", choice=HAM),
            SetOption(line="L1", choice=BBQ),
        )
        assert line.options == (BBQ, HAM)

    def test_leaving_one_out_does_not_choose_in_a_group_of_one(self) -> None:
        no_white = replace(WHITE, amount="no")
        line = only_line(PIZZA, SetOption(line="L1", choice=BBQ), SetOption(line="L1", choice=no_white))
        assert set(line.options) == {BBQ, no_white}

    def test_other_groups_take_many(self) -> None:
        line = only_line(PIZZA, SetOption(line="L1", choice=HAM), SetOption(line="L1", choice=OLIVES))
        assert line.options == (HAM, OLIVES)

    def test_halves_of_a_line_keep_their_own_options_and_the_whole_overrides_them(self) -> None:
        left, right = replace(HAM, portion=Portion.FIRST_HALF), replace(OLIVES, portion=Portion.SECOND_HALF)
        line = only_line(PIZZA, SetOption(line="L1", choice=left), SetOption(line="L1", choice=right))
        assert line.options == (left, right)
        assert only_line(PIZZA, SetOption(line="L1", choice=left), SetOption(line="L1", choice=HAM)).options == (HAM,)

    def test_taking_an_option_off_is_as_if_it_was_never_said(self) -> None:
        no_cheese = replace(CHEESE, amount="no")
        line = only_line(
            PIZZA, SetOption(line="L1", choice=no_cheese), RemoveOption(line="L1", group="toppings", option="cheese")
        )
        assert line.options == ()

    def test_no_of_something_chosen_takes_it_off_where_the_group_has_no_such_amount(self) -> None:
        vanilla = OptionChoice("shots", "vanilla")
        cart = apply(AddLine(item="coffee", options=(vanilla,))).cart
        applied = apply(SetOption(line="L1", choice=replace(vanilla, amount="no")), cart=cart)
        assert applied.refused == ()
        assert applied.cart.lines[0].options == ()

    def test_counts_where_options_are_counted(self) -> None:
        two = OptionChoice("shots", "vanilla", count=2)
        assert only_line(AddLine(item="coffee", options=(two,))).options == (two,)
        applied = apply(AddLine(item="coffee", options=(replace(two, count=5_000),)))
        assert why(applied) == [(ProblemKind.OVER_CAP, "20")]


class TestUnresolved:
    OPEN = UnresolvedOption("toppings", ("ham", "olives"), amount="extra")

    def test_it_is_a_problem_until_it_is_answered_and_keeps_its_amount(self) -> None:
        applied = apply(PIZZA, SetUnresolved(line="L1", unresolved=self.OPEN))
        (problem,) = applied.problems
        assert (problem.kind, problem.candidates) == (ProblemKind.AMBIGUOUS_OPTION, ("ham", "olives"))
        answered = apply(SetOption(line="L1", choice=HAM), cart=applied.cart)
        assert answered.problems == ()
        assert answered.cart.lines[0].options == (replace(HAM, amount="extra"),)

    def test_only_one_that_is_offered_is_no_question(self) -> None:
        entry = UnresolvedOption("toppings", ("ham", "nails"))
        assert only_line(AddLine(item="plain", unresolved=(entry,))).options == (HAM,)

    def test_an_answer_with_an_amount_of_its_own_keeps_it(self) -> None:
        light = replace(HAM, amount="light")
        line = only_line(AddLine(item="plain", unresolved=(self.OPEN,)), SetOption(line="L1", choice=light))
        assert (line.options, line.unresolved) == ((light,), ())

    def test_taking_the_word_back_drops_the_question(self) -> None:
        line = only_line(
            AddLine(item="plain", unresolved=(self.OPEN,)), RemoveOption(line="L1", group="toppings", option="ham")
        )
        assert line.unresolved == ()

    def test_in_a_group_of_one_the_question_replaces_the_choice_and_the_choice_the_question(self) -> None:
        entry = UnresolvedOption("sauce", ("white", "bbq"))
        asked = only_line(AddLine(item="plain", options=(WHITE,)), SetUnresolved(line="L1", unresolved=entry))
        assert (asked.options, asked.unresolved) == ((), (entry,))
        red = OptionChoice("sauce", "red")
        settled = only_line(AddLine(item="plain", unresolved=(entry,)), SetOption(line="L1", choice=red))
        assert (settled.options, settled.unresolved) == ((red,), ())


class TestSplitAndReplace:
    def test_make_one_of_them_large(self) -> None:
        cart = apply(AddLine(item="plain", quantity=3, variation="small", options=(HAM,)), AddLine(item="tea")).cart
        applied = apply(SplitLine(line="L1", quantity=1), SetVariation(line="L3", variation="large"), cart=cart)
        rest, moved, tea = applied.cart.lines
        assert (rest.id, rest.quantity, rest.variation) == ("L1", 2, "small")
        assert (moved.id, moved.quantity, moved.variation, moved.options) == ("L3", 1, "large", (HAM,))
        assert tea.id == "L2"
        assert applied.changed_lines == ("L1", "L3")

    def test_another_item_in_its_place_keeps_what_it_also_allows(self) -> None:
        line = only_line(
            AddLine(
                item="plain", quantity=2, variation="large", options=(HAM, replace(CHEESE, amount="no")), note="hot"
            ),
            ReplaceLine(line="L1", item="fancy"),
        )
        assert (line.id, line.item, line.quantity, line.variation, line.note) == ("L1", "fancy", 2, "large", "hot")
        assert line.options == (HAM, replace(CHEESE, amount="no"))

    def test_what_the_new_item_does_not_have_is_dropped(self) -> None:
        line = only_line(
            AddLine(item="plain", variation="large", options=(HAM,)), ReplaceLine(line="L1", item="coffee")
        )
        assert (line.variation, line.options) == (None, ())

    def test_without_keeping_it_is_as_good_as_new(self) -> None:
        line = only_line(
            AddLine(item="plain", quantity=2, variation="large", options=(HAM,)),
            ReplaceLine(line="L1", item="fancy", options=(OLIVES,), keep_options=False),
        )
        assert (line.quantity, line.variation, line.options) == (1, None, (OLIVES,))

    def test_what_is_said_with_the_replacement_wins(self) -> None:
        line = only_line(
            AddLine(item="plain", quantity=2, variation="large", options=(WHITE, HAM)),
            ReplaceLine(line="L1", item="fancy", quantity=3, variation="small", options=(BBQ,)),
        )
        assert (line.quantity, line.variation, set(line.options)) == (3, "small", {BBQ, HAM})

    def test_an_ambiguous_item_is_settled_and_what_does_not_fit_is_reported(self) -> None:
        applied = apply(
            AddLine(item="coffee", candidates=("coffee", "tea"), options=(OptionChoice("shots", "vanilla"),))
        )
        assert [(p.kind, p.candidates) for p in applied.problems] == [(ProblemKind.AMBIGUOUS_ITEM, ("coffee", "tea"))]
        settled = apply(ReplaceLine(line="L1", item="tea"), cart=applied.cart)
        assert settled.problems == ()
        assert (settled.cart.lines[0].item, settled.cart.lines[0].candidates) == ("tea", ())
        assert why(settled) == [(ProblemKind.NOT_ALLOWED, "vanilla")]

    def test_candidates_that_are_out_are_not_offered(self) -> None:
        applied = apply(AddLine(item="coffee", candidates=("coffee", "tea")), out=Availability(frozenset({"coffee"})))
        assert (applied.cart.lines[0].item, applied.cart.lines[0].candidates) == ("tea", ("tea",))

    def test_zero_removes(self) -> None:
        assert apply(PIZZA, SetQuantity(line="L1", quantity=0)).cart.lines == ()


class TestCombosAndHalves:
    def test_a_line_becomes_a_combo_and_back(self) -> None:
        cart = apply(
            AddLine(item="burger", options=(OptionChoice("sides", "beans"), HAM)),
            ToCombo(line="L1", combo=LineCombo("meal")),
        ).cart
        applied = apply(SetComboSlot(line="L1", choice=SlotChoice("drink", "tea")), cart=cart)
        assert applied.problems == ()
        back = apply(ToCombo(line="L1", combo=None), cart=applied.cart).cart.lines[0]
        assert (back.combo, back.options) == (None, (OptionChoice("sides", "beans"), HAM))

    def test_a_slot_that_is_filled_again_is_replaced(self) -> None:
        line = only_line(
            AddLine(item="burger", combo=LineCombo("meal", "large", (SlotChoice("drink", "tea"),))),
            SetComboSlot(line="L1", choice=SlotChoice("drink", "coffee")),
        )
        assert line.combo == LineCombo("meal", "large", (SlotChoice("drink", "coffee"),))

    def test_a_slot_takes_only_what_it_offers(self) -> None:
        applied = apply(AddLine(item="burger", combo=LineCombo("meal", None, (SlotChoice("drink", "slaw"),))))
        assert applied.cart.lines[0].combo == LineCombo("meal")
        assert why(applied) == [(ProblemKind.NOT_ALLOWED, "slaw")]

    def test_a_combo_fixes_the_size_of_its_item(self) -> None:
        applied = apply(
            PIZZA, ToCombo(line="L1", combo=LineCombo("pizza_meal")), SetVariation(line="L1", variation="large")
        )
        assert applied.cart.lines[0].variation == "small"
        assert why(applied) == [(ProblemKind.NOT_ALLOWED, "large")]

    def test_another_item_takes_its_own_combo_along(self) -> None:
        line = only_line(
            AddLine(item="plain", combo=LineCombo("pizza_meal", None, (SlotChoice("drink", "tea"),))),
            ReplaceLine(line="L1", item="fancy"),
        )
        assert line.combo == LineCombo("fancy_meal", None, (SlotChoice("drink", "tea"),))

    def test_half_and_half(self) -> None:
        halves = (Half("plain", (HAM,)), Half("fancy"))
        line = only_line(AddLine(item="plain", variation="large"), SetHalves(line="L1", halves=halves))
        assert (line.item, line.halves, line.variation) == ("plain", halves, "large")
        assert only_line(AddLine(item="fancy", halves=halves)).item == "plain"
        assert only_line(AddLine(item="plain", halves=halves), SetHalves(line="L1", halves=())).halves == ()


class TestAroundTheLines:
    def test_the_customer(self) -> None:
        cart = apply(
            SetCustomer(name="  Ada \n Lovelace "),
            SetCustomer(phone="+44 20"),
            SetFulfilment(fulfilment=Fulfilment.DINE_IN),
        ).cart
        assert (cart.customer_name, cart.customer_phone, cart.fulfilment) == (
            "Ada Lovelace",
            "+44 20",
            Fulfilment.DINE_IN,
        )

    def test_hostile_names_are_tamed(self) -> None:
        cart = apply(SetCustomer(name="\u202eevil\u202c\x00<b>" + "x" * 10_000)).cart
        assert cart.customer_name.startswith("evil<b>x")
        assert len(cart.customer_name) == 80

    def test_allergies_are_noted_once(self) -> None:
        cart = apply(NoteAllergy(allergen="Nuts"), NoteAllergy(allergen="nuts"), NoteAllergy(allergen=" ")).cart
        assert cart.allergies == ("nuts",)
