"""What people say at counters and drive-throughs, at the three demo restaurants: `phrasebook/*.txt`.

A block is one call: its first line says where and in which language, then `>` what was said, and what must follow:
`=` the basket (lines as `kitchen.brief` writes them, joined by `;`), `@` acts (kind, value, targets; joined by `;`),
`?` the reading must not be accepted unasked, `!` it must be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from orders.cart import apply_edits
from orders.cart_types import Cart
from orders.understanding import CompiledMenu, compile_menu
from orders.understanding.types import DialogueAct, Understanding
from orders.understanding.verdict import Verdict, verdict_of
from restaurants.menu_format import parse_menu
from tests.unit.orders.understanding.kitchen import brief

FOLDER = Path(__file__).parent / "phrasebook"


def calls() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*.txt")):
        for number, block in enumerate(path.read_text("utf-8").split("\n\n")):
            lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
            if lines:
                yield pytest.param(lines[0], lines[1:], id=f"{path.stem}-{number}-{lines[1][2:40]}")


@cache
def ears_of(slug: str, language: str) -> CompiledMenu:
    text = (resources.files("restaurants.demo") / f"{slug}.json").read_text("utf-8")
    return compile_menu(parse_menu(json.loads(text)), language)


def told(act: DialogueAct) -> str:
    return " ".join(filter(None, (act.kind.value, act.value, ",".join(act.targets))))


@pytest.mark.parametrize(("place", "lines"), list(calls()))
def test_phrasebook(place: str, lines: list[str]) -> None:
    ears = ears_of(*place.split())
    cart, found = Cart(), Understanding("")
    for line in lines:
        mark, rest = line[0], line[1:].strip()
        if mark == ">":
            found = ears.understand(rest, cart)
            cart = apply_edits(cart, found.edits, ears.menu).cart
        elif mark == "=":
            assert [brief(each) for each in cart.lines] == [each.strip() for each in rest.split(";") if each.strip()]
        elif mark == "@":
            assert [told(act) for act in found.acts] == [each.strip() for each in rest.split(";") if each.strip()]
        else:
            assert (verdict_of(found) is Verdict.ACCEPTED) is (mark == "!"), f"{found.confidence} {found.unknown}"
