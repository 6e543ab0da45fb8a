"""The admin's tenant context: staff see the restaurants they work at, superusers all of them, which is logged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from restaurants.models import Role
from restaurants.scoping import across_restaurants, for_restaurant
from restaurants.selectors import roles_of

ADMIN_PREFIX = "/admin/"

Respond = Callable[[HttpRequest], HttpResponse]
RespondAsync = Callable[[HttpRequest], Awaitable[HttpResponse]]


@sync_and_async_middleware
def AdminScopeMiddleware(  # noqa: N802 - Django's settings name middleware like classes
    get_response: Respond | RespondAsync,
) -> Respond | RespondAsync:
    """Opens the context around every admin request, rendering included. Stands after AuthenticationMiddleware."""
    if iscoroutinefunction(get_response):
        respond_async = cast("RespondAsync", get_response)

        async def scoped_async(request: HttpRequest) -> HttpResponse:
            if not request.path_info.startswith(ADMIN_PREFIX):
                return await respond_async(request)
            await sync_to_async(note_roles)(request)
            with admin_context(request):
                return await respond_async(request)

        return scoped_async

    respond = cast("Respond", get_response)

    def scoped(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADMIN_PREFIX):
            return respond(request)
        note_roles(request)
        with admin_context(request):
            return respond(request)

    return scoped


def note_roles(request: HttpRequest) -> None:
    """Read the person and where they work, once per request."""
    cast("Any", request).restaurant_roles = roles_of(request.user) if request.user.is_staff else {}


@contextmanager
def admin_context(request: HttpRequest) -> Iterator[None]:
    if request.user.is_superuser:
        with across_restaurants(f"admin {request.method} {request.path_info} by superuser {request.user.pk}"):
            yield
    else:
        with for_restaurant(roles_at(request).keys()):
            yield


def roles_at(request: HttpRequest) -> Mapping[int, Role]:
    """Restaurant id -> the person's role there; empty outside the admin."""
    return getattr(request, "restaurant_roles", {})


def signed_in(request: HttpRequest) -> AbstractBaseUser:
    """The person behind a request that the admin let in."""
    if not isinstance(request.user, AbstractBaseUser):
        raise PermissionDenied
    return request.user


def may(request: HttpRequest, roles: Collection[Role], restaurant_id: int | None = None) -> bool:
    """Whether the person holds one of `roles` at the restaurant, or anywhere when it is None."""
    if request.user.is_superuser:
        return request.user.is_active
    held = roles_at(request)
    if restaurant_id is None:
        return any(role in roles for role in held.values())
    return held.get(restaurant_id) in roles
