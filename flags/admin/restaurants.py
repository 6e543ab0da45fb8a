"""Restaurants' own rules, and why their calls went where. Managers see their own, and may switch streaming off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from flags import selectors, services
from flags.admin.access import ReadOnlyPage, person_of
from flags.declared import VOICE_STREAMING
from flags.models import Force, RestaurantOverride, RolloutExposure
from flags.rollout import Reason
from flags.wording import why
from restaurants.admin.access import MANAGERS, MANAGERS_AND_AUDITORS, OWN_RESTAURANTS, TenantAdmin
from restaurants.admin_scope import may


class OverrideForm(forms.ModelForm):
    """`is_of_house`: set by the page; everybody else may only switch their restaurant off."""

    is_of_house = False

    class Meta:
        model = RestaurantOverride
        fields = ("flag", "restaurant", "force", "percent", "note", "expires_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        force, percent = cleaned.get("force"), cleaned.get("percent")
        if force == Force.INHERIT and percent is None:
            self.add_error("percent", "As everywhere, but at most which percentage?")
        if force != Force.INHERIT and percent is not None:
            self.add_error("percent", "A percentage goes with “as everywhere” only.")
        if cleaned.get("expires_at") and cleaned["expires_at"] <= timezone.now():
            self.add_error("expires_at", "This has passed.")
        flag, restaurant = cleaned.get("flag"), cleaned.get("restaurant")
        before = selectors.get_override(flag.pk, restaurant.pk) if flag and restaurant else None
        if not self.is_of_house:
            self._clean_for_manager(cleaned, before)
        if before is not None:
            self.instance = before  # a second rule of a restaurant replaces the first
        return cleaned

    def _clean_for_manager(self, cleaned: dict[str, Any], before: RestaurantOverride | None) -> None:
        if cleaned.get("force") != Force.OFF:
            self.add_error("force", "You may switch your restaurant off; anything else is set by the house.")
        if before is not None and before.force == Force.OFF and is_of_house(before):
            self.add_error("restaurant", "The house has switched it off already.")


def is_of_house(override: RestaurantOverride) -> bool:
    return override.created_by is None or override.created_by.is_superuser


@admin.register(RestaurantOverride)
class RestaurantOverrideAdmin(TenantAdmin):
    form = OverrideForm
    viewers = MANAGERS_AND_AUDITORS
    editors = MANAGERS
    list_display = ("restaurant", "flag", "shown_force", "percent", "expires_at", "note", "created_by")
    list_filter = (OWN_RESTAURANTS, "force")
    list_select_related = ("restaurant", "flag", "created_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = OverrideForm.Meta.fields
        return fields if request.user.is_superuser else tuple(name for name in fields if name != "percent")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("flag", "restaurant") if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"flag": selectors.flag_id(VOICE_STREAMING), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self._may_touch(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or self._may_touch(request, obj))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_of_house = request.user.is_superuser
        if "force" in form.base_fields and not form.is_of_house:
            form.base_fields["force"].choices = [(Force.OFF.value, Force.OFF.label)]
            form.base_fields["force"].initial = Force.OFF.value
        return form

    def save_model(self, request: HttpRequest, obj: RestaurantOverride, form: Any, change: bool) -> None:
        saved = services.set_override(
            obj.flag.name,
            restaurant_id=obj.restaurant_id,
            force=obj.force,
            percent=obj.percent,
            note=obj.note,
            expires_at=obj.expires_at,
            actor=person_of(request),
        )
        obj.__dict__.update(saved.__dict__)  # Django goes on with the object it made: its log entry and message

    def delete_model(self, request: HttpRequest, obj: RestaurantOverride) -> None:
        services.remove_override(
            obj.flag.name, restaurant_id=obj.restaurant_id, actor=person_of(request), reason="removed in the admin"
        )

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for override in queryset:
            if self._may_touch(request, override):
                self.delete_model(request, override)

    def _may_touch(self, request: HttpRequest, override: RestaurantOverride) -> bool:
        """What the house set, the house changes."""
        return request.user.is_superuser or (
            may(request, self.editors, override.restaurant_id) and not is_of_house(override)
        )

    @display(description="Rule", label={"always streaming": "info", "never streaming": "danger"})
    def shown_force(self, override: RestaurantOverride) -> str:
        return override.get_force_display()


@admin.register(RolloutExposure)
class RolloutExposureAdmin(ReadOnlyPage, TenantAdmin):
    viewers = MANAGERS_AND_AUDITORS
    editors = frozenset()
    list_display = ("at", "restaurant", "mode", "shown_why", "is_eligible", "version", "call_id")
    list_filter = (OWN_RESTAURANTS, "mode", "reason", "is_eligible")
    list_select_related = ("restaurant",)
    search_fields = ("call_id__iexact",)
    date_hierarchy = "at"
    readonly_fields = ("shown_why",)

    @display(description="Why")
    def shown_why(self, exposure: RolloutExposure) -> str:
        return why(Reason(exposure.reason), exposure.bucket, exposure.threshold)
