"""Every page has its icon: named by the page, or found where browsers look by themselves."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from restaurants.models import Restaurant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["landing", "login", "admin:login"])
def test_pages_name_their_icon(client: Client, osteria: Restaurant, name: str) -> None:
    page = client.get(reverse(name), follow=True).content.decode()
    assert 'href="/static/img/favicon.svg"' in page
    assert finders.find("img/favicon.svg")


def test_browsers_find_an_icon_by_themselves(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (301, "/static/img/favicon.ico")
    found = finders.find("img/favicon.ico")
    assert found
    assert Path(str(found)).read_bytes().startswith(b"\x00\x00\x01\x00")
