"""The benchmark measures what it says: its scoring, and that it runs a folder of cases end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import understanding
from benchmarks.neutral import Neutral, score
from tests.unit.orders.understanding.kitchen import DRIVE_IN, PIZZERIA


def line(item: str, quantity: int = 1, variation: str | None = None, *options: Neutral) -> Neutral:
    return {"item": item, "quantity": quantity, "variation": variation, "options": list(options)}


def option(ident: str, amount: str = "regular", count: int = 1, group: str = "g") -> Neutral:
    return {"group": group, "option": ident, "amount": amount, "count": count}


def is_exact(wanted: list[Neutral], got: list[Neutral], fold: dict[str, str] | None = None) -> bool:
    return bool(score([[wanted]], [[got]], fold)["exact"])


WANTED = line("soup", 2, "big", option("salt", "extra", 2))


def test_order_of_lines_and_options_does_not_matter() -> None:
    one, two = line("soup", 1, None, option("salt"), option("oil")), line("bread")
    assert is_exact([one, two], [two, line("soup", 1, None, option("oil"), option("salt"))])


@pytest.mark.parametrize(
    "got",
    [
        [],
        [line("stew", 2, "big", option("salt", "extra", 2))],
        [line("soup", 1, "big", option("salt", "extra", 2))],
        [line("soup", 2, None, option("salt", "extra", 2))],
        [line("soup", 2, "big", option("oil", "extra", 2))],
        [line("soup", 2, "big", option("salt", "light", 2))],
        [line("soup", 2, "big", option("salt", "extra", 1))],
        [line("soup", 2, "big", option("salt", "extra", 2, "h"))],
        [line("soup", 2, "big")],
        [WANTED, WANTED],
    ],
)
def test_every_field_matters(got: list[Neutral]) -> None:
    assert is_exact([WANTED], [WANTED])
    assert not is_exact([WANTED], got)


def test_a_question_equals_the_choice_left_open() -> None:
    wanted = [line("soup", 1, None, {"group": "g", "any_of": ["oil", "salt"], "amount": "regular"})]
    assert is_exact(wanted, [line("soup", 1, None, {"group": "g", "unresolved": ["salt", "oil"]})])
    assert not is_exact(wanted, [line("soup", 1, None, option("salt"))])
    assert not is_exact(wanted, [line("soup", 1, None, option("salt"), option("oil"))])


def test_none_of_several_is_no_to_each() -> None:
    wanted = [line("soup", 1, None, {"group": "g", "any_of": ["oil", "salt"], "amount": "no"})]
    assert is_exact(wanted, [line("soup", 1, None, option("oil", "no"), option("salt", "no"))])
    assert not is_exact(wanted, [line("soup", 1, None, option("oil", "no"))])


def test_folding_treats_one_amount_as_another() -> None:
    wanted, got = [line("soup", 1, None, option("salt", "no_extra"))], [line("soup", 1, None, option("salt", "no"))]
    assert not is_exact(wanted, got)
    assert is_exact(wanted, got, {"no_extra": "no"})


def test_rates_count_cases_turns_and_lines() -> None:
    good, bad = [line("soup")], [line("bread")]
    found = score([[good, good], [good]], [[bad, good], [good]])
    assert (found["exact"], found["turns"], found["turns_exact"], found["final_exact"]) == (1, 3, 2, 2)
    assert found["line_f1"] == round(2 * 2 / 6, 4)


def test_a_folder_of_single_orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        {"id": "a", "text": "a large margherita and a lemonade",
         "expected": {"lines": [line("margherita", 1, "large"), line("lemonade")]}},
        {"id": "b", "text": "a funghi with no extra ham",
         "expected": {"lines": [line("funghi", 1, None, option("ham", "no_extra", group="toppings"))]}},
        {"id": "c", "text": "a lemonade", "expected": {"lines": [line("green_tea")]}},
    ]  # fmt: skip
    result = run(tmp_path, PIZZERIA, cases, capsys, "--predictions", str(tmp_path / "out.jsonl"))
    assert result["set"] == tmp_path.name
    assert (result["cases"], result["exact"], result["exact_rate"]) == (3, 2, 0.6667)
    assert {"line_f1", "exact_folded", "p50_ms", "p95_ms"} <= result.keys()
    written = [json.loads(row) for row in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["id"] for row in written] == ["a", "b", "c"]
    assert written[2]["turns"][0]["lines"][0]["item"] == "lemonade"


@pytest.mark.parametrize("flags", [(), ("--no-policy",)])
def test_a_folder_of_dialogues(flags: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nuggets = line("nuggets", 1, "n6")
    cases = [
        {"id": "a", "turns": [
            {"text": "a hamburger and six nuggets", "expected": {"lines": [line("hamburger"), nuggets]}},
            {"text": "make the hamburger two", "expected": {"lines": [line("hamburger", 2), nuggets]}}]},
    ]  # fmt: skip
    result = run(tmp_path, DRIVE_IN, cases, capsys, *flags)
    assert (result["turns"], result["turns_exact"], result["final_exact"], result["exact"]) == (2, 2, 1, 1)


def test_turns_with_one_expected_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [{"id": "a", "turns": ["hello", "a hamburger please", "yes"], "expected": {"lines": [line("hamburger")]}}]
    result = run(tmp_path, DRIVE_IN, cases, capsys)
    assert result["exact"] == 1
    assert "turns" not in result


def test_a_folder_without_words_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, DRIVE_IN, [{"id": "a", "audio": "a.flac", "expected": {"lines": []}}])
    assert understanding.main([str(tmp_path)]) == 1
    assert "no case" in capsys.readouterr().err


def write(folder: Path, menu: dict[str, Any], cases: list[dict[str, Any]]) -> None:
    (folder / "menu.json").write_text(json.dumps(menu), encoding="utf-8")
    (folder / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")


def run(
    folder: Path, menu: dict[str, Any], cases: list[dict[str, Any]], capsys: pytest.CaptureFixture[str], *flags: str
) -> dict[str, Any]:
    write(folder, menu, cases)
    assert understanding.main([str(folder), *flags]) == 0
    return dict(json.loads(capsys.readouterr().out.splitlines()[-1]))
