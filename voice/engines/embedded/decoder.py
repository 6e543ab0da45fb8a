"""One pocketsphinx decoder with its settings, and what it heard. Blocking; never releases the GIL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Final

from voice.engines.embedded.messages import Guess
from voice.engines.embedded.wheel import acoustic_model

DECODER_RATE_HZ: Final = 16_000
LANGUAGE_MODEL: Final = "orders.arpa"
DICTIONARY: Final = "words.dict"
N_BEST: Final = 12
_N_BEST_LOOKED_AT: Final = 60
CEPSTRA: Final = 13
_PRIOR_FRAMES, _MOST_FRAMES = 500, 800  # CMN_WIN and CMN_WIN_HWM of the library
_LEAST_SEEN: Final = 0.98


@dataclass(frozen=True, slots=True)
class CepstralMean:
    """What microphone, room and voice add to every frame; the decoder subtracts it. `frames`: taken from how many."""

    values: tuple[float, ...]
    frames: int

    USUAL: ClassVar[CepstralMean]

    def joined(self, other: CepstralMean, *, most_frames: int) -> CepstralMean:
        """The mean over both, as if taken from at most `most_frames`, so that it can still move."""
        frames = self.frames + other.frames
        values = tuple(
            (mine * self.frames + theirs * other.frames) / max(1, frames)
            for mine, theirs in zip(self.values, other.values, strict=True)
        )
        return CepstralMean(values, min(frames, most_frames))


CepstralMean.USUAL = CepstralMean((45.0,) + (0.0,) * (CEPSTRA - 1), 0)


@dataclass(frozen=True, slots=True)
class DecoderTuning:
    """What differs from the library's defaults; measured, see docs/audio.md."""

    settings: Mapping[str, Any] = field(
        default_factory=lambda: {"pl_window": 0, "beam": 1e-64, "pbeam": 1e-64, "wbeam": 1e-48}
    )
    acoustic_model: Path | None = None


class Decoder:
    """Decodes utterances one after the other; the cepstral mean is carried on unless another is set."""

    def __init__(self, model_path: Path, tuning: DecoderTuning | None = None) -> None:
        """raises: RuntimeError if the library refuses the model (a corrupt file may kill the process instead)."""
        import pocketsphinx

        tuning = tuning or DecoderTuning()
        self._decoder = pocketsphinx.Decoder(
            hmm=str(tuning.acoustic_model or acoustic_model()),
            lm=str(model_path / LANGUAGE_MODEL),
            dict=str(model_path / DICTIONARY),
            samprate=DECODER_RATE_HZ,
            loglevel="FATAL",
            **tuning.settings,
        )
        self._started_with = CepstralMean.USUAL

    def start(self, mean: CepstralMean) -> None:
        self._decoder.set_cmn(",".join(f"{value:.4f}" for value in mean.values))
        self._decoder.start_utt()
        self._started_with = mean

    def observed_mean(self) -> CepstralMean:
        """The cepstral mean of what was decoded since `start`, to be asked before the utterance ends."""
        frames = int(self._decoder.n_frames())
        share = _prior_share(frames)
        if share > _LEAST_SEEN:
            return CepstralMean(self._started_with.values, 0)
        shown = [float(value) for value in self._decoder.get_cmn(True).split(",")]
        values = zip(shown, self._started_with.values, strict=True)
        return CepstralMean(tuple((value - share * prior) / (1 - share) for value, prior in values), frames)

    def abandon(self) -> None:
        """Ends the utterance without looking at what was heard."""
        self._decoder.end_utt()

    def feed(self, pcm: bytes) -> None:
        """Decodes PCM16 at DECODER_RATE_HZ; empty bytes are fine here (the library refuses them)."""
        if pcm:
            self._decoder.process_raw(pcm)

    def words_so_far(self) -> str:
        hypothesis = self._decoder.hyp()
        return hypothesis.hypstr if hypothesis else ""

    def finish(self) -> tuple[Guess, ...]:
        """Ends the utterance: different texts, best first; empty if nothing was heard."""
        self._decoder.end_utt()
        best = self._decoder.hyp()
        if best is None or not best.hypstr:
            return ()
        log = self._decoder.get_logmath()
        scores = {best.hypstr: float(log.log(best.score))}
        for other in islice(self._decoder.nbest() or (), _N_BEST_LOOKED_AT):
            if other is not None and other.hypstr and len(scores) < N_BEST:
                scores.setdefault(other.hypstr, float(log.log(other.score)))
        chances = {best.hypstr: min(1.0, float(best.prob))}
        return tuple(Guess(text, score, chances.get(text)) for text, score in scores.items())


def _prior_share(frames: int) -> float:
    """How much of the library's running mean is still the one it started with.

    That one counts as if seen in 500 frames; whenever 800 are reached, all so far are counted down to 500.
    """
    share, counted = 1.0, _PRIOR_FRAMES
    while frames > 0:
        step = min(frames, _MOST_FRAMES - counted)
        share *= counted / (counted + step)
        frames -= step
        counted = counted + step if counted + step < _MOST_FRAMES else _PRIOR_FRAMES
    return share


def words_with_chances(decoder: Any) -> Iterable[tuple[str, float]]:
    """Word posteriors of the last utterance; nothing when there was no hypothesis."""
    for segment in decoder.seg() or ():
        yield segment.word, float(segment.prob)
