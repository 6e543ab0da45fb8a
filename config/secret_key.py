"""The signing key: from the environment, else made once and kept beside the data."""

import os
import secrets
from pathlib import Path


def kept_secret_key(path: Path) -> str:
    """The key in `path`, made on first use; safe when several processes start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its key is the one
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
