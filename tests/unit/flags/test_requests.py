"""Pages that ask waffle get the answer a call would get, whatever is set."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waffle import flag_is_active

from flags.declared import VOICE_STREAMING
from flags.rollout import FlagState, OverrideState, Snapshot
from flags.services import decide_call
from flags.snapshot import store

percents = st.none() | st.decimals(0, 100, places=3)
flags = st.builds(FlagState, st.text(), everyone=st.sampled_from([None, True, False]), percent=percents)
rules = st.none() | st.builds(OverrideState, force=st.sampled_from([None, True, False]), percent=percents)


@pytest.fixture(autouse=True, scope="module")
def _restored() -> Iterator[None]:
    before = store.current()
    yield
    store.take(before)


@given(st.none() | flags, rules, st.uuids(), st.booleans(), st.booleans())
def test_requests_and_calls_agree(flag: Any, rule: Any, call: Any, is_elsewhere: bool, is_disabled: bool) -> None:
    known = Snapshot(1, {VOICE_STREAMING: flag} if flag else {}, {(VOICE_STREAMING, 7): rule} if rule else {})
    store.disable(frozenset({VOICE_STREAMING}) if is_disabled else frozenset())
    store.take(known)
    restaurant_id = 8 if is_elsewhere else 7
    request: Any = SimpleNamespace(rollout_subject=call, rollout_restaurant_id=restaurant_id)
    try:
        assert flag_is_active(request, VOICE_STREAMING) is decide_call(restaurant_id, call).is_on
    finally:
        store.disable(frozenset())
