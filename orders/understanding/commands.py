"""What each clause does to the cart: order, change, replace, remove, copy, split."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import Portion
from orders.understanding.clauses import Clause
from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.lines import LineMaker
from orders.understanding.phrases import Mod, Phrase
from orders.understanding.reader import PhraseReader
from orders.understanding.references import References


class Commander:
    """Runs clauses against a workspace."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.finder = HeadFinder(lexicon)
        self.reader = PhraseReader(lexicon, self.finder)
        self.lines = LineMaker(lexicon)

    def run(self, clauses: list[Clause], space: Workspace, text: str, spans: list[tuple[int, int]], *, confirms: bool = False) -> None:
        """`confirms`: the utterance began with a yes."""
        work = _Run(self, space, text, spans)
        work.confirms = confirms
        for clause in clauses:
            work.clause(clause)


class _Run:
    def __init__(self, commander: Commander, space: Workspace, text: str, spans: list[tuple[int, int]]) -> None:
        self.commander = commander
        self.lines = commander.lines
        self.space = space
        self.text = text
        self.spans = spans
        self.refs = References(commander.lexicon, space)
        self.confirms = False

    def phrases(self, elements: list[Element]) -> list[Phrase]:
        focus = self.space.focus
        return self.commander.reader.read(elements, focus.items if focus else ())

    def heard(self, elements: list[Element], phrase: Phrase) -> str:
        """The words of the phrase as they were said."""
        inside = elements[phrase.start : max(phrase.end, phrase.start + 1)]
        if not inside or not self.spans:
            return ""
        first, last = inside[0].start, inside[-1].end - 1
        return self.text[self.spans[first][0] : self.spans[min(last, len(self.spans) - 1)][1]]

    def clause(self, clause: Clause) -> None:
        match clause.intent:
            case Cue.REMOVE:
                self.remove(clause)
            case Cue.MAKE:
                self.make(clause.elements)
            case Cue.CHANGE:
                self.change(clause)
            case Cue.QUESTION:
                pass
            case _:
                if clause.is_instead:
                    self.make(clause.elements)
                else:
                    self.order(clause)

    # ordering

    def order(self, clause: Clause) -> None:
        elements = clause.elements
        at = next((i for i, e in enumerate(elements) if e.has(Cue.INSTEAD_OF)), None)
        if at is not None:
            self.instead_of(elements[:at], elements[at + 1 :])
            return
        if any(e.has(Cue.SAME) for e in elements):
            self.same(elements)
            return
        self.add_phrases(elements, self.phrases(elements), is_correction=clause.is_correction)

    def add_phrases(self, elements: list[Element], phrases: list[Phrase], *, is_correction: bool = False) -> None:
        phrases = self.drop_heading(self.merge_halves(phrases))
        loose: Phrase | None = None
        for phrase in phrases:
            if phrase.head is None:
                loose = phrase
                self.loose(elements, phrase, [p for p in phrases if p.head is not None])
                continue
            if is_correction and self.corrects(elements, phrase):
                is_correction = False
                continue
            if phrase.is_negated:
                self.without(phrase)
                continue
            target = self.place(phrase, loose)
            loose = None
            if target is not None:
                continue
            if not self.fill_slot(phrase):
                self.new(elements, phrase)

    def corrects(self, elements: list[Element], phrase: Phrase) -> bool:
        """ "actually a mocha": in place of what was said last, if it is the same kind of thing."""
        focus = self.space.focus
        if focus is None or any(e.has(Cue.AND, Cue.ADD) for e in elements[: phrase.start]):
            return False
        menu = self.commander.lexicon.menu
        if menu.item_by_id[focus.item].category not in {menu.item_by_id[i].category for i in phrase.items}:
            return False
        self.replace(focus, phrase)
        focus.doubt(0.2)
        return True

    def merge_halves(self, phrases: list[Phrase]) -> list[Phrase]:
        """ "half margherita, half diavola" is one line."""
        menu = self.commander.lexicon.menu
        out: list[Phrase] = []
        for phrase in phrases:
            before = out[-1] if out else None
            halved = phrase.half is Portion.SECOND_HALF and before is not None and before.half is Portion.FIRST_HALF
            if (
                before is not None
                and halved
                and all(any(menu.item_by_id[i].portioning is not None for i in p.items) for p in (before, phrase))
            ):
                before.parts = [*before.parts, replace(phrase, is_definite=True)]
                before.end = phrase.end
                continue
            out.append(phrase)
        return out

    def drop_heading(self, phrases: list[Phrase]) -> list[Phrase]:
        """ "three tacos, two al pastor and one carnitas": the first phrase only says what the others are."""
        out = list(phrases)
        for index, phrase in enumerate(phrases):
            if len(phrase.items) < 2 or (phrase.quantity or 1) < 2 or phrase.mods or phrase.parts:
                continue
            total = 0
            for other in phrases[index + 1 :]:
                if other.head is None or not set(other.items) & set(phrase.items):
                    break
                total += other.quantity or 1
            if total == phrase.quantity:
                out.remove(phrase)
        return out

    def loose(self, elements: list[Element], phrase: Phrase, heads: list[Phrase]) -> None:
        """Words without a head: about the item they lead to, about a line already there, or a line whose item goes without saying."""
        if phrase.mods and heads and (heads[0].is_place or self.points_back(heads[0])):
            heads[0].mods = [*phrase.mods, *heads[0].mods]
            heads[0].is_place = True
            return
        if heads and heads[0].is_place and phrase.size is None and not phrase.mods:
            return
        targets = self.refs.of(phrase)
        if not targets and phrase.mods and heads and self.lines.takes(heads[0].items, phrase.mods):
            heads[0].mods = [*phrase.mods, *heads[0].mods]
            return
        if phrase.parts and all(p.is_another and not p.mods and not p.size for p in phrase.parts):
            if targets:
                self.copy(targets[-1], sum(p.quantity or 1 for p in phrase.parts))
            return
        if phrase.parts or phrase.of_them:
            self.parts_of_focus(phrase)
            return
        if self.starts_line(phrase, targets):
            implied = self.lines.implied(phrase, self.space.focus)
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
            return True
        if phrase.quantity is None:
            return False
        if phrase.is_article:
            return phrase.size is not None and bool(phrase.mods)
        if not phrase.mods and phrase.size is None:
            return False
        return not (phrase.quantity == 1 and targets[-1].quantity > 1)

    def place(self, phrase: Phrase, loose: Phrase | None) -> Draft | None:
        """An item named to say where something goes; changes the line that has it."""
        known = self.refs.by_items(phrase)
        if not known or not (phrase.is_place or phrase.is_definite or phrase.is_all):
            return None
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
            d.line is not None and (d.items, d.quantity, d.variation, d.options) == (draft.items, draft.quantity, draft.variation, draft.options)
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
        source = self.space.focus
        if source is None:
            return
        rest = [e for e in elements if not e.has(Cue.SAME)]
        phrases = self.phrases(rest)
        first = next((p for p in phrases if p.head is None), None)
        copy = self.copy(source, (first.quantity if first and first.quantity else 1))
        if first is not None:
            self.lines.set_size(copy, first)
            self.lines.options.set_all(copy, first.mods)
        self.add_phrases(rest, [p for p in phrases if p.head is not None])

    def copy(self, source: Draft, quantity: int) -> Draft:
        copy = source.copy(quantity)
        copy.born = len(self.space.drafts)
        return self.space.add(copy)

    def without(self, phrase: Phrase) -> None:
        for draft in self.refs.by_items(phrase):
            self.space.remove(draft)

    # changing

    def modify(self, draft: Draft, phrase: Phrase, *, adds: bool = True) -> None:
        if phrase.is_combo:
            self.lines.to_combo(draft, phrase)
            self.space.touch(draft)
            return
        if phrase.quantity is not None and not phrase.is_article and not phrase.mods and phrase.size is None:
            self.set_total(draft, phrase.quantity)
            return
        self.lines.set_size(draft, phrase)
        if not self.lines.options.set_all(draft, phrase.mods, adds=adds, strict=len(self.space.live()) > 1):
            self.elsewhere(draft, phrase)
        self.space.touch(draft)

    def elsewhere(self, draft: Draft, phrase: Phrase) -> None:
        """Options the focus does not offer go to the latest line that does."""
        for mod in phrase.mods:
            if self.lines.offers(draft, mod):
                continue
            other = next((d for d in reversed(self.space.live()) if self.lines.offers(d, mod)), draft)
            self.lines.options.set_all(other, [mod], adds=True)

    def set_total(self, draft: Draft, quantity: int) -> None:
        """ "make that three": of lines that were split from one order, three in all."""
        family = self.space.family(draft)
        rest = sum(d.quantity for d in family if d is not family[0])
        if len(family) > 1 and quantity > rest:
            family[0].quantity = quantity - rest
            self.space.touch(family[0])
        else:
            self.lines.set_quantity(draft, quantity)
            self.space.touch(draft)

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
        splits = any(p.of_them or p.is_other for p in parts) or total == focus.quantity
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

    def make(self, elements: list[Element]) -> None:
        """ "make that ...": the first phrase says how the line is to be; further ones are new."""
        phrases = self.phrases(elements)
        if not phrases:
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

    def target_and_change(self, elements: list[Element], phrases: list[Phrase]) -> tuple[list[Draft], Phrase | None, list[Phrase]]:
        first = phrases[0]
        if first.head is not None and (first.is_definite or first.is_all) and self.refs.by_items(first):
            known = self.refs.by_items(first)
            targets = known if first.is_all else known[-1:]
            if not first.mods and first.size is None and not first.is_combo and len(phrases) > 1:
                return targets, phrases[1], phrases[2:]
            return targets, replace(first, head=None, items=(), quantity=None), phrases[1:]
        if first.head is not None:
            targets = self.refs.of(replace(first, head=None, items=()))
            return targets, first, phrases[1:]
        has_change = first.mods or first.size or first.quantity or first.parts or first.is_combo
        if len(phrases) > 1 and not has_change:
            if elements[max(phrases[1].start - 1, 0)].has(Cue.WITH) and not elements[max(phrases[1].start - 1, 0)].has(Cue.THAT):
                return [], None, phrases[1:]  # "make it with a coke"
            return self.refs.of(first), phrases[1], phrases[2:]
        return self.refs.of(first), first, phrases[1:]

    def apply(self, target: Draft, change: Phrase) -> None:
        if change.is_combo and (change.head is None or target.item in change.items):
            self.lines.to_combo(target, change)
            self.space.touch(target)
            return
        if change.parts and change.parts[0].is_other and target.quantity == 1:
            self.other_than(target, change.parts[0])
            return
        if change.parts or (change.of_them and change.head is None):
            self.parts_of_focus(change)
            return
        if change.head is not None and target.item not in change.items:
            self.replace(target, change)
            return
        is_one_of = change.quantity == 1 and not change.is_article and target.quantity > 1
        if is_one_of and (change.mods or change.size):
            self.lines.split(self.space, target, [change])
            return
        if change.quantity is not None and not change.is_article:
            self.set_total(target, change.quantity)
        self.lines.set_size(target, change)
        self.lines.options.set_all(target, change.mods)
        self.space.touch(target)

    def other_than(self, target: Draft, change: Phrase) -> None:
        """ "the other one": of the lines like this one the one that it is not."""
        live = [d for d in self.space.live() if d is not target]
        like = [d for d in live if d.item == target.item] or live
        for other in like[-1:]:
            self.lines.set_size(other, change)
            self.lines.options.set_all(other, change.mods)
            self.space.touch(other)

    def replace(self, target: Draft, phrase: Phrase) -> None:
        """Another item on the same line; keeps of the old what the new one also has."""
        self.lines.swap(target, phrase)
        self.space.touch(target)

    def change(self, clause: Clause) -> None:
        elements = clause.elements
        at = next((i for i, e in enumerate(elements) if e.has(Cue.TO) and not e.is_option), None)
        if at is None:
            self.make(elements)
            return
        left, right = self.phrases(elements[:at]), self.phrases(elements[at + 1 :])
        source = left[0] if left else None
        if not right:
            return
        if source is not None and source.head is None and source.mods:
            self.swap_options(source, right)
            return
        targets = self.refs.of(source) if source is not None else ([self.space.focus] if self.space.focus else [])
        if source is not None and source.head is not None:
            targets = self.refs.by_items(source)[-1:] or targets
        for target in targets:
            self.apply(target, right[0])
        if not targets:
            self.add_phrases(elements[at + 1 :], right)
        elif len(right) > 1:
            self.add_phrases(elements[at + 1 :], right[1:])

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

    # removing

    def remove(self, clause: Clause) -> None:
        phrases = self.phrases(clause.elements)
        if not phrases:
            if self.space.focus is not None and clause.cue is not None and clause.cue.has(Cue.CANCEL):
                self.space.remove(self.space.focus)
            return
        loose = phrases[0] if phrases[0].head is None else None
        for phrase in phrases:
            if phrase.head is not None:
                self.remove_item(phrase, loose)
            elif not (len(phrases) > 1 and phrases[1].is_place):
                self.remove_loose(phrase)

    def remove_item(self, phrase: Phrase, loose: Phrase | None) -> None:
        known = self.refs.by_items(phrase)
        if phrase.is_place and loose is not None and loose.mods:
            for draft in known[-1:]:
                self.rid(draft, loose.mods)
            return
        if not known and phrase.head is not None and phrase.head.is_option and self.space.focus is not None:
            entry = phrase.head.entry
            if entry is not None:
                self.rid(self.space.focus, [Mod(phrase.head, entry.options)])
            return
        for draft in known if phrase.is_all else known[-1:]:
            taken = phrase.quantity if phrase.quantity and not phrase.is_article else None
            if taken is not None and taken < draft.quantity:
                draft.quantity -= taken
                self.space.touch(draft)
            else:
                self.space.remove(draft)

    def remove_loose(self, phrase: Phrase) -> None:
        targets = self.refs.of(phrase)
        if phrase.mods:
            target = self.refs.having(phrase.mods)
            for draft in targets if phrase.is_all else [target] if target else targets[-1:]:
                self.rid(draft, phrase.mods)
            return
        for draft in targets:
            taken = phrase.quantity if phrase.quantity and not phrase.is_article else None
            if taken is not None and taken < draft.quantity:
                draft.quantity -= taken
                self.space.touch(draft)
            else:
                self.space.remove(draft)

    def rid(self, draft: Draft, mods: list[Mod]) -> None:
        for mod in mods:
            self.lines.options.rid(draft, mod)
        self.space.touch(draft)
