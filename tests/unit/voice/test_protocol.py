"""The protocol's documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from voice import wire
from voice.errors import ERRORS
from voice.protocol import (
    CALLER_RATES_HZ,
    MAX_FRAME_BYTES,
    MAX_TEXT_MESSAGE_BYTES,
    AudioIn,
    ChoiceWire,
    FromClient,
    FromServer,
    Limits,
    Touch,
)
from voice.protocol_schema import close_codes, schema, schema_text

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "protocol.md").read_text("utf-8")
MESSAGES: tuple[Any, ...] = (*get_args(FromClient), *get_args(FromServer))


def test_the_schema_file_is_current() -> None:
    assert (DOCS / "protocol.schema.json").read_text("utf-8") == schema_text(), "run: python manage.py export_protocol"


def documented(kind: Any) -> str:
    """The rows of the page's table that tell about one message."""
    rows = PAGE.split(f"\n| `{kind.__struct_config__.tag}` |")[1].split("\n\n")[0]
    first, *following = rows.split("\n|")
    return "\n".join([first, *_until_next_type(following)])


def _until_next_type(rows: list[str]) -> list[str]:
    found = []
    for row in rows:
        if row.startswith(" `"):
            break
        found.append(row)
    return found


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_every_message_and_field_is_documented(kind: Any) -> None:
    rows = documented(kind)
    for field in msgspec.structs.fields(kind):
        assert f"`{field.encode_name}`" in rows, f"{kind.__struct_config__.tag}.{field.encode_name}"


@pytest.mark.parametrize("kind", [*get_args(Touch), AudioIn, ChoiceWire, Limits], ids=lambda kind: kind.__name__)
def test_every_field_of_their_parts_is_documented(kind: Any) -> None:
    for field in msgspec.structs.fields(kind):
        assert f"`{field.encode_name}`" in PAGE
    if kind in get_args(Touch):
        assert f"| `{kind.__struct_config__.tag}` |" in PAGE


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_is_documented_with_its_close_code(code: str) -> None:
    close = ERRORS[code].close
    assert re.search(rf"^\| `{code}` \| {close or '–'} \|", PAGE, re.MULTILINE)


def test_no_error_is_documented_that_does_not_exist() -> None:
    table = PAGE.split("## Errors")[1].split("## Close codes")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(ERRORS)


@pytest.mark.parametrize(("name", "code"), close_codes().items())
def test_every_close_code_is_documented(name: str, code: int) -> None:
    assert f"| {code} | {name} |" in PAGE


def test_the_limits_are_those_of_the_code() -> None:
    limits = PAGE.split("## Limits")[1]
    for number in (
        MAX_FRAME_BYTES,
        MAX_TEXT_MESSAGE_BYTES,
        wire.FRAMES_PER_S,
        wire.FRAMES_BURST,
        wire.MESSAGES_PER_S,
        wire.MESSAGES_BURST,
        wire.IGNORED_BURST,
        wire.STRIKES_BURST,
    ):
        assert str(number) in limits
    assert all(str(rate) in PAGE for rate in CALLER_RATES_HZ)


def test_the_schema_names_every_message() -> None:
    definitions = schema()["$defs"]
    assert {kind.__name__ for kind in MESSAGES} <= set(definitions)
    assert set(definitions["ErrorCode"]["enum"]) == set(ERRORS)


def test_every_example_message_can_be_read() -> None:
    sent = re.findall(r"^→ (\{.*\})$", PAGE, re.MULTILINE)
    assert len(sent) >= 4
    for example in sent:
        msgspec.json.decode(example.encode(), type=FromClient)
