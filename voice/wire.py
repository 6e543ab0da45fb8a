"""What comes in on the browser socket: decoded, checked and limited. No I/O; time is handed in as seconds.

Every bad input has its own error code; the session goes on where it can (`voice.errors.ERRORS`: which codes end it).
"""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from voice.audio.opus import OpusDecoder, OpusError
from voice.audio_ledger import MAX_GAP_FRAMES, AudioLedger
from voice.errors import failure
from voice.protocol import (
    CALLER_AUDIO,
    CALLER_HEADER,
    CALLER_OPUS,
    CALLER_RATES_HZ,
    FIRST_AFTER_GAP,
    MAX_FRAME_BYTES,
    MAX_TEXT_MESSAGE_BYTES,
    AudioIn,
    Failure,
    FromClient,
    decoder,
)

FRAMES_PER_S, FRAMES_BURST = 150, 3_000  # the burst lets a resumed page send what it kept
MESSAGES_PER_S, MESSAGES_BURST = 30, 120
STRIKES_PER_S, STRIKES_BURST = 0.5, 20
IGNORED_BURST = 500  # ignored messages until the socket is closed
GAP_NOTICE_EVERY_S = 1.0

PCM16, OPUS = "pcm16", "opus"

_PATH = re.compile(r" - at `(?:key` in `)?\$?\.?([^`]*)`$")


class Bucket:
    """A leaky bucket: `take` is False when more than the burst plus the steady rate came."""

    __slots__ = ("_at_s", "_burst", "_left", "_per_s")

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s, self._burst, self._left, self._at_s = per_s, burst, burst, 0.0

    def take(self, now_s: float) -> bool:
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Frame(Struct, frozen=True):
    """Caller's audio to be heard. `missing`: frames that never came before this one; `wire_bytes`: it came as so many,
    if not as PCM.
    """

    seq: int
    pcm: bytes
    missing: int = 0
    wire_bytes: int = 0


class Wire:
    """One socket's incoming side. Sequence numbers outlive sockets, so the ledger is handed in."""

    def __init__(self, ledger: AudioLedger) -> None:
        self._ledger = ledger
        self._has_audio = False
        self._opus: OpusDecoder | None = None
        self._frames = Bucket(FRAMES_PER_S, FRAMES_BURST)
        self._messages = Bucket(MESSAGES_PER_S, MESSAGES_BURST)
        self._strikes = Bucket(STRIKES_PER_S, STRIKES_BURST)
        self._ignored = Bucket(MESSAGES_PER_S, IGNORED_BURST)
        self._limited_at_s = -GAP_NOTICE_EVERY_S
        self._gap_told_at_s = -GAP_NOTICE_EVERY_S

    def announce(self, audio: AudioIn) -> None:
        """What `check_audio` found right: its frames may come from now on."""
        self._has_audio = True
        if audio.encoding != OPUS:
            self._opus = None
        elif self._opus is None or self._opus.sample_rate_hz != audio.sample_rate_hz:
            self._opus = OpusDecoder(sample_rate_hz=audio.sample_rate_hz)

    def text(self, text: str, now_s: float) -> FromClient | Failure | None:
        """None: ignored without a word (the flood was reported a moment ago)."""
        if not self._messages.take(now_s):
            return self._flooded(now_s)
        if len(text) > MAX_TEXT_MESSAGE_BYTES:
            return self._strike(failure("text_too_large", limit=MAX_TEXT_MESSAGE_BYTES), now_s)
        message = decode_text(text)
        return self._strike(message, now_s) if isinstance(message, Failure) else message

    def binary(self, data: bytes, now_s: float) -> Frame | Failure | None:
        """None: a replayed frame, or one of a flood that was reported a moment ago."""
        if not self._frames.take(now_s):
            return self._flooded(now_s)
        problem = self._check_frame(data)
        if problem is not None:
            return self._strike(problem, now_s)
        kind, flags, _reserved, seq = CALLER_HEADER.unpack_from(data)
        try:
            missing = self._ledger.accept(seq)
        except ValueError:
            limit = self._ledger.next_seq + MAX_GAP_FRAMES
            return self._strike(failure("bad_sequence", field="seq", limit=limit), now_s)
        if missing is None:
            return None
        body = data[CALLER_HEADER.size :]
        if kind == CALLER_AUDIO:
            return Frame(seq, body, missing)
        return self._decoded(body, seq, missing, now_s, is_first=bool(flags & FIRST_AFTER_GAP))

    def _decoded(self, payload: bytes, seq: int, missing: int, now_s: float, *, is_first: bool) -> Frame | Failure:
        assert self._opus is not None
        if missing or is_first:
            self._opus.reset()
        try:
            pcm = self._opus.decode(payload)
        except OpusError as error:
            return self._strike(failure("bad_packet", f"{error}.".capitalize(), field="payload"), now_s)
        return Frame(seq, pcm, missing, len(payload))

    def gap_notice(self, missing: int, now_s: float) -> Failure | None:
        """Told at most once a second; `audio.ack` counts them all."""
        if now_s - self._gap_told_at_s < GAP_NOTICE_EVERY_S:
            return None
        self._gap_told_at_s = now_s
        return failure("frame_gap", f"{missing} audio frames are missing before this one.", field="seq")

    def _check_frame(self, data: bytes) -> Failure | None:
        if len(data) > MAX_FRAME_BYTES:
            return failure("frame_too_large", limit=MAX_FRAME_BYTES)
        if not data or data[0] not in (CALLER_AUDIO, CALLER_OPUS):
            return failure("not_audio", field="kind", limit=CALLER_AUDIO)
        if len(data) < CALLER_HEADER.size + 2:
            return failure("frame_truncated", limit=CALLER_HEADER.size + 2)
        if data[0] == CALLER_AUDIO and len(data) % 2:
            return failure("frame_truncated", "Half a sample is missing at the end.", limit="whole 16-bit samples")
        if data[1] & ~FIRST_AFTER_GAP or data[2] or data[3]:
            return failure("not_audio", "A reserved bit of the header is set.", field="flags", limit=FIRST_AFTER_GAP)
        if not self._has_audio:
            return failure("audio_not_started", field="audio")
        if data[0] == CALLER_OPUS and self._opus is None:
            return failure("bad_encoding", "Opus frames came where PCM was announced.", field="kind", limit=PCM16)
        return None

    def _strike(self, problem: Failure, now_s: float) -> Failure:
        if self._strikes.take(now_s):
            return problem
        is_size = problem.code in {"frame_too_large", "text_too_large"}
        return failure("too_large" if is_size else "too_many_errors", limit=problem.limit, field=problem.field)

    def _flooded(self, now_s: float) -> Failure | None:
        if not self._ignored.take(now_s):
            return failure("too_many_messages", limit=f"{FRAMES_PER_S} frames and {MESSAGES_PER_S} messages a second")
        if now_s - self._limited_at_s < GAP_NOTICE_EVERY_S:
            return None
        self._limited_at_s = now_s
        return failure("rate_limited", limit=f"{FRAMES_PER_S} frames and {MESSAGES_PER_S} messages a second")


def decode_text(text: str) -> FromClient | Failure:
    try:
        return decoder.decode(text.encode())
    except msgspec.ValidationError as error:
        return _validation_failure(str(error))
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return failure("bad_json")


def check_audio(audio: AudioIn | None) -> Failure | None:
    if audio is None:
        return None
    if audio.encoding not in (PCM16, OPUS):
        return failure("bad_encoding", field="audio.encoding", limit=f"{PCM16}, {OPUS}")
    if audio.sample_rate_hz not in CALLER_RATES_HZ:
        rates = ", ".join(map(str, CALLER_RATES_HZ))
        return failure("bad_sample_rate", field="audio.sample_rate_hz", limit=rates)
    return None


def _validation_failure(text: str) -> Failure:
    """msgspec says "Expected `int`, got `str` - at `$.revision`": the path becomes `field`."""
    found = _PATH.search(text)
    field = found.group(1) if found else ""
    problem = text[: found.start()] if found else text
    if field == "type" or "required field `type`" in problem:
        return failure("unknown_type", field="type")
    return failure("bad_message", problem[:200], field=field[:100])
