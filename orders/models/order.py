"""The order itself: what was promised to whom for how much. Its lines and events stand beside it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from orders.cart_types import Fulfilment
from orders.states import COLUMN, Column, OrderState
from restaurants.models import Restaurant, TenantModel


class Channel(models.TextChoices):
    WEB = "web"
    PHONE = "phone"
    STAFF = "staff"


def choices_of(values: type[OrderState | Fulfilment]) -> list[tuple[str, str]]:
    return [(value.value, value.value.replace("_", " ").capitalize()) for value in values]


class Order(TenantModel):
    """The newest state of its events; written by `orders.services` only. Amounts in minor units of `currency`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="Counts up from 1 every business day.")
    business_date = models.DateField(help_text="On the restaurant's own clock.")
    channel = models.CharField(max_length=10, choices=Channel)
    fulfilment = models.CharField(max_length=10, choices=choices_of(Fulfilment), default=Fulfilment.PICKUP.value)
    state = models.CharField(max_length=24, choices=choices_of(OrderState))
    version = models.PositiveIntegerField(default=1, help_text="Goes up with every change of this row.")
    placed_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    state_changed_at = models.DateTimeField()

    idempotency_key = models.CharField(max_length=200)
    cart_digest = models.CharField(max_length=64, help_text="Of the cart that was ordered, without its revision.")
    call_id = models.UUIDField(null=True, blank=True)
    menu_version = models.CharField(max_length=64, help_text="Digest of the menu the prices come from.")
    config_revision = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=8)

    currency = models.CharField(max_length=3)
    is_tax_inclusive = models.BooleanField()
    subtotal_cents = models.PositiveBigIntegerField()
    discount_cents = models.PositiveBigIntegerField(default=0)
    tax_cents = models.PositiveBigIntegerField(default=0)
    total_cents = models.PositiveBigIntegerField()

    customer_name = models.CharField(max_length=80, blank=True)
    customer_phone = models.CharField(max_length=32, blank=True)
    allergies = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering = ("-business_date", "-number")
        indexes = [
            models.Index(fields=("restaurant", "state", "placed_at"), name="orders_order_board"),
            models.Index(fields=("restaurant", "call_id"), name="orders_order_by_call"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "idempotency_key"), name="orders_order_once_per_key"),
            models.UniqueConstraint(fields=("restaurant", "business_date", "number"), name="orders_order_number"),
            models.UniqueConstraint(fields=("restaurant", "id"), name="orders_order_of_restaurant"),
            models.CheckConstraint(
                name="orders_order_known_state", condition=Q(state__in=[state.value for state in OrderState])
            ),
            models.CheckConstraint(name="orders_order_has_key", condition=Q(idempotency_key__gt="")),
            models.CheckConstraint(name="orders_order_numbered_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="orders_order_adds_up",
                condition=Q(is_tax_inclusive=True, total_cents=models.F("subtotal_cents") - models.F("discount_cents"))
                | Q(
                    is_tax_inclusive=False,
                    total_cents=models.F("subtotal_cents") - models.F("discount_cents") + models.F("tax_cents"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} of {self.business_date}"

    @property
    def status(self) -> OrderState:
        return OrderState(self.state)

    @property
    def column(self) -> Column | None:
        """Its place on the board; None once it is off."""
        return COLUMN.get(self.status)
