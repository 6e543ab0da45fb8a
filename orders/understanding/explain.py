"""What was heard, what was understood of it and why, in the words of the menu: for the command and the staff page.

Reads the public `Understanding` only, so it explains a parser's reading and a model's alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orders.cart import apply_edits
from orders.cart_types import (
    AddLine,
    Cart,
    CartEdit,
    CartLimits,
    OptionChoice,
    Origin,
    ProblemKind,
    RemoveOption,
    ReplaceLine,
    SetComboSlot,
    SetHalves,
    SetOption,
    SetUnresolved,
    SetVariation,
    ToCombo,
)
from orders.cart_view import CartView, ProblemView, cart_view
from orders.understanding.edit_words import EditWords
from orders.understanding.explain_wording import ACT, KIND, VERDICT, VERDICT_WHY
from orders.understanding.types import ActKind, DialogueAct, TokenReading, Understanding
from orders.understanding.verdict import Verdict, certainty, verdict_of
from orders.wording import Wording, allergen_name, in_language
from restaurants.menu import Availability, Menu, localized

MAX_OTHERS = 6  # meanings of a span that were not taken, by name
MENU_KINDS = ("item", "option", "variation", "preset", "combo", "combo_size")


@dataclass(frozen=True, slots=True)
class Span:
    """Words read as one thing. `chosen`: the meanings an edit took; `others`: what they could have meant besides."""

    text: str
    kind: str
    label: str
    chosen: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    more: int = 0  # others that are not listed


@dataclass(frozen=True, slots=True)
class EditShown:
    text: str
    heard: str
    confidence: float
    is_from_model: bool = False
    refused: tuple[str, ...] = ()  # why the basket did not take it, or parts of it


@dataclass(frozen=True, slots=True)
class Explanation:
    heard: str
    hypotheses: tuple[str, ...]  # all that the recogniser offered, when more than one
    spans: tuple[Span, ...]
    edits: tuple[EditShown, ...]
    acts: tuple[str, ...]
    unknown: tuple[str, ...]
    confidence: float
    verdict: Verdict
    verdict_text: str
    verdict_why: str
    is_complete: bool
    basket: CartView  # as the edits would leave it
    problems: tuple[str, ...]
    reply: str


def explain(
    understanding: Understanding,
    menu: Menu,
    *,
    language: str,
    cart: Cart = Cart(),  # noqa: B008  # frozen
    availability: Availability = Availability(),  # noqa: B008  # frozen
    limits: CartLimits = CartLimits(),  # noqa: B008  # frozen
    hypotheses: Sequence[str] = (),
    reply: str = "",
) -> Explanation:
    """`language` is that of the explanation. `cart` is the one the words were read against."""
    teller = _Teller(menu, language, availability, limits)
    applied = apply_edits(cart, understanding.edits, menu, availability=availability, limits=limits)
    basket = cart_view(applied.cart, menu, language=language, problems=applied.problems)
    verdict = verdict_of(understanding)
    targets = (target for act in understanding.acts for target in act.targets)
    taken = frozenset((*teller.taken(understanding.edits, cart), *targets))
    return Explanation(
        heard=understanding.text,
        hypotheses=tuple(hypotheses) if len(hypotheses) > 1 else (),
        spans=tuple(teller.span(reading, taken) for reading in understanding.readings),
        edits=tuple(teller.edits(understanding.edits, cart)),
        acts=tuple(teller.act(act) for act in understanding.acts),
        unknown=understanding.unknown,
        confidence=certainty(understanding),
        verdict=verdict,
        verdict_text=in_language(VERDICT, language)[verdict],
        verdict_why=in_language(VERDICT_WHY, language)[verdict],
        is_complete=understanding.is_complete,
        basket=basket,
        problems=tuple(teller.problem(one, basket) for one in basket.problems if one.kind != ProblemKind.EMPTY),
        reply=reply,
    )


class _Teller:
    def __init__(self, menu: Menu, language: str, availability: Availability, limits: CartLimits) -> None:
        self.menu = menu
        self.language = language
        self.availability = availability
        self.limits = limits
        self.names = Wording(menu, language)
        self.words = EditWords(menu, language)

    def span(self, reading: TokenReading, taken: frozenset[str]) -> Span:
        label = in_language(KIND, self.language).get(reading.kind, reading.kind)
        if reading.kind not in MENU_KINDS:
            is_telling = reading.kind == "number" and reading.value != reading.text
            return Span(reading.text, reading.kind, label, (reading.value,) if is_telling else ())
        refs = reading.value.split("|")
        chosen = tuple(dict.fromkeys(self.meaning(reading.kind, ref) for ref in refs if ref in taken))
        others = self.others(reading.kind, [ref for ref in refs if ref not in taken], chosen)
        more = max(0, len(others) - MAX_OTHERS)
        return Span(reading.text, reading.kind, label, chosen, others[:MAX_OTHERS], more)

    def others(self, kind: str, refs: Sequence[str], chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Half the menu has a "large": once it is clear whose, the other ones say nothing, and before that by size."""
        if kind != "variation":
            names = (self.meaning(kind, ref) for ref in refs)
        elif chosen:
            return ()
        else:
            pairs = (ref.partition("/") for ref in refs)
            names = (self.names.size(self.menu.item_by_id.get(item), size) for item, _, size in pairs)
        return tuple(name for name in dict.fromkeys(names) if name not in chosen)

    def meaning(self, kind: str, ref: str) -> str:
        """The canonical name of what a reading points at: ids as `TokenReading.value` writes them."""
        first, _, second = ref.partition("/")
        if kind == "item":
            return self.names.item(first)
        if kind == "option":
            return f"{self.names.option_name(first, second)} ({self.names.group(first)})"
        if kind == "variation":
            return self.names.sized(self.names.item(first), self.names.size(self.menu.item_by_id.get(first), second))
        if kind == "combo_size":
            return self.names.combo_size(first, second)
        pools = self.menu.combos if kind == "combo" else self.menu.presets
        return next((localized(one, self.language) for one in pools if one.id == first), first)

    def taken(self, edits: Sequence[CartEdit], cart: Cart) -> Iterator[str]:
        """What the edits are about, written as `TokenReading.value` writes it."""
        for edit, before in self.steps(edits, cart):
            line = next((one for one in before.lines if one.id == getattr(edit, "line", None)), None)
            item = line.item if line else ""
            match edit:
                case AddLine() | ReplaceLine():
                    items = (edit.item, *edit.candidates, *_half_items(edit))
                    yield from items
                    yield from (f"{one}/{edit.variation}" for one in items)
                    yield from _options(edit.options)
                    yield from (f"{entry.group}/{one}" for entry in edit.unresolved for one in entry.candidates)
                    if isinstance(edit, AddLine) and edit.combo:
                        yield edit.combo.combo
                        yield f"{edit.combo.combo}/{edit.combo.size}"
                        yield from (one.item for one in edit.combo.choices)
                case SetVariation():
                    yield f"{item}/{edit.variation}"
                case SetOption():
                    yield from _options((edit.choice,))
                case RemoveOption():
                    yield f"{edit.group}/{edit.option}"
                case SetUnresolved():
                    yield from (f"{edit.unresolved.group}/{one}" for one in edit.unresolved.candidates)
                case ToCombo() if edit.combo:
                    yield edit.combo.combo
                    yield f"{edit.combo.combo}/{edit.combo.size}"
                case SetComboSlot():
                    yield edit.choice.item
                    yield f"{edit.choice.item}/{edit.choice.variation}"
                case SetHalves():
                    yield from (half.item for half in edit.halves)
            yield item  # the line that was meant

    def steps(self, edits: Sequence[CartEdit], cart: Cart) -> Iterator[tuple[CartEdit, Cart]]:
        """Each edit with the cart right before it."""
        for edit in edits:
            yield edit, cart
            cart = apply_edits(cart, (edit,), self.menu, availability=self.availability, limits=self.limits).cart

    def edits(self, edits: Sequence[CartEdit], cart: Cart) -> Iterator[EditShown]:
        for edit, before in self.steps(edits, cart):
            tried = apply_edits(before, (edit,), self.menu, availability=self.availability, limits=self.limits)
            yield EditShown(
                self.words.sentence(edit, before),
                edit.heard,
                edit.confidence,
                edit.origin is Origin.MODEL,
                tuple(dict.fromkeys(self.refusal(part, problem.kind) for part, problem in tried.refused)),
            )

    def refusal(self, part: CartEdit, kind: ProblemKind) -> str:
        what = self.names.option(part.choice) if isinstance(part, SetOption) else ""
        return ": ".join(filter(None, (what, self.names.problem(kind))))

    def act(self, act: DialogueAct) -> str:
        """ "asks what it costs: Lasagna"."""
        about = [self.thing(target) for target in act.targets]
        if act.kind is ActKind.ASK_ALLERGEN and act.value:
            about.insert(0, allergen_name(act.value, self.language))
        elif act.value and not about:
            about.append(self.thing(act.value))
        words = in_language(ACT, self.language)[act.kind]
        if act.kind is ActKind.OFF_MENU and act.value:
            words = f"{words} (“{act.value}”)"
            about = about if act.targets else []
        return f"{words}: {', '.join(about)}" if about else words

    def thing(self, identifier: str) -> str:
        menu = self.menu
        for pool in (menu.item_by_id, menu.combo_by_id, menu.category_by_id, menu.group_by_id):
            found = pool.get(identifier)
            if found is not None:
                return localized(found, self.language)
        owners = (group for group in menu.modifier_groups if identifier in group.option_by_id)
        owner = next(owners, None)
        return self.names.option_name(owner.id, identifier) if owner else identifier

    def problem(self, problem: ProblemView, basket: CartView) -> str:
        """ "Spaghetti: Sauce: Choose one"."""
        line = next((one.title for one in basket.lines if one.id == problem.line), "")
        what = problem.group_name or (self.thing(problem.detail) if problem.kind == ProblemKind.UNAVAILABLE else "")
        return ": ".join(filter(None, (line, what, problem.text)))


def _half_items(edit: AddLine | ReplaceLine) -> tuple[str, ...]:
    return tuple(half.item for half in edit.halves) if isinstance(edit, AddLine) else ()


def _options(choices: Sequence[OptionChoice]) -> Iterator[str]:
    return (f"{choice.group}/{choice.option}" for choice in choices)
