"""What an order does: new lines, and words about lines that are there."""

from __future__ import annotations

from dataclasses import replace

from orders.understanding.drafts import Draft
from orders.understanding.elements import Element
from orders.understanding.grouping import drop_heading, merge_halves
from orders.understanding.language import Cue
from orders.understanding.phrases import Phrase
from orders.understanding.revising import Revising, Revision


class Ordering(Revising):
    """New lines, and words about lines that are there."""

    def add_phrases(
        self, elements: list[Element], phrases: list[Phrase], *, revision: Revision = Revision.NONE
    ) -> None:
        phrases = drop_heading(elements, merge_halves(phrases, self.lexicon), self.lexicon)
        loose: Phrase | None = None
        for phrase in phrases:
            if phrase.head is None:
                loose = phrase
                self.loose(elements, phrase, [p for p in phrases if p.head is not None])
                continue
            if self.revises(elements, phrase, revision):
                revision = Revision.COUNT if revision is Revision.COUNT else Revision.NONE
                continue
            if phrase.is_negated:
                self.without(phrase)
                continue
            if phrase.is_place and phrase.mods and self.into_part(phrase):
                continue
            target = self.place(phrase, loose)
            loose = None
            if target is not None:
                continue
            if not self.fill_slot(phrase):
                self.new(elements, phrase)

    def loose(self, elements: list[Element], phrase: Phrase, heads: list[Phrase]) -> None:
        """Words without a head: about the item they lead to, a line that is there, or one whose item is implied."""
        if phrase.mods and heads and (heads[0].is_place or self.points_back(heads[0])):
            heads[0].mods = [*phrase.mods, *heads[0].mods]
            heads[0].is_place = True
            return
        if heads and heads[0].is_place and phrase.size is None and not phrase.mods:
            return
        if phrase.is_combo and heads and not phrase.mods:
            heads[0].is_combo = True  # "a combo of ...", "un menú burrito"
            return
        targets = self.refs.of(phrase)
        if not targets and phrase.mods and heads and self.lines.takes(heads[0].items, phrase.mods):
            heads[0].mods = [*phrase.mods, *heads[0].mods]
            return
        if phrase.parts and all(p.is_another and not p.mods and not p.size for p in phrase.parts):
            if targets:
                self.copy(targets[-1], sum(p.quantity or 1 for p in phrase.parts))
            return
        if phrase.mods and [p.is_other and p.is_empty_part for p in phrase.parts] == [True] and targets:
            self.other_than(targets[-1], phrase)  # "no cheese on the other"
            return
        if phrase.parts or phrase.of_them:
            self.parts_of_focus(phrase)
            return
        if self.starts_line(phrase, targets):
            implied = self.lines.implied(phrase, None) if phrase.is_by_options else ()
            implied = implied or self.lines.implied(phrase, self.space.focus)
            if implied:
                phrase.items = implied
                self.new(elements, phrase)
                return
        for target in targets:
            self.modify(target, phrase)

    def points_back(self, phrase: Phrase) -> bool:
        return phrase.is_definite and bool(self.refs.by_items(phrase))

    def starts_line(self, phrase: Phrase, targets: list[Draft]) -> bool:
        if phrase.pronoun or phrase.is_all:
            return False
        if not targets:
            is_left_out = bool(phrase.mods) and all(mod.is_negated for mod in phrase.mods)
            return phrase.quantity is not None or phrase.size is not None or not is_left_out
        if phrase.quantity is None:
            return False
        if phrase.is_article:
            return phrase.size is not None and bool(phrase.mods)
        if not phrase.mods and phrase.size is None:
            return False
        return not (phrase.quantity == 1 and targets[-1].quantity > 1)

    def into_part(self, phrase: Phrase) -> bool:
        """ "no ice in the cola", which is the drink of a combo."""
        combos = [d for d in self.space.live() if self.lines.has_part(d, phrase.items)]
        if self.refs.by_items(phrase) or not combos:
            return False
        for mod in phrase.mods:
            self.lines.options.set_inside(combos[-1], mod)
        self.space.touch(combos[-1])
        return True

    def place(self, phrase: Phrase, loose: Phrase | None) -> Draft | None:
        """An item named to say where something goes; changes the line that has it."""
        known = self.refs.by_items(phrase)
        if not known or not (phrase.is_place or phrase.is_definite or phrase.is_all):
            return None
        if phrase.is_place and loose is None and phrase.quantity is None and not phrase.mods and phrase.size is None:
            self.space.touch(known[-1])  # "on the fish taco, add ..."
            return known[-1]
        if not phrase.mods and phrase.size is None and not phrase.is_all:
            return known[-1] if loose is not None and (loose.mods or phrase.is_place) else None
        if phrase.quantity is not None and not phrase.is_all:
            return None
        for draft in known if phrase.is_all else known[-1:]:
            self.lines.set_size(draft, phrase)
            self.lines.options.set_all(draft, phrase.mods, adds=True)
            self.space.touch(draft)
        return known[-1]

    def new(self, elements: list[Element], phrase: Phrase) -> None:
        drafts = self.lines.make(phrase, self.heard(elements, phrase))
        if self.confirms and all(self.is_known(draft) for draft in drafts):
            return
        for draft in drafts:
            draft.born = len(self.space.drafts)
            self.space.add(draft)

    def is_known(self, draft: Draft) -> bool:
        """ "Yes, a latte to go": what is said with a yes and stands in the cart is not ordered again."""
        return any(
            d.line is not None
            and (d.items, d.quantity, d.variation, d.options)
            == (draft.items, draft.quantity, draft.variation, draft.options)
            for d in self.space.live()
        )

    def fill_slot(self, phrase: Phrase) -> bool:
        """ "with a coke" after a combo is the combo's drink."""
        focus = self.space.focus
        if focus is None or focus.combo is None or phrase.is_combo or (phrase.quantity or 1) > 1:
            return False
        return self.lines.fill_slot(focus, phrase)

    def same(self, elements: list[Element]) -> None:
        """ "same but no onion": a copy of the last line with changes."""
        rest = [e for e in elements if not e.has(Cue.SAME)]
        source = self.refs.taking(rest)
        if source is None:
            return
        phrases = self.reader.read(rest, source.items)
        first = next((p for p in phrases if p.head is None), None)
        copy = self.copy(source, (first.quantity if first and first.quantity else 1))
        if first is not None:
            self.lines.set_size(copy, first)
            self.lines.options.clear_required(copy, first.mods)
            self.lines.options.set_all(copy, first.mods)
        self.add_phrases(rest, [p for p in phrases if p.head is not None])

    def copy(self, source: Draft, quantity: int) -> Draft:
        copy = source.copy(quantity)
        copy.born = len(self.space.drafts)
        return self.space.add(copy)

    def without(self, phrase: Phrase) -> None:
        for draft in self.refs.by_items(phrase):
            self.space.remove(draft)

    def modify(self, draft: Draft, phrase: Phrase, *, adds: bool = True) -> None:
        if phrase.is_combo:
            self.lines.to_combo(draft, phrase)
            self.space.touch(draft)
            return
        if phrase.quantity is not None and not phrase.is_article and not phrase.mods and phrase.size is None:
            self.set_total(draft, phrase.quantity)
            return
        self.lines.set_size(draft, phrase)
        if self.is_instead:
            self.lines.options.take_place(draft, phrase.mods)
        if not self.lines.options.set_all(draft, phrase.mods, adds=adds, strict=len(self.space.live()) > 1):
            self.elsewhere(draft, phrase)
        self.space.touch(draft)

    def other_than(self, target: Draft, change: Phrase) -> None:
        """ "the other one": of the lines like this one the one that it is not."""
        live = [d for d in self.space.live() if d is not target]
        like = [d for d in live if d.item == target.item] or live
        for other in like[-1:]:
            self.lines.set_size(other, change)
            self.lines.options.set_all(other, change.mods)
            self.space.touch(other)

    def elsewhere(self, draft: Draft, phrase: Phrase) -> None:
        """Options the focus does not offer go to the latest line that does."""
        for mod in phrase.mods:
            if self.lines.offers(draft, mod):
                continue
            other = next((d for d in reversed(self.space.live()) if self.lines.offers(d, mod)), draft)
            self.lines.options.set_all(other, [mod], adds=True)

    def parts_of_focus(self, phrase: Phrase) -> None:
        """ "one of them with ham and one plain", said after the line they split."""
        focus = self.space.focus
        own = replace(phrase, parts=[])
        parts = ([own] if phrase.quantity and not phrase.is_article else []) + phrase.parts
        if not any(part.mods or part.size for part in parts):
            return
        if focus is None:
            implied = self.lines.implied(phrase, None)
            if implied:
                phrase.items = implied
                self.new([], phrase)
            return
        total = sum(part.quantity or 1 for part in parts)
        more = any(p.is_another for p in parts)
        splits = not more and (any(p.of_them or p.is_other for p in parts) or total == focus.quantity)
        if splits and total <= focus.quantity:
            self.lines.split(self.space, focus, parts)
            return
        for part in parts:
            part.items = focus.items
            if part.size is None and focus.variation is not None:
                extra = self.lines.make(part, focus.heard)
                for draft in extra:
                    draft.variation = draft.variation or focus.variation
            else:
                extra = self.lines.make(part, "")
            for draft in extra:
                draft.born = len(self.space.drafts)
                self.space.add(draft)
