from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from restaurants.hours import OpenPeriod, is_open_at, next_opening_after

MADRID = ZoneInfo("Europe/Madrid")
BAR = [
    OpenPeriod(4, time(13), time(16)),
    OpenPeriod(4, time(20), time(2)),
    OpenPeriod(6, time(22), time(1)),
]  # Fri, Sun


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-07-10T12:59", False),
        ("2026-07-10T13:00", True),
        ("2026-07-10T16:00", False),
        ("2026-07-10T23:30", True),
        ("2026-07-11T01:59", True),
        ("2026-07-11T02:00", False),
        ("2026-07-13T00:30", True),  # Monday, still Sunday's shift
        ("2026-07-12T00:30", False),
    ],
)
def test_breaks_and_nights(at: str, is_open: bool) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=MADRID).astimezone(UTC)
    assert is_open_at(BAR, MADRID, instant) is is_open


def test_round_the_clock_has_no_gap() -> None:
    week = [OpenPeriod(day, time(0), time(0)) for day in range(7)]
    start = datetime(2026, 3, 28, tzinfo=UTC)  # over the night the clocks go forward
    assert all(is_open_at(week, MADRID, start + timedelta(minutes=7 * step)) for step in range(500))


def test_the_night_the_clocks_change_keeps_wall_time() -> None:
    late = [OpenPeriod(5, time(22), time(3))]
    closing = datetime(2026, 10, 25, 3, 0, tzinfo=MADRID)  # an hour later than usual in UTC
    assert is_open_at(late, MADRID, closing.astimezone(UTC) - timedelta(minutes=1))
    assert not is_open_at(late, MADRID, closing.astimezone(UTC))


def test_next_opening() -> None:
    friday_noon = datetime(2026, 7, 10, 12, tzinfo=MADRID)
    assert next_opening_after(BAR, MADRID, friday_noon) == friday_noon.replace(hour=13)
    assert next_opening_after(BAR, MADRID, friday_noon.replace(hour=17)) == friday_noon.replace(hour=20)
    only = [OpenPeriod(4, time(13), time(16))]
    assert next_opening_after(only, MADRID, friday_noon.replace(hour=14)) == friday_noon.replace(day=17, hour=13)
    assert next_opening_after([], MADRID, friday_noon) is None
    assert not is_open_at([], MADRID, friday_noon)
