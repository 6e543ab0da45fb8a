"""What happened to orders, in one gapless sequence per restaurant, and what the stations were told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from orders.models.order import Order
from restaurants.models import Restaurant, TenantModel


class EventCounter(TenantModel):
    """The last event number of a restaurant. Its lock is held to the end of every transaction that writes orders, so
    numbers become visible in their order and a board that sees a hole knows it missed something.
    """

    restaurant = models.OneToOneField(Restaurant, on_delete=models.PROTECT, related_name="+", primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.restaurant_id}: {self.sequence}"


class EventKind(models.TextChoices):
    PLACED = "placed"
    ADVANCED = "advanced"
    RECALLED = "recalled"
    CANCELLED = "cancelled"
    ACKNOWLEDGED = "acknowledged"


class OrderEvent(TenantModel):
    """Append-only: a trigger refuses UPDATE and DELETE. `command_id` makes a repeated staff command a no-op."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=EventKind)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    version = models.PositiveIntegerField(help_text="Of the order, after this event.")
    actor = models.CharField(max_length=160, help_text="customer, system, or the staff member's name.")
    actor_id = models.BigIntegerField(null=True, blank=True, help_text="User id; kept when the user is deleted.")
    command_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("restaurant", "sequence")
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "sequence"), name="orders_event_sequence"),
            models.UniqueConstraint(
                fields=("restaurant", "command_id"),
                condition=Q(command_id__gt=""),
                name="orders_event_once_per_command",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.kind}"


class TicketKind(models.TextChoices):
    NEW = "new"
    CHANGE = "change"
    CANCEL = "cancel"


class Ticket(TenantModel):
    """What one station was told. Never edited: a change or a cancellation is a ticket of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tickets")
    station = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=TicketKind)
    positions = ArrayField(models.PositiveIntegerField(), help_text="Positions of the order lines it is about.")
    created_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("created_at", "station")

    def __str__(self) -> str:
        return f"{self.station}: {self.kind}"
