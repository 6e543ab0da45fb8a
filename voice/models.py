"""Calls and their turns, as they were: written at turn boundaries and when a call closes, by `voice.services` only."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from orders.models import Order
from restaurants.models import Restaurant, TenantModel
from voice.dialog.effects import Outcome


class Channel(models.TextChoices):
    WEB = "web"
    PHONE = "phone"


class Mode(models.TextChoices):
    STREAMING = "streaming"
    BATCH = "batch"


class Call(TenantModel):
    """One conversation with one customer, over however many connections it took. `id` is not shown to customers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    language = models.CharField(max_length=8)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.STREAMING)
    engine = models.CharField(max_length=32)
    menu_version = models.CharField(max_length=64, help_text="Digest of the menu the call is pinned to.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=24, blank=True, choices=[(one.value, one.value.replace("_", " ")) for one in Outcome]
    )
    end_code = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Close code of the socket.")
    end_reason = models.CharField(max_length=120, blank=True)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="calls")
    staff_reason = models.CharField(max_length=32, blank=True, help_text="Why a person was asked for, the first time.")
    turn_count = models.PositiveIntegerField(default=0)
    metrics = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-started_at",)
        indexes = [models.Index(fields=("restaurant", "-started_at"), name="voice_call_newest")]
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "id"), name="voice_call_of_restaurant"),
            models.CheckConstraint(
                name="voice_call_ended_has_outcome",
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False, outcome__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} call of {self.started_at:%d %b %H:%M}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None


class Turn(TenantModel):
    """One exchange. `reply_heard` is set when the reply was cut short. Times are milliseconds since the call opened."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=[(name, name) for name in ("voice", "typed", "touch")])
    heard = models.TextField(blank=True)
    hypotheses = models.JSONField(default=list, blank=True)
    edits = models.JSONField(default=list, blank=True, help_text="What the words changed, by menu ids.")
    acts = models.JSONField(default=list, blank=True)
    reply = models.TextField(blank=True)
    reply_heard = models.TextField(null=True, blank=True)  # noqa: DJ001  # "" is: nothing of it was heard
    cart_revision = models.PositiveIntegerField(default=0)
    speech_ended_ms = models.PositiveIntegerField(null=True, blank=True)
    final_ms = models.PositiveIntegerField(null=True, blank=True)
    understood_ms = models.PositiveIntegerField(null=True, blank=True)
    first_audio_ms = models.PositiveIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("call", "number")
        constraints = [models.UniqueConstraint(fields=("call", "number"), name="voice_turn_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.heard[:60]}"
