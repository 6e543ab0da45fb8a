from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from restaurants.demo import DEMO_RESTAURANTS
from restaurants.menu_format import dump_menu
from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu, get_restaurant_by_slug, live_menu
from voice import selectors
from voice.management.arguments import quiet_logs
from voice.management.house import HouseFailed, throwaway_house
from voice.management.measuring import NotAnswered, measure, open_restaurants
from voice.reports.calls import PARTS, report_of
from voice.reports.wording import percent_text, seconds_text
from voice.spoken.figures import side_by_side
from voice.spoken.sentences import NoSentences

ABOUT = """\
Says orders made of a menu into the product, by the embedded voice, and measures how long customers wait: from the end
of speech to the first sound of the answer, and to the finished basket; and how many baskets are just what was said.

  python manage.py benchmark_voice --mode both --orders 20
  python manage.py benchmark_voice --mode streaming --restaurant burger-lane

It starts a whole Comanda of its own (server, Celery worker, PostgreSQL, Redis) in a temporary folder on a free port,
with the engine that is configured here, and removes it afterwards: no call, order or figure of yours is touched, and
nothing has to be running. An order takes about six seconds per mode, because it is spoken in real time.
"""
MODES = {"streaming": ("streaming",), "batch": ("batch",), "both": ("streaming", "batch")}
# A busy machine is measured as it is: nothing is assigned or falls back for it, or one mode would stand for the other.
NOT_LEFT = {"OVERLOAD_LOOP_LAG_MS": "10000", "STREAMING_FIRST_WORDS_DEADLINE_MS": "30000"}
PASSED_ON = ("mode", "orders", "at_once", "seed")
ROWS = (
    ("Orders", "orders", str),
    ("Basket exactly right", "success_rate", percent_text),
    ("First reply, median", "first_reply_p50_ms", seconds_text),
    ("First reply, 95 %", "first_reply_p95_ms", seconds_text),
    ("Finished basket, median", "basket_p50_ms", seconds_text),
    ("Finished basket, 95 %", "basket_p95_ms", seconds_text),
    ("Without an answer", "no_reply", str),
)


class Command(BaseCommand):
    help = ABOUT
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--mode", choices=tuple(MODES), default="both")
        parser.add_argument("--orders", type=int, default=10, help="in each mode (default 10)")
        parser.add_argument("--restaurant", metavar="SLUG", help="whose live menu is spoken (default: a demo's)")
        parser.add_argument(
            "--at-once", type=int, default=1, metavar="N", help="customers at the same time (default 1)"
        )
        parser.add_argument("--seed", type=int, default=1, help="other orders (default 1)")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)  # the menu, where we are in that house

    def handle(self, *_args: Any, inside: Path | None, **options: Any) -> None:
        if options["orders"] < 1 or options["at_once"] < 1:
            raise CommandError("--orders and --at-once are at least 1.")
        modes = MODES[options["mode"]]
        if inside is not None:
            self._measure(inside, modes, options)
            return
        figures = self._in_a_house(_menu_of(options["restaurant"]), options)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self._print(figures, modes)

    def _in_a_house(self, document: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        self.stderr.write("Starting a house for the measurement …")
        try:
            with throwaway_house(**NOT_LEFT) as house:
                menu = house.folder / "menu.json"
                menu.write_bytes(msgspec.json.encode(document))
                passed = [f"--{name.replace('_', '-')}={options[name]}" for name in PASSED_ON]
                output = house.manage("benchmark_voice", f"--inside={menu}", *passed)
        except HouseFailed as error:
            raise CommandError(str(error)) from None
        figures: dict[str, Any] = json.loads(output.splitlines()[-1])
        return figures

    def _measure(self, menu: Path, modes: Sequence[str], options: Mapping[str, Any]) -> None:
        document = json.loads(menu.read_bytes())
        numbers = {name: options[name] for name in ("orders", "seed", "at_once")}
        try:
            with quiet_logs(logging.ERROR):
                open_restaurants(document, modes)
                measured, began = asyncio.run(measure(document, modes, **numbers, tell=self.stderr.write))
        except NoSentences as error:
            raise CommandError(str(error)) from None
        except NotAnswered as error:
            raise CommandError(f"{error}. Try manage.py probe_provider.") from None
        with quiet_logs():
            rows = selectors.call_rows(since=began, until=timezone.now())
        turns = report_of(rows, since=began, until=timezone.now()).turns
        parts = {mode: turns[mode].as_json()["mean_parts_ms"] for mode in modes if mode in turns}
        self.stdout.write(json.dumps(side_by_side(measured) | {"mean_parts_ms": parts}))

    def _print(self, figures: Mapping[str, Any], modes: Sequence[str]) -> None:
        self.stdout.write(f"{'':<26}" + "".join(f"{mode:>12}" for mode in modes))
        for name, key, text in ROWS:
            self.stdout.write(f"{name:<26}" + "".join(f"{text(figures[mode][key]):>12}" for mode in modes))
        for part in PARTS:
            means = (figures["mean_parts_ms"].get(mode, {}).get(part) for mode in modes)
            self.stdout.write(f"{f'  {part}, mean':<26}" + "".join(f"{seconds_text(ms):>12}" for ms in means))
        if "first_reply_saved" in figures:
            first, basket = (percent_text(figures[f"{name}_saved"]) for name in ("first_reply", "basket"))
            self.stdout.write(f"Streaming saves {first} of the wait for the first reply, {basket} for the basket.")


def _menu_of(slug: str | None) -> Mapping[str, Any]:
    if slug is None:
        menu: Mapping[str, Any] = json.loads(DEMO_RESTAURANTS[0].menu_path.read_bytes())
        return menu
    try:
        return dump_menu(live_menu(get_restaurant_by_slug(slug).pk))
    except Restaurant.DoesNotExist:
        raise CommandError(f"There is no restaurant {slug}.") from None
    except NoLiveMenu:
        raise CommandError(f"{slug} has no live menu.") from None
