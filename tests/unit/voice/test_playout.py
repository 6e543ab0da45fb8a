"""Where the listener is: estimated from reports and the clock, and never ahead of the truth for long."""

from __future__ import annotations

from voice.playout import ACK_CREDIT_MS, MAX_LEAD_MS, PlayoutClock


def test_without_reports_playing_goes_by_the_clock() -> None:
    clock = PlayoutClock()
    clock.sent(400, now=1_000)
    assert clock.played_ms(1_000) == 0
    assert clock.played_ms(1_150) == 150
    assert clock.played_ms(9_000) == 400, "nobody plays what was not sent"


def test_a_report_is_the_truth_from_then_on() -> None:
    clock = PlayoutClock()
    clock.sent(400, now=0)
    clock.reported(40, now=200)
    assert clock.played_ms(260) == 100
    clock.reported(9_999, now=300)
    assert clock.played_ms(300) == 400


def test_a_stalled_listener_is_credited_for_so_long_only() -> None:
    clock = PlayoutClock()
    clock.sent(5_000, now=0)
    clock.reported(100, now=100)
    assert clock.played_ms(60_000) == 100 + ACK_CREDIT_MS


def test_a_pause_stands_still() -> None:
    clock = PlayoutClock()
    clock.sent(1_000, now=0)
    clock.pause(now=300)
    assert clock.played_ms(5_000) == 300
    assert clock.wait_ms(40, now=5_000) is None
    clock.resume(now=5_000)
    assert clock.played_ms(5_100) == 400


def test_more_may_be_sent_as_soon_as_the_lead_allows() -> None:
    clock = PlayoutClock()
    assert clock.wait_ms(40, now=0) == 0
    clock.sent(MAX_LEAD_MS, now=0)
    assert clock.wait_ms(40, now=0) == 40
    assert clock.wait_ms(40, now=40) == 0
    clock.reported(0, now=40)
    assert clock.wait_ms(40, now=40) == 40


def test_after_running_dry_playing_starts_with_what_comes_next() -> None:
    clock = PlayoutClock()
    clock.sent(100, now=0)
    clock.sent(100, now=1_000)
    assert clock.played_ms(1_000) == 100
    assert clock.played_ms(1_050) == 150
