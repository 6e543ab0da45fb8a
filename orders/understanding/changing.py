"""Changing, replacing and swapping what is on a line."""

from __future__ import annotations

from dataclasses import replace

from orders.understanding.clauses import Clause
from orders.understanding.drafts import Draft
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.ordering import Ordering
from orders.understanding.phrases import Phrase


class Changing(Ordering):
    """ "make that", "change ... to", "instead of"."""

    def make(self, elements: list[Element]) -> None:
        """ "make that ...": the first phrase says how the line is to be; further ones are new."""
        phrases = self.phrases(elements)
        if self.to_sibling(elements, phrases) or not phrases:
            return
        if phrases[0].is_definite and self.change_part(phrases[0], phrases[1:2] or phrases[:1]):
            self.add_phrases(elements, phrases[2:])
            return
        if self.make_so_many(elements, phrases):
            return
        targets, change, rest = self.target_and_change(elements, phrases)
        if not targets and change is not None:
            self.add_phrases(elements, [p for p in phrases if p.head is not None])
            return
        if change is not None:
            for target in targets:
                self.apply(target, change)
        if rest:
            self.add_phrases(elements, rest)

    def make_so_many(self, elements: list[Element], phrases: list[Phrase]) -> bool:
        """ "make it three colas", where there are colas, whatever was said last."""
        at = next((i for i, p in enumerate(phrases[:2]) if p.head is not None), None)
        if (
            at is None
            or self.space.pointed
            or (at == 1 and (phrases[0].mods or phrases[0].size or phrases[0].quantity))
        ):
            return False
        told = phrases[at]
        is_count = told.quantity is not None and not (told.is_article or told.parts or self.is_of_them(elements, told))
        if not is_count or (told.start and elements[told.start - 1].has(Cue.WITH)) or not self.recount(told):
            return False
        self.add_phrases(elements, phrases[at + 1 :])
        return True

    def is_of_them(self, elements: list[Element], phrase: Phrase) -> bool:
        """ "make one of the tacos ...": some of what is there."""
        return any(e.has(Cue.OF_THEM) for e in elements[phrase.start : phrase.start + 2])

    def to_sibling(self, elements: list[Element], phrases: list[Phrase]) -> bool:
        """ "make that grilled": the item like this one whose name has the word."""
        focus = self.space.focus
        words = {e.norm for e in elements if e.is_unknown}
        if focus is None or not words or any(p.head is not None or p.mods or p.size or p.quantity for p in phrases):
            return False
        sibling = self.lines.sibling(focus, words)
        if sibling is not None:
            self.lines.swap(focus, Phrase(0, 0, items=(sibling,)))
            focus.doubt(0.2)
            self.space.touch(focus)
        return sibling is not None

    def target_and_change(
        self, elements: list[Element], phrases: list[Phrase]
    ) -> tuple[list[Draft], Phrase | None, list[Phrase]]:
        first = phrases[0]
        if first.head is not None and self.is_of_them(elements, first) and self.refs.by_items(first):
            change = replace(self.as_change(first), quantity=first.quantity)
            return self.refs.by_items(first)[-1:], change, phrases[1:]
        if first.head is not None and (first.is_definite or first.is_all) and self.refs.by_items(first):
            known = self.refs.by_items(first)
            targets = known if first.is_all else known[-1:]
            if not first.mods and first.size is None and not first.is_combo and len(phrases) > 1:
                return targets, phrases[1], phrases[2:]
            return targets, self.as_change(first), phrases[1:]
        if first.head is not None and first.is_definite:
            return [], None, phrases[1:] or phrases  # a line that is not there
        if first.head is not None:
            targets = self.refs.of(replace(first, head=None, items=()))
            return targets, first, phrases[1:]
        has_change = first.mods or first.size or first.quantity or first.parts or first.is_combo
        if len(phrases) > 1 and not has_change:
            if elements[max(phrases[1].start - 1, 0)].has(Cue.WITH) and not elements[max(phrases[1].start - 1, 0)].has(
                Cue.THAT
            ):
                return [], None, phrases[1:]  # "make it with a coke"
            return self.refs.of(first), phrases[1], phrases[2:]
        return self.refs.of(first), first, phrases[1:]

    def as_change(self, phrase: Phrase) -> Phrase:
        """What a phrase that names a line says about it; a number behind it is how many there are to be."""
        change = replace(phrase, head=None, items=(), quantity=None)
        parts = phrase.parts
        if len(parts) == 1 and not (parts[0].mods or parts[0].size or parts[0].is_other or parts[0].of_them):
            change.quantity, change.parts = parts[0].quantity, []
        return change

    def apply(self, target: Draft, change: Phrase) -> None:
        if change.is_combo and (change.head is None or target.item in change.items):
            self.make_combo(target, change)
            return
        if change.parts and change.parts[0].is_other and target.quantity == 1:
            self.other_than(target, change.parts[0])
            return
        is_bare = not (change.head or change.parts or change.mods or change.size)
        if change.of_them and change.quantity and is_bare:
            self.set_total(target, change.quantity)  # "make it two of those"
            return
        if change.parts or (change.of_them and change.head is None):
            self.parts_of_focus(change)
            return
        is_other = change.head is not None and target.item not in change.items
        if is_other and change.combo is None and self.lines.fill_slot(target, change, again=True):
            self.space.touch(target)
            return
        if is_other:
            self.swap(target, change)
            return
        is_some = change.quantity is not None and not change.is_article and change.quantity < target.quantity
        if is_some and (change.mods or change.size) and (change.quantity == 1 or change.of_them):
            self.lines.split(self.space, target, [change])
            return
        if change.quantity is not None and not change.is_article:
            self.set_total(target, change.quantity)
        self.lines.set_size(target, change)
        if not self.designator.matcher.sized([target], change.size):
            target.doubt(0.5)  # not sold in that size
        self.lines.options.clear_required(target, change.mods)
        if self.is_instead:
            self.lines.options.take_place(target, change.mods)
        self.lines.options.set_all(target, change.mods)
        self.space.touch(target)

    def make_combo(self, target: Draft, change: Phrase) -> None:
        """The line, or else the latest one that is sold as a combo; of several units only as many as were said."""
        able = [d for d in self.space.live() if self.lines.combos_for(d)]
        target = target if target in able or not able else able[-1]
        quantity = change.quantity if change.quantity and not change.is_article else target.quantity
        if quantity < target.quantity:
            target = self.space.split(target, quantity)
        self.lines.to_combo(target, change)
        self.space.touch(target)

    def change(self, clause: Clause) -> None:
        elements = clause.elements
        at = next((i for i, e in enumerate(elements) if e.has(Cue.TO) and not e.is_option), None)
        if at is None:
            self.make(elements)
            return
        before, behind = self.sides(elements, at)
        left, right = self.phrases(before), self.phrases(behind)
        source = left[0] if left else None
        if not right:
            return
        if source is not None and source.head is None and source.mods:
            self.swap_options(source, right)
            return
        if source is not None and self.change_part(source, right):
            return
        targets = self.refs.of(source) if source is not None else ([self.space.focus] if self.space.focus else [])
        if source is not None and source.head is not None:
            targets = self.refs.by_items(source)[-1:] or targets
        elif any(e.has(Cue.TOPIC) for e in before):
            targets = self.refs.like(right[0].items)[-1:]
            if not targets and self.change_slot(right[0]):
                return
        for target in targets:
            self.apply(target, right[0])
        if not targets:
            self.add_phrases(behind, right)
        elif len(right) > 1:
            self.add_phrases(behind, right[1:])

    def sides(self, elements: list[Element], at: int) -> tuple[list[Element], list[Element]]:
        """What goes and what comes. In "sub a lettuce wrap for the bun" what goes stands behind."""
        before, behind = elements[:at], elements[at + 1 :]
        is_for = elements[at].norm == self.lexicon.language.purpose and bool(behind) and behind[0].has(Cue.THE)
        return (behind, before) if is_for and not any(e.has(Cue.THE, Cue.IT) for e in before) else (before, behind)

    def change_part(self, source: Phrase, wanted: list[Phrase]) -> bool:
        """ "make the cola a lemonade", "change the fries to rings": what is in a combo, unless it is a line as well."""
        draft = self.part_of(source) if source.head is not None else None
        if draft is None or not wanted or not self.lines.fill_slot(draft, wanted[0], again=True):
            return False
        self.space.touch(draft)
        return True

    def part_of(self, phrase: Phrase) -> Draft | None:
        """The combo that has the item in it, the one talked about first; else one that may come with it."""
        focus = self.space.focus
        combos = [d for d in [focus, *reversed(self.space.live())] if d is not None and d.combo is not None]
        if self.refs.by_items(phrase):
            combos = [d for d in combos[:1] if d is focus and focus.item not in phrase.items]
        having = [d for d in combos if self.lines.has_part(d, phrase.items)]
        return next(iter(having or [d for d in combos if self.lines.may_have_part(d, phrase.items)]), None)

    def change_slot(self, phrase: Phrase) -> bool:
        """ "change my drink to a lemonade", of a combo."""
        return any(self.lines.fill_slot(draft, phrase, again=True) for draft in reversed(self.space.live()))

    def swap_options(self, source: Phrase, right: list[Phrase]) -> None:
        """ "change the onions to olives"."""
        target = self.refs.having(source.mods) or self.space.focus
        if target is None:
            return
        for mod in source.mods:
            self.lines.options.rid(target, mod)
        self.lines.options.set_all(target, right[0].mods)
        self.lines.set_size(target, right[0])
        self.space.touch(target)

    def instead_of(self, left: list[Element], right: list[Element]) -> None:
        """ "olives instead of onions", "a sprite instead of the coke"."""
        wanted, unwanted = self.phrases(left), self.phrases(right)
        if not wanted and len(unwanted) > 1:
            wanted, unwanted = unwanted[1:], unwanted[:1]
        gone = unwanted[0] if unwanted else None
        if gone is not None and wanted and self.change_part(gone, wanted[-1:]):
            return
        if gone is not None and gone.head is not None and wanted:
            known = self.refs.by_items(gone)
            if known:
                self.apply(known[-1], wanted[-1])
                return
        if any(p.head is not None for p in wanted):
            self.add_phrases(left, wanted)
            wanted = []
        target = self.space.focus
        if target is None or gone is None:
            return
        mods = gone.mods
        if not wanted and not left and len(mods) > 1:
            wanted, mods = [Phrase(0, 0, mods=mods[1:])], mods[:1]
        for mod in mods:
            self.lines.options.rid(target, mod)
        for phrase in wanted:
            self.modify(target, phrase)
        self.space.touch(target)
