"""One stretch of speech being decoded: audio comes in at once, decoding follows when there is time for it.

The acoustic model hears well only when the cepstral mean fits the caller's microphone and voice, and the library
adapts far too slowly (its memory is 5 s). So the first segments of a call are measured, and decoded anew with what was
measured: once after `FIRST_LOOK_MS`, once more when the voice falls.
"""

from __future__ import annotations

from typing import Final

from voice.engines.embedded.decoder import DECODER_RATE_HZ, CepstralMean, Decoder
from voice.engines.embedded.messages import Guess

BYTES_PER_MS: Final = DECODER_RATE_HZ * 2 // 1000
FIRST_LOOK_MS: Final = 1_200
SLICE_MS: Final = 64  # decoded at a time, ~5 ms of CPU: how long other callers wait at most
KNOWN_FRAMES: Final = 250  # a mean taken from this many frames is not measured again
REMEMBERED_FRAMES: Final = 3_000
_GROWTH: Final = 1.4  # how much longer the audio must be than when last measured


class Segment:
    """Owns its decoder until `finish`, which gives it back with everything it heard."""

    def __init__(self, decoder: Decoder, mean: CepstralMean) -> None:
        self._decoder = decoder
        self._caller_mean = mean
        self._is_known = mean.frames >= KNOWN_FRAMES
        self._pcm = bytearray()
        self._decoded = 0
        self._measured = 0
        self._look_at = FIRST_LOOK_MS * BYTES_PER_MS
        self.is_catching_up = False
        decoder.start(mean)

    @property
    def length_ms(self) -> float:
        return len(self._pcm) / BYTES_PER_MS

    @property
    def is_behind(self) -> bool:
        return self._decoded < len(self._pcm)

    @property
    def behind_ms(self) -> float:
        """Audio not decoded yet."""
        return (len(self._pcm) - self._decoded) / BYTES_PER_MS

    def add(self, pcm: bytes) -> None:
        """Takes audio; decodes nothing."""
        self._pcm += pcm

    def decode_slice(self) -> None:
        """Catches up a little."""
        if not self._is_known and self._decoded >= self._look_at > self._measured * _GROWTH:
            self._begin_anew()
        end = min(len(self._pcm), self._decoded + SLICE_MS * BYTES_PER_MS)
        self._decoder.feed(bytes(self._pcm[self._decoded : end]))
        self._decoded = end
        self.is_catching_up = self.is_catching_up and self.is_behind

    def voice_fell(self) -> None:
        """A good moment to measure all there is: what follows is likely silence."""
        self._look_at = len(self._pcm)

    def words_so_far(self) -> str:
        return self._decoder.words_so_far()

    def finish(self) -> tuple[tuple[Guess, ...], Decoder, CepstralMean]:
        """Decodes the rest: what was heard, the free decoder, and the caller's mean as known now."""
        while self.is_behind:
            self.decode_slice()
        mean = self._mean_with_this()
        guesses = self._decoder.finish()
        return guesses, self._decoder, mean if guesses else self._caller_mean  # noise must not teach the mean

    def _mean_with_this(self) -> CepstralMean:
        return self._caller_mean.joined(self._decoder.observed_mean(), most_frames=REMEMBERED_FRAMES)

    def _begin_anew(self) -> None:
        mean = self._mean_with_this()
        self._measured = self._decoded
        self._decoder.abandon()
        self._decoder.start(mean)
        self._decoded = 0
        self.is_catching_up = True
