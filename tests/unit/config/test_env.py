"""What a setting is read as, and what a wrong one says when Comanda starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import env_bool, env_int, env_list, env_path, env_secret, env_str, load_dotenv

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("text", "expected"), [("true", True), ("1", True), ("YES", True), ("Off", False), ("no", False), ("", True)]
)
def test_yes_and_no_are_read_in_their_usual_spellings(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: bool
) -> None:
    monkeypatch.setenv("ENABLE_REALTIME_STREAMING", text)
    assert env_bool("ENABLE_REALTIME_STREAMING", True) is expected


@pytest.mark.parametrize(
    ("read", "text", "complaint"),
    [
        (lambda: env_bool("X", True), "maybe", "X='maybe' is not a yes or a no"),
        (lambda: env_int("X", 1), "twenty", "X='twenty' is not a whole number"),
        (lambda: env_int("X", 1, maximum=100), "101", "X=101 is above the largest allowed value, 100"),
        (lambda: env_int("X", 1, minimum=0), "-1", "X=-1 is below the smallest allowed value, 0"),
        (lambda: env_str("X", "a", choices=("b", "a")), "c", "X='c' is not one of: a, b"),
    ],
)
def test_a_value_nobody_can_mean_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, read: object, text: str, complaint: str
) -> None:
    monkeypatch.setenv("X", text)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()  # type: ignore[operator]
    assert complaint in str(refusal.value)


def test_empty_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "  ")
    assert (env_str("X", "default"), env_int("X", 7), env_list("X", "a, b,")) == ("default", 7, ["a", "b"])


def test_a_secret_may_live_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert env_secret("OPENAI_API_KEY") == "s3cret"


def test_two_sources_for_one_secret_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="Both OPENAI_API_KEY and OPENAI_API_KEY_FILE"):
        env_secret("OPENAI_API_KEY")


def test_a_missing_secret_file_is_named_but_not_guessed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="OPENAI_API_KEY_FILE"):
        env_secret("OPENAI_API_KEY")


def test_a_relative_path_counts_from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAR_DIR", "data")
    assert env_path("VAR_DIR", Path("/elsewhere")) == tmp_path / "data"


def test_the_env_file_fills_gaps_and_never_overrides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# comment\n\nexport FIRST=from file\nSECOND='quo # ted'\nTHIRD=plain # said why\nFOURTH=\n")
    for name in ("FIRST", "SECOND", "THIRD", "FOURTH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FIRST", "from shell")
    load_dotenv(file)
    assert [os.environ[name] for name in ("FIRST", "SECOND", "THIRD", "FOURTH")] == [
        "from shell",
        "quo # ted",
        "plain",
        "",
    ]
    for name in ("SECOND", "THIRD", "FOURTH"):
        monkeypatch.delenv(name)


def test_a_broken_env_line_is_shown_with_its_number(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GOOD_ONE=\nwhat is this\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env line 2"):
        load_dotenv(tmp_path / ".env")


def test_a_wrong_setting_ends_the_start_with_one_sentence(tmp_path: Path) -> None:
    """No traceback for a person who mistyped."""
    environment = {**os.environ, "STREAMING_ROLLOUT_PERCENTAGE": "110", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "up"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.strip() == (
        "Comanda cannot start: STREAMING_ROLLOUT_PERCENTAGE=110 is above the largest allowed value, 100."
    )
