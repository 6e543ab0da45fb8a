"""The cart, the typed edits that change it and the problems that drive the next question: values only, ids only.

No price and no name is ever inside a cart or an edit; `orders.cart.apply_edits` alone makes a new revision. Above 300
lines because it is one contract, read as a whole.
"""

# budget: the whole vocabulary of carts, edits and problems; split, its parts would only import each other

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Origin(StrEnum):
    ASKED = "asked"  # the customer said it unprompted
    OFFERED = "offered"  # the customer accepted something the dialogue offered
    TOUCH = "touch"
    STAFF = "staff"
    MODEL = "model"  # proposed by a hosted model, validated here


class Portion(StrEnum):
    WHOLE = "whole"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"


@dataclass(frozen=True, slots=True)
class OptionChoice:
    """One option on a line. `amount` is a qualifier id; "no" means left out (also of a default)."""

    group: str
    option: str
    amount: str = "regular"
    count: int = 1
    portion: Portion = Portion.WHOLE


@dataclass(frozen=True, slots=True)
class UnresolvedOption:
    """The customer named something that fits several options of a group ("beans"): which of `candidates` is asked."""

    group: str
    candidates: tuple[str, ...]
    amount: str = "regular"
    count: int = 1


@dataclass(frozen=True, slots=True)
class Half:
    item: str
    options: tuple[OptionChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotChoice:
    slot: str
    item: str
    variation: str | None = None
    options: tuple[OptionChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class LineCombo:
    combo: str
    size: str | None = None
    choices: tuple[SlotChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the cart. `variation` None: no size was said (pricing takes the item's default, or a problem asks).

    `candidates`: item ids the words could also have meant ("tea"); non-empty means the item itself must be asked for;
    `item` is then the first candidate. Only what was said is in `options`: an item's defaults stay in the menu.
    """

    id: str  # "L1", unique in the cart for its whole life
    item: str
    quantity: int = 1
    variation: str | None = None
    options: tuple[OptionChoice, ...] = ()
    unresolved: tuple[UnresolvedOption, ...] = ()
    combo: LineCombo | None = None
    halves: tuple[Half, ...] = ()  # exactly two when not empty; `item` is then the first half's
    candidates: tuple[str, ...] = ()
    note: str = ""
    origin: Origin = Origin.ASKED
    heard: str = ""  # the words that made it, for staff


class Fulfilment(StrEnum):
    PICKUP = "pickup"
    DINE_IN = "dine_in"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Cart:
    revision: int = 0
    lines: tuple[Line, ...] = ()
    next_line: int = 1  # number of the next line id; never reused
    fulfilment: Fulfilment | None = None
    customer_name: str = ""
    customer_phone: str = ""
    allergies: tuple[str, ...] = ()  # what the customer said about themselves
    last_line: str | None = None  # last touched: what "it" and "that" mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What every edit carries. `heard` is the transcript span it came from."""

    confidence: float = 1.0
    origin: Origin = Origin.ASKED
    heard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLine(Edit):
    item: str
    quantity: int = 1
    variation: str | None = None
    options: tuple[OptionChoice, ...] = ()
    unresolved: tuple[UnresolvedOption, ...] = ()
    combo: LineCombo | None = None
    halves: tuple[Half, ...] = ()
    candidates: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuantity(Edit):
    """quantity 0 removes the line."""

    line: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariation(Edit):
    line: str
    variation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOption(Edit):
    """Adds the option or replaces the one with the same (group, option, portion).

    In a group whose link has max 1 it also replaces whatever was chosen there; an unresolved entry that holds it is
    resolved.
    """

    line: str
    choice: OptionChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUnresolved(Edit):
    line: str
    unresolved: UnresolvedOption


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOption(Edit):
    """Takes the choice away as if never said; a default then stands again. "No onions" is SetOption, amount "no"."""

    line: str
    group: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLine(Edit):
    """Moves `quantity` of the line's units to a new line right after it, equal but for its id: "make one large".

    The new line's id is the cart's next line id; following edits in the same batch may name it.
    """

    line: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceLine(Edit):
    """Another item in the same place. `keep_options` keeps the quantity, size and options the new item also allows."""

    line: str
    item: str
    quantity: int | None = None
    variation: str | None = None
    options: tuple[OptionChoice, ...] = ()
    unresolved: tuple[UnresolvedOption, ...] = ()
    candidates: tuple[str, ...] = ()
    keep_options: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLine(Edit):
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearCart(Edit):
    """Every line goes ("cancel everything", "start over")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCombo(Edit):
    """Turns the line into a combo (combo not None) or back (None)."""

    line: str
    combo: LineCombo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetComboSlot(Edit):
    line: str
    choice: SlotChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHalves(Edit):
    line: str
    halves: tuple[Half, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFulfilment(Edit):
    fulfilment: Fulfilment


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCustomer(Edit):
    """None leaves a field as it is."""

    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAllergy(Edit):
    allergen: str


CartEdit = (
    AddLine
    | SetQuantity
    | SetVariation
    | SetOption
    | SetUnresolved
    | RemoveOption
    | SplitLine
    | ReplaceLine
    | RemoveLine
    | ClearCart
    | ToCombo
    | SetComboSlot
    | SetHalves
    | SetFulfilment
    | SetCustomer
    | NoteAllergy
)


class ProblemKind(StrEnum):
    """In the priority in which the dialogue raises them (first = first)."""

    OVER_CAP = "over_cap"  # quantity or total above the restaurant's caps: hand over to a person
    UNAVAILABLE = "unavailable"
    AMBIGUOUS_ITEM = "ambiguous_item"
    MISSING_VARIATION = "missing_variation"
    AMBIGUOUS_OPTION = "ambiguous_option"
    MISSING_CHOICE = "missing_choice"  # a link with min > chosen
    MISSING_SLOT = "missing_slot"
    MISSING_COMBO_SIZE = "missing_combo_size"
    TOO_MANY = "too_many"  # a link with max < chosen
    NOT_ALLOWED = "not_allowed"  # option or portion that the item does not offer; the edit was not applied
    ALLERGEN_UNVERIFIED = "allergen_unverified"
    CLOSED = "closed"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Problem:
    kind: ProblemKind
    line: str | None = None
    group: str | None = None  # group id, or slot id for MISSING_SLOT
    candidates: tuple[str, ...] = ()  # ids to choose from: items, options, variations, combo sizes, by kind
    detail: str = ""  # an id or number a template may need (item id that is out, the cap)
    count: int | None = None  # how many are left (UNAVAILABLE), still to be chosen (MISSING_CHOICE), allowed (TOO_MANY)


@dataclass(frozen=True, slots=True)
class CartLimits:
    """The restaurant's caps: above them a person takes over."""

    max_line_quantity: int = 20
    max_units: int = 60
    max_total_cents: int = 50_000
    max_lines: int = 40


@dataclass(frozen=True, slots=True)
class Applied:
    """Result of applying a batch of edits: the new cart, what is wrong with it now, and the edits that were refused."""

    cart: Cart
    problems: tuple[Problem, ...] = ()
    refused: tuple[tuple[CartEdit, Problem], ...] = ()
    changed_lines: tuple[str, ...] = field(default=())
