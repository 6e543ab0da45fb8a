"""Asking our own server whether it is ready."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

PROBE_TIMEOUT_S = 1.0


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
