"""From elements to noun phrases: quantities, sizes and options go to the item they are about.

The menu disambiguates: an option goes to the item before it if that offers it, else to the nearest earlier one.
"""

from __future__ import annotations

from orders.cart_types import Portion
from orders.understanding.elements import Element
from orders.understanding.extents import extent
from orders.understanding.grouping import spread_halves
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.phrases import Phrase
from orders.understanding.reading_options import OptionReading
from orders.understanding.reading_state import Pending


class PhraseReader:
    def __init__(self, lexicon: Lexicon, finder: HeadFinder) -> None:
        self.lexicon = lexicon
        self.finder = finder
        self.menu = lexicon.menu

    def read(self, elements: list[Element], open_items: tuple[str, ...] = ()) -> list[Phrase]:
        """Phrases in the order spoken. The first may have no head: it is about something named earlier."""
        elements[:] = spread_halves(elements)
        heads = self.finder.find(elements, open_items)
        starts: dict[int, int] = {}
        previous: tuple[str, ...] = ()
        floor = 0
        for head in heads:
            start = extent(self.finder, elements, head, floor, previous or open_items)
            starts[start] = head
            previous, floor = heads[head], head + 1
        reading = _Reading(self.finder, self.lexicon, elements, heads, starts, open_items)
        return reading.run()


class _Reading(OptionReading):
    def run(self) -> list[Phrase]:
        index = 0
        while index < len(self.elements):
            if index in self.starts:
                index = self.open_phrase(index, self.starts[index])
            else:
                index = self.step(index, self.phrase, None)
            if self.phrases[-1].combo is None:
                self.into_combo(self.phrases[-1])
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
        self.pending = Pending(half=self.pending.half)
        index = start
        while index < head:
            index = self.step(index, phrase, head)
        if self.pending.times is not None:
            self.apply_times(phrase)
        opener = self.elements[start - 1] if start else None
        if (
            opener is not None
            and opener.has(Cue.WITH)
            and not opener.has(Cue.ADD)
            and self.finder.is_part(self.elements[head])
        ):
            phrase.doubt = max(phrase.doubt, 0.4)  # "tea with lemon", where there is a lemon cake
        if self.elements[head].is_option and self.finder.is_short_for_item(self.elements[head]):
            phrase.doubt = max(
                phrase.doubt, 0.4
            )  # "chocolate", where that is a flavour and a cookie has it in its name
        if head and self.elements[head - 1].is_unknown and self.lexicon.is_class_word(self.elements[head].norm):
            phrase.doubt = max(phrase.doubt, 0.5)  # "a kangaroo burger" is not just any burger
        if phrase.size is None and self.finder.sized(items, self.elements[head]):
            phrase.size = self.elements[head]
        if self.pending.is_negated:
            phrase.is_negated = True
        phrase.piece, phrase.half = self.pending.count, self.pending.half
        self.pending = Pending(half=phrase.half)
        return head + 1

    def into_combo(self, phrase: Phrase) -> None:
        """ "two number ones, one with a cola and one with tea": a part of the combo before, or of some of them."""
        host = self.phrases[-2] if len(self.phrases) > 1 else None
        before = self.elements[phrase.start - 1] if phrase.start else None
        if host is None or host.combo is None or before is None or phrase.head is None:
            return
        part = host.parts[-1] if host.parts else host
        is_joined = before.has(Cue.WITH) or (before.has(Cue.AND) and part.slots and (phrase.quantity or 1) == 1)
        if not is_joined or not self.finder.comes_with(host.combo, [p.items for p in (*part.slots, phrase)]):
            return
        part.slots.append(phrase)
        host.end = phrase.end
        self.phrases.pop()

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
        """Reads one element about `phrase`; `head` is where its head is still to come. Returns the next index."""
        element = self.elements[index]
        if element.pause == 2 and head is None:
            self.pending.clear()
        if element.has(Cue.OTHER) and self.is_other_half(index):
            return index + 1
        if element.has(Cue.HALF) and (self.phrases[-1].quantity or 1) > 1 and self.half_of_several(index, phrase):
            return index + 1
        if element.number is not None and not self.is_menu_word(element, phrase, head):
            return self.number(index, phrase, head)
        if head is None and element.has(Cue.ANOTHER, Cue.OTHER):
            return self.open_part(index, phrase, 1)
        if element.has(Cue.TIMES) and self.times(index, phrase, head):
            return index + 1
        if self.size(index, phrase, head):
            return index + 1
        if element.is_option and not self.is_amount_word(index):
            if self.is_something_else(index):
                phrase.doubt = max(phrase.doubt, 0.3)
            elif not self.is_adjective(index):
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

    def size(self, index: int, phrase: Phrase, head: int | None) -> bool:
        element = self.elements[index]
        items = () if phrase.is_all else phrase.items or (self.phrases[-1].items or self.open_items)
        fits = element.is_size and (not items or self.finder.sized(items, element) or phrase.combo is not None)
        general = element.has(Cue.SIZE_WORD) and bool(element.value(Cue.SIZE_WORD)) and not element.is_option
        if (general and element.has(Cue.AMOUNT) and not fits) or (fits and not items and element.has(Cue.HALF)):
            return False
        if not fits and not general:
            self.unit_count(element)
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

    def unit_count(self, element: Element) -> None:
        """ "two shots" is a size of another drink; of this one it counts what is named behind."""
        words, language = element.norm.split(), self.lexicon.language
        if len(words) == 2 and any(word.cue is Cue.UNIT for word in language.phrases.get(words[1], ())):
            self.pending.count = language.units.get(words[0], self.pending.count)

    def cue(self, index: int, element: Element, phrase: Phrase, head: int | None) -> None:
        if not self.option_cue(index, element, phrase, head):
            self.phrase_cue(index, element, phrase, head)
        self.joining_cue(index, element)
        if element.is_unknown:
            phrase.doubt = max(phrase.doubt, 0.2)

    def option_cue(self, index: int, element: Element, phrase: Phrase, head: int | None) -> bool:
        """Negation, amount and portion of the options around."""
        pending = self.pending
        if element.has(Cue.NOT):
            pending.is_negated, pending.amount, pending.count = True, "", None
        elif element.has(Cue.AMOUNT) and pending.last is not None and self.is_amount_behind(index):
            pending.last.amount = element.value(Cue.AMOUNT)
        elif element.has(Cue.AMOUNT) and not self.has_size_meaning(element, phrase):
            pending.amount = element.value(Cue.AMOUNT)
        elif element.has(Cue.ON_SIDE):
            if pending.last is not None and pending.last.amount == "regular":
                pending.last.amount = "side"
        elif element.has(Cue.WHOLE):
            pending.half = Portion.WHOLE
            if pending.last is not None:
                pending.last.portion = Portion.WHOLE
        elif element.has(Cue.OTHER_HALF, Cue.HALF):
            self.half(element)
        elif element.has(Cue.TOPIC, Cue.CONTAINER) and pending.is_negated and head is None:
            following = self.next_of(index)
            pending.is_negated = following is not None and following.has(Cue.OF)
        else:
            return False
        return True

    def is_amount_behind(self, index: int) -> bool:
        """ "queso extra" where that is the order of words."""
        after, last = self.next_of(index), self.pending.last
        if self.lexicon.language.modifiers_first or last is None or last.element is not self.elements[index - 1]:
            return False
        return last.amount == "regular" and not self.elements[index].pause and not (after and after.is_option)

    def phrase_cue(self, index: int, element: Element, phrase: Phrase, head: int | None) -> None:
        """What tells which line is meant."""
        if element.has(Cue.COMBO):
            phrase.is_combo = True
        elif element.has(Cue.ALL):
            self.everyone(index, phrase, head)
        elif element.has(Cue.ORDINAL):
            phrase.ordinal = int(element.value(Cue.ORDINAL))
        elif element.has(Cue.IT, Cue.THEM) and head is None:
            self.phrase.pronoun = "them" if element.has(Cue.THEM) else "it"
        elif element.has(Cue.THE, Cue.THAT) and head is not None:
            phrase.is_definite = True

    def joining_cue(self, index: int, element: Element) -> None:
        """ "And" goes on, "with" and "but" begin anew."""
        pending = self.pending
        if element.has(Cue.AND, Cue.OR, Cue.BUT):
            pending.after_and = True
            pending.amount = ""
            if element.has(Cue.BUT):
                pending.is_negated = index > 0 and self.elements[index - 1].norm in self.lexicon.language.all_words
        elif element.has(Cue.WITH, Cue.ADD):
            pending.is_negated, pending.amount = False, ""
            pending.in_list = True
            if not (index and self.elements[index - 1].has(Cue.HALF, Cue.OTHER_HALF)):
                pending.half = Portion.WHOLE

    def everyone(self, index: int, phrase: Phrase, head: int | None) -> None:
        """ "a latte and a mocha, both large": what follows is about all of them."""
        if head is None and self.phrases[-1].head is not None:
            self.phrases.append(Phrase(index, index + 1, is_all=True))
        else:
            phrase.is_all = True

    def half_of_several(self, index: int, phrase: Phrase) -> bool:
        """ "six burgers, half of them plain"; "two pizzas, one half ham half plain"."""
        element, after = self.elements[index], self.next_of(index)
        if after is not None and after.has(Cue.OF_THEM):
            self.open_part(index, phrase, (self.phrases[-1].quantity or 1) // 2)
            return True
        if not element.pause or element.norm.split()[0] not in self.lexicon.language.units:
            return False
        self.open_part(index, phrase, 1)
        self.half(element)
        return True

    def is_other_half(self, index: int) -> bool:
        """ "ham on one half, mushrooms on the other": the portion of the option before."""
        last, before = self.pending.last, self.elements[index - 1] if index else None
        halved = any(mod.portion is Portion.FIRST_HALF for mod in self.phrase.mods)
        if last is None or before is None or not before.has(Cue.ON) or not halved:
            return False
        last.portion = Portion.SECOND_HALF
        return True

    def has_size_meaning(self, element: Element, phrase: Phrase) -> bool:
        return element.is_size and self.finder.sized(phrase.items, element)

    def half(self, element: Element) -> None:
        """ "half A half B"; behind an option ("mushrooms on half") it is about that option."""
        pending = self.pending
        is_begun = Portion.FIRST_HALF in (pending.half, self.phrases[-1].half) or pending.half is Portion.SECOND_HALF
        second = is_begun or (element.has(Cue.OTHER_HALF) and not element.has(Cue.HALF))
        portion = Portion.SECOND_HALF if second else Portion.FIRST_HALF
        if element.norm.split()[0] in self.lexicon.language.on_words and pending.last is not None:
            pending.last.portion = portion
        else:
            pending.half = portion
