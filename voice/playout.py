"""Where the listener is in a response, and so how much more may be sent: estimated from their reports and the clock."""

from __future__ import annotations

MAX_LEAD_MS = 400  # audio sent but not yet played; what a barge-in has to throw away at most
ACK_CREDIT_MS = 1_000  # how long playing is assumed to go on after the last report


class PlayoutClock:
    """Plays in the mind what the listener plays for real. Milliseconds; under-credits when in doubt.

    Before the first report playing is assumed to start with the first frame and to go on; from then on at most
    ACK_CREDIT_MS beyond the last report, so a stalled listener stops the sending.
    """

    __slots__ = ("_anchor_at", "_anchor_ms", "_has_report", "_is_paused", "sent_ms")

    def __init__(self) -> None:
        self.sent_ms = 0.0
        self._anchor_at: int | None = None
        self._anchor_ms = 0.0
        self._has_report = False
        self._is_paused = False

    def sent(self, ms: float, now: int) -> None:
        if self._anchor_at is None:
            self._anchor_at = now
        elif not self._is_paused and self.played_ms(now) >= self.sent_ms:
            # The listener ran dry and was waiting: what comes now is played from now on.
            self._anchor_ms, self._anchor_at = self.sent_ms, now
        self.sent_ms += ms

    def reported(self, played_ms: float, now: int) -> None:
        self._has_report = True
        self._anchor_ms, self._anchor_at = min(max(played_ms, 0.0), self.sent_ms), now

    def pause(self, now: int) -> None:
        if not self._is_paused:
            self._anchor_ms, self._anchor_at, self._is_paused = self.played_ms(now), now, True

    def resume(self, now: int) -> None:
        if self._is_paused:
            self._anchor_at, self._is_paused = now, False

    def played_ms(self, now: int) -> float:
        if self._anchor_at is None:
            return 0.0
        elapsed = 0 if self._is_paused else now - self._anchor_at
        if self._has_report:
            elapsed = min(elapsed, ACK_CREDIT_MS)
        return min(self._anchor_ms + elapsed, self.sent_ms)

    def wait_ms(self, next_ms: float, now: int) -> int | None:
        """How long until `next_ms` more may be sent; None: not before the next report or resume."""
        excess = self.sent_ms + next_ms - self.played_ms(now) - MAX_LEAD_MS
        if excess <= 0:
            return 0
        if self._is_paused:
            return None
        if self._has_report and self._anchor_at is not None and now - self._anchor_at + excess > ACK_CREDIT_MS:
            return None
        return max(1, round(excess))
