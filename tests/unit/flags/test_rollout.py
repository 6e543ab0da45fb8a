"""Who streams, and why: the arithmetic that every call goes through."""

from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flags.rollout import Decision, FlagState, OverrideState, Reason, Snapshot, bucket, decide

FLAG = "voice_streaming"
SESSIONS = [str(UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)) for number in range(20_000)]
RAMP = ("0", "0.1", "5", "25", "50", "100")

# (salt, call, percent) -> (bucket as 16 hex digits, streams). Checked by `printf SALT:CALL | sha256sum`: another
# value would move live calls to the other side.
VECTORS = [
    ("salt", "session-1", "42.4", 0x6C953A6B7CD789A8, False),
    ("salt", "session-1", "42.5", 0x6C953A6B7CD789A8, True),
    ("salt", "session-2", "63.7", 0xA31832865755318E, False),
    ("salt", "session-2", "63.8", 0xA31832865755318E, True),
    ("", "", "90.4", 0xE7AC0786668E0FF0, False),
    ("", "", "90.5", 0xE7AC0786668E0FF0, True),
]


def snapshot(flag: FlagState | None = None, own: OverrideState | None = None, **fields: object) -> Snapshot:
    flags = {} if flag is None else {FLAG: flag}
    overrides = {} if own is None else {(FLAG, 7): own}
    return Snapshot(412, flags, overrides, **fields)  # type: ignore[arg-type]


def ask(known: Snapshot, subject: str = "s", **given_: object) -> Decision:
    wanted = {"restaurant_id": 7, "subject": subject, "now": 1000.0} | given_
    return decide(known, FLAG, **wanted)  # type: ignore[arg-type]


def streaming(salt: str, percent: str) -> set[str]:
    known = snapshot(FlagState(salt, percent=Decimal(percent)))
    return {session for session in SESSIONS if ask(known, session).is_on}


@pytest.mark.parametrize(("salt", "call", "percent", "place", "is_on"), VECTORS)
def test_known_calls_never_change_sides(salt: str, call: str, percent: str, place: int, is_on: bool) -> None:
    decision = ask(snapshot(FlagState(salt, percent=Decimal(percent))), call)
    assert (decision.bucket, decision.is_on) == (place / 2**64, is_on)


def test_raising_the_percentage_only_adds() -> None:
    steps = [streaming("a", percent) for percent in RAMP]
    assert all(smaller <= larger for smaller, larger in pairwise(steps))
    shares = [len(step) / len(SESSIONS) for step in steps]
    assert shares == pytest.approx([float(percent) / 100 for percent in RAMP], abs=0.01)
    assert (shares[0], shares[-1]) == (0, 1)


def test_calls_are_spread_evenly() -> None:
    counts = [0] * 20
    for session in SESSIONS:
        counts[int(bucket("another", session) * 20)] += 1
    assert all(count == pytest.approx(1000, abs=130) for count in counts)


def test_two_flags_are_independent() -> None:
    both = streaming("a", "50") & streaming("b", "50")
    assert len(both) / len(SESSIONS) == pytest.approx(0.25, abs=0.015)


@given(st.text(), st.text())
def test_buckets_are_stable_fractions(salt: str, subject: str) -> None:
    place = bucket(salt, subject)
    assert 0 <= place < 1
    assert bucket(salt, subject) == place


percents = st.none() | st.decimals(0, 100, places=3)
flags = st.builds(FlagState, st.just("x"), everyone=st.sampled_from([None, True, False]), percent=percents)
rules = st.none() | st.builds(
    OverrideState,
    force=st.sampled_from([None, True, False]),
    percent=percents,
    expires_at=st.sampled_from([999.0, 1000.0, 1001.0]),
)


@given(st.none() | flags, rules, st.booleans(), st.booleans(), st.sampled_from([0.0, 60.0, 61.0, float("inf")]))
def test_the_order_of_reasons_is_total(
    flag: FlagState | None, own: OverrideState | None, is_disabled: bool, is_provider_open: bool, age_s: float
) -> None:
    """The first that applies decides, whatever else is set."""
    known = snapshot(flag, own, disabled=frozenset({FLAG}) if is_disabled else frozenset())
    decision = ask(known, age_s=age_s, is_provider_open=is_provider_open)
    rule = own if own is not None and own.expires_at > 1000 else None
    first = next(
        reason
        for reason, applies in (
            (Reason.DISABLED, is_disabled),
            (Reason.STALE, flag is None and age_s > 60),
            (Reason.MISSING, flag is None),
            (Reason.KILLED, flag is not None and flag.everyone is False),
            (Reason.PROVIDER_OPEN, is_provider_open),
            (Reason.RESTAURANT_ON, rule is not None and rule.force is True),
            (Reason.RESTAURANT_OFF, rule is not None and rule.force is False),
            (Reason.EVERYONE, flag is not None and flag.everyone is True),
            (Reason.NO_PERCENT, flag is not None and flag.percent is None),
            (Reason.STALE, age_s > 60),
            (Reason.PERCENT, True),
        )
        if applies
    )
    assert decision.reason is first
    if first not in (Reason.PERCENT, Reason.EVERYONE, Reason.RESTAURANT_ON):
        assert not decision.is_on, "any doubt is batch"
    assert decision.is_eligible <= (first is Reason.PERCENT), "only chance may be compared"


@given(flags, rules, st.text())
def test_a_kill_beats_everything_but_a_test(flag: FlagState, own: OverrideState | None, subject: str) -> None:
    killed = FlagState("x", everyone=False, percent=flag.percent)
    assert ask(snapshot(killed, own), subject)[:2] == (False, Reason.KILLED)
    assert ask(snapshot(killed, own), subject, forced=True)[:2] == (True, Reason.TEST)


def test_a_restaurant_may_have_less_never_more() -> None:
    flag = FlagState("x", percent=Decimal(25))
    assert ask(snapshot(flag, OverrideState(percent=Decimal(5)))).threshold == 0.05
    assert ask(snapshot(flag, OverrideState(percent=Decimal(80)))).threshold == 0.25
    assert ask(snapshot(flag, OverrideState(percent=Decimal(5))), restaurant_id=8).threshold == 0.25, "not its own"
    expired = OverrideState(force=True, expires_at=1000.0)
    assert ask(snapshot(flag, expired)).reason is Reason.PERCENT


def test_forced_restaurants_keep_streaming_on_an_old_snapshot() -> None:
    flag = FlagState("x", percent=Decimal(100))
    assert ask(snapshot(flag, OverrideState(force=True)), age_s=3600).is_on
    old = ask(snapshot(flag), age_s=61)
    assert (old.is_on, old.reason, old.is_eligible) == (False, Reason.STALE, False)


def test_what_a_decision_tells() -> None:
    half = ask(snapshot(FlagState("x", percent=Decimal(50), version=7, epoch=3)))
    assert (half.threshold, half.version, half.epoch, half.is_eligible) == (0.5, 412, 3, True)
    assert half.mode == ("streaming" if half.is_on else "batch")
    everybody = ask(snapshot(FlagState("x", percent=Decimal(100))))
    assert (everybody.is_on, everybody.is_eligible) == (True, False), "nothing to compare with"


def test_calls_kept_in_batch_are_on_neither_side_of_a_comparison() -> None:
    known = snapshot(FlagState("x", percent=Decimal(50)))
    for session in SESSIONS[:50]:
        decided = ask(known, session)
        kept = decided.kept_in_batch(Reason.OVERLOADED)
        assert (kept.is_on, kept.is_eligible) == (False, False)
        assert kept.reason is (Reason.OVERLOADED if decided.is_on else Reason.PERCENT)
