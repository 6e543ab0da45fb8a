"""The life of an order, the business day, and text from outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from orders.business_day import business_date
from orders.plain_text import one_line
from orders.states import COLUMN, FINAL, NEXT, ON_BOARD, RECALLED_TO, TRANSITIONS, OrderState, can_become
from restaurants.hours import OpenPeriod

ROME = ZoneInfo("Europe/Rome")


def test_every_state_has_its_place_in_the_table() -> None:
    assert set(TRANSITIONS) == set(OrderState)
    assert set(COLUMN) == ON_BOARD


def test_bumps_follow_the_table() -> None:
    assert all(can_become(state, following) for state, following in NEXT.items())
    assert set(NEXT) == ON_BOARD


def test_final_is_final_but_for_a_recall() -> None:
    assert {
        OrderState.COMPLETED,
        OrderState.CANCELLED,
        OrderState.REJECTED,
        OrderState.EXPIRED,
        OrderState.NO_SHOW,
    } == FINAL
    assert not any(can_become(state, other) for state in FINAL for other in OrderState)
    assert all(can_become(back, state) for state, back in RECALLED_TO.items())


def test_every_state_can_be_reached_from_the_start() -> None:
    reached, todo = {OrderState.DRAFT}, [OrderState.DRAFT]
    while todo:
        new = TRANSITIONS[todo.pop()] - reached
        reached |= new
        todo += new
    assert reached == set(OrderState)


@pytest.mark.parametrize(
    ("hours", "at", "day"),
    [
        ((time(18), time(23)), datetime(2026, 7, 1, 22, 30, tzinfo=UTC), date(2026, 7, 2)),
        ((time(18), time(2)), datetime(2026, 7, 1, 22, 30, tzinfo=UTC), date(2026, 7, 1)),
        ((time(18), time(2)), datetime(2026, 7, 2, 0, 0, tzinfo=UTC), date(2026, 7, 2)),
        ((time(0), time(0)), datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        ((time(0), time(0)), datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        ((time(6), time(6)), datetime(2026, 7, 2, 3, 59, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_business_days_end_when_the_doors_close(hours: tuple[time, time], at: datetime, day: date) -> None:
    week = [OpenPeriod(weekday, *hours) for weekday in range(7)]
    assert business_date(week, ROME, at) == day


def test_without_hours_it_is_the_local_date() -> None:
    assert business_date([], ROME, datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  a \n\t b  ", "a b"),
        ("\u202egnirts\u202c", "gnirts"),
        ("a\x00b\x07c", "abc"),
        ("e\u0301", "é"),
        ("zero\u200bwidth", "zerowidth"),
        ("", ""),
        ("ñandú & <b>", "ñandú & <b>"),
    ],
)
def test_text_becomes_one_plain_line(text: str, kept: str) -> None:
    assert one_line(text, 40) == kept


def test_long_text_is_cut() -> None:
    assert one_line("x" * 1_000_000, 80) == "x" * 80
