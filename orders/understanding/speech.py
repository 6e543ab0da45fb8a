"""The compiled menu as words a recogniser should expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orders.understanding.aliases import VARIANT
from orders.understanding.lexicon import Lexicon, SpokenForm
from orders.understanding.words import is_plural


def spoken_forms(lexicon: Lexicon) -> tuple[SpokenForm, ...]:
    """All forms with numbers in words, and the plural of what is close to its written name."""
    found: dict[SpokenForm, None] = {}
    for form in _with_short_forms(lexicon):
        text = " ".join(spell_out(word, lexicon) for word in form.text.split())
        found[form._replace(text=text)] = None
        if form.kind in ("item", "combo") and form.rank <= VARIANT and not is_plural(text.split()[-1]):
            found[form._replace(text=plural(text))] = None
    return tuple(found)


def _with_short_forms(lexicon: Lexicon) -> Iterator[SpokenForm]:
    short = lexicon.language.short_forms
    for form in lexicon.spoken:
        yield form
        words = form.text.split()
        for index, word in enumerate(words):
            for other in short.get(word, ()):
                yield form._replace(text=" ".join([*words[:index], other, *words[index + 1 :]]))


def spoken_words(lexicon: Lexicon) -> frozenset[str]:
    menu = {word for form in spoken_forms(lexicon) for word in form.text.split()}
    language = {word for phrase in lexicon.language.phrases for word in phrase.split()}
    return frozenset(menu | language | lexicon.language.units.keys() | lexicon.language.tens.keys())


def plural(text: str) -> str:
    """Of the last word, by the common rule."""
    if text.endswith(("s", "x", "ch", "sh", "z")):
        return text + "es"
    if text.endswith("y") and len(text) > 1 and text[-2] not in "aeiou":
        return text[:-1] + "ies"
    return text + "s"


def spell_out(word: str, lexicon: Lexicon) -> str:
    """ "7" as "seven"; what is no small whole number stays."""
    if not word.isdigit() or len(word) > 2:
        return word
    value = int(word)
    units = _names(lexicon.language.units)
    if value in units:
        return units[value]
    tens = _names(lexicon.language.tens)
    name = tens.get(value - value % 10)
    if name is None:
        return word
    joiner = f" {lexicon.language.tens_joiner} " if lexicon.language.tens_joiner else " "
    return name if value % 10 == 0 else f"{name}{joiner}{units[value % 10]}"


def _names(numbers: Mapping[str, int]) -> dict[int, str]:
    """Value -> its first word."""
    names: dict[int, str] = {}
    for word, value in numbers.items():
        names.setdefault(value, word)
    return names
