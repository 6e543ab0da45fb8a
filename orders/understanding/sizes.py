"""Size words: the menu's own, and the general ones laid over the menu's order of sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orders.understanding.aliases import ALIAS, SHORT, VARIANT, Deriver, Forms, Keys, Words

# For n sizes, smallest first: the place on the general scale (0 tiny ... 4 huge) that each one takes.
_PLACES = {1: (2,), 2: (1, 3), 3: (1, 2, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}


_EXTRA_LARGE = (("extra", "large"), ("x", "large"), ("xlarge",))


def size_forms(sizes: Sequence[tuple[str, Sequence[tuple[str, int]]]], deriver: Deriver) -> list[tuple[str, Forms]]:
    """For each (id, names), in the menu's order: what it may be called. General words fill in where no name is one."""
    scale = {deriver.words(text): place for text, place in deriver.language.size_scale.items()}
    found = [(ident, _own(names, deriver)) for ident, names in sizes]
    taken = {keys for _, forms in found for keys in forms}
    places = max(
        _placings([forms for _, forms in found], scale, deriver), key=lambda placed: len(placed) - placed.count(None)
    )
    if all(place is None for place in places):
        places = list(_PLACES.get(len(found), (None,) * len(found)))
    for words, place in scale.items():
        index = None if words.keys in taken else _nearest(place, places)
        if index is not None:
            found[index][1].put(words, SHORT)
    return found


def _placings(found: list[Forms], scale: Mapping[Words, int], deriver: Deriver) -> list[list[int | None]]:
    """Where the menu's names stand on the scale of this language, and on those of others a menu may be written in."""
    scales = [{words.keys: place for words, place in scale.items()}]
    scales += [
        {deriver.words(text).keys: place for text, place in other.items()} for other in deriver.language.other_scales
    ]
    return [[_place(forms, each) for forms in found] for each in scales]


def _own(names: Sequence[tuple[str, int]], deriver: Deriver) -> Forms:
    forms = Forms()
    suffixes = [deriver.words(word) for word in deriver.language.size_nouns]
    for text, rank in names:
        words = deriver.words(text)
        variants = [(words, rank)]
        if len(words) > 1 and words[-1:] in suffixes:
            variants.append((Words(words[:-1]), max(rank, VARIANT)))
        if words.keys in _EXTRA_LARGE:
            variants += [(deriver.words(" ".join(keys)), ALIAS) for keys in _EXTRA_LARGE]
        variants += [(other, max(rank, VARIANT)) for other in deriver.whole_rows.get(words.keys, ())]
        for variant, variant_rank in variants:
            forms.put(variant, variant_rank)
            for suffix in suffixes:
                forms.put(Words((*variant, *suffix)), max(variant_rank, VARIANT))
    return forms


def _place(forms: Forms, scale: Mapping[Keys, int]) -> int | None:
    ranked = sorted((form.rank, scale[keys]) for keys, form in forms.items() if keys in scale)
    return ranked[0][1] if ranked else None


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
