"""Long recordings are cut where nobody speaks, and their words come together again in order."""

from __future__ import annotations

import numpy as np

from tests.encoded_audio import tone
from voice.audio.formats import Samples
from voice.audio.speech import energy_probability
from voice.batch.decode import RATE_HZ
from voice.batch.pieces import PIECE_S, cut, join
from voice.dialog.events import Hypothesis


def voice(seconds: float) -> Samples:
    return tone(seconds, sample_rate_hz=RATE_HZ)


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), dtype=np.float32)


def pieces_of(*parts: Samples) -> list[Samples]:
    return cut(np.concatenate(parts), energy_probability())


def seconds_of_voice(piece: Samples) -> float:
    return float((np.abs(piece) > 0.01).sum() / RATE_HZ)


def test_a_short_recording_is_its_own_piece() -> None:
    [piece] = pieces_of(quiet(1), voice(2), quiet(1))
    assert piece.size == 4 * RATE_HZ


def test_silence_is_where_it_is_cut_and_is_left_out() -> None:
    pieces = pieces_of(quiet(2), voice(3), quiet(20), voice(5), quiet(30), voice(2), quiet(5))
    assert [round(seconds_of_voice(piece)) for piece in pieces] == [3, 5, 2]
    assert sum(piece.size for piece in pieces) < 14 * RATE_HZ


def test_neighbours_share_a_piece_as_long_as_they_fit() -> None:
    pieces = pieces_of(*[part for _ in range(6) for part in (voice(2), quiet(1))])
    assert [round(seconds_of_voice(piece)) for piece in pieces] == [4, 4, 4]
    assert all(piece.size <= PIECE_S * RATE_HZ for piece in pieces)


def test_a_voice_without_a_pause_is_cut_where_it_is_quietest() -> None:
    soft = voice(0.1) * np.float32(0.05)
    spoken = (voice(6.5), soft, voice(6.0), soft, voice(3.0))
    pieces = pieces_of(*spoken)
    assert all(piece.size <= PIECE_S * RATE_HZ for piece in pieces)
    assert abs(pieces[0].size / RATE_HZ - 6.55) < 0.1
    assert sum(piece.size for piece in pieces) == sum(part.size for part in spoken)


def test_a_long_silence_holds_nothing() -> None:
    assert pieces_of(quiet(60)) == []


def test_words_of_pieces_come_together_best_first() -> None:
    first = [Hypothesis("two tacos", -10.0, 0.9), Hypothesis("two taco", -12.0, 0.4)]
    second = [Hypothesis("and a coke", -5.0, None), Hypothesis("and coke", -6.0, None)]
    joined = join([first, [], second, [Hypothesis("  ", -1.0)]])
    assert [one.text for one in joined] == [
        "two tacos and a coke",
        "two tacos and coke",
        "two taco and a coke",
        "two taco and coke",
    ]
    assert (joined[0].score, joined[0].confidence) == (-15.0, 0.9)
    assert join([]) == ()
    assert len(join([[Hypothesis(str(n), -float(n)) for n in range(9)]])) == 5
