"""The wall between restaurants: a tenant query without a restaurant in context raises, and crossing the wall is logged.

    with for_restaurant(restaurant_id):
        MenuVersion.objects.filter(...)  # of this restaurant only

The context is django-scopes'; the manager is ours because the library's lets some reads through (`exists`, `exclude`)
when no scope is set. Context variables carry over `sync_to_async`: a scope opened in a coroutine holds in its queries.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import models
from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

__all__ = ["ScopeError", "TenantManager", "across_restaurants", "current_restaurants", "for_restaurant"]

logger = logging.getLogger("comanda.tenancy")

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


def current_restaurants() -> frozenset[int] | None:
    """Ids the context allows; None when the wall was crossed on purpose. Raises ScopeError when nothing was said."""
    active = get_scope()
    if not active.get("_enabled", True):
        return None
    if "restaurant" not in active:
        raise ScopeError("No restaurant in context: use for_restaurant(...) around tenant queries.")
    allowed: frozenset[int] = active["restaurant"]
    return allowed


@contextmanager
def for_restaurant(restaurant_id: int | Collection[int]) -> Iterator[None]:
    """Tenant queries inside see this restaurant only (a collection is for staff pages over several memberships).

    Inside another restaurant's context it raises: code that was let in for one tenant may narrow, never switch.
    """
    wanted = frozenset({restaurant_id}) if isinstance(restaurant_id, int) else frozenset(restaurant_id)
    active = get_scope()
    if active.get("_enabled", True) and "restaurant" in active and not wanted <= active["restaurant"]:
        raise ScopeError(f"Context is {sorted(active['restaurant'])}; it cannot switch to {sorted(wanted)}.")
    with scope(restaurant=wanted):
        yield


@contextmanager
def across_restaurants(reason: str) -> Iterator[None]:
    """Tenant queries inside see every restaurant. The reason stands in the log."""
    logger.info("crossing restaurants: %s", reason)
    with scopes_disabled():
        yield


class TenantManager(models.Manager[M_co]):
    """Manager of a model with `restaurant_id`: filters by the context's restaurant, raises ScopeError without one.

    The filter is taken when the queryset is made, so a lazy queryset may be evaluated after the context ended.
    """

    def get_queryset(self) -> models.QuerySet[M_co]:
        allowed = current_restaurants()
        queryset = super().get_queryset()
        return queryset if allowed is None else queryset.filter(restaurant_id__in=allowed)
