"""Orders in the admin: read only. What changes an order goes through the board, where it becomes an event."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display

from orders.models import LineOption, Order, OrderEvent, OrderLine, Ticket
from orders.money import money_text
from restaurants.admin.access import TenantAdmin, TenantPermissions
from restaurants.models import Role


class ReadOnly(TenantPermissions):
    """Everyone who works with orders looks at them; nobody edits them here."""

    viewers = frozenset({Role.OWNER, Role.MANAGER, Role.SHIFT_LEAD, Role.HOST, Role.AUDITOR})
    editors = frozenset()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LineInline(ReadOnly, TabularInline):
    model = OrderLine
    extra = 0
    fields = ("quantity", "name", "options_text", "station", "amount", "tax_cents", "origin", "heard")
    readonly_fields = fields

    @display(description="Options")
    def options_text(self, line: OrderLine) -> str:
        return ", ".join(option.text for option in LineOption.objects.filter(line=line)) or "–"

    @display(description="Amount")
    def amount(self, line: OrderLine) -> str:
        return money_text(line.total_cents, line.order.currency, line.restaurant.locale)


class EventInline(ReadOnly, TabularInline):
    model = OrderEvent
    extra = 0
    fields = ("sequence", "at", "kind", "from_state", "to_state", "actor", "reason")
    readonly_fields = fields


class TicketInline(ReadOnly, TabularInline):
    model = Ticket
    extra = 0
    fields = ("station", "kind", "created_at", "acknowledged_at", "acknowledged_by")
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(ReadOnly, TenantAdmin):
    date_hierarchy = "business_date"
    list_display = ("shown_number", "restaurant", "business_date", "shown_state", "channel", "shown_total", "placed_at")
    list_filter = ("state", "channel", "business_date")
    list_select_related = ("restaurant",)
    search_fields = ("customer_name", "customer_phone", "idempotency_key")
    inlines = (LineInline, TicketInline, EventInline)
    fieldsets = (
        (None, {"fields": ("restaurant", "shown_number", "shown_state", "shown_total", "channel", "fulfilment")}),
        ("Customer", {"fields": ("customer_name", "customer_phone", "allergies", "language")}),
        ("Times", {"fields": ("business_date", "placed_at", "promised_at", "state_changed_at")}),
        ("Amounts", {"fields": ("subtotal_cents", "discount_cents", "tax_cents", "total_cents", "is_tax_inclusive")}),
        (
            "Where it came from",
            {"fields": ("call_id", "menu_version", "config_revision", "idempotency_key", "version")},
        ),
    )

    @display(description="Number", ordering="number")
    def shown_number(self, order: Order) -> str:
        return f"#{order.number}"

    @display(
        description="State",
        ordering="state",
        label={
            "Submitted": "warning",
            "Accepted": "info",
            "In progress": "info",
            "Ready": "success",
            "Completed": "success",
            "Cancelled": "danger",
            "Rejected": "danger",
            "No show": "danger",
        },
    )
    def shown_state(self, order: Order) -> str:
        return order.get_state_display()

    @display(description="Total", ordering="total_cents")
    def shown_total(self, order: Order) -> str:
        return money_text(order.total_cents, order.currency, order.restaurant.locale)
