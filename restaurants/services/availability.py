from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from restaurants.models import AvailabilityEvent, AvailabilityState, Restaurant
from restaurants.scoping import for_restaurant
from restaurants.selectors import latest_availability, live_menu


@transaction.atomic
def set_availability(
    *,
    restaurant: Restaurant,
    state: AvailabilityState,
    item: str = "",
    option: tuple[str, str] | None = None,
    left: int | None = None,
    until: datetime | None = None,
    reason: str = "",
    by: AbstractBaseUser | None = None,
) -> AvailabilityEvent:
    """86 an item or an option (group id, option id), limit it, or bring it back. Raises LookupError for unknown ids."""
    menu = live_menu(restaurant.pk)
    if option is None:
        is_known = item in menu.item_by_id
    else:
        group = menu.group_by_id.get(option[0])
        is_known = not item and group is not None and option[1] in group.option_by_id
    if not is_known:
        raise LookupError(f"The live menu of {restaurant.slug} has no {option or item!r}.")
    event = AvailabilityEvent(
        restaurant=restaurant,
        item_code=item,
        group_code=option[0] if option else "",
        option_code=option[1] if option else "",
        state=state,
        left=left,
        until=until,
        reason=reason,
        by_id=by.pk if by else None,
    )
    event.clean_fields(exclude=["restaurant", "by", "item_code", "group_code", "option_code"])
    event.save(force_insert=True)
    return event


@transaction.atomic
def sell_units(*, restaurant_id: int, units: Mapping[str, int]) -> None:
    """Count sold units off items that are limited to n more; call inside the transaction that places the order.

    Holds the restaurant's row while counting, but only when something is limited. Never goes below 0.
    """
    with for_restaurant(restaurant_id):
        limited = {event.item_code for event in latest_availability() if event.state == AvailabilityState.LIMITED}
        if not limited & units.keys():
            return
        Restaurant.objects.select_for_update().get(pk=restaurant_id)
        for event in latest_availability():
            sold = units.get(event.item_code, 0)
            if event.state == AvailabilityState.LIMITED and event.left is not None and sold > 0:
                AvailabilityEvent.objects.create(
                    restaurant_id=restaurant_id,
                    item_code=event.item_code,
                    state=AvailabilityState.LIMITED,
                    left=max(0, event.left - sold),
                    until=event.until,
                    reason=event.reason,
                )
