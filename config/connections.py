"""Service addresses as each library wants them, worked out from one URL per service."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

CELERY_PREFIX = "comanda:celery:"
REDIS_SCHEMES = ("redis", "rediss", "unix")


def django_database(url: str, *, pool_size: int) -> dict[str, Any]:
    """DATABASES["default"] for a PostgreSQL URL; sslmode, host lists and the like reach libpq untouched."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql:// (Comanda runs on PostgreSQL only).")
    try:
        options: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {str(error).strip()}.") from None
    if not options.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL names no database; end it with /NAME.")
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": options.pop("dbname"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        # Under ASGI every request runs in its own thread, so connections are kept by a pool and not by threads.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    return database


def check_redis_url(url: str) -> str:
    if urlsplit(url).scheme not in REDIS_SCHEMES:
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    return url


def celery_redis_url(url: str) -> str:
    """The same Redis for Celery, which spells a Unix socket differently."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    query = dict(parse_qsl(parts.query))
    return f"redis+socket://{unquote(parts.path)}?virtual_host={query.get('db', '0')}"
