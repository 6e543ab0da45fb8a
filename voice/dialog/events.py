"""What happened to a call, in the past tense: the only input of `CallSession.handle`.

`at_ms` is the runner's monotonic clock in milliseconds since the call opened. `audio_ms` is a position in the caller's
audio (milliseconds of audio received since the stream began): the two drift apart when the network stalls.
"""

from __future__ import annotations

from dataclasses import dataclass

from orders.cart_types import CartEdit
from orders.understanding.types import Understanding
from restaurants.menu import Availability


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOpened:
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted:
    """The caller's voice was detected. `audio_ms` is where it began (before detection)."""

    at_ms: int = 0
    audio_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPaused:
    """The voice has been silent for a few frames; the utterance is still open until the core ends it."""

    at_ms: int = 0
    audio_ms: int = 0  # where the voice stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechResumed:
    at_ms: int = 0
    audio_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptInterim:
    """Words so far of the open utterance; each one replaces the one before."""

    at_ms: int = 0
    text: str


@dataclass(frozen=True, slots=True)
class Hypothesis:
    text: str
    score: float = 0.0  # engine's own scale, higher is better
    confidence: float | None = None  # 0..1 when the engine has one


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFinal:
    """The utterance ended. No hypothesis, or an empty text: nothing was recognised (a cough, noise)."""

    at_ms: int = 0
    hypotheses: tuple[Hypothesis, ...] = ()
    started_audio_ms: int = 0
    ended_audio_ms: int = 0
    recording: str = ""  # in batch: the one whose words they are


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingReceived:
    """An utterance was recorded as a whole and is on its way to words: `RecordingHeard` follows.

    is_whole False: its recording has begun, and the customer is not silent.
    """

    at_ms: int = 0
    recording: str
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingHeard:
    """The words of an utterance that was recorded as a whole and heard elsewhere: its turn begins and is over at once.

    No hypothesis: nothing was recognised, or it could not be heard at all. The same recording again is ignored.
    """

    at_ms: int = 0
    recording: str
    hypotheses: tuple[Hypothesis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChanged:
    """The call goes on in batch, with everything it has; told to the customer once. `reason`: `voice.fallback`."""

    at_ms: int = 0
    mode: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceTyped:
    """Typed words or a tapped chip: the same path as speech from here on."""

    at_ms: int = 0
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CartTouched:
    """Edits made by hand on the page. `revision` is the cart the customer saw."""

    at_ms: int = 0
    edits: tuple[CartEdit, ...]
    revision: int
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoTapped:
    at_ms: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The answer to an `Understand` effect; stale turns are ignored."""

    at_ms: int = 0
    turn: int
    understanding: Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayoutAcked:
    """The listener's own report: this much of the response has been played."""

    at_ms: int = 0
    response: int
    played_ms: int
    is_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSynthesized:
    """The whole response has been made and handed over; `total_ms` of audio."""

    at_ms: int = 0
    response: int
    total_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTapped:
    """ "Stop speaking"."""

    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTapped:
    """The button on the confirm sheet; `revision` must be the one that was read back or shown."""

    at_ms: int = 0
    revision: int
    name: str = ""
    phone: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTapped:
    """The customer opened the confirm sheet by hand."""

    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequested:
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    at_ms: int = 0
    key: str
    order_id: str
    number: int
    total_cents: int
    ready_in_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefused:
    """`code`: closed | over_cap | problems | unavailable | failed (our own fault; may be retried with the same key)."""

    at_ms: int = 0
    key: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFailed:
    """`stage`: transcriber | understander | speaker | conversation."""

    at_ms: int = 0
    stage: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityChanged:
    at_ms: int = 0
    availability: Availability


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDropped:
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientResumed:
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTookOver:
    at_ms: int = 0
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffHandedBack:
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    at_ms: int = 0
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    at_ms: int = 0
    reason: str = "client"


Event = (
    CallOpened
    | SpeechStarted
    | SpeechPaused
    | SpeechResumed
    | TranscriptInterim
    | TranscriptFinal
    | RecordingReceived
    | RecordingHeard
    | ModeChanged
    | UtteranceTyped
    | CartTouched
    | UndoTapped
    | Understood
    | PlayoutAcked
    | SpeechSynthesized
    | StopTapped
    | ConfirmTapped
    | ReviewTapped
    | PersonRequested
    | OrderPlaced
    | OrderRefused
    | EngineFailed
    | AvailabilityChanged
    | ClientDropped
    | ClientResumed
    | StaffTookOver
    | StaffHandedBack
    | TimerFired
    | HungUp
)
