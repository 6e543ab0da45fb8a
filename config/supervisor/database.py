"""The database made ready: migrations when there are any, the demo restaurants once."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config.embedded.service import ServiceError
from restaurants.demo import DEMO_RESTAURANTS


def prepare(var_dir: Path) -> Iterator[str]:
    """Does the work between the lines it yields; each line says what comes next."""
    _check_it_answers()
    try:
        if _has_pending_migrations():
            yield "Preparing the database …"
            call_command("migrate", interactive=False, verbosity=0)
        marker = var_dir / "demo-loaded"
        if settings.LOAD_DEMO and _read(marker) != (wanted := f"{_database_identity()} {_demo_identity()}"):
            yield "Loading the demo restaurants …"
            call_command("load_demo", verbosity=0)
            marker.write_text(wanted, encoding="ascii")
    finally:
        connection.close()


def _check_it_answers() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise ServiceError(f"The database of DATABASE_URL cannot be used: {str(error).strip()}") from None


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _database_identity() -> str:
    """Names this very database, so that a new one gets its demo again and an old one is left as its owner made it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        cluster = cursor.fetchone()[0]
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        return f"{cluster}-{cursor.fetchone()[0]}"


def _demo_identity() -> str:
    """Changes when a release brings other demo menus."""
    digest = sha256()
    for restaurant in DEMO_RESTAURANTS:
        digest.update(restaurant.menu_path.read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else ""
