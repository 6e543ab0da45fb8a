"""A second opinion beside a call: asked where the parser is unsure, never in the way, and gone with the call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from orders.cart_types import AddLine, Cart
from orders.understanding.types import Expectation, Understanding
from orders.understanding_model import Outcome, SecondReading
from restaurants.menu import Menu
from tests.unit.voice.call_parts import MENU, EchoUnderstander, RecordingEdge, ScriptedSession, SteadySpeaker
from tests.virtual_time import run_virtual
from voice.apps import model_settings
from voice.dialog.effects import Effect, Understand
from voice.dialog.events import Event, Understood, UtteranceTyped
from voice.ears import OpenStream
from voice.render import Renderer
from voice.runner import CallRunner
from voice.second_opinion import SecondOpinion

READ = Understanding("read by the model", (AddLine(item="soup"),), confidence=0.6)
NOTHING_ASKED = Expectation()


@dataclass
class ScriptedModel:
    """Takes `takes_s` to answer; raises `error` instead of answering."""

    takes_s: float = 0.5
    error: Exception | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    cancelled: int = 0

    async def read(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation, menu: Menu, parser_result: Understanding
    ) -> SecondReading:
        self.asked.append(hypotheses)
        try:
            await asyncio.sleep(self.takes_s)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        return SecondReading(READ, Outcome.TAKEN)

    async def understand(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation, menu: Menu, parser_result: Understanding
    ) -> Understanding:
        return (await self.read(hypotheses, cart, expect, menu, parser_result)).understanding

    async def close(self) -> None:
        pass


class Doubtful(EchoUnderstander):
    """Sure of short words only."""

    def understand_best(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation = NOTHING_ASKED
    ) -> Understanding:
        return Understanding(hypotheses[0], confidence=1.0 if len(hypotheses[0]) < 5 else 0.2)


def runner_with(model: ScriptedModel | None) -> tuple[CallRunner, ScriptedSession]:
    loop = asyncio.get_running_loop()
    session = ScriptedSession({UtteranceTyped: _understand})

    async def no_stream(sample_rate_hz: int) -> None:
        raise AssertionError("nobody speaks here")

    open_stream: OpenStream = no_stream  # type: ignore[assignment]  # never opened
    runner = CallRunner(
        session=session,
        understander=Doubtful(),
        open_stream=open_stream,
        speaker=SteadySpeaker(),
        renderer=Renderer(MENU, "en"),
        edge=RecordingEdge(),
        clock=lambda: round(loop.time() * 1000),
        second_opinion=SecondOpinion(model, MENU) if model else None,
    )
    runner.start()
    return runner, session


def _understand(event: UtteranceTyped) -> list[Effect]:
    return [Understand(turn=event.at_ms, hypotheses=(event.text,), cart=Cart(), expect=NOTHING_ASKED)]


def answers(session: ScriptedSession) -> list[tuple[int, str]]:
    found: list[Event] = session.seen(Understood)
    return [(one.turn, one.understanding.text) for one in found if isinstance(one, Understood)]


def test_only_an_unsure_reading_is_read_again() -> None:
    async def call() -> None:
        model = ScriptedModel()
        runner, session = runner_with(model)
        runner.push(UtteranceTyped(at_ms=1, text="soup"))
        runner.push(UtteranceTyped(at_ms=2, text="something else"))
        await asyncio.sleep(0.1)
        assert answers(session) == [(1, "soup")]
        await asyncio.sleep(1)
        assert answers(session) == [(1, "soup"), (2, READ.text)]
        assert model.asked == [("something else",)]
        summary = runner.metrics.summary().as_json()
        assert "second_opinion_taken" in str(summary)
        await runner.stop()

    run_virtual(call())


def test_the_call_goes_on_while_the_model_thinks() -> None:
    async def call() -> None:
        runner, session = runner_with(ScriptedModel(takes_s=30))
        runner.push(UtteranceTyped(at_ms=1, text="something else"))
        runner.push(UtteranceTyped(at_ms=2, text="soup"))
        await asyncio.sleep(0.1)
        assert answers(session) == [(2, "soup")]
        await runner.stop()

    run_virtual(call())


def test_a_model_that_breaks_leaves_the_parsers_reading() -> None:
    async def call() -> None:
        runner, session = runner_with(ScriptedModel(error=RuntimeError("broken")))
        runner.push(UtteranceTyped(at_ms=1, text="something else"))
        await asyncio.sleep(1)
        assert answers(session) == [(1, "something else")]
        await runner.stop()

    run_virtual(call())


def test_without_a_model_nothing_changes() -> None:
    async def call() -> None:
        runner, session = runner_with(None)
        runner.push(UtteranceTyped(at_ms=1, text="something else"))
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert answers(session) == [(1, "something else")]
        await runner.stop()

    run_virtual(call())


def test_nothing_of_it_outlives_the_call() -> None:
    async def call() -> None:
        model = ScriptedModel(takes_s=3_600)
        runner, session = runner_with(model)
        runner.push(UtteranceTyped(at_ms=1, text="something else"))
        await asyncio.sleep(0.1)
        await runner.stop()
        assert model.cancelled == 1
        assert answers(session) == []

    run_virtual(call())


@pytest.mark.parametrize(
    ("key", "model", "is_on"), [("", "some-model", False), ("sk-x", "off", False), ("sk-x", "some-model", True)]
)
def test_without_a_key_there_is_no_model(key: str, model: str, is_on: bool, settings: Any) -> None:
    settings.OPENAI_API_KEY, settings.UNDERSTANDER_MODEL = key, model
    settings.OPENAI_BASE_URL, settings.UNDERSTANDER_MODEL_DEADLINE_MS = "https://models.example/v1", 700
    found = model_settings()
    assert (found is not None) is is_on
    if found is not None:
        assert (found.model, found.base_url, found.deadline_ms) == (model, "https://models.example/v1", 700)
