"""A customer who wants an order: says a dish, waits for it in the basket, says the next; confirms what is read back.

Who gets no answer says it again, as people do; that is counted. What the customer saw is in `CallResult`; what is
stored, the database is asked at the end.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from benchmarks.faults_line import Line
from benchmarks.faults_page import Page
from benchmarks.faults_sound import FRAME_MS, SILENCE, frames_of
from benchmarks.faults_upload import Uploads

CALL_S: Final = 75.0  # nobody stays longer
PATIENCE_S: Final = 7.0  # without an answer, on a connection that stands
THINKING_S: Final = 20.0  # while the page says that it is at work
PAUSE_FRAMES: Final = 25  # after a phrase
AFTERWARDS_S: Final = 0.5
LOOK_S: Final = 0.005
WITH_STAFF: Final = frozenset({"transferred", "completed_with_staff"})

# restaurant: what can be said there, and what it puts into the basket
MENUS: Final[dict[str, dict[str, tuple[str, int]]]] = {
    "bella-napoli": {
        "a coke": ("coke", 1),
        "two tiramisu": ("tiramisu", 2),
        "garlic bread": ("garlic_bread", 1),
        "two cannoli": ("cannoli", 2),
    },
    "taqueria-sol": {
        "a coke": ("coca_cola", 1),
        "two churros": ("churros", 2),
        "chips and salsa": ("totopos", 1),
        "guacamole": ("guacamole", 1),
    },
}


@dataclass
class CallResult:
    fault: str
    number: int
    slug: str
    basket: dict[str, int]  # what was wanted
    has_started: bool = False
    has_confirmed: bool = False  # tapped, or said yes
    order: str | None = None  # the id that came with order.placed
    call_ids: list[str] = field(default_factory=list)
    faulted_s: float | None = None  # monotonic
    useful_s: list[float] = field(default_factory=list)
    resumes: int = 0
    starts_over: int = 0
    repeated: int = 0
    fell_back: bool = False
    has_person: bool = False
    mode: str = ""
    trail: list[str] = field(default_factory=list)

    @property
    def recover_s(self) -> float | None:
        """Fault to the next thing the server told this customer."""
        if self.faulted_s is None:
            return None
        return next((at_s - self.faulted_s for at_s in self.useful_s if at_s > self.faulted_s), None)


class Customer:
    """`call` is the whole of it. `line`, `page` and `result` are there for whoever injects a fault."""

    def __init__(self, fault: str, number: int, *, slug: str, ports: list[int], seed: int, taps: int = 1) -> None:
        self._chance = random.Random(seed)
        menu = MENUS[slug]
        said = self._chance.sample(sorted(menu), self._chance.choice((2, 3)))
        self._wishes = {phrase: menu[phrase] for phrase in said}
        self.result = CallResult(fault, number, slug, dict(self._wishes.values()))
        self.line = Line(ports, random.Random(self._chance.random()))
        self.page = Page(self.line, slug, random.Random(self._chance.random()), self.note)
        self.uploads = Uploads(self.page, self.note)
        self.confirm_taps = taps
        self.on_ready: Callable[[], None] = lambda: None
        self._voice: deque[bytes] = deque()
        self._says_yes = self._chance.random() < 0.4 and taps == 1
        self._began_s = 0.0

    def note(self, text: str) -> None:
        self.result.trail.append(f"{time.monotonic() - self._began_s:6.2f} {text}")

    def faulted(self, text: str) -> None:
        """The fault has happened now."""
        if self.result.faulted_s is None:
            self.result.faulted_s = time.monotonic()
        self.note(f"*** {text}")

    async def call(self) -> CallResult:
        self._began_s = time.monotonic()
        await self.line.lay()
        tasks = [asyncio.create_task(self.page.run()), asyncio.create_task(self._keep_microphone())]
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(CALL_S):
                    await self._order()
            await asyncio.sleep(AFTERWARDS_S)
            await self.page.hang_up()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.line.close()
            self._conclude()
        return self.result

    def _conclude(self) -> None:
        page, result = self.page, self.result
        result.has_started = bool(page.call_ids)
        result.order = str(page.placed["order"]) if page.placed else None
        result.call_ids = page.call_ids
        result.useful_s = page.useful_s
        result.resumes, result.starts_over = page.resumes, page.starts_over
        result.has_person = page.state == "with_staff" or page.outcome in WITH_STAFF
        result.mode = page.mode
        result.fell_back = page.has_left_streaming

    # --- What people do -----------------------------------------------------------------------------------------------

    @property
    def _is_over(self) -> bool:
        page = self.page
        return page.placed is not None or page.link == "ended" or page.state == "with_staff"

    async def _order(self) -> None:
        await self._until(lambda: self.page.link == "live", patience_s=CALL_S)
        self.on_ready()
        await self._until(lambda: self.page.is_speaking, patience_s=2.0)
        last, tries = "", 0
        while not self._is_over:
            await self._until(lambda: not self.page.is_speaking, patience_s=3.0)
            await asyncio.sleep(self._chance.uniform(0.1, 0.5))
            if self._is_over:
                return
            aim = self._next_aim()
            tries = tries + 1 if aim == last else 0
            self.result.repeated += tries > 0
            last = aim
            if aim == "confirm":
                await self._confirm(tries)
            elif aim == "that's all":
                await self._say(aim, lambda: self.page.readback is not None)
            else:
                item, _ = self._wishes[aim]
                await self._say(aim, lambda item=item: item in self.page.cart)  # type: ignore[misc]  # bound now

    def _next_aim(self) -> str:
        missing = [phrase for phrase, (item, _) in self._wishes.items() if item not in self.page.cart]
        if missing:
            return missing[0]
        return "confirm" if self.page.readback is not None else "that's all"

    async def _say(self, phrase: str, is_answered: Callable[[], bool]) -> None:
        self.note(f"says: {phrase}")
        failed = self.uploads.failures
        if self.page.is_typed_only:
            self.page.send("text", text=phrase)
        elif self.uploads.is_wanted:
            self.uploads.send(phrase)
        else:
            self._voice.extend([*frames_of(phrase), *[SILENCE] * PAUSE_FRAMES])
            await self._until(lambda: not self._voice, patience_s=5.0)
        await self._until(lambda: is_answered() or self.uploads.failures > failed)

    async def _confirm(self, tries: int) -> None:
        revision = self.page.readback
        self.result.has_confirmed = True
        if self._says_yes and tries == 0:
            await self._say("yes", lambda: self.page.placed is not None)
            return
        if self.confirm_taps > 1:
            self.faulted(f"confirm is tapped {self.confirm_taps} times")
        self.note(f"taps confirm, revision {revision}")
        for _ in range(self.confirm_taps):
            self.page.send("order.confirm", revision=revision, name=f"Customer {self.result.number}")
        await self._until(lambda: self.page.placed is not None)

    async def _until(self, is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
        """Waits for the page; longer while it says that it is working on it or looks for the connection."""
        waited_from_s, seen = time.monotonic(), len(self.page.useful_s)
        while not is_so() and not self._is_over:
            self.page.changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self.page.changed.wait()
            is_busy = self.page.link != "live" or len(self.page.useful_s) != seen or self.uploads.is_busy
            if is_busy and patience_s >= PATIENCE_S:
                waited_from_s, seen = time.monotonic(), len(self.page.useful_s)
            is_thinking = self.page.state == "thinking" and patience_s >= PATIENCE_S
            if time.monotonic() - waited_from_s > (THINKING_S if is_thinking else patience_s):
                return False
        return True

    async def until(self, is_so: Callable[[], bool]) -> None:
        """For a fault that waits for its moment; looks every few milliseconds."""
        while True:
            if is_so():
                return
            await asyncio.sleep(LOOK_S)

    async def _keep_microphone(self) -> None:
        """A frame every 20 ms, whatever happens."""
        next_s = time.monotonic()
        while self.page.link != "ended":
            self.page.push_audio(self._voice.popleft() if self._voice else SILENCE)
            next_s += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, next_s - time.monotonic()))
