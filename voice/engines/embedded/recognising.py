"""The recognising side of a worker process: streams of audio in, voice changes and words out."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Final, Protocol

from voice.audio.formats import Samples, pcm16_to_samples
from voice.audio.noise_floor import NoiseFloor
from voice.audio.resample import STREAMING, StreamResampler
from voice.audio.speech import (
    WINDOW,
    SpeechChange,
    SpeechChangeKind,
    SpeechDetector,
    SpeechProbability,
    silero_probability,
)
from voice.engines.embedded.decoder import DECODER_RATE_HZ, N_BEST, CepstralMean, Decoder
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
from voice.engines.embedded.segment import SLICE_MS, Segment

SEGMENT_MS: Final = 15_000  # the decoder's memory and time to finish grow with the segment
INTERIM_MS: Final = 96
MOST_BEHIND_MS: Final = 6_000
SLICES_PER_SIGN: Final = 16
FED_SILENCE_WINDOWS: Final = 12  # of a pause; the rest of it waits, and is decoded only if the voice comes back
HELD_WINDOWS: Final = 15
MEASURED_SILENCE_WINDOWS: Final = 1
CONSUMED_BYTES: Final = 8_000
IDLE_DECODERS: Final = 12


class ReportChannel(Protocol):
    def send(self, message: Message) -> None: ...


class DecoderPool:
    """Decoders by model. An utterance borrows one; idle ones are kept, the longest unused dropped first."""

    def __init__(self) -> None:
        self._idle: deque[tuple[str, Decoder]] = deque(maxlen=IDLE_DECODERS)

    def borrow(self, model_path: str) -> Decoder:
        """raises: ModelError"""
        for index in range(len(self._idle) - 1, -1, -1):
            if self._idle[index][0] == model_path:
                decoder = self._idle[index][1]
                del self._idle[index]
                return decoder
        check_model(Path(model_path))  # ~2 ms: what the library is given is what was made
        try:
            return Decoder(Path(model_path))
        except RuntimeError as error:
            raise ModelError(f"the recogniser refuses its model: {error}") from error

    def give_back(self, model_path: str, decoder: Decoder) -> None:
        self._idle.append((model_path, decoder))


class RecognisingStream:
    """One caller. `hear` looks for the voice at once; `work` decodes when there is time."""

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
        self._floor = NoiseFloor()
        self._segment: Segment | None = None
        self._mean = CepstralMean.USUAL
        self._held: deque[Samples] = deque(maxlen=HELD_WINDOWS)
        self._silent_windows = 0
        self._shown_ms = 0.0
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
            if self._segment is not None:
                self._take(self._segment, window)
        self._unreported_bytes += len(pcm)
        if self._unreported_bytes >= CONSUMED_BYTES:
            self._channel.send(Consumed(self.id, self._unreported_bytes))
            self._unreported_bytes = 0

    def work(self) -> bool:
        """Decodes a slice of what was heard; False if there was nothing to do."""
        segment = self._segment
        if segment is None or not segment.is_behind:
            return False
        segment.decode_slice()
        self._shown_ms += SLICE_MS
        if self._shown_ms >= INTERIM_MS or not segment.is_behind:
            self._shown_ms = 0.0
            self._report_words(segment)
        return True

    def finish(self) -> None:
        """Reports the utterance; an empty one if nobody spoke."""
        is_paused = self._detector.in_utterance and not self._detector.is_voiced
        end_ms = self._fell_ms if is_paused else self._detector.position_ms
        guesses = self._end_segment()
        if prefix := " ".join(self._said):
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

    def _note(self, change: SpeechChange) -> None:
        self._silent_windows = 0
        self._channel.send(Voice(self.id, change.kind.value, round(change.at_ms)))
        if change.kind is SpeechChangeKind.STARTED:
            self._started_ms = change.at_ms
            segment = self._begin_segment()
            segment.add(self._floor.pcm16_over(self._detector.pre_roll()[:-WINDOW]))  # the last window is taken next
        elif change.kind is SpeechChangeKind.PAUSED:
            self._fell_ms = change.at_ms
        elif self._segment is not None:
            for window in self._held:
                self._segment.add(self._floor.pcm16_over(window))
            self._held.clear()

    def _take(self, segment: Segment, window: Samples) -> None:
        if not self._detector.is_voiced:
            self._silent_windows += 1
            if self._silent_windows > FED_SILENCE_WINDOWS:
                self._held.append(window)
                return
        segment.add(self._floor.pcm16_over(window))
        if segment.behind_ms > MOST_BEHIND_MS:
            segment.decode_slice()  # holds up this worker's input, and with it those who send
        if self._silent_windows == MEASURED_SILENCE_WINDOWS:
            segment.voice_fell()
        if segment.length_ms >= SEGMENT_MS:
            self._said += [guess.text for guess in self._end_segment()[:1]]
            self._begin_segment()

    def _report_words(self, segment: Segment) -> None:
        words = " ".join((*self._said, segment.words_so_far())).strip()
        if segment.is_catching_up and len(words) < len(self._words):
            return  # the caller's sentence is run through once more
        if words and words != self._words:
            self._words = words
            self._channel.send(Words(self.id, words))

    def _begin_segment(self) -> Segment:
        self._shown_ms = 0.0
        self._segment = Segment(self._pool.borrow(self._model_path), self._mean)
        return self._segment

    def _end_segment(self) -> tuple[Guess, ...]:
        segment, self._segment = self._segment, None
        self._held.clear()
        if segment is None:
            return ()
        slices = 0
        while segment.is_behind:
            segment.decode_slice()
            slices += 1
            if slices % SLICES_PER_SIGN == 0:
                self._channel.send(Consumed(self.id, 0))  # a sign of life: the final takes its time
        guesses, decoder, self._mean = segment.finish()
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

    def work(self) -> bool:
        """One slice for every stream that is behind; False when all are up to date."""
        worked = [stream.work() for stream in self._streams.values()]
        return any(worked)

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
