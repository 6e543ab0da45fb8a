"""PostgreSQL and Redis for the tests, started when the first test asks for them and thrown away at the end.

A pytest plugin (`-p tests.services`), because the addresses must be in the environment before Django's settings load.
DATABASE_URL and REDIS_URL, when set, are used instead; unit tests start nothing.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from config.embedded import addresses

# Only a name so far: who merely imports this module leaves nothing behind.
session_dir = Path(tempfile.gettempdir()) / f"comanda-tests-{os.getpid()}-{token_hex(4)}"
is_postgres_ours = not os.environ.get("DATABASE_URL")
is_redis_ours = not os.environ.get("REDIS_URL")
os.environ["VAR_DIR"] = str(session_dir)


def pytest_unconfigure() -> None:
    shutil.rmtree(session_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL that answers; `django_db` asks for it by itself."""
    if not is_postgres_ours:
        yield os.environ["DATABASE_URL"]
        return
    from config.embedded.postgres import EmbeddedPostgres

    server = EmbeddedPostgres(session_dir, is_throwaway=True)
    server.start()
    try:
        server.wait_ready()
        yield addresses.database_url(session_dir)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis that answers. Not emptied between tests: see `empty_redis`."""
    if not is_redis_ours:
        yield os.environ["REDIS_URL"]
        return
    from config.embedded.redis import EmbeddedRedis

    server = EmbeddedRedis(session_dir, is_throwaway=True)
    server.start()
    try:
        server.wait_ready()
        yield addresses.redis_url(session_dir)
    finally:
        server.stop()
