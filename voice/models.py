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
    assigned_mode = models.CharField(
        max_length=10, choices=Mode, default=Mode.STREAMING, help_text="What the rollout decided, once, when it opened."
    )
    assigned_reason = models.CharField(max_length=24, blank=True, help_text="Why: a reason of flags.rollout.")
    mode = models.CharField(
        max_length=10, choices=Mode, default=Mode.STREAMING, help_text="What it is, or was in the end."
    )
    fallback_reason = models.CharField(max_length=48, blank=True, help_text="Why it left streaming, the first time.")
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
    model = models.CharField(max_length=64, blank=True, help_text="Hosted models that took part.")
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    first_transcript_ms = models.PositiveIntegerField(null=True, blank=True, help_text="First voice to first words.")
    first_audio_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="End of the first utterance to the first audio of its reply."
    )
    fallbacks = models.PositiveSmallIntegerField(default=0)
    reconnects = models.PositiveSmallIntegerField(default=0)
    dropped_chunks = models.PositiveIntegerField(default=0, help_text="Frames that nobody heard.")
    bytes_received = models.PositiveBigIntegerField(default=0)
    bytes_sent = models.PositiveBigIntegerField(default=0)
    metrics = models.JSONField(default=dict, blank=True)
    basket = models.JSONField(default=dict, blank=True, help_text="At the last turn: a lost call is rebuilt from it.")
    rating = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 to 5, by the customer.")
    rating_comment = models.TextField(blank=True, max_length=500)

    class Meta:
        ordering = ("-started_at",)
        indexes = [models.Index(fields=("restaurant", "-started_at"), name="voice_call_newest")]
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "id"), name="voice_call_of_restaurant"),
            models.CheckConstraint(
                name="voice_call_rating_from_1_to_5", condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5)
            ),
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
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.STREAMING)
    # Contiguous parts of the wait, end of speech to first reply audio: they sum.
    endpointing_ms = models.PositiveIntegerField(null=True, blank=True)
    recognition_ms = models.PositiveIntegerField(null=True, blank=True)
    understanding_ms = models.PositiveIntegerField(null=True, blank=True)
    speaking_ms = models.PositiveIntegerField(null=True, blank=True)
    network_ms = models.PositiveIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("call", "number")
        constraints = [models.UniqueConstraint(fields=("call", "number"), name="voice_turn_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.heard[:60]}"


class Stage(models.TextChoices):
    """Where a recording is: each reached once, in this order; `failed` may follow any and is for people to look at."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    TRANSCRIBING = "transcribing"
    TRANSCRIPT = "transcript"
    UNDERSTANDING = "understanding"
    BASKET = "basket"
    SPEAKING = "speaking"
    DONE = "done"
    FAILED = "failed"


class RecordingSource(models.TextChoices):
    UPLOAD = "upload", "recorded by the page"
    SPOOL = "spool", "kept by the server when streaming stopped"


class Recording(TenantModel):
    """One utterance on the batch path. Its audio goes when its words are known, unless the restaurant stores audio."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recordings")
    key = models.CharField(max_length=64, help_text="The sender's name for it: sent twice, it is one recording.")
    source = models.CharField(max_length=8, choices=RecordingSource)
    content_type = models.CharField(max_length=80)
    sample_rate_hz = models.PositiveIntegerField(null=True, blank=True, help_text="Of raw PCM16 only.")
    received_bytes = models.PositiveBigIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True, help_text="In the recordings storage; empty when deleted.")
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.RECEIVING)
    stages = models.JSONField(default=dict, blank=True, help_text="Stage: milliseconds since the recording was begun.")
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True, help_text="A worker has it until then.")
    failure = models.CharField(max_length=48, blank=True, help_text="Code of what went wrong.")
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    hypotheses = models.JSONField(default=list, blank=True, help_text="[text, score, confidence or null], best first.")
    is_taken = models.BooleanField(default=False, help_text="Its words are in the dialogue.")
    result = models.JSONField(default=dict, blank=True, help_text="What a client without a socket gets.")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("created_at",)
        indexes = [
            models.Index(fields=("restaurant", "-created_at"), name="voice_recording_newest"),
            models.Index(fields=("stage", "leased_until"), name="voice_recording_unfinished"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "id"), name="voice_recording_of_restaurant"),
            models.UniqueConstraint(fields=("call", "key"), name="voice_recording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}, {self.stage}"
