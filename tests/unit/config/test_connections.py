"""One URL per service, as each library wants it."""

import multiprocessing
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.connections import celery_redis_url, check_redis_url, django_database
from config.embedded import addresses
from config.secret_key import kept_secret_key


def test_everything_in_a_database_url_reaches_the_driver() -> None:
    url = "postgres://ana:p%40ss@db.internal:6432/comanda?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=3"
    database = django_database(url, pool_size=0)
    assert [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        *("ana", "p@ss", "db.internal", "6432", "comanda")
    ]
    assert database["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem", "connect_timeout": "3"}


def test_servers_pool_their_connections() -> None:
    database = django_database("postgresql://localhost/comanda", pool_size=9)
    assert database["OPTIONS"]["pool"]["max_size"] == 9


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("mysql://localhost/x", "must start with postgresql://"),
        ("postgresql://localhost", "names no database"),
        ("postgresql://localhost/x?colour=blue", "cannot be read"),
    ],
)
def test_a_database_url_that_cannot_work_is_refused(url: str, complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        django_database(url, pool_size=0)


def test_a_redis_url_that_cannot_work_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        check_redis_url("localhost:6379")


def test_celery_spells_a_unix_socket_its_own_way() -> None:
    assert celery_redis_url("unix:///run/a%20b/redis.sock?db=3") == "redis+socket:///run/a b/redis.sock?virtual_host=3"
    assert celery_redis_url("rediss://:secret@cache:6380/1") == "rediss://:secret@cache:6380/1"


def test_a_deep_data_folder_still_gets_a_socket_short_enough(tmp_path: Path) -> None:
    """Unix sockets may have about a hundred bytes of path; projects may lie deeper than that."""
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    assert (
        len(str(addresses.postgres_socket_dir(deep) / addresses.POSTGRES_SOCKET_NAME)) <= addresses.LONGEST_SOCKET_PATH
    )
    assert len(str(addresses.redis_socket(deep))) <= addresses.LONGEST_SOCKET_PATH
    assert addresses.postgres_socket_dir(deep) != addresses.postgres_socket_dir(deep / "c")
    assert addresses.postgres_socket_dir(deep) != addresses.redis_socket(deep).parent


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    key = kept_secret_key(path)
    assert kept_secret_key(path) == key
    assert len(key) >= 50
    assert path.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(kept_secret_key, [tmp_path / "secret_key"] * 8)
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
