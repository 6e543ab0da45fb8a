"""How words sound."""

from __future__ import annotations

import pytest

from restaurants.menu import Pronunciation
from voice.engines.embedded.lexicon import MOST_VARIANTS, Lexicon, dictionary_lines, food_words
from voice.engines.embedded.respelling import read_respelling
from voice.engines.embedded.spanish_sounds import looks_spanish, read_as_spanish
from voice.engines.embedded.spelling_sounds import SpellingSounds, train
from voice.engines.embedded.wheel import dictionary, dictionary_entries


@pytest.fixture(scope="module")
def sounds() -> SpellingSounds:
    """Trained on a tenth of the dictionary: enough to read ordinary spelling."""
    return train(list(dictionary_entries())[::10])


@pytest.fixture(scope="module")
def lexicon(sounds: SpellingSounds) -> Lexicon:
    own = (
        Pronunciation("horchata", "or chah ta"),
        Pronunciation("xyzzy wings", "zizzy wings"),
        Pronunciation("coke", "x", "es"),
    )
    return Lexicon(own, sounds=lambda: sounds)


def variants(lexicon: Lexicon, word: str) -> list[str]:
    return [" ".join(phones) for phones in lexicon.phones(word)]


def test_the_restaurant_knows_best(lexicon: Lexicon) -> None:
    assert variants(lexicon, "horchata")[0] == "AO R CH AA T AA"


def test_sounds_like_goes_word_by_word_where_it_can(lexicon: Lexicon) -> None:
    assert variants(lexicon, "xyzzy")[0].startswith("Z IH Z")
    assert variants(lexicon, "wings") == ["W IH NG Z"]


def test_another_language_s_pronunciation_is_not_ours(lexicon: Lexicon) -> None:
    assert variants(lexicon, "coke") == ["K OW K"]


@pytest.mark.parametrize(
    ("word", "sound"),
    [("quesadillas", "K EY S AH D IY AH Z"), ("blts", "B IY EH L T IY Z"), ("rootbeer", "R UW T B IH R"),
     ("jalapenos", "HH AE L AH P IY N Y OW Z"), ("cheesesteak", "CH IY Z S T EY K"), ("chef's", "SH EH F S")],
)  # fmt: skip
def test_food_words_plurals_and_compounds(lexicon: Lexicon, word: str, sound: str) -> None:
    assert sound in variants(lexicon, word)


def test_unknown_words_are_guessed_several_ways(lexicon: Lexicon) -> None:
    assert 1 < len(variants(lexicon, "zuppardi")) <= MOST_VARIANTS


@pytest.mark.parametrize("word", ["qqqqqqqqqqqq", "x" * 500, "'"])
def test_no_word_is_left_without_a_sound(lexicon: Lexicon, word: str) -> None:
    assert all(lexicon.phones(word))
    assert lexicon.phones(word)


def test_letter_words_are_spelled(lexicon: Lexicon) -> None:
    assert variants(lexicon, "bxt") == ["B IY EH K S T IY"]


def test_spanish_menus_may_be_read_as_spanish(sounds: SpellingSounds) -> None:
    both = Lexicon(sounds=lambda: sounds, foreign_words={"naranja"})
    assert "N AA R AA NG HH AH" in variants(both, "naranja")


@pytest.mark.parametrize(
    ("word", "sound"),
    [("quesadilla", "K EY S AA D IY Y AH"), ("huevos", "W EY V OW S"), ("jamaica", "HH AA M AY K AH")],
)
def test_spanish_is_read_by_rule(word: str, sound: str) -> None:
    assert looks_spanish(word)
    assert " ".join(read_as_spanish(word)) == sound


@pytest.mark.parametrize("word", ["cheeseburger", "wings", "duck", "shake", "coffee"])
def test_english_does_not_look_spanish(word: str) -> None:
    assert not looks_spanish(word)


@pytest.mark.parametrize(
    ("piece", "sound"), [("chah", "CH AA"), ("kay", "K EY"), ("heer", "HH IH R"), ("guh", "G AH"), ("toe", "T OW")]
)
def test_respelling(piece: str, sound: str) -> None:
    assert " ".join(read_respelling(piece)) == sound


def test_the_spelling_model_reads_new_words(sounds: SpellingSounds) -> None:
    assert ("B", "L", "AE", "N", "T") in sounds.guess("blant", 3)
    assert sounds.guess("123") == ()


def test_food_words_use_the_acoustic_model_s_phones() -> None:
    known = {phone for variants in dictionary().values() for phones in variants for phone in phones}
    used = {phone for variants in food_words().values() for phones in variants for phone in phones}
    assert used <= known
    assert all(phones for variants in food_words().values() for phones in variants)


def test_dictionary_lines_number_the_variants() -> None:
    lines = list(dictionary_lines({"b": (("B", "IY"),), "a": (("AH",), ("EY",))}))
    assert lines == ["a AH", "a(2) EY", "b B IY"]
