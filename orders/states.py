"""The life of an order as a table. Pure: models, services, board and admin all ask here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class OrderState(StrEnum):
    DRAFT = "draft"  # staff are putting it together
    AWAITING_CONFIRMATION = "awaiting_confirmation"  # read back, no yes yet
    SUBMITTED = "submitted"  # confirmed by the customer, the kitchen has not looked yet
    ACCEPTED = "accepted"  # every station acknowledged its ticket
    IN_PROGRESS = "in_progress"
    READY = "ready"
    COMPLETED = "completed"  # handed over
    REJECTED = "rejected"  # the restaurant said no
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # never confirmed
    NO_SHOW = "no_show"  # ready, and nobody came


_S = OrderState

TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = {
    _S.DRAFT: frozenset({_S.AWAITING_CONFIRMATION, _S.CANCELLED, _S.EXPIRED}),
    _S.AWAITING_CONFIRMATION: frozenset({_S.DRAFT, _S.SUBMITTED, _S.CANCELLED, _S.EXPIRED}),
    _S.SUBMITTED: frozenset({_S.ACCEPTED, _S.IN_PROGRESS, _S.REJECTED, _S.CANCELLED}),
    _S.ACCEPTED: frozenset({_S.IN_PROGRESS, _S.REJECTED, _S.CANCELLED}),
    _S.IN_PROGRESS: frozenset({_S.READY, _S.CANCELLED}),
    _S.READY: frozenset({_S.COMPLETED, _S.NO_SHOW, _S.CANCELLED}),
    _S.COMPLETED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.NO_SHOW: frozenset(),
}

# One bump of a card on the board.
NEXT: Mapping[OrderState, OrderState] = {
    _S.SUBMITTED: _S.IN_PROGRESS,
    _S.ACCEPTED: _S.IN_PROGRESS,
    _S.IN_PROGRESS: _S.READY,
    _S.READY: _S.COMPLETED,
}

# Taking a bump back, by staff only. It goes to ACCEPTED, not SUBMITTED: the kitchen has seen the order.
RECALLED_TO: Mapping[OrderState, OrderState] = {
    _S.IN_PROGRESS: _S.ACCEPTED,
    _S.READY: _S.IN_PROGRESS,
    _S.COMPLETED: _S.READY,
    _S.NO_SHOW: _S.READY,
}

ON_BOARD = frozenset({_S.SUBMITTED, _S.ACCEPTED, _S.IN_PROGRESS, _S.READY})
FINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)


class Column(StrEnum):
    """Where a card stands on the board."""

    NEW = "new"
    COOKING = "cooking"
    READY = "ready"


COLUMN: Mapping[OrderState, Column] = {
    _S.SUBMITTED: Column.NEW,
    _S.ACCEPTED: Column.NEW,
    _S.IN_PROGRESS: Column.COOKING,
    _S.READY: Column.READY,
}


def can_become(state: OrderState, wanted: OrderState) -> bool:
    return wanted in TRANSITIONS[state]
