"""Every write to orders: keyword-only and atomic."""

from orders.services.board import acknowledge_ticket, advance_order, cancel_order, recall_order
from orders.services.errors import OrderRefused, StaleOrder, TransitionRefused
from orders.services.events import CUSTOMER, SYSTEM, Actor, board_group
from orders.services.placing import PlacedOrder, place_order

__all__ = [
    "CUSTOMER",
    "SYSTEM",
    "Actor",
    "OrderRefused",
    "PlacedOrder",
    "StaleOrder",
    "TransitionRefused",
    "acknowledge_ticket",
    "advance_order",
    "board_group",
    "cancel_order",
    "place_order",
    "recall_order",
]
