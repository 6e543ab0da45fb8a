from datetime import UTC, datetime, time

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from restaurants import selectors, services
from restaurants.hours import OpenPeriod
from restaurants.models import Restaurant, Role

pytestmark = pytest.mark.django_db


def test_a_restaurant_that_cannot_be_is_not_created(osteria: Restaurant) -> None:
    for wrong in (
        {"slug": "osteria"},
        {"slug": "x", "time_zone": "Mars/Olympus"},
        {"slug": "x", "currency": "dollars"},
    ):
        with pytest.raises(ValidationError):
            services.create_restaurant(name="Copy", **wrong)
    assert Restaurant.objects.count() == 1


def test_hours_are_replaced_and_read_on_the_restaurants_clock(osteria: Restaurant) -> None:
    services.set_opening_hours(restaurant=osteria, week=[OpenPeriod(4, time(18), time(2))])  # Friday night, Rome
    assert selectors.is_open(osteria, datetime(2026, 7, 10, 16, 0, tzinfo=UTC))
    assert selectors.is_open(osteria, datetime(2026, 7, 10, 23, 59, tzinfo=UTC))
    assert not selectors.is_open(osteria, datetime(2026, 7, 11, 0, 0, tzinfo=UTC))
    opening = selectors.next_opening(osteria, datetime(2026, 7, 11, 0, 0, tzinfo=UTC))
    assert opening == datetime(2026, 7, 17, 16, 0, tzinfo=UTC)


def test_one_role_per_person_and_place(osteria: Restaurant, cook: User) -> None:
    services.add_member(restaurant=osteria, user=cook, role=Role.SHIFT_LEAD)
    assert selectors.role_at(cook, osteria) == Role.SHIFT_LEAD


def test_inactive_restaurants_have_no_address(osteria: Restaurant) -> None:
    services.update_restaurant(restaurant=osteria, is_active=False)
    with pytest.raises(Restaurant.DoesNotExist):
        selectors.get_restaurant_by_slug("osteria")
