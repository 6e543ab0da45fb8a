"""The rows of a menu: edited in a draft, looked at in the live version. Archived versions are only in the download."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import display

from restaurants import models as rows
from restaurants.admin.access import OWN_RESTAURANTS, TenantAdmin, TenantPermissions
from restaurants.admin.fields import LANGUAGE_LINES, money
from restaurants.admin.menus import newest_draft
from restaurants.models import MenuRow, MenuState, MenuVersion

OWNED = ("restaurant", "version")


def version_in_question(request: HttpRequest, model: type[MenuRow]) -> MenuVersion | None:
    """The version of the row being changed, or the draft that a new row goes into."""
    match = request.resolver_match
    object_id = match.kwargs.get("object_id") if match else None
    if object_id is None:
        return newest_draft(request)
    row = model.objects.select_related("version").filter(pk=object_id).first() if object_id.isdecimal() else None
    return row.version if row else None


class MenuRowForm(forms.ModelForm):
    """Knows the version of its row, so that "this id is taken" is a message at the field and not a failed save."""

    version: MenuVersion | None = None

    def _post_clean(self) -> None:
        if self.version is not None and self.instance.version_id is None:
            self.instance.version = self.version
            self.instance.restaurant_id = self.version.restaurant_id
        super()._post_clean()  # type: ignore[misc]  # the stubs leave private methods out

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the same
        return excluded - set(OWNED)


class DraftOnly(TenantPermissions):
    """Rows of a published version are read, never changed; choices come from the same version only."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.version.is_draft) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.version.is_draft) and super().has_delete_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.remote_field.model
        if issubclass(related, MenuRow):
            version = version_in_question(request, self.page_model())
            kwargs["queryset"] = related.objects.filter(version=version)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # Django's, by mixin

    def page_model(self) -> type[MenuRow]:
        return cast("type[MenuRow]", getattr(self, "parent_model", None) or getattr(self, "model"))  # noqa: B009


class RowInline(DraftOnly, TabularInline):
    form = MenuRowForm
    formfield_overrides = LANGUAGE_LINES
    exclude = OWNED
    extra = 0
    ordering_field = "position"  # last in `fields`: the handle for dragging sits in the first column that is shown
    hide_ordering_field = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.version.is_draft) and super().has_add_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.version = obj.version if obj else newest_draft(request)
        return formset


class MenuRowAdmin(DraftOnly, TenantAdmin):
    form = MenuRowForm
    formfield_overrides = LANGUAGE_LINES
    exclude = (*OWNED, "position")
    list_filter: Any = (OWN_RESTAURANTS, "version__state")
    list_select_related: Any = ("restaurant", "version")
    ordering = ("restaurant", "-version", "position")
    search_fields: Any = ("name", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        queryset: QuerySet[Model] = super().get_queryset(request).exclude(version__state=MenuState.ARCHIVED)
        return queryset.select_related("version", "restaurant")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and newest_draft(request) is not None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.version = obj.version if obj else newest_draft(request)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.position = self.model.objects.filter(version=obj.version).count()
        super().save_model(request, obj, form, change)

    @display(description="Menu", ordering="version")
    def menu(self, obj: MenuRow) -> str:
        return f"{obj.version.number} ({obj.version.get_state_display()})"


class PartAdmin(MenuRowAdmin):
    """A part of something: reached from there, not from the index."""

    def has_module_permission(self, request: HttpRequest) -> bool:  # the index asks this, the pages do not
        return False


class AliasInline(RowInline):
    model = rows.Alias
    fields = ("text", "language", "kind", "source", "position")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.fk_name = {rows.ModifierGroup: "group", rows.ComboSize: "combo_size"}.get(
            self.parent_model, self.parent_model.__name__.lower()
        )
        return super().get_formset(request, obj, **kwargs)


class VariationInline(RowInline):
    model = rows.Variation
    fields = ("code", "name", "names", "price_cents", "is_default", "count", "position")


class ItemGroupInline(RowInline):
    model = rows.ItemGroup
    fields = ("group", "min", "max", "included", "position")
    show_change_link = True


class AllergenFactInline(RowInline):
    model = rows.AllergenFact
    fields = ("allergen", "status", "position")


class OptionInline(RowInline):
    model = rows.Option
    fields = ("code", "name", "names", "price_cents", "kitchen_name", "position")
    show_change_link = True


class OptionPriceInline(RowInline):
    model = rows.OptionPrice
    fields = ("variation_code", "price_cents", "position")


class ItemGroupOptionInline(RowInline):
    model = rows.ItemGroupOption
    fields = ("option", "is_default", "price_cents", "position")


class ComboSlotInline(RowInline, StackedInline):
    model = rows.ComboSlot
    fields = ("code", "name", "names", "default_item", "questions", "position")
    show_change_link = True


class ComboSizeInline(RowInline):
    model = rows.ComboSize
    fields = ("code", "name", "names", "upcharge_cents", "is_default", "position")


class ComboChoiceInline(RowInline):
    model = rows.ComboChoice
    fields = ("item", "variation", "upcharge_cents", "position")


class PresetChoiceInline(RowInline):
    model = rows.PresetChoice
    fields = ("option", "amount", "position")


class PresetItemInline(RowInline):
    model = rows.PresetItem
    fields = ("item", "position")


class MixDealItemInline(RowInline):
    model = rows.MixDealItem
    fields = ("item", "position")


@admin.register(rows.Item)
class ItemAdmin(MenuRowAdmin):
    list_display = ("name", "code", "category", "price", "station", "restaurant", "menu")
    list_filter = (OWN_RESTAURANTS, "version__state", "station")
    list_select_related = ("restaurant", "version", "category")
    inlines = (VariationInline, ItemGroupInline, AllergenFactInline, AliasInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return super().get_queryset(request).prefetch_related("variations")

    @display(description="Price")
    def price(self, obj: rows.Item) -> str:
        prices = [size.price_cents for size in obj.variations.all()] or [obj.price_cents]
        ends = sorted({min(prices), max(prices)})
        return " – ".join(money(cents, obj.restaurant) for cents in ends)


@admin.register(rows.ModifierGroup)
class ModifierGroupAdmin(MenuRowAdmin):
    list_display = ("name", "code", "kind", "ask", "counted", "portionable", "restaurant", "menu")
    inlines = (OptionInline, AliasInline)


@admin.register(rows.Option)
class OptionAdmin(MenuRowAdmin):
    list_display = ("name", "code", "group", "price_cents", "restaurant", "menu")
    list_select_related = ("restaurant", "version", "group")
    inlines = (OptionPriceInline, AliasInline)


@admin.register(rows.ItemGroup)
class ItemGroupAdmin(PartAdmin):
    """Reached from the item: which options are on it as sold, and at which price."""

    list_display = ("item", "group", "min", "max", "included", "restaurant", "menu")
    list_select_related = ("restaurant", "version", "item", "group")
    search_fields = ("item__name", "group__name")
    inlines = (ItemGroupOptionInline,)


@admin.register(rows.Category)
class CategoryAdmin(MenuRowAdmin):
    list_display = ("name", "code", "restaurant", "menu")
    inlines = (AliasInline,)


@admin.register(rows.Combo)
class ComboAdmin(MenuRowAdmin):
    list_display = ("name", "number", "item", "price_cents", "restaurant", "menu")
    list_select_related = ("restaurant", "version", "item")
    inlines = (ComboSlotInline, ComboSizeInline, AliasInline)


@admin.register(rows.ComboSlot)
class ComboSlotAdmin(PartAdmin):
    list_display = ("name", "combo", "default_item", "restaurant", "menu")
    list_select_related = ("restaurant", "version", "combo", "default_item")
    inlines = (ComboChoiceInline,)


@admin.register(rows.ComboSize)
class ComboSizeAdmin(PartAdmin):
    list_display = ("name", "combo", "upcharge_cents", "is_default", "restaurant", "menu")
    list_select_related = ("restaurant", "version", "combo")
    inlines = (AliasInline,)


@admin.register(rows.Variation)
class VariationAdmin(PartAdmin):
    list_display = ("name", "item", "price_cents", "is_default", "restaurant", "menu")
    list_select_related = ("restaurant", "version", "item")
    inlines = (AliasInline,)


@admin.register(rows.Preset)
class PresetAdmin(MenuRowAdmin):
    list_display = ("name", "code", "restaurant", "menu")
    inlines = (PresetChoiceInline, PresetItemInline, AliasInline)


@admin.register(rows.MixDeal)
class MixDealAdmin(MenuRowAdmin):
    list_display = ("name", "size", "price_cents", "restaurant", "menu")
    inlines = (MixDealItemInline,)


@admin.register(rows.Qualifier)
class QualifierAdmin(MenuRowAdmin):
    list_display = ("name", "code", "price_percent", "restaurant", "menu")


@admin.register(rows.TaxClass)
class TaxClassAdmin(MenuRowAdmin):
    list_display = ("name", "code", "rate_basis_points", "restaurant", "menu")


@admin.register(rows.Pronunciation)
class PronunciationAdmin(MenuRowAdmin):
    list_display = ("word", "sounds_like", "language", "restaurant", "menu")
    search_fields = ("word", "sounds_like")
