"""What every page tells the browser it may do."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.browser_policy import BrowserPolicyMiddleware


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


async def async_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def test_our_pages_run_no_inline_script_and_load_nothing_foreign() -> None:
    response = BrowserPolicyMiddleware(page)(RequestFactory().get("/r/pizzeria/"))
    policy = response["Content-Security-Policy"]  # type: ignore[index]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "microphone=(self)" in response["Permissions-Policy"]  # type: ignore[index]


async def test_the_same_holds_under_asgi() -> None:
    response = await BrowserPolicyMiddleware(async_page)(RequestFactory().get("/"))  # type: ignore[misc]
    assert "script-src 'self';" in response["Content-Security-Policy"]


def test_only_the_admin_is_looser() -> None:
    admin = BrowserPolicyMiddleware(page)(RequestFactory().get("/admin/orders/"))
    assert "unsafe-eval" in admin["Content-Security-Policy"]  # type: ignore[index]
    lookalike = BrowserPolicyMiddleware(page)(RequestFactory().get("/administrator/"))
    assert "unsafe-eval" not in lookalike["Content-Security-Policy"]  # type: ignore[index]


def test_a_view_that_sets_its_own_policy_keeps_it() -> None:
    def special(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok", headers={"Content-Security-Policy": "default-src 'self'"})

    response = BrowserPolicyMiddleware(special)(RequestFactory().get("/"))
    assert response["Content-Security-Policy"] == "default-src 'self'"  # type: ignore[index]
