"""Words of the menu that were said and came to nothing. A reading with one is never sure, whatever else it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orders.understanding.clauses import Clause
from orders.understanding.drafts import Workspace
from orders.understanding.elements import Element
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from restaurants.menu import Combo

Refs = set[tuple[str, str]]


def leftovers(clauses: list[Clause], space: Workspace, lexicon: Lexicon) -> list[Element]:
    """Of all clauses but questions, the options and items that no line of the cart, before or after, has."""
    spoken = [e for c in clauses if c.intent is not Cue.QUESTION for e in c.elements if _counts(e, lexicon)]
    if not spoken:
        return []
    known = _known(space, lexicon.menu.combo_by_id)
    return [e for e in spoken if not known & set(_refs(e))]


def _counts(element: Element, lexicon: Lexicon) -> bool:
    """Names an option or an item and nothing else: no size, no number, no small word, no class noun."""
    entry = element.entry
    if entry is None or element.cues or element.number is not None or element.is_size or entry.presets or entry.combos:
        return False
    return not lexicon.is_class_word(element.norm)


def _refs(element: Element) -> Iterable[tuple[str, str]]:
    entry = element.entry
    return (t.ref for t in (*entry.options, *entry.items)) if entry is not None else ()


def _known(space: Workspace, combos: Mapping[str, Combo]) -> Refs:
    known: Refs = {(item, "") for item in space.dismissed}
    for draft in space.drafts:
        before = draft.base
        items = {*draft.items, *(half.item for half in draft.halves)}
        options = [*draft.options.values(), *(o for half in draft.halves for o in half.options)]
        unresolved = [*draft.unresolved]
        if before is not None:
            items |= {before.item, *before.candidates, *(half.item for half in before.halves)}
            options += before.options
            unresolved += before.unresolved
        for combo in (draft.combo, before.combo if before is not None else None):
            if combo is not None:
                items |= {choice.item for choice in combo.choices}
                items |= {slot.default for slot in combos[combo.combo].slots if slot.default}
                options += [o for choice in combo.choices for o in choice.options]
        known |= {(item, "") for item in items} | {(o.group, o.option) for o in options}
        known |= {(entry.group, one) for entry in unresolved for one in entry.candidates}
        known |= {(group, option) for group, option, _ in draft.declined}
    return known
