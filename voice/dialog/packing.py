"""An `Understanding` as bytes: msgspec can write a union of dataclasses but not read it, so each edit goes tagged."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from orders.cart_types import CartEdit
from orders.understanding.types import DialogueAct, TokenReading, Understanding

_EDIT_BY_NAME: dict[str, type[CartEdit]] = {kind.__name__: kind for kind in get_args(CartEdit)}

_Packed = tuple[
    str,
    tuple[tuple[str, msgspec.Raw], ...],
    tuple[DialogueAct, ...],
    float,
    bool,
    tuple[str, ...],
    tuple[TokenReading, ...],
    int,
]
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[_Packed] = msgspec.msgpack.Decoder(_Packed)


def pack_understanding(understanding: Understanding) -> bytes:
    edits: list[tuple[str, Any]] = [(type(edit).__name__, edit) for edit in understanding.edits]
    return _encoder.encode(
        (
            understanding.text,
            edits,
            understanding.acts,
            understanding.confidence,
            understanding.is_complete,
            understanding.unknown,
            understanding.readings,
            understanding.hypothesis,
        )
    )


def unpack_understanding(data: bytes) -> Understanding:
    text, edits, acts, confidence, is_complete, unknown, readings, hypothesis = _decoder.decode(data)
    read = tuple(msgspec.msgpack.decode(body, type=_EDIT_BY_NAME[name]) for name, body in edits)
    return Understanding(text, read, acts, confidence, is_complete, unknown, readings, hypothesis)
