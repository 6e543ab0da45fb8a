"""Where a page is, as far as limits go: nobody chooses it by a header, and nobody shares the proxy's."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from pytest_django import Settings

from voice.client_address import address_of_request, address_of_scope, is_limited


def scope(peer: str, *forwarded: str) -> dict[str, object]:
    headers = [(b"X-Forwarded-For", one.encode()) for one in forwarded]
    return {"client": (peer, 4711), "headers": headers}


def test_without_a_proxy_the_header_counts_for_nothing() -> None:
    assert address_of_scope(scope("192.0.2.7", "203.0.113.9")) == "192.0.2.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["10.9.9.9, 203.0.113.9"], "203.0.113.9"),  # the left one is the client's own invention
        (2, ["203.0.113.9, 198.51.100.2"], "203.0.113.9"),
        (2, ["10.9.9.9", "203.0.113.9", "198.51.100.2"], "203.0.113.9"),
        (2, ["203.0.113.9"], "203.0.113.9"),
        (1, ["[2001:db8:1:2:3:4:5:6]"], "2001:db8:1:2::/64"),
        (1, ["nonsense"], ""),
        (1, [], "192.0.2.7"),
    ],
)
def test_behind_proxies_the_one_they_saw_counts(
    settings: Settings, proxies: int, forwarded: list[str], address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address_of_scope(scope("192.0.2.7", *forwarded)) == address
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "192.0.2.7"} | ({"HTTP_X_FORWARDED_FOR": ",".join(forwarded)} if forwarded else {})
    assert address_of_request(request) == address


def test_a_household_is_one_address_and_a_mapped_one_is_itself() -> None:
    assert address_of_scope(scope("2001:db8:1:2::5")) == address_of_scope(scope("2001:db8:1:2:ffff::1"))
    assert address_of_scope(scope("::ffff:192.0.2.7")) == "192.0.2.7"


def test_this_machine_and_the_unknown_are_not_limited() -> None:
    assert not is_limited(address_of_scope(scope("127.0.0.1")))
    assert not is_limited(address_of_scope(scope("::1")))
    assert not is_limited(address_of_scope({}))
    assert is_limited("192.0.2.7")
