"""Numbers in an utterance: how many of the item, how much of an option, or the beginning of a part ("one with ham")."""

from __future__ import annotations

from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.phrases import Mod, Phrase
from orders.understanding.reading_state import ReadingState


class NumberReading(ReadingState):
    """Reads numbers and "single", "double", "triple"."""

    def number(self, index: int, phrase: Phrase, head: int | None) -> int:
        element = self.elements[index]
        value = element.number or 0
        after = self.next_of(index)
        if element.has(Cue.ONE) and self.is_noun_one(index, phrase):
            return index + 1
        if (
            head is not None
            and after is not None
            and after.has(Cue.TOPIC)
            and index + 2 == head
            and not after.has(Cue.CONTAINER)
        ):
            return index + 2  # "a two topping pizza"
        if after is not None and after.norm == self.lexicon.language.percent:
            return index + 2
        if index and self.elements[index - 1].norm in self.lexicon.language.number_words:
            phrase.doubt = max(phrase.doubt, 0.5)  # "a number two" where nothing has a number
            return index + 1
        self.pending.is_negated = self.pending.is_negated and element.is_article
        counted = self.count(index, phrase, head)
        if counted:
            return counted
        if head is not None:
            self.quantity_before_head(element, phrase, value)
            return index + 1
        if after is not None and after.has(Cue.PIECE) and not element.is_article:
            phrase.quantity = value
            return index + 2
        if phrase.head is None and not phrase.parts and phrase.quantity is None:
            phrase.quantity, phrase.is_article = value, element.is_article
            before = self.elements[index - 1] if index else None
            is_place = before is not None and before.has(Cue.ON) and before.norm in self.lexicon.language.on_words
            phrase.of_them = (after is not None and after.has(Cue.OF_THEM)) or (is_place and bool(phrase.mods))
            return index + 1
        if element.is_article:
            return self.article(index, phrase)
        return self.open_part(index, phrase, value)

    def is_noun_one(self, index: int, phrase: Phrase) -> bool:
        """ "the large one": not a number."""
        before, after = self.elements[index - 1] if index else None, self.next_of(index)
        if before is None or self.elements[index].pause or (after is not None and after.has(Cue.WITH, Cue.NOT)):
            return False
        if (
            phrase.quantity is not None
            and not phrase.is_article
            and after is not None
            and (after.is_option or after.is_size)
        ):
            return False  # "one lime, one orange": another part
        named = before.is_size or before.is_option or before.has(Cue.ORDINAL)
        return named and phrase.head is None and bool(phrase.size or phrase.mods or phrase.ordinal)

    def quantity_before_head(self, element: Element, phrase: Phrase, value: int) -> None:
        if phrase.quantity is not None and not phrase.is_article and not element.is_article:
            self.pending.count = value
        elif phrase.quantity is None or not element.is_article:
            phrase.quantity, phrase.is_article = value, element.is_article

    def article(self, index: int, phrase: Phrase) -> int:
        """ "a" in the middle: "and a small with bacon" opens a part, "with a caramel" does not."""
        after = self.next_of(index)
        is_size = after is not None and (after.is_size or after.has(Cue.SIZE_WORD)) and not after.is_option
        several = (
            (phrase.quantity or 1) > 1
            or self.pending.after_and
            or bool(self.elements[index].pause)
            or bool(self.phrases[-1].parts)
        )
        is_part = after is not None and after.has(Cue.NOT, Cue.WITH) and not after.has(Cue.OF)
        if self.phrases[-1].head is not None and (is_part or (is_size and several)):
            return self.open_part(index, phrase, 1)
        return index + 1

    def count(self, index: int, phrase: Phrase, head: int | None) -> int:
        """ "two pumps of vanilla", "three sugars": where the counting ends, or 0 when it counts something else."""
        element = self.elements[index]
        at = index + 1
        while at < len(self.elements) and (
            self.elements[at].has(Cue.AMOUNT, Cue.FILLER)
            and not self.elements[at].is_option
            and not self.elements[at].has(Cue.UNIT, Cue.WITH)
            and self.elements[at].number is None
        ):
            at += 1
        if at >= len(self.elements):
            return 0
        first = self.elements[at]
        if first.has(Cue.UNIT) and not first.is_item:
            after = at + 1
            while after < len(self.elements) and self.elements[after].has(Cue.OF):
                after += 1
            named = after < len(self.elements) and self.elements[after].is_option and after not in self.heads
            if named and (after > at + 1 or not first.is_option):
                self.pending.count = element.number
                return after
            self.pending.count = element.number if first.is_option else self.pending.count
            if head is None and not first.is_option and not first.has(Cue.PIECE, Cue.CONTAINER):
                phrase.mods.append(Mod(first, count=element.number))  # "three pumps": of what was named before
                return at + 1
            return at if first.is_option else 0
        if element.is_article or at in self.heads or not first.is_option:
            return 0
        items = phrase.items or self.open_items
        if head is not None and phrase.quantity is None:
            return 0
        if self.finder.is_counted(first, items) or (self.pending.in_list and self.finder.accepts(items, first)):
            self.pending.count = element.number
            return index + 1
        return 0

    def times(self, index: int, phrase: Phrase, head: int | None) -> bool:
        """ "double": a size if the item has it, a count of the option behind it, else of the item's own unit."""
        element = self.elements[index]
        items = phrase.items or self.open_items
        if element.is_size and self.finder.sized(items, element):
            return False
        after = self.next_of(index)
        if " " in element.norm and (after is None or not after.has(Cue.OF)):
            self.pending.times = element  # "a triple shot": of the item, whatever follows
            if head is None:
                self.apply_times(phrase)
            return True
        if after is not None and after.has(Cue.UNIT) and after.is_option:
            self.pending.count = int(element.value(Cue.TIMES))
            return True
        if after is not None and after.is_option and (head is None or index + 1 != head):
            if self.finder.is_counted(after, items):
                self.pending.count = int(element.value(Cue.TIMES))
                return True
            if int(element.value(Cue.TIMES)) > 1 and "extra" in self.amounts(after):
                self.pending.amount = "extra"
                return True
        self.pending.times = element
        if head is None:
            self.apply_times(phrase)
        return True

    def amounts(self, element: Element) -> set[str]:
        targets = element.entry.options if element.entry else ()
        return {amount for t in targets for amount in self.menu.group_by_id[t.ref[0]].amounts}

    def apply_times(self, phrase: Phrase) -> None:
        element = self.pending.times
        self.pending.times = None
        if element is not None:
            phrase.mods.append(Mod(element, count=int(element.value(Cue.TIMES))))
