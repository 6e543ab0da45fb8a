"""Which WebSocket goes where."""

from collections.abc import Sequence

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import URLPattern, re_path

from config.asgi_types import Application
from config.origin_gate import OriginGate, refuse_unknown
from orders.routing import websocket_urlpatterns as order_sockets
from voice.routing import websocket_urlpatterns as voice_sockets


def socket_application() -> Application:
    """Customer sockets bring a token of their own; only staff sockets pay for session and user look-ups."""
    unknown = re_path(r"", refuse_unknown)  # type: ignore[arg-type]  # Channels routes ASGI applications with it
    return OriginGate(URLRouter([*voice_sockets, *with_signed_in_user(order_sockets), unknown]))


def with_signed_in_user(patterns: Sequence[URLPattern]) -> list[URLPattern]:
    return [URLPattern(one.pattern, AuthMiddlewareStack(one.callback), one.default_args, one.name) for one in patterns]
