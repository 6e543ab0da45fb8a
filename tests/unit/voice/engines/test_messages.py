"""Frames between the server and its workers."""

from __future__ import annotations

import struct

import pytest

from voice.engines.embedded.messages import (
    Audio,
    FrameBuffer,
    FrameError,
    Guess,
    OpenStream,
    Utterance,
    decode_report,
    decode_request,
    encode,
)

SENT = [OpenStream(1, "/somewhere", 16_000), Audio(1, b"\x00\x01" * 500), Audio(1, b"")]


@pytest.mark.parametrize("size", [1, 3, 7, 4_096])
def test_frames_survive_any_cut_of_the_stream(size: int) -> None:
    data = b"".join(encode(message) for message in SENT)
    frames = FrameBuffer()
    received = [
        decode_request(body) for start in range(0, len(data), size) for body in frames.feed(data[start : start + size])
    ]
    assert received == SENT


def test_reports_come_back_as_they_were() -> None:
    report = Utterance(3, (Guess("two cokes", -12.5, 0.5), Guess("to coax", -13.0)), 120, 980)
    (body,) = FrameBuffer().feed(encode(report))
    assert decode_report(body) == report


@pytest.mark.parametrize("body", [b"", b"garbage", b"\x93\xa5Audio\x01"])
def test_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(FrameError):
        decode_request(body)


def test_a_length_beyond_reason_is_refused_before_memory_is_taken() -> None:
    with pytest.raises(FrameError, match="frame of"):
        list(FrameBuffer().feed(struct.pack("<I", 1 << 31)))
