from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from restaurants.demo import ADMIN, DEMO_PASSWORD, DEMO_RESTAURANTS
from restaurants.services.demo import load_demo


class Command(BaseCommand):
    help = "Creates the three demo restaurants with their menus and people. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        load_demo()
        if options["verbosity"] == 0:
            return
        self.stdout.write(f'Sign in with the password "{DEMO_PASSWORD}" (unless it was changed) as:')
        self.stdout.write(f"  {ADMIN.username:10} superuser")
        for demo in DEMO_RESTAURANTS:
            for person in demo.people:
                self.stdout.write(f"  {person.username:10} {person.role.replace('_', ' ')} of {demo.slug}")
