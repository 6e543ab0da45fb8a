"""What became of the calls: what the customers saw beside what PostgreSQL has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.faults_customer import CallResult
from benchmarks.faults_list import FAULTS

COLUMNS = {
    "calls": "started", "confirmed": "confirmed", "once": "stored_once", "lost": "lost", "doubled": "doubled",
    "wrong": "wrong", "resume": "by_resume", "fallback": "by_fallback", "anew": "by_new_call", "person": "by_person",
    "unaided": "unaided", "failed": "not_recovered", "p50 s": "recover_p50_s", "p95 s": "recover_p95_s",
}  # fmt: skip


@dataclass
class Stored:
    """Orders of a customer's calls: id to dishes."""

    orders: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass
class Verdict:
    result: CallResult
    stored: Stored

    @property
    def is_stored_once(self) -> bool:
        return len(self.stored.orders) == 1

    @property
    def is_lost(self) -> bool:
        """Confirmed, or seen as placed, and not there."""
        result = self.result
        if result.order is not None and result.order not in self.stored.orders:
            return True
        return result.has_confirmed and not result.has_person and not self.stored.orders

    @property
    def is_doubled(self) -> bool:
        return len(self.stored.orders) > 1

    @property
    def is_wrong(self) -> bool:
        """Other dishes than were said: heard twice, or not."""
        return any(dishes != self.result.basket for dishes in self.stored.orders.values())

    @property
    def way(self) -> str:
        """How the call came to its end: resume | fallback | anew | person | unaided | failed."""
        result = self.result
        if result.has_person:
            return "person"
        if result.order is None or self.is_lost:
            return "failed"
        if result.fell_back:
            return "fallback"
        if result.starts_over:
            return "anew"
        return "resume" if result.resumes else "unaided"

    @property
    def is_bad(self) -> bool:
        return self.way == "failed" or self.is_lost or self.is_doubled or self.is_wrong


def judge(results: Iterable[CallResult], folder: Path) -> list[Verdict]:
    """Asks the database, which must be up."""
    from config.embedded.addresses import database_url

    by_call: dict[str, dict[str, dict[str, int]]] = {}
    with psycopg.connect(database_url(folder)) as database:
        rows = database.execute(
            "SELECT o.call_id::text, o.id::text, l.item_code, l.quantity FROM orders_order o "
            "JOIN orders_orderline l ON l.order_id = o.id AND l.parent_id IS NULL"
        ).fetchall()
    for call_id, order_id, item, quantity in rows:
        dishes = by_call.setdefault(call_id, {}).setdefault(order_id, {})
        dishes[item] = dishes.get(item, 0) + quantity
    return [
        Verdict(result, Stored({k: v for call_id in result.call_ids for k, v in by_call.get(call_id, {}).items()}))
        for result in results
    ]


def summary(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Of any group of calls."""
    ways = [verdict.way for verdict in verdicts]
    waits = sorted(s for verdict in verdicts if (s := verdict.result.recover_s) is not None)
    return {
        "runs": len(verdicts),
        "started": sum(verdict.result.has_started for verdict in verdicts),
        "confirmed": sum(verdict.result.order is not None for verdict in verdicts),
        "stored_once": sum(verdict.is_stored_once for verdict in verdicts),
        "lost": sum(verdict.is_lost for verdict in verdicts),
        "doubled": sum(verdict.is_doubled for verdict in verdicts),
        "wrong": sum(verdict.is_wrong for verdict in verdicts),
        "by_resume": ways.count("resume"),
        "by_fallback": ways.count("fallback"),
        "by_new_call": ways.count("anew"),
        "by_person": ways.count("person"),
        "unaided": ways.count("unaided"),
        "not_recovered": ways.count("failed"),
        "recovered_rate": round(1 - ways.count("failed") / max(1, len(ways)), 4),
        "repeated": sum(verdict.result.repeated for verdict in verdicts),
        "started_over": sum(verdict.result.starts_over for verdict in verdicts),
        "recover_p50_s": _percentile(waits, 50),
        "recover_p95_s": _percentile(waits, 95),
    }


def table(verdicts: Sequence[Verdict]) -> str:
    names = [fault.name for fault in FAULTS if any(verdict.result.fault == fault.name for verdict in verdicts)]
    rows = [[name, summary([verdict for verdict in verdicts if verdict.result.fault == name])] for name in names]
    lines = [f"{'fault':<24}" + "".join(f"{column:>10}" for column in COLUMNS)]
    for name, figures in [*rows, ["all", summary(verdicts)]]:
        values = [figures[key] for key in COLUMNS.values()]
        lines.append(f"{name:<24}" + "".join(f"{'–' if value is None else value:>10}" for value in values))
    return "\n".join(lines)


def last_line(verdicts: Sequence[Verdict], *, seconds: float) -> dict[str, Any]:
    names = sorted({verdict.result.fault for verdict in verdicts})
    of_each = {name: summary([verdict for verdict in verdicts if verdict.result.fault == name]) for name in names}
    return {**summary(verdicts), "seconds": round(seconds, 1), "by_fault": of_each}


def _percentile(values: Sequence[float], percent: int) -> float | None:
    return round(values[min(len(values) - 1, len(values) * percent // 100)], 2) if values else None


def trail(verdict: Verdict) -> str:
    """For whoever looks for the reason."""
    result = verdict.result
    head = f"{result.fault} {result.number}: {verdict.way}, wanted {result.basket}, stored {verdict.stored.orders}"
    return "\n    ".join((head, f"calls {', '.join(result.call_ids)}", *result.trail)) + "\n\n"
