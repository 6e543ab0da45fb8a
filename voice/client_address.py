"""Where a request comes from, for limits: the peer, or what the trusted proxies in front of us say of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64  # one household: it may choose any address in it


def address_of_request(request: HttpRequest) -> str:
    return _address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def address_of_scope(scope: Mapping[str, Any]) -> str:
    """Of an ASGI connection. "" when nothing is known."""
    headers: Iterable[tuple[bytes, bytes]] = scope.get("headers") or ()
    forwarded = b",".join(value for name, value in headers if name.lower() == b"x-forwarded-for")
    peer = scope.get("client")
    return _address(peer[0] if peer else "", forwarded.decode("latin-1"))


def is_limited(address: str) -> bool:
    """Not this machine, nor a proxy on it that was not declared (everybody would share its limit), nor the unknown."""
    return bool(address) and not address.startswith("127.") and address != "::/64"


def _address(peer: str, forwarded: str) -> str:
    """With n trusted proxies the n-th entry from the right is the client; what stands further left anybody can send."""
    entries = [entry for part in forwarded.split(",") if (entry := part.strip())]
    if settings.TRUSTED_PROXIES and entries:
        peer = entries[-min(settings.TRUSTED_PROXIES, len(entries))]
    try:
        address = ipaddress.ip_address(peer.strip("[]"))
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
