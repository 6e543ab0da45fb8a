"""The second reader of one call: bound to its menu, asked only where the first one is unsure."""

from __future__ import annotations

from dataclasses import dataclass

from orders.understanding.types import Expectation, Understanding
from orders.understanding_model import ModelUnderstander, SecondReading, should_ask_model
from restaurants.menu import Menu
from voice.dialog.effects import Understand


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    model: ModelUnderstander
    menu: Menu

    def is_wanted(self, first: Understanding, expect: Expectation) -> bool:
        return should_ask_model(first, expect=expect)

    async def ask(self, effect: Understand, first: Understanding) -> SecondReading:
        return await self.model.read(effect.hypotheses, effect.cart, effect.expect, self.menu, first)
