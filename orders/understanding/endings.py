"""Could the customer be done? Judged by how the words so far end."""

from __future__ import annotations

from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon

_OPEN = (
    Cue.WITH, Cue.AND, Cue.OR, Cue.BUT, Cue.OF, Cue.THE, Cue.TO, Cue.ON, Cue.AMOUNT, Cue.ADD, Cue.CHANGE, Cue.HALF,
    Cue.OTHER_HALF, Cue.CONTAINER, Cue.INSTEAD_OF, Cue.NAME, Cue.ALLERGY, Cue.UNIT, Cue.REPAIR,
    Cue.SOFT_REPAIR, Cue.QUESTION, Cue.NOT, Cue.MAKE, Cue.REMOVE,
)  # fmt: skip
_CLOSED = (
    Cue.IT, Cue.THEM, Cue.ON_SIDE, Cue.INSTEAD, Cue.ALL, Cue.SAME, Cue.ANOTHER, Cue.FULFILMENT, Cue.COMBO,
    Cue.OTHER, Cue.TOPIC,
)  # fmt: skip
_CLOSING_ACTS = frozenset({"hold"})


def is_finished(elements: list[Element], lexicon: Lexicon, *, answers: bool) -> bool:
    """`answers`: a question is open, so that a size or a number alone is a whole answer."""
    rest = list(elements)
    while rest and _is_polite(rest[-1]):
        rest.pop()
    if not rest:
        return bool(elements)
    last = rest[-1]
    before = rest[-2] if len(rest) > 1 else None
    if last.norm in lexicon.language.hesitations:
        return False
    if last.has(Cue.ACT) and not last.is_option and not last.has(Cue.QUESTION):
        return last.value(Cue.ACT) not in _CLOSING_ACTS and not (last.has(Cue.NOT) and before is not None)
    if last.entry is not None:
        return _ends_in_menu_word(last, rest, answers=answers)
    if _points_back(last, before, lexicon):
        return True
    if last.number is not None:
        return not last.is_article and (
            answers or any(e.has(Cue.MAKE, Cue.CHANGE) for e in rest) or last.has(Cue.ANOTHER)
        )
    if last.has(Cue.SIZE_WORD) and not last.is_size:
        return answers or any(e.is_item for e in rest)
    if last.has(*_CLOSED) or (last.has(Cue.QUESTION) and any(e.has(Cue.QUESTION) for e in rest[:-1])):
        return True  # also "what sizes do you have"
    return not last.has(*_OPEN)


def _points_back(last: Element, before: Element | None, lexicon: Lexicon) -> bool:
    """ "the large one", "mushrooms on half"."""
    if last.has(Cue.HALF, Cue.OTHER_HALF):
        return last.norm.split()[0] in lexicon.language.on_words
    if before is None or not last.has(Cue.ONE):
        return False
    return before.entry is not None or before.has(Cue.ORDINAL, Cue.THE, Cue.THAT, Cue.SIZE_WORD)


def _ends_in_menu_word(last: Element, rest: list[Element], *, answers: bool) -> bool:
    if last.is_item or last.is_option:
        return True
    if answers or any(e.is_item for e in rest) or any(e.has(Cue.MAKE, Cue.CHANGE) for e in rest):
        before = rest[-2] if len(rest) > 1 else None
        return before is None or before.number is None or any(e.has(Cue.MAKE, Cue.CHANGE) for e in rest)
    return False


def _is_polite(element: Element) -> bool:
    return (element.has(Cue.ACT) and element.value(Cue.ACT) == "thanks") or element.norm in ("please", "por favor")
