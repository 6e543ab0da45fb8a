"""What the customer does besides changing the cart: yes, done, questions, a name, pickup, what is not on the menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process, utils

from orders.cart_types import CartEdit, ClearCart, Fulfilment, NoteAllergy, SetCustomer, SetFulfilment
from orders.understanding.allergies import allergen_of
from orders.understanding.clauses import Clause, Split
from orders.understanding.drafts import Workspace
from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.types import ActKind, DialogueAct

_ANSWERS = frozenset({"yes", "no", "no_preference"})
_MAX_OFFERS = 3
_OFFER_SCORE = 72.0


@dataclass(slots=True)
class Heard:
    acts: list[DialogueAct] = field(default_factory=list)
    edits: list[CartEdit] = field(default_factory=list)
    used: set[int] = field(default_factory=set)  # start tokens of unknown words that were a name after all


class ActReader:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.menu = lexicon.menu
        self.language = lexicon.language
        self.finder = HeadFinder(lexicon)
        self.offers = {item.id: item.name for item in self.menu.items}

    def read(
        self,
        elements: list[Element],
        split: Split,
        space: Workspace,
        allergies: Sequence[NoteAllergy] = (),
        *,
        changes: bool,
    ) -> Heard:
        """`changes`: whether the utterance changed the cart, which makes a "right" or "sure" inside it mean nothing."""
        heard = Heard(edits=[*allergies], used={e.start for e in elements if e.is_unknown and self.allergen([e])})
        for element in split.acts:
            value = element.value(Cue.ACT)
            if value == "clear":
                heard.edits.append(ClearCart())
            elif value not in _ANSWERS or not changes or self.opens(elements, element):
                act = DialogueAct(ActKind(value))
                if act not in heard.acts:
                    heard.acts.append(act)
        before: tuple[str, ...] = ()  # what the question before was about
        for clause in split.clauses:
            asked = self.question(clause, space) if clause.intent is Cue.QUESTION else None
            if asked is not None and asked.kind is ActKind.ASK_CONTENTS and allergies:
                asked = replace(asked, kind=ActKind.ASK_ALLERGEN, value=allergies[0].allergen)  # "is it safe for me"
            if asked is not None and not asked.targets and before and self.points_back(clause):
                asked = replace(asked, targets=before)
            before = asked.targets if asked is not None and asked.targets else before
            is_echo = asked == DialogueAct(ActKind.ASK_MENU) and bool(heard.acts)  # "... do you have"
            if asked is not None and asked not in heard.acts and not is_echo:
                heard.acts.append(asked)
        total = DialogueAct(ActKind.ASK_TOTAL)
        if before and total in heard.acts:  # "what is on the lasagna and how much is it"
            heard.acts.remove(total)
            heard.acts.append(DialogueAct(ActKind.ASK_PRICE, targets=before))
        self.details(elements, heard)
        return heard

    def points_back(self, clause: Clause) -> bool:
        """ "is there gluten in it", "does it have nuts"."""
        words = {word for e in (clause.cue, *clause.elements) if e is not None for word in e.norm.split()}
        if not self.language.modifiers_first:
            return True  # a language that leaves the pronoun out
        return not self.language.pronouns.isdisjoint(words) or any(e.has(Cue.IT, Cue.THEM) for e in clause.elements)

    def confirms(self, elements: list[Element], split: Split) -> bool:
        return any(e.value(Cue.ACT) == "yes" and self.opens(elements, e) for e in split.acts)

    def opens(self, elements: list[Element], element: Element) -> bool:
        """Whether only small words stand before it."""
        return all(e is element or e.has(Cue.FILLER, Cue.ACT) for e in elements[: elements.index(element) + 1])

    # questions

    def question(self, clause: Clause, space: Workspace) -> DialogueAct:
        value = clause.asks
        targets = (
            self.subject(clause, space)
            if value in (ActKind.ASK_ALLERGEN, ActKind.ASK_CONTENTS)
            else self.targets(clause.elements)
        )
        allergen = self.allergen(clause.elements)
        if allergen and value != ActKind.ASK_PRICE:
            items = tuple(t for t in targets if t in self.menu.item_by_id)
            return DialogueAct(ActKind.ASK_ALLERGEN, allergen, items)
        if value == ActKind.ASK_PRICE:
            return DialogueAct(ActKind.ASK_PRICE, targets=targets or self.focus(space))
        if value in (ActKind.ASK_CONTENTS, ActKind.ASK_ALLERGEN):
            return DialogueAct(ActKind.ASK_CONTENTS, targets=targets or self.focus(space))
        return DialogueAct(ActKind.ASK_MENU, self.topic(clause.elements), targets if len(targets) == 1 else ())

    def focus(self, space: Workspace) -> tuple[str, ...]:
        return (space.focus.item,) if space.focus is not None else ()

    def subject(self, clause: Clause, space: Workspace) -> tuple[str, ...]:
        """Of "is the latte sweet" the latte, of "is it" what was talked about, of "is there milk in the latte" that."""
        heads = list(self.finder.find(clause.elements).values())
        opener = clause.cue.norm.split() if clause.cue else []
        if space.focus is not None and not self.language.pronouns.isdisjoint(opener):
            return self.focus(space)
        if not heads:
            return self.targets(clause.elements)
        is_inside = any(e.has(Cue.ON) and not e.has(Cue.WITH) for e in clause.elements)
        return heads[-1 if is_inside else 0]

    def targets(self, elements: list[Element]) -> tuple[str, ...]:
        heads = self.finder.find(elements)
        if heads:
            return tuple(dict.fromkeys(item for items in heads.values() for item in items))
        found: dict[str, None] = {}
        for element in elements:
            items = self.finder.items_of(element) if element.is_item else ()
            if items:
                found.update(dict.fromkeys(items))
            elif element.entry is not None and element.entry.options:
                found.update((t.ref[1], None) for t in element.entry.options)
        return tuple(found)

    def allergen(self, elements: list[Element]) -> str:
        return next((found for e in elements if (found := allergen_of(e, self.language))), "")

    def topic(self, elements: list[Element]) -> str:
        """The category or group asked about; "" for the whole menu."""
        for element in elements:
            entry = element.entry
            if entry is not None and entry.items:
                return self.menu.item_by_id[entry.items[0].ref[0]].category
            if entry is not None and entry.options:
                return entry.options[0].ref[0]
        words = {word for element in elements for word in element.norm.split()}
        for entry_id, name in self.topics():
            if words & set(name.lower().split()) or words & {w.rstrip("s") for w in name.lower().split()}:
                return entry_id
        return ""

    def topics(self) -> list[tuple[str, str]]:
        code = self.language.code
        categories = [(c.id, c.names.get(code) or c.name) for c in self.menu.categories]
        return categories + [(g.id, g.names.get(code) or g.name) for g in self.menu.modifier_groups]

    # details

    def details(self, elements: list[Element], heard: Heard) -> None:
        for index, element in enumerate(elements):
            after = elements[index + 1] if index + 1 < len(elements) else None
            if element.has(Cue.FULFILMENT) and not element.is_option:
                heard.edits.append(
                    SetFulfilment(fulfilment=Fulfilment(element.value(Cue.FULFILMENT)), heard=element.norm)
                )
            elif element.has(Cue.NAME) and after is not None and after.is_unknown:
                heard.edits.append(SetCustomer(name=after.norm.title(), heard=f"{element.norm} {after.norm}"))
                heard.used.add(after.start)
            elif element.has(Cue.TOPIC) and index and elements[index - 1].number is not None:
                self.open_wish(elements, index, heard)

    def open_wish(self, elements: list[Element], index: int, heard: Heard) -> None:
        """ "and a drink": which one is to be asked, unless it was said."""
        after = elements[index + 1] if index + 1 < len(elements) else None
        category = self.topic([elements[index]])
        if not category or (after is not None and (after.has(Cue.OF) or after.is_item or after.is_unknown)):
            return
        named = {self.menu.item_by_id[i].category for e in elements if e.is_item for i in self.finder.items_of(e)}
        if category not in named:
            heard.acts.append(DialogueAct(ActKind.ASK_MENU, category))

    # off the menu

    def off_menu(self, elements: list[Element], used: set[int]) -> list[DialogueAct]:
        """Words in the place of a dish that no dish has: after "a", "can i get", "with", or alone."""
        found: list[DialogueAct] = []
        index = 0
        while index < len(elements):
            if not elements[index].is_unknown or elements[index].start in used:
                index += 1
                continue
            end = index
            while end < len(elements) and elements[end].is_unknown and elements[end].start not in used:
                end += 1
            if self.is_wanted(elements, index, end):
                words = " ".join(e.norm for e in elements[index:end])
                found.append(DialogueAct(ActKind.OFF_MENU, words, self.nearest(words), 0.6))
            index = end
        return found[:2]

    def is_wanted(self, elements: list[Element], start: int, end: int) -> bool:
        after = elements[end] if end < len(elements) else None
        before = elements[start - 1] if start else None
        if after is not None and (after.is_item or after.is_option or after.is_size):
            return False
        if before is None:
            return end == len(elements) and end - start <= 3 and all(len(e.norm) > 3 for e in elements[start:end])
        if before.is_item or before.is_option:
            return False
        placed = before.number is not None or before.has(Cue.ADD, Cue.WITH, Cue.AMOUNT, Cue.OF, Cue.THE, Cue.ANOTHER)
        return (placed or before.is_size) and all(len(e.norm) > 2 for e in elements[start:end])

    def nearest(self, words: str) -> tuple[str, ...]:
        """Items whose names are most like the words."""
        hits = process.extract(
            words,
            self.offers,
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            limit=_MAX_OFFERS,
            score_cutoff=_OFFER_SCORE,
        )
        return tuple(ident for _, _, ident in hits)
