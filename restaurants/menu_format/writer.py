"""Menu dataclasses back into the JSON document: defaults left out, so that a file shows only what was meant."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from restaurants.menu import Alias, Menu
from restaurants.menu_format.reader import fields_of


def dump_menu(menu: Menu) -> dict[str, Any]:
    """The document that `parse_menu` reads back to an equal menu (`version` is not part of it)."""
    document: dict[str, Any] = _plain(menu)
    return document


def menu_digest(menu: Menu) -> str:
    """64 hex digits that change with anything a customer, a cook or a price could notice."""
    canonical = json.dumps(dump_menu(menu), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, Alias) and value == Alias(value.text):
        return value.text
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found = {}
        for field in fields_of(type(value)):
            entry = getattr(value, field.name)
            if field.is_required or entry != field.default():
                found[field.name] = _plain(entry)
        return found
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value
