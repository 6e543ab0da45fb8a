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
        if not self._is_known and not self._measured and self._decoded >= FIRST_LOOK_MS * BYTES_PER_MS:
            self._begin_anew(FIRST_LOOK_MS * BYTES_PER_MS)
        end = min(len(self._pcm), self._decoded + SLICE_MS * BYTES_PER_MS)
        self._decoder.feed(bytes(self._pcm[self._decoded : end]))
        self._decoded = end
        self.is_catching_up = self.is_catching_up and self.is_behind

    def voice_fell(self) -> None:
        """A good moment to measure all there is: what follows is likely silence."""
        if not self._is_known and len(self._pcm) > self._measured * _GROWTH:
            self._begin_anew(len(self._pcm))

    def words_so_far(self) -> str:
        return self._decoder.words_so_far()

    def finish(self) -> tuple[tuple[Guess, ...], Decoder, CepstralMean]:
        """Decodes the rest: what was heard, the free decoder, and the caller's mean as known now."""
        while self.is_behind:
            self.decode_slice()
        guesses = self._decoder.finish()
        mean = self._caller_mean
        if guesses:  # noise must not teach the mean
            mean = mean.joined(self._decoder.measure_mean(bytes(self._pcm)), most_frames=REMEMBERED_FRAMES)
        return guesses, self._decoder, mean

    def _begin_anew(self, measured: int) -> None:
        self._decoder.abandon()
        self._measured = measured
        mean = self._caller_mean.joined(
            self._decoder.measure_mean(bytes(self._pcm[:measured])), most_frames=REMEMBERED_FRAMES
        )
        self._decoder.start(mean)
        self._decoded = 0
        self.is_catching_up = True
