"""What was ordered, frozen as it was named, made and priced at that moment. No row here points into the menu."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orders.cart_types import Origin, Portion
from orders.models.order import Order
from restaurants.models import Restaurant, TenantModel


class PartKind(models.TextChoices):
    LINE = "line"
    HALF = "half", "Half of a line"
    SLOT = "slot", "Part of a combo"


class OrderLine(TenantModel):
    """A line, or (with `parent`) one half of it or one part of its combo.

    Codes are ids of the menu version of the order. A part's price is contained in its parent's.
    """

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=5, choices=PartKind, default=PartKind.LINE)
    position = models.PositiveIntegerField(help_text="Counts lines and parts of the order from 0, parents first.")
    cart_line = models.CharField(max_length=16, blank=True)
    item_code = models.CharField(max_length=64)
    variation_code = models.CharField(max_length=64, blank=True)
    combo_code = models.CharField(max_length=64, blank=True)
    slot_code = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=600, help_text="As the customer read it.")
    kitchen_name = models.CharField(max_length=600)
    station = models.CharField(max_length=64)
    quantity = models.PositiveIntegerField()
    base_cents = models.PositiveBigIntegerField()
    unit_cents = models.PositiveBigIntegerField()
    total_cents = models.PositiveBigIntegerField()
    discount_cents = models.PositiveBigIntegerField(default=0)
    tax_class = models.CharField(max_length=64, blank=True)
    tax_rate_basis_points = models.PositiveIntegerField(default=0)
    tax_cents = models.PositiveBigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=10, choices=[(origin.value, origin.value) for origin in Origin])
    heard = models.CharField(max_length=500, blank=True, help_text="The words it came from.")

    class Meta:
        ordering = ("order", "position")
        constraints = [
            models.UniqueConstraint(fields=("order", "position"), name="orders_line_position"),
            models.UniqueConstraint(fields=("restaurant", "id"), name="orders_line_of_restaurant"),
            models.UniqueConstraint(fields=("order", "id"), name="orders_line_of_order"),
            models.CheckConstraint(name="orders_line_some_quantity", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="orders_line_part_has_parent",
                condition=Q(part=PartKind.LINE, parent__isnull=True)
                | Q(part__in=[PartKind.HALF, PartKind.SLOT], parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"


class LineOption(TenantModel):
    """One option of a line. `price_cents` is for one unit of the line; `text` says amount, count and half as well."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveIntegerField()
    group_code = models.CharField(max_length=64)
    option_code = models.CharField(max_length=64)
    text = models.CharField(max_length=600)
    kitchen_text = models.CharField(max_length=600)
    amount = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=1)
    portion = models.CharField(max_length=12, choices=[(portion.value, portion.value) for portion in Portion])
    is_left_out = models.BooleanField(default=False)
    price_cents = models.PositiveBigIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=[(origin.value, origin.value) for origin in Origin])

    class Meta:
        ordering = ("line", "position")
        constraints = [
            models.UniqueConstraint(fields=("line", "position"), name="orders_option_position"),
        ]

    def __str__(self) -> str:
        return self.text
