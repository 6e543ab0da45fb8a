"""The form of an answer: as a strict JSON schema for one slice and basket, and as the types it is read back into.

The schema follows what "structured outputs" allow: every property required, nothing additional, enums defined once.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from orders.cart_types import Cart, Portion
from orders.line_rules import REGULAR
from orders.understanding.types import ActKind
from orders.understanding_model.menu_slice import MenuSlice

MAX_EDITS = 20
MAX_OPTIONS = 30
MOST = 999

# What a model may say a customer does besides ordering. Not "yes", "no" or "cancel": those decide about the order.
ACTS = (ActKind.DONE, ActKind.REPEAT_ORDER, ActKind.ASK_TOTAL, ActKind.ASK_PERSON, ActKind.ASK_HOURS, ActKind.HOLD)

Count = Annotated[int, Meta(ge=1, le=MOST)]
Options = Annotated[tuple["OptionSaid", ...], Meta(max_length=MAX_OPTIONS)]


class OptionSaid(Struct, frozen=True, forbid_unknown_fields=True):
    option: str  # "group/option"
    amount: str
    count: Count
    portion: Portion


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    slot: str
    item: str
    size: str | None


class ComboSaid(Struct, frozen=True, forbid_unknown_fields=True):
    combo: str
    size: str | None
    parts: Annotated[tuple[Part, ...], Meta(max_length=MAX_OPTIONS)]


class Add(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="add"):
    item: str
    quantity: Count
    size: str | None
    options: Options
    combo: ComboSaid | None = None


class AddHalves(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="add_halves"):
    first: str
    second: str
    quantity: Count
    size: str | None
    options: Options


class Quantity(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="quantity"):
    line: str
    quantity: Annotated[int, Meta(ge=0, le=MOST)]


class Size(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="size"):
    line: str
    units: Count | None
    size: str


class Change(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="option"):
    line: str
    units: Count | None
    option: OptionSaid


class TakeBack(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="take_back"):
    line: str
    option: str


class Replace(Struct, frozen=True, forbid_unknown_fields=True, tag_field="edit", tag="replace"):
    line: str
    item: str
    size: str | None
    options: Options


Said = Add | AddHalves | Quantity | Size | Change | TakeBack | Replace


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    is_clear: bool
    acts: tuple[ActKind, ...]
    edits: Annotated[tuple[Said, ...], Meta(max_length=MAX_EDITS)]


def option_keys(part: MenuSlice) -> dict[str, tuple[str, str]]:
    """ "group/option" as the model writes it -> (group, option)."""
    return {f"{group}/{option}": (group, option) for group, options in part.options.items() for option in options}


def amounts(part: MenuSlice) -> tuple[str, ...]:
    known = part.menu.qualifier_by_id
    offered = (amount for group in part.groups for amount in group.amounts if amount in known)
    return tuple(dict.fromkeys((REGULAR, *offered)))


def sizes(part: MenuSlice) -> tuple[str, ...]:
    return tuple(dict.fromkeys(size.id for item in (*part.items, *part.parts) for size in item.variations))


def answer_schema(part: MenuSlice, cart: Cart) -> dict[str, Any]:
    """Only what there is can be said: no lines, no edit of a line; no options, no property for them."""
    enums = {
        "item": [item.id for item in part.items],
        "size": list(sizes(part)),
        "option_id": list(option_keys(part)),
        "amount": list(amounts(part)),
        "portion": [portion.value for portion in Portion] if any(g.portionable for g in part.groups) else ["whole"],
        "line": [line.id for line in cart.lines],
        "combo": [combo.id for combo in part.combos],
        "combo_size": list(dict.fromkeys(size.id for combo in part.combos for size in combo.sizes)),
        "slot": list(dict.fromkeys(slot.id for combo in part.combos for slot in combo.slots)),
        "part": list(dict.fromkeys(choice.item for c in part.combos for s in c.slots for choice in s.choices)),
    }
    definitions: dict[str, Any] = {name: {"type": "string", "enum": values} for name, values in enums.items() if values}
    if enums["option_id"]:
        definitions["option"] = _object(
            option=_ref("option_id"), amount=_ref("amount"), count=_INTEGER, portion=_ref("portion")
        )
    definitions["edit"] = {"anyOf": list(_edit_forms(part, definitions))}
    used = {
        name: one for name, one in definitions.items() if name not in ("amount", "portion") or "option" in definitions
    }
    acts = {"type": "array", "items": {"type": "string", "enum": [act.value for act in ACTS]}}
    edits = {"type": "array", "items": _ref("edit")}
    return _object(is_clear={"type": "boolean"}, acts=acts, edits=edits) | {"$defs": used}


def _edit_forms(part: MenuSlice, known: dict[str, Any]) -> list[dict[str, Any]]:
    size = _or_null("size") if "size" in known else _NULL
    options = {"type": "array", "items": _ref("option")} if "option" in known else _NO_OPTIONS
    extent = {"quantity": _INTEGER, "size": size, "options": options}
    forms = [_edit("add", item=_ref("item"), **extent, **({"combo": _combo(known)} if "combo" in known else {}))]
    if sum(item.portioning is not None for item in part.items) >= 2:
        forms.append(_edit("add_halves", first=_ref("item"), second=_ref("item"), **extent))
    if "line" not in known:
        return forms
    line, units = {"line": _ref("line")}, {"units": {"type": ["integer", "null"]}}
    forms.append(_edit("quantity", **line, quantity=_INTEGER))
    forms.append(_edit("replace", **line, item=_ref("item"), size=size, options=options))
    if "size" in known:
        forms.append(_edit("size", **line, **units, size=_ref("size")))
    if "option" in known:
        forms.append(_edit("option", **line, **units, option=_ref("option")))
        forms.append(_edit("take_back", **line, option=_ref("option_id")))
    return forms


def _combo(known: dict[str, Any]) -> dict[str, Any]:
    size = _or_null("combo_size") if "combo_size" in known else _NULL
    part_size = _or_null("size") if "size" in known else _NULL
    parts: dict[str, Any] = _NO_OPTIONS
    if "slot" in known and "part" in known:
        part = _object(slot=_ref("slot"), item=_ref("part"), size=part_size)
        parts = {"type": "array", "items": part}
    return {"anyOf": [_object(combo=_ref("combo"), size=size, parts=parts), _NULL]}


_INTEGER = {"type": "integer"}
_NULL = {"type": "null"}
_NO_OPTIONS = {"type": "array", "items": {"type": "null"}}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(name: str) -> dict[str, Any]:
    return {"anyOf": [_ref(name), _NULL]}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _edit(name: str, **properties: Any) -> dict[str, Any]:
    return _object(edit={"type": "string", "enum": [name]}, **properties)
