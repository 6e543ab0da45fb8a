"""The reducer: the only thing that turns edits into a new revision of the cart. Pure, deterministic, raises on no edit.

What cannot be done is refused with a reason and the rest is done: a pizza with a topping that is not sold here is
added without it, and the refused part comes back as the `SetOption` it would have been. An added line whose item is
out is refused; a line already in the cart whose item runs out stays, as a problem. Quantities above the caps are
applied and stay a problem (OVER_CAP) until corrected or taken over by a person; only the number of lines is bounded
here.

`AddLine` and `SplitLine` use up one line id each even when refused, so that ids foreseen for later edits of a batch
hold. An `AddLine` equal to an existing line stays its own line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from orders.cart_types import (
    AddLine,
    Applied,
    Cart,
    CartEdit,
    CartLimits,
    ClearCart,
    Line,
    LineCombo,
    NoteAllergy,
    Problem,
    ProblemKind,
    RemoveLine,
    ReplaceLine,
    SetComboSlot,
    SetCustomer,
    SetFulfilment,
    SetOption,
    SetQuantity,
    SetUnresolved,
    SetVariation,
    SplitLine,
    ToCombo,
)
from orders.line_edits import choose, revise
from orders.line_rules import Stock, halves_refusal, slot_refusal
from orders.plain_text import one_line
from orders.pricing import price_cart
from orders.problems import find_problems
from restaurants.menu import Availability, Item, Menu

__all__ = ["apply_edits", "find_problems", "restore"]

MAX_ALLERGIES = 20


def apply_edits(
    cart: Cart,
    edits: Iterable[CartEdit],
    menu: Menu,
    *,
    availability: Availability = Availability(),  # noqa: B008  # frozen
    limits: CartLimits = CartLimits(),  # noqa: B008  # frozen
) -> Applied:
    """Applies the edits in order and says what is wrong with the cart they lead to.

    The revision goes up by one if anything changed; otherwise the very same cart comes back.
    """
    batch = _Batch(cart, Stock.read(menu, availability), limits)
    for edit in edits:
        batch.apply(edit)
    after = batch.cart
    if replace(after, next_line=cart.next_line, last_line=cart.last_line) == cart:
        after = cart
    else:
        after = replace(after, revision=cart.revision + 1)
    total_cents = price_cart(after, menu).total_cents if after.lines else 0
    problems = find_problems(after, menu, availability, limits, total_cents=total_cents)
    return Applied(after, problems, tuple(batch.refused), _changed_lines(cart, after))


def restore(current: Cart, earlier: Cart) -> Cart:
    """Undo: the content of an earlier revision as the newest one. Line ids handed out since are not used again."""
    return replace(earlier, revision=current.revision + 1, next_line=max(current.next_line, earlier.next_line))


def _changed_lines(before: Cart, after: Cart) -> tuple[str, ...]:
    """Ids of lines that are new or different, in cart order, then of those that are gone."""
    old = {line.id: line for line in before.lines}
    new = {line.id for line in after.lines}
    changed = tuple(line.id for line in after.lines if old.get(line.id) != line)
    return changed + tuple(line for line in old if line not in new)


@dataclass(slots=True)
class _Batch:
    """One run of the reducer: the cart so far and what was refused on the way."""

    cart: Cart
    stock: Stock
    limits: CartLimits
    refused: list[tuple[CartEdit, Problem]] = field(default_factory=list)

    def apply(self, edit: CartEdit) -> None:
        match edit:
            case AddLine():
                self.add(edit, self.take_id())
            case ClearCart():
                self.cart = replace(self.cart, lines=(), last_line=None)
            case SetFulfilment():
                self.cart = replace(self.cart, fulfilment=edit.fulfilment)
            case SetCustomer():
                name = self.cart.customer_name if edit.name is None else one_line(edit.name, 80)
                phone = self.cart.customer_phone if edit.phone is None else one_line(edit.phone, 32)
                self.cart = replace(self.cart, customer_name=name, customer_phone=phone)
            case NoteAllergy():
                noted = dict.fromkeys((*self.cart.allergies, one_line(edit.allergen.casefold(), 60)))
                self.cart = replace(self.cart, allergies=tuple(filter(None, noted))[:MAX_ALLERGIES])
            case SplitLine():
                self.split(edit, self.find(edit.line), self.take_id())
            case _:
                line = self.find(edit.line)
                if line is None:
                    self.refuse(edit, Problem(ProblemKind.NOT_ALLOWED, line=edit.line))
                else:
                    self.edit_line(edit, line)

    def edit_line(self, edit: CartEdit, line: Line) -> None:
        if isinstance(edit, RemoveLine) or (isinstance(edit, SetQuantity) and edit.quantity == 0):
            self.put(line, ())
        elif isinstance(edit, ReplaceLine):
            self.swap(edit, line)
        else:
            after = revise(line, edit, self.stock, self.limits)
            if isinstance(after, Problem):
                self.refuse(edit, replace(after, line=line.id))
            else:
                self.put(line, (after,))

    def find(self, line_id: str) -> Line | None:
        return next((line for line in self.cart.lines if line.id == line_id), None)

    def refuse(self, edit: CartEdit, problem: Problem) -> None:
        self.refused.append((edit, problem))

    def take_id(self) -> str:
        number = self.cart.next_line
        self.cart = replace(self.cart, next_line=number + 1)
        return f"L{number}"

    def put(self, old: Line, new: tuple[Line, ...]) -> None:
        """Puts `new` where `old` was; the last of them, or else the cart's last line, is what "it" now means."""
        place = self.cart.lines.index(old)
        lines = (*self.cart.lines[:place], *new, *self.cart.lines[place + 1 :])
        last = next((line.id for line in reversed(new or lines)), None)
        self.cart = replace(self.cart, lines=lines, last_line=last)

    def has_room(self) -> bool:
        return len(self.cart.lines) < self.limits.max_lines

    def add(self, edit: AddLine, line_id: str) -> None:
        item, candidates = self.settle(edit.halves[0].item if edit.halves else edit.item, edit.candidates)
        problem = self.refusal(item, edit.quantity)
        if edit.halves:
            problem, candidates = problem or halves_refusal(edit.halves, self.stock), ()
        if problem is None and not self.has_room():
            problem = Problem(ProblemKind.OVER_CAP, detail=str(self.limits.max_lines))
        if problem is not None:
            self.refuse(edit, problem)
            return
        line = Line(
            line_id,
            item,
            edit.quantity,
            halves=edit.halves,
            candidates=candidates,
            note=one_line(edit.note, 200),
            origin=edit.origin,
            heard=one_line(edit.heard, 500),
        )
        line = self.furnish(line, edit, edit.combo)
        self.cart = replace(self.cart, lines=(*self.cart.lines, line), last_line=line_id)

    def settle(self, item: str, candidates: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """The item and what else it could be, without what is unknown or out; one left is still asked for."""
        known = tuple(c for c in dict.fromkeys(candidates) if c in self.stock.menu.item_by_id)
        there = tuple(c for c in known if self.stock.has_item(c))
        return (there[0], there) if there and item not in there else (item, there)

    def refusal(self, item: str, quantity: int) -> Problem | None:
        if item not in self.stock.menu.item_by_id:
            return Problem(ProblemKind.NOT_ALLOWED, detail=item)
        if quantity < 1:
            return Problem(ProblemKind.NOT_ALLOWED, detail=str(quantity))
        return None if self.stock.has_item(item) else Problem(ProblemKind.UNAVAILABLE, detail=item)

    def furnish(self, line: Line, edit: AddLine | ReplaceLine, combo: LineCombo | None = None) -> Line:
        """Combo, size and options of a new or replaced line; each that the item does not offer is refused by itself."""
        parts: list[CartEdit] = []
        if combo is not None:
            parts.append(ToCombo(line=line.id, combo=replace(combo, choices=())))
            parts += [SetComboSlot(line=line.id, choice=choice) for choice in combo.choices]
        if edit.variation is not None:
            parts.append(SetVariation(line=line.id, variation=edit.variation))
        parts += [SetOption(line=line.id, choice=choice) for choice in edit.options]
        parts += [SetUnresolved(line=line.id, unresolved=entry) for entry in edit.unresolved]
        for part in parts:
            if isinstance(part, SetOption) and isinstance(edit, AddLine):
                after = choose(line, part.choice, self.stock, self.limits, gives_way=False)
            else:
                after = revise(line, part, self.stock, self.limits)
            if isinstance(after, Line):
                line = after
            else:
                told = replace(part, confidence=edit.confidence, origin=edit.origin, heard=edit.heard)
                self.refuse(told, replace(after, line=line.id))
        return line

    def split(self, edit: SplitLine, line: Line | None, new_id: str) -> None:
        if line is None or not 0 < edit.quantity < line.quantity:
            self.refuse(edit, Problem(ProblemKind.NOT_ALLOWED, line=edit.line, detail=str(edit.quantity)))
        elif not self.has_room():
            self.refuse(edit, Problem(ProblemKind.OVER_CAP, line=edit.line, detail=str(self.limits.max_lines)))
        else:
            rest = replace(line, quantity=line.quantity - edit.quantity)
            self.put(line, (rest, replace(line, id=new_id, quantity=edit.quantity)))

    def swap(self, edit: ReplaceLine, old: Line) -> None:
        """Another item in the same place, with what it shares with the old one."""
        item, candidates = self.settle(edit.item, edit.candidates)
        quantity = edit.quantity if edit.quantity is not None else (old.quantity if edit.keep_options else 1)
        problem = self.refusal(item, quantity)
        if problem is not None:
            self.refuse(edit, replace(problem, line=old.id))
            return
        line = Line(old.id, item, quantity, candidates=candidates, note=old.note, origin=edit.origin)
        line = replace(line, heard=one_line(edit.heard, 500) or old.heard)
        if edit.keep_options:
            line = self.keep(line, old, reports=bool(old.candidates))
        self.put(old, (self.furnish(line, edit),))

    def keep(self, line: Line, old: Line, *, reports: bool) -> Line:
        """What of the old line the new item also allows. What of it was said before the item was known is reported
        lost.
        """
        parts: list[CartEdit] = []
        if old.combo is not None:
            parts += self.same_combo(line, old.combo)
        parts.append(SetVariation(line=line.id, variation=self.same_size(line.item, old)))
        parts += [SetOption(line=line.id, choice=choice) for choice in old.options]
        parts += [SetUnresolved(line=line.id, unresolved=entry) for entry in old.unresolved]
        for part in parts:
            after = revise(line, part, self.stock, self.limits)
            if isinstance(after, Line):
                line = after
            elif reports:
                self.refuse(part, replace(after, line=line.id))
        return line

    def same_size(self, item: str, old: Line) -> str | None:
        """The size of the new item with the id or else the name of the old one's; one it lacks is asked for again."""
        menu = self.stock.menu
        sizes = menu.item_by_id[item].variation_by_id
        if old.variation is None or old.variation in sizes:
            return old.variation
        before: Item | None = menu.item_by_id.get(old.item)
        name = before.variation_by_id[old.variation].name if before and old.variation in before.variation_by_id else ""
        return next((size.id for size in sizes.values() if size.name.casefold() == name.casefold()), None)

    def same_combo(self, line: Line, old: LineCombo) -> list[CartEdit]:
        """The new item's own combo, if it has exactly one, with the old size and slots as far as they exist there."""
        combos = [combo for combo in self.stock.menu.combos if combo.item == line.item]
        if len(combos) != 1:
            return []
        size = old.size if old.size in {size.id for size in combos[0].sizes} else None
        slots = [choice for choice in old.choices if slot_refusal(combos[0], choice, self.stock) is None]
        return [
            ToCombo(line=line.id, combo=LineCombo(combos[0].id, size)),
            *(SetComboSlot(line=line.id, choice=choice) for choice in slots),
        ]
