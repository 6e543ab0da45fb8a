"""Who streams, as a pure function: a subject keeps its bucket for ever, so raising a percentage only adds.

A `Snapshot` is what one process knows of the rollout tables. It never changes; a newer one takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

STALE_AFTER_S = 60.0


class Reason(StrEnum):
    """Why a call streams or does not: closed, a metric label, and shown to people. In the order they are asked."""

    TEST = "test"  # a test said so
    DISABLED = "disabled"  # switched off where this process was started
    MISSING = "missing"  # no such flag: off
    STALE = "stale"  # too old to go by a percentage, or nothing was ever read: off
    KILLED = "killed"  # off for everyone, whatever else is set
    PROVIDER_OPEN = "provider_open"  # the provider's circuit breaker is open: off
    OVERLOADED = "overloaded"  # the process that opens the call has too much to do: off
    NO_SOCKET = "no_socket"  # the client only asks over HTTP, and could not stream: off
    RESTAURANT_ON = "restaurant_on"
    RESTAURANT_OFF = "restaurant_off"
    EVERYONE = "everyone"
    NO_PERCENT = "no_percent"  # neither on nor off for everyone and no percentage: off
    PERCENT = "percent"


class KillMode(StrEnum):
    DRAIN = "drain"  # live calls leave streaming when the utterance being spoken has ended
    HARD = "hard"  # at once


def _threshold(percent: Decimal | None) -> float | None:
    return None if percent is None else float(percent / 100)


@dataclass(frozen=True, slots=True)
class FlagState:
    """A flag as `decide` needs it. `percent` is 0 to 100; `everyone` None leaves it to the percentage, False kills."""

    salt: str
    everyone: bool | None = None
    percent: Decimal | None = None
    version: int = 0
    epoch: int = 1
    kill_mode: KillMode = KillMode.DRAIN
    kill_reason: str = ""
    threshold: float | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "threshold", _threshold(self.percent))

    @property
    def is_killed(self) -> bool:
        return self.everyone is False


@dataclass(frozen=True, slots=True)
class OverrideState:
    """One restaurant's own rule until `expires_at` (seconds since the epoch). `percent` only lowers the flag's."""

    force: bool | None = None
    percent: Decimal | None = None
    expires_at: float = float("inf")
    cap: float | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cap", _threshold(self.percent))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rollout tables at one version. `overrides` by (flag, restaurant id); `disabled`: off by the environment."""

    version: int = 0
    flags: Mapping[str, FlagState] = field(default_factory=dict)
    overrides: Mapping[tuple[str, int], OverrideState] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()


class Decision(NamedTuple):
    """`bucket` and `threshold` are in [0, 1]; `version` is the snapshot's, `epoch` the flag's.

    `is_eligible`: chance decided, so the call may be compared with others; forced ones only count.
    """

    is_on: bool
    reason: Reason
    bucket: float = 0.0
    threshold: float = 0.0
    version: int = 0
    epoch: int = 0
    is_eligible: bool = False

    @property
    def mode(self) -> str:
        return "streaming" if self.is_on else "batch"

    def kept_in_batch(self, reason: Reason) -> Decision:
        """Batch for the call's own cause. Never eligible, or only one side of a comparison would have such calls."""
        return self._replace(is_on=False, reason=reason if self.is_on else self.reason, is_eligible=False)


def bucket(salt: str, subject: str) -> float:
    """Where a subject stands in [0, 1): SHA-256 of "salt:subject", its first 8 bytes as a fraction."""
    return int.from_bytes(sha256(f"{salt}:{subject}".encode()).digest()[:8], "big") / 2**64


def decide(
    snapshot: Snapshot,
    flag_key: str,
    *,
    restaurant_id: int,
    subject: str,
    now: float,
    age_s: float = 0.0,
    is_provider_open: bool = False,
    forced: bool | None = None,
) -> Decision:
    """Whether the flag is on for `subject` (a call's id) at a restaurant, and why. No input or output, under 10 µs.

    now: seconds since the epoch, for what expires. age_s: since the snapshot was last known to be current.
    is_provider_open: the circuit breaker is open, so the provider is not asked. forced: what a test wants.
    """
    version = snapshot.version
    if forced is not None:
        return Decision(forced, Reason.TEST, version=version)
    if flag_key in snapshot.disabled:
        return Decision(False, Reason.DISABLED, version=version)
    flag = snapshot.flags.get(flag_key)
    if flag is None:
        return Decision(False, Reason.MISSING if age_s <= STALE_AFTER_S else Reason.STALE, version=version)
    place, epoch = bucket(flag.salt, subject), flag.epoch
    if flag.everyone is False:
        return Decision(False, Reason.KILLED, place, 0.0, version, epoch)
    if is_provider_open:
        return Decision(False, Reason.PROVIDER_OPEN, place, 0.0, version, epoch)
    own = snapshot.overrides.get((flag_key, restaurant_id))
    if own is not None and own.expires_at <= now:
        own = None
    if own is not None and own.force is not None:
        reason = Reason.RESTAURANT_ON if own.force else Reason.RESTAURANT_OFF
        return Decision(own.force, reason, place, float(own.force), version, epoch)
    if flag.everyone is True:
        return Decision(True, Reason.EVERYONE, place, 1.0, version, epoch)
    threshold = flag.threshold
    if threshold is None:
        return Decision(False, Reason.NO_PERCENT, place, 0.0, version, epoch)
    if own is not None and own.cap is not None and own.cap < threshold:
        threshold = own.cap
    if age_s > STALE_AFTER_S:
        return Decision(False, Reason.STALE, place, threshold, version, epoch)
    return Decision(place < threshold, Reason.PERCENT, place, threshold, version, epoch, 0.0 < threshold < 1.0)
