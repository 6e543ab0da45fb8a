from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from restaurants.menu_format import dump_menu
from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu, get_restaurant_by_slug, live_menu


class Command(BaseCommand):
    help = "Writes the live menu of a restaurant as menu.json, to a file or to the screen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the restaurant's address")
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *args: Any, slug: str, file: Path | None, **options: Any) -> None:
        try:
            menu = live_menu(get_restaurant_by_slug(slug).pk)
        except Restaurant.DoesNotExist:
            raise CommandError(f"There is no restaurant {slug}.") from None
        except NoLiveMenu:
            raise CommandError(f"{slug} has no live menu.") from None
        text = json.dumps(dump_menu(menu), ensure_ascii=False, indent=2) + "\n"
        if file is None:
            self.stdout.write(text, ending="")
        else:
            try:
                file.write_text(text, encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
