"""Recordings as browsers make them: samples encoded by the same library that decodes them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.audio.frame import AudioFrame

from voice.audio.formats import Samples, samples_to_pcm16

FORMATS = {  # container: (content type, FFmpeg's name, codec)
    "webm": ("audio/webm;codecs=opus", "webm", "libopus"),
    "ogg": ("audio/ogg;codecs=opus", "ogg", "libopus"),
    "mp4": ("audio/mp4", "mp4", "aac"),
    "wav": ("audio/wav", "wav", "pcm_s16le"),
}
# Fragmented, as MediaRecorder writes it while it records.
_OPTIONS = {"mp4": {"movflags": "frag_keyframe+empty_moov+default_base_moof"}}


def tone(seconds: float, *, sample_rate_hz: int = 48_000, level: float = 0.3) -> Samples:
    times = np.arange(round(seconds * sample_rate_hz), dtype=np.float32) / sample_rate_hz
    return (level * np.sin(2 * np.pi * 220 * times)).astype(np.float32)


def encoded(samples: Samples, name: str, *, sample_rate_hz: int = 48_000, codec: str = "") -> bytes:
    """float32, shape (n,), mono, in a container of FORMATS."""
    file = io.BytesIO()
    with av.open(file, mode="w", format=FORMATS[name][1], options=_OPTIONS.get(name, {})) as container:
        stream = container.add_stream(codec or FORMATS[name][2], rate=sample_rate_hz)
        stream.codec_context.layout = "mono"
        for frame in _frames(samples, sample_rate_hz):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def header_only() -> bytes:
    """A WAV file that ends where its sound would begin."""
    wav = encoded(tone(0.1), "wav")
    return wav[: wav.index(b"data") + 8]


def hours_of_silence(hours: int) -> bytes:
    """Ogg Opus that plays so long and is a few hundred kilobytes: one silent packet, again and again."""
    packet_samples, rate_hz = 2_880, 48_000
    file = io.BytesIO()
    with av.open(file, mode="w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=rate_hz, options={"frame_duration": "60"})
        stream.codec_context.layout = "mono"
        [packet, *_] = [
            packet
            for frame in _frames(np.zeros(rate_hz // 4, dtype=np.float32), rate_hz)
            for packet in stream.encode(frame)
        ]
        silent = bytes(packet)
        for number in range(hours * 3600 * rate_hz // packet_samples):
            again = av.Packet(silent)
            again.stream = stream
            again.time_base = Fraction(1, rate_hz)
            again.pts = again.dts = number * packet_samples
            again.duration = packet_samples
            container.mux(again)
    return file.getvalue()


def video_only() -> bytes:
    """A film without a sound track, in the container that recordings come in."""
    file = io.BytesIO()
    with av.open(file, mode="w", format="matroska") as container:
        stream = container.add_stream("rawvideo", rate=10)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for _ in range(3):
            frame = av.VideoFrame(16, 16, "yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def _frames(samples: Samples, sample_rate_hz: int) -> Iterator[AudioFrame]:
    pcm = np.frombuffer(samples_to_pcm16(samples), dtype="<i2").reshape(1, -1)
    for start in range(0, pcm.shape[1], sample_rate_hz):
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(pcm[:, start : start + sample_rate_hz]), "s16", "mono")
        frame.sample_rate = sample_rate_hz
        frame.pts = start
        frame.time_base = Fraction(1, sample_rate_hz)
        yield frame
