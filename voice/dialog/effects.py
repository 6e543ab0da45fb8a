"""What a call wants done, in the imperative: the only output of `CallSession.handle`.

The runner maps each to one callable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from orders.cart_types import Cart, Problem
from orders.understanding.types import Expectation, Understanding
from voice.turn_latency import TurnLatency


class CallState(StrEnum):
    """The word the customer reads. Connection words (Reconnecting, Muted) belong to the page."""

    READY = "ready"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    WITH_STAFF = "with_staff"
    PLACED = "placed"
    ENDED = "ended"


class Outcome(StrEnum):
    """Exclusive ends of a call."""

    COMPLETED = "completed"
    COMPLETED_WITH_STAFF = "completed_with_staff"
    TRANSFERRED = "transferred"
    ABANDONED = "abandoned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendState:
    state: CallState


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCaption:
    """speaker: customer | assistant | staff. A final replaces what its (speaker, turn) showed; an empty one removes it.

    An assistant's turn is its response number: a reply that was cut short is captioned again with what was heard of it.
    """

    speaker: str
    turn: int
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCart:
    """The edge prices and renders it. `announcement` is a finished sentence in the customer's language ("Added: …")."""

    cart: Cart
    problems: tuple[Problem, ...] = ()
    announcement: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    say: str  # what tapping it says for the customer


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowChips:
    """Empty chips clear the row."""

    question: str = ""
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowReadback:
    """Opens the confirm sheet for this revision; `key` is the idempotency key minted for it."""

    cart: Cart
    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HideReadback:
    """The readback no longer stands (the cart changed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """`text` is the caption; `spoken` what the speaker reads where it differs ("24 dollars and 50 cents"), else ""."""

    response: int
    text: str
    language: str
    is_interruptible: bool = True
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PausePlayout:
    response: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePlayout:
    response: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlayout:
    """Drops everything of the response not yet played; chunks still in flight are stale."""

    response: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncateHeard:
    """Only `text` of the response counts as said ("" = nothing was heard)."""

    response: int
    heard_ms: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishUtterance:
    """The turn is over: the transcriber gives its final now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understand:
    turn: int
    hypotheses: tuple[str, ...]  # best first
    cart: Cart
    expect: Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    key: str
    cart: Cart
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRecord:
    """One exchange, for `SaveTurn`. Times are the runner's clock; None where the turn had no such part."""

    turn: int
    source: str  # voice | typed | touch
    heard: str
    hypotheses: tuple[str, ...] = ()
    understanding: Understanding | None = None
    reply: str = ""
    reply_heard: str | None = None  # set when the reply was cut short
    cart_revision: int = 0
    speech_ended_ms: int | None = None
    final_ms: int | None = None
    understood_ms: int | None = None
    first_audio_ms: int | None = None
    response: int | None = None  # that says the reply aloud
    latency: TurnLatency | None = None  # measured by the runner


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTurn:
    record: TurnRecord
    cart: Cart = field(default_factory=Cart)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Starting a name again restarts it."""

    name: str
    after_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTimer:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStaff:
    """Asks for a person: asked | over_cap | misunderstood | allergy | engine_failed | order_failed."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopListening:
    """Nothing hears this customer any more: what is still said is not taken, typing and tapping go on."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMode:
    """The call is in another mode from here on; `text` says so in the customer's language."""

    mode: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotice:
    """A thing the page says besides the dialogue.

    `code`: typed_only | captions_only | working | stale_revision | refused_edit | nothing_to_undo | busy | too_long.
    """

    code: str
    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    code: int
    reason: str
    outcome: Outcome


Effect = (
    SendState
    | SendCaption
    | ShowCart
    | ShowChips
    | ShowReadback
    | HideReadback
    | Say
    | PausePlayout
    | ResumePlayout
    | StopPlayout
    | TruncateHeard
    | FinishUtterance
    | Understand
    | PlaceOrder
    | SaveTurn
    | StartTimer
    | StopTimer
    | CallStaff
    | StopListening
    | ShowMode
    | SendNotice
    | Close
)
