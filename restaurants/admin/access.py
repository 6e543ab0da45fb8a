"""Permissions by membership instead of Django's model permissions: what your role at a restaurant lets you do there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from restaurants.admin_scope import may, roles_at
from restaurants.models import Restaurant, Role

MANAGERS = frozenset({Role.OWNER, Role.MANAGER})
MANAGERS_AND_AUDITORS = MANAGERS | {Role.AUDITOR}
OWN_RESTAURANTS = ("restaurant", RelatedOnlyFieldListFilter)  # Django's own would name every restaurant of the house


def restaurants_where(request: HttpRequest, roles: Collection[Role]) -> QuerySet[Restaurant]:
    if request.user.is_superuser:
        return Restaurant.objects.all()
    return Restaurant.objects.filter(pk__in=[pk for pk, role in roles_at(request).items() if role in roles])


class TenantPermissions:
    """Mixin for pages and inlines. An inline is asked about its parent, which has the same restaurant."""

    viewers: ClassVar[frozenset[Role]] = MANAGERS_AND_AUDITORS
    editors: ClassVar[frozenset[Role]] = MANAGERS

    def restaurant_id_of(self, obj: Any) -> int | None:
        if obj is None:
            return None
        restaurant_id: int = obj.pk if isinstance(obj, Restaurant) else obj.restaurant_id
        return restaurant_id

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, self.viewers | self.editors)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.viewers | self.editors, self.restaurant_id_of(obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.editors, self.restaurant_id_of(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.editors, self.restaurant_id_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.editors, self.restaurant_id_of(obj))


class TenantAdmin(TenantPermissions, ModelAdmin):
    """A page of a tenant model. Rows of restaurants where the person's role does not suffice are not there at all."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        visible = restaurants_where(request, self.viewers | self.editors)
        queryset: QuerySet[Model] = super().get_queryset(request).filter(restaurant__in=visible)
        return queryset

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "restaurant":
            kwargs["queryset"] = restaurants_where(request, self.editors)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
