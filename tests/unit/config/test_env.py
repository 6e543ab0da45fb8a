"""What a wrong setting says when Comanda starts."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import env_bool, env_int, env_list, env_secret, env_str, load_dotenv


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("1", True), ("Off", False), ("no", False), ("", True)])
def test_yes_and_no_are_read_in_the_usual_spellings(monkeypatch: pytest.MonkeyPatch, text: str, expected: bool) -> None:
    monkeypatch.setenv("ENABLE_REALTIME_STREAMING", text)
    assert env_bool("ENABLE_REALTIME_STREAMING", True) is expected
