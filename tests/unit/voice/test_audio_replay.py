"""Audio heard twice is understood once: a page's ring and the server's ledger, over any drops and processes."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from voice.audio_ledger import AudioLedger

FRAME_MS = 20.0
KEPT_FRAMES = 1_500

# So many frames are said and arrive; so much becomes words; the line breaks while so many are said.
STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(1, 120)),
    st.tuples(st.just("words"), st.floats(0.0, 1.0)),
    st.tuples(st.just("acknowledge"), st.none()),
    st.tuples(st.just("break"), st.integers(0, 60)),
    st.tuples(st.just("new process"), st.integers(0, 60)),
)


class Server:
    """The ledger as `LiveCall` uses it, and ears that remember which frames became words."""

    def __init__(self, next_seq: int = 0) -> None:
        self.ledger = AudioLedger(next_seq)
        self.received_ms = 0.0
        self.words_to_ms = 0.0  # everything below is words
        self.heard: list[tuple[int, float]] = []  # not words yet: frame, where it ends
        self.understood: list[int] = []

    def take(self, seq: int) -> None:
        if self.ledger.accept(seq) is None:
            return
        self.received_ms += FRAME_MS
        self.heard.append((seq, self.received_ms))
        self.ledger.mark(self.received_ms)

    def make_words(self, share: float) -> None:
        """An utterance ends: at a frame, as the silence after it does."""
        count = int(len(self.heard) * share)
        if not count:
            return
        done, self.heard = self.heard[:count], self.heard[count:]
        self.understood += [seq for seq, _ in done]
        self.words_to_ms = done[-1][1]

    @property
    def safe_seq(self) -> int:
        return self.ledger.safe_seq(self.words_to_ms)

    def let_go(self) -> None:
        self.ledger.rewind(self.safe_seq)
        self.heard = []


class Page:
    """The ring of static/js/lib/ring.js."""

    def __init__(self) -> None:
        self.ring: list[int] = []
        self.next_seq = 0

    def say(self, count: int) -> Iterator[int]:
        for _ in range(count):
            self.ring = [*self.ring, self.next_seq][-KEPT_FRAMES:]
            self.next_seq += 1
            yield self.next_seq - 1

    @property
    def first_seq(self) -> int:
        return self.ring[0] if self.ring else self.next_seq


def resume(page: Page, server: Server) -> None:
    server.ledger.skip_to(page.first_seq)
    wanted = server.ledger.next_seq
    for seq in [seq for seq in page.ring if seq >= wanted]:
        server.take(seq)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_every_frame_becomes_words_and_only_a_moment_of_them_twice(steps: list[tuple[str, object]]) -> None:
    page, server = Page(), Server()
    breaks = 0
    for kind, value in steps:
        if kind == "say":
            for seq in page.say(int(str(value))):
                server.take(seq)
        elif kind == "words":
            server.make_words(float(str(value)))
        elif kind == "acknowledge":
            acknowledged = server.safe_seq
            page.ring = [seq for seq in page.ring if seq >= acknowledged]
        else:
            breaks += 1
            for _ in page.say(int(str(value))):  # said while nothing gets through
                pass
            understood, missing = server.understood, server.ledger.missing
            server.let_go()
            if kind == "new process":
                server = Server(server.safe_seq)
                server.understood = understood
            resume(page, server)
            assert server.ledger.missing == (0 if kind == "new process" else missing), "nothing was lost"
    server.make_words(1.0)
    assert set(server.understood) == set(range(page.next_seq)), "every frame was heard"
    twice = len(server.understood) - len(set(server.understood))
    assert twice <= breaks * 3, "marks lie at most 60 ms before what is needed"


@given(st.lists(st.integers(0, 400), max_size=300))
def test_frames_in_any_order_are_taken_once_and_in_order(numbers: list[int]) -> None:
    ledger = AudioLedger()
    taken = [seq for seq in numbers if ledger.accept(seq) is not None]
    assert taken == sorted(set(taken))
    assert ledger.replayed == len(numbers) - len(taken)
    assert ledger.missing == ledger.next_seq - len(taken)
