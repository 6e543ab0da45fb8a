"""Short answers to what was just asked: "large", "the second one", "mango", "both"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orders.cart_types import OptionChoice, Problem, ProblemKind, SetCustomer, UnresolvedOption
from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.lines import LineMaker
from orders.understanding.types import Expectation
from orders.understanding.words import Token, words_of

_MAX_ANSWER = 8  # elements; longer utterances are read as orders


class AnswerReader:
    def __init__(self, lexicon: Lexicon, lines: LineMaker) -> None:
        self.lexicon = lexicon
        self.menu = lexicon.menu
        self.language = lexicon.language
        self.lines = lines

    def read(self, elements: list[Element], expect: Expectation, space: Workspace) -> list[Element]:
        """Applies what answers the open problems and returns the elements that are left to be read as an order."""
        asked: Draft | None = None
        for problem in expect.problems:
            draft = next((d for d in space.live() if d.line == problem.line), None)
            if draft is None:
                continue
            asked = asked or draft
            before = draft.items
            is_short = len(elements) <= _MAX_ANSWER and not self.describes(elements)
            used = self.answer(elements, problem, draft) if is_short else []
            if used:
                self.settle_alike(elements, before, draft, space)
                elements = [e for e in elements if e not in used]
                space.touch(draft)
        if asked is not None and asked not in space.touched and not self.commands(elements):
            space.focus = asked
        return elements

    def commands(self, elements: list[Element]) -> bool:
        """Words that say themselves what they are about, whatever was asked."""
        told = (Cue.REMOVE, Cue.CHANGE, Cue.MAKE, Cue.CANCEL, Cue.ON)
        return any(e.has(*told) and not e.is_option and not e.has(Cue.WITH) for e in elements)

    def answer(self, elements: list[Element], problem: Problem, draft: Draft) -> list[Element]:
        match problem.kind:
            case ProblemKind.AMBIGUOUS_ITEM:
                return self.which_item(elements, problem, draft)
            case ProblemKind.AMBIGUOUS_OPTION:
                return self.which_option(elements, problem, draft)
            case ProblemKind.MISSING_CHOICE:
                return self.which_choice(elements, problem, draft)
            case ProblemKind.MISSING_VARIATION:
                return self.which_size(elements, problem, draft)
            case _:
                return []

    def which_item(self, elements: list[Element], problem: Problem, draft: Draft) -> list[Element]:
        candidates = problem.candidates or draft.items
        names = {i: self.menu.item_by_id[i].name for i in candidates if i in self.menu.item_by_id}
        chosen, used = self.pick(
            elements, tuple(names), names, lambda e: [t.ref[0] for t in e.entry.items] if e.entry else []
        )
        if chosen:
            draft.items = (chosen[0],)
        return used

    def settle_alike(self, elements: list[Element], before: tuple[str, ...], draft: Draft, space: Workspace) -> None:
        """ "Three tacos, two with everything and one plain": what kind they are is asked, and said, once."""
        if before == draft.items or any(e.number is not None for e in elements):
            return
        for other in space.live():
            if other.items == before and draft.item in other.items:
                other.items = draft.items
                space.touch(other)

    def which_option(self, elements: list[Element], problem: Problem, draft: Draft) -> list[Element]:
        entry = next(
            (e for e in draft.unresolved if e.group == problem.group or set(e.candidates) == set(problem.candidates)),
            None,
        )
        if entry is None:
            return []
        chosen, used = self.pick_options(elements, entry.group, entry.candidates)
        if chosen:
            draft.unresolved = [e for e in draft.unresolved if e is not entry]
            self.choose(draft, entry, chosen)
        return used

    def which_choice(self, elements: list[Element], problem: Problem, draft: Draft) -> list[Element]:
        group = self.menu.group_by_id.get(problem.group or "")
        if group is None:
            return []
        candidates = problem.candidates or tuple(o.id for o in group.options)
        chosen, used = self.pick_options(elements, group.id, candidates)
        if chosen:
            self.choose(draft, UnresolvedOption(group.id, candidates), chosen)
        return used

    def choose(self, draft: Draft, entry: UnresolvedOption, chosen: list[str]) -> None:
        for option in chosen:
            choice = OptionChoice(entry.group, option, entry.amount, entry.count)
            draft.options[entry.group, option, choice.portion] = choice

    def which_size(self, elements: list[Element], problem: Problem, draft: Draft) -> list[Element]:
        sizes = self.menu.item_by_id[draft.item].variations
        candidates = problem.candidates or tuple(v.id for v in sizes)
        names = {v.id: v.name for v in sizes}
        counts = {v.count: v.id for v in sizes if v.count}
        elements = [e for e in elements if not self.leads_elsewhere(elements, e, draft)]
        for element in elements:
            if element.number is not None and not element.is_article and element.number in counts:
                draft.variation = counts[element.number]
                return [element]
        chosen, used = self.pick(
            elements,
            candidates,
            names,
            lambda e: [t.ref[1] for t in e.entry.sizes if t.ref[0] == draft.item] if e.entry else [],
        )
        if chosen:
            draft.variation = chosen[0]
        return used

    def describes(self, elements: list[Element]) -> bool:
        """ "ham on the small one" says which line is meant; "make it the small one" is an answer."""
        if not self.commands(elements):
            return False
        return any(
            before.has(Cue.THE)
            and (said.is_size or said.has(Cue.ORDINAL))
            and noun.has(Cue.ONE)
            and not (at and elements[at - 1].has(Cue.IT))
            for at, (before, said, noun) in enumerate(zip(elements, elements[1:], elements[2:], strict=False))
        )

    def leads_elsewhere(self, elements: list[Element], element: Element, draft: Draft) -> bool:
        """ "a tall latte" is no answer to how large the espresso is to be."""
        for after in elements[elements.index(element) + 1 :]:
            if after.has(Cue.AND) or after.pause:
                return False
            if after.is_item and not after.is_option and after.entry is not None:
                return all(t.ref[0] not in draft.items for t in after.entry.items)
        return False

    def pick_options(
        self, elements: list[Element], group: str, candidates: tuple[str, ...]
    ) -> tuple[list[str], list[Element]]:
        """The candidates named, several if several are; a "no" before one leaves it to the order reader."""
        if any(e.has(Cue.NOT) and not e.has(Cue.ACT) for e in elements):
            return [], []
        if any(e.has(Cue.ALL) for e in elements):
            return list(candidates), [e for e in elements if e.has(Cue.ALL)]
        options = self.menu.group_by_id[group].option_by_id
        names = {i: options[i].name for i in candidates if i in options}
        return self.pick(
            elements,
            candidates,
            names,
            lambda e: [t.ref[1] for t in e.entry.options if t.ref[0] == group] if e.entry else [],
            many=True,
        )

    def pick(
        self,
        elements: list[Element],
        candidates: tuple[str, ...],
        names: Mapping[str, str],
        meaning: Callable[[Element], list[str]],
        *,
        many: bool = False,
    ) -> tuple[list[str], list[Element]]:
        """By what the menu says the words mean, else by place ("the second one"), else by a word only one name has."""
        meant = [(e, {c for c in meaning(e) if c in candidates}) for e in elements]
        pairs = [(choice, e) for e, choices in meant if len(choices) == 1 for choice in choices]
        if not pairs:
            pairs = self.by_place(elements, candidates) or self.by_word(elements, names)
        if not many:
            pairs = pairs[-1:]
        return list(dict.fromkeys(choice for choice, _ in pairs)), [element for _, element in pairs]

    def by_place(self, elements: list[Element], candidates: tuple[str, ...]) -> list[tuple[str, Element]]:
        for element in elements:
            place = int(element.value(Cue.ORDINAL) or 0)
            index = place - 1 if place > 0 else len(candidates) + place
            if place and 0 <= index < len(candidates):
                return [(candidates[index], e) for e in elements if e is element or e.has(Cue.ONE, Cue.THE)]
        return []

    def by_word(self, elements: list[Element], names: Mapping[str, str]) -> list[tuple[str, Element]]:
        keys = {c: set(words_of(name, self.language.canonical)[1]) for c, name in names.items()}
        found = []
        for element in elements:
            said = set(words_of(element.norm, self.language.canonical)[1])
            having = [c for c, own in keys.items() if said & own]
            if len(having) == 1 and not element.has(Cue.FILLER):
                found.append((having[0], element))
        return found

    def contact(self, tokens: list[Token], elements: list[Element], expect: Expectation) -> SetCustomer | None:
        """A name or a number after it was asked for."""
        if expect.wants == "phone":
            digits = "".join(self.digits(token) for token in tokens)
            return SetCustomer(phone=digits) if len(digits) >= 5 else None
        if expect.wants == "name":
            named = [e for e in elements if e.is_unknown or (e.entry is not None and len(elements) <= 2)]
            words = " ".join(e.norm for e in named[:3])
            return SetCustomer(name=words.title()) if words else None
        return None

    def digits(self, token: Token) -> str:
        if token.norm.isdigit():
            return token.norm
        value = self.language.units.get(token.norm)
        return str(value) if value is not None else ""
