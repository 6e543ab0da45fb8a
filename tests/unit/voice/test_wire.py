"""The incoming side of a socket: every bad input has its own error, floods are ignored, frames are taken once."""

from __future__ import annotations

import pytest

from tests.bad_messages import BAD_FRAMES, BAD_TEXT, SILENCE
from voice.audio_ledger import MARK_EVERY_MS, AudioLedger
from voice.errors import ERRORS
from voice.protocol import CALLER_HEADER, CALLER_RATES_HZ, AudioIn, Failure, Ping, SessionStart
from voice.wire import FRAMES_BURST, MESSAGES_BURST, STRIKES_BURST, Frame, Wire, check_audio

OTHERS = ("bad_sample_rate", "bad_encoding", "already_started")  # need more than the decoder to be seen


def make_wire(ledger: AudioLedger | None = None) -> Wire:
    wire = Wire(ledger or AudioLedger())
    wire.announce(AudioIn(sample_rate_hz=16_000))
    return wire


def frame(seq: int) -> bytes:
    return CALLER_HEADER.pack(1, 0, 0, seq) + SILENCE


@pytest.mark.parametrize(("text", "code", "field"), [row for row in BAD_TEXT if row[1] not in OTHERS])
def test_bad_text_has_its_own_error(text: str, code: str, field: str) -> None:
    problem = make_wire().text(text, 0.0)
    assert isinstance(problem, Failure)
    assert (problem.code, problem.field, problem.fatal) == (code, field, False)
    assert len(problem.text) <= 200


@pytest.mark.parametrize(("data", "code", "limit"), [(b"", "not_audio", "1"), *BAD_FRAMES])
def test_a_bad_frame_has_its_own_error(data: bytes, code: str, limit: str) -> None:
    ledger = AudioLedger()
    problem = make_wire(ledger).binary(data, 0.0)
    assert isinstance(problem, Failure)
    assert (problem.code, problem.limit, problem.fatal) == (code, limit, False)
    assert ledger.next_seq == 0


def test_a_frame_gives_its_audio_once() -> None:
    wire = make_wire()
    assert wire.binary(frame(0), 0.0) == Frame(0, SILENCE)
    assert wire.binary(frame(0), 0.0) is None
    assert wire.binary(frame(3), 0.0) == Frame(3, SILENCE, missing=2)


@pytest.mark.parametrize("rate_hz", CALLER_RATES_HZ)
def test_every_documented_rate_is_taken(rate_hz: int) -> None:
    assert check_audio(AudioIn(sample_rate_hz=rate_hz)) is None


@pytest.mark.parametrize("rate_hz", [0, -1, 7_999, 11_025, 96_000])
def test_other_rates_are_not(rate_hz: int) -> None:
    problem = check_audio(AudioIn(sample_rate_hz=rate_hz))
    assert problem is not None
    assert problem.code == "bad_sample_rate"


def test_a_flood_is_ignored_told_once_a_second_and_ended_when_it_goes_on() -> None:
    wire = make_wire()
    answers = [wire.text('{"type": "ping"}', 0.0) for _ in range(MESSAGES_BURST + 2_000)]
    assert all(isinstance(answer, Ping) for answer in answers[:MESSAGES_BURST])
    told = [answer for answer in answers[MESSAGES_BURST:] if answer is not None]
    assert isinstance(told[0], Failure)
    assert (told[0].code, told[0].fatal) == ("rate_limited", False)
    assert {answer.code for answer in told[1:]} == {"too_many_messages"}
    assert told[1].fatal


def test_a_steady_stream_of_frames_is_no_flood() -> None:
    wire = make_wire()
    for number in range(60 * 100):  # a minute of 10 ms frames
        assert isinstance(wire.binary(frame(number), number / 100), Frame)


def test_thirty_seconds_kept_by_a_page_may_come_at_once() -> None:
    wire = make_wire()
    assert all(isinstance(wire.binary(frame(number), 0.0), Frame) for number in range(30 * 100))
    assert FRAMES_BURST >= 30 * 100


def test_nonsense_ends_the_session_only_when_there_is_nothing_else() -> None:
    wire = make_wire()
    codes = [problem.code for _ in range(STRIKES_BURST + 1) if isinstance(problem := wire.text("{", 0.0), Failure)]
    assert codes == ["bad_json"] * STRIKES_BURST + ["too_many_errors"]
    assert ERRORS["too_many_errors"].close == 4400
    patient = make_wire()
    for minute in range(100):
        assert patient.text("{", minute * 60.0).code == "bad_json"  # type: ignore[union-attr]


def test_a_start_message_reads_with_its_defaults() -> None:
    assert make_wire().text('{"type": "session.start", "token": "t"}', 0.0) == SessionStart(token="t")


def test_the_ledger_says_from_which_frame_audio_may_still_be_needed() -> None:
    ledger = AudioLedger()
    for number in range(100):
        ledger.accept(number)
        ledger.mark((number + 1) * 20.0)
    assert ledger.safe_seq(0.0) == 0
    assert 50 - MARK_EVERY_MS // 20 < ledger.safe_seq(1_000.0) <= 50
    assert 59 - MARK_EVERY_MS // 20 <= ledger.safe_seq(1_190.0) <= 59, "known to a mark, and never too late"
    assert ledger.safe_seq(900.0) >= 50, "what was given up stays given up"


def test_after_a_rewind_the_same_frames_are_taken_again() -> None:
    ledger = AudioLedger()
    for number in range(100):
        ledger.accept(number)
        ledger.mark((number + 1) * 20.0)
    first = ledger.safe_seq(1_000.0)
    ledger.rewind(first)
    assert ledger.next_seq == first
    assert ledger.accept(first - 1) is None
    assert ledger.accept(first) == 0
    assert (ledger.replayed, ledger.missing) == (1, 0)
