"""What a server and its worker processes say to each other: msgpack frames, each with a 4-byte little-endian length."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

MAX_FRAME_BYTES: Final = 4 * 1024 * 1024
_LENGTH: Final = struct.Struct("<I")


class Message(msgspec.Struct, array_like=True, tag=True, frozen=True):
    pass


class OpenStream(Message, frozen=True):
    stream: int
    model_path: str
    sample_rate_hz: int


class Audio(Message, frozen=True):
    stream: int
    pcm: bytes


class FinishUtterance(Message, frozen=True):
    stream: int


class CloseStream(Message, frozen=True):
    stream: int


class LoadModel(Message, frozen=True):
    """Load it now, so that the first caller does not wait for it."""

    model_path: str


class Speak(Message, frozen=True):
    stream: int
    text: str
    language: str
    sample_rate_hz: int


class StopSpeaking(Message, frozen=True):
    stream: int


Request = OpenStream | Audio | FinishUtterance | CloseStream | LoadModel | Speak | StopSpeaking


class Ready(Message, frozen=True):
    """The worker runs; `detail` names its engine."""

    detail: str


class Consumed(Message, frozen=True):
    stream: int
    bytes_count: int


class Voice(Message, frozen=True):
    """`change`: started | paused | resumed, at a position in the stream's audio."""

    stream: int
    change: str
    audio_ms: int


class Words(Message, frozen=True):
    stream: int
    text: str


class Guess(msgspec.Struct, array_like=True, frozen=True):
    text: str
    score: float
    confidence: float | None = None


class Utterance(Message, frozen=True):
    stream: int
    guesses: tuple[Guess, ...]
    started_audio_ms: int
    ended_audio_ms: int


class SpeechAudio(Message, frozen=True):
    stream: int
    pcm: bytes


class SpeechEnded(Message, frozen=True):
    stream: int


class Failed(Message, frozen=True):
    """`code` "text": the request was wrong; "engine": the engine is."""

    stream: int
    reason: str
    code: str = "engine"


Report = Ready | Consumed | Voice | Words | Utterance | SpeechAudio | SpeechEnded | Failed

_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Request)
_report_decoder = msgspec.msgpack.Decoder(Report)


class FrameError(ValueError):
    """The other side sent something that is no message of ours; the connection is of no further use."""


def encode(message: Message) -> bytes:
    """One frame."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class FrameBuffer:
    """Cuts a byte stream into frames' bodies."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """raises: FrameError on a length beyond MAX_FRAME_BYTES."""
        self._data += data
        start = 0
        while len(self._data) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._data, start)
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes")
            end = start + _LENGTH.size + length
            if len(self._data) < end:
                break
            yield bytes(self._data[start + _LENGTH.size : end])
            start = end
        del self._data[:start]


def decode_request(body: bytes) -> Request:
    """raises: FrameError"""
    try:
        request: Request = _request_decoder.decode(body)
    except msgspec.DecodeError as error:
        raise FrameError(str(error)) from error
    return request


def decode_report(body: bytes) -> Report:
    """raises: FrameError"""
    try:
        report: Report = _report_decoder.decode(body)
    except msgspec.DecodeError as error:
        raise FrameError(str(error)) from error
    return report
