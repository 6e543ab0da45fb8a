"""Where the embedded services are found: follows from the data folder, so every process agrees without being told."""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

DATABASE_NAME = "comanda"
DATABASE_OWNER = "postgres"
POSTGRES_SOCKET_NAME = ".s.PGSQL.5432"
REDIS_SOCKET_NAME = "redis.sock"
LONGEST_SOCKET_PATH = 100  # bytes; Linux allows 107, macOS 103


def postgres_data_dir(var_dir: Path) -> Path:
    return var_dir / "postgres"


def redis_data_dir(var_dir: Path) -> Path:
    return var_dir / "redis"


def postgres_socket_dir(var_dir: Path) -> Path:
    return _socket_dir(postgres_data_dir(var_dir), POSTGRES_SOCKET_NAME)


def redis_socket(var_dir: Path) -> Path:
    return _socket_dir(redis_data_dir(var_dir), REDIS_SOCKET_NAME) / REDIS_SOCKET_NAME


def database_url(var_dir: Path, *, database: str = DATABASE_NAME) -> str:
    host = quote(str(postgres_socket_dir(var_dir)), safe="")
    return f"postgresql://{DATABASE_OWNER}@/{database}?host={host}"


def redis_url(var_dir: Path) -> str:
    return f"unix://{quote(str(redis_socket(var_dir)))}?db=0"


def _socket_dir(data_dir: Path, socket_name: str) -> Path:
    """Beside the data, or under the temporary folder when that path is longer than a Unix socket may be."""
    if len(os.fsencode(data_dir / socket_name)) <= LONGEST_SOCKET_PATH:
        return data_dir
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"comanda-{os.getuid()}-{digest}"
