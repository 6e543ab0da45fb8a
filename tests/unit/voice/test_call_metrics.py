"""Figures of calls: right within a few percent, mergeable, and the same after storing."""

from __future__ import annotations

import random

import pytest

from voice.call_metrics import CallMetrics, LatencyHistogram, histogram_from_json


def test_percentiles_are_right_within_a_few_percent() -> None:
    values = [random.Random(seed).lognormvariate(2, 1.5) for seed in range(5_000)]
    histogram = LatencyHistogram()
    for value in values:
        histogram.add(value)
    ranked = sorted(values)
    for percent in (50, 95, 99):
        exact = ranked[round(len(ranked) * percent / 100) - 1]
        assert histogram.percentile(percent) == pytest.approx(exact, rel=0.06)
    assert histogram.max_ms == max(values)


def test_an_empty_one_has_no_percentiles() -> None:
    assert LatencyHistogram().percentile(50) is None


def test_merged_ones_are_as_if_measured_together_also_after_storing() -> None:
    one, other, both = LatencyHistogram(), LatencyHistogram(), LatencyHistogram()
    for value in (0.0, 0.5, 3.0, 40.0):
        one.add(value)
        both.add(value)
    for value in (1.0, 400.0):
        other.add(value)
        both.add(value)
    stored = histogram_from_json(one.as_json())
    stored.merge(histogram_from_json(other.as_json()))
    assert stored.as_json() == both.as_json()


def test_a_summary_holds_what_happened_and_nothing_else() -> None:
    metrics = CallMetrics()
    metrics.add("handle", 0.05)
    metrics.count("frames", 3)
    metrics.depth("events", 4)
    metrics.depth("events", 2)
    summary = metrics.summary().as_json()
    assert set(summary) == {"handle", "counters", "high_water"}
    assert summary["counters"] == {"frames": 3}
    assert summary["high_water"] == {"events": 4}
