"""Calls in the admin: read only, for those who may read what customers said."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from restaurants.admin.access import TenantAdmin, TenantPermissions
from restaurants.models import Role
from voice.models import Call, Turn


class ReadOnly(TenantPermissions):
    viewers = frozenset({Role.OWNER, Role.MANAGER, Role.AUDITOR})
    editors = frozenset()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TurnInline(ReadOnly, TabularInline):
    model = Turn
    extra = 0
    fields = ("number", "source", "heard", "reply", "reply_heard", "speech_ended_ms", "understood_ms", "first_audio_ms")
    readonly_fields = fields


@admin.register(Call)
class CallAdmin(ReadOnly, TenantAdmin):
    list_display = ("started_at", "restaurant", "channel", "language", "outcome", "turn_count", "order", "engine")
    list_filter = ("outcome", "channel", "engine")
    list_select_related = ("restaurant", "order")
    inlines = (TurnInline,)
