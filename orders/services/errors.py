from __future__ import annotations

from orders.cart_types import Problem
from orders.models import Order
from orders.states import OrderState


class OrderRefused(Exception):
    """The cart cannot become an order; `problems` say why, the most urgent first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(problem.kind.value for problem in problems))
        self.problems = problems


class TransitionRefused(Exception):
    """The order cannot go from the state it is in to the one asked for."""

    def __init__(self, order: Order, wanted: OrderState | None) -> None:
        super().__init__(f"{order.state} to {wanted.value if wanted else 'an earlier state'} is not possible")
        self.order = order


class StaleOrder(Exception):
    """Someone else changed the order since the version that was seen."""

    def __init__(self, order: Order, seen: int) -> None:
        super().__init__(f"version {seen} was seen, it is {order.version} by now")
        self.order = order
