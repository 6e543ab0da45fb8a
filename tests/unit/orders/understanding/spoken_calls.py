"""The phrasebook: what people say at counters and drive-throughs, at the three demo restaurants.

A block of `phrasebook/*.txt` is one call: its first line says where and in which language, then `>` what was said, and
what must follow: `=` the basket (lines as `kitchen.brief` writes them, joined by `;`), `@` acts (kind, value, targets;
joined by `;`), `?` the reading must not be accepted unasked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from orders.cart import apply_edits
from orders.cart_types import Cart
from orders.understanding import CompiledMenu, compile_menu
from orders.understanding.types import DialogueAct, Understanding
from orders.understanding.verdict import Verdict, verdict_of
from restaurants.menu import Menu
from restaurants.menu_format import parse_menu
from tests.unit.orders.understanding.kitchen import brief

FOLDER = Path(__file__).parent / "phrasebook"


@dataclass(frozen=True)
class SpokenCall:
    name: str
    slug: str
    language: str
    lines: tuple[str, ...]


def spoken_calls() -> list[SpokenCall]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, block in enumerate(path.read_text("utf-8").split("\n\n")):
            place, *lines = [line for line in block.splitlines() if line.strip()] or [""]
            if lines:
                slug, language = place.split()
                found.append(SpokenCall(f"{path.stem}-{number}-{lines[0][2:40]}", slug, language, tuple(lines)))
    return found


@cache
def menu_at(slug: str) -> Menu:
    return parse_menu(json.loads((resources.files("restaurants.demo") / f"{slug}.json").read_text("utf-8")))


@cache
def ears_at(slug: str, language: str) -> CompiledMenu:
    return compile_menu(menu_at(slug), language)


def told(act: DialogueAct) -> str:
    return " ".join(filter(None, (act.kind.value, act.value, ",".join(act.targets))))


def first_difference(call: SpokenCall, ears: CompiledMenu) -> tuple[str, object, object] | None:
    """(what was said, what should be, what is) where the call first goes wrong."""
    cart, found, said = Cart(), Understanding(""), ""
    for line in call.lines:
        mark, rest = line[0], line[1:].strip()
        wanted: object = [each.strip() for each in rest.split(";") if each.strip()]
        if mark == ">":
            said = rest
            found = ears.understand(rest, cart)
            cart = apply_edits(cart, found.edits, ears.menu).cart
            continue
        got: object = [brief(each) for each in cart.lines] if mark == "=" else [told(act) for act in found.acts]
        if mark == "?":
            wanted, got = "not accepted", "accepted" if verdict_of(found) is Verdict.ACCEPTED else "not accepted"
        if wanted != got:
            return said, wanted, got
    return None
