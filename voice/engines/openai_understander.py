"""The second reader behind OpenAI's Chat Completions, or behind anything that speaks them (`base_url`).

One question, one answer, one deadline: no retries, nothing streamed, nothing kept there (`store=False`). Logs say how
it went and how long it took, never what was said nor what a service answered (an error may quote the key).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from openai import APIStatusError, APITimeoutError, AsyncOpenAI, OpenAIError, omit
from openai.types.chat import ChatCompletion

from orders.cart_types import Cart
from orders.understanding.types import Expectation, Understanding
from orders.understanding_model import Outcome, Question, SecondReading, question_for, weigh
from restaurants.menu import Menu
from voice.engines.types import ModelSettings

logger = logging.getLogger(__name__)

MAX_ANSWER_TOKENS = 1_200
FAILURES_BEFORE_REST = 3
REST_S = 30.0  # unsure turns are asked about at once meanwhile, instead of after the deadline
REASONING: dict[str, Literal["none", "minimal", "low"]] = {"none": "none", "minimal": "minimal", "low": "low"}


@dataclass(slots=True)
class _Health:
    """Failures in a row, and until when it is left alone for them."""

    clock: Callable[[], float]
    failures: int = 0
    rests_until: float = field(default=float("-inf"))

    @property
    def is_resting(self) -> bool:
        return self.clock() < self.rests_until

    def went(self, *, well: bool) -> None:
        self.failures = 0 if well else self.failures + 1
        if self.failures >= FAILURES_BEFORE_REST:
            self.rests_until = self.clock() + REST_S
            self.failures = FAILURES_BEFORE_REST - 1  # after the rest one more failure is enough


class OpenAIUnderstander:
    """A `ModelUnderstander`. One per event loop, shared by its calls; connections are kept."""

    def __init__(self, settings: ModelSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._health = _Health(clock)
        self._client = AsyncOpenAI(
            api_key=settings.api_key,
            base_url=settings.base_url or None,
            timeout=settings.deadline_ms / 1000,
            max_retries=0,
        )

    async def understand(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation, menu: Menu, parser_result: Understanding
    ) -> Understanding:
        return (await self.read(hypotheses, cart, expect, menu, parser_result)).understanding

    async def read(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation, menu: Menu, parser_result: Understanding
    ) -> SecondReading:
        if self._health.is_resting:
            return SecondReading(parser_result, Outcome.RESTING)
        # Some milliseconds with a long menu: not on the loop that carries everybody's audio.
        question = await asyncio.to_thread(question_for, hypotheses, cart, expect, menu, parser_result)
        if question is None:
            return SecondReading(parser_result, Outcome.NOT_ASKED)
        began = time.perf_counter()
        found = await self._ask(question)
        if isinstance(found, Outcome):  # first: an Outcome is a str as well
            reading = SecondReading(parser_result, found)
        else:
            reading = weigh(parser_result, found, question)
        logger.info("Second reading: %s after %d ms", reading.outcome.value, (time.perf_counter() - began) * 1000)
        return reading

    async def close(self) -> None:
        await self._client.close()

    async def _ask(self, question: Question) -> str | Outcome:
        """The answer as it came, or why there is none."""
        try:
            async with asyncio.timeout(self._settings.deadline_ms / 1000):
                completion = await self._complete(question)
        except (TimeoutError, APITimeoutError):
            self._health.went(well=False)
            return Outcome.LATE
        except OpenAIError as error:
            status = f" {error.status_code}" if isinstance(error, APIStatusError) else ""
            logger.warning("The second reader did not answer: %s%s", type(error).__name__, status)
            self._health.went(well=False)
            return Outcome.FAILED
        except ValueError as error:  # a body that is no JSON, whatever its headers say
            logger.warning("The second reader did not answer: %s", type(error).__name__)
            self._health.went(well=False)
            return Outcome.FAILED
        self._health.went(well=True)
        return _content(completion)

    async def _complete(self, question: Question) -> object:
        """Typed as anything: what a compatible service sends need not be what the SDK says it is."""
        return await self._client.chat.completions.create(
            model=self._settings.model,
            messages=[
                {"role": "system", "content": question.rules},
                {"role": "user", "content": question.material},
            ],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "reading", "strict": True, "schema": question.schema},
            },
            max_completion_tokens=MAX_ANSWER_TOKENS,
            store=False,
            reasoning_effort=REASONING.get(self._settings.reasoning, omit),
        )


def _content(completion: object) -> str | Outcome:
    """An answer that was cut off is unreadable: half of the edits would be the wrong order."""
    choices = completion.choices if isinstance(completion, ChatCompletion) else None
    if not isinstance(choices, list) or not choices or choices[0].message is None:
        return Outcome.UNREADABLE
    message = choices[0].message
    if message.refusal or choices[0].finish_reason == "content_filter":
        return Outcome.DECLINED
    if choices[0].finish_reason != "stop" or not isinstance(message.content, str):
        return Outcome.UNREADABLE
    return message.content
