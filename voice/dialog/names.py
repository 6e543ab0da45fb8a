"""What things are called in a sentence: menu names with number, size and options, amounts as read and as said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from babel.numbers import get_currency_name, get_currency_precision

from orders.cart_types import Half, Line, OptionChoice, Portion, SlotChoice
from orders.line_rules import LEFT_OUT, REGULAR, combo_size, slot_choice, slot_offer, slot_variation
from orders.money import money_text
from orders.wording import Wording, allergen_name
from restaurants.menu import ComboChoice, ComboSize, Item, Menu, Preset, localized
from voice.dialog import phrases
from voice.dialog.phrases import Sentence, inside, phrase_inside

ASIDE = "side"
STYLES = ("style", "preparation")
MIN_BUNDLE = 3  # fewer things are shorter said one by one


def leaves_out(preset: Preset) -> bool:
    """ "Plain": a bundle of things left out."""
    return all(choice.amount == LEFT_OUT for choice in preset.choices)


def without_preset(choices: tuple[OptionChoice, ...], preset: Preset) -> tuple[OptionChoice, ...] | None:
    """What is left to say once the bundle is named; None where it is not (mostly) what was chosen.

    A few parts of it left out after all are said beside it: "with the works, without tomato".
    """
    bundle = {(choice.group, choice.option): choice.amount for choice in preset.choices}
    inside_it = [choice for choice in choices if (choice.group, choice.option) in bundle]
    same = [
        choice
        for choice in inside_it
        if choice.amount == bundle[choice.group, choice.option]
        and choice.count == 1
        and choice.portion is Portion.WHOLE
    ]
    others = [choice for choice in inside_it if choice not in same]
    is_chosen = len(same) >= MIN_BUNDLE and len(inside_it) == len(bundle) and len(others) <= len(same) // 3
    if not is_chosen or any(choice.amount != LEFT_OUT for choice in others):
        return None
    return tuple(choice for choice in choices if choice not in same)


class Names:
    """Names on one menu in one language."""

    def __init__(self, menu: Menu, language: str) -> None:
        self.menu = menu
        self.language = language
        self.wording = Wording(menu, language)

    def money(self, cents: int) -> Sentence:
        precision = get_currency_precision(self.menu.currency)
        whole, part = divmod(cents, 10**precision)
        written = money_text(cents, self.menu.currency, self.menu.locale)
        said = phrases.amount_of_money(self.language, whole, part, self.menu.currency)
        if said is None:
            figures = f"{whole}.{part:0{precision}}" if part else str(whole)
            said = f"{figures} {get_currency_name(self.menu.currency, count=whole, locale=self.language)}"
        return Sentence(written, said)

    def item(self, item: str) -> str:
        """One word ("Coke", "Margherita") is left as the menu writes it: it may be a name."""
        name = self.wording.item(item)
        return inside(name) if " " in name else name

    def option(self, group: str, option: str) -> str:
        return inside(self.wording.option_name(group, option))

    def group(self, group: str) -> str:
        return inside(self.wording.group(group))

    def allergen(self, allergen: str) -> str:
        return allergen_name(allergen, self.language)

    def size(self, item: Item | None, variation: str | None) -> str:
        return inside(self.wording.size(item, variation))

    def thing(self, identifier: str) -> str:
        """The name of an item, an option, a combo or a category, whichever has this id."""
        menu = self.menu
        if identifier in menu.item_by_id:
            return self.item(identifier)
        for named in (menu.combo_by_id.get(identifier), menu.category_by_id.get(identifier)):
            if named is not None:
                return inside(localized(named, self.language))
        for group in menu.modifier_groups:
            if identifier in group.option_by_id:
                return self.option(group.id, identifier)
        return identifier

    def sized(self, item: str, variation: str | None) -> tuple[str, str]:
        """(noun, size). A size by number follows the name in brackets; the only size there is goes unsaid."""
        found = self.menu.item_by_id.get(item)
        noun = self.item(item)
        size = self.size(found, variation) if found is not None and len(found.variations) > 1 else ""
        if size[:1].isdigit():
            return phrase_inside(self.language, "number_size", noun=noun, size=size), ""
        return (size, "") if noun.casefold() in size.casefold() else (noun, size)

    def noun(self, line: Line) -> tuple[str, str]:
        """What the line is: (noun, size)."""
        if line.candidates:
            return phrases.one_of(self.language, [self.item(item) for item in line.candidates]), ""
        combo = self.menu.combo_by_id.get(line.combo.combo) if line.combo else None
        if combo is not None and line.combo is not None:
            chosen = combo_size(combo, line.combo.size) if len(combo.sizes) > 1 else None
            return inside(localized(combo, self.language)), inside(localized(chosen, self.language)) if chosen else ""
        if line.halves:
            first, second = (self.half(half) for half in line.halves)
            return phrases.halves(self.language, first, second), self.sized(line.item, line.variation)[1]
        return self.sized(line.item, line.variation)

    def half(self, half: Half) -> str:
        options = ", ".join(self.options(half.options))
        item = self.item(half.item)
        return phrase_inside(self.language, "half_with", item=item, options=options) if options else item

    def title(self, line: Line, quantity: int | None = None) -> str:
        """ "three large pepperoni pizzas"."""
        noun, size = self.noun(line)
        count = line.quantity if quantity is None else quantity
        if line.halves:
            first, second = (self.half(half) for half in line.halves)
            return phrases.halves(self.language, first, second, size, count)
        return phrases.quantity(self.language, count, noun, size)

    def the(self, line: Line) -> str:
        """The line inside a question: "the pepperoni pizza"."""
        return phrase_inside(self.language, "the", noun=self.noun(line)[0])

    def is_style(self, choice: OptionChoice) -> bool:
        """ "Well done", "vegetarian": said by itself, not with a "with"."""
        group = self.menu.group_by_id.get(choice.group)
        return group is not None and group.kind in STYLES and choice.amount == REGULAR

    def options(self, choices: Iterable[OptionChoice]) -> list[str]:
        """ "with extra cheese and ham", "without onions", "with ranch on the side", "well done", in this order."""
        sorts: dict[str, list[str]] = {"with": [], "without": [], "aside": [], "styled": []}
        rest = tuple(choices)
        for preset in sorted(self.menu.presets, key=lambda preset: -len(preset.choices)):
            left = without_preset(rest, preset)
            if left is not None:
                rest = left
                is_alone = phrases.is_said_alone(self.language, name := inside(localized(preset, self.language)))
                sorts["styled" if is_alone or leaves_out(preset) else "with"].append(name)
        for choice in rest:
            sort = {LEFT_OUT: "without", ASIDE: "aside"}.get(
                choice.amount, "styled" if self.is_style(choice) else "with"
            )
            sorts[sort].append(self.choice(choice))
        return [
            phrase_inside(self.language, sort, options=phrases.all_of(self.language, names))
            for sort, names in sorts.items()
            if names
        ]

    def choice(self, choice: OptionChoice) -> str:
        name = self.option(choice.group, choice.option)
        if choice.amount in ("light", "extra"):
            name = phrase_inside(self.language, f"amount_{choice.amount}", option=name)
        elif choice.amount not in (REGULAR, LEFT_OUT, ASIDE):
            amount = inside(self.wording.amount(choice.amount))
            name = phrase_inside(self.language, "amount_other", amount=amount, option=name)
        if choice.count > 1:
            count = phrases.number(self.language, choice.count)
            name = phrase_inside(self.language, "counted", count=count, option=name)
        if choice.portion is not Portion.WHOLE:
            name = phrase_inside(self.language, choice.portion.value, option=name)
        return name

    def parts(self, line: Line) -> str:
        """What fills a combo: "fries and Coke"; "" where nothing does yet."""
        combo = self.menu.combo_by_id.get(line.combo.combo) if line.combo else None
        if combo is None or line.combo is None:
            return ""
        size = combo_size(combo, line.combo.size)
        filled = [(slot, choice) for slot in combo.slots if (choice := slot_choice(slot, line.combo)) is not None]
        names = [self.part(choice, slot_offer(slot, choice.item, choice.variation), size) for slot, choice in filled]
        return phrases.all_of(self.language, names) if names else ""

    def part(self, choice: SlotChoice, offer: ComboChoice | None, size: ComboSize | None) -> str:
        """A part's size goes unsaid where the combo settles it: it is said with the combo."""
        item = self.menu.item_by_id.get(choice.item)
        is_settled = item is not None and offer is not None and slot_variation(item, offer, size) is not None
        noun, said_size = self.sized(choice.item, None if is_settled else choice.variation)
        named = phrases.sized(self.language, noun, said_size) if said_size else noun
        options = ", ".join(self.options(choice.options))
        return phrase_inside(self.language, "half_with", item=named, options=options) if options else named

    def choices(self, names: Sequence[str]) -> str:
        return phrases.one_of(self.language, names)
