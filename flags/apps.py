from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.core import checks
from django.db.models.signals import post_migrate

UNSAFE = ("WAFFLE_OVERRIDE", "WAFFLE_CREATE_MISSING_FLAGS", "WAFFLE_FLAG_DEFAULT")


class FlagsConfig(AppConfig):
    name = "flags"
    verbose_name = "Rollout"

    def ready(self) -> None:
        from flags.services import disabled_flags
        from flags.snapshot import store

        store.disable(disabled_flags())
        post_migrate.connect(make_declared_flags, sender=self)
        checks.register(check_rollout)


def make_declared_flags(*, using: str, apps: Any = installed, **_: object) -> None:
    """After every `migrate` that left the tables complete."""
    from flags.services import ensure_flags

    try:
        apps.get_model("flags", "RolloutVersion")
    except LookupError:
        return
    if using == "default":
        ensure_flags()


def check_rollout(**_: object) -> list[checks.CheckMessage]:
    """What would let a flag decide by chance, by cookie or by a client's wish; and declarations that name nothing."""
    from django.conf import settings

    from flags.declared import DECLARED
    from flags.models import Kind

    unsafe = [name for name in UNSAFE if getattr(settings, name, False)]
    problems: list[checks.CheckMessage] = [
        checks.Error(f"{name} must stay off: flags are declared and the engine decides.", id="flags.E001")
        for name in unsafe
    ]
    for flag in DECLARED.values():
        if not all(hasattr(settings, name) for name in (flag.enabled_setting, flag.percent_setting)):
            problems.append(checks.Error(f"{flag.key} names a setting that does not exist.", id="flags.E002"))
        if flag.kind not in Kind.values or not flag.owner:
            problems.append(checks.Error(f"{flag.key} needs an owner and a known kind.", id="flags.E003"))
    return problems
