"""The admin shows people their own restaurant and what their role allows; a stranger meets 404 and empty lists."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from restaurants import selectors, services
from restaurants.models import (
    Alias,
    AvailabilityEvent,
    Category,
    Item,
    Membership,
    MenuState,
    MenuVersion,
    ModifierGroup,
    Restaurant,
    Role,
    TaxClass,
    TenantModel,
    Variation,
)
from restaurants.scoping import for_restaurant
from tests.cast import hire

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def changelist(model: type[Any]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def change(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def pages_of(app_label: str) -> list[type[Any]]:
    return [model for model in apps.get_app_config(app_label).get_models() if admin.site.is_registered(model)]


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create(username="root", is_staff=True, is_superuser=True)


@pytest.fixture
def draft(osteria: Restaurant) -> MenuVersion:
    return services.draft_from_live(restaurant=osteria)


@pytest.mark.parametrize("model", pages_of("restaurants"), ids=lambda model: model.__name__)
def test_every_page_opens_for_superuser_and_owner_and_hides_the_rest(
    model: type[Any], osteria: Restaurant, diner: Restaurant, draft: MenuVersion, owner: User, root: User, cook: User
) -> None:
    assert client_of(root).get(changelist(model)).status_code == 200
    page = client_of(owner).get(changelist(model))
    assert page.status_code == 200
    assert diner.name not in page.content.decode(), "not in its filters either"
    if issubclass(model, TenantModel):
        with for_restaurant(osteria.pk):
            ours = model.objects.first()
        with for_restaurant(diner.pk):
            theirs = model.objects.first()
        if ours is not None:
            assert client_of(owner).get(change(ours)).status_code == 200
            assert client_of(root).get(change(ours)).status_code == 200
        if theirs is not None:
            assert client_of(owner).get(change(theirs)).status_code == 302, "sent away: there is no such row"
            listed = client_of(owner).get(changelist(model)).context["cl"].result_list
            assert {row.restaurant_id for row in listed} <= {osteria.pk}
    wanted = 200 if model is AvailabilityEvent else 403
    assert client_of(cook).get(changelist(model)).status_code == wanted


def test_a_stranger_gets_nothing_of_ours(osteria: Restaurant, draft: MenuVersion, stranger: User) -> None:
    client = client_of(stranger)
    with for_restaurant(osteria.pk):
        rows = [draft, Item.objects.filter(version=draft).first(), ModifierGroup.objects.filter(version=draft).first()]
        before = Item.objects.filter(version=draft).count()
    for row in rows:
        assert row is not None, "there is something to leak"
        assert client.get(change(row)).status_code == 302
        assert client.post(change(row), {"name": "stolen"}).status_code == 302
        response = client.post(
            changelist(type(row)), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert response.status_code in {302, 403}
    assert client.get(change(osteria)).status_code == 302
    client.post(changelist(MenuVersion), {"action": "publish", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert draft.state == MenuState.DRAFT
    with for_restaurant(osteria.pk):
        assert Item.objects.filter(version=draft).count() == before


def test_nobody_without_a_membership_sees_anything(osteria: Restaurant) -> None:
    temp = User.objects.create(username="temp", is_staff=True)
    response = client_of(temp).get(reverse("admin:index"))
    assert response.status_code == 200
    assert b"Osteria" not in response.content
    assert client_of(temp).get(changelist(Item)).status_code == 403


def formset(prefix: str, rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


ITEM_FORM = {
    "names": "",
    "descriptions": "",
    "station": "kitchen",
    "prep_seconds": 60,
    "price_cents": 0,
    **formset("group_links", []),
    **formset("allergens", []),
}


def item_form(draft: MenuVersion, **fields: Any) -> dict[str, Any]:
    with for_restaurant(draft.restaurant_id):
        category = Category.objects.get(version=draft, code="pasta").pk
        tax = TaxClass.objects.get(version=draft, code="standard").pk
    sizes = formset("variations", [{"code": "half", "name": "Half", "names": "", "price_cents": 700, "position": 0}])
    aliases = formset("aliases", [{"text": "ravs", "kind": "spoken", "source": "staff", "position": 0}])
    return {**ITEM_FORM, **sizes, **aliases, "category": category, "tax_class": tax, **fields}


def test_an_owner_adds_an_item_to_the_draft_and_publishes(osteria: Restaurant, draft: MenuVersion, owner: User) -> None:
    client = client_of(owner)
    response = client.post(reverse("admin:restaurants_item_add"), item_form(draft, code="ravioli", name="Ravioli"))
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert "ravioli" not in selectors.live_menu(osteria.pk).item_by_id
    client.post(changelist(MenuVersion), {"action": "publish", "_selected_action": [draft.pk]})
    ravioli = selectors.live_menu(osteria.pk).item_by_id["ravioli"]
    assert [size.price_cents for size in ravioli.variations] == [700]
    assert [alias.text for alias in ravioli.aliases] == ["ravs"]
    draft.refresh_from_db()
    assert draft.published_by == owner


@pytest.mark.parametrize("names", ["Ravioles", "spanish: Ravioles", "es:", "es: a\nes: b"])
def test_names_per_language_are_lines(osteria: Restaurant, draft: MenuVersion, owner: User, names: str) -> None:
    form = item_form(draft, code="ravioli", name="Ravioli", names=names)
    response = client_of(owner).post(reverse("admin:restaurants_item_add"), form)
    assert "names" in response.context["adminform"].form.errors
    client_of(owner).post(reverse("admin:restaurants_item_add"), {**form, "names": "es: Ravioles"})
    with for_restaurant(osteria.pk):
        assert Item.objects.get(version=draft, code="ravioli").names == {"es": "Ravioles"}


def test_a_taken_id_is_a_message_and_not_a_crash(osteria: Restaurant, draft: MenuVersion, owner: User) -> None:
    form = item_form(draft, code="spaghetti", name="More spaghetti")
    response = client_of(owner).post(reverse("admin:restaurants_item_add"), form)
    assert response.status_code == 200
    assert "already exists" in str(response.context["adminform"].form.errors)


def test_publishing_warns_of_names_that_sound_alike(osteria: Restaurant, draft: MenuVersion, owner: User) -> None:
    with for_restaurant(osteria.pk):
        for number, item in enumerate(Item.objects.filter(version=draft).order_by("pk")[:2]):
            Alias.objects.create(restaurant=osteria, version=draft, item=item, text=("red sea", "red see")[number])
    response = client_of(owner).post(
        changelist(MenuVersion), {"action": "publish", "_selected_action": [draft.pk]}, follow=True
    )
    told = " ".join(str(message) for message in response.context["messages"])
    assert "is live" in told
    assert "“red sea” and “red see” sound alike" in told


def test_a_draft_that_makes_no_menu_says_why_at_publish(osteria: Restaurant, draft: MenuVersion, owner: User) -> None:
    with for_restaurant(osteria.pk):
        Item.objects.filter(version=draft, code="lemonade").update(name="<b>Lemonade</b>")
    response = client_of(owner).post(
        changelist(MenuVersion), {"action": "publish", "_selected_action": [draft.pk]}, follow=True
    )
    assert "$.items[1].name" in " ".join(str(message) for message in response.context["messages"])


def test_the_live_menu_is_looked_at_only(osteria: Restaurant, owner: User, root: User) -> None:
    with for_restaurant(osteria.pk):
        item = Item.objects.get(code="spaghetti")
        size = Variation.objects.get(code="small")
    for user in (owner, root):
        client = client_of(user)
        assert client.post(change(item), {"name": "Changed"}).status_code == 403
        assert client.post(change(size), {"name": "Changed"}).status_code == 403
    assert client_of(owner).get(reverse("admin:restaurants_item_add")).status_code == 403, "there is no draft to add to"


def test_copying_and_downloading(osteria: Restaurant, owner: User) -> None:
    with for_restaurant(osteria.pk):
        live = MenuVersion.objects.get(state=MenuState.LIVE)
    client = client_of(owner)
    client.post(changelist(MenuVersion), {"action": "copy_live", "_selected_action": [live.pk]})
    with for_restaurant(osteria.pk):
        copied = MenuVersion.objects.get(state=MenuState.DRAFT)
    response = client.post(changelist(MenuVersion), {"action": "download", "_selected_action": [copied.pk]})
    live.refresh_from_db()
    assert json.loads(response.content) == live.document


def test_a_draft_can_be_thrown_away_and_a_published_menu_cannot(
    osteria: Restaurant, draft: MenuVersion, owner: User
) -> None:
    client = client_of(owner)
    with for_restaurant(osteria.pk):
        live = MenuVersion.objects.get(state=MenuState.LIVE)
    delete = {"action": "delete_selected", "post": "yes"}
    client.post(changelist(MenuVersion), {**delete, "_selected_action": [draft.pk, live.pk]})
    with for_restaurant(osteria.pk):
        assert MenuVersion.objects.count() == 2
    client.post(changelist(MenuVersion), {**delete, "_selected_action": [draft.pk]})
    with for_restaurant(osteria.pk):
        assert MenuVersion.objects.get() == live


def test_a_shift_lead_marks_something_as_out(osteria: Restaurant, diner: Restaurant, cook: User) -> None:
    lead = hire("lea", osteria, Role.SHIFT_LEAD)
    add = reverse("admin:restaurants_availabilityevent_add")
    form = {"thing": "osteria|spaghetti||", "state": "out", "reason": "dropped the pot"}
    assert client_of(cook).get(add).status_code == 403, "the kitchen looks, the shift lead decides"
    page = client_of(lead).get(add)
    assert b"Spaghetti" in page.content
    assert b"Pancakes" not in page.content
    assert client_of(lead).post(add, form).status_code == 302
    assert selectors.current_availability(osteria.pk).reasons == {"spaghetti": "dropped the pot"}
    with for_restaurant(osteria.pk):
        assert AvailabilityEvent.objects.get().by == lead
    foreign = client_of(lead).post(add, {**form, "thing": "diner|pancakes||"})
    assert foreign.status_code == 200, "not among the choices"
    assert selectors.current_availability(diner.pk).items_out == frozenset()
    unclear = client_of(lead).post(add, {**form, "state": "limited"})
    assert "How many are left" in str(unclear.context["adminform"].form.errors)


def test_an_owner_cannot_hire_strangers_or_change_house_rules(osteria: Restaurant, owner: User, stranger: User) -> None:
    page = client_of(owner).get(change(osteria))
    assert page.status_code == 200
    assert b"sam" not in page.content
    form = {
        "name": "Osteria Nuova", "slug": "stolen", "currency": "EUR", "greetings": "", "theme": "ember",
        "taglines": "en: Pasta\nes: Pasta", "locale": "en-US", "languages": "en", "time_zone": "Europe/Rome",
        "wait_minutes": 5, "max_line_quantity": 20, "max_units": 60, "max_lines": 40, "max_total_cents": 50000,
        **formset("opening_hours", []),
        **formset("memberships", [{"user": stranger.pk, "role": "owner"}]),
    }  # fmt: skip
    response = client_of(owner).post(change(osteria), form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    osteria.refresh_from_db()
    assert (osteria.name, osteria.slug, osteria.currency) == ("Osteria Nuova", "osteria", "USD")
    assert (osteria.taglines, osteria.greetings) == ({"en": "Pasta", "es": "Pasta"}, {})
    with for_restaurant(osteria.pk):
        assert not Membership.objects.filter(user=stranger).exists()
