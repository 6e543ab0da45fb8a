"""Size words: the menu's own, and the general ones laid over the menu's order of sizes."""

from __future__ import annotations

from collections.abc import Sequence

from orders.understanding.aliases import ALIAS, NAME, SHORT, VARIANT, Forms, Keys
from orders.understanding.language import Language
from orders.understanding.words import words_of

# For n sizes, smallest first: the place on the general scale (0 tiny ... 4 huge) that each one takes.
_PLACES = {1: (2,), 2: (1, 3), 3: (1, 2, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}


def size_forms(sizes: Sequence[tuple[str, Sequence[tuple[str, int]]]], language: Language) -> list[tuple[str, Forms]]:
    """For each (id, names), in the menu's order: what it may be called. General words fill in where no name is one."""
    scale = {words_of(text, language.canonical)[1]: place for text, place in language.size_scale.items()}
    found = [(ident, _own(names, language)) for ident, names in sizes]
    taken = {keys for _, forms in found for keys in forms}
    places = [_place(forms, scale) for _, forms in found]
    if all(place is None for place in places):
        places = list(_PLACES.get(len(found), (None,) * len(found)))
    for keys, place in scale.items():
        if keys in taken:
            continue
        index = _nearest(place, places)
        if index is not None:
            found[index][1].put(keys, SHORT, False)
    return found


def _own(names: Sequence[tuple[str, int]], language: Language) -> Forms:
    forms = Forms()
    size_word = words_of("size", language.canonical)[1]
    for text, rank in names:
        keys = words_of(text, language.canonical)[1]
        bare = keys[:-1] if len(keys) > 1 and keys[-1:] == size_word else keys
        for variant, variant_rank in _spellings(keys, bare, rank):
            forms.put(variant, variant_rank, False)
            forms.put((*variant, *size_word), max(variant_rank, VARIANT), False)
            forms.put((*variant, "sized"), max(variant_rank, VARIANT), False)
    return forms


def _spellings(keys: Keys, bare: Keys, rank: int) -> list[tuple[Keys, int]]:
    found = [(keys, rank)]
    if bare != keys:
        found.append((bare, max(rank, VARIANT)))
    if bare in (("extra", "large"), ("x", "large"), ("xlarge",)):
        found += [(("xlarge",), ALIAS), (("extra", "large"), ALIAS), (("x", "large"), ALIAS)]
    return [(form, r) for form, r in found if form]


def _place(forms: Forms, scale: dict[Keys, int]) -> int | None:
    ranked = sorted((rank, scale[keys]) for keys, (rank, _) in forms.items() if keys in scale)
    return ranked[0][1] if ranked and ranked[0][0] >= NAME else None


def _nearest(place: int, places: Sequence[int | None]) -> int | None:
    """The only size at that place. Between two neighbours nothing is guessed, except beyond the ends of the scale."""
    exact = [index for index, own in enumerate(places) if own == place]
    if len(exact) == 1:
        return exact[0]
    known = [(own, index) for index, own in enumerate(places) if own is not None]
    if exact or len(known) != len(places) or len(known) < 2:
        return None
    lowest, highest = min(known), max(known)
    if place < lowest[0]:
        return lowest[1]
    return highest[1] if place > highest[0] else None
