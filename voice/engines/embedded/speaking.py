"""The speaking side of a worker process."""

from __future__ import annotations

from typing import Protocol

from voice.audio.formats import pcm16_to_samples, samples_to_pcm16
from voice.audio.resample import STREAMING, StreamResampler
from voice.engines.embedded.espeak import Espeak, SpeechLibraryError, SpeechTextError, voice_for
from voice.engines.embedded.messages import Failed, Message, Request, Speak, SpeechAudio, SpeechEnded, StopSpeaking


class SpeechChannel(Protocol):
    def send(self, message: Message) -> None: ...

    def peek(self) -> tuple[Request, ...]: ...


class SpeakingRole:
    """Speaks one text at a time, ~600 times faster than it sounds, and gives up a text nobody wants any more."""

    def __init__(self, channel: SpeechChannel) -> None:
        self._channel = channel
        self._espeak = Espeak()
        self.detail = f"espeak-ng at {self._espeak.sample_rate_hz} Hz"

    def handle(self, request: Request) -> None:
        if not isinstance(request, Speak):
            return  # a StopSpeaking for a text that is spoken already
        try:
            self._speak(request)
        except SpeechTextError as error:
            self._channel.send(Failed(request.stream, str(error), "text"))
        except SpeechLibraryError as error:
            self._channel.send(Failed(request.stream, str(error)))
        else:
            self._channel.send(SpeechEnded(request.stream))

    def work(self) -> bool:
        return False  # everything is done when it is asked for

    def _speak(self, request: Speak) -> None:
        resampler = StreamResampler(
            from_rate_hz=self._espeak.sample_rate_hz, to_rate_hz=request.sample_rate_hz, quality=STREAMING
        )

        def send_audio(pcm: bytes) -> bool:
            if converted := samples_to_pcm16(resampler.push(pcm16_to_samples(pcm))):
                self._channel.send(SpeechAudio(request.stream, converted))
            return StopSpeaking(request.stream) not in self._channel.peek()

        self._espeak.speak(request.text, voice_for(request.language), send_audio)
        if tail := samples_to_pcm16(resampler.finish()):
            self._channel.send(SpeechAudio(request.stream, tail))
