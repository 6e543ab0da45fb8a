"""Messages of the browser socket `/ws/r/<slug>/order`: JSON text messages tagged by `type`, and binary audio frames.

`docs/protocol.md` describes every field; `docs/protocol.schema.json` is generated from these types.

Binary, client to server, 8-byte header then mono PCM16 little-endian at the rate of `session.start`:
    u8 kind = 1 | u8 flags (bit 0: first frame after a gap or mute) | u16 reserved = 0 | u32 seq, from 0, +1 a frame
Where `audio.encoding` is opus, kind = 3 frames may come too: Opus packets, each after its length (u16 little-endian).
Binary, server to client, 12-byte header then mono PCM16 little-endian at the rate of `session.ready`:
    u8 kind = 2 | u8 flags (bit 0: last frame of the response) | u16 reserved = 0 | u32 response | u32 seq, from 0 in it
Numbers in both headers are little-endian.
"""

# budget: the whole wire in one place, so that reader, schema and SDKs see every message together

from __future__ import annotations

import struct
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from orders.cart_types import Portion
from orders.cart_view import CartView

PROTOCOL_VERSION = 1
CALLER_AUDIO, REPLY_AUDIO, CALLER_OPUS = 1, 2, 3
CALLER_HEADER = struct.Struct("<BBHI")
REPLY_HEADER = struct.Struct("<BBHII")
FIRST_AFTER_GAP = LAST_OF_RESPONSE = 1

MAX_FRAME_BYTES = CALLER_HEADER.size + 48_000 * 2 // 10  # 100 ms at the highest rate
MAX_TEXT_MESSAGE_BYTES = 16_384
MAX_TYPED_CHARS = 500
CALLER_RATES_HZ = (8_000, 16_000, 24_000, 44_100, 48_000)
REPLY_RATE_HZ = 24_000

Ref = Annotated[str, Meta(max_length=64)]
Id = Annotated[str, Meta(max_length=128)]
Count = Annotated[int, Meta(ge=0, le=4_294_967_295)]  # u32, like the sequence numbers: what is kept must fit its column


class AudioIn(Struct, frozen=True, forbid_unknown_fields=True):
    """encoding pcm16 or opus; sample_rate_hz one of 8000, 16000, 24000, 44100, 48000: of PCM frames, and what Opus
    frames are decoded to; frame_ms 10 to 100, to begin with.
    """

    sample_rate_hz: int
    encoding: str = "pcm16"
    frame_ms: Annotated[int, Meta(ge=10, le=100)] = 20


class ClientMessage(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    pass


class SessionStart(ClientMessage, frozen=True, tag="session.start"):
    """First message. `token` comes from the page; `resume` is `session.ready.session` of a dropped connection."""

    token: Annotated[str, Meta(max_length=2048)]
    language: Annotated[str, Meta(max_length=8)] = "en"
    audio: AudioIn | None = None  # None: typed only
    captions_only: bool = False
    resume: Id | None = None
    next_seq: Count = 0  # sequence number of the first audio frame that will be sent


class AudioStart(ClientMessage, frozen=True, tag="audio.start"):
    """The microphone was opened after `session.start` came without one, or was unmuted."""

    audio: AudioIn


class AudioStop(ClientMessage, frozen=True, tag="audio.stop"):
    """Muted or stopped: what was said so far is a turn."""


class RequestMode(ClientMessage, frozen=True, tag="mode.request"):
    """The page wants to leave streaming: its connection does not carry live audio. This call stays in batch then."""

    mode: Literal["batch"]
    reason: Literal["connection"] = "connection"


class Typed(ClientMessage, frozen=True, tag="text"):
    text: Annotated[str, Meta(min_length=1, max_length=MAX_TYPED_CHARS)]
    ref: Ref = ""


class ChoiceWire(Struct, frozen=True, forbid_unknown_fields=True):
    group: Id
    option: Id
    amount: Annotated[str, Meta(max_length=32)] = "regular"
    count: Annotated[int, Meta(ge=1, le=20)] = 1
    portion: Portion = Portion.WHOLE


class AddTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="add"):
    item: Id
    quantity: Annotated[int, Meta(ge=1, le=999)] = 1
    variation: Id | None = None
    options: Annotated[tuple[ChoiceWire, ...], Meta(max_length=60)] = ()
    combo: Id | None = None


class QuantityTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="quantity"):
    """0 removes the line."""

    line: Id
    quantity: Annotated[int, Meta(ge=0, le=999)]


class VariationTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="variation"):
    line: Id
    variation: Id


class OptionTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="option"):
    line: Id
    choice: ChoiceWire


class OptionOffTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="option_off"):
    line: Id
    group: Id
    option: Id


class RemoveTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="remove"):
    line: Id


class ClearTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="clear"):
    pass


class ComboSlotTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="combo_slot"):
    line: Id
    slot: Id
    item: Id
    variation: Id | None = None


class ComboSizeTouch(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="combo_size"):
    line: Id
    size: Id


Touch = (
    AddTouch
    | QuantityTouch
    | VariationTouch
    | OptionTouch
    | OptionOffTouch
    | RemoveTouch
    | ClearTouch
    | ComboSlotTouch
    | ComboSizeTouch
)


class CartEdits(ClientMessage, frozen=True, tag="cart.edit"):
    """`revision` is the cart the customer saw; a stale one is applied only where the line still stands."""

    revision: Count
    edits: Annotated[tuple[Touch, ...], Meta(min_length=1, max_length=20)]
    ref: Ref = ""


class Undo(ClientMessage, frozen=True, tag="undo"):
    ref: Ref = ""


class Review(ClientMessage, frozen=True, tag="order.review"):
    """Opens the confirm sheet, as saying "that's all" does."""


class Confirm(ClientMessage, frozen=True, tag="order.confirm"):
    revision: Count
    name: Annotated[str, Meta(max_length=80)] = ""
    phone: Annotated[str, Meta(max_length=32)] = ""
    ref: Ref = ""


class Playout(ClientMessage, frozen=True, tag="playout"):
    response: Count
    played_ms: Count
    finished: bool = False


class StopSpeaking(ClientMessage, frozen=True, tag="speech.stop"):
    pass


class RequestPerson(ClientMessage, frozen=True, tag="person.request"):
    pass


class Ping(ClientMessage, frozen=True, tag="ping"):
    t: float = 0.0


class HangUp(ClientMessage, frozen=True, tag="hangup"):
    pass


FromClient = (
    SessionStart
    | AudioStart
    | AudioStop
    | RequestMode
    | Typed
    | CartEdits
    | Undo
    | Review
    | Confirm
    | Playout
    | StopSpeaking
    | RequestPerson
    | Ping
    | HangUp
)


class ServerMessage(Struct, frozen=True, tag_field="type", omit_defaults=False):
    pass


class Limits(Struct, frozen=True):
    frame_bytes: int
    text_chars: int
    call_seconds: int
    idle_seconds: int


class SessionReady(ServerMessage, frozen=True, tag="session.ready"):
    session: str  # signed, opaque, bound to this call and restaurant; send it as `resume` after a drop
    restaurant: str
    language: str
    reply_rate_hz: int
    next_seq: int  # the next audio frame the server wants
    is_open: bool
    can_hear: bool  # False: this engine takes typed words only just now
    knows_menu_only: bool  # the recogniser knows menus, not dictation
    stores_audio: bool
    limits: Limits
    protocol: int = PROTOCOL_VERSION
    resumed: bool = False
    mode: str = "streaming"  # streaming: send frames · batch: record, and upload (docs/batch.md)


class ModeIs(ServerMessage, frozen=True, tag="mode"):
    """The call left streaming; it stays in batch to its end. `text` says so in the customer's language."""

    mode: str
    reason: str
    text: str


class Progress(ServerMessage, frozen=True, tag="progress"):
    """Where a recording is (`voice.models.Stage`), `at_ms` since it was begun."""

    recording: str
    stage: str
    at_ms: int


class StateIs(ServerMessage, frozen=True, tag="state"):
    """ready | listening | thinking | speaking | with_staff | placed | ended"""

    state: str


class Caption(ServerMessage, frozen=True, tag="caption"):
    """A later message with the same (speaker, turn) replaces the text."""

    speaker: str  # customer | assistant | staff
    turn: int
    text: str
    final: bool


class CartIs(ServerMessage, frozen=True, tag="cart"):
    cart: CartView
    announcement: str = ""
    can_undo: bool = False
    ref: str = ""


class ChipWire(Struct, frozen=True):
    label: str
    say: str


class Chips(ServerMessage, frozen=True, tag="chips"):
    question: str
    chips: tuple[ChipWire, ...]


class Readback(ServerMessage, frozen=True, tag="readback"):
    """Open the confirm sheet for this revision; `open` False closes it."""

    open: bool
    revision: int = 0
    text: str = ""


class OrderIsPlaced(ServerMessage, frozen=True, tag="order.placed"):
    number: int
    order: str
    total_cents: int
    currency: str
    total_text: str
    ready_in_minutes: int | None = None


class SpeechStart(ServerMessage, frozen=True, tag="speech.start"):
    response: int
    text: str
    interruptible: bool = True


class SpeechPause(ServerMessage, frozen=True, tag="speech.pause"):
    response: int


class SpeechResume(ServerMessage, frozen=True, tag="speech.resume"):
    response: int


class SpeechClear(ServerMessage, frozen=True, tag="speech.clear"):
    """Drop everything of the response that has not been played, also frames still to come."""

    response: int


class SpeechEnd(ServerMessage, frozen=True, tag="speech.end"):
    response: int
    total_ms: int


class AudioAck(ServerMessage, frozen=True, tag="audio.ack"):
    """Every frame below `next_seq` has been taken and will not be needed again: forget it.

    A resume asks for frames from `next_seq` on at the earliest. The counts are of the whole session.
    """

    next_seq: int
    received_seq: int = 0  # the next frame that was not seen yet; what lies between is heard but in no saved turn
    dropped_frames: int = 0  # taken, but never heard: the engine was not ready or fell behind
    missing_frames: int = 0  # skipped numbers
    replayed_frames: int = 0  # numbers that came again, and were ignored


class Notice(ServerMessage, frozen=True, tag="notice"):
    code: str
    text: str
    ref: str = ""


class Failure(ServerMessage, frozen=True, tag="error"):
    """`code` from docs/protocol.md; `field` and `limit` name what was wrong; fatal ones are followed by a close."""

    code: str
    text: str
    field: str = ""
    limit: str = ""
    ref: str = ""
    fatal: bool = False


class Pong(ServerMessage, frozen=True, tag="pong"):
    t: float
    server_ms: int


class Ended(ServerMessage, frozen=True, tag="ended"):
    outcome: str
    reason: str = ""


FromServer = (
    SessionReady
    | ModeIs
    | Progress
    | StateIs
    | Caption
    | CartIs
    | Chips
    | Readback
    | OrderIsPlaced
    | SpeechStart
    | SpeechPause
    | SpeechResume
    | SpeechClear
    | SpeechEnd
    | AudioAck
    | Notice
    | Failure
    | Pong
    | Ended
)

decoder: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)
encoder = msgspec.json.Encoder()


class CloseCode:
    """Close codes of the socket, after accepting it (a close before accepting would lose the code)."""

    NORMAL = 1000
    SERVER_RESTART = 1012
    BAD_MESSAGE = 4400  # repeated malformed messages
    BAD_TOKEN = 4401  # missing, forged, or another restaurant's
    TOKEN_EXPIRED = 4402
    ORIGIN = 4403
    NO_RESTAURANT = 4404
    START_TIMEOUT = 4408  # no session.start in 10 s
    TAKEN_OVER = 4409  # a newer socket of the same session
    TOO_LARGE = 4413
    RATE = 4429  # too many messages a second
    IDLE = 4440
    TOO_LONG = 4441
    BUSY = 4503  # no room for another call now
    FAILED = 4500
