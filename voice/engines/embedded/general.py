"""A little everyday English out of the wheel's own language model, so that small talk does not become an order."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

import msgspec

from voice.engines.embedded.trigram import END, START, GeneralModel
from voice.engines.embedded.wheel import dictionary, general_language_model, wheel_version

WORDS: Final = 2_000
_FOLLOWERS: Final = 500  # only pairs that end in one of the likeliest words are asked for
_LOG_BASE: Final = 1.0001
# a pair is kept if knowing the first word helps with the second, weighted by how often it occurs at all
_LEAST_GAIN: Final = 2e-6
_FORMAT: Final = 3


def general_model(cache_dir: Path) -> GeneralModel:
    """Read from the cache, or made once a machine: ~2 s of CPU."""
    path = cache_dir / f"general-{wheel_version()}-{WORDS}-{_FORMAT}.msgpack"
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=GeneralModel)
    except (OSError, msgspec.DecodeError):
        made = make_general_model()
    cache_dir.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(msgspec.msgpack.encode(made))
    temporary.replace(path)
    return made


def make_general_model(
    words: int = WORDS, followers: int = _FOLLOWERS, least_gain: float = _LEAST_GAIN
) -> GeneralModel:
    """Asks the wheel's trigram for its likeliest words and for pairs of them."""
    from pocketsphinx import Config, LogMath, NGramModel

    model = NGramModel(Config(loglevel="FATAL"), LogMath(_LOG_BASE), str(general_language_model()))
    natural = math.log(_LOG_BASE)

    def chance(*newest_first: str) -> float:
        return math.exp(float(model.prob(list(newest_first))) * natural)

    candidates = (word for word in dictionary() if word.replace("'", "").isalpha() and (len(word) > 1 or word in "ai"))
    ranked = sorted(((chance(word), word) for word in candidates), reverse=True)[:words]
    total = sum(share for share, _ in ranked) + chance(END)
    unigrams = {word: share / total for share, word in ranked} | {END: chance(END) / total}
    common = [word for _, word in ranked[:followers]] + [END]
    bigrams: dict[str, dict[str, float]] = {}
    backoffs: dict[str, float] = {}
    for previous in (START, *(word for _, word in ranked)):
        often = unigrams.get(previous, unigrams[END])
        kept = {}
        for word in common:
            after = chance(word, previous)
            if after > unigrams[word] and often * after * math.log(after / unigrams[word]) > _LEAST_GAIN:
                kept[word] = after
        scale = min(1.0, 0.9 / max(sum(kept.values()), 1e-9))  # the pairs kept leave something to the others
        bigrams[previous] = {word: after * scale for word, after in kept.items()}
        left = 1.0 - sum(bigrams[previous].values())
        backoffs[previous] = left / max(1.0 - sum(unigrams[word] for word in kept), 1e-6)
    return GeneralModel(unigrams, bigrams, backoffs)
