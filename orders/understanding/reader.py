"""From elements to noun phrases: quantities, sizes and options go to the item they are about.

The menu disambiguates: an option goes to the item before it if that item offers it, else to the nearest earlier one that does.
"""

from __future__ import annotations

from dataclasses import dataclass

from orders.cart_types import Portion
from orders.understanding.aliases import SHORT
from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.phrases import Mod, Phrase


@dataclass(slots=True)
class _Pending:
    """What was said of an option that has not been named yet."""

    is_negated: bool = False
    amount: str = ""
    count: int | None = None
    times: Element | None = None
    last: Mod | None = None  # the option before, for "and" and "on the side"
    half: Portion = Portion.WHOLE
    after_and: bool = False

    def clear(self) -> None:
        self.is_negated, self.amount, self.count = False, "", None


class PhraseReader:
    def __init__(self, lexicon: Lexicon, finder: HeadFinder) -> None:
        self.lexicon = lexicon
        self.finder = finder
        self.menu = lexicon.menu

    def read(self, elements: list[Element], open_items: tuple[str, ...] = ()) -> list[Phrase]:
        """Phrases in the order spoken. The first may have no head: it is about something named earlier."""
        heads = self.finder.find(elements, open_items)
        starts: dict[int, int] = {}
        previous: tuple[str, ...] = ()
        floor = 0
        for head in heads:
            start = self.finder.extent(elements, head, floor, previous or open_items)
            starts[start] = head
            previous, floor = heads[head], head + 1
        reading = _Reading(self, elements, heads, starts, open_items)
        return reading.run()


class _Reading:
    def __init__(
        self,
        reader: PhraseReader,
        elements: list[Element],
        heads: dict[int, tuple[str, ...]],
        starts: dict[int, int],
        open_items: tuple[str, ...],
    ) -> None:
        self.finder = reader.finder
        self.lexicon = reader.lexicon
        self.menu = reader.menu
        self.elements = elements
        self.heads = heads
        self.starts = starts
        self.open_items = open_items
        self.phrases: list[Phrase] = [Phrase(0, 0)]
        self.pending = _Pending()

    @property
    def phrase(self) -> Phrase:
        """The phrase that what comes next is about: the open part, if there is one."""
        top = self.phrases[-1]
        return top.parts[-1] if top.parts else top

    def run(self) -> list[Phrase]:
        index = 0
        while index < len(self.elements):
            if index in self.starts:
                index = self.open_phrase(index, self.starts[index])
            else:
                index = self.step(index, self.phrase, None)
            self.phrases[-1].end = index
        return [p for p in self.phrases if not p.is_empty or p.pronoun or p.is_all or p.ordinal or p.is_another]

    def open_phrase(self, start: int, head: int) -> int:
        """Reads everything up to and with the head."""
        items = self.heads[head]
        phrase = Phrase(start, head + 1, self.elements[head], items, doubt=self.elements[head].doubt)
        entry = self.elements[head].entry
        if entry is not None and entry.combos:
            phrase.combo = entry.combos[0].ref[0]
        self.settle_before(phrase, start)
        self.phrases.append(phrase)
        self.pending = _Pending(half=self.pending.half)
        index = start
        while index < head:
            index = self.step(index, phrase, head)
        if self.pending.times is not None:
            self.apply_times(phrase)
        if phrase.size is None and self.finder.sized(items, self.elements[head]):
            phrase.size = self.elements[head]
        if self.pending.is_negated:
            phrase.is_negated = True
        phrase.piece, phrase.half = self.pending.count, self.pending.half
        self.pending = _Pending(half=phrase.half)
        return head + 1

    def settle_before(self, phrase: Phrase, start: int) -> None:
        """What stands right before the phrase and is about how it comes: "no fries", "in that coffee"."""
        phrase.is_negated = self.pending.is_negated and self.elements[start].number is None
        index = start - 1
        while index >= 0 and self.elements[index].has(Cue.OF, Cue.THE, Cue.ALL):
            if self.elements[index].has(Cue.ALL):
                phrase.is_all = True
            index -= 1
        if index >= 0 and self.elements[index].has(Cue.ON) and not self.elements[index].has(Cue.WITH):
            phrase.is_place = True

    def step(self, index: int, phrase: Phrase, head: int | None) -> int:
        """Reads one element about `phrase`; `head` is where the phrase's head still is to come. Returns the next index."""
        element = self.elements[index]
        if element.pause == 2 and head is None:
            self.pending.clear()
        if element.number is not None and not self.is_menu_word(element, phrase, head):
            return self.number(index, phrase, head)
        if head is None and element.has(Cue.ANOTHER, Cue.OTHER):
            return self.open_part(index, phrase, 1)
        if element.has(Cue.TIMES) and self.times(index, phrase, head):
            return index + 1
        if self.size(index, phrase, head):
            return index + 1
        if element.is_option and not self.is_amount_word(index):
            if not self.is_adjective(index):
                self.option(index, phrase)
            return index + 1
        if element.is_item and element.is_option:
            self.option(index, phrase)
            return index + 1
        self.cue(index, element, phrase, head)
        return index + 1

    def is_menu_word(self, element: Element, phrase: Phrase, head: int | None) -> bool:
        """ "the single" may be a size here; a number that is also a size word is one where the item has it."""
        return (
            element.is_size and self.finder.sized(phrase.items or self.open_items, element) and not element.is_article
        )

    def is_amount_word(self, index: int) -> bool:
        """ "light roast" is named in one span; "light" before another option is how much of it."""
        element = self.elements[index]
        if not element.has(Cue.AMOUNT, Cue.TIMES, Cue.NOT):
            return False
        rank = element.entry.rank if element.entry else 9
        after = self.elements[index + 1] if index + 1 < len(self.elements) else None
        return rank > 1 or (after is not None and after.is_option)

    def is_adjective(self, index: int) -> bool:
        """ "white meat", "brown beans": a colour that could be short for an option, before a noun it does not belong to."""
        element, after = self.elements[index], self.next_of(index)
        if element.norm not in self.lexicon.language.weak or after is None or element.entry is None or after.pause:
            return False
        if after.is_unknown:
            return True
        if element.entry.rank < SHORT:
            return False
        groups = {t.ref[0] for t in element.entry.options}
        return after.entry is not None and bool(after.entry.options) and not groups & {t.ref[0] for t in after.entry.options}

    # numbers

    def number(self, index: int, phrase: Phrase, head: int | None) -> int:
        element = self.elements[index]
        value = element.number or 0
        after = self.next_of(index)
        if element.has(Cue.ONE) and self.is_noun_one(index, phrase):
            return index + 1
        if head is not None and after is not None and after.has(Cue.TOPIC) and index + 2 == head and not after.has(Cue.CONTAINER):
            return index + 2  # "a two topping pizza"
        if after is not None and after.norm == self.lexicon.language.percent:
            return index + 2
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
            phrase.of_them = after is not None and after.has(Cue.OF_THEM)
            return index + 1
        if element.is_article:
            return self.article(index, phrase)
        return self.open_part(index, phrase, value)

    def is_noun_one(self, index: int, phrase: Phrase) -> bool:
        """ "the large one": not a number."""
        before = self.elements[index - 1] if index else None
        return (
            before is not None
            and (before.is_size or before.is_option)
            and phrase.head is None
            and bool(phrase.size or phrase.mods)
        )

    def quantity_before_head(self, element: Element, phrase: Phrase, value: int) -> None:
        if phrase.quantity is not None and not phrase.is_article and not element.is_article:
            self.pending.count = value
        elif phrase.quantity is None or not element.is_article:
            phrase.quantity, phrase.is_article = value, element.is_article

    def article(self, index: int, phrase: Phrase) -> int:
        """ "a" in the middle: "and a small with bacon" opens a part, "with a caramel" does not."""
        after = self.next_of(index)
        is_size = after is not None and (after.is_size or after.has(Cue.SIZE_WORD)) and not after.is_option
        several = (phrase.quantity or 1) > 1 or self.pending.after_and or bool(self.elements[index].pause) or bool(self.phrases[-1].parts)
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
            return at if first.is_option else 0
        if element.is_article or at in self.heads or not first.is_option:
            return 0
        items = phrase.items or self.open_items
        if head is not None and phrase.quantity is None:
            return 0
        if self.finder.is_counted(first, items):
            self.pending.count = element.number
            return index + 1
        return 0

    def open_part(self, index: int, phrase: Phrase, value: int) -> int:
        """A part without a head: "one with ham", "the other plain"."""
        element = self.elements[index]
        top = self.phrases[-1]
        part = Phrase(index, index + 1, quantity=value)
        part.is_other = element.has(Cue.OTHER)
        part.is_another = element.has(Cue.ANOTHER)
        after = self.next_of(index)
        part.of_them = after is not None and after.has(Cue.OF_THEM)
        before = self.elements[index - 1] if index else None
        part.joined = before is not None and before.has(Cue.AND)
        top.parts.append(part)
        self.pending = _Pending()
        return index + 1

    def next_of(self, index: int) -> Element | None:
        return self.elements[index + 1] if index + 1 < len(self.elements) else None

    # sizes, options

    def times(self, index: int, phrase: Phrase, head: int | None) -> bool:
        """ "double": a size if the item has it, a count of the option behind it, else of the item's own unit."""
        element = self.elements[index]
        items = phrase.items or self.open_items
        if element.is_size and self.finder.sized(items, element):
            return False
        after = self.next_of(index)
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

    def size(self, index: int, phrase: Phrase, head: int | None) -> bool:
        element = self.elements[index]
        items = () if phrase.is_all else phrase.items or (self.phrases[-1].items or self.open_items)
        fits = element.is_size and (not items or self.finder.sized(items, element) or phrase.combo is not None)
        general = element.has(Cue.SIZE_WORD) and bool(element.value(Cue.SIZE_WORD)) and not element.is_option
        if general and element.has(Cue.AMOUNT) and not fits:
            return False
        if not fits and not general:
            return False
        if (
            fits
            and element.is_option
            and element.entry is not None
            and element.entry.rank < min(t.rank for t in element.entry.sizes)
        ):
            return False
        if head is None and phrase.size is not None and phrase.head is not None and self.pending.after_and and fits:
            self.open_part(index, phrase, 1)
            phrase = self.phrase
        if fits or phrase.size is None:
            phrase.size = element if fits or element.is_size else phrase.size
        return True

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
        target.mods.append(mod)
        if target is phrase and target.head is not None:
            target.has_own = True
        negated = pending.is_negated
        pending.clear()
        pending.is_negated = negated and self.keeps_negating(index)
        pending.last = mod
        pending.after_and = False

    def keeps_negating(self, index: int) -> bool:
        """ "no onions or peppers": a negation goes on over "and" and "or" only."""
        after = self.next_of(index)
        if after is None or not after.has(Cue.OR, Cue.AND) or after.has(Cue.FILLER):
            return False
        following = self.elements[index + 2] if index + 2 < len(self.elements) else None
        return following is not None and following.is_option and index + 2 not in self.starts

    def owner(self, element: Element, phrase: Phrase) -> Phrase:
        """The phrase an option belongs to: the open one if its item offers it, else the nearest earlier that does."""
        items = phrase.items or self.phrases[-1].items
        if not items or self.finder.accepts(items, element):
            return phrase
        for earlier in reversed(self.phrases[:-1]):
            if earlier.items and self.finder.accepts(earlier.items, element):
                return earlier.parts[-1] if earlier.parts else earlier
        first = self.phrases[0]
        if not first.items and self.open_items and self.finder.accepts(self.open_items, element):
            return first
        return phrase

    # closed-class words

    def cue(self, index: int, element: Element, phrase: Phrase, head: int | None) -> None:
        pending = self.pending
        if element.has(Cue.NOT):
            pending.is_negated, pending.amount, pending.count = True, "", None
        elif element.has(Cue.AMOUNT) and not self.has_size_meaning(element, phrase):
            pending.amount = element.value(Cue.AMOUNT)
        elif element.has(Cue.ON_SIDE):
            if pending.last is not None:
                pending.last.amount = "side" if pending.last.amount == "regular" else pending.last.amount
        elif element.has(Cue.OTHER_HALF, Cue.HALF):
            self.half(element, phrase)
        elif element.has(Cue.TOPIC, Cue.CONTAINER) and pending.is_negated and head is None:
            following = self.next_of(index)
            pending.is_negated = following is not None and following.has(Cue.OF)
        elif element.has(Cue.COMBO):
            phrase.is_combo = True
        elif element.has(Cue.ALL):
            self.everyone(index, phrase, head)
        elif element.has(Cue.ORDINAL):
            phrase.ordinal = int(element.value(Cue.ORDINAL))
        elif element.has(Cue.IT, Cue.THEM) and head is None:
            self.phrase.pronoun = "them" if element.has(Cue.THEM) else "it"
        elif element.has(Cue.THE, Cue.THAT) and head is not None:
            phrase.is_definite = True
        if element.has(Cue.AND, Cue.OR, Cue.BUT):
            pending.after_and = True
            if element.has(Cue.BUT):
                pending.is_negated = False
        elif element.has(Cue.WITH, Cue.ADD):
            pending.is_negated = False
            if not (index and self.elements[index - 1].has(Cue.HALF, Cue.OTHER_HALF)):
                pending.half = Portion.WHOLE
        elif element.is_unknown:
            phrase.doubt = max(phrase.doubt, 0.2)

    def everyone(self, index: int, phrase: Phrase, head: int | None) -> None:
        """ "a latte and a mocha, both large": what follows is about all of them."""
        if head is None and phrase.head is not None:
            self.phrases.append(Phrase(index, index + 1, is_all=True))
        else:
            phrase.is_all = True

    def has_size_meaning(self, element: Element, phrase: Phrase) -> bool:
        return element.is_size and self.finder.sized(phrase.items, element)

    def half(self, element: Element, phrase: Phrase) -> None:
        """ "half A half B"; behind an option ("mushrooms on half") it is about that option."""
        pending = self.pending
        second = pending.half is not Portion.WHOLE or (element.has(Cue.OTHER_HALF) and not element.has(Cue.HALF))
        portion = Portion.SECOND_HALF if second else Portion.FIRST_HALF
        if element.norm.split()[0] in self.lexicon.language.on_words and pending.last is not None:
            pending.last.portion = portion
        else:
            pending.half = portion
