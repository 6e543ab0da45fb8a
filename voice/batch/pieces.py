"""A recording cut at its silences into pieces that recognisers take at once, and their words put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from voice.audio.formats import Samples
from voice.audio.speech import DETECTOR_RATE_HZ, SpeechChangeKind, SpeechDetector, SpeechProbability
from voice.dialog.events import Hypothesis

PIECE_S: Final = 8.0  # recognisers that stream hold back no more than that
MARGIN_S: Final = 0.3  # of what lies around a voice
CUT_WITHIN_S: Final = 3.0  # a voice without a pause is cut where it is quietest in the last seconds of a piece
LEVEL_S: Final = 0.05
MAX_HYPOTHESES: Final = 5

Span = tuple[int, int]


def cut(samples: Samples, probability: SpeechProbability) -> list[Samples]:
    """The pieces that hold a voice, in order, each at most PIECE_S long; a short recording is its own piece.

    samples: float32, shape (n,), 16 kHz mono; read, never written
    returns: views, shape (m,) each; none where a long recording holds no voice
    """
    longest = round(PIECE_S * DETECTOR_RATE_HZ)
    if samples.size <= longest:
        return [samples]
    return [samples[begin:end] for begin, end in _joined(_voices(samples, probability), longest, samples)]


def join(pieces: Sequence[Sequence[Hypothesis]]) -> tuple[Hypothesis, ...]:
    """Words of the whole, best first, from those of its pieces; a piece without words leaves the others as they are."""
    whole: list[Hypothesis] = []
    for piece in pieces:
        said = [one for one in piece if one.text.strip()]
        if not whole or not said:
            whole = whole or said
            continue
        pairs = [_both(first, second) for first in whole for second in said]
        whole = sorted(pairs, key=lambda one: -one.score)
        whole = whole[:MAX_HYPOTHESES]
    return tuple(whole[:MAX_HYPOTHESES])


def _both(first: Hypothesis, second: Hypothesis) -> Hypothesis:
    known = [one for one in (first.confidence, second.confidence) if one is not None]
    return Hypothesis(f"{first.text} {second.text}", first.score + second.score, min(known) if known else None)


def _voices(samples: Samples, probability: SpeechProbability) -> Iterator[Span]:
    """Where somebody speaks, from detection to pause, with MARGIN_S around it."""
    detector = SpeechDetector(probability)
    margin = round(MARGIN_S * DETECTOR_RATE_HZ)
    began: int | None = None
    for _, change in detector.push(samples):
        if change is None:
            continue
        place = round(change.at_ms * DETECTOR_RATE_HZ / 1000)
        if change.kind is not SpeechChangeKind.PAUSED:
            began = place
        elif began is not None:
            yield max(0, began - margin), min(samples.size, place + margin)
            began = None
    if began is not None:
        yield max(0, began - margin), samples.size


def _joined(voices: Iterable[Span], longest: int, samples: Samples) -> Iterator[Span]:
    """Neighbours together as long as they fit into one piece, what is longer by itself in several."""
    open_span: Span | None = None
    for voice in voices:
        if open_span is not None and voice[1] - open_span[0] <= longest:
            open_span = (open_span[0], voice[1])
            continue
        if open_span is not None:
            yield open_span
        *whole, open_span = _split(voice, longest, samples)
        yield from whole
    if open_span is not None:
        yield open_span


def _split(voice: Span, longest: int, samples: Samples) -> list[Span]:
    begin, end = voice
    spans = []
    while end - begin > longest:
        place = _quietest(samples, begin + longest - round(CUT_WITHIN_S * DETECTOR_RATE_HZ), begin + longest)
        spans.append((begin, place))
        begin = place
    return [*spans, (begin, end)]


def _quietest(samples: Samples, begin: int, end: int) -> int:
    """The middle of the quietest 50 ms between two places."""
    window = round(LEVEL_S * DETECTOR_RATE_HZ)
    whole = (end - begin) // window
    energies = np.square(samples[begin : begin + whole * window].reshape(whole, window)).sum(axis=1)
    return begin + int(np.argmin(energies)) * window + window // 2
