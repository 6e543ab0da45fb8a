"""libespeak-ng by ctypes: text in, PCM16 out, piece by piece. Blocking, and one instance a process.

The library keeps its state in globals: use it from one thread, in a process whose death is nobody's loss
(`voice.engines.worker`). SSML and phoneme input are off: text is only ever text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_TEXT_CHARS: Final = 2_000
_AUDIO_SYNCHRONOUS: Final = 2
_DONT_EXIT: Final = 0x8000
_CHARS_UTF8: Final = 1
_RATE, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7
_BUFFER_MS: Final = 40
_SYNTH_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class SpeechTextError(ValueError):
    """The text cannot be spoken: too long, or not encodable."""


class SpeechLibraryError(RuntimeError):
    """libespeak-ng is missing, or refused a voice."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """libespeak-ng's name of a voice, its pitch and pitch range 0..100, and the pause between words in 10 ms."""

    name: str
    words_per_minute: int = 160
    pitch: int = 50
    pitch_range: int = 55
    word_gap: int = 0


VOICES: Final[dict[str, VoiceSettings]] = {
    "en": VoiceSettings("en-us"),
    "en-GB": VoiceSettings("en-gb"),
    "es": VoiceSettings("es"),
    "es-MX": VoiceSettings("es-419"),
    "es-US": VoiceSettings("es-419"),
}


def voice_for(language: str) -> VoiceSettings:
    """The voice of a BCP 47 tag: the exact tag, else its language, else English."""
    return VOICES.get(language) or VOICES.get(language.partition("-")[0]) or VOICES["en"]


class Espeak:
    """The library, loaded. One a process."""

    def __init__(self) -> None:
        """raises: SpeechLibraryError if the library or its data cannot be loaded."""
        import espeakng_loader

        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            data_path = espeakng_loader.get_data_path()
        except (OSError, RuntimeError) as error:
            raise SpeechLibraryError(f"libespeak-ng cannot be loaded: {error}") from error
        self.sample_rate_hz: int = self._library.espeak_Initialize(
            _AUDIO_SYNCHRONOUS, _BUFFER_MS, data_path.encode(), _DONT_EXIT
        )
        if self.sample_rate_hz <= 0:
            raise SpeechLibraryError(f"libespeak-ng did not start (code {self.sample_rate_hz})")
        self._voice: VoiceSettings | None = None

    def speak(self, text: str, voice: VoiceSettings, on_audio: Callable[[bytes], bool]) -> None:
        """Calls `on_audio` with PCM16 at `sample_rate_hz` until the text is spoken or it returns False.

        raises: SpeechTextError if the text is longer than MAX_TEXT_CHARS; SpeechLibraryError if it cannot be spoken.
        """
        data = self._encode(text)
        self._choose(voice)

        def receive(wave: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
            if count <= 0:
                return 0
            return 0 if on_audio(ctypes.string_at(wave, count * 2)) else 1

        callback = _SYNTH_CALLBACK(receive)
        self._library.espeak_SetSynthCallback(callback)
        code = self._library.espeak_Synth(data, len(data), 0, 0, 0, _CHARS_UTF8, None, None)
        if code:
            raise SpeechLibraryError(f"libespeak-ng refused the text (code {code})")

    def _encode(self, text: str) -> bytes:
        if len(text) > MAX_TEXT_CHARS:
            raise SpeechTextError(f"text of {len(text)} characters; at most {MAX_TEXT_CHARS} are spoken at once")
        printable = "".join(char if char.isprintable() else " " for char in text)
        return printable.encode("utf-8", "replace") + b"\0"

    def _choose(self, voice: VoiceSettings) -> None:
        if voice == self._voice:
            return
        if self._library.espeak_SetVoiceByName(voice.name.encode()):
            raise SpeechLibraryError(f"libespeak-ng has no voice {voice.name!r}")
        parameters = ((_RATE, voice.words_per_minute), (_PITCH, voice.pitch), (_RANGE, voice.pitch_range),
                      (_WORD_GAP, voice.word_gap), (_VOLUME, 100))  # fmt: skip
        for parameter, value in parameters:
            self._library.espeak_SetParameter(parameter, value, 0)
        self._voice = voice
