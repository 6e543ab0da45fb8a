"""What no single field shows: duplicate and dangling ids, impossible limits, cycles. Reads a built `Menu`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from restaurants.menu import Combo, Item, Menu, ModifierGroup
from restaurants.menu_format.errors import ErrorCode, ErrorLog, shown
from restaurants.menu_format.reader import UNREADABLE, key_path


class Checker:
    def __init__(self, menu: Menu, log: ErrorLog) -> None:
        self.menu = menu
        self.log = log
        self.items = {item.id: item for item in menu.items}
        self.groups = {group.id: group for group in menu.modifier_groups}
        self.qualifiers = {qualifier.id for qualifier in menu.qualifiers}

    def check(self) -> None:
        menu = self.menu
        for name in ("categories", "items", "modifier_groups", "combos", "presets", "mix_deals", "qualifiers"):
            self.unique_ids(f"$.{name}", [entry.id for entry in getattr(menu, name)])
        self.unique_ids("$.tax_classes", [tax_class.id for tax_class in menu.tax_classes])
        self.unique("$.languages", menu.languages, "the language is listed twice")
        if not menu.languages:
            self.log.add("$.languages", ErrorCode.IMPOSSIBLE, "must name at least one language")
        for index, group in enumerate(menu.modifier_groups):
            self.check_group(group, f"$.modifier_groups[{index}]")
        for index, item in enumerate(menu.items):
            self.check_item(item, f"$.items[{index}]")
        numbers = [combo.number for combo in menu.combos]
        for index, combo in enumerate(menu.combos):
            path = f"$.combos[{index}]"
            if combo.number is not None and combo.number in numbers[:index]:
                self.log.add(f"{path}.number", ErrorCode.DUPLICATE_ID, f"{combo.number} is the number of another combo")
            self.check_combo(combo, path)
        self.check_presets()
        for index, deal in enumerate(menu.mix_deals):
            path = f"$.mix_deals[{index}].items"
            self.known(path, deal.items, self.items, "item")
            self.unique(path, deal.items, "the item is listed twice")
            if not deal.items:
                self.log.add(path, ErrorCode.IMPOSSIBLE, "must name at least one item")
        self.check_cycles()

    def unique_ids(self, path: str, ids: Sequence[str]) -> None:
        seen: dict[str, int] = {}
        for index, entry_id in enumerate(ids):
            if entry_id in seen and entry_id != UNREADABLE:
                message = f"the id {shown(entry_id)} is already used by {path}[{seen[entry_id]}]"
                self.log.add(f"{path}[{index}].id", ErrorCode.DUPLICATE_ID, message)
            seen.setdefault(entry_id, index)

    def unique(self, path: str, values: Sequence[str], message: str) -> None:
        for index, value in enumerate(values):
            if value in values[:index] and value != UNREADABLE:
                self.log.add(f"{path}[{index}]", ErrorCode.DUPLICATE_ID, message)

    def known(self, path: str, ids: Iterable[str], among: Collection[str], what: str) -> None:
        for index, entry_id in enumerate(ids):
            self.known_one(f"{path}[{index}]", entry_id, among, what)

    def known_one(self, path: str, entry_id: str | None, among: Collection[str], what: str) -> bool:
        if entry_id is None or entry_id == UNREADABLE or entry_id in among:
            return entry_id in among
        self.log.add(path, ErrorCode.DANGLING_ID, f"there is no {what} with the id {shown(entry_id)}")
        return False

    def known_keys(self, path: str, keys: Mapping[str, int], among: Collection[str], what: str) -> None:
        for key in keys:
            self.known_one(key_path(path, key), key, among, what)

    def one_default(self, path: str, defaults: Sequence[bool]) -> None:
        if sum(defaults) > 1:
            self.log.add(path, ErrorCode.IMPOSSIBLE, "more than one is the default")

    def check_group(self, group: ModifierGroup, path: str) -> None:
        self.unique_ids(f"{path}.options", [option.id for option in group.options])
        self.known(f"{path}.amounts", group.amounts, self.qualifiers, "qualifier")
        sizes = {
            variation.id
            for item in self.menu.items
            if any(link.group == group.id for link in item.modifier_groups)
            for variation in item.variations
        }
        for index, option in enumerate(group.options):
            option_path = f"{path}.options[{index}]"
            self.known_one(f"{option_path}.item", option.item, self.items, "item")
            what = "size of an item with this group"
            self.known_keys(f"{option_path}.prices_by_variation", option.prices_by_variation, sizes, what)

    def check_item(self, item: Item, path: str) -> None:
        self.known_one(f"{path}.category", item.category, self.menu.category_by_id, "category")
        self.known_one(f"{path}.tax_class", item.tax_class, self.menu.tax_class_by_id, "tax class")
        self.unique_ids(f"{path}.variations", [variation.id for variation in item.variations])
        self.one_default(f"{path}.variations", [variation.is_default for variation in item.variations])
        self.unique(f"{path}.allergens", [fact.allergen for fact in item.allergens], "the allergen is listed twice")
        groups = [link.group for link in item.modifier_groups]
        self.unique(f"{path}.modifier_groups", groups, "the group is linked twice")
        for index, link in enumerate(item.modifier_groups):
            link_path = f"{path}.modifier_groups[{index}]"
            if not self.known_one(f"{link_path}.group", link.group, self.groups, "modifier group"):
                continue
            group = self.groups[link.group]
            options = group.option_by_id
            self.known(f"{link_path}.defaults", link.defaults, options, f"option in {shown(group.id)}")
            self.unique(f"{link_path}.defaults", link.defaults, "the option is listed twice")
            self.known_keys(f"{link_path}.prices", link.prices, options, f"option in {shown(group.id)}")
            if link.max is not None and link.min > link.max:
                self.log.add(link_path, ErrorCode.IMPOSSIBLE, f"min {link.min} is above max {link.max}")
            if link.max is not None and len(link.defaults) > link.max:
                message = f"{len(link.defaults)} defaults are more than max {link.max}"
                self.log.add(link_path, ErrorCode.IMPOSSIBLE, message)
            if link.min > len(options) and not group.counted:
                message = f"min {link.min} is more than the {len(options)} options of {shown(group.id)}"
                self.log.add(link_path, ErrorCode.IMPOSSIBLE, message)

    def check_combo(self, combo: Combo, path: str) -> None:
        if self.known_one(f"{path}.item", combo.item, self.items, "item"):
            self.known_size(f"{path}.variation", combo.item, combo.variation)
        self.unique_ids(f"{path}.slots", [slot.id for slot in combo.slots])
        self.unique_ids(f"{path}.sizes", [size.id for size in combo.sizes])
        self.one_default(f"{path}.sizes", [size.is_default for size in combo.sizes])
        for index, slot in enumerate(combo.slots):
            slot_path = f"{path}.slots[{index}]"
            if not slot.choices:
                self.log.add(f"{slot_path}.choices", ErrorCode.IMPOSSIBLE, "must have at least one choice")
            for number, choice in enumerate(slot.choices):
                choice_path = f"{slot_path}.choices[{number}]"
                if self.known_one(f"{choice_path}.item", choice.item, self.items, "item"):
                    self.known_size(f"{choice_path}.variation", choice.item, choice.variation)
            chosen = {choice.item for choice in slot.choices}
            self.known_one(f"{slot_path}.default", slot.default, chosen, "choice in this slot")

    def known_size(self, path: str, item: str, variation: str | None) -> None:
        self.known_one(path, variation, self.items[item].variation_by_id, f"size of {shown(item)}")

    def check_presets(self) -> None:
        for index, preset in enumerate(self.menu.presets):
            path = f"$.presets[{index}]"
            self.known(f"{path}.items", preset.items, self.items, "item")
            for number, choice in enumerate(preset.choices):
                choice_path = f"{path}.choices[{number}]"
                self.known_one(f"{choice_path}.amount", choice.amount, self.qualifiers, "qualifier")
                if self.known_one(f"{choice_path}.group", choice.group, self.groups, "modifier group"):
                    options = self.groups[choice.group].option_by_id
                    what = f"option in {shown(choice.group)}"
                    self.known_one(f"{choice_path}.option", choice.option, options, what)

    def check_cycles(self) -> None:
        """An item must not come back inside itself through options that stand for items."""
        inside = {item.id: self.items_inside(item) for item in self.menu.items}
        settled: set[str] = set()
        for item in self.menu.items:
            loop = _loop_from(item.id, inside, settled)
            if loop:
                path = f"$.items[{list(inside).index(loop[0])}]"
                way = " > ".join(loop if len(loop) <= 10 else [*loop[:9], "…", loop[-1]])
                self.log.add(path, ErrorCode.CYCLE, f"contains itself through options that are items: {way}")

    def items_inside(self, item: Item) -> list[str]:
        groups = (self.groups[link.group] for link in item.modifier_groups if link.group in self.groups)
        return [option.item for group in groups for option in group.options if option.item in self.items]


def _loop_from(start: str, inside: Mapping[str, Sequence[str]], settled: set[str]) -> list[str]:
    """The first way from `start` back to something on it; `settled` items lead nowhere and are not searched again."""
    way: list[str] = [start]
    waiting = [iter(inside[start])]
    if start in settled:
        return []
    while waiting:
        step = next(waiting[-1], None)
        if step is None:
            waiting.pop()
            settled.add(way.pop())
        elif step in way:
            settled.update(way)
            return [*way[way.index(step) :], step]
        elif step not in settled:
            way.append(step)
            waiting.append(iter(inside[step]))
    return []
