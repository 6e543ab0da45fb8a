"""Which day an order counts for: after midnight it is still yesterday until the doors that opened yesterday close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from restaurants.hours import OpenPeriod


def business_date(week: Sequence[OpenPeriod], zone: ZoneInfo, at: datetime) -> date:
    """The restaurant's own date at `at` (aware), or the day before while a period that began then is still open.

    A restaurant that closes and opens at the same time (24 hours) changes day at that time, not at midnight.
    """
    local = at.astimezone(zone)
    yesterday = local.date() - timedelta(days=1)
    for period in week:
        crosses_midnight = period.closes <= period.opens
        if crosses_midnight and period.weekday == yesterday.weekday() and local.time() < period.closes:
            return yesterday
    return local.date()
