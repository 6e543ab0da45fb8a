"""The menu as the customer's page shows it: names and prices as text, in one language, with what is out just now."""

from __future__ import annotations

from msgspec import Struct

from orders.money import money_text
from orders.wording import allergen_name
from restaurants.menu import Availability, Combo, GroupLink, Item, Menu, ModifierGroup, Variation, localized

MENTIONED = ("contains", "may_contain", "free")


class CategoryView(Struct, frozen=True):
    id: str
    name: str


class VariationView(Struct, frozen=True):
    id: str
    name: str
    price_text: str
    is_default: bool


class AmountView(Struct, frozen=True):
    id: str
    name: str


class OptionView(Struct, frozen=True):
    """`price_text` "" costs nothing; `prices` by variation where the price depends on the size."""

    id: str
    name: str
    price_text: str
    prices: dict[str, str]
    available: bool


class GroupView(Struct, frozen=True):
    id: str
    name: str
    kind: str
    counted: bool
    portionable: bool
    amounts: tuple[AmountView, ...]
    options: tuple[OptionView, ...]


class LinkView(Struct, frozen=True):
    """A group on an item. `prices`: options that cost something else here."""

    group: str
    min: int
    max: int | None
    included: int
    defaults: tuple[str, ...]
    prices: dict[str, str]


class AllergenFactView(Struct, frozen=True):
    """What is not listed is unknown, never absent."""

    allergen: str
    name: str
    status: str


class ItemView(Struct, frozen=True):
    id: str
    category: str
    name: str
    description: str
    price_text: str
    available: bool
    left: int | None
    variations: tuple[VariationView, ...]
    groups: tuple[LinkView, ...]
    allergens: tuple[AllergenFactView, ...]


class ChoiceView(Struct, frozen=True):
    item: str
    variation: str | None
    name: str
    price_text: str
    available: bool


class SlotView(Struct, frozen=True):
    id: str
    name: str
    default: str | None
    choices: tuple[ChoiceView, ...]


class ComboSizeView(Struct, frozen=True):
    id: str
    name: str
    price_text: str
    is_default: bool


class ComboView(Struct, frozen=True):
    id: str
    item: str
    number: int | None
    name: str
    price_text: str
    slots: tuple[SlotView, ...]
    sizes: tuple[ComboSizeView, ...]


class MenuView(Struct, frozen=True):
    version: str
    language: str
    currency: str
    tax_inclusive: bool
    categories: tuple[CategoryView, ...]
    groups: tuple[GroupView, ...]
    items: tuple[ItemView, ...]
    combos: tuple[ComboView, ...]


def menu_view(menu: Menu, availability: Availability, language: str) -> MenuView:
    return _Builder(menu, availability, language).menu_view()


class _Builder:
    def __init__(self, menu: Menu, availability: Availability, language: str) -> None:
        self.menu = menu
        self.stock = availability
        self.language = language

    def menu_view(self) -> MenuView:
        menu = self.menu
        return MenuView(
            version=menu.version,
            language=self.language,
            currency=menu.currency,
            tax_inclusive=menu.tax_inclusive,
            categories=tuple(CategoryView(one.id, localized(one, self.language)) for one in menu.categories),
            groups=tuple(self.group(group) for group in menu.modifier_groups),
            items=tuple(self.item(item) for item in menu.items),
            combos=tuple(self.combo(combo) for combo in menu.combos),
        )

    def money(self, cents: int) -> str:
        return money_text(cents, self.menu.currency, self.menu.locale)

    def unless_free(self, cents: int) -> str:
        return self.money(cents) if cents else ""

    def is_in(self, item: str) -> bool:
        return item not in self.stock.items_out and self.stock.items_left.get(item, 1) > 0

    def group(self, group: ModifierGroup) -> GroupView:
        amounts = (self.menu.qualifier_by_id.get(amount) for amount in group.amounts)
        return GroupView(
            id=group.id,
            name=localized(group, self.language),
            kind=group.kind,
            counted=group.counted,
            portionable=group.portionable,
            amounts=tuple(AmountView(one.id, localized(one, self.language)) for one in amounts if one is not None),
            options=tuple(
                OptionView(
                    id=option.id,
                    name=localized(option, self.language),
                    price_text=self.unless_free(option.price_cents),
                    prices={size: self.unless_free(cents) for size, cents in option.prices_by_variation.items()},
                    available=(group.id, option.id) not in self.stock.options_out,
                )
                for option in group.options
            ),
        )

    def item(self, item: Item) -> ItemView:
        cheapest = min((size.price_cents for size in item.variations), default=item.price_cents)
        return ItemView(
            id=item.id,
            category=item.category,
            name=localized(item, self.language),
            description=item.descriptions.get(self.language) or item.description,
            price_text=self.money(cheapest),
            available=self.is_in(item.id),
            left=self.stock.items_left.get(item.id),
            variations=tuple(self.variation(size) for size in item.variations),
            groups=tuple(self.link(link) for link in item.modifier_groups),
            allergens=tuple(
                AllergenFactView(fact.allergen, allergen_name(fact.allergen, self.language), fact.status)
                for fact in item.allergens
                if fact.status in MENTIONED
            ),
        )

    def variation(self, size: Variation) -> VariationView:
        return VariationView(
            id=size.id,
            name=localized(size, self.language),
            price_text=self.money(size.price_cents),
            is_default=size.is_default,
        )

    def link(self, link: GroupLink) -> LinkView:
        return LinkView(
            group=link.group,
            min=link.min,
            max=link.max,
            included=link.included,
            defaults=link.defaults,
            prices={option: self.unless_free(cents) for option, cents in link.prices.items()},
        )

    def combo(self, combo: Combo) -> ComboView:
        return ComboView(
            id=combo.id,
            item=combo.item,
            number=combo.number,
            name=localized(combo, self.language),
            price_text=self.money(combo.price_cents),
            slots=tuple(
                SlotView(
                    id=slot.id,
                    name=localized(slot, self.language),
                    default=slot.default,
                    choices=tuple(
                        ChoiceView(
                            item=choice.item,
                            variation=choice.variation,
                            name=self.choice_name(choice.item, choice.variation),
                            price_text=self.unless_free(choice.upcharge_cents),
                            available=self.is_in(choice.item),
                        )
                        for choice in slot.choices
                    ),
                )
                for slot in combo.slots
            ),
            sizes=tuple(
                ComboSizeView(
                    id=size.id,
                    name=localized(size, self.language),
                    price_text=self.unless_free(size.upcharge_cents),
                    is_default=size.is_default,
                )
                for size in combo.sizes
            ),
        )

    def choice_name(self, item_id: str, variation_id: str | None) -> str:
        item = self.menu.item_by_id[item_id]
        size = item.variation_by_id.get(variation_id) if variation_id else None
        name = localized(item, self.language)
        return f"{localized(size, self.language)} {name}" if size else name
