"""Any browser's recording as 16 kHz mono: decoded as a stream, believed in nothing it says about itself.

What a file is, its first bytes say, not its sender; how long it is, the samples say, not its header. Only four
containers are opened and only sound is decoded: FFmpeg's other readers open further files and addresses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import av
import numpy as np
from av.audio import AudioStream
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.container import InputContainer

from voice.audio.formats import Samples, pcm16_to_samples
from voice.audio.resample import StreamResampler
from voice.batch.limits import MAX_SECONDS, PCM_TYPES, RecordingError

RATE_HZ: Final = 16_000
CODECS: Final = frozenset({"opus", "vorbis", "aac", "flac", "mp3", "alac"})
RATES_HZ: Final = range(4_000, 192_001)
MAX_CHANNELS: Final = 8
MAX_BAD_PACKETS: Final = 50
SNIFFED_BYTES: Final = 16
BLOCK_BYTES: Final = 65_536
OUT_SAMPLES: Final = RATE_HZ  # a second at a time


def decode(source: BinaryIO, *, content_type: str, sample_rate_hz: int | None) -> Iterator[Samples]:
    """The whole recording. A file that breaks off is given as far as it goes.

    source: seekable, read from where it begins; content_type and sample_rate_hz count for raw PCM16 only
    yields: float32, shape (n,), 16 kHz mono, range [-1, 1], n at most a few seconds
    raises: RecordingError: recording_empty, recording_too_long, recording_undecodable, recording_without_audio
    """
    beginning = source.read(SNIFFED_BYTES)
    source.seek(0)
    if not beginning:
        raise RecordingError("recording_empty")
    container = container_of(beginning)
    if container is not None:
        pieces = _decode_container(source, container)
    elif content_type.partition(";")[0].strip().lower() in PCM_TYPES and sample_rate_hz is not None:
        pieces = _decode_pcm(source, sample_rate_hz=sample_rate_hz)
    else:
        raise RecordingError("recording_undecodable", field="content_type", detail="no known container")
    samples = 0
    for piece in pieces:
        samples += piece.size
        if samples > MAX_SECONDS * RATE_HZ:
            raise RecordingError("recording_too_long", limit=f"{MAX_SECONDS} s")
        yield piece
    if samples == 0:
        raise RecordingError("recording_empty", detail="not one sample")


def container_of(beginning: bytes) -> str | None:
    """FFmpeg's name of the reader for these first bytes; None: none that we open."""
    if beginning.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if beginning.startswith(b"OggS"):
        return "ogg"
    if beginning.startswith(b"RIFF") and beginning[8:12] == b"WAVE":
        return "wav"
    if beginning[4:8] in {b"ftyp", b"moov", b"styp"}:
        return "mov"
    return None


def _decode_pcm(source: BinaryIO, *, sample_rate_hz: int) -> Iterator[Samples]:
    resampler = StreamResampler(from_rate_hz=sample_rate_hz, to_rate_hz=RATE_HZ)
    while block := source.read(BLOCK_BYTES):
        yield resampler.push(pcm16_to_samples(block[: len(block) & ~1]))
    yield resampler.finish()


def _decode_container(source: BinaryIO, container: str) -> Iterator[Samples]:
    try:
        with av.open(source, mode="r", format=container, metadata_errors="ignore") as opened:
            assert isinstance(opened, InputContainer)
            yield from _resampled(_frames(opened, _sound_of(opened)))
    except (av.FFmpegError, ValueError, EOFError, MemoryError) as error:
        raise RecordingError("recording_undecodable", detail=str(error)) from error


def _sound_of(opened: InputContainer) -> AudioStream:
    if not opened.streams.audio:
        raise RecordingError("recording_without_audio")
    stream = opened.streams.audio[0]
    codec: AudioCodecContext | None = stream.codec_context  # None for a codec that FFmpeg does not know
    name = codec.name if codec is not None else "unknown"
    if codec is None or not (name in CODECS or name.startswith("pcm_")):
        raise RecordingError("recording_undecodable", field="codec", detail=f"codec {name}")
    if codec.sample_rate not in RATES_HZ or not 1 <= codec.channels <= MAX_CHANNELS:
        detail = f"{codec.channels} channels at {codec.sample_rate} Hz"
        raise RecordingError("recording_undecodable", field="codec", detail=detail)
    return stream


def _frames(opened: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Damaged packets are passed over; where the file breaks off, what came before counts."""
    heard, bad = False, 0
    packets = opened.demux(stream)
    while bad < MAX_BAD_PACKETS:
        try:
            frames = next(packets).decode()
        except StopIteration:
            return
        except av.InvalidDataError:
            bad += 1
            continue
        except av.FFmpegError:
            if heard:
                return
            raise
        for frame in frames:
            if frame.samples > MAX_SECONDS * frame.sample_rate:  # one packet that long would be resampled at once
                raise RecordingError("recording_too_long", limit=f"{MAX_SECONDS} s")
            heard = True
            yield frame
    if not heard:
        raise RecordingError("recording_undecodable", detail="no packet could be decoded")


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[Samples]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ, frame_size=OUT_SAMPLES)
    for frame in frames:
        frame.pts = None  # recordings with gaps in their clock are sound all the same
        yield from map(_samples, resampler.resample(frame))
    yield from map(_samples, resampler.resample(None))


def _samples(frame: AudioFrame) -> Samples:
    samples: Samples = np.nan_to_num(frame.to_ndarray().reshape(-1)).astype(np.float32, copy=False)
    return np.clip(samples, -1.0, 1.0)
