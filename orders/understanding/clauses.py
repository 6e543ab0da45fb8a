"""Cuts the elements into clauses, each with one intent, and sorts out what corrects what was just said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from orders.understanding.elements import Element
from orders.understanding.language import Cue, Word
from orders.understanding.questions import asks_of, ends_question, is_question, subject_of

_PRONOUNS = frozenset({"that", "it", "those", "them", "be", "its", "lo", "la"})
_INTENTS = (Cue.CANCEL, Cue.REMOVE, Cue.CHANGE, Cue.MAKE, Cue.ADD, Cue.QUESTION)


@dataclass(slots=True)
class Clause:
    """`intent` None: nothing introduced it, so it orders or answers. `cue` is the element that did."""

    intent: Cue | None
    elements: list[Element] = field(default_factory=list)
    cue: Element | None = None
    is_instead: bool = False
    is_correction: bool = False  # after "actually", "no wait"
    is_total: bool = False  # "in all": its numbers say how many there are to be
    asks: str = ""  # of a question: the act kind its words begin


@dataclass(slots=True)
class Split:
    clauses: list[Clause]
    acts: list[Element]
    questions: list[Element]


def split_clauses(elements: list[Element], allergens: Collection[str]) -> Split:
    clauses = [Clause(None)]
    acts: list[Element] = []
    for index, element in enumerate(elements):
        after = elements[index + 1] if index + 1 < len(elements) else None
        if clauses[-1].intent is Cue.QUESTION and ends_question(clauses[-1].elements, element, after):
            clauses.append(Clause(None))
        intent = _intent(element, elements[index + 1 :], clauses[-1], allergens)
        if intent is Cue.QUESTION:
            subject = subject_of(clauses[-1].elements, clauses[-1].intent) if asks_of(element) else []
            clauses[-1].elements = clauses[-1].elements[: len(clauses[-1].elements) - len(subject)]
            asks = "ask_allergen" if subject else element.value(Cue.QUESTION)
            clauses.append(Clause(intent, subject, cue=element, asks=asks))
        elif intent is not None:
            _open_command(clauses, element, intent)
        elif element.has(Cue.ACT) and not _is_content(element, after):
            acts.append(element)
            if element.value(Cue.ACT) in ("no", "undo") and not clauses[-1].elements:
                clauses[-1].is_correction = True
        elif element.has(Cue.IN_ALL) and any(e.number is not None for e in clauses[-1].elements):
            clauses[-1].is_total = True
        elif element.has(Cue.INSTEAD) and not element.has(Cue.INSTEAD_OF):
            clauses[-1].is_instead = True
        elif element.has(Cue.REPAIR, Cue.SOFT_REPAIR) and not element.is_option:
            clauses.append(Clause(clauses[-1].intent if not clauses[-1].elements else None, is_correction=True))
        else:
            clauses[-1].elements.append(element)
    return Split([c for c in clauses if c.elements or c.intent not in (None, Cue.ADD)], acts, [])


def _open_command(clauses: list[Clause], element: Element, intent: Cue) -> None:
    """A clause that a command begins; "the cola should be a large" has its subject before it."""
    last, subject = clauses[-1], []
    if intent is Cue.MAKE and last.intent in (None, Cue.ADD):
        subject = subject_of(last.elements, None)
        last.elements = last.elements[: len(last.elements) - len(subject)]
    revises = last.is_correction and not last.elements  # "actually i want ..."
    command = Cue.REMOVE if intent is Cue.CANCEL else intent
    clauses.append(Clause(command, subject, cue=element, is_correction=revises))
    if intent is Cue.MAKE and not subject and element.norm.split()[-1] in _PRONOUNS:
        clauses[-1].elements.append(_pronoun(element))


def _pronoun(element: Element) -> Element:
    last = element.norm.split()[-1]
    them = last in ("those", "them", "los", "las")
    word = Word(Cue.THEM if them else Cue.IT)
    return Element(element.end - 1, element.end, last, None, (word, Word(Cue.THAT)))


def _intent(element: Element, rest: list[Element], clause: Clause, allergens: Collection[str]) -> Cue | None:
    after = rest[0] if rest else None
    if element.is_option or element.is_item or element.is_size or element.number is not None:
        return None
    if element.has(Cue.CONTAINER) and after is not None and after.has(Cue.OF):
        return None  # "a large order of fries"
    if element.has(Cue.QUESTION) and after is not None and after.has(Cue.THE) and any(e.has(Cue.BE) for e in rest[:6]):
        return Cue.MAKE  # "que el burrito sea de carnitas"
    for cue in _INTENTS:
        if not element.has(cue):
            continue
        if cue is Cue.ADD and clause.intent is Cue.QUESTION and " " not in element.norm:
            return None  # "does the pesto have nuts"
        if cue is Cue.QUESTION and element.has(Cue.ACT) and not any(e.entry is not None or e.is_unknown for e in rest):
            return None
        if cue is Cue.QUESTION and not is_question(
            element, rest, clause.elements, allergens, is_asking=clause.intent is Cue.QUESTION
        ):
            return None
        if cue is Cue.REMOVE and element.has(Cue.NOT, Cue.FULFILMENT):
            if after is None or not (after.has(Cue.THE, Cue.THAT, Cue.IT) or after.is_option or after.is_item):
                return None
            if element.has(Cue.NOT) and after.is_option:
                return None
        return cue
    return None


def _is_content(element: Element, after: Element | None) -> bool:
    """ "no" before something to leave out, "right" inside a sentence."""
    if element.is_option or element.is_item or element.is_size:
        return True
    if element.has(Cue.NOT):
        if after is None or after.pause:
            return False
        return (
            after.is_option
            or after.is_item
            or after.has(Cue.AMOUNT, Cue.THE, Cue.TOPIC, Cue.CONTAINER, Cue.COMBO, Cue.OF)
            or after.is_unknown
            or (after.has(Cue.FILLER) and not after.has(Cue.ADD))
        )
    return element.has(Cue.QUESTION, Cue.ADD) and False


def repair(elements: list[Element]) -> list[Element]:
    """Deletes what a "no wait" takes back, from the last thing of the same class on."""
    elements = [part for i, e in enumerate(elements) for part in _without_negation(e, elements[i + 1 : i + 2])]
    out: list[Element] = []
    index = 0
    while index < len(elements):
        element = elements[index]
        if element.has(Cue.REPAIR, Cue.SOFT_REPAIR) and not element.is_option:
            out = _take_back(out, elements[index + 1 :], strong=element.has(Cue.REPAIR))
            if _is_plain_swap(out, elements[index + 1 :]):
                index += 1
                continue
            out.append(element)
        elif _is_bare_no(element, out, elements[index + 1 :]):
            out = _take_back(out, elements[index + 1 :], strong=True)
        else:
            out.append(element)
        index += 1
    return out


def _is_bare_no(element: Element, before: list[Element], after: list[Element]) -> bool:
    """ "two no three", "large no medium": there is no such thing as no medium."""
    if not element.has(Cue.NOT) or not element.has(Cue.ACT) or not before or not after:
        return False
    if before[-1].number is not None and after[0].number is not None:
        return not after[0].is_article
    return before[-1].is_size and after[0].is_size and not after[0].is_option


def _is_plain_swap(before: list[Element], after: list[Element]) -> bool:
    return bool(after) and after[0].number is not None and not after[0].is_article and _awaits_head(before)


def _awaits_head(before: list[Element]) -> bool:
    return bool(before) and before[-1].has(Cue.ADD, Cue.FILLER, Cue.AND, Cue.MAKE)


def _without_negation(element: Element, after: list[Element]) -> list[Element]:
    """ "actually no" before what can be left out: the "no" is about that."""
    words = element.norm.split()
    is_about = bool(after) and not after[0].pause and _is_mainly_option(after[0])
    if len(words) < 2 or words[-1] != "no" or not element.has(Cue.REPAIR) or not is_about:
        return [element]
    cut = element.end - 1
    actually = Element(element.start, cut, " ".join(words[:-1]), cues=(Word(Cue.SOFT_REPAIR),), pause=element.pause)
    return [actually, Element(cut, element.end, "no", cues=(Word(Cue.NOT),))]


def _is_mainly_option(element: Element) -> bool:
    entry = element.entry
    if entry is None or not entry.options:
        return False
    return not element.is_item or min(t.rank for t in entry.options) < min((t.rank for t in entry.items), default=0)


def _take_back(before: list[Element], after: list[Element], *, strong: bool) -> list[Element]:
    """The elements before without the reparandum. A weak cue ("actually") takes back only an unfinished phrase."""
    if not after:
        return before
    first = after[0]
    last_head = max((i for i, e in enumerate(before) if e.is_item and not e.is_option), default=-1)
    tail = before[last_head + 1 :]
    for offset in range(len(tail) - 1, -1, -1):
        index = last_head + 1 + offset
        element = before[index]
        if element.has(Cue.ADD, Cue.MAKE, Cue.AND):
            break
        if (
            first.number is not None
            and element.number is not None
            and (index == len(before) - 1 or _only_pre_head(before[index:]))
        ):
            return before[:index]
        if first.is_size and element.is_size and index == len(before) - 1:
            return before[:index]
        if strong and first.is_option and element.is_option and index == len(before) - 1 and not first.is_item:
            return before[:index]
    return before


def _only_pre_head(span: list[Element]) -> bool:
    """A phrase whose head has not come yet: "a large ...", "two pepperoni ..."."""
    return not any((e.is_item and not e.is_option) or e.has(Cue.WITH, Cue.AND) for e in span)
