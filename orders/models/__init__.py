from orders.models.events import EventCounter, EventKind, OrderEvent, Ticket, TicketKind
from orders.models.lines import LineOption, OrderLine, PartKind
from orders.models.order import Channel, Order

__all__ = [
    "Channel",
    "EventCounter",
    "EventKind",
    "LineOption",
    "Order",
    "OrderEvent",
    "OrderLine",
    "PartKind",
    "Ticket",
    "TicketKind",
]
