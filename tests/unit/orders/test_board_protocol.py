"""Every message, field, refusal and close code of the board is in docs/orders.md."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import msgspec
import pytest

from orders import board_protocol
from orders.board_protocol import CloseCode, FromBoard, FromServer, Refused

PAGE = (Path(__file__).parents[3] / "docs" / "orders.md").read_text("utf-8")
DOCUMENTED = set(re.findall(r"[\w.]+", " ".join(re.findall(r"`([^`]*)`", PAGE))))
CARDS = (board_protocol.OrderCard, board_protocol.CardLine, board_protocol.CardTicket, board_protocol.CardPart)


def test_every_message_and_field() -> None:
    messages = [*typing.get_args(FromBoard), *typing.get_args(FromServer)]
    words = {msgspec.inspect.type_info(message).tag for message in messages}
    for structure in (*messages, *CARDS):
        words |= {field.encode_name for field in msgspec.structs.fields(structure)}
    assert words - DOCUMENTED == set()


def test_every_refusal_and_close_code() -> None:
    refusals = set(re.findall(r"\w+", (Refused.__doc__ or "").split("code:")[1].split(".")[0]))
    assert refusals - DOCUMENTED == set()
    codes = {str(code) for name, code in vars(CloseCode).items() if isinstance(code, int)}
    assert codes - set(re.findall(r"\d{4}", PAGE)) == set()


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"order.advance","id":"","order":"x","to":"ready","version":1}',
        '{"type":"order.advance","id":"1","order":"x","to":"ready","version":0}',
        '{"type":"order.cancel","id":"1","order":"x","version":1,"reason":""}',
        '{"type":"order.cancel","id":"1","order":"x","version":1,"reason":"' + "x" * 201 + '"}',
        '{"type":"ticket.acknowledge","id":"1","ticket":"x","extra":1}',
        '{"type":"board.resync","sequence":"1"}',
    ],
)
def test_limits_are_kept(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        board_protocol.decoder.decode(text)
