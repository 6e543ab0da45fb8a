"""Another restaurant's orders do not exist here; and orders stand although a part of the house is down."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from channels.layers import channel_layers
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.apps import apps
from django.contrib.auth.models import User

from orders import selectors, services
from orders.models import EventCounter, Order, Ticket
from orders.states import OrderState
from restaurants.models import Restaurant, TenantModel
from restaurants.scoping import ScopeError, for_restaurant
from tests.integration.orders.conftest import PlaceOne, spaghetti

pytestmark = pytest.mark.django_db

MODELS: list[Any] = list(apps.get_app_config("orders").get_models())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_is_behind_the_wall(
    model: Any, osteria: Restaurant, diner: Restaurant, place_one: PlaceOne
) -> None:
    assert issubclass(model, TenantModel)
    assert not model._meta.get_field("restaurant").null
    place_one(osteria, spaghetti())
    with pytest.raises(ScopeError):
        model.objects.exists()
    with for_restaurant(osteria.pk):
        assert model.objects.exists(), "there is something to leak"
    with for_restaurant(diner.pk):
        assert not model.objects.exists()


def test_no_service_reaches_over_the_wall(osteria: Restaurant, diner: Restaurant, place_one: PlaceOne) -> None:
    order_id = place_one(osteria).order_id
    with for_restaurant(osteria.pk):
        ticket_id = Ticket.objects.get().pk
    theirs: dict[str, Any] = {"restaurant_id": diner.pk, "order_id": order_id, "actor": services.SYSTEM}
    with pytest.raises(Order.DoesNotExist):
        services.advance_order(**theirs, to_state=OrderState.IN_PROGRESS, expected_version=1)
    with pytest.raises(Order.DoesNotExist):
        services.recall_order(**theirs, expected_version=1)
    with pytest.raises(Order.DoesNotExist):
        services.cancel_order(**theirs, reason="no")
    with pytest.raises(Ticket.DoesNotExist):
        services.acknowledge_ticket(restaurant_id=diner.pk, ticket_id=ticket_id, actor=services.SYSTEM)
    assert selectors.card_of(diner.pk, order_id) is None
    assert selectors.board_orders(diner.pk) == []
    assert selectors.changes_since(diner.pk, 0) == ()
    card = selectors.card_of(osteria.pk, order_id)
    assert card is not None
    assert (card.state, card.version) == ("submitted", 1)


def test_staff_reach_their_own_orders_only(
    osteria: Restaurant, cook: User, stranger: User, place_one: PlaceOne
) -> None:
    order_id = place_one(osteria).order_id
    assert selectors.access_order_for_staff(cook, "osteria", order_id).pk == order_id
    with pytest.raises(Restaurant.DoesNotExist):
        selectors.access_order_for_staff(stranger, "osteria", order_id)
    with pytest.raises(Order.DoesNotExist):
        selectors.access_order_for_staff(stranger, "diner", order_id)


def test_an_order_stands_although_redis_is_gone(
    osteria: Restaurant, place_one: PlaceOne, django_capture_on_commit_callbacks: Any
) -> None:
    layer = RedisPubSubChannelLayer(hosts=["redis://127.0.0.1:1"])
    before = channel_layers.set("default", layer)
    try:
        with django_capture_on_commit_callbacks(execute=True) as told:
            placed = place_one(osteria)
    finally:
        channel_layers.backends.pop("default")
        if before is not None:
            channel_layers.set("default", before)
    assert len(told) == 1
    assert [order.pk for order in selectors.board_orders(osteria.pk)] == [placed.order_id]


def test_an_unknown_order_is_not_invented(osteria: Restaurant) -> None:
    with pytest.raises(Order.DoesNotExist):
        services.cancel_order(
            restaurant_id=osteria.pk, order_id=uuid.uuid4(), actor=services.SYSTEM, reason="nothing there"
        )
    assert selectors.latest_sequence(osteria.pk) == 0
    with for_restaurant(osteria.pk):
        assert not EventCounter.objects.exists(), "the refused transaction left nothing"


def test_steps_are_recorded_with_who_did_them(osteria: Restaurant, owner: User, place_one: PlaceOne) -> None:
    placed = place_one(osteria)
    actor = services.Actor.staff(owner)
    here: dict[str, Any] = {"restaurant_id": osteria.pk, "order_id": placed.order_id, "actor": actor}
    services.advance_order(**here, to_state=OrderState.IN_PROGRESS, expected_version=1)
    services.cancel_order(**here, reason="customer called", expected_version=2)
    changes = selectors.changes_since(osteria.pk, 0)
    assert changes is not None
    assert [(c.sequence, c.kind, c.from_state, c.to_state, c.actor) for c in changes] == [
        (1, "placed", "", "submitted", "customer"),
        (2, "advanced", "submitted", "in_progress", "olivia"),
        (3, "cancelled", "in_progress", "cancelled", "olivia"),
    ]
    assert [ticket.kind for ticket in changes[-1].card.tickets] == ["new", "cancel"]
    with pytest.raises(services.TransitionRefused):
        services.advance_order(**here, to_state=OrderState.READY, expected_version=3)
