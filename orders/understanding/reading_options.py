"""Options in an utterance: which phrase they belong to, with what amount."""

from __future__ import annotations

from orders.understanding.aliases import PART, SHORT
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.phrases import Mod, Phrase
from orders.understanding.reading_numbers import NumberReading


class OptionReading(NumberReading):
    """Reads options, negations and amounts."""

    def option(self, index: int, phrase: Phrase) -> None:
        element = self.elements[index]
        entry = element.entry
        assert entry is not None
        pending = self.pending
        mod = Mod(element, entry.options, entry.presets, count=pending.count, portion=pending.half)
        mod.is_negated = pending.is_negated
        if pending.amount:
            mod.amount = pending.amount
        mod.follows = pending.last is not None
        target = self.owner(element, phrase)
        if target.head is None and not target.mods and index and self.elements[index - 1] is target.size:
            target.is_by_options = True
        target.mods.append(mod)
        if target is phrase and target.head is not None:
            target.has_own = True
        negated = pending.is_negated
        pending.clear()
        pending.is_negated = negated and self.keeps_negating(index)
        pending.last = mod
        pending.after_and = False

    def keeps_negating(self, index: int) -> bool:
        """ "no onions or peppers": a negation goes on over "and" and "or", and along a list that ends in "or"."""
        after = self.next_of(index)
        if after is None:
            return False
        if not after.has(Cue.OR, Cue.AND):
            return self.can_be_left_out(after) and self.is_list_with_or(index + 1)
        if after.has(Cue.FILLER):
            return False
        at = index + 2
        while at < len(self.elements) and self.elements[at].has(Cue.THE) and at not in self.starts:
            at += 1
        return at < len(self.elements) and at not in self.starts and self.can_be_left_out(self.elements[at])

    def is_list_with_or(self, index: int) -> bool:
        """ "no lettuce, tomato or onion", seen from the tomato: bare names, then "or" and one more."""
        while index < len(self.elements) and index not in self.starts and self.can_be_left_out(self.elements[index]):
            index += 1
        if index + 1 >= len(self.elements) or not self.elements[index].has(Cue.OR):
            return False
        return index not in self.starts and self.can_be_left_out(self.elements[index + 1])

    def can_be_left_out(self, element: Element) -> bool:
        """Onions can; "cut in half" can not."""
        targets = element.entry.options if element.entry is not None else ()
        return any("no" in self.menu.group_by_id[t.ref[0]].amounts for t in targets)

    def owner(self, element: Element, phrase: Phrase) -> Phrase:
        """The phrase an option belongs to: the open one if its item offers it, else the nearest earlier that does."""
        items = phrase.items or self.phrases[-1].items
        if not items or self.finder.accepts(items, element):
            return phrase
        for earlier in reversed(self.phrases[:-1]):
            if earlier.items and self.finder.accepts(earlier.items, element):
                if self.is_right_behind(element):
                    earlier.doubt = max(earlier.doubt, 0.3)  # "a burger and nuggets with pickles"
                return earlier.parts[-1] if earlier.parts else earlier
        first = self.phrases[0]
        if not first.items and self.open_items and self.finder.accepts(self.open_items, element):
            return first
        return phrase

    def is_right_behind(self, element: Element) -> bool:
        """Whether it is said with the item right before it: "... with pickles"."""
        index = self.elements.index(element)
        return (
            index > 1 and self.elements[index - 1].has(Cue.WITH) and self.elements[index - 2] is self.phrases[-1].head
        )

    def is_adjective(self, index: int) -> bool:
        """ "white meat", "brown beans": a colour that might be short for an option, before a noun not its own."""
        element, after = self.elements[index], self.next_of(index)
        if element.norm not in self.lexicon.language.weak or after is None or element.entry is None or after.pause:
            return False
        if after.is_unknown:
            return True
        if element.entry.rank < SHORT:
            return False
        groups = {t.ref[0] for t in element.entry.options}
        return (
            after.entry is not None
            and bool(after.entry.options)
            and not groups & {t.ref[0] for t in after.entry.options}
        )

    def is_something_else(self, index: int) -> bool:
        """ "tartar sauce": a class noun behind a word nobody knows is not the one sauce there is."""
        element = self.elements[index]
        before = self.elements[index - 1] if index else None
        if before is None or not before.is_unknown or element.pause or element.entry is None:
            return False
        alone = len({t.ref for t in element.entry.options}) == 1
        return alone and element.entry.rank >= PART and self.lexicon.is_class_word(element.norm)

    def is_amount_word(self, index: int) -> bool:
        """ "light roast" is named in one span; "light" before another option is how much of it."""
        element = self.elements[index]
        if not element.has(Cue.AMOUNT, Cue.TIMES, Cue.NOT):
            return False
        rank = element.entry.rank if element.entry else 9
        after = self.elements[index + 1] if index + 1 < len(self.elements) else None
        return rank > 1 or (after is not None and after.is_option)
