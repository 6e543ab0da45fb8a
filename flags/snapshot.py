"""What this process knows of the rollout tables, how old that is, and who wants to hear of a kill.

`flags.watching` keeps it current; whoever decides reads it without waiting for anything.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace

from flags.declared import VOICE_STREAMING
from flags.rollout import Decision, FlagState, KillMode, Snapshot, decide

logger = logging.getLogger(__name__)

# What tests want, by flag: see flags.testing.
forced_flags: ContextVar[Mapping[str, bool]] = ContextVar("forced_flags", default={})  # noqa: B039  # never written to

# Told once for each kill that arrives: "drain" or "hard", and why. In the thread that watches; in the web server that
# is the event loop, so they return at once.
on_kill: list[Callable[[str, str], None]] = []


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """`age_s`: since the tables were last known to be at `version`; infinite when they never were read."""

    version: int
    age_s: float


def _closed() -> bool:
    return False


class SnapshotStore:
    """One per process. `provider_is_open`: whoever watches the provider's health sets it (True: do not stream)."""

    def __init__(self) -> None:
        self.provider_is_open: Callable[[], bool] = _closed
        self._snapshot = Snapshot()
        self.confirmed_at = float("-inf")  # monotonic seconds: when the tables were last known to be at this version
        self._lock = threading.Lock()

    def current(self) -> Snapshot:
        return self._snapshot

    def status(self) -> SnapshotStatus:
        return SnapshotStatus(self._snapshot.version, time.monotonic() - self.confirmed_at)

    def disable(self, flags: frozenset[str]) -> None:
        """Flags that the environment of this process switches off."""
        with self._lock:
            self._snapshot = replace(self._snapshot, disabled=flags)

    def confirm(self, *, read_at: float | None = None) -> None:
        """The tables are still at the current version. `read_at`: when they were asked, monotonic seconds."""
        with self._lock:
            self.confirmed_at = max(self.confirmed_at, time.monotonic() if read_at is None else read_at)

    def take(self, snapshot: Snapshot, *, read_at: float | None = None) -> None:
        """Replaces the current one and tells `on_kill` when streaming was killed since, or is now killed harder."""
        with self._lock:
            before, self._snapshot = self._snapshot, replace(snapshot, disabled=self._snapshot.disabled)
        self.confirm(read_at=read_at)
        _tell_of_kill(before.flags.get(VOICE_STREAMING), snapshot.flags.get(VOICE_STREAMING))

    def decide(self, flag_key: str, *, restaurant_id: int, subject: str) -> Decision:
        return decide(
            self._snapshot,
            flag_key,
            restaurant_id=restaurant_id,
            subject=subject,
            now=time.time(),
            age_s=time.monotonic() - self.confirmed_at,
            is_provider_open=self._is_provider_open(),
            forced=forced_flags.get().get(flag_key),
        )

    def _is_provider_open(self) -> bool:
        """A check that fails counts as open: no call is refused for it, and any doubt is batch."""
        try:
            return self.provider_is_open()
        except Exception:
            logger.exception("the check of the provider failed")
            return True


def _tell_of_kill(before: FlagState | None, after: FlagState | None) -> None:
    if after is None or not after.is_killed:
        return
    if (
        before is not None
        and before.is_killed
        and (before.kill_mode, after.kill_mode) != (KillMode.DRAIN, KillMode.HARD)
    ):
        return
    logger.warning("streaming is killed (%s): %s", after.kill_mode, after.kill_reason or "no reason given")
    for tell in on_kill:
        try:
            tell(after.kill_mode.value, after.kill_reason)
        except Exception:
            logger.exception("a listener to the kill failed; the others are told")


store = SnapshotStore()
current = store.current
status = store.status
