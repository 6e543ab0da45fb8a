"""The staff board's page; everything on it arrives by its socket."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orders.board_protocol import HEARTBEAT_S
from orders.selectors import can_cancel_orders
from restaurants.models import Restaurant, Role
from restaurants.selectors import access_restaurant_for_staff, list_restaurants_of


@require_safe
@never_cache
@login_required
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Strangers and people without a kitchen role see what they would see if there were no such restaurant."""
    try:
        restaurant = access_restaurant_for_staff(request.user, slug, role=Role.KITCHEN)
    except Restaurant.DoesNotExist:
        raise Http404 from None
    context = {
        "restaurant": restaurant,
        "socket_path": f"/ws/r/{restaurant.slug}/board",
        "heartbeat_s": HEARTBEAT_S,
        "can_cancel": can_cancel_orders(request.user, restaurant),
        "other_restaurants": [other for other in list_restaurants_of(request.user) if other.pk != restaurant.pk],
    }
    return render(request, "orders/board.html", context)
