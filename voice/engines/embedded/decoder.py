"""One pocketsphinx decoder with its settings, and what it heard. Blocking; never releases the GIL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from voice.engines.embedded.messages import Guess
from voice.engines.embedded.wheel import acoustic_model

DECODER_RATE_HZ: Final = 16_000
LANGUAGE_MODEL: Final = "orders.arpa"
DICTIONARY: Final = "words.dict"
N_BEST: Final = 12
_N_BEST_LOOKED_AT: Final = 60
FIRST_CMN: Final = "40,3,-1"


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

    @property
    def cepstral_mean(self) -> str:
        return str(self._decoder.get_cmn(True))

    @cepstral_mean.setter
    def cepstral_mean(self, values: str) -> None:
        self._decoder.set_cmn(values)

    def start(self) -> None:
        self._decoder.start_utt()

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
        guesses = {best.hypstr: Guess(best.hypstr, float(log.log(best.best_score)), float(best.prob))}
        for other in islice(self._decoder.nbest() or (), _N_BEST_LOOKED_AT):
            if other is not None and other.hypstr and len(guesses) < N_BEST:
                guesses.setdefault(other.hypstr, Guess(other.hypstr, float(log.log(other.score))))
        return tuple(guesses.values())


def words_with_chances(decoder: Any) -> Iterable[tuple[str, float]]:
    """Word posteriors of the last utterance; nothing when there was no hypothesis."""
    for segment in decoder.seg() or ():
        yield segment.word, float(segment.prob)
