#!/usr/bin/env python3
"""Comanda's command line: `python manage.py up` starts everything, `python manage.py help` lists the rest."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Comanda cannot start: {error}")


if __name__ == "__main__":
    main()
