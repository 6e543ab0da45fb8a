"""What each field of the menu format may hold: numbers with a range, texts with a length, words from a list.

Rules go by field name, because a name means the same thing wherever it stands ("price_cents", "id", "sounds_like").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from restaurants.menu_format.errors import ErrorCode

MAX_DOCUMENT_BYTES = 5_000_000
MAX_PRICE = 1_000_000_000  # minor units; large because some currencies count in tens of thousands
DEFAULT_MAX_TEXT = 120
MAX_MAP = 200

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
LANGUAGE_PATTERN = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
LOCALE_PATTERN = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}")
CURRENCY_PATTERN = re.compile(r"[A-Z]{3}")
MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w+;")

ID_FIELDS = frozenset(
    {"id", "slug", "item", "items", "variation", "group", "option", "default", "defaults"}
    | {"amount", "amounts", "tax_class", "allergen", "allergens"}
)
LANGUAGE_FIELDS = frozenset({"language", "languages"})
LANGUAGE_KEYED = frozenset({"names", "descriptions", "questions"})
TEXT_LIMITS: Mapping[str, int] = {
    "kitchen_name": 60,
    "description": 600,
    "descriptions": 600,
    "text": 100,
    "questions": 200,
    "word": 60,
    "sounds_like": 100,
    "station": 40,
}
MAY_BE_EMPTY = frozenset({"kitchen_name", "description"})
RANGES: Mapping[str, tuple[int, int]] = {
    "price_cents": (0, MAX_PRICE),
    "upcharge_cents": (0, MAX_PRICE),
    "prices": (0, MAX_PRICE),
    "prices_by_variation": (0, MAX_PRICE),
    "price_percent": (0, 1_000),
    "rate_basis_points": (0, 10_000),
    "min": (0, 50),
    "max": (0, 200),
    "included": (0, 50),
    "count": (1, 10_000),
    "prep_seconds": (0, 86_400),
    "age_check": (1, 99),
    "number": (1, 9_999),
    "size": (2, 100),
}
MAX_ENTRIES: Mapping[str, int] = {
    "items": 1_000,
    "categories": 100,
    "modifier_groups": 300,
    "options": 200,
    "variations": 30,
    "aliases": 100,
    "combos": 200,
    "slots": 10,
    "choices": 100,
    "sizes": 10,
    "presets": 100,
    "mix_deals": 50,
    "qualifiers": 20,
    "tax_classes": 20,
    "pronunciations": 500,
    "languages": 10,
    "allergens": 40,
    "defaults": 50,
    "amounts": 20,
}
WORDS: Mapping[tuple[str, str], frozenset[str]] = {
    ("ModifierGroup", "kind"): frozenset({"choice", "style", "preparation"}),
    ("AllergenFact", "status"): frozenset({"contains", "may_contain", "free", "unknown"}),
    ("Alias", "source"): frozenset({"staff", "learned", "derived"}),
}
# Control, formatting (direction overrides above all), lone surrogates, private use, line and paragraph separators
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
JOINERS = frozenset({"\u200c", "\u200d"})  # Persian, Hindi and others are not written without them


@dataclass(frozen=True, slots=True)
class Complaint:
    code: ErrorCode
    message: str


def check_text(owner: str, name: str, value: str) -> Complaint | None:
    """The complaint about a text value of `owner.name` (a dataclass name and its field), if any."""
    words = WORDS.get((owner, name))
    if words is not None:
        allowed = ", ".join(sorted(words))
        return None if value in words else Complaint(ErrorCode.UNKNOWN_VALUE, f"must be one of: {allowed}")
    if name in ID_FIELDS:
        return check_id(value)
    if name in LANGUAGE_FIELDS:
        return check_pattern(value, LANGUAGE_PATTERN, 'a language such as "en" or "pt-BR"')
    if name == "locale":
        return check_pattern(value, LOCALE_PATTERN, 'a locale such as "en-US"')
    if name == "currency":
        return check_pattern(value, CURRENCY_PATTERN, 'a currency code of three capital letters such as "EUR"')
    return check_plain_text(value, TEXT_LIMITS.get(name, DEFAULT_MAX_TEXT), may_be_empty=name in MAY_BE_EMPTY)


def check_id(value: str) -> Complaint | None:
    if ID_PATTERN.fullmatch(value):
        return None
    return Complaint(
        ErrorCode.BAD_ID, "must be 1 to 64 small letters, digits, '_', '-' or '.', starting with a letter or digit"
    )


def check_pattern(value: str, pattern: re.Pattern[str], wanted: str) -> Complaint | None:
    return None if pattern.fullmatch(value) else Complaint(ErrorCode.UNKNOWN_VALUE, f"must be {wanted}")


def check_plain_text(value: str, limit: int, *, may_be_empty: bool) -> Complaint | None:
    if len(value) > limit:
        return Complaint(ErrorCode.TOO_LONG, f"has {len(value):,} characters; at most {limit:,} are allowed")
    if not value:
        return None if may_be_empty else Complaint(ErrorCode.BAD_TEXT, "must not be empty")
    if value != value.strip():
        return Complaint(ErrorCode.BAD_TEXT, "must not start or end with a blank")
    for character in value:
        if unicodedata.category(character) in INVISIBLE and character not in JOINERS:
            return Complaint(ErrorCode.BAD_TEXT, f"holds the invisible character U+{ord(character):04X}")
    if MARKUP.search(value):
        return Complaint(ErrorCode.BAD_TEXT, "holds markup; names are plain text")
    return None


def check_number(name: str, value: int) -> Complaint | None:
    low, high = RANGES[name]
    if low <= value <= high:
        return None
    if value < 0 <= low:
        return Complaint(ErrorCode.OUT_OF_RANGE, f"must not be negative, not {_short(value)}")
    return Complaint(ErrorCode.OUT_OF_RANGE, f"must be from {low:,} to {high:,}, not {_short(value)}")


def _short(value: int) -> str:
    return f"{value:,}" if abs(value) < 10**15 else "a number of more than 15 digits"
