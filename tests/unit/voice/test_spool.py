"""Audio that somebody may still want, the doubt whether a voice was missed, and the stages of a recording's turn."""

from __future__ import annotations

import pytest

from tests.unit.voice.batch_parts import SILENCE, TONE
from voice.protocol import Caption, SpeechEnd, SpeechStart, StateIs
from voice.spool import Spool
from voice.turn_stages import TurnStages
from voice.unheard import UnheardVoice


def samples(first: int, count: int) -> bytes:
    return b"".join((number % 30_000).to_bytes(2, "little") for number in range(first, first + count))


def spool(**parts: float) -> Spool:
    one = Spool(sample_rate_hz=8_000, began_ms=1_000.0, **parts)
    for first in range(0, 8_000, 160):
        one.push(samples(first, 160))
    return one


def test_any_part_comes_back_as_it_was() -> None:
    one = spool()
    assert (one.began_ms, one.ended_ms) == (1_000, 2_000)
    assert one.between(1_000) == samples(0, 8_000)
    assert one.between(1_500.0, 1_600.0) == samples(4_000, 800)
    assert one.between(0.0, 900.0) == b""
    assert one.between(1_995.07) == samples(7_960, 40), "whole samples"


def test_what_nobody_needs_goes_and_positions_stay() -> None:
    one = spool()
    one.forget_before(1_505.0)
    assert one.began_ms == 1_500
    assert one.between(1_600.0) == samples(4_800, 3_200)
    assert one.lost_bytes == 0


def test_it_is_bounded_and_says_what_gave_way() -> None:
    one = spool(max_ms=250.0)
    assert one.ended_ms - one.began_ms <= 250
    assert one.lost_bytes == 8_000 * 2 - 240 * 16
    assert one.between(0.0)[-2:] == samples(7_999, 1)


def doubt(frames: list[bytes], *, after_ms: float = 2_000) -> float | None:
    """When it is suspicious, in ms; None: never."""
    watch, at_ms = UnheardVoice(after_ms=after_ms), 0.0
    for pcm in frames:
        at_ms += 20
        if watch.push(pcm, at_ms):
            return at_ms
    return None


def test_a_voice_that_nobody_notices_is_doubtful_and_a_slammed_door_is_not() -> None:
    assert doubt([SILENCE] * 50 + [TONE] * 50 + [SILENCE] * 200) == pytest.approx(3_100, abs=150)
    assert doubt([SILENCE] * 50 + ([TONE] * 5 + [SILENCE] * 150) * 5) is None
    assert doubt([SILENCE] * 500) is None


def test_a_recogniser_that_speaks_is_not_doubted() -> None:
    watch = UnheardVoice(after_ms=1_000)
    for number in range(200):
        assert not watch.push(TONE, number * 20.0)
        if number % 25 == 0:
            watch.forget()


def test_a_turn_is_told_stage_by_stage_each_once() -> None:
    stages = TurnStages()
    told = stages.heard(["a"])
    for message in (
        StateIs(state="thinking"),
        Caption(speaker="customer", turn=1, text="a coke", final=False),
        Caption(speaker="customer", turn=1, text="a coke", final=True),
        SpeechStart(response=2, text="One Coke."),
        Caption(speaker="assistant", turn=2, text="One Coke.", final=True),
        SpeechEnd(response=2, total_ms=900),
        StateIs(state="listening"),
    ):
        told += stages.wrote(message)
    assert [stage for _, stage in told] == ["understanding", "basket", "speaking", "done"]
    assert not stages.heard(["a"])
    assert not len(stages)


def test_halves_of_a_sentence_go_on_together_and_the_end_of_the_call_ends_them() -> None:
    stages = TurnStages()
    stages.heard(["a", "b"])
    assert stages.wrote(Caption(speaker="customer", turn=1, text="x", final=True)) == [("a", "basket"), ("b", "basket")]
    assert stages.wrote(StateIs(state="listening")) == [
        ("a", "speaking"),
        ("a", "done"),
        ("b", "speaking"),
        ("b", "done"),
    ]
    stages.heard(["c"])
    assert stages.end()[-1] == ("c", "done")
