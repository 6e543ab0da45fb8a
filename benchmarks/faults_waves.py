"""Which calls are made when: what strikes one customer all together, what strikes the house fault by fault."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence

from benchmarks.faults_control import Control
from benchmarks.faults_customer import CallResult, Customer
from benchmarks.faults_house import House
from benchmarks.faults_list import BATCH_AT, Fault

HOPELESS = 6  # calls in a row that did not begin: something else is broken
SPREAD_S = 4.0  # the calls of a wave begin within it


class Waves:
    """`results` grows while `run` runs."""

    def __init__(
        self, house: House, faults: Sequence[Fault], *, runs: int, parallel: int, seed: int, say: Callable[[str], None]
    ) -> None:
        self._house = house
        self._control = Control(house)
        self._parallel = parallel
        self._seed = seed
        self._say = say
        self._began_s = time.monotonic()
        self.results: list[CallResult] = []
        share, rest = divmod(runs, len(faults))
        self._counts = {fault: share + (place < rest) for place, fault in enumerate(faults)}
        self._runs = runs

    async def run(self) -> None:
        await self._control.ready()
        await self._control.use_batch_at(BATCH_AT)
        self._progress("the house is ready")
        await self._one_by_one([fault for fault in self._counts if fault.strike is None])
        for fault in self._counts:
            if fault.strike is not None:
                await self._struck(fault)

    async def _one_by_one(self, faults: Sequence[Fault]) -> None:
        """Calls of all these faults beside each other, in an order by chance."""
        calls = [(fault, number) for fault in faults for number in range(self._counts[fault])]
        random.Random(self._seed).shuffle(calls)
        room = asyncio.Semaphore(self._parallel)

        async def one(fault: Fault, number: int) -> None:
            async with room:
                await self._call(fault, number)

        await asyncio.gather(*(one(fault, number) for fault, number in calls))

    async def _struck(self, fault: Fault) -> None:
        """The calls of one fault, as many at once as may be, and one blow for all of them."""
        for first in range(0, self._counts[fault], self._parallel):
            await self._wave(fault, range(first, min(first + self._parallel, self._counts[fault])))

    async def _wave(self, fault: Fault, numbers: range) -> None:
        assert fault.strike is not None
        chance = random.Random(f"{self._seed} {fault.name} {numbers.start}")
        on_line: set[Customer] = set()
        has_struck = asyncio.Event()

        async def one(place: int, number: int) -> None:
            await asyncio.sleep(SPREAD_S * place / len(numbers))
            await self._call(fault, number, on_line, has_fault=has_struck.is_set())

        async def strike() -> None:
            assert fault.strike is not None
            await asyncio.sleep(chance.uniform(*fault.strike_s))
            has_struck.set()
            for customer in on_line:
                customer.faulted(fault.text)
            await fault.strike(self._control, chance)

        await asyncio.gather(strike(), *(one(place, number) for place, number in enumerate(numbers)))
        if fault.mend is not None:
            await fault.mend(self._control, chance)
            await asyncio.sleep(1.0)
        await self._control.ready()

    async def _call(
        self, fault: Fault, number: int, on_line: set[Customer] | None = None, *, has_fault: bool = False
    ) -> None:
        """`has_fault`: the house was struck before this call."""
        seed = random.Random(f"{self._seed} {fault.name} {number}")
        customer = Customer(fault.name, number, slug=fault.slug, ports=self._house.ports, seed=seed.getrandbits(32))
        if fault.prepare is not None:
            fault.prepare(customer)
        if has_fault:
            customer.on_ready = lambda: customer.faulted(fault.text)
        if on_line is not None:
            on_line.add(customer)
        bothering = asyncio.create_task(fault.bother(customer, seed)) if fault.bother is not None else None
        try:
            result = await customer.call()
        finally:
            if on_line is not None:
                on_line.discard(customer)
            if bothering is not None:
                bothering.cancel()
                await asyncio.gather(bothering, return_exceptions=True)
        self.results.append(result)
        if not any(result.has_started for result in self.results[-HOPELESS:]) and len(self.results) >= HOPELESS:
            raise RuntimeError(f"{HOPELESS} calls in a row did not even begin:\n{self._house.log_end('web0')}")
        end = f"#{result.order[:8]}" if result.order else "with a person" if result.has_person else "NO ORDER"
        self._progress(f"{len(self.results):>4}/{self._runs}  {fault.name:<24}{end}")

    def _progress(self, text: str) -> None:
        self._say(f"{time.monotonic() - self._began_s:7.1f} s  {text}")
