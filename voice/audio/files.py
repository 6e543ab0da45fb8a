"""Audio files as mono float32, for benchmarks, samples and tests; no call ever reads a file."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from voice.audio.formats import AudioFormatError, Samples, pcm16_to_samples, samples_to_pcm16


def read_audio(path: Path) -> tuple[Samples, int]:
    """Reads a WAV or FLAC file (FLAC needs `soundfile`, from the development requirements).

    returns: (float32, shape (n,), mono mean of the channels, range [-1, 1); sample rate in Hz)
    raises: AudioFormatError on anything that is not 16-bit WAV or FLAC; OSError if it cannot be read
    """
    if path.suffix.lower() == ".flac":
        return _read_flac(path)
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise AudioFormatError(f"{path.name}: {file.getsampwidth() * 8}-bit WAV; only 16-bit is read")
            samples = pcm16_to_samples(file.readframes(file.getnframes()))
            return _mono(samples.reshape(-1, file.getnchannels())), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise AudioFormatError(f"{path.name}: {error}") from error


def write_wav(path: Path, samples: Samples, *, sample_rate_hz: int) -> None:
    """Writes float32, shape (n,), mono, clipped, as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(samples_to_pcm16(samples))


def _read_flac(path: Path) -> tuple[Samples, int]:
    import soundfile

    try:
        samples, rate_hz = soundfile.read(str(path), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise AudioFormatError(f"{path.name}: {error}") from error
    return _mono(np.asarray(samples, dtype=np.float32)), int(rate_hz)


def _mono(channels: Samples) -> Samples:
    return channels[:, 0] if channels.shape[1] == 1 else channels.mean(axis=1, dtype=np.float32)
