"""The recognising side of a worker process: streams of audio in, voice changes and words out."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from voice.audio.formats import Samples, pcm16_to_samples, samples_to_pcm16
from voice.audio.resample import STREAMING, StreamResampler
from voice.audio.speech import (
    WINDOW_MS,
    SpeechChange,
    SpeechChangeKind,
    SpeechDetector,
    SpeechProbability,
    silero_probability,
)
from voice.engines.embedded.decoder import DECODER_RATE_HZ, FIRST_CMN, N_BEST, Decoder
from voice.engines.embedded.messages import (
    Audio,
    CloseStream,
    Consumed,
    Failed,
    FinishUtterance,
    Guess,
    LoadModel,
    Message,
    OpenStream,
    Request,
    Utterance,
    Voice,
    Words,
)
from voice.engines.embedded.model import ModelError, check_model

SEGMENT_MS: Final = 15_000  # the decoder's memory and time to finish grow with the segment
INTERIM_WINDOWS: Final = 3
FED_SILENCE_WINDOWS: Final = 12  # of a pause; the rest of it waits, and is decoded only if the voice comes back
HELD_WINDOWS: Final = 15
CONSUMED_BYTES: Final = 8_000
IDLE_DECODERS: Final = 12


class ReportChannel(Protocol):
    def send(self, message: Message) -> None: ...


class DecoderPool:
    """Decoders by model. An utterance borrows one; idle ones are kept, the longest unused dropped first."""

    def __init__(self) -> None:
        self._idle: deque[tuple[str, Decoder]] = deque(maxlen=IDLE_DECODERS)
        self._checked: set[str] = set()

    def borrow(self, model_path: str) -> Decoder:
        """raises: ModelError"""
        for index in range(len(self._idle) - 1, -1, -1):
            if self._idle[index][0] == model_path:
                decoder = self._idle[index][1]
                del self._idle[index]
                return decoder
        if model_path not in self._checked:
            check_model(Path(model_path))
            self._checked.add(model_path)
        try:
            return Decoder(Path(model_path))
        except RuntimeError as error:
            raise ModelError(f"the recogniser refuses its model: {error}") from error

    def give_back(self, model_path: str, decoder: Decoder) -> None:
        self._idle.append((model_path, decoder))


class RecognisingStream:
    """One caller. A decoder is borrowed from the first voice of an utterance until its end."""

    def __init__(
        self, request: OpenStream, pool: DecoderPool, channel: ReportChannel, probability: SpeechProbability
    ) -> None:
        self.id = request.stream
        self._model_path = request.model_path
        self._pool = pool
        self._channel = channel
        self._resampler = StreamResampler(
            from_rate_hz=request.sample_rate_hz, to_rate_hz=DECODER_RATE_HZ, quality=STREAMING
        )
        self._detector = SpeechDetector(probability)
        self._decoder: Decoder | None = None
        self._cepstral_mean = FIRST_CMN
        self._held: deque[Samples] = deque(maxlen=HELD_WINDOWS)
        self._silent_windows = 0
        self._segment_windows = 0
        self._since_interim = 0
        self._said: list[str] = []  # by finished segments of the open utterance
        self._words = ""
        self._started_ms = 0.0
        self._fell_ms = 0.0
        self._unreported_bytes = 0

    def hear(self, pcm: bytes) -> None:
        """raises: ModelError when the voice starts and the model is of no use."""
        for window, change in self._detector.push(self._resampler.push(pcm16_to_samples(pcm))):
            if change is not None:
                self._note(change)
            if self._decoder is not None:
                self._decode(window)
        self._unreported_bytes += len(pcm)
        if self._unreported_bytes >= CONSUMED_BYTES:
            self._channel.send(Consumed(self.id, self._unreported_bytes))
            self._unreported_bytes = 0

    def finish(self) -> None:
        """Reports the utterance; an empty one if nobody spoke."""
        end_ms = self._fell_ms if self._detector.in_utterance and not self._detector.is_voiced else self._position_ms
        guesses = self._end_segment()
        prefix = " ".join(self._said)
        if prefix:
            guesses = tuple(Guess(f"{prefix} {guess.text}", guess.score, guess.confidence) for guess in guesses) or (
                Guess(prefix, 0.0),
            )
        started = self._started_ms if self._detector.in_utterance else end_ms
        self._detector.finish_utterance()
        self._said.clear()
        self._words = ""
        self._channel.send(Utterance(self.id, guesses[:N_BEST], round(started), round(end_ms)))

    def close(self) -> None:
        self._end_segment()

    @property
    def _position_ms(self) -> float:
        return self._detector.position_ms

    def _note(self, change: SpeechChange) -> None:
        self._silent_windows = 0
        if change.kind is SpeechChangeKind.STARTED:
            self._started_ms = change.at_ms
            self._begin_segment()
            pre_roll = self._detector.pre_roll()
            self._feed(pre_roll[: -round(WINDOW_MS * DECODER_RATE_HZ / 1000)])  # its last window is decoded next
        elif change.kind is SpeechChangeKind.PAUSED:
            self._fell_ms = change.at_ms
        else:
            for window in self._held:
                self._feed(window)
            self._held.clear()
        self._channel.send(Voice(self.id, change.kind.value, round(change.at_ms)))

    def _decode(self, window: Samples) -> None:
        if not self._detector.is_voiced:
            self._silent_windows += 1
            if self._silent_windows > FED_SILENCE_WINDOWS:
                self._held.append(window)
                return
        self._feed(window)
        self._since_interim += 1
        if self._since_interim >= INTERIM_WINDOWS:
            self._since_interim = 0
            self._report_words()
        if self._segment_windows * WINDOW_MS >= SEGMENT_MS:
            self._said += [guess.text for guess in self._end_segment()[:1]]
            self._begin_segment()

    def _feed(self, samples: Samples) -> None:
        if self._decoder is not None and samples.size:
            self._decoder.feed(samples_to_pcm16(samples))
            self._segment_windows += 1

    def _report_words(self) -> None:
        if self._decoder is None:
            return
        words = " ".join((*self._said, self._decoder.words_so_far())).strip()
        if words and words != self._words:
            self._words = words
            self._channel.send(Words(self.id, words))

    def _begin_segment(self) -> None:
        self._decoder = self._pool.borrow(self._model_path)
        self._decoder.cepstral_mean = self._cepstral_mean
        self._decoder.start()
        self._segment_windows = self._since_interim = 0

    def _end_segment(self) -> tuple[Guess, ...]:
        decoder, self._decoder = self._decoder, None
        self._held.clear()
        if decoder is None:
            return ()
        guesses = decoder.finish()
        if guesses:  # noise must not teach the mean
            self._cepstral_mean = decoder.cepstral_mean
        self._pool.give_back(self._model_path, decoder)
        return guesses


class RecognisingRole:
    """All streams of one worker process, served in the order their messages come."""

    def __init__(self, channel: ReportChannel) -> None:
        import pocketsphinx

        self._channel = channel
        self._pool = DecoderPool()
        self._streams: dict[int, RecognisingStream] = {}
        self.detail = f"pocketsphinx {getattr(pocketsphinx, '__version__', '5')}"

    def handle(self, request: Request) -> None:
        try:
            self._handle(request)
        except ModelError as error:
            stream = getattr(request, "stream", 0)
            self._streams.pop(stream, None)
            self._channel.send(Failed(stream, str(error), "model"))

    def _handle(self, request: Request) -> None:
        match request:
            case Audio(stream=stream, pcm=pcm):
                if listener := self._streams.get(stream):
                    listener.hear(pcm)
            case OpenStream():
                listener = RecognisingStream(request, self._pool, self._channel, silero_probability())
                self._streams[request.stream] = listener
            case FinishUtterance(stream=stream):
                if listener := self._streams.get(stream):
                    listener.finish()
            case CloseStream(stream=stream):
                if listener := self._streams.pop(stream, None):
                    listener.close()
            case LoadModel(model_path=path):
                self._pool.give_back(path, self._pool.borrow(path))


def warm_up_imports() -> None:
    """numpy's first dot product and soxr's first call cost milliseconds: before anyone waits for them."""
    StreamResampler(from_rate_hz=8_000, to_rate_hz=DECODER_RATE_HZ).push(np.zeros(160, dtype=np.float32))
