"""Reading recordings."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from voice.audio.files import read_audio, write_wav
from voice.audio.formats import AudioFormatError, Samples


@pytest.fixture
def samples() -> Samples:
    return np.sin(np.arange(800, dtype=np.float32) / 10) * np.float32(0.5)


def test_a_written_wav_reads_back(tmp_path: Path, samples: Samples) -> None:
    write_wav(tmp_path / "a.wav", samples, sample_rate_hz=8_000)
    heard, rate_hz = read_audio(tmp_path / "a.wav")
    assert rate_hz == 8_000
    assert np.abs(heard - samples).max() < 1e-4


def test_flac_reads_like_wav(tmp_path: Path, samples: Samples) -> None:
    import soundfile

    soundfile.write(str(tmp_path / "a.flac"), samples, 16_000)
    heard, rate_hz = read_audio(tmp_path / "a.flac")
    assert rate_hz == 16_000
    assert np.abs(heard - samples).max() < 1e-4


def test_stereo_is_mixed_down(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(np.array([[8192, -8192], [16384, 0]], dtype="<i2").tobytes())
    assert read_audio(tmp_path / "a.wav")[0].tolist() == [0.0, 0.25]


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
@pytest.mark.parametrize("content", [b"", b"no audio at all, but long enough to have a header of some kind"])
def test_what_is_no_audio_is_said_to_be_none(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AudioFormatError, match=name):
        read_audio(tmp_path / name)


def test_eight_bit_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(b"\x80" * 10)
    with pytest.raises(AudioFormatError, match="8-bit"):
        read_audio(tmp_path / "a.wav")
