"""Calls and their recordings in the admin: read only, for those who may read what customers said."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.decorators import display

from restaurants.admin.access import MANAGERS, TenantAdmin, TenantPermissions
from restaurants.admin_scope import may
from restaurants.models import Role
from voice.batch import leases
from voice.batch.limits import ERRORS
from voice.dialog.effects import Outcome
from voice.models import Call, Recording, Turn
from voice.reports.plots import latency_bar
from voice.reports.wording import end_reason_text, outcome_text, reason_text, seconds_text

FULL_BAR_MS = 3_000


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
    fields = ("number", "source", "mode", "heard", "reply", "reply_heard", "wait")
    readonly_fields = fields

    @display(description="Wait for the answer")
    def wait(self, obj: Turn) -> str:
        """Its five parts as a bar; the values are its title."""
        parts = (obj.endpointing_ms, obj.recognition_ms, obj.understanding_ms, obj.speaking_ms, obj.network_ms)
        measured = [part for part in parts if part is not None]
        if len(measured) < len(parts):
            return "–"
        bar = SafeString(latency_bar(measured, scale_ms=FULL_BAR_MS))
        return format_html("{} {}", bar, seconds_text(sum(measured)))


@admin.register(Call)
class CallAdmin(ReadOnly, TenantAdmin):
    """How calls went, in words: mode and why, how they ended, how long customers waited and what they thought of it."""

    date_hierarchy = "started_at"
    list_display = (
        "started_at",
        "restaurant",
        "shown_mode",
        "why_left",
        "shown_outcome",
        "first_reply",
        "turn_count",
        "order",
        "shown_rating",
    )
    list_filter = ("outcome", "assigned_mode", "mode", "fallback_reason", "rating", "channel", "engine")
    list_select_related = ("restaurant", "order")
    inlines = (TurnInline,)
    fieldsets = (
        (
            None,
            {"fields": ("restaurant", "started_at", "ended_at", "channel", "language", "shown_outcome", "why_ended")},
        ),
        ("Mode", {"fields": ("shown_mode", "why_assigned", "why_left", "engine", "model", "shown_cost")}),
        ("Order", {"fields": ("order", "staff_reason", "turn_count", "menu_version")}),
        (
            "Measured",
            {
                "fields": (
                    "first_words",
                    "first_reply",
                    "fallbacks",
                    "reconnects",
                    "dropped_chunks",
                    "bytes_received",
                    "bytes_sent",
                )
            },
        ),
        ("What the customer thought", {"fields": ("shown_rating", "rating_comment")}),
    )

    @display(
        description="Mode",
        ordering="mode",
        label={"streaming": "success", "batch": "info", "streaming, then batch": "warning"},
    )
    def shown_mode(self, obj: Call) -> str:
        return obj.mode if obj.mode == obj.assigned_mode else f"{obj.assigned_mode}, then {obj.mode}"

    @display(description="Why it was assigned that")
    def why_assigned(self, obj: Call) -> str:
        return reason_text(obj.assigned_reason)

    @display(description="Why it left streaming", ordering="fallback_reason")
    def why_left(self, obj: Call) -> str:
        return reason_text(obj.fallback_reason) if obj.fallback_reason else "–"

    @display(
        description="Outcome",
        ordering="outcome",
        label={
            outcome_text(Outcome.COMPLETED): "success",
            outcome_text(Outcome.COMPLETED_WITH_STAFF): "success",
            outcome_text(Outcome.TRANSFERRED): "info",
            outcome_text(Outcome.ABANDONED): "danger",
            outcome_text(Outcome.REJECTED): "warning",
        },
    )
    def shown_outcome(self, obj: Call) -> str:
        return outcome_text(obj.outcome)

    @display(description="How it ended")
    def why_ended(self, obj: Call) -> str:
        return end_reason_text(obj.end_reason) if obj.end_reason else "–"

    @display(description="First words after", ordering="first_transcript_ms")
    def first_words(self, obj: Call) -> str:
        return seconds_text(obj.first_transcript_ms)

    @display(description="First reply after", ordering="first_audio_ms")
    def first_reply(self, obj: Call) -> str:
        return seconds_text(obj.first_audio_ms)

    @display(description="Rating", ordering="rating")
    def shown_rating(self, obj: Call) -> str:
        return f"{obj.rating} of 5" if obj.rating else "–"

    @display(description="Cost")
    def shown_cost(self, obj: Call) -> str:
        return f"${obj.cost_usd:.4f}" if obj.cost_usd else "nothing: no hosted engine took part"


@admin.register(Recording)
class RecordingAdmin(ReadOnly, TenantAdmin):
    """What is at `failed` waits for a person: read why, and try again while its audio is kept."""

    list_display = ("created_at", "restaurant", "source", "shown_stage", "why", "attempts", "duration_ms")
    list_filter = ("stage", "failure", "source")
    list_select_related = ("restaurant",)
    fields = (
        "restaurant",
        "call",
        "created_at",
        "source",
        "content_type",
        "received_bytes",
        "duration_ms",
        "shown_stage",
        "timeline",
        "why",
        "attempts",
        "leased_until",
        "has_audio",
        "heard",
        "is_taken",
    )
    readonly_fields = fields
    actions = ("try_again",)

    @display(description="Stage", ordering="stage", label={"Done": "success", "Failed": "danger"})
    def shown_stage(self, obj: Recording) -> str:
        return obj.get_stage_display()

    @display(description="Why it failed", ordering="failure")
    def why(self, obj: Recording) -> str:
        return ERRORS.get(obj.failure, obj.failure) or "–"

    @display(description="Stages")
    def timeline(self, obj: Recording) -> str:
        reached = sorted(obj.stages.items(), key=lambda one: int(one[1]))
        return " → ".join(f"{stage} {at_ms} ms" for stage, at_ms in reached)

    @display(description="Audio kept", boolean=True)
    def has_audio(self, obj: Recording) -> bool:
        return bool(obj.file)

    @display(description="What was heard, best first")
    def heard(self, obj: Recording) -> str:
        return " / ".join(str(text) for text, *_ in obj.hypotheses) or "–"

    @admin.action(description="Try again")
    def try_again(self, request: HttpRequest, queryset: QuerySet[Recording]) -> None:
        for recording in queryset:
            if not may(request, MANAGERS, recording.restaurant_id):
                self.message_user(request, f"{recording}: your role may not do this.", messages.ERROR)
            elif leases.try_again(recording.restaurant_id, recording.pk):
                self.message_user(request, f"{recording}: a worker was asked again.", messages.SUCCESS)
            else:
                text = "it has not failed, or its audio is gone."
                self.message_user(request, f"{recording}: {text}", messages.WARNING)
