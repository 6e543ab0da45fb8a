"""A small trigram language model: Witten-Bell over weighted sentences, mixed with a general part, as ARPA.

Witten & Bell 1991, interpolated as in Chen & Goodman 1998, section 2.6:
p(w|h) = (c(hw) + T(h) p(w|h')) / (c(h) + T(h)), T(h) being the number of different words seen after h.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

START: Final = "<s>"
END: Final = "</s>"
_NEVER: Final = -99.0
_TINY: Final = 1e-9

Context = tuple[str, ...]
Distribution = dict[str, float]
NGrams = list[dict[Context, Distribution]]
"""By order: context → word → probability. A word not listed under a context backs off to the shorter one."""


@dataclass(frozen=True, slots=True)
class GeneralModel:
    """Everyday language as a backoff bigram: p(word), p(word | previous) where kept, else backoff × p(word)."""

    unigrams: Mapping[str, float] = field(default_factory=dict)
    bigrams: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    backoffs: Mapping[str, float] = field(default_factory=dict)

    def probability(self, context: Context, word: str) -> float:
        unigram = self.unigrams.get(word, 0.0)
        kept = self.bigrams.get(context[-1]) if context else None
        if kept is None:
            return unigram
        return kept.get(word) or self.backoffs[context[-1]] * unigram


def witten_bell(
    sentences: Iterable[tuple[Context, float]],
    *,
    words: Iterable[str] = (),
    general: GeneralModel | None = None,
    general_weight: float = 0.1,
) -> NGrams:
    """A trigram of the sentences, each (words without sentence marks, weight), mixed with the general model.

    `words` get a probability even if no sentence has them.
    """
    general = general or GeneralModel()
    share = general_weight if general.unigrams else 0.0
    counts = _count(sentences)
    vocabulary = sorted({*counts[0][()], *words, *(general.unigrams if share else ()), END})
    plain: NGrams = [{(): dict.fromkeys(vocabulary, 1.0 / len(vocabulary))}]
    mixed: NGrams = []
    for order in range(3):
        plain.append({})
        mixed.append({})
        for context, following in counts[order].items():
            shorter = plain[order][context[1:]]
            listed: Iterable[str] = vocabulary if order == 0 else following
            plain[-1][context] = _interpolated(following, shorter, listed)
            if share and order == 1:
                listed = sorted({*following, *general.bigrams.get(context[0], ())})
            mixed[-1][context] = {
                word: (1 - share) * _look_up(plain, context, word, counts) + share * general.probability(context, word)
                for word in listed
            }
    if share:
        for previous, kept in general.bigrams.items():
            if (previous,) not in mixed[1]:
                unseen = {word: (1 - share) * plain[1][()][word] + share * chance for word, chance in kept.items()}
                mixed[1][(previous,)] = unseen
    return mixed


def write_arpa(model: NGrams) -> Iterator[str]:
    """The lines of an ARPA file, sorted, so that the same model is the same bytes."""
    yield "\\data\\"
    # the sentence start is only ever a context, but must be listed as a unigram
    yield f"ngram 1={len(model[0][()]) + 1}"
    yield f"ngram 2={sum(map(len, model[1].values()))}"
    yield f"ngram 3={sum(map(len, model[2].values()))}"
    for order, grams in enumerate(model):
        yield ""
        yield f"\\{order + 1}-grams:"
        if order == 0:
            yield f"{_NEVER:.4f}\t{START}\t{_log_backoff(model, (START,)):.4f}"
        for context in sorted(grams):
            for word, chance in sorted(grams[context].items()):
                entry = (*context, word)
                line = f"{math.log10(max(chance, _TINY)):.4f}\t{' '.join(entry)}"
                yield line if order == 2 else f"{line}\t{_log_backoff(model, entry):.4f}"
    yield ""
    yield "\\end\\"


def _count(sentences: Iterable[tuple[Context, float]]) -> NGrams:
    counts: NGrams = [{}, {}, {}]
    for words, weight in sentences:
        padded = (START, *words, END)
        for end in range(1, len(padded)):
            for order in range(min(3, end + 1)):
                following = counts[order].setdefault(padded[end - order : end], {})
                following[padded[end]] = following.get(padded[end], 0.0) + weight
    return counts


def _interpolated(following: Distribution, shorter: Distribution, listed: Iterable[str]) -> Distribution:
    kinds = len(following)
    total = sum(following.values()) + kinds
    return {word: (following.get(word, 0.0) + kinds * shorter[word]) / total for word in listed}


def _look_up(plain: NGrams, context: Context, word: str, counts: NGrams) -> float:
    """The unmixed p(word | context), whether listed or not."""
    order = len(context)
    known = plain[order + 1][context].get(word)
    if known is not None:
        return known
    following = counts[order][context]
    kinds = len(following)
    return kinds * _look_up(plain, context[1:], word, counts) / (sum(following.values()) + kinds)


def _log_backoff(model: NGrams, context: Context) -> float:
    """The weight that gives the words not listed under the context what the listed ones leave over."""
    listed = model[len(context)].get(context)
    if listed is None:
        return 0.0
    shorter = model[len(context) - 1][context[1:]]
    left = 1.0 - sum(listed.values())
    left_shorter = 1.0 - sum(_backed_off(model, context[1:], word, shorter) for word in listed)
    return math.log10(max(left, _TINY) / max(left_shorter, _TINY))


def _backed_off(model: NGrams, context: Context, word: str, listed: Distribution) -> float:
    chance = listed.get(word)
    if chance is not None or not context:
        return chance or 0.0
    return 10 ** _log_backoff(model, context) * model[0][()].get(word, 0.0)
