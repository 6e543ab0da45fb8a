# ruff: noqa: E501 - a table of wrong values reads best one to a line
"""menu.json: every wrong thing is told at its path with its code; a right menu comes back unchanged."""

import copy
import json
from typing import Any

import pytest

from restaurants.demo import DEMO_RESTAURANTS
from restaurants.menu import Alias, AliasKind, AskMode, Menu, Portioning
from restaurants.menu_format import (
    ErrorCode,
    MenuFormatError,
    decode_menu_json,
    dump_menu,
    menu_digest,
    parse_menu,
)
from tests.cast import DINER_MENU, OSTERIA_MENU


def errors_of(document: object) -> list[tuple[str, ErrorCode]]:
    with pytest.raises(MenuFormatError) as refused:
        parse_menu(document)
    return [(error.path, error.code) for error in refused.value.errors]


def changed(path: str, value: Any, base: dict[str, Any] = OSTERIA_MENU) -> dict[str, Any]:
    """A copy of a good menu with the value at "items.0.name" replaced or, one past the end of a list, added."""
    document = copy.deepcopy(base)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = document
    for step in way:
        place = place[step]
    if isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [
        ("colour", "red", "$.colour", ErrorCode.UNKNOWN_KEY),
        ("items.0.calories", 900, "$.items[0].calories", ErrorCode.UNKNOWN_KEY),
        ("items.0.strange key", 1, "$.items[0]['strange key']", ErrorCode.UNKNOWN_KEY),
        ("items.0.name", 7, "$.items[0].name", ErrorCode.WRONG_TYPE),
        ("items.0.name", None, "$.items[0].name", ErrorCode.WRONG_TYPE),
        ("items.0.price_cents", "1100", "$.items[0].price_cents", ErrorCode.WRONG_TYPE),
        ("items.0.price_cents", 10.5, "$.items[0].price_cents", ErrorCode.WRONG_TYPE),
        ("items.0.price_cents", True, "$.items[0].price_cents", ErrorCode.WRONG_TYPE),
        ("items.0.modifier_groups", {}, "$.items[0].modifier_groups", ErrorCode.WRONG_TYPE),
        ("items.2", "spaghetti", "$.items[2]", ErrorCode.WRONG_TYPE),
        ("modifier_groups.0.counted", 1, "$.modifier_groups[0].counted", ErrorCode.WRONG_TYPE),
        ("items.0.price_cents", -1, "$.items[0].price_cents", ErrorCode.OUT_OF_RANGE),
        ("items.1.variations.0.price_cents", -300, "$.items[1].variations[0].price_cents", ErrorCode.OUT_OF_RANGE),
        ("modifier_groups.0.options.0.price_cents", -1, "$.modifier_groups[0].options[0].price_cents", ErrorCode.OUT_OF_RANGE),
        ("items.0.modifier_groups.0.prices", {"pesto": -5}, "$.items[0].modifier_groups[0].prices.pesto", ErrorCode.OUT_OF_RANGE),
        ("items.0.price_cents", 10**30, "$.items[0].price_cents", ErrorCode.OUT_OF_RANGE),
        ("tax_classes.0.rate_basis_points", 10_001, "$.tax_classes[0].rate_basis_points", ErrorCode.OUT_OF_RANGE),
        ("items.0.id", "lemonade", "$.items[1].id", ErrorCode.DUPLICATE_ID),
        ("modifier_groups.0.options.1.id", "ragu", "$.modifier_groups[0].options[1].id", ErrorCode.DUPLICATE_ID),
        ("items.1.variations.1.id", "small", "$.items[1].variations[1].id", ErrorCode.DUPLICATE_ID),
        ("items.0.modifier_groups.1.group", "sauce", "$.items[0].modifier_groups[1]", ErrorCode.DUPLICATE_ID),
        ("languages", ["en", "en"], "$.languages[1]", ErrorCode.DUPLICATE_ID),
        ("items.0.modifier_groups.0.group", "sos", "$.items[0].modifier_groups[0].group", ErrorCode.DANGLING_ID),
        ("items.0.modifier_groups.1.defaults", ["ham"], "$.items[0].modifier_groups[1].defaults[0]", ErrorCode.DANGLING_ID),
        ("items.0.modifier_groups.0.prices", {"ham": 5}, "$.items[0].modifier_groups[0].prices.ham", ErrorCode.DANGLING_ID),
        ("items.0.category", "soups", "$.items[0].category", ErrorCode.DANGLING_ID),
        ("items.0.tax_class", "luxury", "$.items[0].tax_class", ErrorCode.DANGLING_ID),
        ("modifier_groups.0.amounts", ["no", "tons"], "$.modifier_groups[0].amounts[1]", ErrorCode.DANGLING_ID),
        ("modifier_groups.1.options.2.item", "sorbet", "$.modifier_groups[1].options[2].item", ErrorCode.DANGLING_ID),
        ("modifier_groups.0.options.0.prices_by_variation", {"xl": 1}, "$.modifier_groups[0].options[0].prices_by_variation.xl", ErrorCode.DANGLING_ID),
        ("items.0.modifier_groups.0.min", 3, "$.items[0].modifier_groups[0]", ErrorCode.IMPOSSIBLE),
        ("items.0.modifier_groups.1.min", 4, "$.items[0].modifier_groups[1]", ErrorCode.IMPOSSIBLE),
        ("items.1.variations.1.is_default", True, "$.items[1].variations", ErrorCode.IMPOSSIBLE),
        ("items.0.id", "Spaghetti!", "$.items[0].id", ErrorCode.BAD_ID),
        ("items.0.id", "", "$.items[0].id", ErrorCode.BAD_ID),
        ("currency", "dollars", "$.currency", ErrorCode.UNKNOWN_VALUE),
        ("locale", "english", "$.locale", ErrorCode.UNKNOWN_VALUE),
        ("languages", ["klingon"], "$.languages[0]", ErrorCode.UNKNOWN_VALUE),
        ("modifier_groups.0.ask", "always", "$.modifier_groups[0].ask", ErrorCode.UNKNOWN_VALUE),
        ("modifier_groups.0.kind", "topping", "$.modifier_groups[0].kind", ErrorCode.UNKNOWN_VALUE),
        ("items.0.portioning", "thirds", "$.items[0].portioning", ErrorCode.UNKNOWN_VALUE),
        ("items.0.allergens.0.status", "none", "$.items[0].allergens[0].status", ErrorCode.UNKNOWN_VALUE),
        ("items.0.names", {"spanish": "x"}, "$.items[0].names.spanish", ErrorCode.UNKNOWN_KEY),
    ],
)  # fmt: skip
def test_wrong_values_are_told_at_their_path(path: str, value: Any, where: str, code: ErrorCode) -> None:
    assert (where, code) in errors_of(changed(path, value))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("<script>alert(1)</script>", ErrorCode.BAD_TEXT),
        ("<img src=x onerror=alert(1)>", ErrorCode.BAD_TEXT),
        ("Pizza &lt;b&gt;", ErrorCode.BAD_TEXT),
        ("Margherita \u202eattehgraM", ErrorCode.BAD_TEXT),  # right-to-left override
        ("\u2067Pizza\u2069", ErrorCode.BAD_TEXT),
        ("Pizza\u200b", ErrorCode.BAD_TEXT),  # zero-width space
        ("Piz\x00za", ErrorCode.BAD_TEXT),
        ("Two\nlines", ErrorCode.BAD_TEXT),
        ("\ud800", ErrorCode.BAD_TEXT),  # half of a surrogate pair: no database takes it
        (" Pizza", ErrorCode.BAD_TEXT),
        ("", ErrorCode.BAD_TEXT),
        ("P" * 10_000, ErrorCode.TOO_LONG),
    ],
)
@pytest.mark.parametrize("place", ["name", "items.0.name", "modifier_groups.0.options.0.name", "items.0.names.es"])
def test_hostile_names_are_refused_everywhere(place: str, name: str, code: ErrorCode) -> None:
    path = "$." + place.replace(".0", "[0]")
    assert errors_of(changed(place, name)) == [(path, code)]


@pytest.mark.parametrize(
    "name",
    ["Crème brûlée", "بيتزا مارغريتا", "פיצה", "ピザ", "A&W", "Fish & chips", "Mac 'n' cheese", "2 < 3", "می‌خواهم"],
)
def test_names_of_the_world_are_welcome(name: str) -> None:
    assert parse_menu(changed("items.0.name", name)).items[0].name == name


def test_a_limit_says_its_numbers() -> None:
    with pytest.raises(MenuFormatError, match=r"\$\.items\[0\]\.name: has 10,000 characters; at most 120"):
        parse_menu(changed("items.0.name", "P" * 10_000))
    many = [{"id": f"i{n}", "name": "X", "category": "a"} for n in range(1_001)]
    with pytest.raises(MenuFormatError, match=r"\$\.items: has 1,001 entries; at most 1,000"):
        parse_menu({**DINER_MENU, "items": many})


def test_messages_never_repeat_a_hostile_value() -> None:
    with pytest.raises(MenuFormatError) as refused:
        parse_menu(changed("items.0.name", "\u202e" + "<b>" * 3_000))
    message = str(refused.value)
    assert "\u202e" not in message
    assert len(message) < 300
    with pytest.raises(MenuFormatError) as refused:
        parse_menu({**DINER_MENU, "k" * 5_000: 1})
    assert len(refused.value.errors[0].path) < 100


def test_all_errors_come_at_once_and_not_without_end() -> None:
    document = changed("items.0.price_cents", -1)
    document["items"][1]["name"] = ""
    document["extra"] = 1
    document["items"][0]["modifier_groups"][0]["group"] = "sos"
    assert {path for path, _ in errors_of(document)} == {
        "$.extra",
        "$.items[0].price_cents",
        "$.items[1].name",
        "$.items[0].modifier_groups[0].group",
    }
    with pytest.raises(MenuFormatError) as refused:
        parse_menu({**DINER_MENU, **{f"key{number}": 1 for number in range(5_000)}})
    assert len(refused.value.errors) == 201
    assert "4800 more" in refused.value.errors[-1].message


@pytest.mark.parametrize("document", [None, [], "menu", 3, {}, {"items": []}])
def test_what_is_no_menu_at_all(document: object) -> None:
    errors = errors_of(document)
    assert {path for path, _ in errors} == {"$"}
    assert {code for _, code in errors} <= {ErrorCode.WRONG_TYPE, ErrorCode.MISSING_KEY}


def test_an_item_inside_itself_is_a_cycle() -> None:
    direct = changed("modifier_groups.1.options.0.item", "spaghetti")
    assert errors_of(direct) == [("$.items[0]", ErrorCode.CYCLE)]
    document = {
        **DINER_MENU,
        "modifier_groups": [
            {"id": "with_coffee", "name": "With it", "options": [{"id": "p", "name": "Pancakes", "item": "pancakes"}]},
            {"id": "with_pancakes", "name": "With it", "options": [{"id": "c", "name": "Coffee", "item": "coffee"}]},
        ],
        "items": [
            {**DINER_MENU["items"][0], "modifier_groups": [{"group": "with_pancakes"}]},
            {**DINER_MENU["items"][1], "modifier_groups": [{"group": "with_coffee"}]},
        ],
    }
    with pytest.raises(MenuFormatError, match="pancakes > coffee > pancakes"):
        parse_menu(document)


def test_deals_point_only_at_what_is_sold() -> None:
    document = {
        **DINER_MENU,
        "combos": [
            {
                "id": "breakfast", "name": "Breakfast", "item": "waffles", "number": 1,
                "slots": [
                    {"id": "drink", "name": "Drink", "default": "tea", "choices": [{"item": "coffee", "variation": "xl"}]},
                    {"id": "empty", "name": "Empty", "choices": []},
                ],
            },
            {"id": "other", "name": "Other", "item": "coffee", "number": 1},
        ],
        "presets": [{"id": "all", "name": "All", "items": ["toast"], "choices": [{"group": "g", "option": "o", "amount": "heaps"}]}],
        "mix_deals": [{"id": "three", "name": "Three", "size": 1, "price_cents": 5, "items": ["tea"]}],
    }  # fmt: skip
    assert {path for path, _ in errors_of(document)} == {
        "$.combos[0].item",
        "$.combos[0].slots[0].default",
        "$.combos[0].slots[0].choices[0].variation",
        "$.combos[0].slots[1].choices",
        "$.combos[1].number",
        "$.presets[0].items[0]",
        "$.presets[0].choices[0].group",
        "$.presets[0].choices[0].amount",
        "$.mix_deals[0].size",
        "$.mix_deals[0].items[0]",
    }


def test_the_short_forms() -> None:
    menu = parse_menu(
        {
            "name": "Café",
            "slug": "cafe",
            "items": [
                {"id": "tea", "name": "Tea", "category": "Hot drinks", "aliases": ["cuppa", {"text": "té", "language": "es"}]},
                {"id": "coke", "name": "Pepsi", "category": "Cold", "aliases": [{"text": "coke", "kind": "brand_remap"}]},
                {"id": "coffee", "name": "Coffee", "category": "Hot drinks"},
            ],
        }
    )  # fmt: skip
    assert [(category.id, category.name) for category in menu.categories] == [
        ("hot_drinks", "Hot drinks"),
        ("cold", "Cold"),
    ]
    assert menu.item_by_id["coffee"].category == "hot_drinks"
    assert menu.item_by_id["tea"].aliases == (Alias("cuppa"), Alias("té", "es"))
    assert menu.item_by_id["coke"].aliases[0].kind is AliasKind.BRAND_REMAP
    assert [qualifier.id for qualifier in menu.qualifiers] == ["no", "light", "regular", "extra", "side"]
    assert parse_menu(dump_menu(menu)) == menu


def test_defaults_are_left_out_of_the_file() -> None:
    assert dump_menu(parse_menu(OSTERIA_MENU)) == {
        **OSTERIA_MENU,
        "tax_classes": [{"id": "standard", "name": "Standard", "rate_basis_points": 800}],
    }


@pytest.mark.parametrize("demo", DEMO_RESTAURANTS, ids=lambda demo: demo.slug)
def test_demo_menus_round_trip_through_text(demo: Any) -> None:
    menu = parse_menu(decode_menu_json(demo.menu_path.read_bytes()), version="7")
    text = json.dumps(dump_menu(menu))
    assert parse_menu(decode_menu_json(text.encode()), version="7") == menu
    assert menu.slug == demo.slug


def test_the_digest_follows_the_menu_and_nothing_else() -> None:
    menu = parse_menu(OSTERIA_MENU)
    assert menu_digest(parse_menu(OSTERIA_MENU, version="9")) == menu_digest(menu)
    reordered = dict(reversed(OSTERIA_MENU.items()))
    assert menu_digest(parse_menu(reordered)) == menu_digest(menu)
    assert menu_digest(parse_menu(changed("items.0.price_cents", 1101))) != menu_digest(menu)


def test_enums_arrive_as_enums() -> None:
    document = changed("items.0.portioning", "higher")
    document["modifier_groups"][0]["ask"] = "offer"
    menu: Menu = parse_menu(document)
    assert menu.items[0].portioning is Portioning.HIGHER
    assert menu.modifier_groups[0].ask is AskMode.OFFER


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b'{"name": NaN}', "NaN"),
        (b'{"items": [], "items": []}', "stands twice"),
        (b"\xff\xfe{}", "no JSON"),
        (b'{"name": "A"', "no JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b" " * 5_000_001, "5,000,001 bytes; at most 5,000,000"),
    ],
)
def test_bytes_that_are_no_proper_json(raw: bytes, complaint: str) -> None:
    with pytest.raises(MenuFormatError, match=complaint):
        decode_menu_json(raw)
