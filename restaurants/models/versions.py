"""Versions of a menu: a draft is rows being edited, a published one also a frozen document."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from restaurants.models.tenants import Restaurant, TenantModel


class MenuState(models.TextChoices):
    DRAFT = "draft"
    LIVE = "live"
    ARCHIVED = "archived"


class MenuVersion(TenantModel):
    """`document` is menu.json as it was published: calls read it, never the rows. Written by `restaurants.services`."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.CASCADE, related_name="menu_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=MenuState, default=MenuState.DRAFT)
    digest = models.CharField(max_length=64, blank=True, help_text="Of the published document; a call pins it.")
    document = models.JSONField(null=True, blank=True, editable=False)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("restaurant", "-number")
        indexes = [models.Index(fields=("restaurant", "digest"), name="restaurants_menu_by_digest")]
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "number"), name="restaurants_menu_number"),
            models.UniqueConstraint(fields=("restaurant", "id"), name="restaurants_menu_with_owner"),
            models.UniqueConstraint(
                fields=("restaurant",), condition=Q(state=MenuState.LIVE), name="restaurants_one_live_menu"
            ),
            models.CheckConstraint(
                name="restaurants_published_is_frozen",
                condition=Q(state=MenuState.DRAFT, document__isnull=True, digest="", published_at__isnull=True)
                | Q(
                    state__in=[MenuState.LIVE, MenuState.ARCHIVED],
                    document__isnull=False,
                    digest__gt="",
                    published_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Menu {self.number} ({self.get_state_display()})"

    @property
    def is_draft(self) -> bool:
        return self.state == MenuState.DRAFT
