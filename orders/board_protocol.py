"""Wire messages of the staff board's socket `/ws/r/<slug>/board`: JSON text tagged by `type` (see docs/orders.md).

Times are milliseconds since 1970 on the server's clock. `sequence` numbers the restaurant's order events without a
hole: a change that is not the last sequence plus one means something was missed (`board.resync`).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

HEARTBEAT_S = 2.0
DUE_SOON_S = 180
MAX_COMMAND_BYTES = 4_096
MAX_REPLAYED_EVENTS = 100

CommandId = Annotated[str, Meta(min_length=1, max_length=64)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class BoardCommand(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class Advance(BoardCommand, frozen=True, tag="order.advance"):
    """Moves a card to the state `to`. `version` is that of the card staff saw; `id` makes a repeated send harmless."""

    id: CommandId
    order: Id
    to: Annotated[str, Meta(max_length=24)]
    version: Annotated[int, Meta(ge=1)]


class Recall(BoardCommand, frozen=True, tag="order.recall"):
    """One state back, to its old place."""

    id: CommandId
    order: Id
    version: Annotated[int, Meta(ge=1)]


class Cancel(BoardCommand, frozen=True, tag="order.cancel"):
    """Shift lead and above."""

    id: CommandId
    order: Id
    version: Annotated[int, Meta(ge=1)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class Acknowledge(BoardCommand, frozen=True, tag="ticket.acknowledge"):
    id: CommandId
    ticket: Id


class Resync(BoardCommand, frozen=True, tag="board.resync"):
    """Everything after `sequence`, as changes; as a snapshot when that is too much or too long ago."""

    sequence: Annotated[int, Meta(ge=0)]


FromBoard = Advance | Recall | Cancel | Acknowledge | Resync


class CardOption(Struct, frozen=True):
    text: str  # the kitchen's words, amount and half included: "no onions"
    is_left_out: bool
    portion: str  # whole | first_half | second_half


class CardPart(Struct, frozen=True):
    """One half of the line or one part of its combo."""

    kind: str  # half | slot
    name: str
    station: str
    options: tuple[CardOption, ...] = ()


class CardLine(Struct, frozen=True):
    position: int
    quantity: int
    name: str  # the kitchen's name with the size
    station: str
    options: tuple[CardOption, ...] = ()
    parts: tuple[CardPart, ...] = ()
    note: str = ""
    heard: str = ""


class CardTicket(Struct, frozen=True):
    id: str
    station: str
    kind: str  # new | change | cancel
    acknowledged_ms: int | None = None


class OrderCard(Struct, frozen=True):
    """`column` is new | cooking | ready, or None once it is off the board. `next` is what one bump leads to."""

    id: str
    number: int
    channel: str
    fulfilment: str
    state: str
    column: str | None
    next: str | None
    can_recall: bool
    version: int
    placed_ms: int
    promised_ms: int
    state_changed_ms: int
    customer_name: str
    allergies: tuple[str, ...]
    lines: tuple[CardLine, ...]
    tickets: tuple[CardTicket, ...]
    units: int
    total_text: str


class BoardMessage(Struct, frozen=True, tag_field="type"):
    pass


class BoardRestaurant(Struct, frozen=True):
    slug: str
    name: str
    time_zone: str


class Snapshot(BoardMessage, frozen=True, tag="board.snapshot"):
    """Everything on the board, oldest first; `recent` are the last completed ones, for recall."""

    sequence: int
    server_ms: int
    restaurant: BoardRestaurant
    orders: tuple[OrderCard, ...]
    recent: tuple[OrderCard, ...]
    stations: tuple[str, ...]
    can_cancel: bool
    heartbeat_s: float = HEARTBEAT_S
    due_soon_s: int = DUE_SOON_S  # a card is due soon this long before its promised time, late after it


class Change(BoardMessage, frozen=True, tag="board.change"):
    """One event, with the card as it is now. `command` is the id of the staff command that made it, if any."""

    sequence: int
    server_ms: int
    kind: str  # placed | advanced | recalled | cancelled | acknowledged
    from_state: str
    to_state: str
    actor: str
    at_ms: int
    command: str
    card: OrderCard


class Heartbeat(BoardMessage, frozen=True, tag="board.heartbeat"):
    """Sent only when the database answered: an old heartbeat means orders may be missing."""

    server_ms: int
    sequence: int


class Done(BoardMessage, frozen=True, tag="command.done"):
    id: str


class Refused(BoardMessage, frozen=True, tag="command.refused"):
    """code: stale | not_possible | not_found | not_allowed | malformed | try_again.

    `card` is how the order stands, if that is known.
    """

    id: str
    code: str
    text: str
    card: OrderCard | None = None


FromServer = Snapshot | Change | Heartbeat | Done | Refused

decoder: msgspec.json.Decoder[FromBoard] = msgspec.json.Decoder(FromBoard)
encoder = msgspec.json.Encoder()


class CloseCode:
    """Close codes, after accepting the socket."""

    BAD_MESSAGE = 4400  # too many malformed messages
    NOT_SIGNED_IN = 4401
    NOT_A_MEMBER = 4403  # no kitchen role here; also: opened from another site's page
    NO_RESTAURANT = 4404
    TOO_LARGE = 4413
    NO_DATABASE = 4503
    TOO_SLOW = 4429  # did not read what was sent, or sent commands faster than they can be done
