"""What a person is told once everything runs: where to go and who to be."""

from pathlib import Path

from django.conf import settings

from restaurants.demo import ADMIN, DEMO_PASSWORD, DEMO_RESTAURANTS

EVERY_ADDRESS = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104  # compared with, not bound to


def public_url(host: str, port: int) -> str:
    """An address a browser on this machine can open; "localhost" is a secure context, so the microphone works."""
    name = EVERY_ADDRESS.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"


def banner(url: str, var_dir: Path, *, seconds: float) -> str:
    lines = [f"Comanda is ready after {seconds:.1f} s.", "", f"  Start here   {url}"]
    if settings.LOAD_DEMO:
        lines += [_restaurant_line(url, restaurant.slug) for restaurant in DEMO_RESTAURANTS]
    lines += [f"  Admin        {url}admin/"]
    if settings.LOAD_DEMO:
        lines += [
            "",
            f'Sign-ins of the demo, all with the password "{DEMO_PASSWORD}":',
            f"  {ADMIN.username:<10} admin",
        ]
        lines += [
            f"  {person.username:<10} {person.role.replace('_', ' ')} at {url}r/{restaurant.slug}/board"
            for restaurant in DEMO_RESTAURANTS
            for person in restaurant.people
        ]
    lines += [
        "",
        f"Logs are in {var_dir / 'log'}; {url}readyz tells how everything is.",
        "Ctrl-C stops it and keeps the data.",
    ]
    return "\n".join(["", *lines, ""])


def _restaurant_line(url: str, slug: str) -> str:
    return f"               {url}r/{slug}/"
