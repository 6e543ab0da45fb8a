"""/healthz and /readyz, apart from the services they ask about (those are in the integration ring)."""

import asyncio
from typing import Any

import orjson
import pytest

from config import health
from config.asgi_types import Application, Message
from config.health import PartStatus, Readiness, checked
from tests.virtual_time import run_virtual


async def ask(application: Application) -> tuple[int, dict[str, Any]]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    await application({"type": "http", "path": "/"}, receive, send)
    return sent[0]["status"], orjson.loads(sent[1]["body"])


async def up() -> PartStatus:
    return PartStatus(is_up=True, detail="fine")


async def hangs() -> PartStatus:
    await asyncio.sleep(3600)
    raise AssertionError("nobody waits that long")


async def refuses() -> PartStatus:
    raise ConnectionRefusedError("postgresql://ana:secret@db")


async def test_a_living_process_says_so() -> None:
    assert await ask(health.healthz) == (200, {"status": "up"})


async def test_ready_only_when_every_part_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "readiness", Readiness({"database": up, "redis": up}))
    assert (await ask(health.readyz))[0] == 200
    monkeypatch.setattr(health, "readiness", Readiness({"database": up, "redis": refuses}))
    status, body = await ask(health.readyz)
    assert (status, body["status"]) == (503, "not ready")
    assert body["parts"]["database"] == {"status": "up", "detail": "fine", "age_s": 0.0}
    assert body["parts"]["redis"] == {"status": "down", "detail": "unreachable (ConnectionRefusedError)", "age_s": None}


def test_a_part_that_hangs_is_down_at_the_deadline() -> None:
    async def both() -> tuple[dict[str, PartStatus], float]:
        loop = asyncio.get_running_loop()
        started_at = loop.time()
        report = await Readiness({"database": hangs, "redis": hangs, "worker": up}).report()
        return report, loop.time() - started_at

    report, took_s = run_virtual(both())
    assert [part.is_up for part in report.values()] == [False, False, True]
    assert took_s == pytest.approx(health.CHECK_DEADLINE_S, abs=0.01)  # side by side, not one after another


async def test_addresses_and_passwords_stay_out_of_the_answer() -> None:
    assert "secret" not in (await checked(refuses)).detail


async def test_many_probes_at_once_ask_the_services_once() -> None:
    asked = 0

    async def counted() -> PartStatus:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return PartStatus(is_up=True, detail="")

    readiness = Readiness({"database": counted})
    await asyncio.gather(*(readiness.report() for _ in range(50)))
    assert asked == 1


async def test_a_probe_that_goes_away_does_not_break_the_others() -> None:
    release = asyncio.Event()

    async def slow() -> PartStatus:
        await release.wait()
        return PartStatus(is_up=True, detail="")

    readiness = Readiness({"database": slow})
    impatient, patient = (asyncio.create_task(readiness.report()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    release.set()
    assert (await patient)["database"].is_up
