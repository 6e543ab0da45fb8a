"""The whole of Comanda on one machine: services, database, server, worker, clock.

Everything is started from the main thread, because the kernel ties a child's life to the thread that started it.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings

from config.embedded.postgres import EmbeddedPostgres
from config.embedded.process_table import end_processes, leftovers_of
from config.embedded.redis import EmbeddedRedis
from config.embedded.service import EmbeddedService, ServiceError, note, start_process
from config.serve import LISTEN_FD_VARIABLE
from config.supervisor import database
from config.supervisor.banner import banner, public_url
from config.supervisor.child import Child, Crash, stop_together
from config.supervisor.instance_lock import InstanceLock
from config.supervisor.listener import listening_socket
from config.supervisor.readiness import Probe

STOP_PATIENCE_S = 12.0
READY_PATIENCE_S = 180.0
HOPELESS_CRASHES = 3
WATCH_EVERY_S = 0.2
LOG_CHECK_EVERY_S = 60.0


class StopAsked(Exception):
    """Ctrl-C or SIGTERM arrived."""


class House:
    """Used once: `run()` returns when somebody asked to stop and everything has ended."""

    def __init__(self) -> None:
        self.var_dir: Path = settings.VAR_DIR
        self.url = public_url(settings.HOST, settings.PORT)
        self._services: list[EmbeddedService] = []
        self._watched: list[Child] = []
        self._lock = InstanceLock(self.var_dir / "up.lock")
        self._is_stopping = False

    def run(self) -> None:
        started_at = time.monotonic()
        with self._signals_noted():
            try:
                self._lock.acquire(url=self.url)
                with listening_socket(settings.HOST, settings.PORT) as listener:
                    self._start_everything(listener)
                    note(banner(self.url, self.var_dir, seconds=time.monotonic() - started_at))
                    self._watch_until_asked()
            except StopAsked:
                note("\nStopping …")
            finally:
                self._stop_everything()
                self._lock.release()
        note("Everything is stopped; the data stays in " + str(self.var_dir))

    def _start_everything(self, listener: socket.socket) -> None:
        self._end_leftovers()
        self._start_services()
        self._check_stop()
        for line in database.prepare(self.var_dir):
            note(line)
            self._check_stop()
        for child in self._own_processes(listener):
            child.start()
            self._watched.append(child)
        self._wait_ready()

    def _end_leftovers(self) -> None:
        leftovers = leftovers_of(str(self.var_dir))
        if leftovers:
            note(f"Ending {len(leftovers)} processes that a killed predecessor left behind.")
            end_processes(leftovers, patience_s=STOP_PATIENCE_S)

    def _start_services(self) -> None:
        if settings.IS_REDIS_EMBEDDED:
            self._services.append(EmbeddedRedis(self.var_dir))
        else:
            _check_redis_answers(settings.REDIS_URL)
        if settings.IS_DATABASE_EMBEDDED:
            self._services.append(EmbeddedPostgres(self.var_dir))
        for service in self._services:
            child = Child(
                service.name, log_path=service.log_path, start=_restart_of(service), stop_signal=service.stop_signal
            )
            child.adopt(service.start())
            self._watched.append(child)
        for service, child in zip(self._services, self._watched, strict=True):
            service.wait_ready()
            if service.process is not None:
                child.adopt(service.process)

    def _own_processes(self, listener: socket.socket) -> Iterator[Child]:
        python, celery = sys.executable, ["-m", "celery", "-A", "config.celery"]
        fd = listener.fileno()
        yield self._own(
            "server", [python, "-m", "config.serve"], pass_fds=[fd], environment={LISTEN_FD_VARIABLE: str(fd)}
        )
        quiet = ["--without-gossip", "--without-mingle"]  # one worker has nobody to gossip with
        yield self._own("worker", [python, *celery, "worker", "--loglevel=INFO", "-n", "worker@comanda", *quiet])
        Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent.mkdir(parents=True, exist_ok=True)
        yield self._own("beat", [python, *celery, "beat", "--loglevel=INFO", "--pidfile="])

    def _own(
        self,
        name: str,
        command: Sequence[str],
        *,
        pass_fds: Sequence[int] = (),
        environment: dict[str, str] | None = None,
    ) -> Child:
        log_path = self.var_dir / "log" / f"{name}.log"

        def start() -> subprocess.Popen[bytes]:
            return start_process(
                command,
                log_path=log_path,
                instance=str(self.var_dir),
                environment={"VAR_DIR": str(self.var_dir), "PYTHONUNBUFFERED": "1", **(environment or {})},
                pass_fds=pass_fds,
                folder=settings.BASE_DIR,
            )

        return Child(name, log_path=log_path, start=start)

    def _wait_ready(self) -> None:
        probe = Probe(self.url)
        deadline = time.monotonic() + READY_PATIENCE_S
        while not probe.is_ready():
            self._check_stop()
            for child in self._watched:
                self._tell(child.watch())
                if child.crashes_in_a_row >= HOPELESS_CRASHES:
                    raise ServiceError(f"{child.name} crashed {HOPELESS_CRASHES} times in a row; see {child.log_path}.")
            if time.monotonic() > deadline:
                raise ServiceError(f"Not ready after {READY_PATIENCE_S:.0f} s: {probe.what_is_missing()}")
            time.sleep(0.1)

    def _watch_until_asked(self) -> None:
        next_log_check = time.monotonic()
        while True:
            self._check_stop()
            for child in self._watched:
                self._tell(child.watch())
            if time.monotonic() >= next_log_check:
                for child in self._watched:
                    child.keep_log_small()
                next_log_check = time.monotonic() + LOG_CHECK_EVERY_S
            time.sleep(WATCH_EVERY_S)

    def _tell(self, crash: Crash | None) -> None:
        if crash is not None:
            note(f"{crash.name} {crash.reason}; starting it again in {crash.next_try_in_s:g} s. From {crash.log_path}:")
            note(crash.log_end)

    def _check_stop(self) -> None:
        if self._is_stopping:
            raise StopAsked

    @contextmanager
    def _signals_noted(self) -> Iterator[None]:
        """The first Ctrl-C or SIGTERM asks for an orderly stop; a second one during start-up work interrupts it."""

        def note_signal(_number: int, _frame: FrameType | None) -> None:
            if self._is_stopping:
                raise KeyboardInterrupt
            self._is_stopping = True

        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, note_signal) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop_everything(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the way down is bounded; interrupting it would leave things behind
        services = self._watched[: len(self._services)]
        for group in (self._watched[len(self._services) :], services):
            for name in stop_together(group, patience_s=STOP_PATIENCE_S):
                note(f"{name} did not stop in {STOP_PATIENCE_S:.0f} s and was killed.")


def _check_redis_answers(url: str) -> None:
    import redis
    from redis.exceptions import RedisError

    try:
        with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except RedisError as error:
        raise ServiceError(f"The Redis of REDIS_URL cannot be used: {error}") from None


def _restart_of(service: EmbeddedService) -> Callable[[], subprocess.Popen[bytes]]:
    def restart() -> subprocess.Popen[bytes]:
        service.start()
        service.wait_ready()
        assert service.process is not None
        return service.process

    return restart
