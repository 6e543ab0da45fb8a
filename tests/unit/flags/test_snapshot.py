"""A process's knowledge of the rollout: its age, kills that arrive, and what tests may force."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest

from flags import snapshot
from flags.rollout import FlagState, KillMode, Reason, Snapshot
from flags.snapshot import SnapshotStore
from flags.testing import everywhere, override

FLAG = "voice_streaming"


def decided(store: SnapshotStore) -> tuple[bool, Reason]:
    return store.decide(FLAG, restaurant_id=1, subject="call")[:2]


def at(version: int, **flag: object) -> Snapshot:
    return Snapshot(version, {FLAG: FlagState("x", **flag)})  # type: ignore[arg-type]


@pytest.fixture
def kills() -> Iterator[list[tuple[str, str]]]:
    heard: list[tuple[str, str]] = []

    def note(mode: str, reason: str) -> None:
        heard.append((mode, reason))

    snapshot.on_kill.append(note)
    yield heard
    snapshot.on_kill.remove(note)


def test_nothing_is_streamed_before_anything_is_known() -> None:
    store = SnapshotStore()
    assert store.status().age_s == float("inf")
    assert decided(store) == (False, Reason.STALE)
    store.take(Snapshot(1))
    assert decided(store) == (False, Reason.MISSING)


def test_an_old_snapshot_streams_again_once_confirmed() -> None:
    store = SnapshotStore()
    store.take(at(3, percent=Decimal(100)), read_at=-1e6)
    assert decided(store) == (False, Reason.STALE)
    store.confirm()
    assert decided(store) == (True, Reason.PERCENT)
    assert store.status().version == 3
    assert store.status().age_s < 60


def test_a_late_answer_does_not_make_it_look_older() -> None:
    store = SnapshotStore()
    store.take(at(3))
    store.confirm(read_at=-1e6)
    assert store.status().age_s < 60


def test_a_kill_is_told_once_and_again_when_it_turns_hard(kills: list[tuple[str, str]]) -> None:
    store = SnapshotStore()
    store.take(at(1, percent=Decimal(100)))
    drained = at(2, everyone=False, kill_mode=KillMode.DRAIN, kill_reason="gaps in the audio")
    store.take(drained)
    store.take(drained)
    assert kills == [("drain", "gaps in the audio")]
    store.take(at(3, everyone=False, kill_mode=KillMode.HARD, kill_reason="now"))
    store.take(at(4, everyone=False, kill_mode=KillMode.DRAIN))
    assert kills == [("drain", "gaps in the audio"), ("hard", "now")]
    store.take(at(5, percent=Decimal(100)))
    store.take(drained)
    assert len(kills) == 3


def test_one_deaf_listener_keeps_nobody_from_hearing(kills: list[tuple[str, str]]) -> None:
    def fails(_mode: str, _reason: str) -> None:
        raise RuntimeError("no")

    snapshot.on_kill.insert(0, fails)
    try:
        SnapshotStore().take(at(1, everyone=False))
    finally:
        snapshot.on_kill.remove(fails)
    assert len(kills) == 1


def test_the_environment_switches_off_whatever_arrives() -> None:
    store = SnapshotStore()
    store.disable(frozenset({FLAG}))
    store.take(at(1, everyone=True))
    assert decided(store) == (False, Reason.DISABLED)


def test_an_open_circuit_is_asked_at_every_decision() -> None:
    store = SnapshotStore()
    store.take(at(1, everyone=True))
    assert decided(store) == (True, Reason.EVERYONE)
    store.provider_is_open = lambda: True
    assert decided(store) == (False, Reason.PROVIDER_OPEN)
    store.provider_is_open = lambda: {}["no such provider"]
    assert decided(store) == (False, Reason.PROVIDER_OPEN), "a broken check is a doubt"


def test_tests_force_a_mode_in_their_own_context_only() -> None:
    store = SnapshotStore()
    seen: list[tuple[bool, Reason]] = []
    with override(voice_streaming="STREAMING"):
        assert decided(store) == (True, Reason.TEST)
        with override(voice_streaming="BATCH"):
            assert decided(store) == (False, Reason.TEST)
        other = threading.Thread(target=lambda: seen.append(decided(store)))
        other.start()
        other.join()
    assert [*seen, decided(store)] == [(False, Reason.STALE)] * 2


def test_tests_force_a_mode_for_the_process() -> None:
    before = snapshot.store.current()
    with everywhere(voice_streaming="STREAMING"):
        assert decided(snapshot.store)[0]
    with everywhere(voice_streaming="BATCH"):
        assert not decided(snapshot.store)[0]
    assert snapshot.store.current() == before


@pytest.mark.parametrize("wrong", [{"voice_streeming": "BATCH"}, {"voice_streaming": "batch"}])
def test_misspelled_flags_and_modes_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="voice_streaming"), override(**wrong):
        pytest.fail("let it in")
