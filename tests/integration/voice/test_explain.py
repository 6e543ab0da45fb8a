"""Trying an utterance out: the page for those who run the place, and the command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from orders.models import Order
from restaurants.models import Restaurant, Role
from restaurants.services import create_restaurant
from tests.cast import hire
from voice.models import Call

pytestmark = pytest.mark.django_db
PAGE = "/r/osteria/explain"


def get(user: User | None, path: str = PAGE, **params: str | list[str]) -> tuple[int, str]:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = client.get(path, params)
    return response.status_code, response.headers.get("location", "") or response.content.decode()


def test_the_page_tells_words_edits_prices_and_the_answer(owner: User) -> None:
    status, page = get(owner, text="two spaghetti with pesto and a large lemonade")
    assert status == 200
    assert "Add 2 × Spaghetti, Pesto" in page
    assert "Large Lemonade" in page
    assert "$28.62" in page  # with tax
    assert "Anything else?" in page
    assert "Accepted" in page


def test_what_was_said_before_decides_what_is_read(owner: User) -> None:
    status, page = get(owner, text="pesto", before="a spaghetti")
    assert status == 200
    assert "Spaghetti: Pesto" in page


def test_nothing_is_ordered_even_by_a_yes(owner: User, osteria: Restaurant) -> None:
    status, page = get(owner, text="yes", before="a lemonade\nthat's all")
    assert status == 200
    assert "The order would be placed." in page
    assert orders_and_calls(osteria) == (0, 0)


def orders_and_calls(restaurant: Restaurant) -> tuple[int, int]:
    from restaurants.scoping import for_restaurant

    with for_restaurant(restaurant.pk):
        return Order.objects.count(), Call.objects.count()


def test_before_anything_was_tried_there_is_a_form(owner: User) -> None:
    for params in ({}, {"text": "   "}):
        status, page = get(owner, **params)
        assert status == 200
        assert "Nothing tried yet." in page
        assert '<form class="card stack" method="get">' in page


def test_a_restaurant_without_a_menu_says_so(db: None) -> None:
    bare = create_restaurant(slug="bare", name="Bare")
    status, page = get(hire("bo", bare, Role.OWNER), "/r/bare/explain", text="a coffee")
    assert status == 200
    assert "There is no published menu yet" in page


def test_it_is_for_those_who_run_the_place(osteria: Restaurant, owner: User, stranger: User, cook: User) -> None:
    lead = hire("lea", osteria, Role.SHIFT_LEAD)
    manager = hire("max", osteria, Role.MANAGER)
    assert [get(user, text="spaghetti")[0] for user in (owner, manager, lead)] == [200, 200, 200]
    host = hire("hugo", osteria, Role.HOST)
    assert [get(user, text="spaghetti")[0] for user in (stranger, cook, host)] == [404, 404, 404]
    status, where = get(None)
    assert status == 302
    assert where.startswith("/accounts/login/?next=/r/osteria/explain")


def test_the_board_leads_there_for_those_who_may(owner: User, cook: User) -> None:
    for user, is_linked in ((owner, True), (cook, False)):
        status, page = get(user, "/r/osteria/board")
        assert status == 200
        assert ('href="/r/osteria/explain"' in page) is is_linked


def test_hostile_words_are_shown_as_words(owner: User) -> None:
    attack = "<script>alert(1)</script> {{ 7 }} ' OR 1=1 -- \u202e\u0000 spaghetti"
    status, page = get(owner, text=attack, before=attack, language="<b>xx</b>")
    assert status == 200
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "Spaghetti" in page
    assert get(owner, text="spaghetti " * 5_000)[0] == 200
    assert get(owner, text=["a"] * 200, before=["b\n" * 200])[0] == 200


def test_spanish_is_understood_and_answered_in_spanish(owner: User) -> None:
    status, page = get(owner, text="dos espaguetis con pesto", language="es")
    assert status == 200
    assert "Add 2 × Spaghetti, Pesto" in page
    assert "¿Algo más?" in page


def test_the_page_is_only_looked_at(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert client.post(PAGE, {"text": "spaghetti"}).status_code == 405


def told(*args: str, **options: object) -> str:
    out = StringIO()
    call_command("explain_utterance", *args, stdout=out, no_color=True, **options)
    return out.getvalue()


def test_the_command_tells_the_same(osteria: Restaurant) -> None:
    answer = told("osteria", "a spaghetti with pesto, please")
    assert "Add Spaghetti, Pesto" in answer
    assert "accepted" in answer
    assert "Total $" in answer
    assert "please = filler" in answer


def test_the_command_reads_against_a_basket(osteria: Restaurant) -> None:
    cart = '{"lines": [{"id": "L1", "item": "lemonade", "quantity": 2, "variation": "small"}]}'
    assert "Lemonade: size Large" in told("osteria", "make it large", cart=cart)
    assert "Lemonade: make it 3" in told("osteria", "make it three", cart='[{"item": "lemonade"}]')
    assert "Lemonade: make it 3" in told("osteria", "make it three", before=["a lemonade"])


def test_the_command_chooses_among_hypotheses(osteria: Restaurant) -> None:
    answer = told("osteria", "a large lemon aid of", "a large lemonade")
    assert "1. a large lemon aid of" in answer
    assert "Large Lemonade" in answer


@pytest.mark.parametrize(
    ("args", "options", "words"),
    [
        (("nowhere", "x"), {}, "There is no restaurant nowhere."),
        (("osteria", " "), {}, "There are no words"),
        (("osteria", "x"), {"cart": "{"}, "no list of lines"),
        (("osteria", "x"), {"cart": "[1]"}, "no list of lines"),
        (("osteria", "x"), {"cart": "{}"}, "no list of lines"),
        (("osteria", "x"), {"cart": '"x"'}, "no list of lines"),
        (("osteria", "x"), {"cart": '[{"item": "sushi"}]'}, "cannot be a basket here: sushi"),
    ],
)
def test_the_command_says_what_is_wrong(
    osteria: Restaurant, args: tuple[str, ...], options: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        told(*args, **options)


def test_the_command_needs_a_menu(db: None) -> None:
    create_restaurant(slug="bare", name="Bare")
    with pytest.raises(CommandError, match="no live menu"):
        told("bare", "a coffee")
