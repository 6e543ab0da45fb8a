"""Asking our own server whether it is ready, and telling a person where to go."""

import json
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

PROBE_TIMEOUT_S = 1.0
EVERY_ADDRESS = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104  # compared with, not bound to


def public_url(host: str, port: int) -> str:
    """An address a browser on this machine can open; "localhost" is a secure context, so the microphone works."""
    name = EVERY_ADDRESS.get(host, host)
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"


class Probe:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "localhost", parts.port or 80
        self._last: dict[str, Any] = {}

    def is_ready(self) -> bool:
        connection = HTTPConnection(self._host, self._port, timeout=PROBE_TIMEOUT_S)
        try:
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            self._last = json.loads(response.read())
            return response.status == 200
        except (TimeoutError, OSError, HTTPException, ValueError):
            return False
        finally:
            connection.close()

    def what_is_missing(self) -> str:
        parts = self._last.get("parts", {})
        missing = [f"{name}: {part['detail']}" for name, part in parts.items() if part["status"] != "up"]
        return "; ".join(missing) or f"the server does not answer; see {settings.VAR_DIR / 'log' / 'server.log'}"


def banner(url: str, var_dir: Path, *, seconds: float) -> str:
    lines = [
        "",
        f"  Comanda is ready after {seconds:.1f} s.",
        "",
        f"  Restaurants   {url}",
        f"  Admin         {url}admin/",
        f"  Health        {url}readyz",
        f"  Logs          {var_dir / 'log'}",
        "",
        "  Ctrl-C stops everything and keeps the data.",
        "",
    ]
    return "\n".join(lines)
