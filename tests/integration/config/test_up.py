"""`manage.py up`: starting, refusing, surviving and stopping, with the real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from config.embedded import addresses
from tests.house import ROOT, Up, wait_until

pytestmark = pytest.mark.timeout(400)  # starts and stops a whole house, some tests twice
StartUp = Callable[..., Up]


def test_from_nothing_to_ready_and_back_to_nothing(up: StartUp, house_dir: Path) -> None:
    first = up().wait_ready()
    status, report = first.get("/readyz")
    assert (status, report["status"]) == (200, "ready")
    assert {name: part["status"] for name, part in report["parts"].items()} == {
        "database": "up",
        "redis": "up",
        "worker": "up",
        "engine": "up",
        "rollout": "up",
    }
    assert first.get("/healthz") == (200, {"status": "up"})
    assert first.get("/")[0] == 200
    assert first.get("/static/admin/css/base.css")[0] == 200
    assert first.get("/no-such-page")[0] == 404
    assert first.get("/r/bella-napoli/")[0] == 200
    assert "marco      kitchen at" in first.said, "who may sign in is told"

    assert first.stop() == 0
    assert first.is_nothing_left()
    assert "Everything is stopped" in first.said

    second = up().wait_ready()
    assert "Preparing the database" not in second.said, "nothing was left to do"
    assert "Loading the demo" not in second.said
    assert second.stop(signal.SIGTERM) == 0
    assert second.is_nothing_left()


def test_a_second_up_on_the_same_data_says_who_runs(up: StartUp, house_dir: Path) -> None:
    first = up().wait_ready()
    second = up()
    assert second.process.wait(20) == 1
    assert f"already runs on the data in {house_dir}: process {first.process.pid}" in second.said
    assert "Traceback" not in second.said
    assert first.get("/readyz")[0] == 200, "the first one was not disturbed"


def test_a_taken_port_is_said_plainly_and_nothing_is_started(up: StartUp, house_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        port = squatter.getsockname()[1]
        refused = up(PORT=str(port))
        assert refused.process.wait(20) == 1
    assert f"Port {port} is taken by process {os.getpid()} (" in refused.said
    assert f"PORT={port + 1}" in refused.said
    assert "Traceback" not in refused.said
    assert refused.is_nothing_left()


def test_after_the_supervisor_is_killed_nothing_stays_and_the_next_start_works(up: StartUp, house_dir: Path) -> None:
    killed = up().wait_ready()
    with redis.Redis.from_url(addresses.redis_url(house_dir)) as client:
        client.set("kept", "yes")
        time.sleep(1.2)  # appendfsync everysec
    killed.kill()
    wait_until(killed.is_nothing_left, what="children die with the supervisor", patience_s=30)
    again = up().wait_ready()
    with redis.Redis.from_url(addresses.redis_url(house_dir)) as client:
        assert client.get("kept") == b"yes"
    assert again.stop() == 0


def test_a_start_right_after_a_kill_takes_over(up: StartUp, house_dir: Path) -> None:
    """The old PostgreSQL may still be shutting down while the new supervisor starts."""
    up().wait_ready().kill()
    assert up().wait_ready().get("/readyz")[0] == 200


def test_a_lock_of_postgres_that_names_an_unrelated_process_is_ignored(up: StartUp, house_dir: Path) -> None:
    """After a reboot the number in postmaster.pid may belong to anybody."""
    up().wait_ready().stop()
    data_dir = addresses.postgres_data_dir(house_dir)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as bystander:
        (data_dir / "postmaster.pid").write_text(f"{bystander.pid}\n{data_dir}\n1\n5432\n{data_dir}\n\n1 1\nready\n")
        addresses.redis_socket(house_dir).write_text("a socket file without a server")
        assert up().wait_ready().get("/readyz")[0] == 200
        assert bystander.poll() is None
        bystander.kill()


def test_a_crashed_server_comes_back_and_the_crash_is_told(up: StartUp) -> None:
    house = up().wait_ready()
    os.kill(house.pid_of("server"), signal.SIGKILL)
    wait_until(lambda: "server was ended by SIGKILL; starting it again in 0.5 s" in house.said, what="crash told")
    house.get("/healthz", timeout_s=30)  # the port stayed open meanwhile: visitors wait, none is refused
    wait_until(lambda: house.get("/readyz")[0] == 200, what="ready again")


def test_a_dead_worker_is_reported_and_replaced(up: StartUp) -> None:
    house = up().wait_ready()
    worker = house.pid_of("worker")
    os.kill(worker, signal.SIGSTOP)
    wait_until(lambda: house.part("worker") == "down", what="a silent worker is down", patience_s=20)
    assert house.get("/readyz")[0] == 503
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: house.part("worker") == "up", what="a new worker reports")


def test_dead_services_are_reported_and_come_back(up: StartUp) -> None:
    house = up().wait_ready()
    for name, part in (("redis", "redis"), ("postgres", "database")):
        os.kill(house.pid_of(name), signal.SIGKILL)
        wait_until(lambda: f"{name} was ended by SIGKILL" in house.said, what=f"{name} told")  # noqa: B023
        wait_until(lambda: house.get("/readyz")[0] == 200, what=f"ready after {part} came back")


def test_a_service_that_hangs_does_not_hang_the_probe(up: StartUp) -> None:
    house = up().wait_ready()
    stopped = house.pid_of("redis")
    os.kill(stopped, signal.SIGSTOP)
    try:
        time.sleep(1.0)  # older than an answer that may be reused
        started_at = time.monotonic()
        status, report = house.get("/readyz")
        assert time.monotonic() - started_at < 3.0
        assert (status, report["parts"]["redis"]["status"]) == (503, "down")
        assert report["parts"]["database"]["status"] == "up"
        assert house.get("/healthz")[0] == 200
    finally:
        os.kill(stopped, signal.SIGCONT)
    wait_until(lambda: house.get("/readyz")[0] == 200, what="ready again")


def test_daphne_serves_the_same(up: StartUp) -> None:
    house = up(ASGI_SERVER="daphne").wait_ready()
    assert house.get("/readyz")[0] == 200
    assert house.get("/static/admin/css/base.css")[0] == 200
    assert house.stop() == 0
    assert house.is_nothing_left()


def test_ctrl_c_during_the_start_stops_what_was_started(up: StartUp, tmp_path: Path) -> None:
    early = up(tmp_path / "fresh")
    wait_until((tmp_path / "fresh" / "redis").exists, what="services are being started")
    assert early.stop() == 0
    assert early.is_nothing_left()


def test_an_unreachable_database_of_ones_own_is_said_plainly(up: StartUp, tmp_path: Path) -> None:
    refused = up(tmp_path / "own", DATABASE_URL="postgresql://nobody:hunter2@127.0.0.1:1/none")
    assert refused.process.wait(40) == 1
    assert "DATABASE_URL" in refused.said
    assert "hunter2" not in refused.said
    assert "Traceback" not in refused.said
    assert refused.is_nothing_left()


def test_an_unreachable_redis_of_ones_own_is_said_plainly(up: StartUp, tmp_path: Path) -> None:
    refused = up(tmp_path / "own", REDIS_URL="redis://:hunter2@127.0.0.1:1/0")
    assert refused.process.wait(40) == 1
    assert "REDIS_URL" in refused.said
    assert "hunter2" not in refused.said
    assert "Traceback" not in refused.said


def test_help_tells_what_it_starts() -> None:
    command = [sys.executable, "manage.py", "up", "--help"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for word in ("PostgreSQL", "DATABASE_URL", "PORT", "Ctrl-C", ".env.example"):
        assert word in result.stdout
