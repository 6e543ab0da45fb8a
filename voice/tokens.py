"""Signed tokens of the customer's page: what lets a stranger's browser open a call, and only that call open again.

Signed with SECRET_KEY, so every process can read them; bound by their salt to a purpose and a restaurant.
"""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.core import signing

_PAGE, _RESUME = "voice.page", "voice.resume"


class TokenInvalid(Exception):
    """Missing, forged, or for another purpose."""


class TokenOfOther(TokenInvalid):
    """Genuine, but of another restaurant's page."""


class TokenExpired(Exception):
    pass


def page_token(slug: str) -> str:
    """For the customer page of one restaurant; anybody who may see the page may have one."""
    return signing.TimestampSigner(salt=_PAGE).sign(f"{slug}~{secrets.token_urlsafe(9)}")


def check_page_token(token: str, slug: str) -> None:
    """raises: TokenInvalid, TokenOfOther, TokenExpired"""
    try:
        value = signing.TimestampSigner(salt=_PAGE).unsign(token, max_age=settings.SESSION_TOKEN_SECONDS)
    except signing.SignatureExpired:
        raise TokenExpired from None
    except signing.BadSignature:
        raise TokenInvalid from None
    if value.partition("~")[0] != slug:
        raise TokenOfOther


def resume_token(slug: str, call_id: str) -> str:
    """What the page keeps to get back into its call; good for as long as a call may last."""
    return signing.TimestampSigner(salt=f"{_RESUME}:{slug}").sign(uuid.UUID(call_id).hex)


def call_of_resume_token(token: str, slug: str, *, after_call_s: int = 0) -> str:
    """The call's id; `after_call_s`: how long after its longest time the token is still good for something.

    raises: TokenInvalid (also for another restaurant's), TokenExpired
    """
    max_age = settings.CALL_MAX_SECONDS + 60 + after_call_s
    try:
        value = signing.TimestampSigner(salt=f"{_RESUME}:{slug}").unsign(token, max_age=max_age)
    except signing.SignatureExpired:
        raise TokenExpired from None
    except signing.BadSignature:
        raise TokenInvalid from None
    return str(uuid.UUID(value))
