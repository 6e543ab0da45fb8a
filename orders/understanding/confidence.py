"""How sure the reading is, and what each span was read as."""

from __future__ import annotations

from collections.abc import Iterable

from orders.cart_types import CartEdit
from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.types import ActKind, DialogueAct, TokenReading

_PER_UNKNOWN = 0.08
_MOST_UNKNOWN = 0.5
_TRUNCATED = 0.4
_NOTHING_FOUND = 0.2
_LANGUAGE = 0.9
_MISSED = 0.7  # below what is accepted unasked
_BEFORE_CONTENT = (Cue.AND, Cue.OR, Cue.WITH, Cue.NOT, Cue.AMOUNT, Cue.OF, Cue.ANOTHER)


def sureness(
    elements: list[Element],
    edits: list[CartEdit],
    acts: list[DialogueAct],
    unknown: tuple[str, ...],
    *,
    is_whole: bool,
    touched: Iterable[Draft],
) -> float:
    """Of the utterance: no more than its weakest edit, less for words nobody knows and menu words that came to nothing.

    `touched`: the lines it was about, also those that are already as they were asked to be.
    """
    about = [draft.confidence for draft in touched]
    sure = min([1.0, *about, *(edit.confidence for edit in edits)])
    sure -= min(_MOST_UNKNOWN, _PER_UNKNOWN * len(unknown))
    if edits and any(e.norm in unknown and stands_for_something(elements, i) for i, e in enumerate(elements)):
        sure = min(sure, _MISSED)
    denied = any(e.value(Cue.ALLERGY) == "none" for e in elements)
    understood = denied or bool(about) or bool(edits) or any(act.kind is not ActKind.OFF_MENU for act in acts)
    if not understood and elements:
        sure = min(sure, _NOTHING_FOUND)
    if not is_whole:
        sure = min(sure, _TRUNCATED)
    return round(max(0.0, sure), 3)


def stands_for_something(elements: list[Element], index: int) -> bool:
    """Whether a word nobody knows is where a dish, an option or a number would be: by one, or after "and" or "no"."""
    after = elements[index + 1] if index + 1 < len(elements) else None
    if after is not None and not after.pause and (after.is_item or after.is_option or after.is_size):
        return True
    at = index - 1
    while at >= 0 and elements[at].has(Cue.FILLER, Cue.THE) and not _is_content(elements[at]):
        at -= 1
    if at < 0 or (after is not None and after.has(Cue.ADD, Cue.NAME)):
        return False
    return _is_content(elements[at]) or elements[at].has(*_BEFORE_CONTENT)


def _is_content(element: Element) -> bool:
    named = element.is_item or element.is_option or element.is_size
    return (named or element.number is not None) and not element.is_article


def coverage(elements: list[Element]) -> float:
    """Share of the words that the menu or, nearly as good, the language explains, less doubt. -1 without words."""
    words = sum(e.end - e.start for e in elements)
    if not words:
        return -1.0
    score = 0.0
    for element in elements:
        size = element.end - element.start
        if element.entry is not None:
            score += size * (1.0 - 0.5 * element.doubt)
        elif element.cues or element.number is not None:
            score += size * _LANGUAGE
    return score / words


def kind_of(element: Element) -> tuple[str, str]:
    """(kind, value) for `explain`."""
    told = element.entry.told if element.entry is not None else None
    if told is not None:
        return told
    if element.number is not None:
        return "number", str(element.number)
    if element.has(Cue.AMOUNT, Cue.NOT):
        return "amount", element.value(Cue.AMOUNT) or "no"
    if element.cues:
        first = element.cues[0]
        return ("filler" if first.cue is Cue.FILLER else "cue"), first.value or first.cue.value
    return "unknown", ""


def readings_of(elements: list[Element], space: Workspace) -> tuple[TokenReading, ...]:
    """One per span; then amounts that were said not to be wanted ("no extra cheese"), which leave the line as sold."""
    found = [TokenReading(e.start, e.end, e.norm, *kind_of(e)) for e in elements]
    for draft in space.drafts:
        found += [
            TokenReading(0, 0, f"{amount} {option}", "declined", f"{draft.line or ''}|{group}|{option}|{amount}")
            for group, option, amount in draft.declined
        ]
    return tuple(found)
