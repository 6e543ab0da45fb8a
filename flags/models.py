"""The rollout tables: django-waffle's flag with 100 % storable, sticky buckets and a kill that kills, and what we add.

Written by `flags.services` only. Triggers (migration 0003) grow `version` with every change, refuse stale writes and
any un-killing but a person's, and tell every process.
"""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from waffle.models import AbstractUserFlag

from flags import rollout
from flags.rollout import FlagState, KillMode
from flags.snapshot import store
from restaurants.models import Restaurant, TenantModel

PERCENT_BOUNDS = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


def new_salt() -> str:
    return secrets.token_hex(16)


class StaleFlag(RuntimeError):
    """The flag changed since it was read, or was read to be asked and not to be written."""


class Kind(models.TextChoices):
    """How long a flag is meant to live."""

    RELEASE = "release", "release (40 days)"
    EXPERIMENT = "experiment", "experiment (40 days)"
    OPS = "ops", "operation (stays)"


class RolloutFlag(AbstractUserFlag):
    """Decides by call and restaurant, never by person: waffle's users, groups, staff and languages are not asked."""

    percent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=PERCENT_BOUNDS,
        help_text="Share of calls, 0 to 100. The same call always falls on the same side; raising it only adds calls.",
    )
    superusers = models.BooleanField(default=False, help_text="Not used: staff see what customers see.")
    salt = models.CharField(
        max_length=32,
        default=new_salt,
        editable=False,
        help_text="Decides the buckets; never changes, unlike the name.",
    )
    version = models.PositiveBigIntegerField(default=1, editable=False, help_text="Grows with every change.")
    epoch = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="Calls of one epoch may be compared; a release after a kill begins another.",
    )
    owner = models.CharField(max_length=64, blank=True, help_text="Who answers for it.")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OPS)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When it should be gone from the code.")
    kill_mode = models.CharField(
        max_length=8, blank=True, editable=False, choices=[(m.value, m.value) for m in KillMode]
    )
    kill_reason = models.CharField(max_length=200, blank=True, editable=False)
    killed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Nobody: a program did.",
    )
    killed_at = models.DateTimeField(null=True, blank=True, editable=False)

    # waffle's would only empty caches that are not used
    objects: ClassVar[models.Manager[RolloutFlag]] = models.Manager()  # type: ignore[assignment]

    class Meta(AbstractUserFlag.Meta):
        verbose_name = _("rollout flag")
        verbose_name_plural = _("rollout flags")
        constraints = [
            models.CheckConstraint(
                name="flags_percent_from_0_to_100",
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
            ),
            models.CheckConstraint(
                name="flags_decide_by_call_only",
                condition=Q(staff=False, superusers=False, authenticated=False, testing=False, languages=""),
            ),
        ]

    @property
    def state(self) -> FlagState:
        return FlagState(
            self.salt,
            self.everyone,
            self.percent,
            self.version,
            self.epoch,
            KillMode(self.kill_mode or KillMode.DRAIN),
            self.kill_reason,
        )

    @property
    def is_killed(self) -> bool:
        return self.everyone is False

    @classmethod
    def get(cls, name: str) -> RolloutFlag:
        """What waffle asks for a request: a view of this process's snapshot, without cache or query. Not for saving."""
        state = store.current().flags.get(name)
        if state is None:
            return cls(name=name)
        return cls(name=name, salt=state.salt, everyone=state.everyone, percent=state.percent, version=state.version)

    def save(self, *args: object, **kwargs: object) -> None:
        """raises: StaleFlag for what `get` gave; django.db.OperationalError when the row changed since it was read"""
        if self._state.adding and self.name in store.current().flags:
            raise StaleFlag(f"{self.name} was read from the snapshot: change it through flags.services.")
        super().save(*args, **kwargs)
        self.refresh_from_db(fields=["version", "modified"])

    def flush(self) -> None:
        """Nothing is cached, so no change waits for Redis, and none fails because Redis is away."""

    def is_active(self, request: HttpRequest, read_only: bool = False) -> bool:
        """As the call of `request.rollout_subject` at `request.rollout_restaurant_id` would be decided in this process.

        Without a subject a percentage can't be gone by: off. Never sets a cookie.
        """
        subject = str(getattr(request, "rollout_subject", ""))
        restaurant_id = int(getattr(request, "rollout_restaurant_id", 0))
        decision = store.decide(self.name, restaurant_id=restaurant_id, subject=subject)
        return decision.is_on and (bool(subject) or decision.reason is not rollout.Reason.PERCENT)

    def is_active_for_user(self, user: AbstractBaseUser) -> bool:
        """Only what holds for everyone holds for a person, and a kill known to either the row or the process wins."""
        known = store.decide(self.name, restaurant_id=0, subject="")
        return self.everyone is True and known.reason is rollout.Reason.EVERYONE


class Force(models.TextChoices):
    INHERIT = "inherit", "as everywhere"
    ON = "on", "always streaming"
    OFF = "off", "never streaming"


class RestaurantOverride(TenantModel):
    """One restaurant's own rule for a flag, for a while. A kill is above it."""

    flag = models.ForeignKey(RolloutFlag, on_delete=models.CASCADE, related_name="overrides")
    restaurant = models.ForeignKey(Restaurant, on_delete=models.CASCADE, related_name="+")
    force = models.CharField(max_length=8, choices=Force, default=Force.INHERIT)
    percent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=PERCENT_BOUNDS,
        help_text="At most this share of its calls. It only lowers the flag's percentage.",
    )
    note = models.CharField(
        max_length=300, validators=[MinLengthValidator(3)], help_text="Why, for whoever reads it later."
    )
    expires_at = models.DateTimeField(help_text="From then on the restaurant is like the others.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "restaurant override"
        ordering = ("flag", "restaurant")
        constraints = [
            models.UniqueConstraint(fields=("flag", "restaurant"), name="flags_override_once"),
            models.CheckConstraint(name="flags_override_says_why", condition=~Q(note="")),
            models.CheckConstraint(
                name="flags_override_percent_from_0_to_100",
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flag} at {self.restaurant}: {self.get_force_display()}"


class RolloutExposure(TenantModel):
    """How one call was decided. Written in the transaction that opens it, before its first byte of audio."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.CASCADE, related_name="+")
    call_id = models.UUIDField(unique=True, help_text="voice.Call")
    flag = models.CharField(max_length=100)
    mode = models.CharField(max_length=10)
    reason = models.CharField(max_length=24, choices=[(reason.value, reason.value) for reason in rollout.Reason])
    bucket = models.FloatField()
    threshold = models.FloatField()
    version = models.PositiveBigIntegerField(help_text="Of the rollout tables, as this process knew them.")
    epoch = models.PositiveIntegerField()
    is_eligible = models.BooleanField(help_text="Chance decided: the call may be compared with others.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "exposure"
        ordering = ("-at",)
        indexes = [
            models.Index(fields=("restaurant", "-at"), name="flags_exposure_newest"),
            models.Index(fields=("flag", "epoch", "at"), name="flags_exposure_of_epoch"),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.mode} ({self.reason})"


class RolloutEvent(models.Model):
    """Who changed what, and why. Appended; the database refuses anything else."""

    flag = models.ForeignKey(RolloutFlag, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=32)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=150, help_text="The person, or the program that acted.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = "rollout event"
        ordering = ("-pk",)
        constraints = [models.CheckConstraint(name="flags_event_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"


class RolloutVersion(models.Model):
    """One row: how often the rollout tables changed. Kept by triggers; processes poll it behind the notifications."""

    version = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="flags_version_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"v{self.version}"
