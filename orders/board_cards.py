"""Orders as the cards of the staff board. Reads what selectors prefetched; needs the restaurant in context."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from orders.board_protocol import CardLine, CardOption, CardPart, CardTicket, Change, OrderCard
from orders.models import Order, OrderEvent, OrderLine, PartKind, Ticket, TicketKind
from orders.money import money_text
from orders.states import NEXT, RECALLED_TO, Column, OrderState


def epoch_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def board_change(event: OrderEvent, order: Order | None = None) -> Change:
    """The event with its order's card as it stands now (`order`: with its lines prefetched, else read here)."""
    return Change(
        sequence=event.sequence,
        server_ms=epoch_ms(timezone.now()),
        kind=event.kind,
        from_state=event.from_state,
        to_state=event.to_state,
        actor=event.actor,
        at_ms=epoch_ms(event.at),
        command=event.command_id,
        card=order_card(order or orders_with_lines().get(pk=event.order_id)),
    )


def orders_with_lines() -> QuerySet[Order]:
    """Orders with all a card shows, in four queries however many there are."""
    return Order.objects.select_related("restaurant").prefetch_related("lines__options", "tickets")


def order_card(order: Order) -> OrderCard:
    """Reads lines, options and tickets one by one unless the order came from `orders_with_lines`."""
    rows = list(order.lines.all())
    tickets = list(order.tickets.all())
    following = NEXT.get(order.status)
    return OrderCard(
        id=str(order.pk),
        number=order.number,
        channel=order.channel,
        fulfilment=order.fulfilment,
        state=order.state,
        column=_column(order, is_cancel_open=any(_is_open_cancel(ticket) for ticket in tickets)),
        next=following.value if following else None,
        can_recall=order.status in RECALLED_TO,
        version=order.version,
        placed_ms=epoch_ms(order.placed_at),
        promised_ms=epoch_ms(order.promised_at),
        state_changed_ms=epoch_ms(order.state_changed_at),
        customer_name=order.customer_name,
        allergies=tuple(order.allergies),
        lines=_lines(rows),
        tickets=tuple(
            CardTicket(
                str(ticket.pk),
                ticket.station,
                ticket.kind,
                epoch_ms(ticket.acknowledged_at) if ticket.acknowledged_at else None,
            )
            for ticket in tickets
        ),
        units=sum(row.quantity for row in rows if row.part == PartKind.LINE),
        total_text=money_text(order.total_cents, order.currency, order.restaurant.locale),
    )


def _is_open_cancel(ticket: Ticket) -> bool:
    return ticket.kind == TicketKind.CANCEL and ticket.acknowledged_at is None


def _column(order: Order, *, is_cancel_open: bool) -> str | None:
    """A cancellation nobody has acknowledged is news: it stands in the first column until someone did."""
    if order.status is OrderState.CANCELLED and is_cancel_open:
        return Column.NEW.value
    return order.column.value if order.column else None


def _lines(rows: list[OrderLine]) -> tuple[CardLine, ...]:
    parts: dict[int, list[CardPart]] = defaultdict(list)
    for row in rows:
        if row.parent_id is not None:
            parts[row.parent_id].append(CardPart(row.part, row.kitchen_name, row.station, _options(row)))
    return tuple(
        CardLine(
            position=row.position,
            quantity=row.quantity,
            name=row.kitchen_name,
            station=row.station,
            options=_options(row),
            parts=tuple(parts[row.pk]),
            note=row.note,
            heard=row.heard,
        )
        for row in rows
        if row.part == PartKind.LINE
    )


def _options(row: OrderLine) -> tuple[CardOption, ...]:
    return tuple(CardOption(option.kitchen_text, option.is_left_out, option.portion) for option in row.options.all())
