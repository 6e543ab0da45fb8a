"""86 from the admin: the log, and one form that adds to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from restaurants.admin.access import MANAGERS, OWN_RESTAURANTS, TenantAdmin, restaurants_where
from restaurants.admin_scope import signed_in
from restaurants.models import AvailabilityEvent, AvailabilityState, Restaurant, Role
from restaurants.selectors import NoLiveMenu, live_menu
from restaurants.services import set_availability

Choices = list[tuple[str, list[tuple[str, str]]]]


class AvailabilityForm(forms.ModelForm):
    thing = forms.ChoiceField(label="What", widget=UnfoldAdminSelectWidget)

    class Meta:
        model = AvailabilityEvent
        fields = ("thing", "state", "left", "until", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_limited = cleaned.get("state") == AvailabilityState.LIMITED
        if is_limited and cleaned.get("left") is None:
            self.add_error("left", "How many are left?")
        if not is_limited:
            cleaned["left"] = None
        slug, item, group, option = (cleaned.get("thing") or "|||").split("|")
        cleaned["restaurant"] = Restaurant.objects.filter(slug=slug).first()
        cleaned["target"] = {"item": item} if item else {"option": (group, option)}
        return cleaned


@admin.register(AvailabilityEvent)
class AvailabilityAdmin(TenantAdmin):
    """Rows are history: added, never changed."""

    form = AvailabilityForm
    editors = MANAGERS | {Role.SHIFT_LEAD}
    viewers = editors | {Role.KITCHEN, Role.AUDITOR}
    list_display = ("at", "restaurant", "thing", "shown_state", "left", "until", "reason", "by")
    list_filter = (OWN_RESTAURANTS, "state")
    list_select_related = ("restaurant", "by")
    search_fields = ("item_code", "option_code", "reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("thing", "state", "left", "until", "reason")
        return ("restaurant", "item_code", "group_code", "option_code", "state", "left", "until", "reason", "by", "at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "thing" in form.base_fields:
            form.base_fields["state"].initial = AvailabilityState.OUT
            form.base_fields["thing"].choices = things(restaurants_where(request, self.editors))
        return form

    def save_model(self, request: HttpRequest, obj: AvailabilityEvent, form: Any, change: bool) -> None:
        data = form.cleaned_data
        saved = set_availability(
            restaurant=data["restaurant"],
            state=data["state"],
            left=data["left"],
            until=data["until"],
            reason=data["reason"],
            by=signed_in(request),
            **data["target"],
        )
        obj.__dict__.update(saved.__dict__)  # Django goes on with the object it made: its log entry and message

    @display(description="What")
    def thing(self, obj: AvailabilityEvent) -> str:
        return obj.item_code or f"{obj.group_code}: {obj.option_code}"

    @display(description="State", ordering="state", label={"In": "success", "Out": "danger", "Limited": "warning"})
    def shown_state(self, obj: AvailabilityEvent) -> str:
        return obj.get_state_display()


def things(restaurants: QuerySet[Restaurant]) -> Choices:
    """Items and options of the live menus, as "slug|item|group|option"."""
    found: Choices = [("", [("", "Choose …")])]
    for restaurant in restaurants:
        try:
            menu = live_menu(restaurant.pk)
        except NoLiveMenu:
            continue
        items = [(f"{restaurant.slug}|{item.id}||", item.name) for item in menu.items]
        options = [
            (f"{restaurant.slug}||{group.id}|{option.id}", f"{group.name}: {option.name}")
            for group in menu.modifier_groups
            for option in group.options
        ]
        found += [(restaurant.name, items), (f"{restaurant.name}, options", options)]
    return found
