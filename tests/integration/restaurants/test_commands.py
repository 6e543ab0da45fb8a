"""The command line: menus in and out, the demo."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from restaurants import selectors, services
from restaurants.demo import DEMO_PASSWORD, DEMO_RESTAURANTS
from restaurants.menu_format import dump_menu, parse_menu
from restaurants.models import MenuVersion, Restaurant, Role
from restaurants.scoping import for_restaurant
from tests.cast import DINER_MENU, OSTERIA_MENU

pytestmark = pytest.mark.django_db


def menu_file(folder: Path, document: Any) -> Path:
    path = folder / "menu.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_a_menu_goes_in_and_comes_out_equal(tmp_path: Path) -> None:
    call_command(
        "import_menu", "osteria", menu_file(tmp_path, OSTERIA_MENU), "--create", "--publish", stdout=StringIO()
    )
    out = tmp_path / "out.json"
    call_command("export_menu", "osteria", out)
    assert parse_menu(json.loads(out.read_text())) == parse_menu(OSTERIA_MENU)
    screen = StringIO()
    call_command("export_menu", "osteria", stdout=screen)
    assert screen.getvalue() == out.read_text()


def test_names_that_will_cost_a_question_are_told(osteria: Restaurant, tmp_path: Path) -> None:
    document = {
        **OSTERIA_MENU,
        "items": [{**item, "aliases": ["the usual dish"]} for item in OSTERIA_MENU["items"][:2]],
    }
    out = StringIO()
    call_command("import_menu", "osteria", menu_file(tmp_path, document), "--publish", stdout=out)
    assert "“the usual dish” may mean" in out.getvalue()
    assert "is live" in out.getvalue()


def test_without_publish_it_stays_a_draft(osteria: Restaurant, tmp_path: Path) -> None:
    before = selectors.live_menu(osteria.pk)
    call_command("import_menu", "osteria", menu_file(tmp_path, OSTERIA_MENU), stdout=StringIO())
    assert selectors.live_menu(osteria.pk) == before
    with for_restaurant(osteria.pk):
        assert [version.state for version in MenuVersion.objects.order_by("number")] == ["live", "draft"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({**DINER_MENU, "items": [{"id": "x", "name": "X", "category": "a", "price_cents": -1}]}, r"items\[0\].price"),
        ({**DINER_MENU, "item": []}, r"\$\.item: unknown key"),
        ('{"name": "A", "name": "B"}', "stands twice"),
        ("{not json", "no JSON text"),
    ],
)
def test_a_wrong_file_leaves_no_restaurant_behind(tmp_path: Path, content: Any, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("import_menu", "diner", menu_file(tmp_path, content), "--create", "--publish")
    assert not Restaurant.objects.exists()


def test_an_empty_menu_is_not_half_published(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no items"):
        call_command("import_menu", "void", menu_file(tmp_path, {"name": "V", "slug": "void"}), "--create", "--publish")
    assert not Restaurant.objects.exists()


def test_unknown_places_and_files_are_said_plainly(osteria: Restaurant, tmp_path: Path) -> None:
    for arguments in (("nowhere", menu_file(tmp_path, DINER_MENU)), ("osteria", tmp_path / "missing.json")):
        with pytest.raises(CommandError, match=r"no restaurant|cannot be read"):
            call_command("import_menu", *arguments)
    with pytest.raises(CommandError, match="no restaurant"):
        call_command("export_menu", "nowhere")
    services.create_restaurant(slug="quiet", name="Quiet")
    with pytest.raises(CommandError, match="no live menu"):
        call_command("export_menu", "quiet")


def test_the_demo_opens_three_restaurants_and_repeating_changes_nothing() -> None:
    screen = StringIO()
    call_command("load_demo", stdout=screen)
    assert DEMO_PASSWORD in screen.getvalue()
    restaurants = selectors.list_demo_restaurants()
    assert [restaurant.slug for restaurant in restaurants] == [demo.slug for demo in DEMO_RESTAURANTS]
    for restaurant in restaurants:
        assert selectors.is_open(restaurant, timezone.now())
        assert 25 <= len(selectors.live_menu(restaurant.pk).items) <= 60
    assert selectors.current_availability(restaurants[2].pk).items_out == {"flan"}
    cook = authenticate(username="marco", password=DEMO_PASSWORD)
    assert isinstance(cook, User)
    assert selectors.access_restaurant_for_staff(cook, "bella-napoli", role=Role.KITCHEN) == restaurants[0]
    with pytest.raises(Restaurant.DoesNotExist):
        selectors.access_restaurant_for_staff(cook, "burger-lane")

    User.objects.filter(username="marco").update(first_name="Marcus")
    call_command("load_demo", verbosity=0)
    assert User.objects.get(username="marco").first_name == "Marcus"
    with for_restaurant(restaurants[0].pk):
        assert MenuVersion.objects.count() == 1


@pytest.mark.parametrize("demo", DEMO_RESTAURANTS, ids=lambda demo: demo.slug)
def test_demo_menus_survive_the_database_exactly(demo: Any) -> None:
    document = json.loads(demo.menu_path.read_text(encoding="utf-8"))
    menu = parse_menu(document)
    restaurant = services.create_restaurant(
        slug=menu.slug,
        name=menu.name,
        currency=menu.currency,
        locale=menu.locale,
        languages=list(menu.languages),
        is_tax_inclusive=menu.tax_inclusive,
    )
    services.publish_menu(menu_version=services.import_menu(restaurant=restaurant, document=document))
    assert dump_menu(selectors.live_menu(restaurant.pk)) == dump_menu(menu)
