"""Calls in the admin: to be read. Superusers only, across restaurants; staff see theirs on their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from restaurants.scoping import across_restaurants
from voice.models import Call, Turn


class ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


class TurnInline(ReadOnly, TabularInline):
    model = Turn
    fields = ("number", "source", "heard", "reply", "reply_heard", "speech_ended_ms", "understood_ms", "first_audio_ms")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        with across_restaurants("admin reads turns"):
            return super().get_queryset(request)


@admin.register(Call)
class CallAdmin(ReadOnly, ModelAdmin):
    list_display = ("started_at", "restaurant", "channel", "language", "outcome", "turn_count", "order", "engine")
    list_filter = ("restaurant", "outcome", "channel", "engine")
    list_select_related = ("restaurant", "order")
    inlines = (TurnInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        with across_restaurants("admin reads calls"):
            return super().get_queryset(request)
