"""The recordings of one call: handed in by the server or uploaded by the page, and their words on the way back.

A recording's words count as taken once they are in the call's checkpoint, not before: whoever carries the call on after
a crash finds them again, and the call core ignores those it knows.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import Protocol

from django.db import DatabaseError

from voice.batch import selectors, services
from voice.batch.limits import RecordingError
from voice.consumers.database import in_database
from voice.consumers.keeper import Keeper
from voice.dialog.events import Hypothesis, RecordingHeard, RecordingReceived
from voice.dialog.session import CallSession
from voice.ending import end_tasks
from voice.engines.types import EngineUnavailable
from voice.models import Recording, Stage
from voice.protocol import Progress, ServerMessage
from voice.runner import CallRunner
from voice.turn_stages import Reached, TurnStages

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0  # while something is open: a lost message costs no more
AGAIN_S = 0.5  # while the database is away
WAITING = (Stage.RECEIVED, Stage.TRANSCRIBING)
WORDS_ARE_THERE = (Stage.TRANSCRIPT.value, Stage.FAILED.value)


class Dialogue(Protocol):
    """The call, as its recordings see it (`voice.consumers.live_call.LiveCall`)."""

    session: CallSession
    runner: CallRunner
    keeper: Keeper

    def clock(self) -> int: ...


class CallRecordings:
    """Owned by one live call. No task runs while nothing is open."""

    def __init__(self, call: Dialogue, *, restaurant_id: int, call_id: str) -> None:
        self._call = call
        self._restaurant_id = restaurant_id
        self._call_id = call_id
        self._awaited: dict[str, asyncio.Future[tuple[Hypothesis, ...]]] = {}  # by key: handed in here
        self._keys: dict[str, str] = {}  # of recordings handed in here
        self._given: set[str] = set()  # their words are on their way into the call core
        self._taken: set[str] = set()
        self._shown: set[tuple[str, str]] = set()
        self._stages = TurnStages()
        self._reached: Reached = []
        self._is_open = True
        self._must_look = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # --- The desk of a batch stream -----------------------------------------------------------------------------------

    async def hand_in(self, pcm: bytes, *, sample_rate_hz: int) -> str:
        """raises: EngineUnavailable when it can't be taken, ever"""
        key = f"spool-{uuid.uuid4().hex}"
        self._awaited[key] = asyncio.get_running_loop().create_future()
        try:
            recording = await self._store(key, pcm, sample_rate_hz)
        except BaseException:
            del self._awaited[key]  # should it be stored all the same, its words are a turn of their own
            raise
        self._keys[recording] = key
        self._call.keeper.soon()  # so that nobody asks the page for this audio again
        self._show(recording, Stage.RECEIVED.value, 0)
        self.look()
        return recording

    async def words(self, recording: str) -> tuple[Hypothesis, ...]:
        """Nobody waits for them any more: they come as a turn of their own."""
        key = self._keys[recording]
        try:
            return await self._awaited[key]
        except asyncio.CancelledError:
            del self._keys[recording]
            self.look()
            raise
        finally:
            del self._awaited[key]

    async def _store(self, key: str, pcm: bytes, sample_rate_hz: int) -> str:
        while True:
            try:
                recording = await in_database(
                    services.take_audio,
                    restaurant_id=self._restaurant_id,
                    call_id=self._call_id,
                    key=key,
                    pcm=pcm,
                    sample_rate_hz=sample_rate_hz,
                )
            except RecordingError as error:
                raise EngineUnavailable(str(error)) from error
            except (DatabaseError, OSError) as error:
                logger.warning("An utterance of call %s is not stored yet: %s", self._call_id, type(error).__name__)
                await asyncio.sleep(AGAIN_S)
            else:
                return str(recording)

    # --- What the call tells ------------------------------------------------------------------------------------------

    def told(self, recording: str, stage: str, at_ms: int) -> None:
        """By another process: a recording has reached a stage."""
        self._show(recording, stage, at_ms)
        if stage == Stage.RECEIVING:
            self._call.runner.push(RecordingReceived(at_ms=self._call.clock(), recording=recording, is_whole=False))
        elif stage in WORDS_ARE_THERE or recording not in self._keys:
            self.look()

    def look(self) -> None:
        """Something may be there. Returns at once."""
        self._must_look = True
        self._start()

    def wrote(self, message: ServerMessage) -> None:
        """To the page, about the turn of a recording perhaps."""
        if heard := self._heard():
            self._reached += self._stages.heard(heard)
        if self._stages:
            self._reached += self._stages.wrote(message)
        if self._reached:
            self._start()

    async def close(self) -> None:
        """After the last event; what was heard is finished with."""
        self._is_open = False
        self._reached += self._stages.end()
        task, self._task = self._task, None
        await end_tasks(task)
        for future in self._awaited.values():
            future.cancel()
        try:
            await self._note()
        except DatabaseError:
            logger.warning("The last stages of call %s were not noted", self._call_id)

    # --- One task -----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if not self._is_open:
            return
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="recordings")

    async def _work(self) -> None:
        is_open = True
        while is_open or self._must_look or self._reached:
            self._wake.clear()
            try:
                if self._must_look or is_open:
                    self._must_look = False
                    is_open = await self._collect()
                await self._note()
            except (DatabaseError, OSError) as error:
                logger.warning("The recordings of call %s cannot be read: %s", self._call_id, type(error).__name__)
                is_open = True
            if is_open:
                await self._sleep(LOOK_EVERY_S)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _collect(self) -> bool:
        """Gives on what has come. Returns whether more is to come."""
        rows = await in_database(selectors.unfinished_recordings, self._restaurant_id, self._call_id)
        is_behind = False
        for row in rows:
            if row.key in self._awaited:
                self._answer(self._awaited[row.key], row)
            elif str(row.pk) not in self._keys:
                is_behind = self._give(row, is_behind=is_behind)
        if any(row.stage in WAITING for row in rows):
            await in_database(services.ring_again_if_stalled, restaurant_id=self._restaurant_id, call_id=self._call_id)
        await self._take()
        return bool(self._awaited) or any(str(row.pk) not in self._taken for row in rows)

    def _answer(self, future: asyncio.Future[tuple[Hypothesis, ...]], row: Recording) -> None:
        if row.stage in WAITING or future.done():
            return
        words = services.words_of(row)
        if words.failure:
            self._given.add(str(row.pk))
            future.set_exception(EngineUnavailable(words.failure))
        else:
            future.set_result(words.hypotheses)

    def _give(self, row: Recording, *, is_behind: bool) -> bool:
        """A whole utterance is a turn of its own; they are taken in the order they were spoken."""
        recording, at_ms = str(row.pk), self._call.clock()
        if recording in self._given:
            return is_behind
        if row.stage in WAITING or is_behind:
            self._call.runner.push(RecordingReceived(at_ms=at_ms, recording=recording))
            return True
        self._given.add(recording)
        hypotheses = services.words_of(row).hypotheses
        self._call.runner.push(RecordingHeard(at_ms=at_ms, recording=recording, hypotheses=hypotheses))
        return False

    async def _take(self) -> None:
        """Marks what the call core has, once that is kept."""
        heard = self._heard()
        if not (heard or self._given - self._taken) or not await self._call.keeper.keep_first():
            return
        done = {*self._heard(), *self._given}
        await in_database(
            services.set_taken, restaurant_id=self._restaurant_id, call_id=self._call_id, recording_ids=sorted(done)
        )
        self._taken |= done

    def _heard(self) -> list[str]:
        """Recordings whose words the call core has, and that are not marked as taken yet."""
        return [one for one in self._call.session.state.hearing.heard if one not in self._taken]

    async def _note(self) -> None:
        while self._reached:
            recording, stage = self._reached[0]
            at_ms = await in_database(
                services.advance, restaurant_id=self._restaurant_id, recording_id=recording, stage=stage
            )
            del self._reached[0]
            if at_ms is not None:
                self._show(recording, stage, at_ms)

    def _show(self, recording: str, stage: str, at_ms: int) -> None:
        if stage == Stage.TRANSCRIBING:  # a worker may be quicker than the answer that it was stored
            self._show(recording, Stage.RECEIVED.value, 0)
        if (recording, stage) not in self._shown:
            self._shown.add((recording, stage))
            self._call.runner.send(Progress(recording=recording, stage=stage, at_ms=at_ms))
