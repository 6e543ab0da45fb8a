"""From which pages a WebSocket may be opened. Browsers apply no same-origin rule to sockets; servers must."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from config.asgi_types import Application, Receive, Scope, Send
from voice.protocol import CloseCode


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
    """The page came from the very host and port it opens the socket on, or from one named in CSRF_TRUSTED_ORIGINS."""
    try:
        page_host = urlsplit(origin).netloc
    except ValueError:
        return False
    return page_host.lower() == host.lower() or origin in settings.CSRF_TRUSTED_ORIGINS


async def refuse_unknown(_scope: Scope, receive: Receive, send: Send) -> None:
    await _accept_and_close(receive, send, CloseCode.NO_RESTAURANT, "there is no such socket")


async def _accept_and_close(receive: Receive, send: Send, code: int, reason: str) -> None:
    """A close before accepting reaches the browser as a bare failure; after it, the code tells why."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    await send({"type": "websocket.close", "code": code, "reason": reason})
