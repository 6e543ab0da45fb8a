"""What customers say for what is on the menu, and how words sound here."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from restaurants.menu import AliasKind
from restaurants.models.deals import Combo, ComboSize
from restaurants.models.menu_rows import Category, Item, MenuRow, ModifierGroup, Option, Preset, Variation

ALIAS_TARGETS = ("category", "item", "variation", "group", "option", "preset", "combo", "combo_size")


def exactly_one_target() -> Q:
    one_of_each = (Q(**{f"{name}__isnull": name != wanted for name in ALIAS_TARGETS}) for wanted in ALIAS_TARGETS)
    return reduce(or_, one_of_each)


class Alias(MenuRow):
    """Another way of saying exactly one thing of the menu."""

    text = models.CharField(max_length=100)
    language = models.CharField(max_length=8, blank=True, help_text="Empty: said in any language.")
    kind = models.CharField(
        max_length=12,
        default=AliasKind.SPOKEN.value,
        choices=[(kind.value, kind.value.replace("_", " ").capitalize()) for kind in AliasKind],
    )
    source = models.CharField(
        max_length=8, default="staff", choices=[("staff", "Staff"), ("learned", "Learned"), ("derived", "Derived")]
    )
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    variation = models.ForeignKey(Variation, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    group = models.ForeignKey(ModifierGroup, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    option = models.ForeignKey(Option, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    preset = models.ForeignKey(Preset, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    combo = models.ForeignKey(Combo, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")
    combo_size = models.ForeignKey(ComboSize, null=True, blank=True, on_delete=models.CASCADE, related_name="aliases")

    class Meta(MenuRow.Meta):
        verbose_name_plural = "aliases"
        constraints = [models.CheckConstraint(name="menu_alias_one_target", condition=exactly_one_target())]

    def __str__(self) -> str:
        return self.text


class Pronunciation(MenuRow):
    word = models.CharField(max_length=60)
    sounds_like = models.CharField(max_length=100, help_text='Ordinary spelling: "ho cha ta".')
    language = models.CharField(max_length=8, default="en")

    def __str__(self) -> str:
        return f"{self.word} = {self.sounds_like}"
