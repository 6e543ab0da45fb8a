"""Decisions and processes in words, for the people who ask why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flags.rollout import FlagState, Reason

WHY = {
    Reason.TEST: "A test asked for it.",
    Reason.DISABLED: "Streaming is switched off where this server was started (ENABLE_REALTIME_STREAMING).",
    Reason.MISSING: "The flag did not exist.",
    Reason.STALE: "The server had not heard from the database for a minute or more.",
    Reason.KILLED: "Streaming was killed.",
    Reason.PROVIDER_OPEN: "The speech provider was failing.",
    Reason.OVERLOADED: "The server had too much to do for one more call that streams.",
    Reason.NO_SOCKET: "The client had no socket to stream over.",
    Reason.RESTAURANT_ON: "The restaurant always streams, for now.",
    Reason.RESTAURANT_OFF: "The restaurant never streams, for now.",
    Reason.EVERYONE: "Streaming was on for everyone.",
    Reason.NO_PERCENT: "No percentage was set.",
}


def why(reason: Reason, bucket: float, threshold: float) -> str:
    """One sentence. For a percentage: the call's bucket beside the threshold it had to stay under."""
    if reason is not Reason.PERCENT:
        return WHY[reason]
    relation = "<" if bucket < threshold else "≥"
    return f"By percentage: {bucket:.4f} {relation} {threshold:.4f}."


def state_text(flag: FlagState) -> str:
    """What the flag says for everybody; restaurants may have rules of their own."""
    if flag.is_killed:
        return f"killed ({flag.kill_mode}): {flag.kill_reason or 'no reason given'}"
    if flag.everyone:
        return "on for everyone"
    return "off: no percentage" if flag.percent is None else f"{flag.percent.normalize():f} % of calls"


def processes_text(version: int, known: Sequence[tuple[int, float | None]]) -> str:
    """`known`: each process's version and its age in seconds (None: it never read the tables)."""
    if not known:
        return f"No process has reported; the tables are at v{version}."
    current = sum(one == version and age_s is not None for one, age_s in known)
    oldest_s = max((age_s for _, age_s in known if age_s is not None), default=0.0)
    return f"{current}/{len(known)} processes at v{version}, heard from within {oldest_s:.0f} s"


def change_text(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """What differs, "percent: 100 → 25"; versions grow with every change and say nothing."""
    names = [name for name in {**before, **after} if name != "version" and before.get(name) != after.get(name)]
    return "; ".join(f"{name}: {_value(before.get(name))} → {_value(after.get(name))}" for name in names) or "–"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "–" if value is None else str(value)
