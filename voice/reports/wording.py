"""Modes, outcomes, reasons and durations as a manager reads them."""

from __future__ import annotations

from datetime import datetime

OUTCOMES = {
    "completed": "ordered",
    "completed_with_staff": "ordered with a person's help",
    "transferred": "handed to a person",
    "abandoned": "left without an order",
    "rejected": "restaurant closed",
}
END_REASONS = {
    "before_first_prompt": "left before anything was said to them",
    "client": "hung up",
    "placed": "order placed, nothing more was said",
    "idle": "nobody said anything for too long",
    "too_long": "reached the longest time a call may take",
    "connection_lost": "the connection broke and nobody came back",
    "lost": "its server went away and nobody came back",
    "internal error": "an error of ours",
}
# Reasons of flags.rollout, of voice.fallback and of this process; one that is not here is read as it is written.
REASONS = {
    "test": "a test asked for it",
    "disabled": "streaming is switched off by a setting",
    "missing": "there is no streaming flag",
    "stale": "the rollout tables could not be read for too long",
    "killed": "streaming was stopped for everybody",
    "provider_open": "the recogniser failed too often and was not asked",
    "restaurant_on": "this restaurant always streams",
    "restaurant_off": "this restaurant never streams",
    "everyone": "everybody streams",
    "no_percent": "the rollout has no percentage yet",
    "percent": "by the percentage of the rollout",
    "overloaded": "the server had too much to do",
    "engine_refused": "the recogniser did not open",
    "engine_slow": "somebody spoke and no words came in time",
    "engine_failed": "the recogniser broke off",
    "engine_garbage": "the recogniser sent nonsense",
    "engine_behind": "the recogniser could not keep up",
    "connection": "the customer's connection does not carry live audio",
    "no_socket": "the customer's browser got no live connection at all",
}


def outcome_text(outcome: str) -> str:
    return OUTCOMES.get(outcome, "still going on" if not outcome else _plain(outcome))


def end_reason_text(reason: str) -> str:
    return END_REASONS.get(reason, _plain(reason))


def reason_text(reason: str) -> str:
    return REASONS.get(reason, _plain(reason)) if reason else "not recorded"


def seconds_text(ms: float | None) -> str:
    """ "0.42 s", "1.8 s", "12 s"; a dash for what is not known."""
    if ms is None:
        return "–"
    seconds = ms / 1000
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def percent_text(rate: float | None) -> str:
    """Never "100 %" of what was not all of them."""
    if rate is None:
        return "–"
    if 0.0005 <= rate < 0.01 or 0.99 < rate < 0.9995:
        return f"{rate * 100:.1f} %"
    return f"{rate * 100:.0f} %"


def day_text(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M}"


def _plain(code: str) -> str:
    return code.replace("_", " ")
