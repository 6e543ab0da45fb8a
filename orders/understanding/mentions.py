"""Lines named in the sentence that makes them: "two pizzas, no onions on the first one", "the large one with ham".

What is said of them becomes a clause of its own, read when the lines are there.
"""

from __future__ import annotations

from dataclasses import replace

from orders.understanding.clauses import Clause
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon

_ORDERING = (None, Cue.ADD, Cue.MAKE)
_LEADING = (Cue.AND, Cue.BUT, Cue.FILLER, Cue.ON)


def split_mentions(clauses: list[Clause], lexicon: Lexicon, *, has_lines: bool) -> list[Clause]:
    """`has_lines`: there are lines from before. Clauses that say nothing of this kind stay the same objects."""
    out: list[Clause] = []
    for clause in clauses:
        if clause.intent in _ORDERING and not clause.is_instead:
            out += _split(clause, lexicon, has_lines=has_lines or bool(out))
        else:
            out.append(clause)
    return out


def _split(clause: Clause, lexicon: Lexicon, *, has_lines: bool) -> list[Clause]:
    elements = clause.elements
    breaks: list[tuple[int, Cue | None]] = []  # where a clause begins, and what it does
    for index in range(len(elements)):
        found = _mention(elements, index, lexicon)
        if found is None:
            continue
        start, intent = found
        has_before = has_lines or any(e.is_item for e in elements[:start])
        is_own = start == 0 and intent is clause.intent
        if has_before and not is_own and not (breaks and start <= breaks[-1][0]):
            breaks.append((start, intent))
    if not breaks:
        return [clause]
    parts: list[Clause] = []
    if breaks[0][0] > 0:
        parts.append(replace(clause, elements=elements[: breaks[0][0]]))
    ends = [start for start, _ in breaks[1:]] + [len(elements)]
    for (start, intent), end in zip(breaks, ends, strict=True):
        parts.append(Clause(intent, elements[start:end], clause.cue if start == 0 else None))
    return parts


def _mention(elements: list[Element], index: int, lexicon: Lexicon) -> tuple[int, Cue | None] | None:
    """Where what is said of the line that is named at `index` begins. The intent is None for "... on the first one"."""
    before = elements[index - 1] if index else None
    if before is not None and before.has(Cue.ON) and _counts_lines(elements, index):
        start = _start_of_options(elements, index - 1)
        return (start, None) if any(e.is_option for e in elements[start:index]) else None
    if not (_names_line(elements, index, lexicon) or _named_before(elements, index)):
        return None
    language = lexicon.language
    is_place = elements[index].norm in language.on_the or (
        before is not None and before.has(Cue.ON) and before.norm != language.purpose
    )
    if is_place and before is not None and not before.has(Cue.IT):
        start = _start_of_options(elements, index - 1 if before.has(Cue.ON) else index)
        said = elements[start:index]
        return (start, None) if any(e.is_option or e.has(Cue.NOT) for e in said) else None
    start = index
    while start and elements[start - 1].has(*_LEADING) and not elements[start].pause:
        start -= 1
    follows_pause = bool(elements[start].pause) or start == 0 or elements[start].has(Cue.AND, Cue.BUT)
    return (start, Cue.MAKE) if follows_pause and _is_changed(elements, index, lexicon) else None


def _named_before(elements: list[Element], index: int) -> bool:
    """ "... on the carnitas", which were ordered in the same sentence."""
    noun = elements[index + 1] if index + 1 < len(elements) else None
    before = elements[index - 1] if index else None
    if noun is None or noun.entry is None or before is None or not before.has(Cue.ON) or before.has(Cue.WITH):
        return False
    items = {t.ref[0] for t in noun.entry.items}
    return elements[index].has(Cue.THE) and any(
        e.entry is not None and not items.isdisjoint(t.ref[0] for t in e.entry.items) for e in elements[: index - 1]
    )


def _counts_lines(elements: list[Element], index: int) -> bool:
    """ "two of them", "all of them"."""
    after = elements[index + 1] if index + 1 < len(elements) else None
    is_alone = after is None or bool(after.pause) or after.has(Cue.OF_THEM, Cue.AND, Cue.NOT, Cue.BUT)
    is_number = elements[index].number is not None and not elements[index].is_article and is_alone
    is_half = any(e.has(Cue.HALF) for e in elements[:index])  # "ham on one half, olives on the other"
    return is_number or elements[index].has(Cue.ALL) or (elements[index].has(Cue.OTHER) and not is_half)


def _names_line(elements: list[Element], index: int, lexicon: Lexicon) -> bool:
    """ "the first one", "the second pizza", "the large one"; in some languages "la segunda"."""
    first = elements[index]
    if not first.has(Cue.THE, Cue.THAT) and first.norm not in lexicon.language.on_the:
        return False
    rest = elements[index + 1 : index + 5]
    at, ordinal, size = 0, False, False
    while at < len(rest) and not rest[at].pause:
        element = rest[at]
        if element.has(Cue.ORDINAL) and not element.is_option and not ordinal:
            ordinal = True
        elif element.is_size and not element.is_item and not size:
            size = True
        else:
            break
        at += 1
    noun = rest[at] if at < len(rest) and not rest[at].pause else None
    if not (ordinal or size):
        return False
    if noun is not None and noun.has(Cue.ONE) and not noun.is_item:
        return True
    if ordinal and noun is not None and (noun.is_item or noun.has(Cue.COMBO) or noun.norm in lexicon.language.things):
        return True
    return ordinal and (not lexicon.language.modifiers_first or _ends(noun))


def _ends(noun: Element | None) -> bool:
    """ "no onions on the first"."""
    return noun is None or noun.has(Cue.AND, Cue.WITH, Cue.NOT, Cue.BUT) or bool(noun.pause)


def _is_changed(elements: list[Element], index: int, lexicon: Lexicon) -> bool:
    """Whether something is said of the line: "... with ham", "... a medium", "... plain"."""
    at = index + 1
    while at < len(elements) and (
        elements[at].has(Cue.ORDINAL, Cue.ONE, Cue.THE) or (elements[at].is_size and at == index + 1)
    ):
        at += 1
    rest = elements[at : at + 4]
    return any(e.is_option or e.is_size or e.has(Cue.WITH, Cue.NOT) for e in rest)


def _start_of_options(elements: list[Element], end: int) -> int:
    """Back over "no onions and extra cheese" to where it begins."""
    start = end
    while start:
        before = elements[start - 1]
        is_said = before.is_option or before.has(Cue.NOT, Cue.AMOUNT, Cue.OR, Cue.FILLER, Cue.ADD)
        is_joined = before.has(Cue.AND) and start < end
        if not (is_said or is_joined) or (before.number is not None and not before.is_article):
            break
        start -= 1
        if elements[start].pause:
            break
    return start
