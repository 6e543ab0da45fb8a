"""Every write to restaurants, menus and availability: keyword-only and atomic."""

from restaurants.services.availability import sell_units, set_availability
from restaurants.services.menus import (
    MenuRefused,
    draft_from_live,
    import_menu,
    on_publish,
    publish_checks,
    publish_menu,
    publish_warnings,
    warnings_of,
)
from restaurants.services.tenants import add_member, create_restaurant, set_opening_hours, update_restaurant

__all__ = [
    "MenuRefused",
    "add_member",
    "create_restaurant",
    "draft_from_live",
    "import_menu",
    "on_publish",
    "publish_checks",
    "publish_menu",
    "publish_warnings",
    "sell_units",
    "set_availability",
    "set_opening_hours",
    "update_restaurant",
    "warnings_of",
]
