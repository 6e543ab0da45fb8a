from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.utils import timezone

from voice import selectors
from voice.management.arguments import database_trouble, quiet_logs, restaurant_ids, since_of
from voice.reports.calls import Report, report_of
from voice.reports.page import page_context
from voice.reports.summary import text_report

ABOUT = """\
Compares streaming and batch from the calls that are stored: how many ended in an order or with a person, how long
customers waited and where that time went, why calls fell back, by restaurant and by hour. Prints a summary; --html also
writes a page with plots that needs nothing else and can be mailed.

  python manage.py analyze_streaming --since 7d
  python manage.py analyze_streaming --since 2026-11-01 --restaurant burger-lane --html report.html

Calls are compared by the mode they were assigned, so that a fallback counts against streaming. With few calls the
ranges are wide, and percentiles that few calls cannot have are left out. Test calls are not counted.
"""


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", default="7d", help='"24h", "7d" or a day like 2026-11-01 (default 7d)')
        parser.add_argument(
            "--restaurant", action="append", default=[], metavar="SLUG", help="only this one; may be given again"
        )
        parser.add_argument("--html", type=Path, metavar="FILE", help="write the page with plots there")
        parser.add_argument(
            "--json", action="store_true", help="print the figures as one JSON document instead of words"
        )

    def handle(
        self, *_args: Any, since: str, restaurant: list[str], html: Path | None, json: bool, **_options: Any
    ) -> None:
        until = timezone.now()
        begins = since_of(since, until)
        try:
            with quiet_logs():
                rows = selectors.call_rows(since=begins, until=until, restaurants=restaurant_ids(restaurant))
        except DatabaseError as error:
            raise CommandError(database_trouble(error)) from None
        report = report_of(rows, since=begins, until=until)
        if html is not None:
            _write(html, report)
        if json:
            self._print_json(report)
            return
        for line in text_report(report):
            self.stdout.write(self.style.WARNING(line) if line.startswith("!") else line)
        if html is not None:
            self.stdout.write(f"\nThe page is {html.resolve()}")

    def _print_json(self, report: Report) -> None:
        self.stdout.write(msgspec.json.encode(report.as_json()).decode())


def _write(path: Path, report: Report) -> None:
    try:
        path.write_text(render_to_string("voice/report.html", page_context(report)), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The page cannot be written to {path}: {error.strerror}.") from None
