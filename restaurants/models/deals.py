"""Combos (a main item with slots and sizes) and mixed deals (any n among some items for one price)."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from restaurants.models.menu_rows import Item, MenuRow, NamedRow, Variation, constraints_of


class Combo(NamedRow):
    item = models.ForeignKey(Item, on_delete=models.RESTRICT, related_name="combos")
    variation = models.ForeignKey(Variation, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    price_cents = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField(null=True, blank=True, help_text='Said as "number three".')

    class Meta(NamedRow.Meta):
        constraints = [
            *constraints_of("combo", unique=("version", "code"), is_parent=True),
            models.UniqueConstraint(fields=("version", "number"), name="menu_combo_number"),
        ]


class ComboSlot(NamedRow):
    combo = models.ForeignKey(Combo, on_delete=models.CASCADE, related_name="slots")
    default_item = models.ForeignKey(
        Item, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", help_text="Empty: asked."
    )
    questions = models.JSONField(default=dict, blank=True)

    class Meta(NamedRow.Meta):
        constraints = constraints_of("slot", unique=("combo", "code"), is_parent=True)


class ComboChoice(MenuRow):
    slot = models.ForeignKey(ComboSlot, on_delete=models.CASCADE, related_name="choices")
    item = models.ForeignKey(Item, on_delete=models.RESTRICT, related_name="+")
    variation = models.ForeignKey(Variation, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    upcharge_cents = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.item)


class ComboSize(NamedRow):
    combo = models.ForeignKey(Combo, on_delete=models.CASCADE, related_name="sizes")
    upcharge_cents = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False)

    class Meta(NamedRow.Meta):
        constraints = constraints_of("combo_size", unique=("combo", "code"), is_parent=True)


class MixDeal(NamedRow):
    size = models.PositiveSmallIntegerField(validators=[MinValueValidator(2)])
    price_cents = models.PositiveIntegerField()

    class Meta(NamedRow.Meta):
        constraints = constraints_of("mix", unique=("version", "code"), is_parent=True, size=Q(size__gte=2))


class MixDealItem(MenuRow):
    deal = models.ForeignKey(MixDeal, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")

    class Meta(MenuRow.Meta):
        constraints = constraints_of("mix_item", unique=("deal", "item"))

    def __str__(self) -> str:
        return str(self.item)
