"""Decisions of the supervisor, without starting anything (the whole of it runs in the integration ring)."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded.process_table import command_of, is_alive, leftovers_of, listener_on
from config.supervisor.banner import public_url
from config.supervisor.child import LOG_LIMIT_BYTES, Child, backoff_s, end_reason
from config.supervisor.instance_lock import AlreadyRunning, InstanceLock


def test_the_pause_before_a_restart_grows_and_is_bounded() -> None:
    assert [backoff_s(crashes) for crashes in range(8)] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_why_a_child_ended_is_said_in_words() -> None:
    assert end_reason(-9) == "was ended by SIGKILL"
    assert end_reason(3) == "ended with exit code 3"


def test_a_log_that_grew_too_long_is_moved_aside(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    child = Child("server", log_path=log, start=lambda: pytest.fail("nothing is started here"))
    log.write_text("short")
    child.keep_log_small()
    assert log.read_text() == "short"
    log.write_bytes(b"x" * (LOG_LIMIT_BYTES + 1))
    with log.open("ab") as appending:
        child.keep_log_small()
        appending.write(b"goes on")
    assert log.read_bytes() == b"goes on"
    assert (tmp_path / "server.log.1").stat().st_size == LOG_LIMIT_BYTES + 1


def test_one_supervisor_per_data_folder(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path / "up.lock"), InstanceLock(tmp_path / "up.lock")
    first.acquire(url="http://localhost:8000/")
    with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}, http://localhost:8000/"):
        second.acquire(url="http://localhost:8001/")
    first.release()
    second.acquire(url="http://localhost:8001/")
    second.release()


def test_a_lock_file_left_by_a_dead_holder_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "up.lock").write_text('{"pid": 1, "url": "http://localhost:8000/"}')
    lock = InstanceLock(tmp_path / "up.lock")
    lock.acquire(url="http://localhost:8000/")
    lock.release()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://localhost:8000/"),  # noqa: S104
        ("::1", "http://[::1]:8000/"),
    ],
)
def test_the_printed_address_can_be_opened(host: str, url: str) -> None:
    assert public_url(host, 8000) == url


def test_who_holds_a_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert f"process {os.getpid()} (" in listener_on(listener.getsockname()[1])
    assert listener_on(1) == "another program"


def test_living_and_dead_processes_are_told_apart() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(child.pid), "a zombie has ended"
    assert is_alive(os.getpid())
    assert "python" in command_of(os.getpid())
    assert command_of(child.pid) == ""


def test_leftovers_never_include_ourselves() -> None:
    assert os.getpid() not in leftovers_of("")
