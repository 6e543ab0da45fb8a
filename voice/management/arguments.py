"""What several commands are told in the same way."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError

from restaurants.models import Restaurant

_AGO = re.compile(r"(\d{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@contextmanager
def quiet_logs(level: int = logging.WARNING) -> Iterator[None]:
    """What is logged below would be mixed with what the command prints."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(level)
    try:
        yield
    finally:
        root.setLevel(before)


def since_of(text: str, now: datetime) -> datetime:
    """ "90m", "24h", "7d" before now, or an ISO day or time (UTC where it names no zone). raises: CommandError"""
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CommandError(f'--since {text}: say "24h", "7d" or a day like 2026-11-01.') from None
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    if found >= now:
        raise CommandError(f"--since {text} is in the future.")
    return found


def database_trouble(error: DatabaseError) -> str:
    """What to do about it, in one sentence."""
    if isinstance(error, ProgrammingError):
        return "The database is not migrated to this release: run manage.py migrate."
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return f"The database cannot be asked: {first}"


def restaurant_ids(slugs: list[str]) -> list[int] | None:
    """None: all of them. raises: CommandError"""
    if not slugs:
        return None
    found = dict(Restaurant.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    for slug in slugs:
        if slug not in found:
            raise CommandError(f"There is no restaurant {slug}.")
    return list(found.values())
