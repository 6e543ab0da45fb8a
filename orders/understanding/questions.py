"""Which words ask. A question never orders, so the line is drawn here, by grammar and not by what is asked about."""

from __future__ import annotations

from collections.abc import Collection

from orders.understanding.elements import Element
from orders.understanding.language import Cue

_INTRODUCING = (Cue.FILLER, Cue.ACT, Cue.AND, Cue.BUT, Cue.OR, Cue.ADD)


def asks_of(element: Element) -> bool:
    """Whether it is a verb that asks about what it stands with: "is", "does", "lleva"."""
    return any(word.cue is Cue.QUESTION and word.value == "ask_allergen" for word in element.cues)


def is_question(
    element: Element, rest: list[Element], said: list[Element], allergens: Collection[str], *, is_asking: bool
) -> bool:
    """`said`: the clause so far, `is_asking` if it is a question itself.

    Small words ask at the beginning of a sentence, after their subject or about allergens; "what" asks only at the
    start of a clause.
    """
    if is_asking and not any(map(_tells, said)):
        return False  # "what size is ..." goes on
    if not asks_of(element):
        return not (element.has(Cue.FILLER, Cue.AMOUNT, Cue.ADD) and said)
    opens = element.pause == 2 or all(e.has(Cue.FILLER, Cue.AND, Cue.BUT) and e.number is None for e in said)
    joined = bool(said) and said[-1].has(Cue.AND, Cue.BUT)
    if " " in element.norm and (opens or joined):
        return True
    if not element.has(Cue.FILLER) and any(word in allergens for e in rest[:6] for word in e.norm.split()):
        return True
    if element.has(Cue.FILLER) and element.start and not element.pause and not said:
        opens = False  # "this order is ..."
    if element.value(Cue.QUESTION) != "ask_allergen" and not said:
        return True
    if subject_of(said, None):
        return any(_tells(e) for e in rest)
    after = rest[0] if rest else None
    if not opens or said or after is None or not (after.has(Cue.THE) or _tells(after)) or after.is_size:
        return False
    return sum(map(_tells, _sentence(rest))) > 1


def subject_of(said: list[Element], intent: Cue | None) -> list[Element]:
    """ "the quesadilla" of "the quesadilla has cheese?": the end of what was said, if it only names something."""
    if intent is not None or not said:
        return []
    start = max((i for i, e in enumerate(said) if e.pause == 2), default=0)
    subject = said[start:]
    while subject and subject[0].has(*_INTRODUCING) and not subject[0].has(Cue.THE) and not subject[0].is_item:
        subject = subject[1:]
    if not subject or not subject[0].has(Cue.THE) or any(e.number is not None or e.is_size for e in subject):
        return []
    return subject if any(e.is_item or e.is_option for e in subject) else []


def ends_question(asked: list[Element], element: Element, after: Element | None) -> bool:
    """After what was asked about, a new sentence or "and two ..." is about something else."""
    if not any(_tells(e) for e in asked):
        return False
    counts = after is not None and after.number is not None and not after.is_article
    return element.pause == 2 or (element.has(Cue.AND) and counts)


def _sentence(rest: list[Element]) -> list[Element]:
    end = next((i for i, e in enumerate(rest) if i and e.pause == 2), len(rest))
    return rest[:end]


def _tells(element: Element) -> bool:
    """A word with a meaning of its own."""
    return element.is_item or element.is_option or element.is_unknown
