from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin

from flags.models import RolloutFlag


@admin.register(RolloutFlag)
class RolloutFlagAdmin(ModelAdmin):
    list_display = ("name", "everyone", "percent", "version", "modified", "note")
    list_filter = ("everyone",)
    search_fields = ("name", "note")
    ordering = ("name",)
    readonly_fields = ("salt", "version", "created", "modified")
    raw_id_fields = ("users",)
    fields = ("name", "everyone", "percent", "note", "staff", "users", "groups", *readonly_fields)
