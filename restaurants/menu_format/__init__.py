"""`menu.json`: read strictly, written back exactly. The format is told in docs/menu-format.md.

`parse_menu` either returns a whole menu or raises `MenuFormatError` with every complaint and its JSON path.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from restaurants.menu import Category, Item, Menu
from restaurants.menu_format.checks import Checker
from restaurants.menu_format.errors import ErrorCode, ErrorLog, FormatError, MenuFormatError, shown
from restaurants.menu_format.reader import Reader
from restaurants.menu_format.rules import MAX_DOCUMENT_BYTES
from restaurants.menu_format.writer import dump_menu, menu_digest

__all__ = [
    "ErrorCode",
    "FormatError",
    "MenuFormatError",
    "decode_menu_json",
    "dump_menu",
    "menu_digest",
    "parse_menu",
]


def parse_menu(document: object, *, version: str = "") -> Menu:
    """A menu from decoded JSON. Raises MenuFormatError; never returns a part of a menu."""
    log = ErrorLog()
    reader = Reader(log)
    menu: Menu | None = reader.read_object(Menu, document, "$")
    if menu is not None and reader.is_whole:
        menu = with_derived_categories(menu)
        Checker(menu, log).check()
    log.raise_if_any()
    if menu is None:
        raise AssertionError("a document that is no object must have been reported")
    return dataclasses.replace(menu, version=version)


def decode_menu_json(raw: bytes) -> object:
    """The bytes of a menu file as plain values; raises MenuFormatError when they are no proper JSON.

    Stricter than `json.loads`: a size limit, no key twice in one object, no NaN, UTF-8 only.
    """
    if len(raw) > MAX_DOCUMENT_BYTES:
        message = f"the file has {len(raw):,} bytes; at most {MAX_DOCUMENT_BYTES:,} are allowed"
        raise MenuFormatError((FormatError("$", message, ErrorCode.TOO_LARGE),))
    try:
        document: object = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_unique_pairs, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise MenuFormatError((FormatError("$", "is nested too deeply", ErrorCode.NOT_JSON),)) from None
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise MenuFormatError((FormatError("$", f"is no JSON text: {error}", ErrorCode.NOT_JSON),)) from None
    return document


def with_derived_categories(menu: Menu) -> Menu:
    """Categories from the items' bare category names, when the file lists none."""
    if menu.categories:
        return menu
    found: dict[str, Category] = {}
    items: list[Item] = []
    for item in menu.items:
        category_id = _id_from(item.category)
        found.setdefault(category_id, Category(category_id, item.category))
        items.append(dataclasses.replace(item, category=category_id))
    return dataclasses.replace(menu, items=tuple(items), categories=tuple(found.values()))


def _id_from(name: str) -> str:
    """An id that is stable for a name: letters and digits of any script need an ASCII stand-in."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:64]
    return plain or "category_" + "_".join(f"{ord(character):x}" for character in name)[:40].strip("_")


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        raise ValueError(f"the key {shown(twice)} stands twice in one object")
    return found


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")
