"""What people read about decisions, processes and changes; and what the system check refuses."""

from decimal import Decimal

import pytest
from django.conf import LazySettings

from flags.apps import check_rollout
from flags.rollout import FlagState, KillMode, Reason
from flags.services import disabled_flags
from flags.wording import change_text, processes_text, state_text, why


def test_every_reason_has_its_sentence() -> None:
    sentences = {why(reason, 0.1, 0.25) for reason in Reason}
    assert len(sentences) == len(Reason)
    assert why(Reason.PERCENT, 0.03741, 0.25) == "By percentage: 0.0374 < 0.2500."
    assert why(Reason.PERCENT, 0.25, 0.25) == "By percentage: 0.2500 ≥ 0.2500."


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (FlagState("x", percent=Decimal("100.000")), "100 % of calls"),
        (FlagState("x", percent=Decimal("2.500")), "2.5 % of calls"),
        (FlagState("x"), "off: no percentage"),
        (FlagState("x", everyone=True), "on for everyone"),
        (FlagState("x", everyone=False, kill_mode=KillMode.HARD, kill_reason="gaps"), "killed (hard): gaps"),
    ],
)
def test_a_flag_in_words(state: FlagState, text: str) -> None:
    assert state_text(state) == text


def test_processes_that_lag_or_never_read_are_counted_out() -> None:
    assert processes_text(7, [(7, 1.2), (7, 4.4)]) == "2/2 processes at v7, heard from within 4 s"
    assert processes_text(7, [(7, 1.0), (6, 2.0), (7, None)]).startswith("1/3 processes at v7")
    assert processes_text(7, []).startswith("No process")


def test_a_change_says_what_differs() -> None:
    before, after = (
        {"everyone": None, "percent": "25", "version": 3},
        {"everyone": False, "percent": "25", "version": 4},
    )
    assert change_text(before, after) == "everyone: – → off"
    assert change_text(after, after) == "–"


def test_switches_that_would_let_chance_or_clients_decide_are_refused(settings: LazySettings) -> None:
    assert check_rollout() == []
    settings.WAFFLE_OVERRIDE = True
    assert [problem.id for problem in check_rollout()] == ["flags.E001"]


def test_the_environment_names_what_is_off(settings: LazySettings) -> None:
    assert disabled_flags() == frozenset()
    settings.ENABLE_REALTIME_STREAMING = False
    assert disabled_flags() == {"voice_streaming"}
