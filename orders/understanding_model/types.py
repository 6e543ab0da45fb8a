"""What a second reading is, and who gives one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from orders.cart_types import Cart
from orders.understanding.types import Expectation, Understanding
from restaurants.menu import Menu


class Outcome(StrEnum):
    """How asking went. All but the first three leave the parser's reading as it was, or less sure."""

    AGREED = "agreed"  # both readers lead to the same basket
    TAKEN = "taken"  # the model's reading, told back
    GUESSED = "guessed"  # the model's reading, but it is not sure either: the customer is asked
    NOTHING = "nothing"  # it found nothing to do
    DISPUTED = "disputed"  # the parser has edits, the model says there are none: the customer is asked
    REFUSED_EDIT = "refused_edit"  # the basket's rules refuse what it proposed: the customer is asked
    INVENTED = "invented"  # an id that was not offered to it
    UNREADABLE = "unreadable"  # no answer of the agreed form
    DECLINED = "declined"  # the model would not answer
    LATE = "late"
    FAILED = "failed"  # the service refused or could not be reached
    RESTING = "resting"  # it failed too often just now and was not asked
    NOT_ASKED = "not_asked"  # nothing of the menu to ask about


@dataclass(frozen=True, slots=True)
class SecondReading:
    understanding: Understanding
    outcome: Outcome


class ModelUnderstander(Protocol):
    """A hosted model behind a deadline. Never raises: what goes wrong is an outcome, and the first reading stands."""

    async def read(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation, menu: Menu, parser_result: Understanding
    ) -> SecondReading: ...

    async def understand(
        self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation, menu: Menu, parser_result: Understanding
    ) -> Understanding:
        """The same, without saying how it came about."""
        ...

    async def close(self) -> None: ...
