"""What spoken orders took, by mode: end of speech to the first sound of the answer, and to the finished basket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice.reports.statistics import Share, waits_of


@dataclass(frozen=True, slots=True)
class Measured:
    """One order in one mode, milliseconds from the end of speech; None: it never came. `failure`: why, in words."""

    mode: str
    text: str
    first_reply_ms: int | None = None
    basket_ms: int | None = None
    is_right: bool = False
    failure: str = ""


def mode_figures(measured: Sequence[Measured]) -> dict[str, object]:
    replies = waits_of([one.first_reply_ms for one in measured])
    baskets = waits_of([one.basket_ms for one in measured if one.is_right])
    success = Share(sum(one.is_right for one in measured), len(measured))
    return {
        "orders": len(measured),
        "success": success.hits,
        "success_rate": None if success.rate is None else round(success.rate, 4),
        "success_interval_95": None if success.interval is None else [round(one, 4) for one in success.interval],
        "first_reply_p50_ms": replies.percentile(50),
        "first_reply_p95_ms": replies.percentile(95),
        "basket_p50_ms": baskets.percentile(50),
        "basket_p95_ms": baskets.percentile(95),
        "no_reply": sum(one.first_reply_ms is None for one in measured),
    }


def saved(streaming: Sequence[Measured], batch: Sequence[Measured], figure: str) -> float | None:
    """By which share `first_reply_ms` or `basket_ms` is shorter when streaming, by medians of what both modes have."""
    of_batch = {one.text: getattr(one, figure) for one in batch}
    pairs = [
        (mine, theirs)
        for one in streaming
        if (mine := getattr(one, figure)) is not None and (theirs := of_batch.get(one.text)) is not None
    ]
    if not pairs:
        return None
    middle = waits_of([mine for mine, _ in pairs]).percentile(50)
    middle_of_batch = waits_of([theirs for _, theirs in pairs]).percentile(50)
    return None if middle is None or not middle_of_batch else round(1 - middle / middle_of_batch, 3)


def side_by_side(measured: Sequence[Measured]) -> dict[str, object]:
    """`streaming` and `batch` where they were measured, and what streaming saves where both were."""
    by_mode = {mode: [one for one in measured if one.mode == mode] for mode in ("streaming", "batch")}
    document: dict[str, object] = {mode: mode_figures(found) for mode, found in by_mode.items() if found}
    if all(by_mode.values()):
        document["first_reply_saved"] = saved(by_mode["streaming"], by_mode["batch"], "first_reply_ms")
        document["basket_saved"] = saved(by_mode["streaming"], by_mode["batch"], "basket_ms")
    return document
