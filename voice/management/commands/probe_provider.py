from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from orders.understanding import compiled
from restaurants.demo import DEMO_RESTAURANTS
from restaurants.menu import Menu
from restaurants.menu_format import decode_menu_json, parse_menu
from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu, get_restaurant_by_slug, live_menu
from voice.management.arguments import quiet_logs
from voice.management.probing import Check, probe
from voice.spoken.sentences import NoSentences, spoken_orders

ABOUT = """\
Tries what calls depend on, one after the other, and says go or no-go: database, Redis, the Celery worker that batch
needs, and the configured engine: does it start, which languages and audio does it take, are there words while somebody
speaks, does it speak; and how long it takes to hear an order that its own voice says.

  python manage.py probe_provider
  python manage.py probe_provider --restaurant burger-lane --json

Ends with 0 for go and 1 for no-go. Opens no call and stores nothing; it may run beside a busy server, which it slows
a little.
"""
NAME_WIDTH = 18


class Command(BaseCommand):
    help = ABOUT
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--restaurant", metavar="SLUG", help="an order of its menu is spoken (default: a demo's)")
        parser.add_argument("--language", default="en", choices=("en", "es"), help="of the spoken order (default en)")
        parser.add_argument("--json", action="store_true", help="print one JSON document instead of lines")

    def handle(self, *_args: Any, restaurant: str | None, language: str, **options: Any) -> None:
        menu = _menu_of(restaurant)
        with quiet_logs(logging.ERROR):
            checks = asyncio.run(self._probe(menu, language, is_silent=options["json"]))
        is_go = all(check.is_ok for check in checks if check.is_needed)
        if options["json"]:
            document = {"go": is_go, "checks": [check.as_json() for check in checks]}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            verdict = self.style.SUCCESS("Go.") if is_go else self.style.ERROR("No-go: see what failed above.")
            self.stdout.write(verdict)
        if not is_go:
            sys.exit(1)

    async def _probe(self, menu: Menu, language: str, *, is_silent: bool) -> list[Check]:
        try:
            [order] = spoken_orders(menu, compiled(menu, language), 1, language=language)
        except NoSentences as error:
            raise CommandError(str(error)) from None
        checks = []
        async for check in probe(menu, order, language=language):
            checks.append(check)
            if not is_silent:
                mark = self.style.SUCCESS("ok  ") if check.is_ok else self.style.ERROR("FAIL")
                self.stdout.write(f"{mark} {check.name:<{NAME_WIDTH}}{check.detail}")
                self.stdout.flush()
        return checks


def _menu_of(slug: str | None) -> Menu:
    if slug is None:
        return parse_menu(decode_menu_json(DEMO_RESTAURANTS[0].menu_path.read_bytes()))
    try:
        return live_menu(get_restaurant_by_slug(slug).pk)
    except Restaurant.DoesNotExist:
        raise CommandError(f"There is no restaurant {slug}.") from None
    except NoLiveMenu:
        raise CommandError(f"{slug} has no live menu.") from None
    except DatabaseError:
        raise CommandError("The database cannot be reached; without --restaurant a demo's menu is used.") from None
