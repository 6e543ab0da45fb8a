"""Menus in and out of the database. A draft is rows; publishing freezes them into the document that calls read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from restaurants.menu import Menu
from restaurants.menu_format import ErrorCode, FormatError, MenuFormatError, dump_menu, menu_digest, parse_menu
from restaurants.menu_rows import read_menu_rows, write_menu_rows
from restaurants.models import MenuState, MenuVersion, Restaurant
from restaurants.scoping import for_restaurant

logger = logging.getLogger("comanda.menus")

PublishCheck = Callable[[Menu], Sequence[str]]
PublishHook = Callable[[int, int], None]

# Higher apps register in their AppConfig.ready(): this app does not know them.
publish_checks: list[PublishCheck] = []  # sentences that block a publish (alias collisions); empty: fine
publish_warnings: list[PublishCheck] = []  # sentences for whoever publishes; they block nothing
on_publish: list[PublishHook] = []  # called with (restaurant_id, menu_version_id) once a publish is committed


class MenuRefused(ValueError):
    """The menu is well-formed but must not go live; `complaints` says why, for staff."""

    def __init__(self, complaints: Sequence[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


@transaction.atomic
def import_menu(
    *, restaurant: Restaurant, document: object, note: str = "", by: AbstractBaseUser | None = None
) -> MenuVersion:
    """A new draft from a decoded menu.json. Raises MenuFormatError; then nothing was stored.

    The document's name, slug, locale and languages are the restaurant's own business and not taken over, but a file
    priced in another currency or with tax reckoned differently is refused: its prices would be wrong.
    """
    menu = parse_menu(document)
    _refuse_other_money(restaurant, menu)
    return _new_draft(restaurant, menu, note=note, by=by)


@transaction.atomic
def draft_from_live(*, restaurant: Restaurant, by: AbstractBaseUser | None = None) -> MenuVersion:
    """A draft equal to the live menu, to be edited. Raises MenuVersion.DoesNotExist when nothing is live."""
    with for_restaurant(restaurant.pk):
        live = MenuVersion.objects.get(state=MenuState.LIVE)
    return _new_draft(restaurant, parse_menu(live.document), note=f"copy of menu {live.number}", by=by)


@transaction.atomic
def publish_menu(
    *, menu_version: MenuVersion, by: AbstractBaseUser | None = None, checks: Sequence[PublishCheck] = ()
) -> MenuVersion:
    """Make a draft the live menu; the one before is archived. Calls in progress keep the version they pinned.

    Raises MenuFormatError (edited rows make no menu) or MenuRefused (not a draft, empty, or a check complained).
    """
    restaurant_id = menu_version.restaurant_id
    with for_restaurant(restaurant_id):
        Restaurant.objects.select_for_update().get(pk=restaurant_id)  # one publish of a restaurant at a time
        version = MenuVersion.objects.select_related("restaurant").get(pk=menu_version.pk)
        if not version.is_draft:
            raise MenuRefused([f"Menu {version.number} is {version.state}; only a draft can be published."])
        document = dump_menu(read_menu_rows(version))
        menu = parse_menu(document)
        complaints = [] if menu.items else ["The menu has no items."]
        complaints += [complaint for check in (*publish_checks, *checks) for complaint in check(menu)]
        if complaints:
            raise MenuRefused(complaints)
        MenuVersion.objects.filter(state=MenuState.LIVE).update(state=MenuState.ARCHIVED)
        version.state = MenuState.LIVE
        version.document = document
        version.digest = menu_digest(menu)
        version.published_at = timezone.now()
        version.published_by_id = by.pk if by else None
        version.save(update_fields=["state", "document", "digest", "published_at", "published_by"])
    for hook in on_publish:
        transaction.on_commit(_doorbell(hook, restaurant_id, version.pk), robust=True)
    logger.info("menu %s of restaurant %s is live, %s", version.number, restaurant_id, version.digest[:12])
    return version


def warnings_of(menu: Menu) -> tuple[str, ...]:
    """What staff should know about a menu that may go live all the same."""
    return tuple(sentence for check in publish_warnings for sentence in check(menu))


def _doorbell(hook: PublishHook, restaurant_id: int, version_id: int) -> Callable[[], None]:
    """A function, not a partial: Django names the failed one by its `__qualname__`."""

    def ring() -> None:
        hook(restaurant_id, version_id)

    return ring


def _new_draft(restaurant: Restaurant, menu: Menu, *, note: str, by: AbstractBaseUser | None) -> MenuVersion:
    with for_restaurant(restaurant.pk):
        Restaurant.objects.select_for_update().get(pk=restaurant.pk)  # numbers are handed out one at a time
        highest: int = MenuVersion.objects.aggregate(highest=Max("number"))["highest"] or 0
        version = MenuVersion.objects.create(
            restaurant=restaurant, number=highest + 1, note=note, created_by_id=by.pk if by else None
        )
        write_menu_rows(version, menu)
    return version


def _refuse_other_money(restaurant: Restaurant, menu: Menu) -> None:
    errors = []
    if menu.currency != restaurant.currency:
        message = f"prices are in {menu.currency}, but {restaurant.slug} takes {restaurant.currency}"
        errors.append(FormatError("$.currency", message, ErrorCode.UNKNOWN_VALUE))
    if menu.tax_inclusive != restaurant.is_tax_inclusive:
        ours = "with" if restaurant.is_tax_inclusive else "without"
        message = f"is {str(menu.tax_inclusive).lower()}, but prices of {restaurant.slug} are {ours} tax"
        errors.append(FormatError("$.tax_inclusive", message, ErrorCode.UNKNOWN_VALUE))
    if errors:
        raise MenuFormatError(tuple(errors))
