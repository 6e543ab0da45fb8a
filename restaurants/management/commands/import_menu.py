from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from restaurants.menu_format import MenuFormatError, decode_menu_json, parse_menu
from restaurants.models import Restaurant
from restaurants.selectors import get_restaurant_by_slug
from restaurants.services import MenuRefused, create_restaurant, import_menu, publish_menu, warnings_of


class Command(BaseCommand):
    help = "Reads a menu.json into a new draft of a restaurant. A wrong file changes nothing and is told line by line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the restaurant's address")
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="make it the live menu at once")
        parser.add_argument("--create", action="store_true", help="create the restaurant if there is none")

    def handle(self, *args: Any, slug: str, file: Path, publish: bool, create: bool, **options: Any) -> None:
        try:
            document = decode_menu_json(file.read_bytes())
            with transaction.atomic():
                restaurant = self.restaurant(slug, document, create=create)
                version = import_menu(restaurant=restaurant, document=document, note=f"from {file.name}"[:200])
                if publish:
                    version = publish_menu(menu_version=version)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except MenuFormatError as error:
            lines = "\n".join(f"  {entry}" for entry in error.errors)
            raise CommandError(f"{file} is no menu; nothing was imported.\n{lines}") from None
        except MenuRefused as error:
            lines = "\n".join(f"  {complaint}" for complaint in error.complaints)
            raise CommandError(f"The menu must not go live; nothing was imported.\n{lines}") from None
        self.stdout.write(f"{slug}: menu {version.number} is {version.get_state_display().lower()}.")
        for sentence in warnings_of(parse_menu(document)):
            self.stdout.write(f"  {sentence}")

    def restaurant(self, slug: str, document: object, *, create: bool) -> Restaurant:
        try:
            return get_restaurant_by_slug(slug)
        except Restaurant.DoesNotExist:
            if not create:
                raise CommandError(f"There is no restaurant {slug}; --create makes one.") from None
        menu = parse_menu(document)
        try:
            return create_restaurant(
                slug=slug,
                name=menu.name,
                currency=menu.currency,
                locale=menu.locale,
                languages=list(menu.languages),
                is_tax_inclusive=menu.tax_inclusive,
            )
        except ValidationError as error:
            raise CommandError(f"{slug} cannot be created: {' '.join(error.messages)}") from None
