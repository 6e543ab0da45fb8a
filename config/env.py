"""Typed readers for environment variables. A value nobody can mean stops the start and names its variable."""

import os
from collections.abc import Collection
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def env_str(name: str, default: str = "", *, choices: Collection[str] = ()) -> str:
    """The variable's text without surrounding blanks; empty counts as unset."""
    value = os.environ.get(name, "").strip() or default
    if choices and value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r} is not one of: {', '.join(sorted(choices))}.")
    return value


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is not a yes or a no; write true or false.")


def env_int(name: str, default: int, *, minimum: int | None = None, maximum: int | None = None) -> int:
    text = os.environ.get(name, "").strip()
    try:
        value = int(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number.") from None
    if minimum is not None and value < minimum:
        raise ImproperlyConfigured(f"{name}={value} is below the smallest allowed value, {minimum}.")
    if maximum is not None and value > maximum:
        raise ImproperlyConfigured(f"{name}={value} is above the largest allowed value, {maximum}.")
    return value


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated words, blanks dropped."""
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def env_path(name: str, default: Path) -> Path:
    """An absolute path; a relative value counts from the current directory."""
    value = env_str(name)
    return Path(value).expanduser().resolve() if value else default.resolve()


def env_secret(name: str, default: str = "") -> str:
    """A secret from NAME, or from the file that NAME_FILE points at (as container platforms mount them)."""
    file_name = env_str(f"{name}_FILE")
    if not file_name:
        return env_str(name, default)
    if env_str(name):
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set; keep one.")
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={file_name!r} cannot be read: {error}.") from None


def load_dotenv(path: Path) -> None:
    """Read NAME=value lines into the environment. Variables that are already set win over the file."""
    if not path.is_file():
        return
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip().removeprefix("export ").lstrip()
        if not line or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        name = name.strip()
        if not separator or not name.isidentifier():
            raise ImproperlyConfigured(f"{path.name} line {number}: expected NAME=value, got {raw!r}.")
        os.environ.setdefault(name, _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()
