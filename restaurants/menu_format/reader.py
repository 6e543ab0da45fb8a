"""JSON values into menu dataclasses, by their annotations, collecting every complaint.

A value that cannot be read is replaced by a harmless one, so that the rest of the document is still looked at; nothing
built here leaves `parse_menu` when there was any error.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from restaurants import menu as shapes
from restaurants.menu_format import rules
from restaurants.menu_format.errors import ErrorCode, ErrorLog, shown

UNREADABLE = ""  # stands for an id or a text that was refused; checks ignore it
PLAIN_KEY = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    name: str
    annotation: Any
    is_required: bool
    default: Callable[[], Any]


@lru_cache(maxsize=64)
def fields_of(shape: type) -> tuple[Field, ...]:
    """The fields of a menu dataclass that stand in the file (`version` is given by whoever publishes)."""
    hints = typing.get_type_hints(shape)
    found = []
    for field in dataclasses.fields(shape):
        if (shape, field.name) == (shapes.Menu, "version"):
            continue
        if field.default_factory is not dataclasses.MISSING:
            found.append(Field(field.name, hints[field.name], False, field.default_factory))
        else:
            required = field.default is dataclasses.MISSING
            found.append(Field(field.name, hints[field.name], required, partial(_same, field.default)))
    return tuple(found)


class Reader:
    def __init__(self, log: ErrorLog) -> None:
        self.log = log
        self.is_whole = True  # False once a list lost an entry: positions, and so paths, no longer agree

    def read_object(self, shape: type, value: object, path: str) -> Any:
        if not isinstance(value, Mapping):
            self.log.add(path, ErrorCode.WRONG_TYPE, f"must be an object, not {_kind(value)}")
            self.is_whole = False
            return None
        known = fields_of(shape)
        names = {field.name for field in known}
        for key in value:
            if key not in names:
                self.log.add(
                    key_path(path, key), ErrorCode.UNKNOWN_KEY, f"unknown key; known: {', '.join(sorted(names))}"
                )
        arguments = {}
        for field in known:
            if field.name in value:
                field_path = f"{path}.{field.name}"
                arguments[field.name] = self.read_value(
                    shape, field.name, field.annotation, value[field.name], field_path
                )
            elif field.is_required:
                self.log.add(path, ErrorCode.MISSING_KEY, f'"{field.name}" is missing')
                arguments[field.name] = _harmless(field.annotation)
        return shape(**arguments)

    def read_value(self, owner: type, name: str, annotation: Any, value: object, path: str) -> Any:
        origin = typing.get_origin(annotation)
        if origin is types.UnionType:  # X | None
            if value is None:
                return None
            inner = next(part for part in typing.get_args(annotation) if part is not types.NoneType)
            return self.read_value(owner, name, inner, value, path)
        if origin is tuple:
            return self.read_list(owner, name, typing.get_args(annotation)[0], value, path)
        if origin is Mapping:
            return self.read_mapping(owner, name, typing.get_args(annotation)[1], value, path)
        if annotation is shapes.Alias and isinstance(value, str):
            return shapes.Alias(self.read_text(shapes.Alias, "text", value, path))
        if dataclasses.is_dataclass(annotation):
            return self.read_object(typing.cast("type", annotation), value, path)
        if annotation is bool:
            return self.read_bool(value, path)
        if annotation is int:
            return self.read_number(name, value, path)
        if issubclass(annotation, StrEnum):
            return self.read_word(annotation, value, path)
        return self.read_text(owner, name, value, path)

    def read_list(self, owner: type, name: str, annotation: Any, value: object, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            self.log.add(path, ErrorCode.WRONG_TYPE, f"must be a list, not {_kind(value)}")
            self.is_whole = False
            return ()
        limit = rules.MAX_ENTRIES[name]
        if len(value) > limit:
            self.log.add(path, ErrorCode.TOO_MANY, f"has {len(value):,} entries; at most {limit:,} are allowed")
            self.is_whole = False
            return ()
        entries = [
            self.read_value(owner, name, annotation, entry, f"{path}[{index}]") for index, entry in enumerate(value)
        ]
        return tuple(entry for entry in entries if entry is not None)

    def read_mapping(self, owner: type, name: str, annotation: Any, value: object, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self.log.add(path, ErrorCode.WRONG_TYPE, f"must be an object, not {_kind(value)}")
            return {}
        if len(value) > rules.MAX_MAP:
            self.log.add(path, ErrorCode.TOO_MANY, f"has {len(value):,} entries; at most {rules.MAX_MAP:,} are allowed")
            return {}
        key_rule = "language" if name in rules.LANGUAGE_KEYED else "id"
        found = {}
        for key, entry in value.items():
            entry_path = key_path(path, key)
            complaint = rules.check_text("", key_rule, key) if isinstance(key, str) else None
            if complaint is not None or not isinstance(key, str):
                message = complaint.message if complaint else "must be text"
                self.log.add(entry_path, ErrorCode.UNKNOWN_KEY, f"the key {message}")
                continue
            found[key] = self.read_value(owner, name, annotation, entry, entry_path)
        return found

    def read_text(self, owner: type, name: str, value: object, path: str) -> str:
        if not isinstance(value, str):
            self.log.add(path, ErrorCode.WRONG_TYPE, f"must be text, not {_kind(value)}")
            return UNREADABLE
        if owner is shapes.Item and name == "category":
            name = "name"  # an id, or the category's bare name when the file has no list of categories
        complaint = rules.check_text(owner.__name__, name, value)
        if complaint is None:
            return value
        self.log.add(path, complaint.code, f"{complaint.message} (it is {shown(value)})")
        return UNREADABLE

    def read_number(self, name: str, value: object, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.log.add(path, ErrorCode.WRONG_TYPE, f"must be a whole number, not {_kind(value)}")
            return rules.RANGES[name][0]
        complaint = rules.check_number(name, value)
        if complaint is None:
            return value
        self.log.add(path, complaint.code, complaint.message)
        return rules.RANGES[name][0]

    def read_bool(self, value: object, path: str) -> bool:
        if not isinstance(value, bool):
            self.log.add(path, ErrorCode.WRONG_TYPE, f"must be true or false, not {_kind(value)}")
            return False
        return value

    def read_word(self, words: type[StrEnum], value: object, path: str) -> StrEnum:
        for word in words:
            if word.value == value:
                return word
        allowed = ", ".join(sorted(word.value for word in words))
        self.log.add(path, ErrorCode.UNKNOWN_VALUE, f"must be one of: {allowed} (it is {shown(value)})")
        return next(iter(words))


def key_path(path: str, key: object) -> str:
    text = key if isinstance(key, str) else repr(key)
    return f"{path}.{text}" if PLAIN_KEY.fullmatch(text) else f"{path}[{shown(text)}]"


def _same(value: object) -> object:
    return value


def _harmless(annotation: Any) -> Any:
    if typing.get_origin(annotation) is tuple:
        return ()
    return 0 if annotation is int else UNREADABLE


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return f"the number {shown(value)}"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    return "an object" if isinstance(value, Mapping) else "a list" if isinstance(value, list | tuple) else "that"
