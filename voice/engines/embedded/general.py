"""A little everyday English out of the wheel's own language model, so that small talk does not become an order."""

from __future__ import annotations

import math
import os
import pickle
from pathlib import Path
from typing import Final

from voice.engines.embedded.trigram import END, START, GeneralModel
from voice.engines.embedded.wheel import dictionary, general_language_model, wheel_version

WORDS: Final = 2_000
_LOG_BASE: Final = 1.0001
# a bigram is kept if it is this much likelier than its words apart, weighted by how often it occurs at all
_LEAST_GAIN: Final = 2e-6
_FORMAT: Final = 1


def general_model(cache_dir: Path) -> GeneralModel:
    """Read from the cache, or made once: ~5 s."""
    path = cache_dir / f"general-{wheel_version()}-{WORDS}-{_FORMAT}.pickle"
    try:
        with path.open("rb") as file:
            kept = pickle.load(file)
    except (OSError, EOFError, pickle.UnpicklingError):
        kept = None
    if isinstance(kept, GeneralModel):
        return kept
    made = make_general_model()
    cache_dir.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    with temporary.open("wb") as file:
        pickle.dump(made, file)
    temporary.replace(path)
    return made


def make_general_model(words: int = WORDS, least_gain: float = _LEAST_GAIN) -> GeneralModel:
    """Asks the wheel's trigram for the likeliest words and for every pair of them."""
    from pocketsphinx import Config, LogMath, NGramModel

    model = NGramModel(Config(loglevel="FATAL"), LogMath(_LOG_BASE), str(general_language_model()))

    def chance(*newest_first: str) -> float:
        return math.exp(float(model.prob(list(newest_first))) * math.log(_LOG_BASE))

    candidates = [word for word in dictionary() if word.replace("'", "").isalpha() and (len(word) > 1 or word in "ai")]
    ranked = sorted(((chance(word), word) for word in candidates), reverse=True)[:words]
    total = sum(share for share, _ in ranked) + chance(END)
    unigrams = {word: share / total for share, word in ranked} | {END: chance(END) / total}
    bigrams: dict[str, dict[str, float]] = {}
    backoffs: dict[str, float] = {}
    for previous in (START, *(word for _, word in ranked)):
        after = {word: chance(word, previous) for word in unigrams}
        scale = 1.0 / max(sum(after.values()), 1e-9)
        often = unigrams.get(previous, unigrams[END])
        kept = {}
        for word, share in after.items():
            share *= scale
            if often * share * math.log(max(share / unigrams[word], 1e-9)) > least_gain:
                kept[word] = share
        bigrams[previous] = kept
        backoffs[previous] = max(1 - sum(kept.values()), 1e-6) / max(1 - sum(unigrams[word] for word in kept), 1e-6)
    return GeneralModel(unigrams, bigrams, backoffs)
