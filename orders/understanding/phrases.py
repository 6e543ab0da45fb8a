"""Noun phrases: a sellable thing with everything said about it, before anybody decides what is to be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from orders.cart_types import Portion
from orders.understanding.elements import Element
from orders.understanding.lexicon import Target


@dataclass(slots=True)
class Mod:
    """An option, a preset or a count of the item's own unit (`targets` empty: "double latte"), as said."""

    element: Element
    targets: tuple[Target, ...] = ()
    presets: tuple[Target, ...] = ()
    amount: str = "regular"
    is_negated: bool = False
    count: int | None = None
    portion: Portion = Portion.WHOLE
    follows: bool = False  # joined to the option before it by "and", "or" or nothing


@dataclass(slots=True)
class Phrase:
    """`items`: what the head may be; none without a head ("a large with ham"). [start, end) are element indices."""

    start: int
    end: int
    head: Element | None = None
    items: tuple[str, ...] = ()
    combo: str | None = None
    quantity: int | None = None
    is_article: bool = False  # the quantity is only an "a"
    size: Element | None = None
    mods: list[Mod] = field(default_factory=list)
    parts: list[Phrase] = field(default_factory=list)
    slots: list[Phrase] = field(default_factory=list)  # of a combo: what was said to come with it
    has_own: bool = False  # something was said about the head itself after it, before any part
    is_definite: bool = False  # "the latte"
    is_negated: bool = False  # "no fries"
    is_by_options: bool = False  # an option stands where the name would: "a large mushroom"
    is_place: bool = False  # what goes before belongs on it: "in that coffee"
    is_all: bool = False  # both, all
    is_other: bool = False  # "the other"
    is_another: bool = False
    of_them: bool = False  # "one of them"
    is_combo: bool = False  # said with "meal" or "combo" behind it
    half: Portion = Portion.WHOLE  # said of one half: "half margherita"
    piece: int | None = None  # the "twenty" of "two twenty piece nuggets"
    joined: bool = False  # a part that comes after "and"
    pronoun: str = ""  # it | them
    ordinal: int = 0
    doubt: float = 0.0

    @property
    def is_empty_part(self) -> bool:
        return not (self.mods or self.size or self.slots)

    @property
    def is_empty(self) -> bool:
        return (
            self.head is None
            and not self.is_combo
            and self.size is None
            and self.quantity is None
            and not self.mods
            and not self.parts
        )
