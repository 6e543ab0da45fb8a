"""Exact paths answered before Django."""

from collections.abc import Mapping

from config.asgi_types import Application, Receive, Scope, Send


class ByPath:
    def __init__(self, applications: Mapping[str, Application], *, otherwise: Application) -> None:
        self._applications = applications
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._applications.get(scope["path"], self._otherwise)(scope, receive, send)
