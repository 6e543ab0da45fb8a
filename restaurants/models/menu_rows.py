"""The menu as rows of one version: what staff edit in a draft. `restaurants.menu_rows` makes a `Menu` of them.

`code` is the menu's own text id; `position` keeps the order of the file. Every parent is unique together with its
version, so that a composite foreign key (migration 0002) can hold children to their own version and restaurant.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from restaurants.menu import AskMode, Portioning
from restaurants.models.tenants import TenantModel
from restaurants.models.versions import MenuVersion

check_code = RegexValidator(r"^[a-z0-9][a-z0-9_.-]{0,63}$", "Small letters, digits, '_', '-' and '.' only.")


def standard_amounts() -> list[str]:
    return ["no", "light", "regular", "extra"]


def constraints_of(name: str, *, unique: tuple[str, ...] = (), is_parent: bool = False, **checks: Q) -> list[Any]:
    """Constraints named after the model: `unique` fields, (version, id) for parents, and named checks."""
    found: list[Any] = []
    if unique:
        found.append(models.UniqueConstraint(fields=unique, name=f"menu_{name}_unique"))
    if is_parent:
        found.append(models.UniqueConstraint(fields=("version", "id"), name=f"menu_{name}_in_version"))
    found += [models.CheckConstraint(name=f"menu_{name}_{label}", condition=check) for label, check in checks.items()]
    return found


class MenuRow(TenantModel):
    version = models.ForeignKey(MenuVersion, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "id")


class NamedRow(MenuRow):
    code = models.CharField(max_length=64, validators=[check_code], help_text="The id in menu.json.")
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict, blank=True, help_text='Per language: {"es": "Cebolla"}')

    class Meta(MenuRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class Category(NamedRow):
    class Meta(NamedRow.Meta):
        verbose_name_plural = "categories"
        constraints = constraints_of("category", unique=("version", "code"), is_parent=True)


class TaxClass(NamedRow):
    rate_basis_points = models.PositiveIntegerField(default=0, help_text="825 is 8.25 %")

    class Meta(NamedRow.Meta):
        verbose_name_plural = "tax classes"
        constraints = constraints_of(
            "tax", unique=("version", "code"), is_parent=True, rate=Q(rate_basis_points__lte=10_000)
        )


class Qualifier(NamedRow):
    price_percent = models.PositiveIntegerField(default=100, help_text="Of the option's price: extra is often 200.")

    class Meta(NamedRow.Meta):
        constraints = constraints_of("qualifier", unique=("version", "code"))


class ModifierGroup(NamedRow):
    kind = models.CharField(
        max_length=12,
        default="choice",
        choices=[("choice", "Choice"), ("style", "Style: a named way of making it"), ("preparation", "Preparation")],
    )
    amounts = ArrayField(models.CharField(max_length=64), default=standard_amounts, help_text="Qualifier ids.")
    counted = models.BooleanField(default=False, help_text="An option may carry a count: two shots.")
    portionable = models.BooleanField(default=False, help_text="An option may be on one half only.")
    ask = models.CharField(
        max_length=10,
        default=AskMode.MENTIONED.value,
        choices=[(mode.value, mode.value.capitalize()) for mode in AskMode],
    )
    questions = models.JSONField(default=dict, blank=True, help_text='Per language: {"en": "Which sauce?"}')

    class Meta(NamedRow.Meta):
        constraints = constraints_of("group", unique=("version", "code"), is_parent=True)


class Item(NamedRow):
    category = models.ForeignKey(Category, on_delete=models.RESTRICT, related_name="items")
    price_cents = models.PositiveIntegerField(default=0, help_text="When there are no sizes.")
    kitchen_name = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=600, blank=True)
    descriptions = models.JSONField(default=dict, blank=True)
    portioning = models.CharField(
        max_length=14,
        blank=True,
        choices=[(way.value, way.value.replace("_", " ").capitalize()) for way in Portioning],
        help_text="Price of half-and-half; empty: halves are not sold.",
    )
    tax_class = models.ForeignKey(TaxClass, on_delete=models.RESTRICT, related_name="+")
    station = models.CharField(max_length=40, default="kitchen")
    prep_seconds = models.PositiveIntegerField(default=0)
    age_check = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Smallest age to sell it to.")

    class Meta(NamedRow.Meta):
        constraints = constraints_of("item", unique=("version", "code"), is_parent=True)


class Variation(NamedRow):
    """A size, with its whole price."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="variations")
    price_cents = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False, help_text="Taken when no size was said.")
    count = models.PositiveIntegerField(null=True, blank=True, help_text="For sizes by number: 20 nuggets.")

    class Meta(NamedRow.Meta):
        constraints = constraints_of("variation", unique=("item", "code"), is_parent=True)


class Option(NamedRow):
    group = models.ForeignKey(ModifierGroup, on_delete=models.CASCADE, related_name="options")
    price_cents = models.PositiveIntegerField(default=0)
    kitchen_name = models.CharField(max_length=60, blank=True)
    item = models.ForeignKey(
        Item,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        help_text="The same thing sold as an item: when one is out, so is the other.",
    )
    allergens = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta(NamedRow.Meta):
        constraints = constraints_of("option", unique=("group", "code"), is_parent=True)


class OptionPrice(MenuRow):
    """An option's price at one size, instead of `Option.price_cents`."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="prices")
    variation_code = models.CharField(max_length=64, validators=[check_code])
    price_cents = models.PositiveIntegerField()

    class Meta(MenuRow.Meta):
        constraints = constraints_of("option_price", unique=("option", "variation_code"))

    def __str__(self) -> str:
        return f"{self.variation_code}: {self.price_cents}"


class ItemGroup(MenuRow):
    """A modifier group on an item, with the item's own limits."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="group_links")
    group = models.ForeignKey(ModifierGroup, on_delete=models.RESTRICT, related_name="item_links")
    min = models.PositiveSmallIntegerField(default=0)
    max = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: no limit.")
    included = models.PositiveSmallIntegerField(default=0, help_text="The first n options are free, the dearest first.")

    class Meta(MenuRow.Meta):
        constraints = constraints_of(
            "link",
            unique=("item", "group"),
            is_parent=True,
            min_to_max=Q(max__isnull=True) | Q(min__lte=F("max")),
        )

    def __str__(self) -> str:
        return f"{self.item} – {self.group}"


class ItemGroupOption(MenuRow):
    """What one option is on one item: part of it as sold, or at another price."""

    link = models.ForeignKey(ItemGroup, on_delete=models.CASCADE, related_name="options")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="+")
    is_default = models.BooleanField(default=False)
    price_cents = models.PositiveIntegerField(null=True, blank=True)

    class Meta(MenuRow.Meta):
        constraints = constraints_of("link_option", unique=("link", "option"))

    def __str__(self) -> str:
        return str(self.option)


class Preset(NamedRow):
    class Meta(NamedRow.Meta):
        constraints = constraints_of("preset", unique=("version", "code"), is_parent=True)


class PresetChoice(MenuRow):
    preset = models.ForeignKey(Preset, on_delete=models.CASCADE, related_name="choices")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="+")
    amount = models.CharField(max_length=64, default="regular", validators=[check_code])

    def __str__(self) -> str:
        return f"{self.amount} {self.option}"


class PresetItem(MenuRow):
    preset = models.ForeignKey(Preset, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.item)


class AllergenFact(MenuRow):
    """Unknown unless staff said otherwise, and unknown is never spoken as "no"."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="allergens")
    allergen = models.CharField(max_length=64, validators=[check_code])
    status = models.CharField(
        max_length=12,
        default="unknown",
        choices=[
            ("contains", "Contains"),
            ("may_contain", "May contain"),
            ("free", "Claimed free"),
            ("unknown", "Unknown"),
        ],
    )

    class Meta(MenuRow.Meta):
        constraints = constraints_of("allergen", unique=("item", "allergen"))

    def __str__(self) -> str:
        return f"{self.allergen}: {self.status}"
