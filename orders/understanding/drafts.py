"""The cart as the utterance sees it: lines that are there and lines being made, changed freely, compared at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    Half,
    Line,
    LineCombo,
    OptionChoice,
    Portion,
    RemoveLine,
    RemoveOption,
    ReplaceLine,
    SetComboSlot,
    SetHalves,
    SetOption,
    SetQuantity,
    SetUnresolved,
    SetVariation,
    SplitLine,
    ToCombo,
    UnresolvedOption,
)

OptionKey = tuple[str, str, Portion]


@dataclass(slots=True, eq=False)
class Draft:
    """A line on its way. `line` is None until it is given an id; `base` is what it was before the utterance."""

    items: tuple[str, ...]
    quantity: int = 1
    variation: str | None = None
    options: dict[OptionKey, OptionChoice] = field(default_factory=dict)
    unresolved: list[UnresolvedOption] = field(default_factory=list)
    combo: LineCombo | None = None
    halves: tuple[Half, ...] = ()
    heard: str = ""
    confidence: float = 1.0
    line: str | None = None
    base: Line | None = None
    split_from: Draft | None = None
    is_removed: bool = False
    is_replaced: bool = False
    declined: list[tuple[str, str, str]] = field(default_factory=list)  # (group, option, amount) not wanted
    born: int = 0  # order of creation in this utterance

    @property
    def item(self) -> str:
        return self.items[0]

    def copy(self, quantity: int) -> Draft:
        return Draft(
            self.items, quantity, self.variation, dict(self.options), list(self.unresolved), self.combo, self.halves,
            self.heard, self.confidence,
        )  # fmt: skip

    def doubt(self, amount: float) -> None:
        self.confidence = min(self.confidence, 1.0 - amount)


@dataclass(slots=True)
class Workspace:
    drafts: list[Draft]
    focus: Draft | None
    touched: list[Draft] = field(default_factory=list)  # by this utterance, latest last
    is_cleared: bool = False
    used: set[int] = field(default_factory=set)  # start tokens of words nobody knows that told something
    dismissed: set[str] = field(default_factory=set)  # items that were said and taken back
    pointed: list[Draft] = field(default_factory=list)  # what a description in this clause means: "the large one"

    @classmethod
    def of(cls, cart: Cart) -> Workspace:
        drafts = [_from_line(line) for line in cart.lines]
        last = next((d for d in drafts if d.line == cart.last_line), drafts[-1] if drafts else None)
        return cls(drafts, last)

    def add(self, draft: Draft, *, after: Draft | None = None) -> Draft:
        place = self.drafts.index(after) + 1 if after is not None else len(self.drafts)
        self.drafts.insert(place, draft)
        self.touch(draft)
        return draft

    def touch(self, draft: Draft) -> None:
        self.focus = draft
        if draft in self.touched:
            self.touched.remove(draft)
        self.touched.append(draft)

    def live(self) -> list[Draft]:
        return [draft for draft in self.drafts if not draft.is_removed]

    def remove(self, draft: Draft) -> None:
        draft.is_removed = True
        if draft.line is None:
            self.drafts.remove(draft)
        if draft in self.touched:
            self.touched.remove(draft)
        if self.focus is draft:
            live = self.live()
            self.focus = live[-1] if live else None

    def single(self, draft: Draft, place: int) -> Draft:
        """The unit in that place (from 0) of the draft as a draft of its own; the others stay around it."""
        behind = draft.quantity - 1 - place
        if behind:
            self.touched.remove(self.split(draft, behind))
        one = self.split(draft, 1) if place else draft
        self.touch(one)
        return one

    def split(self, draft: Draft, quantity: int) -> Draft:
        """`quantity` of the draft's units as a draft of their own, right behind it."""
        part = draft.copy(quantity)
        part.born = draft.born
        draft.quantity -= quantity
        part.split_from = draft if draft.line is not None or draft.split_from is not None else None
        return self.add(part, after=draft)

    def family(self, draft: Draft) -> list[Draft]:
        """Lines made by the same words, like the two of "two pizzas, one with ham"."""
        live = self.live()
        return [d for d in live if d is draft or (d.item == draft.item and d.heard and d.heard == draft.heard)]


def _from_line(line: Line) -> Draft:
    return Draft(
        line.candidates or (line.item,), line.quantity, line.variation,
        {(o.group, o.option, o.portion): o for o in line.options}, list(line.unresolved), line.combo, line.halves,
        line.heard, 1.0, line.id, line,
    )  # fmt: skip


def edits_of(space: Workspace, cart: Cart) -> list[CartEdit]:
    """What turns the cart into the workspace, in an order the reducer can apply."""
    return _Differ(cart).run(space)


class _Differ:
    def __init__(self, cart: Cart) -> None:
        self.edits: list[CartEdit] = []
        self.next_line = cart.next_line

    def run(self, space: Workspace) -> list[CartEdit]:
        """Splits first, so that their new lines stand where they belong; then changes, removals and new lines."""
        for draft in space.drafts:
            parent = draft.split_from
            if parent is not None and parent.line is not None and draft.line is None and not draft.is_removed:
                self.split(parent, draft)
        for draft in space.drafts:
            if draft.line is not None:
                self.change(draft)
        for draft in sorted((d for d in space.drafts if d.line is None), key=lambda d: d.born):
            self.add(draft)
        return self.edits

    def take_id(self) -> str:
        line = f"L{self.next_line}"
        self.next_line += 1
        return line

    def split(self, parent: Draft, draft: Draft) -> None:
        base = parent.base
        assert base is not None
        assert parent.line is not None
        self.edits.append(
            SplitLine(line=parent.line, quantity=draft.quantity, confidence=draft.confidence, heard=draft.heard)
        )
        draft.line = self.take_id()
        draft.base = replace(base, id=draft.line, quantity=draft.quantity)
        parent.base = replace(base, quantity=base.quantity - draft.quantity)

    def add(self, draft: Draft) -> None:
        draft.line = self.take_id()
        self.edits.append(
            AddLine(
                item=draft.item,
                quantity=draft.quantity,
                variation=draft.variation,
                options=tuple(draft.options.values()),
                unresolved=tuple(draft.unresolved),
                combo=draft.combo,
                halves=draft.halves,
                candidates=draft.items if len(draft.items) > 1 else (),
                confidence=draft.confidence,
                heard=draft.heard,
            )
        )

    def change(self, draft: Draft) -> None:
        base, line = draft.base, draft.line
        assert base is not None
        assert line is not None
        sure = draft.confidence
        if draft.is_removed or draft.quantity <= 0:
            self.edits.append(RemoveLine(line=line, confidence=sure))
            return
        if draft.item != base.item or draft.items != (base.candidates or (base.item,)):
            self.edits.append(
                ReplaceLine(
                    line=line,
                    item=draft.item,
                    quantity=draft.quantity,
                    variation=draft.variation,
                    options=tuple(draft.options.values()),
                    unresolved=tuple(draft.unresolved),
                    candidates=draft.items if len(draft.items) > 1 else (),
                    keep_options=False,
                    confidence=sure,
                    heard=draft.heard,
                )
            )
            if draft.combo is not None:
                self.edits.append(ToCombo(line=line, combo=draft.combo, confidence=sure))
            return
        if draft.quantity != base.quantity:
            self.edits.append(SetQuantity(line=line, quantity=draft.quantity, confidence=sure))
        if draft.combo != base.combo:
            self.combo(draft, base, line)
        if draft.halves != base.halves:
            self.edits.append(SetHalves(line=line, halves=draft.halves, confidence=sure))
        if draft.variation != base.variation:
            self.edits.append(SetVariation(line=line, variation=draft.variation, confidence=sure))
        self.options(draft, base, line)

    def combo(self, draft: Draft, base: Line, line: str) -> None:
        sure = draft.confidence
        old, new = base.combo, draft.combo
        if new is None or old is None or (new.combo, new.size) != (old.combo, old.size):
            self.edits.append(ToCombo(line=line, combo=new, confidence=sure))
            return
        self.edits += [
            SetComboSlot(line=line, choice=choice, confidence=sure)
            for choice in new.choices
            if choice not in old.choices
        ]

    def options(self, draft: Draft, base: Line, line: str) -> None:
        sure = draft.confidence
        old = {(o.group, o.option, o.portion): o for o in base.options}
        for key, choice in old.items():
            if key not in draft.options:
                self.edits.append(RemoveOption(line=line, group=choice.group, option=choice.option, confidence=sure))
        for key, choice in draft.options.items():
            if old.get(key) != choice:
                self.edits.append(SetOption(line=line, choice=choice, confidence=sure))
        self.edits += [
            SetUnresolved(line=line, unresolved=entry, confidence=sure)
            for entry in draft.unresolved
            if entry not in base.unresolved
        ]


def batch_of(drafts: Iterable[Draft]) -> list[Draft]:
    return [draft for draft in drafts if not draft.is_removed]
