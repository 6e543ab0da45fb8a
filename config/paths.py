"""Exact paths answered before Django."""

from collections.abc import Mapping

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope


class ByPath:
    def __init__(self, applications: Mapping[str, ASGI3Application], *, otherwise: ASGI3Application) -> None:
        self._applications = applications
        self._otherwise = otherwise

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await self._applications.get(scope["path"], self._otherwise)(scope, receive, send)
