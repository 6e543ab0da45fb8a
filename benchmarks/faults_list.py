"""The faults: what breaks, whom it strikes, and when."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.faults_control import Control
from benchmarks.faults_customer import Customer

STREAMING_AT, BATCH_AT = "bella-napoli", "taqueria-sol"
STRIKE_S: Final = (1.5, 8.0)  # after the calls of the wave began
STRUCK_S: Final = (0.1, 6.0)  # after the customer's own call began

Strike = Callable[[Control, random.Random], Awaitable[None]]
Bother = Callable[[Customer, random.Random], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """`strike`: the whole house, once for a wave of calls. `bother`: one customer, beside the call."""

    name: str
    text: str
    slug: str = STREAMING_AT
    strike: Strike | None = None
    strike_s: tuple[float, float] = STRIKE_S
    mend: Strike | None = None  # after the wave
    bother: Bother | None = None
    prepare: Callable[[Customer], None] | None = None


async def _moment(customer: Customer, chance: random.Random, within: tuple[float, float] = STRUCK_S) -> None:
    """Waits for it, in a session that stands."""
    await customer.until(lambda: customer.page.link == "live")
    await asyncio.sleep(chance.uniform(*within))
    await customer.until(lambda: customer.page.link == "live")


# --- One customer -----------------------------------------------------------------------------------------------------


async def _cut_once(customer: Customer, chance: random.Random) -> None:
    await _moment(customer, chance)
    customer.faulted("the connection is cut")
    await customer.line.cut_for(chance.choice((0.0, chance.uniform(0.0, 3.0))))


async def _cut_often(customer: Customer, chance: random.Random) -> None:
    for _ in range(3):
        await _moment(customer, chance, (0.2, 4.0))
        customer.faulted("the connection is cut")
        await customer.line.cut_for(chance.uniform(0.0, 1.0))


async def _hold(customer: Customer, chance: random.Random) -> None:
    await _moment(customer, chance)
    customer.faulted("the network stalls")
    await customer.line.hold_for(chance.choice((chance.uniform(1.0, 5.0), chance.uniform(10.0, 13.0))))


async def _second_window(customer: Customer, chance: random.Random) -> None:
    """Joins with the same session and takes over; the customer goes on there."""
    await _moment(customer, chance)
    customer.faulted("a second window joins")
    customer.page.join_from_second_window()


async def _lose_session(customer: Customer, chance: random.Random) -> None:
    """The page comes back with a session that is none: it is told so, and begins anew."""
    await _moment(customer, chance)
    customer.faulted("the connection is cut and the session's token spoiled")
    customer.page.spoil_session(chance.choice(("", "x", ":1x:")))
    customer.line.cut()


async def _cut_at_confirm(customer: Customer, chance: random.Random) -> None:
    """The connection dies with the confirmation on its way; what was sent is sent again."""
    await customer.until(lambda: customer.result.has_confirmed)
    await asyncio.sleep(chance.choice((0.0, chance.uniform(0.0, 0.06))))
    customer.faulted("the connection is cut as the order is confirmed")
    revision = customer.page.readback
    customer.line.cut()
    await customer.until(lambda: customer.page.link != "live")
    customer.page.send("order.confirm", revision=revision or 0)


async def _cut_upload(customer: Customer, chance: random.Random) -> None:
    cuts = chance.choice((1, 2))

    def cut() -> None:
        nonlocal cuts
        if cuts:
            cuts -= 1
            customer.faulted("the connection is cut in the middle of an upload")
            customer.line.cut()

    customer.uploads.on_half = cut


def _records(customer: Customer) -> None:
    customer.uploads.always = True


def _sends_twice(customer: Customer) -> None:
    _records(customer)
    customer.uploads.is_twice = True
    customer.on_ready = lambda: customer.faulted("every chunk is sent twice")


def _sends_rubbish(customer: Customer) -> None:
    _records(customer)
    customer.uploads.spoils = customer.result.number
    customer.on_ready = lambda: customer.faulted("the first recording is corrupt")


def _taps_twice(customer: Customer) -> None:
    customer.confirm_taps = 2


# --- The house --------------------------------------------------------------------------------------------------------


def _kill(kind: str, number: signal.Signals = signal.SIGKILL) -> Strike:
    async def strike(control: Control, chance: random.Random) -> None:
        await control.kill(control.any_of(kind, chance), number)

    return strike


async def _kill_worker_at_work(control: Control, chance: random.Random) -> None:
    await control.until_something_is_transcribed()
    await asyncio.gather(*(control.kill(name, signal.SIGKILL) for name in control.all_of("worker")))


async def _redis(control: Control, chance: random.Random) -> None:
    await control.restart_redis(with_data=True)


async def _empty_redis(control: Control, chance: random.Random) -> None:
    await control.restart_redis(with_data=False)


async def _postgres(control: Control, chance: random.Random) -> None:
    await control.restart_postgres()


def _provider(fault: str) -> Strike:
    async def strike(control: Control, chance: random.Random) -> None:
        control.set_provider(fault)

    return strike


async def _provider_recovers(control: Control, chance: random.Random) -> None:
    """New processes: a circuit breaker that is open must not shape the next fault's calls."""
    control.set_provider("")
    await asyncio.gather(*(control.kill(name, signal.SIGTERM) for name in control.all_of("web")))


def _switch_off(mode: str) -> Strike:
    async def strike(control: Control, chance: random.Random) -> None:
        await control.kill_streaming(mode)

    return strike


async def _switch_on(control: Control, chance: random.Random) -> None:
    await control.release_streaming()


async def _switch_off_and_kill_worker(control: Control, chance: random.Random) -> None:
    await control.kill_streaming("hard")
    await _kill_worker_at_work(control, chance)


def _wave(name: str, text: str, strike: Strike, mend: Strike | None = None, slug: str = STREAMING_AT) -> Fault:
    return Fault(name, text, slug, strike=strike, mend=mend, prepare=_records if slug == BATCH_AT else None)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("none", "nothing: the control group"),
    Fault("none_batch", "nothing, in calls assigned to batch", BATCH_AT, prepare=_records),
    Fault("cut", "the socket is cut once, up to 3 s", bother=_cut_once),
    Fault("cuts", "the socket is cut three times", bother=_cut_often),
    Fault("stall", "the network stalls for 1 to 13 s", bother=_hold),
    Fault("two_sockets", "two sockets for one session", bother=_second_window),
    Fault("stale_token", "cut, and a resume token that is none", bother=_lose_session),
    Fault("confirm_twice", "confirm is tapped twice", prepare=_taps_twice),
    Fault("confirm_replayed", "cut while confirming, and confirmed again", bother=_cut_at_confirm),
    Fault("batch_cut", "the socket is cut once, in batch", BATCH_AT, bother=_cut_once, prepare=_records),
    Fault("half_upload", "an upload is cut in the middle", BATCH_AT, bother=_cut_upload, prepare=_records),
    Fault("double_upload", "every chunk is uploaded twice", BATCH_AT, prepare=_sends_twice),
    Fault("corrupt_upload", "a recording that nobody can play", BATCH_AT, prepare=_sends_rubbish),
    _wave("web_killed", "a web process is killed with -9", _kill("web")),
    _wave("web_drained", "a web process is asked to stop", _kill("web", signal.SIGTERM)),
    _wave("redis_restart", "Redis restarts", _redis),
    _wave("redis_lost", "Redis restarts and has lost its data", _empty_redis),
    _wave("postgres_restart", "PostgreSQL restarts", _postgres),
    replace(
        _wave("provider_refuses", "the provider refuses new streams", _provider("refuses"), _provider_recovers),
        strike_s=(0.0, 2.0),
    ),
    _wave("provider_silent", "the provider accepts and stays silent", _provider("silent"), _provider_recovers),
    _wave("provider_dies", "the provider breaks off in the utterance", _provider("dies"), _provider_recovers),
    _wave("provider_garbage", "the provider sends garbage", _provider("garbage"), _provider_recovers),
    _wave("provider_slow", "the provider takes 9 s for its words", _provider("slow"), _provider_recovers),
    _wave("kill_drain", "an operator switches streaming off, drain", _switch_off("drain"), _switch_on),
    _wave("kill_hard", "an operator switches streaming off, hard", _switch_off("hard"), _switch_on),
    _wave("worker_killed", "all workers are killed with -9 at work", _kill_worker_at_work, slug=BATCH_AT),
    _wave("fallback_worker_killed", "streaming off, then the workers", _switch_off_and_kill_worker, _switch_on),
)
