from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from restaurants import models as rows
from restaurants.menu import Alias, Item, Menu, Named
from restaurants.models import MenuRow, MenuVersion

Row = TypeVar("Row", bound=MenuRow)


def write_menu_rows(version: MenuVersion, menu: Menu) -> None:
    """Insert every row of a valid `menu` into an empty version: one INSERT per table, restaurant in context."""
    RowWriter(version).write(menu)


def named(entry: Named, code: str) -> dict[str, Any]:
    return {"code": code, "name": entry.name, "names": dict(entry.names)}


class RowWriter:
    def __init__(self, version: MenuVersion) -> None:
        self.version = version
        self.aliases: list[dict[str, Any]] = []
        self.items: dict[str, rows.Item] = {}
        self.variations: dict[tuple[str, str], rows.Variation] = {}
        self.groups: dict[str, rows.ModifierGroup] = {}
        self.options: dict[tuple[str, str], rows.Option] = {}

    def write(self, menu: Menu) -> None:
        self.write_qualifiers(menu)
        self.write_items(menu)
        self.write_sizes(menu)
        self.write_groups(menu)
        for item in menu.items:
            self.write_links(item)
        self.write_presets(menu)
        self.write_combos(menu)
        self.write_mix_deals(menu)
        self.add(rows.Alias, self.aliases)

    def add(self, model: type[Row], entries: Iterable[Mapping[str, Any]]) -> list[Row]:
        restaurant_id = self.version.restaurant_id
        made = [
            model(restaurant_id=restaurant_id, version=self.version, position=position, **fields)
            for position, fields in enumerate(entries)
        ]
        return model.objects.bulk_create(made)

    def note_aliases(self, target: str, row: MenuRow, aliases: Sequence[Alias]) -> None:
        for alias in aliases:
            fields = {"text": alias.text, "language": alias.language or "", "kind": alias.kind.value}
            self.aliases.append({**fields, "source": alias.source, target: row})

    def write_qualifiers(self, menu: Menu) -> None:
        self.add(rows.Qualifier, [{**named(q, q.id), "price_percent": q.price_percent} for q in menu.qualifiers])
        words = [{"word": p.word, "sounds_like": p.sounds_like, "language": p.language} for p in menu.pronunciations]
        self.add(rows.Pronunciation, words)

    def write_items(self, menu: Menu) -> None:
        made = self.add(rows.Category, [named(category, category.id) for category in menu.categories])
        categories = {row.code: row for row in made}
        for category in menu.categories:
            self.note_aliases("category", categories[category.id], category.aliases)
        taxes = {
            row.code: row
            for row in self.add(
                rows.TaxClass,
                [
                    {"code": tax.id, "name": tax.name, "rate_basis_points": tax.rate_basis_points}
                    for tax in menu.tax_classes
                ],
            )
        }
        entries = [
            {
                **named(item, item.id),
                "category": categories[item.category],
                "price_cents": item.price_cents,
                "kitchen_name": item.kitchen_name,
                "description": item.description,
                "descriptions": dict(item.descriptions),
                "portioning": item.portioning.value if item.portioning else "",
                "tax_class": taxes[item.tax_class],
                "station": item.station,
                "prep_seconds": item.prep_seconds,
                "age_check": item.age_check,
            }
            for item in menu.items
        ]
        self.items = {row.code: row for row in self.add(rows.Item, entries)}
        for item in menu.items:
            self.note_aliases("item", self.items[item.id], item.aliases)
        facts = [
            {"item": self.items[item.id], "allergen": fact.allergen, "status": fact.status}
            for item in menu.items
            for fact in item.allergens
        ]
        self.add(rows.AllergenFact, facts)

    def write_sizes(self, menu: Menu) -> None:
        sizes = [(item, size) for item in menu.items for size in item.variations]
        entries = [
            {
                **named(size, size.id),
                "item": self.items[item.id],
                "price_cents": size.price_cents,
                "is_default": size.is_default,
                "count": size.count,
            }
            for item, size in sizes
        ]
        for (item, size), row in zip(sizes, self.add(rows.Variation, entries), strict=True):
            self.variations[item.id, size.id] = row
            self.note_aliases("variation", row, size.aliases)

    def write_groups(self, menu: Menu) -> None:
        entries = [
            {
                **named(group, group.id),
                "kind": group.kind,
                "amounts": list(group.amounts),
                "counted": group.counted,
                "portionable": group.portionable,
                "ask": group.ask.value,
                "questions": dict(group.questions),
            }
            for group in menu.modifier_groups
        ]
        self.groups = {row.code: row for row in self.add(rows.ModifierGroup, entries)}
        for group in menu.modifier_groups:
            self.note_aliases("group", self.groups[group.id], group.aliases)
        self.write_options(menu)

    def write_options(self, menu: Menu) -> None:
        options = [(group, option) for group in menu.modifier_groups for option in group.options]
        entries = [
            {
                **named(option, option.id),
                "group": self.groups[group.id],
                "price_cents": option.price_cents,
                "kitchen_name": option.kitchen_name,
                "item": self.items[option.item] if option.item is not None else None,
                "allergens": list(option.allergens),
            }
            for group, option in options
        ]
        prices = []
        for (group, option), row in zip(options, self.add(rows.Option, entries), strict=True):
            self.options[group.id, option.id] = row
            self.note_aliases("option", row, option.aliases)
            prices += [
                {"option": row, "variation_code": code, "price_cents": cents}
                for code, cents in option.prices_by_variation.items()
            ]
        self.add(rows.OptionPrice, prices)

    def write_links(self, item: Item) -> None:
        entries = [
            {
                "item": self.items[item.id],
                "group": self.groups[link.group],
                "min": link.min,
                "max": link.max,
                "included": link.included,
            }
            for link in item.modifier_groups
        ]
        overrides = []
        for link, row in zip(item.modifier_groups, self.add(rows.ItemGroup, entries), strict=True):
            for code in dict.fromkeys((*link.defaults, *link.prices)):
                option = self.options[link.group, code]
                is_default, price = code in link.defaults, link.prices.get(code)
                overrides.append({"link": row, "option": option, "is_default": is_default, "price_cents": price})
        self.add(rows.ItemGroupOption, overrides)

    def write_presets(self, menu: Menu) -> None:
        made = self.add(rows.Preset, [named(preset, preset.id) for preset in menu.presets])
        choices, items = [], []
        for preset, row in zip(menu.presets, made, strict=True):
            self.note_aliases("preset", row, preset.aliases)
            choices += [
                {"preset": row, "option": self.options[choice.group, choice.option], "amount": choice.amount}
                for choice in preset.choices
            ]
            items += [{"preset": row, "item": self.items[code]} for code in preset.items]
        self.add(rows.PresetChoice, choices)
        self.add(rows.PresetItem, items)

    def write_combos(self, menu: Menu) -> None:
        entries = [
            {
                **named(combo, combo.id),
                "item": self.items[combo.item],
                "variation": self.size_of(combo.item, combo.variation),
                "price_cents": combo.price_cents,
                "number": combo.number,
            }
            for combo in menu.combos
        ]
        combos = self.add(rows.Combo, entries)
        sizes = [(row, size) for combo, row in zip(menu.combos, combos, strict=True) for size in combo.sizes]
        entries = [
            {
                **named(size, size.id),
                "combo": row,
                "upcharge_cents": size.upcharge_cents,
                "is_default": size.is_default,
            }
            for row, size in sizes
        ]
        for combo, row in zip(menu.combos, combos, strict=True):
            self.note_aliases("combo", row, combo.aliases)
        for (_, size), size_row in zip(sizes, self.add(rows.ComboSize, entries), strict=True):
            self.note_aliases("combo_size", size_row, size.aliases)
        self.write_slots(menu, combos)

    def write_slots(self, menu: Menu, combos: Sequence[rows.Combo]) -> None:
        slots = [(row, slot) for combo, row in zip(menu.combos, combos, strict=True) for slot in combo.slots]
        entries = [
            {
                **named(slot, slot.id),
                "combo": row,
                "default_item": self.items[slot.default] if slot.default is not None else None,
                "questions": dict(slot.questions),
            }
            for row, slot in slots
        ]
        made = self.add(rows.ComboSlot, entries)
        choices = [
            {
                "slot": row,
                "item": self.items[choice.item],
                "variation": self.size_of(choice.item, choice.variation),
                "upcharge_cents": choice.upcharge_cents,
            }
            for (_, slot), row in zip(slots, made, strict=True)
            for choice in slot.choices
        ]
        self.add(rows.ComboChoice, choices)

    def write_mix_deals(self, menu: Menu) -> None:
        entries = [
            {**named(deal, deal.id), "size": deal.size, "price_cents": deal.price_cents} for deal in menu.mix_deals
        ]
        made = self.add(rows.MixDeal, entries)
        pairs = [(row, code) for deal, row in zip(menu.mix_deals, made, strict=True) for code in deal.items]
        self.add(rows.MixDealItem, [{"deal": row, "item": self.items[code]} for row, code in pairs])

    def size_of(self, item: str, code: str | None) -> rows.Variation | None:
        return None if code is None else self.variations[item, code]
