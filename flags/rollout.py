"""Who streams, as a pure function: a subject keeps its bucket for ever, so raising a percentage only adds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256


class Reason(StrEnum):
    MISSING = "missing"  # no such flag: off
    KILLED = "killed"  # off for everyone, above anything else
    EVERYONE = "everyone"
    NO_PERCENT = "no_percent"  # neither on nor off for everyone and no percentage: off
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class FlagState:
    """A flag as `decide` needs it. `percent` is 0 to 100; `everyone` None leaves it to the percentage."""

    salt: str
    everyone: bool | None = None
    percent: Decimal | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """`is_eligible`: chance decided, so the call may be compared with others; forced ones only count."""

    is_on: bool
    reason: Reason
    bucket: float = 0.0
    threshold: float = 0.0
    version: int = 0
    is_eligible: bool = False


def bucket(salt: str, subject: str) -> float:
    """Where a subject stands in [0, 1): SHA-256 of "salt:subject", its first 8 bytes as a fraction."""
    return int.from_bytes(sha256(f"{salt}:{subject}".encode()).digest()[:8], "big") / 2**64


def decide(flag: FlagState | None, *, subject: str) -> Decision:
    """Whether the flag is on for `subject` (a session id), and why."""
    if flag is None:
        return Decision(False, Reason.MISSING)
    place = bucket(flag.salt, subject)
    if flag.everyone is False:
        return Decision(False, Reason.KILLED, place, 0.0, flag.version)
    if flag.everyone is True:
        return Decision(True, Reason.EVERYONE, place, 1.0, flag.version)
    if flag.percent is None:
        return Decision(False, Reason.NO_PERCENT, place, 0.0, flag.version)
    threshold = float(flag.percent / 100)
    return Decision(place < threshold, Reason.PERCENT, place, threshold, flag.version, 0.0 < threshold < 1.0)
