"""Phrases that belong together: two halves of one thing, a heading and what it announces."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import Portion
from orders.understanding.elements import Element
from orders.understanding.language import Cue, Word
from orders.understanding.lexicon import Lexicon
from orders.understanding.phrases import Phrase
from orders.understanding.words import is_plural


def merge_halves(phrases: list[Phrase], lexicon: Lexicon) -> list[Phrase]:
    """ "half margherita, half diavola" is one line."""
    menu = lexicon.menu
    out: list[Phrase] = []
    for phrase in phrases:
        before = out[-1] if out else None
        halved = phrase.half is Portion.SECOND_HALF and before is not None and before.half is Portion.FIRST_HALF
        if (
            before is not None
            and halved
            and all(any(menu.item_by_id[i].portioning is not None for i in p.items) for p in (before, phrase))
        ):
            before.parts = [*before.parts, replace(phrase, is_definite=True, parts=[]), *phrase.parts]
            if phrase.parts:
                before.doubt = max(before.doubt, 0.4)  # a third thing behind two halves
            before.end = phrase.end
            if len(out) > 1 and _is_bare_class(out[-2], lexicon) and out[-2].end >= before.start - 1:
                named = out.pop(-2)  # "a large pizza, half margherita, half diavola"
                before.quantity, before.is_article, before.size = named.quantity, named.is_article, named.size
            continue
        out.append(phrase)
    return out


def spread_halves(elements: list[Element]) -> list[Element]:
    """ "half and half, margherita and ham" as "half margherita half ham"."""
    at = next((i for i, e in enumerate(elements) if e.value(Cue.HALF) == "each" and e.entry is None), None)
    if at is None:
        return elements
    named = [i for i in range(at + 1, len(elements)) if elements[i].is_item or elements[i].is_option][:2]
    if len(named) < 2 or any(e.number is not None or e.pause == 2 for e in elements[at + 1 : named[1]]):
        return elements
    first, second = named
    half = Element(elements[at].start, elements[at].end, "half", None, (Word(Cue.HALF),), pause=elements[at].pause)
    again = Element(elements[second].start, elements[second].start, "half", None, (Word(Cue.HALF),))
    return [*elements[:at], half, elements[first], again, *elements[second:]]


def one_of_each(phrases: list[Phrase], lexicon: Lexicon) -> None:
    """ "three tacos pastor, carnitas and chicken": as many kinds as were announced by the class noun before them."""
    headed = [phrase for phrase in phrases if phrase.head is not None]
    _count_by_size(phrases)
    if len(headed) < 2 or headed[0].quantity != len(headed) or any(p.quantity is not None for p in headed[1:]):
        return
    words = headed[0].head.norm.split() if headed[0].head is not None else []
    is_class_first = len(words) > 1 and is_plural(words[0]) and lexicon.is_class_word(words[0])
    if is_class_first and all(_is_of(phrase, headed[0], lexicon) for phrase in headed[1:]):
        headed[0].quantity = 1


def _count_by_size(phrases: list[Phrase]) -> None:
    """ "two mediums, one ham and one cheese", "three larges, all cheese": what has no name is named behind."""
    for index, announced in enumerate(phrases[:-1]):
        headed = phrases[index + 1 :]
        is_bare = announced.head is None and announced.size is not None and not (announced.mods or announced.parts)
        if not is_bare or (announced.quantity or 1) < 2 or any(p.head is None or p.size for p in headed):
            continue
        if len(headed) == 1 and headed[0].quantity is None:
            headed[0].quantity = announced.quantity
        if sum(p.quantity or 1 for p in headed) != announced.quantity:
            continue
        for phrase in headed:
            phrase.size = announced.size
        announced.size = announced.quantity = None
        announced.is_all = False


def _is_bare_class(phrase: Phrase, lexicon: Lexicon) -> bool:
    return phrase.head is not None and not (phrase.mods or phrase.parts) and lexicon.is_class_word(phrase.head.norm)


def drop_heading(elements: list[Element], phrases: list[Phrase], lexicon: Lexicon) -> list[Phrase]:
    """ "three tacos, two al pastor and one carnitas": the first phrase only says what the others are."""
    one_of_each(phrases, lexicon)
    out = list(phrases)
    for index, phrase in enumerate(phrases):
        if not _may_head(elements, phrases[index : index + 2], lexicon):
            continue
        own = sum(part.quantity or 1 for part in phrase.parts)
        total = own
        for other in phrases[index + 1 :]:
            if not _is_of(other, phrase, lexicon):
                break
            total += 0 if other.is_place else other.quantity or 1
        if total == phrase.quantity:
            if own:
                phrase.quantity = own  # "two pizzas, one with ham, one half margherita half funghi"
                phrase.parts = [replace(part, of_them=True) for part in phrase.parts]
            else:
                out.remove(phrase)
            for other in phrases[index + 1 :]:
                if not _is_of(other, phrase, lexicon):
                    break
                other.size = other.size or phrase.size
                other.mods = [*phrase.mods, *other.mods]  # "three tacos with onion, two ..., one ..."
    return out


def _may_head(elements: list[Element], phrases: list[Phrase], lexicon: Lexicon) -> bool:
    phrase = phrases[0]
    if (
        len(phrases) < 2
        or phrase.head is None
        or (phrase.quantity or 1) < 2
        or any(part.head is not None for part in phrase.parts)
        or (phrase.size is not None and phrases[1].size is not None)
    ):
        return False
    if elements[max(phrases[1].start - 1, 0)].has(Cue.AND):
        return False
    return len(phrase.items) > 1 or lexicon.is_class_word(phrase.head.norm)


def _is_of(other: Phrase, heading: Phrase, lexicon: Lexicon) -> bool:
    items = lexicon.menu.item_by_id
    kinds = {items[i].category for i in heading.items}
    return other.head is not None and any(items[i].category in kinds for i in other.items)
