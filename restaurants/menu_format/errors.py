"""What can be wrong with a menu file, and how it is told: a JSON path, a closed code and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_ERRORS = 200  # a hostile file must not make an endless report


class ErrorCode(StrEnum):
    NOT_JSON = "not_json"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    MISSING_KEY = "missing_key"
    UNKNOWN_KEY = "unknown_key"
    UNKNOWN_VALUE = "unknown_value"  # not one of the words allowed here
    BAD_ID = "bad_id"
    BAD_TEXT = "bad_text"  # markup, control or direction characters, blanks around it, nothing at all
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    OUT_OF_RANGE = "out_of_range"  # negative prices too
    DUPLICATE_ID = "duplicate_id"
    DANGLING_ID = "dangling_id"
    IMPOSSIBLE = "impossible"  # min above max, two defaults, more required than there is
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class FormatError:
    path: str  # "$.items[3].variations[0].price_cents"
    message: str
    code: ErrorCode = ErrorCode.WRONG_TYPE

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class MenuFormatError(ValueError):
    """The document is no menu; every reason is in `errors` (the first 200), in document order per pass."""

    def __init__(self, errors: tuple[FormatError, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


class ErrorLog:
    """Collects errors up to MAX_ERRORS; later ones only count."""

    def __init__(self) -> None:
        self.errors: list[FormatError] = []
        self.left_out = 0

    def add(self, path: str, code: ErrorCode, message: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(FormatError(path, message, code))
        else:
            self.left_out += 1

    def raise_if_any(self) -> None:
        if not self.errors:
            return
        errors = list(self.errors)
        if self.left_out:
            errors.append(FormatError("$", f"and {self.left_out} more errors", ErrorCode.TOO_MANY))
        raise MenuFormatError(tuple(errors))


def shown(value: object, *, limit: int = 40) -> str:
    """A value from the file, made safe and short for a message."""
    text = ascii(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"
