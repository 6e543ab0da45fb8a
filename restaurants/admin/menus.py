"""Versions of menus: publish a draft, copy the live one, download either."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from restaurants.admin.access import OWN_RESTAURANTS, TenantAdmin
from restaurants.admin_scope import may, signed_in
from restaurants.menu_format import MenuFormatError, dump_menu
from restaurants.models import Item, MenuState, MenuVersion
from restaurants.selectors import menu_of_version
from restaurants.services import MenuRefused, draft_from_live, publish_menu, warnings_of

MOST_WARNINGS = 12


@admin.register(MenuVersion)
class MenuVersionAdmin(TenantAdmin):
    list_display = (
        "version",
        "restaurant",
        "shown_state",
        "item_count",
        "note",
        "created_at",
        "published_at",
        "publisher",
    )
    list_filter = ("state", OWN_RESTAURANTS)
    search_fields = ("note", "restaurant__name")
    list_select_related = ("restaurant", "published_by")
    fields = (
        "restaurant",
        "number",
        "state",
        "note",
        "digest",
        "created_at",
        "created_by",
        "published_at",
        "published_by",
    )
    readonly_fields = tuple(name for name in fields if name != "note")
    actions = ("publish", "copy_live", "download")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("document")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a version starts as an import or as a copy of the live one

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.is_draft) and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only drafts are deleted, and a draft goes with all its rows."""
        listed, counts, _, protected = super().get_deleted_objects([o for o in objs if o.is_draft], request)
        refused = {str(version) for version in objs if not version.is_draft}
        return listed, counts, refused, protected

    @display(description="Version", ordering="number")
    def version(self, obj: MenuVersion) -> str:
        return f"Menu {obj.number}"

    @display(description="State", ordering="state", label={"Draft": "warning", "Live": "success", "Archived": "info"})
    def shown_state(self, obj: MenuVersion) -> str:
        return obj.get_state_display()

    @display(description="Items")
    def item_count(self, obj: MenuVersion) -> int:
        return Item.objects.filter(version=obj).count()

    @display(description="Published by", ordering="published_by")
    def publisher(self, obj: MenuVersion) -> str:
        return obj.published_by.get_username() if obj.published_by else "–"

    @admin.action(description="Publish the draft")
    def publish(self, request: HttpRequest, queryset: QuerySet[MenuVersion]) -> None:
        for version in queryset:
            if not may(request, self.editors, version.restaurant_id):
                self.message_user(request, f"{version}: your role may not publish it.", messages.ERROR)
                continue
            try:
                published = publish_menu(menu_version=version, by=signed_in(request))
            except MenuFormatError as error:
                for entry in error.errors[:20]:
                    self.message_user(request, f"{version}: {entry}", messages.ERROR)
            except MenuRefused as error:
                for complaint in error.complaints[:20]:
                    self.message_user(request, f"{version}: {complaint}", messages.ERROR)
            else:
                self.message_user(
                    request, f"{published.restaurant}: menu {published.number} is live.", messages.SUCCESS
                )
                self.warn(request, published)

    def warn(self, request: HttpRequest, version: MenuVersion) -> None:
        """Names that will cost a question or may be misheard."""
        told = warnings_of(menu_of_version(version))
        for sentence in told[:MOST_WARNINGS]:
            self.message_user(request, sentence, messages.WARNING)
        if len(told) > MOST_WARNINGS:
            self.message_user(request, f"… and {len(told) - MOST_WARNINGS} more names like these.", messages.WARNING)

    @admin.action(description="Make a new draft from the live menu")
    def copy_live(self, request: HttpRequest, queryset: QuerySet[MenuVersion]) -> None:
        restaurants = {version.restaurant for version in queryset if may(request, self.editors, version.restaurant_id)}
        for restaurant in restaurants:
            try:
                draft = draft_from_live(restaurant=restaurant, by=signed_in(request))
            except MenuVersion.DoesNotExist:
                self.message_user(request, f"{restaurant} has no live menu.", messages.ERROR)
            else:
                self.message_user(request, f"{restaurant}: draft {draft.number} is ready to edit.", messages.SUCCESS)

    @admin.action(description="Download menu.json")
    def download(self, request: HttpRequest, queryset: QuerySet[MenuVersion]) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, "Choose one version.", messages.ERROR)
            return None
        version = queryset.get()
        text = json.dumps(dump_menu(menu_of_version(version)), ensure_ascii=False, indent=2)
        response = HttpResponse(text + "\n", content_type="application/json")
        name = f"{version.restaurant.slug}-menu-{version.number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def newest_draft(request: HttpRequest) -> MenuVersion | None:
    """The draft that new rows go into: `?version=`, or the newest one the person may edit."""
    drafts = MenuVersion.objects.filter(state=MenuState.DRAFT).defer("document").order_by("-pk")
    wanted = request.GET.get("version", "")
    if wanted.isdecimal():
        drafts = drafts.filter(pk=int(wanted))
    editors = MenuVersionAdmin.editors
    return next((draft for draft in drafts if may(request, editors, draft.restaurant_id)), None)
