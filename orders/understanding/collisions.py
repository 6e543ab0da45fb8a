"""Names of one menu that a customer could mean both of: for the publish page, which wants each one settled."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from orders.understanding.aliases import NAME, VARIANT
from orders.understanding.compile import build_lexicon
from orders.understanding.lexicon import Lexicon, Ref, SpokenForm
from orders.understanding.spelling import sound_of
from restaurants.menu import Menu


@dataclass(frozen=True, slots=True)
class Collision:
    """`kind`: exact (the same words), prefix (one name opens the other), phonetic (they sound alike).

    `things`: (kind, ref) of each thing meant, as in `SpokenForm`. `severity`: "error" where both bear the words as
    their name, so that not even a question tells them apart; "question" where the words alone always need one; "note"
    where the rest of the order settles it.
    """

    kind: str
    text: str
    other_text: str
    things: tuple[tuple[str, Ref], ...]
    severity: str


def collisions(menu: Menu, language: str = "en") -> tuple[Collision, ...]:
    """Only what staff wrote is compared; what is derived gives way by itself."""
    from orders.understanding import language_of

    lexicon = build_lexicon(menu, language_of(language))
    written = [form for form in lexicon.spoken if form.rank < VARIANT and form.kind in ("item", "option", "combo")]
    found = _exact(written, lexicon)
    found += _prefix(written)
    found += _phonetic(written)
    return tuple(found)


def _exact(written: list[SpokenForm], lexicon: Lexicon) -> list[Collision]:
    by_text: dict[str, list[SpokenForm]] = {}
    for form in written:
        by_text.setdefault(form.text, []).append(form)
    found = []
    for text, forms in by_text.items():
        things = tuple(dict.fromkeys((form.kind, form.ref) for form in forms))
        if len(things) < 2:
            continue
        named = dict.fromkeys((form.kind, form.ref) for form in forms if form.rank == NAME)
        if any(_is_one_name(a, b) for a, b in combinations(named, 2)):
            severity = "error"
        else:
            severity = "question" if any(_clashes(a, b, lexicon) for a, b in combinations(things, 2)) else "note"
        found.append(Collision("exact", text, text, things, severity))
    return found


def _is_one_name(one: tuple[str, Ref], other: tuple[str, Ref]) -> bool:
    """Two items, two combos, or two options of one group."""
    return one[0] == other[0] and (one[0] != "option" or one[1][0] == other[1][0])


def _clashes(one: tuple[str, Ref], other: tuple[str, Ref], lexicon: Lexicon) -> bool:
    """Two items, or two options of different groups that one item links: nothing but a question tells them apart."""
    if one[0] == other[0] == "item":
        return True
    if one[0] == other[0] == "option" and one[1][0] != other[1][0]:
        return any({one[1][0], other[1][0]} <= groups for groups in lexicon.groups.values())
    return False


def _prefix(written: list[SpokenForm]) -> list[Collision]:
    """An item whose name opens another's: a pause in the middle orders the short one."""
    items = {form.text: form for form in written if form.kind == "item"}
    found = []
    for text, form in items.items():
        words = text.split()
        for size in range(1, len(words)):
            shorter = items.get(" ".join(words[:size]))
            if shorter is not None and shorter.ref != form.ref:
                found.append(
                    Collision("prefix", shorter.text, text, (("item", shorter.ref), ("item", form.ref)), "note")
                )
    return found


def _phonetic(written: list[SpokenForm]) -> list[Collision]:
    by_sound: dict[tuple[str, str], list[SpokenForm]] = {}
    for form in written:
        sound = " ".join(filter(None, (sound_of(word) if word.isalpha() else word for word in form.text.split())))
        if len(sound) > 1:
            by_sound.setdefault((form.kind if form.kind != "option" else f"option {form.ref[0]}", sound), []).append(
                form
            )
    found = []
    for forms in by_sound.values():
        for a, b in combinations(forms, 2):
            if a.ref != b.ref and a.text != b.text:
                found.append(Collision("phonetic", a.text, b.text, ((a.kind, a.ref), (b.kind, b.ref)), "note"))
    return found
