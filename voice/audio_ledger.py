"""Which audio frames came in, and which of them nobody will ask for again."""

from __future__ import annotations

from collections import deque

MAX_GAP_FRAMES = 15_000  # five minutes of 20 ms frames; further ahead is a broken counter
MARK_EVERY_MS = 60
MAX_MARKS = 4_000


class AudioLedger:
    """Takes each frame once and in order; replayed ones are counted and ignored, missing ones are counted.

    Marks tie sequence numbers to positions in the audio, one every MARK_EVERY_MS at most.
    """

    __slots__ = ("_marks", "missing", "next_seq", "replayed")

    def __init__(self, next_seq: int = 0) -> None:
        self.next_seq = next_seq
        self.replayed = 0
        self.missing = 0
        self._marks: deque[tuple[int, float]] = deque([(next_seq, 0.0)], MAX_MARKS)

    def accept(self, seq: int) -> int | None:
        """How many frames are missing before this one; None: it was taken before. raises: ValueError when absurd"""
        if seq < self.next_seq:
            self.replayed += 1
            return None
        gap = seq - self.next_seq
        if gap > MAX_GAP_FRAMES:
            raise ValueError("sequence number too far ahead")
        self.missing += gap
        self.next_seq = seq + 1
        return gap

    def skip_to(self, seq: int) -> None:
        """The sender has nothing older than `seq` any more."""
        if seq > self.next_seq:
            self.missing += seq - self.next_seq
            self.next_seq = seq

    def rewind(self, seq: int) -> None:
        """The engine forgot what came from `seq` on: those frames are wanted once more."""
        self.next_seq = min(self.next_seq, seq)
        while len(self._marks) > 1 and self._marks[-1][0] > self.next_seq:
            self._marks.pop()

    def mark(self, position_ms: float) -> None:
        """Everything accepted so far ends at this position of the audio."""
        if position_ms - self._marks[-1][1] >= MARK_EVERY_MS and self.next_seq > self._marks[-1][0]:
            self._marks.append((self.next_seq, position_ms))

    def safe_seq(self, needed_from_ms: float) -> int:
        """The first frame that may still be needed, if audio from `needed_from_ms` on may be."""
        while len(self._marks) > 1 and self._marks[1][1] <= needed_from_ms:
            self._marks.popleft()
        return self._marks[0][0]
