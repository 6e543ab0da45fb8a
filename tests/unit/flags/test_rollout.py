from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.rollout import FlagState, Reason, bucket, decide

SESSIONS = [str(UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)) for number in range(20_000)]


def streaming(salt: str, percent: str) -> set[str]:
    state = FlagState(salt, percent=Decimal(percent))
    return {session for session in SESSIONS if decide(state, subject=session).is_on}


def test_known_buckets_never_move() -> None:
    """First 16 hex digits of `printf 'salt:session-1' | sha256sum`. Another value would move live sessions."""
    assert bucket("salt", "session-1") == 0x6C953A6B7CD789A8 / 2**64
    assert bucket("salt", "session-2") == 0xA31832865755318E / 2**64
    assert bucket("", "") == 0xE7AC0786668E0FF0 / 2**64


def test_raising_the_percentage_only_adds() -> None:
    steps = [streaming("a", percent) for percent in ("0", "0.1", "5", "25", "50", "100")]
    assert all(smaller <= larger for smaller, larger in pairwise(steps))
    shares = [len(step) / len(SESSIONS) for step in steps]
    assert shares == pytest.approx([0, 0.001, 0.05, 0.25, 0.5, 1], abs=0.01)
    assert shares[0] == 0
    assert shares[-1] == 1


def test_two_flags_are_independent() -> None:
    both = streaming("a", "50") & streaming("b", "50")
    assert len(both) / len(SESSIONS) == pytest.approx(0.25, abs=0.015)


@given(st.text(), st.text())
def test_buckets_are_stable_fractions(salt: str, subject: str) -> None:
    place = bucket(salt, subject)
    assert 0 <= place < 1
    assert bucket(salt, subject) == place


def test_who_decides() -> None:
    percent = Decimal(100)
    assert decide(None, subject="s").reason is Reason.MISSING
    killed = decide(FlagState("x", everyone=False, percent=percent), subject="s")
    assert (killed.is_on, killed.reason, killed.is_eligible) == (False, Reason.KILLED, False)
    forced = decide(FlagState("x", everyone=True, percent=Decimal(0)), subject="s")
    assert (forced.is_on, forced.is_eligible) == (True, False)
    assert decide(FlagState("x"), subject="s") == decide(FlagState("x"), subject="s")
    assert not decide(FlagState("x"), subject="s").is_on
    half = decide(FlagState("x", percent=Decimal(50), version=7), subject="s")
    assert (half.reason, half.threshold, half.version, half.is_eligible) == (Reason.PERCENT, 0.5, 7, True)
    assert not decide(FlagState("x", percent=percent), subject="s").is_eligible, "everybody: nothing to compare with"
