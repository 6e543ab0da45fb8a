"""The menu of one restaurant as frozen values: what every pure module (understanding, cart, pricing, recogniser) reads.

Built by `restaurants.menu_format` from `menu.json` or by `restaurants.selectors` from the database; never changed
in place. Ids are the menu's own text ids: item ids are unique in the menu, variation ids within their item, option ids
within their group. Money is integer minor units of `currency`. Names per language are `names[language]`, falling back
to `name`.
"""

# budget: the whole menu is one vocabulary of small values; split, its parts would only import each other

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Protocol


class AliasKind(StrEnum):
    SPOKEN = "spoken"
    ABBREVIATION = "abbreviation"
    MISHEARING = "mishearing"
    BRAND_REMAP = "brand_remap"  # "coke" is Pepsi here, and must be said
    NUMBER = "number"
    DERIVED = "derived"  # made at publish from canonical names, never typed by staff


@dataclass(frozen=True, slots=True)
class Alias:
    text: str
    language: str | None = None  # None: said in any language
    kind: AliasKind = AliasKind.SPOKEN
    source: str = "staff"  # staff | learned | derived


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How a word sounds here: `sounds_like` is ordinary spelling ("ho cha ta"), as staff type it."""

    word: str
    sounds_like: str
    language: str = "en"


class AskMode(StrEnum):
    REQUIRED = "required"  # the dialogue asks until it is answered
    OFFER = "offer"  # asked once, "no" is fine
    MENTIONED = "mentioned"  # only if the customer brings it up


class Portioning(StrEnum):
    """Price of a line whose halves differ (`Item.portioning`); None on the item: halves are not sold."""

    HIGHER = "higher"
    AVERAGE = "average"
    SUM_OF_HALVES = "sum_of_halves"


@dataclass(frozen=True, slots=True)
class Qualifier:
    """An amount word ("extra") with its price rule: the option's price × `price_percent` / 100."""

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    price_percent: int = 100


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    name: str
    price_cents: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    kitchen_name: str = ""
    aliases: tuple[Alias, ...] = ()
    prices_by_variation: Mapping[str, int] = field(
        default_factory=dict
    )  # variation id -> cents, instead of price_cents
    item: str | None = None  # the same thing sold as an item: one 86 hits both
    allergens: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModifierGroup:
    id: str
    name: str
    options: tuple[Option, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    kind: str = "choice"  # choice | style (a named way of making it: "vegetarian") | preparation
    amounts: tuple[str, ...] = ("no", "light", "regular", "extra")
    counted: bool = False  # an option may carry a count: two shots
    portionable: bool = False  # an option may be on one half only
    ask: AskMode = AskMode.MENTIONED  # a link with min > 0 is REQUIRED whatever this says
    questions: Mapping[str, str] = field(default_factory=dict)  # language -> "Which sauce would you like?"

    @cached_property
    def option_by_id(self) -> Mapping[str, Option]:
        return {option.id: option for option in self.options}


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A modifier group on an item, with the item's own limits."""

    group: str
    min: int = 0
    max: int | None = None  # counts chosen options, "no ..." not counted; None: no limit
    included: int = 0  # the first n chosen options are free, the dearest first
    defaults: tuple[str, ...] = ()  # option ids on the item as sold; removing one never lowers the price
    prices: Mapping[str, int] = field(default_factory=dict)  # option id -> cents on this item


@dataclass(frozen=True, slots=True)
class Variation:
    """A size. `count` is for sizes by number: 20 on "Twenty nuggets"."""

    id: str
    name: str
    price_cents: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    is_default: bool = False  # taken when no size was said; without a default the dialogue asks
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PresetChoice:
    group: str
    option: str
    amount: str = "regular"


@dataclass(frozen=True, slots=True)
class Preset:
    """A named bundle of options: "plain", "the works", "con todo"."""

    id: str
    name: str
    choices: tuple[PresetChoice, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    items: tuple[str, ...] = ()  # empty: every item that links one of the groups


@dataclass(frozen=True, slots=True)
class AllergenFact:
    """`status` is unknown unless staff said otherwise, and unknown is never spoken as "no"."""

    allergen: str  # gluten, milk, egg, fish, crustaceans, peanuts, nuts, soy, celery, mustard, sesame, sulphites, ...
    status: str = "unknown"  # contains | may_contain | free | unknown


@dataclass(frozen=True)
class Item:
    id: str
    name: str
    category: str
    price_cents: int = 0  # used when there are no variations; with variations each one has its whole price
    names: Mapping[str, str] = field(default_factory=dict)
    kitchen_name: str = ""
    description: str = ""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    variations: tuple[Variation, ...] = ()
    modifier_groups: tuple[GroupLink, ...] = ()
    portioning: Portioning | None = None  # may be one half of a half-and-half line
    allergens: tuple[AllergenFact, ...] = ()
    tax_class: str = "standard"
    station: str = "kitchen"
    prep_seconds: int = 0
    age_check: int | None = None

    @cached_property
    def variation_by_id(self) -> Mapping[str, Variation]:
        return {variation.id: variation for variation in self.variations}

    @cached_property
    def link_by_group(self) -> Mapping[str, GroupLink]:
        return {link.group: link for link in self.modifier_groups}

    @property
    def default_variation(self) -> Variation | None:
        """The size taken when none is said: the marked one, or the only one."""
        if len(self.variations) == 1:
            return self.variations[0]
        return next((variation for variation in self.variations if variation.is_default), None)


@dataclass(frozen=True, slots=True)
class ComboChoice:
    item: str
    variation: str | None = None
    upcharge_cents: int = 0


@dataclass(frozen=True, slots=True)
class ComboSlot:
    """One part of a combo besides its main item: the side, the drink."""

    id: str
    name: str
    choices: tuple[ComboChoice, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None  # item id; None: asked
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComboSize:
    id: str
    name: str
    upcharge_cents: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Combo:
    """A deal around one main item. A line of `item` carries `LineCombo(combo=id)`; turning a line into it is an edit.

    Price of the line = price_cents + size upcharge + slot upcharges + the options of the main item as usual.
    """

    id: str
    name: str
    item: str  # the main item
    price_cents: int = 0
    number: int | None = None  # "number three"
    variation: str | None = None  # of the main item, when it has sizes
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()
    slots: tuple[ComboSlot, ...] = ()
    sizes: tuple[ComboSize, ...] = ()


@dataclass(frozen=True, slots=True)
class MixDeal:
    """Any `size` units among `items` for one price: three mixed tacos. Pricing applies it, best for the customer."""

    id: str
    name: str
    size: int
    price_cents: int
    items: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaxClass:
    id: str
    name: str
    rate_basis_points: int = 0  # 825 = 8.25 %


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[Alias, ...] = ()


DEFAULT_QUALIFIERS: tuple[Qualifier, ...] = (
    Qualifier("no", "no", {"es": "sin"}, 0),
    Qualifier("light", "light", {"es": "poco"}, 100),
    Qualifier("regular", "regular", {"es": "normal"}, 100),
    Qualifier("extra", "extra", {"es": "extra"}, 200),
    Qualifier("side", "on the side", {"es": "aparte"}, 100),
)


@dataclass(frozen=True)
class Menu:
    name: str
    slug: str
    currency: str = "USD"
    locale: str = "en-US"
    languages: tuple[str, ...] = ("en",)
    tax_inclusive: bool = False
    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    modifier_groups: tuple[ModifierGroup, ...] = ()
    combos: tuple[Combo, ...] = ()
    presets: tuple[Preset, ...] = ()
    mix_deals: tuple[MixDeal, ...] = ()
    qualifiers: tuple[Qualifier, ...] = DEFAULT_QUALIFIERS
    tax_classes: tuple[TaxClass, ...] = (TaxClass("standard", "Standard"),)
    pronunciations: tuple[Pronunciation, ...] = ()
    version: str = ""  # digest or number of the published version; a call pins it

    @cached_property
    def item_by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def group_by_id(self) -> Mapping[str, ModifierGroup]:
        return {group.id: group for group in self.modifier_groups}

    @cached_property
    def combo_by_id(self) -> Mapping[str, Combo]:
        return {combo.id: combo for combo in self.combos}

    @cached_property
    def category_by_id(self) -> Mapping[str, Category]:
        return {category.id: category for category in self.categories}

    @cached_property
    def qualifier_by_id(self) -> Mapping[str, Qualifier]:
        return {qualifier.id: qualifier for qualifier in self.qualifiers}

    @cached_property
    def tax_class_by_id(self) -> Mapping[str, TaxClass]:
        return {tax_class.id: tax_class for tax_class in self.tax_classes}


@dataclass(frozen=True, slots=True)
class Availability:
    """What is out right now, read live; everything not named is in. `reasons` is item id -> why, for staff only."""

    items_out: frozenset[str] = frozenset()
    options_out: frozenset[tuple[str, str]] = frozenset()  # (group, option)
    items_left: Mapping[str, int] = field(default_factory=dict)  # limited to n more
    reasons: Mapping[str, str] = field(default_factory=dict)


class Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def names(self) -> Mapping[str, str]: ...


def localized(entry: Named, language: str) -> str:
    """The customer-facing name of any menu entry in `language`, or its canonical name."""
    return entry.names.get(language) or entry.name
