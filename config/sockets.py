"""Which WebSocket goes where, and from which pages it may be opened."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import URLPattern, re_path

from config.asgi_types import Application, Receive, Scope, Send
from orders.routing import websocket_urlpatterns as order_sockets
from voice.protocol import CloseCode
from voice.routing import websocket_urlpatterns as voice_sockets

NO_SUCH_SOCKET = CloseCode.NO_RESTAURANT


def socket_application() -> Application:
    """Customer sockets bring a token of their own; only staff sockets pay for session and user look-ups."""
    unknown = re_path(r"", refuse_unknown)  # type: ignore[arg-type]  # Channels routes ASGI applications with it
    return OriginGate(URLRouter([*voice_sockets, *with_signed_in_user(order_sockets), unknown]))


def with_signed_in_user(patterns: Sequence[URLPattern]) -> list[URLPattern]:
    return [URLPattern(one.pattern, AuthMiddlewareStack(one.callback), one.default_args, one.name) for one in patterns]


class OriginGate:
    """Refuses sockets that another site's page opened, and host names that are not ours (DNS rebinding).

    Browsers always send Origin; a program that sends none carries no visitor's cookies and may pass.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin")
        if is_our_host(host) and (origin is None or is_our_origin(origin.decode("latin-1"), host)):
            await self._application(scope, receive, send)
        else:
            await _accept_and_close(receive, send, CloseCode.ORIGIN, "this page may not open a socket here")


def is_our_host(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def is_our_origin(origin: str, host: str) -> bool:
    return urlsplit(origin).netloc.lower() == host.lower() or origin in settings.CSRF_TRUSTED_ORIGINS


async def refuse_unknown(scope: Scope, receive: Receive, send: Send) -> None:
    await _accept_and_close(receive, send, NO_SUCH_SOCKET, "there is no such socket")


async def _accept_and_close(receive: Receive, send: Send, code: int, reason: str) -> None:
    """A close before accepting reaches the browser as a bare failure; after it, the code tells why."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    await send({"type": "websocket.close", "code": code, "reason": reason})
