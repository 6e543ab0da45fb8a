"""Integer arithmetic on minor units, and how an amount is written."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest integer, halves away from zero; denominator > 0."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in whole cents by weight (largest remainder, earlier ones first), adding up to exactly `amount`."""
    whole = sum(weights)
    if whole == 0:
        return [amount, *(0 for _ in weights[1:])] if weights else []
    shares = [amount * weight // whole for weight in weights]
    rest = amount - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for index in by_remainder[:rest]:
        shares[index] += 1
    return shares


@lru_cache(maxsize=64)
def _shop_locale(locale: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_US")


def money_text(cents: int, currency: str, locale: str) -> str:
    """An amount as the restaurant's own menu writes it, whatever language the customer speaks: "$12.50", "12,50 €"."""
    amount = Decimal(cents).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=_shop_locale(locale))
