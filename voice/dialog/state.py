"""Everything a call remembers, as frozen values that msgspec can write and read: it can be gone on with anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from orders.cart_types import AddLine, Cart, Problem
from restaurants.menu import Availability
from voice.dialog.effects import CallState, Chip
from voice.dialog.phrases import Sentence


class Ear(StrEnum):
    IDLE = "idle"
    HEARING = "hearing"  # the caller's voice is there
    PAUSED = "paused"  # silent for the moment; timer `endpoint` decides whether that was all
    FINISHING = "finishing"  # the turn was closed, its final words are on the way


@dataclass(frozen=True, slots=True)
class Turn:
    """Words of the customer that wait to be understood: `number` of their `Understand`, `caption` of their caption."""

    number: int
    caption: int
    source: str  # voice | typed
    hypotheses: tuple[str, ...]
    revision: int = 0  # of the cart they are read against
    speech_ended_ms: int | None = None
    final_ms: int | None = None

    def chosen(self, hypothesis: int) -> str:
        """The words of one hypothesis, of the best one where there is no such, "" where nothing was said (a touch)."""
        if not self.hypotheses:
            return ""
        return self.hypotheses[hypothesis if 0 <= hypothesis < len(self.hypotheses) else 0]


@dataclass(frozen=True, slots=True)
class Hearing:
    ear: Ear = Ear.IDLE
    last_number: int = 0  # of turns; none is used twice
    number: int = 0  # of the utterance that is open, or was last
    caption: int = 0  # of its caption: an older one when it goes on from an utterance before
    interim: str = ""
    carried: tuple[str, ...] = ()  # hypotheses of what was said before the voice came back: they belong to this turn
    paused_at_ms: int = 0
    paused_audio_ms: int = 0
    speech_ended_ms: int | None = None
    started_at_ms: int = 0
    habit_ms: int = 0  # how long this caller pauses inside a turn, learned; 0 before the first pause
    empty_in_a_row: int = 0  # utterances without a word
    has_failed: bool = False  # nothing hears any more: typed words only
    waiting: tuple[Turn, ...] = ()  # the first of them is being understood
    due: int = 0  # in batch: finals of closed utterances that are still being made
    recordings: tuple[str, ...] = ()  # that came in as a whole and whose words are awaited
    heard: tuple[str, ...] = ()  # recordings whose words are in the dialogue, the newest ones


class Mouth(StrEnum):
    SILENT = "silent"
    SPEAKING = "speaking"
    PAUSED = "paused"  # the caller's voice came in; words or a cough decide


@dataclass(frozen=True, slots=True)
class Speech:
    """A reply: one sentence per line of thought. The last one is the question."""

    sentences: tuple[Sentence, ...] = ()
    is_interruptible: bool = True
    is_readback: bool = False  # or the recap of one: what is heard of it decides whether a yes counts
    is_read: bool = False  # it answers somebody who types or taps: its caption counts, whatever is heard
    is_bridge: bool = False  # it only fills the time until the customer's words are known
    news: tuple[Sentence, ...] = ()  # the first of its sentences, if they are to be told again when nobody heard them


@dataclass(frozen=True, slots=True)
class Speaking:
    mouth: Mouth = Mouth.SILENT
    response: int = 0
    speech: Speech = Speech()
    total_ms: int | None = None  # known once all of it was made
    acked_ms: int = 0
    acked_at_ms: int | None = None  # None: nothing was reported since it began or went on
    extensions: int = 0  # how often the decision about an interruption was put off
    waiting: Speech | None = None  # to be said as soon as the floor is free
    has_failed: bool = False  # nothing speaks any more: captions only


class Stage(StrEnum):
    ORDERING = "ordering"
    CONFIRMING = "confirming"  # a readback stands
    PLACING = "placing"  # the order was sent; the cart is frozen until the answer
    PLACED = "placed"
    ENDED = "ended"


class Asks(StrEnum):
    NOTHING = "nothing"
    ORDER = "order"  # what would you like?
    MORE = "more"  # anything else?
    PROBLEMS = "problems"
    CONFIRM = "confirm"  # shall I place the order?
    PROPOSAL = "proposal"  # did you mean ...? cancel everything?
    NAME = "name"
    CHANGE = "change"  # what should I change?


@dataclass(frozen=True, slots=True)
class Question:
    asks: Asks = Asks.NOTHING
    sentences: tuple[Sentence, ...] = ()
    chips: tuple[Chip, ...] = ()
    problems: tuple[Problem, ...] = ()
    offered: tuple[str, ...] = ()
    instead: AddLine | None = None  # what was refused because it is out: a yes adds the one thing offered for it
    is_yes_no: bool = False


@dataclass(frozen=True, slots=True)
class Readback:
    revision: int
    key: str
    text: str
    is_heard: bool = False  # all but the closing question was played
    is_seen: bool = False  # shown in full to a customer who reads: by hand, typed, captions only
    is_asked_again: bool = False  # a yes came too early, and the recap was said
    is_begun: bool = False  # something of the recap was heard


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cart that a yes would make the cart: an unsure reading, or an empty one after "cancel everything"."""

    cart: Cart
    is_clearing: bool = False


@dataclass(frozen=True, slots=True)
class Placing:
    key: str
    cart: Cart
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Ordering:
    cart: Cart = field(default_factory=Cart)
    told: Cart = field(default_factory=Cart)  # the cart as the customer last heard or read it
    told_before: Cart = field(
        default_factory=Cart
    )  # and before the reply that is being said: stands again if none of it is heard
    undo: tuple[Cart, ...] = ()
    availability: Availability = field(default_factory=Availability)
    problems: tuple[Problem, ...] = ()
    stage: Stage = Stage.ORDERING
    is_wrapping_up: bool = False  # "that's all" was said: as soon as nothing is missing, read back
    has_asked_name: bool = False
    readback: Readback | None = None
    proposal: Proposal | None = None
    placing: Placing | None = None
    has_closed: bool = False  # since the call began: an order was refused for it
    number: int | None = None
    ready_in_minutes: int | None = None


class Staff(StrEnum):
    AWAY = "away"
    CALLED = "called"
    WITH_CUSTOMER = "with_customer"
    WAS_HERE = "was_here"


@dataclass(frozen=True, slots=True)
class UnsavedTurn:
    """The last exchange, saved once it is known how much of the reply was heard. `understanding` is packed."""

    turn: int
    source: str
    heard: str
    hypotheses: tuple[str, ...]
    understanding: bytes | None
    reply: str
    response: int | None  # the response that says the reply; None: nothing is said aloud
    revision: int
    speech_ended_ms: int | None
    final_ms: int | None
    understood_ms: int
    first_audio_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    question: Question = Question()
    last_reply: tuple[Sentence, ...] = ()
    misses: int = 0  # turns in a row that were not understood
    source: str = ""  # of the last input: voice | typed | touch
    has_prompted: bool = False  # the silence was broken once already
    staff: Staff = Staff.AWAY
    called_for: tuple[str, ...] = ()  # reasons staff was asked for
    shown: CallState | None = None
    unsaved: UnsavedTurn | None = None
    mode: str = "streaming"  # or batch, from then on to the end
    news: tuple[Sentence, ...] = ()  # to be said before the next reply
    is_dropped: bool = False  # the customer's connection is away
    unheard: Speech | None = None  # what they missed of the reply when it broke: said when they are back
    hung_up: str = ""  # they are gone, and the outcome of their order is still awaited


@dataclass(frozen=True, slots=True)
class DialogState:
    hearing: Hearing = Hearing()
    speaking: Speaking = Speaking()
    ordering: Ordering = Ordering()
    flow: Flow = Flow()
    timers: Mapping[str, int] = field(default_factory=dict)  # name -> when it is due, on the runner's clock
    at_ms: int = 0


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(DialogState)


def dump_state(state: DialogState) -> bytes:
    return _encoder.encode(state)


def load_state(data: bytes) -> DialogState:
    """raises: msgspec.ValidationError, msgspec.DecodeError"""
    return _decoder.decode(data)
