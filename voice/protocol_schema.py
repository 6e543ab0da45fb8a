"""The JSON schema of the browser socket, made from the message types: what docs and client kits are generated from."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from voice.errors import ERRORS
from voice.protocol import PROTOCOL_VERSION, CloseCode, FromClient, FromServer


def schema() -> dict[str, Any]:
    (client, server), definitions = msgspec.json.schema_components(
        (FromClient, FromServer), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Comanda voice socket",
        "version": PROTOCOL_VERSION,
        "$defs": {
            "FromClient": client,
            "FromServer": server,
            "ErrorCode": {"enum": list(ERRORS)},
            "CloseCode": {"enum": sorted(close_codes().values())},
            **definitions,
        },
    }


def schema_text() -> str:
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def close_codes() -> dict[str, int]:
    return {name: code for name, code in vars(CloseCode).items() if isinstance(code, int)}
