"""What keeps calls from streaming: a loop that is late, an engine that fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from tests.virtual_time import run_virtual
from voice import load
from voice.breaker import IN_A_ROW, OPEN_S, Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(now=clock)


@pytest.fixture(autouse=True)
def nobody_samples() -> Iterator[None]:
    yield
    load.stop()


def test_an_idle_loop_is_on_time() -> None:
    told: list[float] = []

    async def idle() -> None:
        load.start(told.append)
        load.start(told.append)
        await asyncio.sleep(5)
        assert load.lag_p95_ms() < 1
        load.stop()

    run_virtual(idle())
    assert len(told) == 5, "one sampler, once a second"


def test_a_loop_that_is_held_up_is_late() -> None:
    async def busy() -> None:
        load.start()
        for _ in range(25):
            await asyncio.sleep(0.01)
            time.sleep(0.07)  # noqa: ASYNC251  # holding the loop up is the point
        assert load.lag_p95_ms() > 15
        load.stop()

    asyncio.run(busy())


def test_nobody_who_does_not_sample_is_late() -> None:
    assert load.lag_p95_ms() == 0


def test_failures_in_a_row_open_it_and_one_that_goes_well_closes_it(breaker: Breaker, clock: Clock) -> None:
    for _ in range(IN_A_ROW):
        assert not breaker.is_open()
        breaker.went_wrong()
    assert breaker.is_open()
    clock.now += OPEN_S + 1
    assert not breaker.is_open(), "one may try"
    assert breaker.is_open(), "and only one"
    breaker.went_well()
    assert not breaker.is_open()


def test_a_try_that_fails_keeps_it_open(breaker: Breaker, clock: Clock) -> None:
    for _ in range(IN_A_ROW):
        breaker.went_wrong()
    clock.now += OPEN_S + 1
    assert not breaker.is_open()
    breaker.went_wrong()
    assert breaker.is_open()
    clock.now += OPEN_S / 2
    assert breaker.is_open()


def test_a_try_that_never_says_how_it_went_lets_another_one(breaker: Breaker, clock: Clock) -> None:
    for _ in range(IN_A_ROW):
        breaker.went_wrong()
    clock.now += OPEN_S + 1
    assert not breaker.is_open()
    clock.now += OPEN_S + 1
    assert not breaker.is_open()


def test_half_of_the_last_ten_are_enough_and_old_failures_are_forgotten(breaker: Breaker, clock: Clock) -> None:
    for _ in range(5):
        breaker.went_wrong()
        breaker.went_well()
    assert not breaker.is_open(), "it opens with a failure"
    breaker.went_wrong()
    assert breaker.is_open()
    calm = Breaker(now=clock)
    for _ in range(20):
        calm.went_wrong()
        clock.now += 61
        assert not calm.is_open()
