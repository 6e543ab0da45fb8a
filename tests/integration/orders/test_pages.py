"""Board page and admin: for those who work there, and as if not there for everyone else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from restaurants.models import Restaurant, Role
from tests.cast import hire
from tests.integration.orders.conftest import PlaceOne

pytestmark = pytest.mark.django_db


def get(user: User | None, path: str) -> tuple[int, str]:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(path)
    return response.status_code, response.headers.get("location", "") or response.content.decode()


def test_a_cook_gets_the_board(osteria: Restaurant, cook: User) -> None:
    status, page = get(cook, "/r/osteria/board")
    assert status == 200
    assert "/ws/r/osteria/board" in page


def test_signing_in_comes_first(osteria: Restaurant) -> None:
    status, where = get(None, "/r/osteria/board")
    assert status == 302
    assert where.startswith("/accounts/login/?next=/r/osteria/board")


def test_for_others_there_is_no_board(osteria: Restaurant, stranger: User) -> None:
    host = hire("hugo", osteria, Role.HOST)
    for user, path in ((stranger, "/r/osteria/board"), (host, "/r/osteria/board"), (stranger, "/r/nowhere/board")):
        assert get(user, path)[0] == 404


def test_the_board_is_only_looked_at(osteria: Restaurant, cook: User) -> None:
    client = Client()
    client.force_login(cook)
    assert client.post("/r/osteria/board").status_code == 405


def test_an_owner_reads_orders_and_their_events_in_the_admin(
    osteria: Restaurant, owner: User, place_one: PlaceOne
) -> None:
    placed = place_one(osteria)
    status, listed = get(owner, "/admin/orders/order/")
    assert status == 200
    assert "#1" in listed
    status, page = get(owner, f"/admin/orders/order/{placed.order_id}/change/")
    assert status == 200
    assert "Spaghetti" in page
    assert "Ragù" in page
    assert "placed" in page
    assert "_save" not in page


def test_nobody_edits_orders_in_the_admin(osteria: Restaurant, owner: User, place_one: PlaceOne) -> None:
    placed = place_one(osteria)
    client = Client()
    client.force_login(owner)
    for path in ("add/", f"{placed.order_id}/delete/"):
        assert client.get(f"/admin/orders/order/{path}").status_code == 403
    assert client.post(f"/admin/orders/order/{placed.order_id}/change/", {"state": "ready"}).status_code == 403


def test_another_restaurants_orders_are_not_in_the_admin(
    osteria: Restaurant, stranger: User, cook: User, owner: User, place_one: PlaceOne
) -> None:
    placed = place_one(osteria)
    page = f"/admin/orders/order/{placed.order_id}/change/"
    assert get(owner, page)[0] == 200, "there is something to leak"
    status, listed = get(stranger, "/admin/orders/order/")
    assert status == 200
    assert "#1" not in listed
    assert get(stranger, page)[0] in (302, 404)
    assert get(cook, page)[0] == 403, "the kitchen has the board"
