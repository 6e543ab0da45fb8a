"""Restaurants, who works there, when they are open."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from restaurants.hours import OpenPeriod
from restaurants.scoping import TenantManager


class TenantModel(models.Model):
    """A row that belongs to one restaurant. Read through `objects` inside `for_restaurant(...)` only."""

    restaurant = models.ForeignKey("restaurants.Restaurant", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True


def check_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(f"{value} is no time zone; write one such as Europe/Madrid.")


def english_only() -> list[str]:
    return ["en"]


class Theme(models.TextChoices):
    """Look of the customer page: one accent colour and one picture, nothing else."""

    BASIL = "basil", "Basil green"
    EMBER = "ember", "Ember red"
    AGAVE = "agave", "Agave teal"


class Restaurant(models.Model):
    """A tenant. Its caps are where the voice stops and a person takes over."""

    slug = models.SlugField(max_length=64, unique=True, help_text="Its address: /r/slug/")
    name = models.CharField(max_length=120)
    taglines = models.JSONField(default=dict, blank=True, help_text='One line per language: {"en": "Tacos since 1987"}')
    greetings = models.JSONField(default=dict, blank=True, help_text="First words of a call per language.")
    theme = models.CharField(max_length=20, choices=Theme, default=Theme.BASIL)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    currency = models.CharField(max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}$")])
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    locale = models.CharField(max_length=16, default="en-US")
    languages = ArrayField(
        models.CharField(max_length=8), default=english_only, help_text="Spoken here, the first by default."
    )
    is_tax_inclusive = models.BooleanField(default=False, help_text="Menu prices already hold the tax.")
    max_line_quantity = models.PositiveIntegerField(default=20, validators=[MinValueValidator(1)])
    max_units = models.PositiveIntegerField(default=60, validators=[MinValueValidator(1)])
    max_lines = models.PositiveIntegerField(default=40, validators=[MinValueValidator(1)])
    max_total_cents = models.PositiveIntegerField(default=50_000, validators=[MinValueValidator(1)])
    wait_minutes = models.PositiveIntegerField(default=15, help_text="Usual wait, told to customers.")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    accepts_voice = models.BooleanField(default=True, help_text="Off: the page still takes typed and tapped orders.")
    stores_audio = models.BooleanField(default=False, help_text="Customers are told before they speak.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="restaurants_caps_at_least_one",
                condition=models.Q(
                    max_line_quantity__gte=1, max_units__gte=1, max_lines__gte=1, max_total_cents__gte=1
                ),
            ),
            models.CheckConstraint(name="restaurants_speaks_a_language", condition=models.Q(languages__len__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def language(self) -> str:
        return self.languages[0]


class OpeningHours(TenantModel):
    """One period; several on a day make a break. A closing time not after the opening one is on the next day."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    restaurant = models.ForeignKey(Restaurant, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ("weekday", "opens")
        verbose_name_plural = "opening hours"
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "weekday", "opens"), name="restaurants_hours_unique_start"),
            models.CheckConstraint(name="restaurants_hours_weekday", condition=models.Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.Weekday(self.weekday).label} {self.opens:%H:%M}–{self.closes:%H:%M}"

    @property
    def period(self) -> OpenPeriod:
        return OpenPeriod(self.weekday, self.opens, self.closes)


class Role(models.TextChoices):
    OWNER = "owner"
    MANAGER = "manager", "Manager (menu, hours, rollout, refunds)"
    SHIFT_LEAD = "shift_lead", "Shift lead (86, pause, takeover, void)"
    KITCHEN = "kitchen", "Kitchen (tickets)"
    HOST = "host", "Host (live calls, orders)"
    AUDITOR = "auditor", "Auditor (reads everything, changes nothing)"

    @property
    def covers(self) -> frozenset[Role]:
        """The roles whose work this one may do."""
        return ROLE_COVERS[self]


ROLE_COVERS: dict[Role, frozenset[Role]] = {
    Role.OWNER: frozenset(Role),
    Role.MANAGER: frozenset(Role) - {Role.OWNER},
    Role.SHIFT_LEAD: frozenset({Role.SHIFT_LEAD, Role.KITCHEN, Role.HOST}),
    Role.KITCHEN: frozenset({Role.KITCHEN}),
    Role.HOST: frozenset({Role.HOST}),
    Role.AUDITOR: frozenset({Role.AUDITOR}),
}


class Membership(TenantModel):
    restaurant = models.ForeignKey(Restaurant, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("restaurant", "user")
        constraints = [
            models.UniqueConstraint(fields=("restaurant", "user"), name="restaurants_one_role_per_person"),
            models.CheckConstraint(name="restaurants_known_role", condition=models.Q(role__in=[str(r) for r in Role])),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label}"
