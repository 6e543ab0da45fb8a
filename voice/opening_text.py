"""When a restaurant opens, as people say it: "today at 5:00 PM", "mañana a las 11:00", "Monday at 11:00 AM"."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date, format_time

_WORDS = {
    "en": {"today": "today at {time}", "tomorrow": "tomorrow at {time}", "later": "{day} at {time}"},
    "es": {"today": "hoy a las {time}", "tomorrow": "mañana a las {time}", "later": "el {day} a las {time}"},
}
_LOCALES = {"en": "en_US", "es": "es_ES"}


def opening_text(opens: datetime | None, now: datetime, language: str) -> str:
    """Both times on the restaurant's own clock; "" when it is not known to open."""
    if opens is None:
        return ""
    locale = _LOCALES.get(language, "en_US")
    days = (opens.date() - now.date()).days
    words = _WORDS.get(language, _WORDS["en"])["today" if days <= 0 else "tomorrow" if days == 1 else "later"]
    day = format_date(opens.date(), "EEEE", locale=locale)
    return words.format(day=day, time=format_time(opens.time(), "short", locale=locale))
