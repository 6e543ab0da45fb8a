"""Words become an `Understood`: at once by the parser, and where it is unsure a moment later with a second opinion."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from orders.understanding.types import MenuUnderstander, Understanding
from orders.understanding_model import Outcome
from voice.call_metrics import CallMetrics
from voice.dialog.effects import Understand
from voice.dialog.events import EngineFailed, Event, Understood
from voice.errands import Errands
from voice.second_opinion import SecondOpinion

logger = logging.getLogger(__name__)


class Reader:
    """Every `Understand` is answered by exactly one event, whatever fails on the way."""

    def __init__(
        self,
        understander: MenuUnderstander,
        second: SecondOpinion | None,
        *,
        deliver: Callable[[Event], None],
        errands: Errands,
        clock: Callable[[], int],
        metrics: CallMetrics,
    ) -> None:
        self._understander = understander
        self._second = second
        self._deliver = deliver
        self._errands = errands
        self._clock = clock
        self._metrics = metrics

    def read(self, effect: Understand) -> None:
        began = time.perf_counter()
        try:
            first = self._understander.understand_best(effect.hypotheses, effect.cart, effect.expect)
            is_unsure = self._second is not None and self._second.is_wanted(first, effect.expect)
        except Exception:
            logger.exception("The understander failed on turn %d", effect.turn)
            self._metrics.count("understander_failures")
            self._deliver(EngineFailed(at_ms=self._clock(), stage="understander", reason="internal error"))
            return
        self._metrics.add("understand", (time.perf_counter() - began) * 1000)
        if self._second is not None and is_unsure:
            self._errands.run(self._read_again(self._second, effect, first), "second opinion")
        else:
            self._answer(effect, first)

    async def _read_again(self, second: SecondOpinion, effect: Understand, first: Understanding) -> None:
        began = time.perf_counter()
        understanding = first
        try:
            reading = await second.ask(effect, first)
            understanding = reading.understanding
            self._metrics.count(f"second_opinion_{reading.outcome.value}")
            if reading.outcome not in (Outcome.RESTING, Outcome.NOT_ASKED):
                self._metrics.count("model_questions")
        except Exception:
            logger.exception("The second opinion on turn %d failed", effect.turn)
            self._metrics.count("second_opinion_failures")
        self._answer(effect, understanding)
        self._metrics.add("second_opinion", (time.perf_counter() - began) * 1000)

    def _answer(self, effect: Understand, understanding: Understanding) -> None:
        self._deliver(Understood(at_ms=self._clock(), turn=effect.turn, understanding=understanding))
