"""What is out ("86"): an append-only log by menu codes, so that it outlives menu versions. The newest event holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from restaurants.models.tenants import TenantModel


class AvailabilityState(models.TextChoices):
    IN = "in", "In"
    OUT = "out", "Out"
    LIMITED = "limited", "Limited"


class AvailabilityEvent(TenantModel):
    """About an item (item_code) or an option (group_code and option_code). Rows are never changed."""

    item_code = models.CharField(max_length=64, blank=True)
    group_code = models.CharField(max_length=64, blank=True)
    option_code = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=AvailabilityState)
    left = models.PositiveIntegerField(null=True, blank=True, help_text="Limited: how many more may be sold.")
    until = models.DateTimeField(null=True, blank=True, help_text="Back in by itself then; empty: until changed.")
    reason = models.CharField(max_length=200, blank=True, help_text="For staff; customers only hear that it is out.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = "availability change"
        verbose_name_plural = "availability"
        indexes = [
            models.Index(
                fields=("restaurant", "item_code", "group_code", "option_code", "-id"), name="restaurants_availability"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="availability_of_one_thing",
                condition=Q(item_code__gt="", group_code="", option_code="")
                | Q(item_code="", group_code__gt="", option_code__gt=""),
            ),
            models.CheckConstraint(
                name="availability_left_if_limited",
                condition=Q(state=AvailabilityState.LIMITED, left__isnull=False)
                | Q(state__in=[AvailabilityState.IN, AvailabilityState.OUT], left__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_code or f'{self.group_code}/{self.option_code}'}: {self.state}"
