"""The flag that decides which calls stream. Swapped in for waffle's own from the first migration on."""

from waffle.models import AbstractUserFlag


class RolloutFlag(AbstractUserFlag):
    """A waffle flag of ours, so that it can grow without another table."""

    class Meta(AbstractUserFlag.Meta):
        verbose_name = "rollout flag"
