"""Every call of the phrasebook goes as it should; how it is written says `spoken_calls.py`."""

from __future__ import annotations

import pytest

from tests.unit.orders.understanding.spoken_calls import SpokenCall, ears_at, first_difference, spoken_calls


@pytest.mark.parametrize("call", spoken_calls(), ids=lambda call: call.name)
def test_phrasebook(call: SpokenCall) -> None:
    assert first_difference(call, ears_at(call.slug, call.language)) is None
