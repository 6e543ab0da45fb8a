from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from restaurants.admin.access import MANAGERS, MANAGERS_AND_AUDITORS, TenantPermissions, restaurants_where
from restaurants.admin.fields import LANGUAGE_LINES
from restaurants.admin_scope import may
from restaurants.models import Membership, MenuState, MenuVersion, OpeningHours, Restaurant, Role


class OpeningHoursInline(TenantPermissions, TabularInline):
    model = OpeningHours
    extra = 0


class MembershipInline(TenantPermissions, TabularInline):
    """Owners change roles and dismiss; adding somebody needs a superuser, who may look through all accounts."""

    model = Membership
    extra = 0
    fields = ("user", "role", "created_at")
    readonly_fields = ("created_at",)
    autocomplete_fields = ("user",)
    viewers = frozenset({Role.OWNER, Role.AUDITOR})
    editors = frozenset({Role.OWNER})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if request.user.is_superuser else ("user", *self.readonly_fields)


@admin.register(Restaurant)
class RestaurantAdmin(TenantPermissions, ModelAdmin):
    viewers = MANAGERS_AND_AUDITORS
    editors = MANAGERS
    list_display = ("name", "slug", "shown_state", "live_menu", "currency", "time_zone", "wait_minutes")
    list_filter = ("is_active", "is_demo", "currency")
    search_fields = ("name", "slug")
    inlines = (OpeningHoursInline, MembershipInline)
    formfield_overrides = LANGUAGE_LINES
    readonly_fields = ("created_at",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_active", "is_demo")}),
        ("Page", {"fields": ("taglines", "greetings", "theme", "address", "phone"), "classes": ("tab",)}),
        (
            "Money and language",
            {"fields": ("currency", "is_tax_inclusive", "locale", "languages", "time_zone"), "classes": ("tab",)},
        ),
        (
            "Service",
            {
                "fields": ("wait_minutes", "accepts_voice", "stores_audio"),
                "classes": ("tab",),
            },
        ),
        (
            "Caps",
            {
                "fields": ("max_line_quantity", "max_units", "max_lines", "max_total_cents"),
                "description": "Above these a person takes over the order.",
                "classes": ("tab",),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Restaurant]:
        return restaurants_where(request, self.viewers)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        house_rules = () if request.user.is_superuser else ("slug", "is_active", "is_demo", "currency")
        return (*self.readonly_fields, *house_rules)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.editors, self.restaurant_id_of(obj))

    @display(description="State", label={"Taking orders": "success", "Closed down": "danger", "No menu": "warning"})
    def shown_state(self, obj: Restaurant) -> str:
        if not obj.is_active:
            return "Closed down"
        return "Taking orders" if self.live_version(obj) else "No menu"

    @display(description="Live menu")
    def live_menu(self, obj: Restaurant) -> str:
        version = self.live_version(obj)
        return f"{version.number} since {version.published_at:%Y-%m-%d %H:%M}" if version else "–"

    def live_version(self, obj: Restaurant) -> MenuVersion | None:
        return MenuVersion.objects.filter(restaurant=obj, state=MenuState.LIVE).defer("document").first()
