"""`python manage.py up`: the whole of Comanda in one terminal."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.service import ServiceError
from config.supervisor.instance_lock import AlreadyRunning

ABOUT = """\
Starts everything Comanda needs and keeps it running until Ctrl-C:

  PostgreSQL, Redis   embedded ones, unless DATABASE_URL / REDIS_URL name your own
  server              uvicorn (or ASGI_SERVER=daphne) on HOST and PORT, 127.0.0.1:8000 by default
  worker, beat        Celery
  database            migrated; the demo restaurants are loaded once

Data, logs and the generated secret key live in VAR_DIR (default: var/). A child that crashes is started again.
Settings come from the environment or from a file named .env; .env.example lists them all.
"""


class Command(BaseCommand):
    help = ABOUT
    requires_system_checks = []  # `make check` runs them; a start should not wait for them

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def handle(self, *_args: Any, **_options: Any) -> None:
        from config.supervisor.house import House

        try:
            House().run()
        except (ServiceError, AlreadyRunning) as error:
            raise CommandError(str(error)) from None
