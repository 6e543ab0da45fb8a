"""Every write of the rollout tables, each with who and why; and what a call asks when it opens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from flags.declared import DECLARED, VOICE_STREAMING
from flags.models import Force, RestaurantOverride, RolloutEvent, RolloutExposure, RolloutFlag, StaleFlag
from flags.rollout import Decision, KillMode
from flags.snapshot import store
from restaurants.scoping import for_restaurant

logger = logging.getLogger(__name__)

Actor = User | str  # a person, or the name of the program that acts


class FlagKilled(RuntimeError):
    """The flag is killed, and only a person may do that now."""


def decide_call(restaurant_id: int, call_id: UUID | str) -> Decision:
    """Whether a call streams. Arithmetic over this process's snapshot: no database, no Redis, no waiting."""
    return store.decide(VOICE_STREAMING, restaurant_id=restaurant_id, subject=str(call_id))


def record_exposure(*, restaurant_id: int, call_id: UUID | str, decision: Decision) -> None:
    """Once per call; the first one stays. Belongs into the transaction that opens the call."""
    with for_restaurant(restaurant_id):
        RolloutExposure.objects.bulk_create(
            [
                RolloutExposure(
                    restaurant_id=restaurant_id,
                    call_id=call_id,
                    flag=VOICE_STREAMING,
                    mode=decision.mode,
                    reason=decision.reason.value,
                    bucket=decision.bucket,
                    threshold=decision.threshold,
                    version=decision.version,
                    epoch=decision.epoch,
                    is_eligible=decision.is_eligible,
                )
            ],
            ignore_conflicts=True,
        )


def watch_provider(is_open: Callable[[], bool]) -> None:
    """From now on this process asks `is_open` before each call: True while the provider's circuit breaker is open."""
    store.provider_is_open = is_open


@transaction.atomic
def kill(flag: str, *, actor: Actor, reason: str, mode: str = "drain") -> RolloutFlag:
    """Off for everyone until a person releases it. drain: live calls change at the end of an utterance; hard: at once.

    Killing what is killed makes a drain hard, never a hard one softer.
    """
    mode = KillMode(mode)
    row = RolloutFlag.objects.select_for_update().get(name=flag)
    if row.is_killed and (row.kill_mode == KillMode.HARD or mode is KillMode.DRAIN):
        return row
    return _change(
        row,
        "kill",
        actor,
        reason,
        everyone=False,
        kill_mode=mode.value,
        kill_reason=reason[:200],
        killed_by=actor if isinstance(actor, User) else None,
        killed_at=timezone.now(),
    )


@transaction.atomic
def release(flag: str, *, actor: User, reason: str) -> RolloutFlag:
    """Back to the percentage as it stands, in a new epoch. raises: FlagKilled when the account of `actor` is closed"""
    row = RolloutFlag.objects.select_for_update().get(name=flag)
    if not row.is_killed:
        return row
    if not actor.is_active:
        raise FlagKilled(f"{flag} is killed: only a person releases it.")
    cleared = {"everyone": None, "kill_mode": "", "kill_reason": "", "killed_by": None, "killed_at": None}
    _say_who_releases(str(actor.pk))
    released = _change(row, "release", actor, reason, **cleared, epoch=row.epoch + 1)
    _say_who_releases("")
    return released


@transaction.atomic
def set_percent(flag: str, *, percent: Decimal | None, actor: Actor, reason: str, expected_version: int) -> RolloutFlag:
    """raises: StaleFlag when the flag is not at `expected_version`; FlagKilled for a program while it is killed"""
    row = RolloutFlag.objects.select_for_update().get(name=flag)
    if row.version != expected_version:
        raise StaleFlag(f"{flag} is at version {row.version}, not {expected_version}: look at it again.")
    if row.is_killed and not isinstance(actor, User):
        raise FlagKilled(f"{flag} is killed: {actor} may not change it.")
    return _change(row, "percent", actor, reason, percent=percent)


@transaction.atomic
def set_override(
    flag: str,
    *,
    restaurant_id: int,
    force: str,
    percent: Decimal | None = None,
    note: str,
    expires_at: datetime,
    actor: Actor,
) -> RestaurantOverride:
    """One restaurant's own rule; a second one replaces the first."""
    row = RolloutFlag.objects.get(name=flag)
    with for_restaurant(restaurant_id):
        before = RestaurantOverride.objects.select_for_update().filter(flag=row, restaurant_id=restaurant_id).first()
        was = _override_facts(before) if before else {"restaurant": restaurant_id}
        override, _ = RestaurantOverride.objects.update_or_create(
            flag=row,
            restaurant_id=restaurant_id,
            defaults={
                "force": Force(force),
                "percent": percent,
                "note": note,
                "expires_at": expires_at,
                "created_by": actor if isinstance(actor, User) else None,
            },
        )
    _note(row, "override", actor, note, was, _override_facts(override))
    return override


@transaction.atomic
def remove_override(flag: str, *, restaurant_id: int, actor: Actor, reason: str) -> None:
    row = RolloutFlag.objects.get(name=flag)
    with for_restaurant(restaurant_id):
        found = RestaurantOverride.objects.select_for_update().filter(flag=row, restaurant_id=restaurant_id).first()
        if found is None:
            return
        was = _override_facts(found)
        found.delete()
    _note(row, "override_removed", actor, reason, was, {"restaurant": restaurant_id})


@transaction.atomic
def ensure_flags() -> None:
    """Every declared flag exists. The environment gives the first percentage; from then on people do."""
    for declared in DECLARED.values():
        percent = Decimal(getattr(settings, declared.percent_setting))
        row, is_new = RolloutFlag.objects.get_or_create(
            name=declared.key,
            defaults={"note": declared.note, "owner": declared.owner, "kind": declared.kind, "percent": percent},
        )
        if is_new:
            _note(row, "created", "migrate", f"first value of {declared.percent_setting}", {}, _flag_facts(row))


def disabled_flags() -> frozenset[str]:
    """Flags that this process's environment switches off, whatever the tables say."""
    return frozenset(key for key, flag in DECLARED.items() if not getattr(settings, flag.enabled_setting))


def _change(row: RolloutFlag, action: str, actor: Actor, reason: str, **fields: Any) -> RolloutFlag:
    """`row` is locked. Only the columns that are meant are written."""
    was = _flag_facts(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "modified"])
    _note(row, action, actor, reason, was, _flag_facts(row))
    return row


def _note(
    row: RolloutFlag,
    action: str,
    actor: Actor,
    reason: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    person = actor if isinstance(actor, User) else None
    name = actor if isinstance(actor, str) else actor.get_username()
    RolloutEvent.objects.create(
        flag=row,
        action=action,
        actor=person,
        actor_name=name,
        before=before,
        after=after,
        reason=reason[:300],
    )
    logger.info("rollout of %s: %s by %s: %s", row.name, action, name, reason)


def _say_who_releases(person: str) -> None:
    """The guard trigger asks for it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('comanda.released_by', %s, true)", [person])


def _flag_facts(row: RolloutFlag) -> dict[str, object]:
    percent = None if row.percent is None else str(row.percent)
    facts: dict[str, object] = {
        "everyone": row.everyone,
        "percent": percent,
        "version": row.version,
        "epoch": row.epoch,
    }
    return facts | ({"kill_mode": row.kill_mode} if row.is_killed else {})


def _override_facts(override: RestaurantOverride) -> dict[str, object]:
    return {
        "restaurant": override.restaurant_id,
        "force": str(override.force),
        "percent": None if override.percent is None else str(override.percent),
        "expires_at": override.expires_at.isoformat(),
    }
