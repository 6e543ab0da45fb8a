"""The report of calls: golden figures, honest ranges, plots that can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import flags.rollout
import voice.fallback
from voice.dialog.effects import Outcome
from voice.reports import plots
from voice.reports.calls import MODES, PARTS, CallRow, Report, TurnRow, report_of
from voice.reports.live import LiveView, RolloutNow, live_lines
from voice.reports.page import page_context
from voice.reports.statistics import Share, Waits, waits_of
from voice.reports.summary import headline, saved_share, text_report
from voice.reports.wording import OUTCOMES, REASONS, percent_text, reason_text, seconds_text

SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)
FAST = TurnRow("streaming", (500, 200, 10, 20, 70))  # 800
SLOW = TurnRow("batch", (500, 1_400, 10, 20, 70))  # 2000


def row(**fields: Any) -> CallRow:
    defaults: dict[str, Any] = {
        "restaurant": "burger-lane",
        "started_at": SINCE,
        "hour": 12,
        "assigned_mode": "streaming",
        "mode": "streaming",
        "outcome": "completed",
    }
    return CallRow(**defaults | fields)


def report(*rows: CallRow) -> Report:
    return report_of(rows, since=SINCE, until=UNTIL)


def drawn(svg: str) -> ET.Element:
    """raises: ParseError unless it is well formed"""
    return ET.fromstring(svg)  # noqa: S314  # our own


def test_a_share_carries_wilsons_interval() -> None:
    share = Share(8, 10)
    assert share.rate == 0.8
    low, high = share.interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (
        0.4902,
        0.9433,
    )  # as statsmodels says
    assert Share(0, 0).rate is Share(0, 0).interval is None


@given(st.integers(0, 500).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_the_interval_holds_the_share_and_stays_within_zero_and_one(hits_of_count: tuple[int, int]) -> None:
    share = Share(*hits_of_count)
    if share.rate is None or share.interval is None:
        assert not share.count
        return
    low, high = share.interval
    assert 0 <= low <= share.rate + 1e-9
    assert share.rate - 1e-9 <= high <= 1


def test_percentiles_are_nearest_rank_and_left_out_where_there_are_too_few() -> None:
    waits = waits_of([*range(1, 101), None])
    assert (waits.count, waits.percentile(50), waits.percentile(95), waits.percentile(99)) == (100, 50, 95, 99)
    few = Waits((1, 2, 3))
    assert (few.percentile(50), few.percentile(95), few.max_ms) == (2, None, 3)
    assert Waits(()).percentile(50) is None


def test_a_fallback_counts_against_streaming_and_its_batch_turns_against_batch() -> None:
    fell = row(
        mode="batch", fallbacks=1, fallback_reason="overloaded", outcome="abandoned", turns=(FAST, SLOW), reconnects=2
    )
    found = report(fell, row(turns=(FAST,)), row(assigned_mode="batch", mode="batch", turns=(SLOW,)))
    assert list(found.modes) == list(MODES)
    streaming, batch = found.modes["streaming"], found.modes["batch"]
    assert (streaming.success.hits, streaming.success.count) == (1, 2)
    assert (streaming.fell_back.hits, batch.fell_back.hits) == (1, 0)
    assert (found.turns["streaming"].wait.count, found.turns["batch"].wait.count) == (2, 2)
    assert found.fallback_reasons == {"overloaded": 1}
    assert streaming.reconnects == 2
    assert saved_share(found) == pytest.approx(0.6)


def test_a_person_is_a_good_end_and_a_closed_restaurant_is_none_at_all() -> None:
    outcomes = ("completed", "completed_with_staff", "transferred", "abandoned", "rejected")
    figures = report(*(row(outcome=outcome) for outcome in outcomes)).total
    assert (figures.calls, figures.success.hits, figures.success.count) == (5, 3, 4)
    assert figures.outcomes == dict.fromkeys(outcomes, 1)


def test_the_means_of_the_parts_sum_to_the_mean_wait() -> None:
    turns = (FAST, TurnRow("streaming", (1, 2, 3, 4, 5)), TurnRow("streaming", (900, 0, 0, 7, 0)))
    figures = report(row(turns=turns)).turns["streaming"]
    assert sum(figures.mean_parts_ms) == pytest.approx(sum(turn.wait_ms for turn in turns) / 3)
    assert figures.slowest_parts_ms == (900, 0, 0, 7, 0)


def test_few_calls_are_said_to_be_few() -> None:
    assert report(row()).warnings == (
        "Only 1 streaming call: too few to judge, look at the interval.",
        "No batch calls: nothing to compare with.",
    )
    both = [row(assigned_mode=mode) for mode in MODES for _ in range(30)]
    assert report(*both).warnings == ()
    assert saved_share(report(row(turns=(FAST,)))) is None, "nothing to compare with"


def test_the_words_of_a_report() -> None:
    rows = [row(turns=(FAST,)), row(assigned_mode="batch", mode="batch", turns=(SLOW,), outcome="abandoned")]
    text = "\n".join(text_report(report(*rows)))
    assert headline(report(*rows)) == (
        "2 calls: 1 streaming and 1 batch. 50 % of 2 ended in an order or with a person. "
        "A streaming turn was answered 60 % sooner than one in batch (medians)."
    )
    assert "0.80 s (n = 1)" in text
    assert "needs 20, has 1" in text
    assert "left without an order 1" in text
    assert headline(report()) == "No calls ended in this time."
    assert len(list(text_report(report()))) == 4


def test_json_of_a_report_is_whole_also_without_calls() -> None:
    document = report(row(turns=(FAST,))).as_json()
    assert document["calls"] == 1
    assert document["turns"] == {
        "streaming": {
            "count": 1,
            "p50_ms": 800,
            "p95_ms": None,
            "p99_ms": None,
            "max_ms": 800,
            "mean_parts_ms": dict(zip(PARTS, FAST.parts_ms, strict=True)),
            "slowest_tenth_parts_ms": dict(zip(PARTS, FAST.parts_ms, strict=True)),
        }
    }
    assert report().as_json()["calls"] == 0


def test_every_plot_is_well_formed_and_says_its_values() -> None:
    rows = [
        row(restaurant="<b>&", turns=(FAST, SLOW), fallbacks=1, fallback_reason="<script>", mode="batch"),
        row(assigned_mode="batch", restaurant="a-restaurant-with-a-very-long-name"),
    ]
    figures: Any = page_context(report(*rows))["figures"]
    assert [figure.title for figure in figures] == [
        "Calls that were served",
        "How they ended",
        "How long customers waited for an answer",
        "Where the time goes",
        "Why calls left streaming",
        "By restaurant",
        "By hour",
    ]
    for figure in figures:
        root = drawn(figure.svg)
        assert root.get("aria-label")
        assert root.findall(".//title"), f"{figure.title} says no value"
    assert "<script>" not in "".join(figure.svg for figure in figures)


def test_without_calls_there_are_no_empty_plots() -> None:
    assert page_context(report())["figures"] == []
    assert page_context(report())["is_empty"] is True


def test_a_small_bar_never_leaves_its_frame() -> None:
    root = drawn(plots.latency_bar((4_000, 0, 10, 9_000, 1), scale_ms=5_000))
    widths = [float(mark.get("width", "")) for mark in root.findall("rect") if mark.get("class") != "track"]
    assert sum(widths) <= 160.01
    assert min(widths) >= 0
    assert "endpointing 4.0 s" in (root.findtext("title") or "")


@pytest.mark.parametrize(
    ("rate", "text"), [(None, "–"), (0.0, "0 %"), (1.0, "100 %"), (0.996, "99.6 %"), (0.004, "0.4 %"), (0.5, "50 %")]
)
def test_nearly_all_is_not_all(rate: float | None, text: str) -> None:
    assert percent_text(rate) == text


def test_durations_and_reasons_are_plain_words() -> None:
    assert [seconds_text(ms) for ms in (None, 80, 1_840, 12_400)] == ["–", "0.08 s", "1.8 s", "12 s"]
    assert reason_text("killed") == "streaming was stopped for everybody"
    assert reason_text("a_new_reason") == "a new reason"


def test_every_reason_there_is_has_its_words() -> None:
    for reason in (*flags.rollout.Reason, *voice.fallback.Reason):
        assert reason.value in REASONS, reason


def test_every_outcome_has_its_words() -> None:
    assert set(OUTCOMES) == {outcome.value for outcome in Outcome}


def test_what_goes_on_now_fits_a_terminal() -> None:
    found = report(row(turns=(FAST,), assigned_reason="percent"), row(fallbacks=1, fallback_reason="overloaded"))
    rollout = RolloutNow(percent=25.0, is_killed=False, kill_reason="", processes="2/2 processes at v4")
    view = LiveView(at=UNTIL, minutes=15, calls={"streaming": 3}, rollout=rollout, report=found)
    lines = list(live_lines(view))
    assert max(map(len, lines)) <= 100
    text = "\n".join(lines)
    assert "25 % of calls stream" in text
    assert "2/2 processes at v4" in text
    assert "     1  streaming: by the percentage of the rollout" in text
    assert "     1  the server had too much to do" in text
    killed = LiveView(
        at=UNTIL,
        minutes=15,
        calls={},
        rollout=RolloutNow(percent=25.0, is_killed=True, kill_reason="outage", processes=""),
        report=report(),
    )
    assert "STOPPED for everybody: outage" in "\n".join(live_lines(killed))
    assert view.as_json()["calls_now"] == {"streaming": 3, "batch": 0}
