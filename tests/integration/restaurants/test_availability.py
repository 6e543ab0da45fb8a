"""86: what staff mark as out is out at once, for the item and for the option that stands for it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from restaurants import selectors, services
from restaurants.models import AvailabilityEvent, AvailabilityState, Restaurant
from restaurants.scoping import for_restaurant

pytestmark = pytest.mark.django_db


def test_out_is_seen_at_once_and_back_in_too(osteria: Restaurant, diner: Restaurant, cook: User) -> None:
    assert selectors.current_availability(osteria.pk).items_out == frozenset()
    services.set_availability(
        restaurant=osteria, item="spaghetti", state=AvailabilityState.OUT, reason="no semolina", by=cook
    )
    now = selectors.current_availability(osteria.pk)
    assert now.items_out == {"spaghetti"}
    assert now.reasons == {"spaghetti": "no semolina"}
    assert selectors.current_availability(diner.pk).items_out == frozenset()
    services.set_availability(restaurant=osteria, item="spaghetti", state=AvailabilityState.IN)
    assert selectors.current_availability(osteria.pk).items_out == frozenset()
    with for_restaurant(osteria.pk):
        assert AvailabilityEvent.objects.count() == 2, "the log keeps both"


def test_an_option_that_stands_for_an_item_goes_out_with_it(osteria: Restaurant) -> None:
    services.set_availability(restaurant=osteria, item="lemonade", state=AvailabilityState.OUT)
    assert selectors.current_availability(osteria.pk).options_out == {("extras", "lemonade")}
    services.set_availability(restaurant=osteria, item="lemonade", state=AvailabilityState.IN)
    services.set_availability(restaurant=osteria, option=("extras", "lemonade"), state=AvailabilityState.OUT)
    assert selectors.current_availability(osteria.pk).items_out == {"lemonade"}


def test_out_until_a_time_comes_back_by_itself(osteria: Restaurant) -> None:
    soon, past = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(seconds=1)
    services.set_availability(restaurant=osteria, item="spaghetti", state=AvailabilityState.OUT, until=soon)
    services.set_availability(restaurant=osteria, option=("sauce", "pesto"), state=AvailabilityState.OUT, until=past)
    now = selectors.current_availability(osteria.pk)
    assert now.items_out == {"spaghetti"}
    assert now.options_out == frozenset()


def test_limited_units_are_counted_down_to_out(osteria: Restaurant) -> None:
    services.set_availability(restaurant=osteria, item="spaghetti", state=AvailabilityState.LIMITED, left=3)
    services.sell_units(restaurant_id=osteria.pk, units={"spaghetti": 2, "lemonade": 9})
    assert selectors.current_availability(osteria.pk).items_left == {"spaghetti": 1}
    services.sell_units(restaurant_id=osteria.pk, units={"spaghetti": 2})
    now = selectors.current_availability(osteria.pk)
    assert (now.items_out, now.items_left) == ({"spaghetti"}, {})


def test_what_is_not_on_the_menu_cannot_be_out(osteria: Restaurant) -> None:
    for wrong in ({"item": "sushi"}, {"option": ("sauce", "soy")}, {"item": "spaghetti", "option": ("sauce", "ragu")}):
        with pytest.raises(LookupError):
            services.set_availability(restaurant=osteria, state=AvailabilityState.OUT, **wrong)
    with pytest.raises(ValidationError):
        services.set_availability(restaurant=osteria, item="spaghetti", state=AvailabilityState.OUT, reason="x" * 500)
    with pytest.raises(IntegrityError):
        services.set_availability(restaurant=osteria, item="spaghetti", state=AvailabilityState.LIMITED)
