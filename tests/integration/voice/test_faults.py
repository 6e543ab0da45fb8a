"""Orders while things break, with real processes: a small run of `benchmarks.faults`, looked at fault by fault.

One house for all of them: its start is what takes long. Each fault strikes calls that are under way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.embedded.process_table import leftovers_of

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CALLS_EACH = 2
FAULTS = (
    "two_sockets",
    "stale_token",
    "confirm_twice",
    "confirm_replayed",
    "half_upload",
    "double_upload",
    "corrupt_upload",
    "web_killed",
    "redis_lost",
    "postgres_restart",
    "provider_silent",
    "provider_garbage",
    "worker_killed",
)

pytestmark = pytest.mark.timeout(600)  # starts a house and strikes it six times


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("faults")
    command = [sys.executable, "-m", "benchmarks.faults", "--runs", str(CALLS_EACH * len(FAULTS)), "--parallel", "6"]
    for fault in FAULTS:
        command += ["--fault", fault]
    run = subprocess.run(
        [*command, "--trails", str(folder / "trails")],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr[-3000:]
    report: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    report["trails"] = (folder / "trails").read_text() if (folder / "trails").exists() else ""
    report["left"] = [pid for path in folder.iterdir() for pid in leftovers_of(str(path))]
    return report


@pytest.mark.parametrize("fault", FAULTS)
def test_orders_survive(fault: str, figures: dict[str, Any]) -> None:
    of_fault = figures["by_fault"][fault]
    assert of_fault["started"] == CALLS_EACH, figures["trails"]
    assert of_fault["lost"] == of_fault["doubled"] == of_fault["wrong"] == 0, figures["trails"]
    assert of_fault["not_recovered"] == 0, figures["trails"]
    assert of_fault["stored_once"] == CALLS_EACH, figures["trails"]


def test_the_basket_goes_on_where_it_can(figures: dict[str, Any]) -> None:
    of_each = figures["by_fault"]
    for fault in ("two_sockets", "confirm_replayed"):
        assert of_each[fault]["by_resume"] == CALLS_EACH, figures["trails"]
    for fault in ("two_sockets", "confirm_replayed", "half_upload", "redis_lost", "postgres_restart", "worker_killed"):
        assert of_each[fault]["started_over"] == 0, figures["trails"]
    assert of_each["stale_token"]["by_new_call"] == CALLS_EACH, figures["trails"]


def test_no_process_is_left_behind(figures: dict[str, Any]) -> None:
    assert figures["left"] == []
