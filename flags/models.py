"""The rollout flag: django-waffle's, with 100 % storable, sticky buckets and a kill switch that kills."""

from __future__ import annotations

import secrets
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from waffle.models import AbstractUserFlag

from flags.rollout import FlagState, decide


def new_salt() -> str:
    return secrets.token_hex(16)


class RolloutFlag(AbstractUserFlag):
    percent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text="Share of sessions, 0 to 100. The same session always falls on the same side.",
    )
    superusers = models.BooleanField(
        default=False, help_text="Always on for superusers. Off by default: staff should see what customers see."
    )
    salt = models.CharField(
        max_length=32,
        default=new_salt,
        editable=False,
        help_text="Decides the buckets; never changes, unlike the name.",
    )
    version = models.PositiveBigIntegerField(default=1, editable=False, help_text="Grows with every change.")

    class Meta(AbstractUserFlag.Meta):
        verbose_name = _("rollout flag")
        verbose_name_plural = _("rollout flags")
        constraints = [
            models.CheckConstraint(
                name="flags_percent_from_0_to_100",
                condition=models.Q(percent__isnull=True) | models.Q(percent__gte=0, percent__lte=100),
            )
        ]

    @property
    def state(self) -> FlagState:
        return FlagState(self.salt, self.everyone, self.percent, self.version)

    def is_active_for_user(self, user: AbstractBaseUser) -> bool | None:
        """Off for everyone means off for named users and groups too; the parent asks only whether it is on."""
        if self.everyone is not None:
            return self.everyone
        return super().is_active_for_user(user)

    def _is_active_for_percent(self, request: HttpRequest, read_only: bool) -> bool | None:
        """By `request.rollout_subject` instead of a cookie drawn at random; without a subject the flag is off."""
        subject = getattr(request, "rollout_subject", "")
        return decide(self.state, subject=subject).is_on if subject else None
