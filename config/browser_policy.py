"""Response headers that tell browsers what our pages may do."""

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

Policy = dict[str, str]

STRICT_POLICY: Policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# django-unfold evaluates Alpine expressions and sets inline styles; only signed-in staff get this far.
ADMIN_POLICY: Policy = {
    **STRICT_POLICY,
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
}
ADMIN_PREFIX = "/admin/"
PERMISSIONS_POLICY = "microphone=(self), screen-wake-lock=(self), camera=(), geolocation=(), payment=(), usb=()"


def policy_text(policy: Policy) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


STRICT_TEXT = policy_text(STRICT_POLICY)
ADMIN_TEXT = policy_text(ADMIN_POLICY)


@sync_and_async_middleware
def BrowserPolicyMiddleware(  # noqa: N802  # Django's settings name middleware like classes
    get_response: Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]]:
    """Adds Content-Security-Policy and Permissions-Policy to every response that has none."""

    def guarded(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        text = ADMIN_TEXT if request.path_info.startswith(ADMIN_PREFIX) else STRICT_TEXT
        response.headers.setdefault("Content-Security-Policy", text)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    if iscoroutinefunction(get_response):
        respond_async = cast("Callable[[HttpRequest], Awaitable[HttpResponse]]", get_response)

        async def policy_async(request: HttpRequest) -> HttpResponse:
            return guarded(request, await respond_async(request))

        return policy_async

    respond = cast("Callable[[HttpRequest], HttpResponse]", get_response)

    def policy(request: HttpRequest) -> HttpResponse:
        return guarded(request, respond(request))

    return policy
