"""Menus through the database: imported whole or not at all, published once, read frozen."""

import copy
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from restaurants import selectors, services
from restaurants.menu_format import MenuFormatError, dump_menu, menu_digest, parse_menu
from restaurants.menu_rows import read_menu_rows
from restaurants.models import Alias, Item, MenuState, MenuVersion, Option, Restaurant, Variation
from restaurants.scoping import for_restaurant
from tests.cast import DINER_MENU, OSTERIA_MENU

pytestmark = pytest.mark.django_db


def with_item(menu: dict[str, Any], **item: Any) -> dict[str, Any]:
    changed = copy.deepcopy(menu)
    changed["items"].append({"name": "Something", "category": "pasta", **item})
    return changed


def test_rows_and_published_document_are_the_same_menu(osteria: Restaurant) -> None:
    live = selectors.live_menu(osteria.pk)
    with for_restaurant(osteria.pk):
        version = MenuVersion.objects.get(state=MenuState.LIVE)
        rows = read_menu_rows(version)
    assert dump_menu(rows) == dump_menu(live) == version.document
    assert menu_digest(rows) == live.version == version.digest


def test_import_and_export_give_the_file_back(osteria: Restaurant) -> None:
    wanted = parse_menu(OSTERIA_MENU)
    assert dump_menu(selectors.live_menu(osteria.pk)) == dump_menu(wanted)


def test_a_refused_import_stores_nothing(osteria: Restaurant) -> None:
    bad = with_item(OSTERIA_MENU, id="risotto", price_cents=-5)
    with pytest.raises(MenuFormatError, match=r"\$\.items\[2\]\.price_cents"):
        services.import_menu(restaurant=osteria, document=bad)
    with for_restaurant(osteria.pk):
        assert MenuVersion.objects.count() == 1
        assert Item.objects.count() == 2


def test_a_file_in_another_currency_or_tax_is_refused(osteria: Restaurant) -> None:
    document = {**OSTERIA_MENU, "currency": "EUR", "tax_inclusive": True}
    with pytest.raises(MenuFormatError) as refused:
        services.import_menu(restaurant=osteria, document=document)
    assert [error.path for error in refused.value.errors] == ["$.currency", "$.tax_inclusive"]


def test_publishing_replaces_the_live_menu_and_keeps_the_pinned_one(osteria: Restaurant) -> None:
    before = selectors.live_menu(osteria.pk)
    draft = services.import_menu(restaurant=osteria, document=with_item(OSTERIA_MENU, id="risotto", price_cents=1300))
    assert selectors.live_menu(osteria.pk) is before, "a draft is not sold"
    published = services.publish_menu(menu_version=draft)
    after = selectors.live_menu(osteria.pk)
    assert "risotto" in after.item_by_id
    assert after.version == published.digest != before.version
    assert selectors.pinned_menu(osteria.pk, before.version) == before
    with for_restaurant(osteria.pk):
        assert MenuVersion.objects.filter(state=MenuState.LIVE).count() == 1


def test_edited_rows_that_make_no_menu_are_not_published(osteria: Restaurant) -> None:
    before = selectors.live_menu(osteria.pk)
    draft = services.draft_from_live(restaurant=osteria)
    with for_restaurant(osteria.pk):
        Item.objects.filter(version=draft, code="lemonade").update(name="<b>Lemonade</b>")
    with pytest.raises(MenuFormatError, match="markup"):
        services.publish_menu(menu_version=draft)
    draft.refresh_from_db()
    assert draft.state == MenuState.DRAFT
    assert selectors.live_menu(osteria.pk) == before


def test_an_edited_draft_goes_live_as_edited(osteria: Restaurant) -> None:
    draft = services.draft_from_live(restaurant=osteria)
    with for_restaurant(osteria.pk):
        Variation.objects.filter(version=draft, code="large").update(price_cents=500)
        option = Option.objects.get(version=draft, code="pesto")
        Alias.objects.create(restaurant=osteria, version=draft, option=option, text="green sauce")
    services.publish_menu(menu_version=draft)
    menu = selectors.live_menu(osteria.pk)
    assert menu.item_by_id["lemonade"].variation_by_id["large"].price_cents == 500
    assert [alias.text for alias in menu.group_by_id["sauce"].option_by_id["pesto"].aliases] == ["green sauce"]


def test_a_check_that_complains_blocks_the_publish(osteria: Restaurant) -> None:
    draft = services.draft_from_live(restaurant=osteria)
    with pytest.raises(services.MenuRefused, match="coke or cook"):
        services.publish_menu(menu_version=draft, checks=[lambda _: ["coke or cook"]])
    draft.refresh_from_db()
    assert draft.state == MenuState.DRAFT


def test_two_dishes_of_one_name_are_not_published(osteria: Restaurant) -> None:
    name = OSTERIA_MENU["items"][0]["name"]
    twice = with_item(OSTERIA_MENU, id="second", name=name.upper(), price_cents=900)
    draft = services.import_menu(restaurant=osteria, document=twice)
    with pytest.raises(services.MenuRefused, match="rename one"):
        services.publish_menu(menu_version=draft)
    draft.refresh_from_db()
    assert draft.state == MenuState.DRAFT


def test_only_a_draft_with_items_can_be_published(osteria: Restaurant) -> None:
    with for_restaurant(osteria.pk):
        live = MenuVersion.objects.get(state=MenuState.LIVE)
    with pytest.raises(services.MenuRefused, match="only a draft"):
        services.publish_menu(menu_version=live)
    empty = services.import_menu(restaurant=osteria, document={"name": "Empty", "slug": "osteria"})
    with pytest.raises(services.MenuRefused, match="no items"):
        services.publish_menu(menu_version=empty)


def test_hooks_run_once_the_publish_is_committed(
    osteria: Restaurant, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[tuple[int, int]] = []

    def broken(restaurant_id: int, version_id: int) -> None:
        raise ConnectionError("the broker is away")

    monkeypatch.setattr(services.menus, "on_publish", [broken, lambda *ids: rung.append(ids)])
    draft = services.draft_from_live(restaurant=osteria)
    with django_capture_on_commit_callbacks(execute=True):
        services.publish_menu(menu_version=draft)
        assert rung == []
    assert rung == [(osteria.pk, draft.pk)]


def test_a_row_cannot_point_into_another_menu(osteria: Restaurant, diner: Restaurant) -> None:
    with for_restaurant(diner.pk):
        foreign = Item.objects.get(code="coffee")
    draft = services.draft_from_live(restaurant=osteria)
    with for_restaurant(osteria.pk):
        item = Item.objects.get(version=draft, code="spaghetti")
        with pytest.raises(IntegrityError, match="same_version"):
            insert_at_once(Variation(restaurant=osteria, version=draft, item=foreign, code="mug", name="Mug"))
        with pytest.raises(IntegrityError, match="of_restaurant"):
            insert_at_once(Variation(restaurant=diner, version=draft, item=item, code="mug", name="Mug"))


@transaction.atomic
def insert_at_once(row: Variation) -> None:
    """Save and check foreign keys now instead of at the commit, which a test never reaches."""
    row.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_restaurants_have_their_own_menus(osteria: Restaurant, diner: Restaurant) -> None:
    assert set(selectors.live_menu(osteria.pk).item_by_id) == {"spaghetti", "lemonade"}
    assert set(selectors.live_menu(diner.pk).item_by_id) == {item["id"] for item in DINER_MENU["items"]}
    osterias = selectors.live_menu(osteria.pk).version
    with pytest.raises(selectors.NoLiveMenu):
        selectors.pinned_menu(diner.pk, osterias)
