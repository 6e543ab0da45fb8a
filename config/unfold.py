"""Look of the Django admin (django-unfold): name, colours, and a sidebar of what each person may open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static

# (section, ((title, icon, "app.Model"), ...)); a page that no app registered is left out
PAGES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Service",
        (
            ("Orders", "receipt_long", "orders.Order"),
            ("Calls", "call", "voice.Call"),
            ("Recordings", "mic", "voice.Recording"),
            ("Availability (86)", "remove_shopping_cart", "restaurants.AvailabilityEvent"),
            ("Streaming by restaurant", "alt_route", "flags.RestaurantOverride"),
            ("Why calls stream", "call_split", "flags.RolloutExposure"),
        ),
    ),
    (
        "Menu",
        (
            ("Versions", "menu_book", "restaurants.MenuVersion"),
            ("Categories", "category", "restaurants.Category"),
            ("Items", "restaurant", "restaurants.Item"),
            ("Modifier groups", "tune", "restaurants.ModifierGroup"),
            ("Options", "add_circle", "restaurants.Option"),
            ("Combos", "lunch_dining", "restaurants.Combo"),
            ("Mixed deals", "local_offer", "restaurants.MixDeal"),
            ("Presets", "auto_awesome", "restaurants.Preset"),
            ("Amount words", "exposure_plus_1", "restaurants.Qualifier"),
            ("Tax classes", "percent", "restaurants.TaxClass"),
            ("Pronunciations", "record_voice_over", "restaurants.Pronunciation"),
        ),
    ),
    (
        "House",
        (
            ("Restaurants", "storefront", "restaurants.Restaurant"),
            ("People", "group", "auth.User"),
            ("Rollout flags", "flag", "flags.RolloutFlag"),
            ("Rollout history", "history", "flags.RolloutEvent"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Asks each page's own admin, so that there is one truth about permissions."""
    sections: list[dict[str, Any]] = []
    for title, pages in PAGES:
        items = [item for item in (_item(request, *page) for page in pages) if item]
        if items:
            sections.append({"title": title, "separator": bool(sections), "items": items})
    return sections


def _item(request: HttpRequest, title: str, icon: str, model_name: str) -> dict[str, Any] | None:
    from django.apps import apps
    from django.contrib import admin
    from django.urls import reverse

    app_label, _, name = model_name.partition(".")
    try:
        model = apps.get_model(app_label, name)
    except LookupError:
        return None
    if not admin.site.is_registered(model) or not admin.site.get_model_admin(model).has_module_permission(request):
        return None
    link = reverse(f"admin:{app_label}_{name.lower()}_changelist")
    return {"title": title, "icon": icon, "link": link}


GREEN = {
    "50": "oklch(97.5% 0.017 160)",
    "100": "oklch(94% 0.04 160)",
    "200": "oklch(88% 0.075 160)",
    "300": "oklch(80% 0.105 160)",
    "400": "oklch(70% 0.12 160)",
    "500": "oklch(60% 0.118 160)",
    "600": "oklch(50% 0.103 160)",
    "700": "oklch(43% 0.087 160)",
    "800": "oklch(37% 0.07 160)",
    "900": "oklch(32% 0.056 160)",
    "950": "oklch(24% 0.04 160)",
}
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Comanda",
    "SITE_HEADER": "Comanda",
    "SITE_SUBHEADER": "Voice ordering",
    "SITE_SYMBOL": "room_service",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")},
    ],
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": GREEN},
    "SIDEBAR": {"show_search": True, "navigation": sidebar},
}
