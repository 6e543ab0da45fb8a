"""The language model as a recogniser reads it back from its ARPA file."""

from __future__ import annotations

import math

import pytest

from voice.engines.embedded.trigram import END, START, GeneralModel, NGrams, witten_bell, write_arpa

SENTENCES = [
    (tuple(text.split()), 1.0) for text in ("a large coke", "a large pizza", "a small coke", "no onions", "yes")
]
GENERAL = GeneralModel({"the": 0.5, "yes": 0.3, END: 0.2}, {"the": {"yes": 0.6}}, {"the": 0.4 / 0.7})


def read(model: NGrams) -> tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]:
    chances, backoffs = {}, {}
    for line in write_arpa(model):
        fields = line.split("\t")
        if len(fields) > 1:
            words = tuple(fields[1].split())
            chances[words] = 10 ** float(fields[0])
            backoffs[words] = 10 ** float(fields[2]) if len(fields) > 2 else 1.0
    return chances, backoffs


def chance(arpa: tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]], *words: str) -> float:
    """p(last | before), the way a decoder backs off."""
    chances, backoffs = arpa
    if words in chances or len(words) == 1:
        return chances.get(words, 0.0)
    return backoffs.get(words[:-1], 1.0) * chance(arpa, *words[1:])


@pytest.mark.parametrize("general", [None, GENERAL])
@pytest.mark.parametrize("context", [(), ("a",), (START,), ("a", "large"), (START, "no"), ("onions", "a"), ("the",)])
def test_after_every_context_the_chances_sum_to_one(general: GeneralModel | None, context: tuple[str, ...]) -> None:
    arpa = read(witten_bell(SENTENCES, words=["zucchini"], general=general))
    words = [entry[0] for entry in arpa[0] if len(entry) == 1 and entry != (START,)]
    assert math.isclose(sum(chance(arpa, *context, word) for word in words), 1.0, abs_tol=2e-3)


def test_what_was_seen_is_likelier_than_what_was_not() -> None:
    arpa = read(witten_bell(SENTENCES))
    assert chance(arpa, "a", "large", "coke") > 5 * chance(arpa, "a", "large", "onions")
    assert chance(arpa, "large", "coke") > chance(arpa, "large", "yes") > 0


def test_weights_count_like_repetitions() -> None:
    heavy = read(witten_bell([(("a",), 3.0), (("b",), 1.0)]))
    repeated = read(witten_bell([(("a",), 1.0)] * 3 + [(("b",), 1.0)]))
    assert heavy == repeated


def test_everyday_words_come_in_with_a_small_share() -> None:
    arpa = read(witten_bell(SENTENCES, general=GENERAL, general_weight=0.1))
    assert 0.05 < chance(arpa, "the") < 0.1
    assert chance(arpa, "the", "yes") > chance(arpa, "the", "coke")


def test_the_counts_in_the_header_are_those_of_the_body() -> None:
    lines = list(write_arpa(witten_bell(SENTENCES, general=GENERAL)))
    for order in (1, 2, 3):
        start = lines.index(f"\\{order}-grams:") + 1
        body = lines[start : lines.index("", start)]
        assert f"ngram {order}={len(body)}" in lines


def test_the_same_sentences_give_the_same_file() -> None:
    assert list(write_arpa(witten_bell(SENTENCES))) == list(write_arpa(witten_bell(list(reversed(SENTENCES)))))
