"""Writes docs/protocol.schema.json from the message types: `python manage.py export_protocol`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from voice.protocol_schema import schema_text


class Command(BaseCommand):
    help = "Writes the JSON schema of the browser socket's messages to docs/protocol.schema.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only says whether the file is current.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "protocol.schema.json"
        if check:
            if not path.exists() or path.read_text("utf-8") != schema_text():
                raise CommandError("docs/protocol.schema.json is not current: run `python manage.py export_protocol`.")
            return
        path.write_text(schema_text(), "utf-8")
        self.stdout.write(f"{path} written")
