from __future__ import annotations

import argparse
import sys
import time
from contextlib import nullcontext
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from voice import selectors
from voice.management.arguments import database_trouble, quiet_logs, restaurant_ids
from voice.management.screen import LiveScreen
from voice.reports.live import live_lines

ABOUT = """\
Shows what goes on: how many calls stream and how many are in batch, what the rollout decides and why, how many calls
were served, how many fell back and for what reason, and how long customers wait. Refreshes until Ctrl-C.

  python manage.py monitor_streaming
  python manage.py monitor_streaming --once --restaurant burger-lane
  python manage.py monitor_streaming --json --every 10 >> figures.jsonl

Without a terminal it prints one block after the other. A database that is away is told and asked again.
"""


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="print it once and end")
        parser.add_argument("--json", action="store_true", help="one JSON document a refresh, each on its own line")
        parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="between refreshes (default 2)")
        parser.add_argument("--minutes", type=int, default=15, help="how far back waits and ends go (default 15)")
        parser.add_argument(
            "--restaurant", action="append", default=[], metavar="SLUG", help="only this one; repeatable"
        )

    def handle(
        self, *_args: Any, once: bool, every: float, minutes: int, restaurant: list[str], **options: Any
    ) -> None:
        if minutes < 1 or every < 0.2:
            raise CommandError("--minutes is at least 1, --every at least 0.2.")
        with quiet_logs():
            try:
                restaurants = restaurant_ids(restaurant)
                if once:
                    self.stdout.write("\n".join(self._lines(minutes, restaurants, is_json=options["json"])))
                    return
            except DatabaseError as error:
                raise CommandError(database_trouble(error)) from None
            self._run(every, minutes, restaurants, is_json=options["json"])

    def _run(self, every: float, minutes: int, restaurants: list[int] | None, *, is_json: bool) -> None:
        screen = LiveScreen(sys.stdout)
        try:
            with nullcontext() if is_json else screen.open():
                self._refresh(screen, every, minutes, restaurants, is_json=is_json)
        except (KeyboardInterrupt, BrokenPipeError):
            return

    def _refresh(
        self, screen: LiveScreen, every: float, minutes: int, restaurants: list[int] | None, *, is_json: bool
    ) -> None:
        while True:
            try:
                lines = self._lines(minutes, restaurants, is_json=is_json)
            except DatabaseError as error:
                connection.close()
                lines = [] if is_json else [database_trouble(error), "Asking again …"]
            if is_json:
                sys.stdout.write("".join(f"{line}\n" for line in lines))
                sys.stdout.flush()
            else:
                screen.show(lines)
            time.sleep(every)

    def _lines(self, minutes: int, restaurants: list[int] | None, *, is_json: bool) -> list[str]:
        view = selectors.live_view(minutes=minutes, restaurants=restaurants)
        return [msgspec.json.encode(view.as_json()).decode()] if is_json else list(live_lines(view))
