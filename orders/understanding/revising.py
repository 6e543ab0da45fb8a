"""What an order may say of what is there: "actually three colas", "only one", "a mocha, sorry, a latte"."""

from __future__ import annotations

from enum import Enum, auto

from orders.understanding.clauses import Clause
from orders.understanding.designations import Designator
from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.lines import LineMaker
from orders.understanding.phrases import Phrase
from orders.understanding.reader import PhraseReader
from orders.understanding.references import References


class Revision(Enum):
    """What of the cart an order may be about, besides what is new."""

    NONE = auto()
    COUNT = auto()  # how many there are to be of what is named
    SAME_THING = auto()  # how many, or another size
    ANY = auto()  # also something else in its place


class Revising:
    """One utterance at work on one workspace. `confirms`: it began with a yes."""

    def __init__(
        self, lexicon: Lexicon, reader: PhraseReader, lines: LineMaker, space: Workspace, text: str,
        spans: list[tuple[int, int]], *, confirms: bool,
    ) -> None:  # fmt: skip
        self.lexicon = lexicon
        self.reader = reader
        self.lines = lines
        self.space = space
        self.text = text
        self.spans = spans
        self.refs = References(lexicon, space)
        self.designator = Designator(lexicon, space)
        self.confirms = confirms
        self.is_instead = False  # what the clause at hand names comes in place of something

    def phrases(self, elements: list[Element]) -> list[Phrase]:
        focus = self.space.focus
        return self.reader.read(elements, focus.items if focus else ())

    def heard(self, elements: list[Element], phrase: Phrase) -> str:
        """The words of the phrase as they were said."""
        inside = elements[phrase.start : max(phrase.end, phrase.start + 1)]
        if not inside or not self.spans:
            return ""
        first, last = inside[0].start, inside[-1].end - 1
        return self.text[self.spans[first][0] : self.spans[min(last, len(self.spans) - 1)][1]]

    def revision(self, clause: Clause) -> Revision:
        """Whether a clause says how what is there is to be: "actually ...", "only one ...", "... in total"."""
        words = {word for e in clause.elements for word in (e.norm, *e.norm.split())}
        if not self.lexicon.language.additive.isdisjoint(words):
            return Revision.NONE
        if clause.is_correction:
            return Revision.SAME_THING if clause.intent is Cue.ADD else Revision.ANY
        is_only = clause.cue is not None and not self.lexicon.language.only_words.isdisjoint(clause.cue.norm.split())
        return Revision.COUNT if clause.is_total or is_only else Revision.NONE

    def revises(self, elements: list[Element], phrase: Phrase, revision: Revision) -> bool:
        """Takes the phrase for a change of what is there, if it can be one."""
        is_count = phrase.quantity is not None and not phrase.is_article
        if revision is Revision.NONE:
            return is_count and self.is_only(elements, phrase) and self.recount(phrase)
        if self.space.focus is None or any(e.has(Cue.AND, Cue.ADD) for e in elements[: phrase.start]):
            return False
        if is_count and self.recount(phrase):
            return True
        if revision is Revision.ANY or self.space.focus in self.space.touched:
            return revision is not Revision.COUNT and self.corrects(phrase)
        return revision is Revision.SAME_THING and phrase.size is not None and self.recount(phrase)

    def is_only(self, elements: list[Element], phrase: Phrase) -> bool:
        """ "just one cola", where there are more of them."""
        words = [word for e in elements[max(phrase.start - 1, 0) : phrase.start + 1] for word in e.norm.split()]
        known = self.refs.by_items(phrase)[-1:]
        fewer = any(d.quantity > (phrase.quantity or 1) for d in known)
        return fewer and not self.lexicon.language.only_words.isdisjoint(words)

    def corrects(self, phrase: Phrase) -> bool:
        """ "actually a mocha": in place of what was said last, if it is the same kind of thing."""
        focus = self.space.focus
        if focus is None:
            return False
        menu = self.lexicon.menu
        if menu.item_by_id[focus.item].category not in {menu.item_by_id[i].category for i in phrase.items}:
            return False
        self.swap(focus, phrase)
        focus.doubt(0.2)
        return True

    def recount(self, phrase: Phrase) -> bool:
        """ "actually three colas", where there are colas: how many there are to be."""
        known = self.refs.by_items(phrase)
        known = self.refs.described(known, phrase) or known
        for draft in known[-1:]:
            self.lines.set_size(draft, phrase)
            self.lines.options.set_all(draft, phrase.mods)
            if phrase.quantity is not None and not phrase.is_article:
                self.set_total(draft, phrase.quantity)
            self.space.touch(draft)
        return bool(known)

    def swap(self, target: Draft, phrase: Phrase) -> None:
        """Another item on the same line; keeps of the old what the new one also has."""
        self.space.dismissed.update(target.items)
        self.lines.swap(target, phrase)
        self.space.touch(target)

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
