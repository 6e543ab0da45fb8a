"""Names of a menu that sound alike, in sentences for whoever publishes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orders.understanding import LANGUAGES, Collision, collisions, language_of
from restaurants.menu import Menu

_SENTENCES = {
    "error": "{language}: {things} have one and the same name, “{text}”. Nobody can tell them apart: rename one.",
    "question": "{language}: “{text}” may mean {things}. Whoever says only that is asked which one.",
    "phonetic": "{language}: “{text}” and “{other}” sound alike. The recogniser may take one for the other.",
}


def refusals(menu: Menu) -> Sequence[str]:
    """What blocks a publish: two things of a kind with one name."""
    return _sentences(menu, lambda one: one.severity == "error")


def warnings(menu: Menu) -> Sequence[str]:
    """What will cost a question, and what the ear may mix up; not what the rest of the order settles."""
    return _sentences(menu, lambda one: one.severity == "question" or one.kind == "phonetic")


def _sentences(menu: Menu, is_told: Callable[[Collision], bool]) -> tuple[str, ...]:
    """One for each collision, with the languages it is met in: those of the menu that have a layer of their own."""
    codes = dict.fromkeys(language_of(code).code for code in menu.languages or tuple(LANGUAGES))
    languages: dict[Collision, list[str]] = {}
    for code in codes:
        for one in filter(is_told, collisions(menu, code)):
            languages.setdefault(one, []).append(code)
    return tuple(_sentence(one, ", ".join(spoken), menu) for one, spoken in languages.items())


def _sentence(one: Collision, languages: str, menu: Menu) -> str:
    key = one.severity if one.severity in _SENTENCES else one.kind
    names = list(dict.fromkeys(_name(kind, ref, menu) for kind, ref in one.things))
    return _SENTENCES[key].format(language=languages, things=_listed(names), text=one.text, other=one.other_text)


def _name(kind: str, ref: tuple[str, str], menu: Menu) -> str:
    """“Bacon (Toppings)”: with where it stands, for the name alone is what is in question."""
    first, second = ref
    if kind == "option":
        group = menu.group_by_id[first]
        return f"{group.option_by_id[second].name} ({group.name})"
    if kind == "combo":
        return f"{menu.combo_by_id[first].name} (combo)"
    item = menu.item_by_id[first]
    category = menu.category_by_id.get(item.category)
    return f"{item.name} ({category.name if category else item.category})"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
