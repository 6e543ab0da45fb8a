"""Descriptions of lines that are there: "the large one", "the one without onions", "the second pizza", "the drinks"."""

from __future__ import annotations

from dataclasses import dataclass, field

from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.language import Cue, Word
from orders.understanding.lexicon import Lexicon
from orders.understanding.matching import Matcher
from orders.understanding.phrases import Mod

_SMALL = (Cue.FILLER, Cue.AND, Cue.ACT)
_COMMANDS = (Cue.REMOVE, Cue.MAKE, Cue.CHANGE)


@dataclass(slots=True)
class Description:
    """What was said of the line. `items` None: any thing; `end` is where the words about it stop."""

    end: int
    items: frozenset[str] | None = None
    size: Element | None = None
    mods: list[Mod] = field(default_factory=list)
    behind: list[Mod] = field(default_factory=list)  # said after the noun: "with ham"
    end_behind: int = 0
    ordinal: int = 0
    is_all: bool = False
    is_one: bool = False  # its noun is "one"
    is_both: bool = False  # its noun could also be an option: "the pepperoni"
    is_combo: bool = False  # its noun is "combo"
    is_kind: bool = False  # its noun is a class of things: "drinks"
    is_wide: bool = False  # and means all that are of the class, not only what bears the name

    @property
    def tells(self) -> bool:
        """Whether it says more than the name of an item, which is understood anyway."""
        return bool(
            self.size
            or self.mods
            or self.behind
            or self.ordinal
            or self.is_combo
            or self.is_both
            or (self.is_kind and self.is_wide)
        )


class Designator:
    """Finds a description among the words of a clause and puts a pronoun in its place."""

    def __init__(self, lexicon: Lexicon, space: Workspace) -> None:
        self.lexicon = lexicon
        self.language = lexicon.language
        self.space = space
        self.matcher = Matcher(lexicon)

    def settle(self, elements: list[Element], intent: Cue | None) -> list[Element]:
        """The words with "it" for the first description of lines that are there; those lines are then pointed at."""
        if not self.space.drafts or intent is Cue.QUESTION:
            return elements
        for start in range(len(elements)):
            if not self.opens(elements, start, intent):
                continue
            found = self.describe(elements, start, intent)
            if found is None or not found.tells:
                continue
            if self.leads(elements, start, intent) and not found.is_both:
                continue
            if intent is Cue.MAKE and not any(map(_says_how, elements[found.end_behind :])):
                found.behind, found.end_behind = [], found.end  # "the large one with ham": that is the change
            drafts, end = self.lines(found)
            if drafts:
                self.space.pointed, self.space.focus = drafts, drafts[-1]
                return [*elements[:start], _pronoun(elements[start], elements[end - 1], len(drafts)), *elements[end:]]
            if found.is_one and self.space.focus is not None:
                self.space.focus.doubt(0.5)  # no line is like that
        return elements

    def opens(self, elements: list[Element], start: int, intent: Cue | None) -> bool:
        """A description starts with "the" or "all", after a command or after "on"."""
        element, before = elements[start], elements[start - 1] if start else None
        if element.is_item or element.is_option or element.is_size:
            return intent is Cue.REMOVE and start == 0
        if before is not None and (before.has(Cue.IT) or (intent is Cue.CHANGE and before.has(Cue.TO))):
            return False  # "make it the large one"
        if self.leads(elements, start, intent):
            return True
        is_place = before is not None and before.has(Cue.ON) and before.norm != self.language.purpose
        if element.norm in self.language.on_the:
            return True
        if element.has(Cue.THE, Cue.THAT, Cue.ALL) and (before is None or not before.has(Cue.THE, Cue.ALL)):
            return is_place or intent in _COMMANDS
        return start == 0 and intent is Cue.REMOVE and element.has(Cue.ORDINAL, Cue.ONE, Cue.TOPIC, Cue.COMBO)

    def leads(self, elements: list[Element], start: int, intent: Cue | None) -> bool:
        """ "the pepperoni with no onions", without a command: is it the one that is there?"""
        before = elements[:start]
        return intent in (None, Cue.ADD) and elements[start].has(Cue.THE) and all(e.has(*_SMALL) for e in before)

    def describe(self, elements: list[Element], start: int, intent: Cue | None) -> Description | None:
        found = Description(start)
        index = start
        while index < len(elements):
            element = elements[index]
            after = elements[index + 1] if index + 1 < len(elements) else None
            if element.pause == 2 and index > start:
                break
            if self.is_noun(element, after, found, intent):
                found.end = index + 1
                self.behind(elements, found, intent)
                return found
            if not self.takes(element, found, is_first=index == start):
                break
            index += 1
        return self.headless(elements, found, index, intent)

    def takes(self, element: Element, found: Description, *, is_first: bool) -> bool:
        """Words before the noun."""
        if element.has(Cue.ALL):
            found.is_all = True
        elif element.has(Cue.ORDINAL) and not element.is_option and not found.ordinal:
            found.ordinal = int(element.value(Cue.ORDINAL))
        elif element.is_size or (element.has(Cue.SIZE_WORD) and element.value(Cue.SIZE_WORD)):
            if found.size is not None:
                return False
            found.size = element
        elif element.is_option and element.entry is not None:
            found.mods.append(Mod(element, element.entry.options, element.entry.presets))
        elif element.number is not None and not element.is_article and element.number > 1:
            found.is_all = True
        else:
            return is_first or element.has(Cue.THE, Cue.THAT, Cue.OF_THEM)
        return True

    def is_noun(self, element: Element, after: Element | None, found: Description, intent: Cue | None) -> bool:
        if element.has(Cue.ONE) and not element.is_article and not element.is_item:
            found.is_one = True
            return True
        if element.has(Cue.COMBO) and element.entry is None:
            found.is_combo = True
            return True
        kind = self.lexicon.kinds_of_things.get(self.lexicon.last_key(element.norm), frozenset())
        named = frozenset(t.ref[0] for t in element.entry.items) if element.entry is not None else frozenset()
        if after is not None and element.is_option and (after.has(Cue.ONE) or after.is_item):
            return False
        if not kind and not named:
            return element.norm in self.language.things and bool(found.ordinal)
        live = {item for d in self.space.live() for item in d.items}
        found.is_wide = element.plural or bool(found.ordinal) or found.is_all or not named & live
        found.items = named | kind if found.is_wide else named
        found.is_kind = bool(kind)
        changes = after is not None and (after.is_size or after.is_article or after.has(Cue.WITH, Cue.NOT))
        found.is_both = intent in (Cue.MAKE, None, Cue.ADD) and element.is_option and bool(named & live) and changes
        found.is_all = found.is_all or (bool(kind) and element.plural)
        return True

    def headless(
        self, elements: list[Element], found: Description, index: int, intent: Cue | None
    ) -> Description | None:
        """ "la grande", "al de sin cebolla": in some languages no noun is needed."""
        found.end = index
        if self.language.modifiers_first or found.mods:
            return None
        if found.size is None and not found.ordinal:
            self.behind(elements, found, intent)
            return found if any(mod.is_negated for mod in found.behind) else None
        return found

    def behind(self, elements: list[Element], found: Description, intent: Cue | None) -> None:
        """What follows the noun: "with ham", "without onions"; after "make the margherita" that would be the change."""
        index, found.end_behind = found.end, found.end
        is_target = intent in (Cue.MAKE, None, Cue.ADD) and not found.is_one and bool(found.items)
        if is_target:
            return
        if not self.language.modifiers_first and index < len(elements) and elements[index].is_size and found.items:
            found.size, found.end_behind = elements[index], index + 1
            found.end, index = index + 1, index + 1
        started = negated = False
        while index < len(elements):
            element = elements[index]
            if element.entry is not None and element.is_option and (started or element.entry.presets):
                mod = Mod(element, element.entry.options, element.entry.presets, is_negated=negated)
                found.behind.append(mod)
                found.end_behind = index + 1
            elif element.has(Cue.NOT):
                started = negated = True
            elif element.has(Cue.WITH, Cue.QUESTION) and not found.behind and element.number is None:
                started = True  # "al que lleva cebolla"
            elif not self.goes_on(element, is_list=started):
                break
            index += 1

    def goes_on(self, element: Element, *, is_list: bool) -> bool:
        """Small words inside what follows the noun; a number begins something else."""
        if element.number is not None and not element.is_article:
            return False
        return element.has(Cue.FILLER) or (is_list and element.has(Cue.AND, Cue.AMOUNT))

    def lines(self, found: Description) -> tuple[list[Draft], int]:
        """The lines that fit, and where their description ends: what follows the noun may be no part of it."""
        for mods, end in (([*found.mods, *found.behind], found.end_behind), (found.mods, found.end)):
            if not (
                mods or found.size or found.ordinal or found.is_wide or found.is_all or found.is_combo or found.is_both
            ):
                continue
            known = [d for d in self.space.live() if found.items is None or found.items & set(d.items)]
            known = [d for d in known if d.combo is not None] if found.is_combo else known
            known = self.matcher.having(self.matcher.sized(known, found.size), mods)
            if found.ordinal:
                known = self.at_place(known, found.ordinal)
            if known:
                if found.is_all:
                    return known, max(end, found.end)
                focus = self.space.focus
                return [focus if focus in known and focus is not None else known[-1]], max(end, found.end)
        return [], found.end

    def at_place(self, known: list[Draft], ordinal: int) -> list[Draft]:
        """The line in that place, of those this utterance made if there are as many. Of one order of several units: the
        unit."""
        fresh = [d for d in known if d in self.space.touched]
        for drafts in (fresh, known):
            places = [(d, unit) for d in drafts for unit in range(d.quantity if self.are_one(drafts) else 1)]
            place = ordinal - 1 if ordinal > 0 else len(places) + ordinal
            if 0 <= place < len(places):
                draft, unit = places[place]
                return [self.space.single(draft, unit)] if self.are_one(drafts) else [draft]
        return []

    def are_one(self, drafts: list[Draft]) -> bool:
        """Whether the same words made them: "two pizzas, one with ham"."""
        return len({(d.item, d.heard) for d in drafts}) == 1


def _says_how(element: Element) -> bool:
    """A word that can be the change."""
    named = element.is_option or element.is_item or element.is_size
    return named or element.number is not None or element.has(Cue.COMBO, Cue.AMOUNT, Cue.NOT)


def _pronoun(first: Element, last: Element, lines: int) -> Element:
    word = Word(Cue.THEM if lines > 1 else Cue.IT)
    return Element(first.start, last.end, "them" if lines > 1 else "it", None, (word, Word(Cue.THAT)))
