"""Opus from a caller: what was said comes out, whatever is wrong with it is an error and never a crash."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.formats import pcm16_to_samples
from voice.audio.opus import OpusDecoder, OpusError, packet_ms
from voice.audio_ledger import AudioLedger
from voice.errors import ERRORS
from voice.protocol import CALLER_HEADER, CALLER_OPUS, FIRST_AFTER_GAP, AudioIn, Failure
from voice.wire import Frame, Wire

RATE_HZ = 48_000


def encoded(seconds: float = 1.0, *, hz: float = 440.0, frame_ms: int = 20, bit_rate: int = 24_000) -> list[bytes]:
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = RATE_HZ, "mono", "s16", bit_rate
    encoder.options = {"frame_duration": str(frame_ms), "application": "voip"}
    times = np.arange(int(RATE_HZ * seconds)) / RATE_HZ
    samples = (12_000 * np.sin(2 * np.pi * hz * times)).astype(np.int16)
    step = RATE_HZ * frame_ms // 1000
    packets: list[bytes] = []
    for at in range(0, len(samples) - step + 1, step):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + step], format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets


def payload(packets: Sequence[bytes]) -> bytes:
    return b"".join(len(packet).to_bytes(2, "little") + packet for packet in packets)


SPOKEN = encoded(0.1)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("frame_ms", [20, 60])
def test_the_tone_that_was_said_comes_out(rate_hz: int, frame_ms: int) -> None:
    decoder = OpusDecoder(sample_rate_hz=rate_hz)
    pcm = b"".join(decoder.decode(payload([packet])) for packet in encoded(frame_ms=frame_ms))
    samples = pcm16_to_samples(pcm)[rate_hz // 5 :]
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * rate_hz / len(samples) == pytest.approx(440, abs=5)
    assert len(pcm) / 2 / rate_hz == pytest.approx(1.0, abs=0.08)


def test_many_packets_in_one_frame_are_the_same_sound() -> None:
    packets = encoded(0.6)
    one, many = OpusDecoder(sample_rate_hz=16_000), OpusDecoder(sample_rate_hz=16_000)
    apart = b"".join(one.decode(payload([packet])) for packet in packets)
    together = b"".join(many.decode(payload(packets[at : at + 5])) for at in range(0, len(packets), 5))
    assert apart == together


def test_a_decoder_that_begins_in_the_middle_is_soon_right() -> None:
    packets = encoded(1.0)
    decoder = OpusDecoder(sample_rate_hz=16_000)
    late = pcm16_to_samples(b"".join(decoder.decode(payload([packet])) for packet in packets[20:]))[16_000 // 10 :]
    assert float(np.sqrt(np.mean(late**2))) == pytest.approx(12_000 / 32_768 / np.sqrt(2), rel=0.2)


def test_the_length_of_a_packet_is_known_before_it_is_decoded() -> None:
    assert {packet_ms(packet) for packet in encoded(frame_ms=20)} == {20}
    assert {packet_ms(packet) for packet in encoded(frame_ms=60)} == {60}


@pytest.mark.parametrize(
    "broken",
    [
        b"\0",
        b"\0\0",
        b"\xff\xff\x01",
        payload([b"\xff\xff\xff"]),
        payload(encoded(0.2)[:7]),  # 140 ms
        payload(encoded(0.1)) + b"\x05\0ab",
    ],
)
def test_what_is_broken_is_an_error_and_the_next_frame_is_heard(broken: bytes) -> None:
    decoder = OpusDecoder(sample_rate_hz=16_000)
    with pytest.raises(OpusError):
        decoder.decode(broken)
    assert decoder.decode(payload(encoded(0.1)))


@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_crash_it(data: bytes) -> None:
    decoder = OpusDecoder(sample_rate_hz=16_000)
    for one in (data, payload([data])):
        with suppress(OpusError):
            decoder.decode(one)
    assert decoder.decode(payload(SPOKEN))


def test_on_the_wire() -> None:
    ledger = AudioLedger()
    wire = Wire(ledger)
    wire.announce(AudioIn(sample_rate_hz=16_000, encoding="opus"))
    packets = encoded(0.4)
    frames = [
        wire.binary(
            CALLER_HEADER.pack(CALLER_OPUS, FIRST_AFTER_GAP if seq == 0 else 0, 0, seq) + payload([packet]), 0.0
        )
        for seq, packet in enumerate(packets)
    ]
    heard = [frame for frame in frames if isinstance(frame, Frame)]
    assert len(heard) == len(packets)
    assert sum(len(frame.pcm) for frame in heard) / 32 == pytest.approx(400, abs=60)
    assert all(frame.wire_bytes < 200 for frame in heard), "counted as it came"
    pcm = wire.binary(CALLER_HEADER.pack(1, 0, 0, len(packets)) + bytes(640), 0.0)
    assert isinstance(pcm, Frame), "what an older ring still holds comes as PCM"
    broken = wire.binary(CALLER_HEADER.pack(CALLER_OPUS, 0, 0, len(packets) + 1) + b"\x02\0\xff\xff", 0.0)
    assert isinstance(broken, Failure)
    assert (broken.code, ERRORS[broken.code].close) == ("bad_packet", None)
    assert ledger.next_seq == len(packets) + 2, "nobody sends it again"
