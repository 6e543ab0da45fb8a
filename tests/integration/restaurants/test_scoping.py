"""The wall between tenants: no context, no rows; a stranger gets nothing."""

import logging

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User

from restaurants import selectors
from restaurants.models import Item, Membership, MenuVersion, Restaurant, Role, TenantModel
from restaurants.scoping import ScopeError, TenantManager, across_restaurants, for_restaurant

pytestmark = pytest.mark.django_db


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model.__name__)
def test_every_read_without_a_restaurant_raises(model: type[TenantModel]) -> None:
    manager = model.objects
    for name in (
        "all",
        "count",
        "exists",
        "first",
        "filter",
        "exclude",
        "get",
        "values",
        "update",
        "create",
        "iterator",
    ):
        with pytest.raises(ScopeError):
            getattr(manager, name)()


def test_every_model_with_a_restaurant_is_behind_the_wall() -> None:
    ours = {"restaurants", "orders", "voice", "flags"}
    with_restaurant = {
        model
        for model in apps.get_models()
        if model._meta.app_label in ours
        and any(field.attname == "restaurant_id" for field in model._meta.concrete_fields)
    }
    assert with_restaurant, "there is something to protect"
    for model in with_restaurant:
        assert isinstance(model._default_manager, TenantManager), model
        assert not model._meta.get_field("restaurant").null, model


def test_a_context_shows_one_restaurant_and_cannot_be_switched(osteria: Restaurant, diner: Restaurant) -> None:
    with for_restaurant(osteria.pk):
        assert {item.code for item in Item.objects.all()} == {"spaghetti", "lemonade"}
        with pytest.raises(ScopeError), for_restaurant(diner.pk):
            pytest.fail("switched tenants")
        with pytest.raises(ScopeError):
            selectors.live_menu(diner.pk)
    with pytest.raises(ScopeError):
        Item.objects.count()


def test_crossing_is_possible_on_purpose_and_logged(
    osteria: Restaurant, diner: Restaurant, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "comanda.tenancy"), across_restaurants("counting menus"):
        assert MenuVersion.objects.count() == 2
    assert "counting menus" in caplog.text


def test_staff_get_in_by_role(osteria: Restaurant, owner: User, cook: User) -> None:
    assert selectors.access_restaurant_for_staff(owner, "osteria", role=Role.MANAGER) == osteria
    assert selectors.access_restaurant_for_staff(cook, "osteria", role=Role.KITCHEN) == osteria
    assert selectors.access_restaurant_for_staff(cook, "osteria") == osteria
    with pytest.raises(Restaurant.DoesNotExist):
        selectors.access_restaurant_for_staff(cook, "osteria", role=Role.MANAGER)


def test_a_stranger_cannot_tell_a_restaurant_from_none(osteria: Restaurant, diner: Restaurant, stranger: User) -> None:
    assert selectors.access_restaurant_for_staff(stranger, "diner") == diner
    for person in (stranger, AnonymousUser(), User(is_superuser=False)):
        for slug in ("osteria", "nowhere"):
            with pytest.raises(Restaurant.DoesNotExist):
                selectors.access_restaurant_for_staff(person, slug)
    assert selectors.list_restaurants_of(stranger) == [diner]


def test_dismissed_people_and_closed_accounts_are_out(osteria: Restaurant, owner: User, cook: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    with for_restaurant(osteria.pk):
        Membership.objects.filter(user=cook).delete()
    for person in (owner, cook):
        person.refresh_from_db()
        with pytest.raises(Restaurant.DoesNotExist):
            selectors.access_restaurant_for_staff(person, "osteria")


def test_superusers_get_in_and_it_is_logged(osteria: Restaurant, caplog: pytest.LogCaptureFixture) -> None:
    root = User.objects.create_superuser("root", password="correct horse battery")
    with caplog.at_level(logging.INFO, "comanda.tenancy"):
        assert selectors.access_restaurant_for_staff(root, "osteria", role=Role.OWNER) == osteria
    assert "osteria" in caplog.text
