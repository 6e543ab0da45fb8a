"""Mix deals ("any three tacos for 9.90"): the cheapest way to cover a cart with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orders.money import share_out
from restaurants.menu import MixDeal

MAX_UNITS = 200  # more is far above any cap on an order: the rest is priced without deals
MAX_STATES = 4096


@dataclass(frozen=True, slots=True)
class DealUse:
    """`times` uses of one deal and what they save, by line id."""

    deal: str
    times: int
    saved_by_line: Mapping[str, int]

    @property
    def saved_cents(self) -> int:
        return sum(self.saved_by_line.values())


@dataclass(frozen=True, slots=True)
class _Unit:
    line: str
    item: str
    base_cents: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """The cheapest way found to a state; `taken` links back through the units given to deals."""

    cost_cents: int
    taken: tuple[int, int, object] | None = None  # (unit index, deal index, the `taken` before)


def best_deals(lines: Sequence[tuple[str, str, int, int]], deals: Sequence[MixDeal]) -> tuple[DealUse, ...]:
    """lines: (line id, item id, base price, quantity), options not counted: they stay payable on top.

    Exact: goes through the units once and keeps, for every number of places filled in each deal's open set, the
    lowest cost. A completed set costs the deal's price; a plan that ends with an open set is thrown away.
    """
    deals = _bounded([deal for deal in deals if deal.size > 0])
    units = [
        _Unit(line, item, base)
        for line, item, base, quantity in sorted(lines, key=lambda line: -line[2])
        if any(item in deal.items for deal in deals)
        for _ in range(min(quantity, MAX_UNITS))
    ][:MAX_UNITS]
    start = (0,) * len(deals)
    plans: dict[tuple[int, ...], _Plan] = {start: _Plan(0)}
    for index, unit in enumerate(units):
        after: dict[tuple[int, ...], _Plan] = {}
        for state, plan in plans.items():
            _offer(after, state, plan.cost_cents + unit.base_cents, plan.taken)
            for number, deal in enumerate(deals):
                if unit.item in deal.items:
                    filled = (state[number] + 1) % deal.size
                    cost = plan.cost_cents + (0 if filled else deal.price_cents)
                    _offer(after, (*state[:number], filled, *state[number + 1 :]), cost, (index, number, plan.taken))
        plans = after
    return _uses(plans[start].taken, units, deals)


def _bounded(deals: Sequence[MixDeal]) -> list[MixDeal]:
    """The first deals of the menu whose states stay few; a real menu has one or two."""
    kept: list[MixDeal] = []
    states = 1
    for deal in deals:
        if states * deal.size <= MAX_STATES:
            states *= deal.size
            kept.append(deal)
    return kept


def _offer(
    plans: dict[tuple[int, ...], _Plan], state: tuple[int, ...], cost: int, taken: tuple[int, int, object] | None
) -> None:
    known = plans.get(state)
    if known is None or cost < known.cost_cents:
        plans[state] = _Plan(cost, taken)


def _uses(taken: object, units: Sequence[_Unit], deals: Sequence[MixDeal]) -> tuple[DealUse, ...]:
    members: list[list[_Unit]] = [[] for _ in deals]
    while isinstance(taken, tuple):
        index, number, taken = taken
        members[number].append(units[index])
    uses = []
    for deal, group in zip(deals, members, strict=True):
        times = len(group) // deal.size
        bases: dict[str, int] = {}
        for unit in group:
            bases[unit.line] = bases.get(unit.line, 0) + unit.base_cents
        if times:
            saved = share_out(sum(bases.values()) - times * deal.price_cents, list(bases.values()))
            uses.append(DealUse(deal.id, times, dict(zip(bases, saved, strict=True))))
    return tuple(uses)
