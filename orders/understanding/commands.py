"""What each clause does to the cart: order, change, remove."""

from __future__ import annotations

from orders.understanding.changing import Changing
from orders.understanding.clauses import Clause
from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.lines import LineMaker
from orders.understanding.phrases import Mod, Phrase
from orders.understanding.reader import PhraseReader


class Commander:
    """Runs clauses against a workspace."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.finder = HeadFinder(lexicon)
        self.reader = PhraseReader(lexicon, self.finder)
        self.lines = LineMaker(lexicon)

    def run(
        self, clauses: list[Clause], space: Workspace, text: str, spans: list[tuple[int, int]], *, confirms: bool
    ) -> None:
        """`spans`: where each token stands in `text`. `confirms`: the utterance began with a yes."""
        run = _Run(self.lexicon, self.reader, self.lines, space, text, spans, confirms=confirms)
        for clause in clauses:
            run.clause(clause)


class _Run(Changing):
    def clause(self, clause: Clause) -> None:
        self.space.pointed = []
        self.is_instead = clause.is_instead or (clause.is_correction and clause.intent is not Cue.ADD)
        clause.elements = self.designator.settle(clause.elements, clause.intent)
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

    def order(self, clause: Clause) -> None:
        elements = clause.elements = self.which_kind(clause.elements)
        at = next((i for i, e in enumerate(elements) if e.has(Cue.INSTEAD_OF)), None)
        if at is not None:
            self.instead_of(elements[:at], elements[at + 1 :])
            return
        if any(e.has(Cue.SAME) for e in elements):
            self.same(elements)
            return
        self.add_phrases(elements, self.phrases(elements), revision=self.revision(clause))

    def which_kind(self, elements: list[Element]) -> list[Element]:
        """ "a chicken sandwich ... the spicy one": which of its kind the line is. The words are then used up."""
        focus = self.space.focus
        end = next((i for i, e in enumerate(elements[:5]) if e.has(Cue.ONE) and i and not e.is_article), None)
        start = next((i for i, e in enumerate(elements[:3]) if e.has(Cue.THE)), None)
        if focus is None or start is None or end is None or not start < end - 1 or self.space.pointed:
            return elements
        between = elements[start + 1 : end]
        if any(e.is_size or e.has(Cue.ORDINAL) or e.number is not None for e in between):
            return elements
        found = self.lines.called(focus, {word for e in between for word in e.norm.split()})
        if found is None:
            return elements
        if found != focus.item:
            self.lines.to_kind(focus, found)
        self.space.touch(focus)
        self.space.used.update(e.start for e in between)
        return [*elements[:start], *elements[end + 1 :]]

    def remove(self, clause: Clause) -> None:
        if self.remove_all_but(clause.elements):
            return
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

    def remove_all_but(self, elements: list[Element]) -> bool:
        """ "remove everything except the fries": what is named stays."""
        at = next((i for i, e in enumerate(elements) if i and e.has(Cue.NOT, Cue.BUT)), None)
        words = self.lexicon.language.all_words
        if at is None or not any(e.norm in words or e.has(Cue.ALL) for e in elements[:at]):
            return False
        self.space.pointed = []
        rest = self.designator.settle(elements[at + 1 :], Cue.REMOVE)
        kept = [d for p in self.phrases(rest) for d in (self.refs.by_items(p) if p.head else self.refs.of(p))]
        for draft in self.space.live() if kept else []:
            if draft not in kept:
                self.space.remove(draft)
        return bool(kept)

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
        if phrase.mods and self.refs.points(phrase):
            for draft in targets:
                self.rid(draft, phrase.mods)
            return
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
