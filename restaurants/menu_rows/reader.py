from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

from restaurants import menu as shapes
from restaurants import models as rows
from restaurants.models import ALIAS_TARGETS, MenuRow, MenuVersion

Row = TypeVar("Row", bound=MenuRow)
Children = Mapping[int, list[Row]]


def read_menu_rows(version: MenuVersion) -> shapes.Menu:
    """The menu as the rows stand now; name, currency and tax come from the restaurant. One query per table.

    Nothing is checked here: `publish_menu` sends the result through `parse_menu` before anyone may order from it.
    """
    return RowReader(version).read()


class RowReader:
    def __init__(self, version: MenuVersion) -> None:
        self.version = version
        self.codes: dict[int, str] = {row.pk: row.code for row in self.all(rows.Item)}
        self.sizes: dict[int, str] = {row.pk: row.code for row in self.all(rows.Variation)}
        self.option_codes: dict[int, tuple[str, str]] = {}
        self.aliases: dict[tuple[str, int], list[shapes.Alias]] = defaultdict(list)
        for row in self.all(rows.Alias):
            target = next(name for name in ALIAS_TARGETS if getattr(row, f"{name}_id") is not None)
            alias = shapes.Alias(row.text, row.language or None, shapes.AliasKind(row.kind), row.source)
            self.aliases[target, getattr(row, f"{target}_id")].append(alias)

    def read(self) -> shapes.Menu:
        restaurant = self.version.restaurant
        groups = self.groups()  # first: it learns the options' codes
        return shapes.Menu(
            name=restaurant.name,
            slug=restaurant.slug,
            currency=restaurant.currency,
            locale=restaurant.locale,
            languages=tuple(restaurant.languages),
            tax_inclusive=restaurant.is_tax_inclusive,
            categories=tuple(
                shapes.Category(row.code, row.name, row.names, self.aliases_of("category", row))
                for row in self.all(rows.Category)
            ),
            items=self.items(),
            modifier_groups=groups,
            combos=self.combos(),
            presets=self.presets(),
            mix_deals=self.mix_deals(),
            qualifiers=tuple(
                shapes.Qualifier(row.code, row.name, row.names, row.price_percent) for row in self.all(rows.Qualifier)
            ),
            tax_classes=tuple(
                shapes.TaxClass(row.code, row.name, row.rate_basis_points) for row in self.all(rows.TaxClass)
            ),
            pronunciations=tuple(
                shapes.Pronunciation(row.word, row.sounds_like, row.language) for row in self.all(rows.Pronunciation)
            ),
        )

    def all(self, model: type[Row]) -> list[Row]:
        return list(model.objects.filter(version=self.version).order_by("position", "pk"))

    def children(self, model: type[Row], parent: str) -> Children[Row]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.all(model):
            found[getattr(row, f"{parent}_id")].append(row)
        return found

    def aliases_of(self, target: str, row: MenuRow) -> tuple[shapes.Alias, ...]:
        return tuple(self.aliases.get((target, row.pk), ()))

    def groups(self) -> tuple[shapes.ModifierGroup, ...]:
        options, prices = self.children(rows.Option, "group"), self.children(rows.OptionPrice, "option")
        found = []
        for group in self.all(rows.ModifierGroup):
            members = options.get(group.pk, [])
            self.option_codes |= {option.pk: (group.code, option.code) for option in members}
            found.append(
                shapes.ModifierGroup(
                    id=group.code,
                    name=group.name,
                    options=tuple(self.option(row, prices.get(row.pk, [])) for row in members),
                    names=group.names,
                    aliases=self.aliases_of("group", group),
                    kind=group.kind,
                    amounts=tuple(group.amounts),
                    counted=group.counted,
                    portionable=group.portionable,
                    ask=shapes.AskMode(group.ask),
                    questions=group.questions,
                )
            )
        return tuple(found)

    def option(self, row: rows.Option, prices: list[rows.OptionPrice]) -> shapes.Option:
        return shapes.Option(
            id=row.code,
            name=row.name,
            price_cents=row.price_cents,
            names=row.names,
            kitchen_name=row.kitchen_name,
            aliases=self.aliases_of("option", row),
            prices_by_variation={price.variation_code: price.price_cents for price in prices},
            item=self.codes[row.item_id] if row.item_id is not None else None,
            allergens=tuple(row.allergens),
        )

    def items(self) -> tuple[shapes.Item, ...]:
        categories = {row.pk: row.code for row in self.all(rows.Category)}
        taxes = {row.pk: row.code for row in self.all(rows.TaxClass)}
        facts, links = self.children(rows.AllergenFact, "item"), self.links()
        sizes = self.children(rows.Variation, "item")
        return tuple(
            shapes.Item(
                id=row.code,
                name=row.name,
                category=categories[row.category_id],
                price_cents=row.price_cents,
                names=row.names,
                kitchen_name=row.kitchen_name,
                description=row.description,
                descriptions=row.descriptions,
                aliases=self.aliases_of("item", row),
                variations=tuple(self.variation(size) for size in sizes.get(row.pk, ())),
                modifier_groups=tuple(links.get(row.pk, ())),
                portioning=shapes.Portioning(row.portioning) if row.portioning else None,
                allergens=tuple(shapes.AllergenFact(fact.allergen, fact.status) for fact in facts.get(row.pk, ())),
                tax_class=taxes[row.tax_class_id],
                station=row.station,
                prep_seconds=row.prep_seconds,
                age_check=row.age_check,
            )
            for row in self.all(rows.Item)
        )

    def variation(self, row: rows.Variation) -> shapes.Variation:
        aliases = self.aliases_of("variation", row)
        return shapes.Variation(row.code, row.name, row.price_cents, row.names, aliases, row.is_default, row.count)

    def links(self) -> dict[int, list[shapes.GroupLink]]:
        groups = {row.pk: row.code for row in self.all(rows.ModifierGroup)}
        overrides = self.children(rows.ItemGroupOption, "link")
        found: dict[int, list[shapes.GroupLink]] = defaultdict(list)
        for row in self.all(rows.ItemGroup):
            mine = [(self.option_codes[entry.option_id][1], entry) for entry in overrides.get(row.pk, ())]
            link = shapes.GroupLink(
                group=groups[row.group_id],
                min=row.min,
                max=row.max,
                included=row.included,
                defaults=tuple(code for code, entry in mine if entry.is_default),
                prices={code: entry.price_cents for code, entry in mine if entry.price_cents is not None},
            )
            found[row.item_id].append(link)
        return found

    def presets(self) -> tuple[shapes.Preset, ...]:
        choices, items = self.children(rows.PresetChoice, "preset"), self.children(rows.PresetItem, "preset")
        return tuple(
            shapes.Preset(
                id=row.code,
                name=row.name,
                choices=tuple(
                    shapes.PresetChoice(*self.option_codes[choice.option_id], choice.amount)
                    for choice in choices.get(row.pk, ())
                ),
                names=row.names,
                aliases=self.aliases_of("preset", row),
                items=tuple(self.codes[entry.item_id] for entry in items.get(row.pk, ())),
            )
            for row in self.all(rows.Preset)
        )

    def combos(self) -> tuple[shapes.Combo, ...]:
        slots, sizes = self.children(rows.ComboSlot, "combo"), self.children(rows.ComboSize, "combo")
        choices = self.children(rows.ComboChoice, "slot")
        return tuple(
            shapes.Combo(
                id=row.code,
                name=row.name,
                item=self.codes[row.item_id],
                price_cents=row.price_cents,
                number=row.number,
                variation=self.size_code(row.variation_id),
                names=row.names,
                aliases=self.aliases_of("combo", row),
                slots=tuple(self.slot(slot, choices.get(slot.pk, [])) for slot in slots.get(row.pk, ())),
                sizes=tuple(
                    shapes.ComboSize(
                        size.code,
                        size.name,
                        size.upcharge_cents,
                        size.names,
                        self.aliases_of("combo_size", size),
                        size.is_default,
                    )
                    for size in sizes.get(row.pk, ())
                ),
            )
            for row in self.all(rows.Combo)
        )

    def slot(self, row: rows.ComboSlot, choices: list[rows.ComboChoice]) -> shapes.ComboSlot:
        return shapes.ComboSlot(
            id=row.code,
            name=row.name,
            choices=tuple(
                shapes.ComboChoice(
                    self.codes[choice.item_id], self.size_code(choice.variation_id), choice.upcharge_cents
                )
                for choice in choices
            ),
            names=row.names,
            default=self.codes[row.default_item_id] if row.default_item_id is not None else None,
            questions=row.questions,
        )

    def mix_deals(self) -> tuple[shapes.MixDeal, ...]:
        items = self.children(rows.MixDealItem, "deal")
        return tuple(
            shapes.MixDeal(
                id=row.code,
                name=row.name,
                size=row.size,
                price_cents=row.price_cents,
                items=tuple(self.codes[entry.item_id] for entry in items.get(row.pk, ())),
                names=row.names,
            )
            for row in self.all(rows.MixDeal)
        )

    def size_code(self, variation_id: int | None) -> str | None:
        return None if variation_id is None else self.sizes[variation_id]
