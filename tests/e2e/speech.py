"""What the microphone hears: sentences spoken by the product's own embedded voice, written as a WAV file."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voice.engines.embedded.speaker import EmbeddedSpeaker

MICROPHONE_RATE_HZ = 48_000
SAMPLE_BYTES = 2

Part = str | float  # words, or seconds of silence


def write_speech(path: Path, parts: Sequence[Part], *, language: str = "en", rate_hz: int = MICROPHONE_RATE_HZ) -> None:
    """Chromium reads the file when the microphone is opened, so it may be written anew between two taps."""
    with ThreadPoolExecutor(1) as elsewhere:  # playwright keeps a loop running in this thread
        pcm = elsewhere.submit(asyncio.run, _spoken(parts, language, rate_hz)).result()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(rate_hz)
        file.writeframes(pcm)


async def _spoken(parts: Sequence[Part], language: str, rate_hz: int) -> bytes:
    speaker = EmbeddedSpeaker()
    sound = bytearray()
    try:
        for part in parts:
            if isinstance(part, str):
                async for chunk in speaker.speak(part, language=language, sample_rate_hz=rate_hz):
                    sound += chunk
            else:
                sound += bytes(SAMPLE_BYTES * int(rate_hz * part))
    finally:
        await speaker.close()
    return bytes(sound)
