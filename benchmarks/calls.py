"""Callers against the real server: how fast audio reaches the engine, how soon it answers, how quickly it falls silent.

    python -m benchmarks.calls --calls 100 --seconds 30 --engine scripted --orm-noise

Starts a PostgreSQL and a Redis of its own in a temporary folder, the product's server on a free port with the scripted
engine, and the callers in a process of their own. Each caller sends a 20 ms frame every 20 ms, speaks, hears the reply
paced as a page would play it, and interrupts about a third of the replies. The last line is JSON:

  hand_over_*    ms, audio frame read from the socket -> in the engine's hands (server's clock)
  frame_ack_*    ms, frame sent -> acknowledged at the caller, after it was handed over (the whole way and back)
  reply_*        ms, the caller's voice stopped -> first reply audio written; endpoint_* is the part that waits for the
                 caller to go on, reply_work_* the rest
  barge_in_*     ms, voice detected over a reply -> pause or clear written; barge_in_heard_* first voiced frame sent ->
                 pause or clear at the caller (includes detecting the voice)
  dropped_frames audio taken and not heard, or missing; stale_chunks: reply audio that came after its clear
  rss_per_call_mb, cpu_s_per_call_minute   of the server's process tree, while all calls are up
  relay_*        with --relay: the same callers against a bare ASGI application; cpu_over_relay is the product's CPU per
                 call as a multiple of it
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import psycopg

from voice.call_metrics import LatencyHistogram, histogram_from_json

ROOT = Path(__file__).resolve().parent.parent
SLUG = "burger-lane"
START_PATIENCE_S = 60.0
RAMP_S_PER_CALL = 0.1
SETTLE_S = 3.0
SERVER_FIGURES = (
    "hand_over",
    "reply",
    "reply_work",
    "endpoint",
    "final",
    "understand",
    "interim",
    "barge_in",
    "handle",
)
CALLER_FIGURES = ("frame_ack", "reply_heard", "barge_in_heard", "ready")


def main() -> None:
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="comanda-calls-"))
    try:
        figures = _measure(folder, arguments)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calls", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=20, help="callers at once (default 20)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long all of them are up (default 30)")
    parser.add_argument("--engine", choices=("scripted",), default="scripted", help="what hears and speaks")
    parser.add_argument("--orm-noise", action="store_true", help="a 300 ms query in the server every second")
    parser.add_argument("--relay", action="store_true", help="afterwards the same against a bare relay, for the ratio")
    parser.add_argument("--server", choices=("uvicorn", "daphne"), default="uvicorn")
    return parser.parse_args()


def _measure(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    environment = {
        "VAR_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(40),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VOICE_ENGINE": arguments.engine,
        "ASGI_SERVER": arguments.server,
        "HOST": "127.0.0.1",
        "PORT": str(_free_port()),
        "CALL_IDLE_SECONDS": "3600",
        "LOG_LEVEL": "WARNING",
        **({"BENCHMARK_ORM_NOISE": "1"} if arguments.orm_noise else {}),
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update(environment)
    from config.embedded.postgres import EmbeddedPostgres
    from config.embedded.redis import EmbeddedRedis

    services = [EmbeddedRedis(folder, is_throwaway=True), EmbeddedPostgres(folder, is_throwaway=True)]
    try:
        for service in services:
            service.start()
        for service in services:
            service.wait_ready()
        for command in ("migrate", "load_demo"):
            subprocess.run([sys.executable, "manage.py", command, "-v", "0"], cwd=ROOT, check=True)
        return _with_server(folder, arguments)
    finally:
        for service in reversed(services):
            service.stop()


def _with_server(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    figures = _against("benchmarks.calls_server", f"/r/{SLUG}/menu.json", folder, arguments)
    server_figures, counters = _stored_figures(folder)
    report = _report(arguments, figures, server_figures, counters)
    if arguments.relay:
        relay = _against("benchmarks.calls_relay", None, folder, arguments)
        report["relay_cpu_s_per_call_minute"] = relay["cpu_s_per_call_minute"]
        report["relay_rss_per_call_mb"] = relay["rss_per_call_mb"]
        report["relay_frame_ack_p99_ms"] = relay["frame_ack"]["p99_ms"]
        report["cpu_over_relay"] = round(report["cpu_s_per_call_minute"] / relay["cpu_s_per_call_minute"], 2)
    return report


def _against(module: str, page: str | None, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    log_path = folder / f"{module}.log"
    with log_path.open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for_server(server, page, log_path)
        return _with_callers(psutil.Process(server.pid), arguments)
    finally:
        server.terminate()
        server.wait(30)


def _with_callers(server: psutil.Process, arguments: argparse.Namespace) -> dict[str, Any]:
    from voice import tokens

    ramp_s = arguments.calls * RAMP_S_PER_CALL
    orders = {
        "url": f"ws://127.0.0.1:{os.environ['PORT']}/ws/r/{SLUG}/order",
        "tokens": [tokens.page_token(SLUG) for _ in range(arguments.calls)],
        "seconds": arguments.seconds + SETTLE_S,
        "ramp_s": ramp_s,
    }
    before_mb = _memory_mb(server)
    callers = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.calls_callers"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert callers.stdin is not None
    callers.stdin.write(json.dumps(orders))
    callers.stdin.close()
    callers.stdin = None
    time.sleep(ramp_s + SETTLE_S)
    began_s, began_cpu_s, caller_cpu_s = time.monotonic(), _cpu_s(server), _cpu_s(psutil.Process(callers.pid))
    time.sleep(arguments.seconds * 0.8)
    elapsed_s = time.monotonic() - began_s
    cpu_s = _cpu_s(server) - began_cpu_s
    caller_cpu_s = _cpu_s(psutil.Process(callers.pid)) - caller_cpu_s
    memory_mb = _memory_mb(server)
    output, _ = callers.communicate(timeout=arguments.seconds + 120)
    if callers.returncode:
        raise SystemExit(f"the callers ended with {callers.returncode}")
    return {
        **json.loads(output),
        "rss_per_call_mb": round((memory_mb - before_mb) / arguments.calls, 3),
        "cpu_s_per_call_minute": round(cpu_s / arguments.calls / (elapsed_s / 60), 4),
        "server_cpu_share": round(cpu_s / elapsed_s, 3),
        "callers_cpu_share": round(caller_cpu_s / elapsed_s, 3),
    }


def _wait_for_server(server: subprocess.Popen[bytes], page: str | None, log_path: Path) -> None:
    """Until the page can be had; without one, until somebody listens."""
    deadline = time.monotonic() + START_PATIENCE_S
    port = int(os.environ["PORT"])
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if page is None:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            else:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the server did not start:\n{log_path.read_text(errors='replace')[-3000:]}")


def _stored_figures(folder: Path) -> tuple[dict[str, LatencyHistogram], dict[str, int]]:
    """What every call measured about itself, put together."""
    from config.embedded.addresses import database_url

    histograms = {name: LatencyHistogram() for name in SERVER_FIGURES}
    counters: dict[str, int] = {}
    with psycopg.connect(database_url(folder)) as database:
        rows = database.execute("SELECT metrics FROM voice_call WHERE ended_at IS NOT NULL").fetchall()
    for (metrics,) in rows:
        for name in SERVER_FIGURES:
            if name in metrics:
                histograms[name].merge(histogram_from_json(metrics[name]))
        for name, count in (*metrics["counters"].items(), ("missing_frames", metrics["missing"])):
            counters[name] = counters.get(name, 0) + count
    counters["calls_stored"] = len(rows)
    return histograms, counters


def _report(
    arguments: argparse.Namespace,
    figures: dict[str, Any],
    server: dict[str, LatencyHistogram],
    counters: dict[str, int],
) -> dict[str, Any]:
    callers = {name: histogram_from_json(figures.pop(name)) for name in CALLER_FIGURES}
    report: dict[str, Any] = {"calls": arguments.calls, "seconds": arguments.seconds, "engine": arguments.engine}
    report |= {"server": arguments.server, "orm_noise": arguments.orm_noise}
    for name, histogram in (server | callers).items():
        for percent in (50, 95, 99):
            value = histogram.percentile(percent)
            report[f"{name}_p{percent}_ms"] = None if value is None else round(value, 3)
        report[f"{name}_count"] = histogram.count
    dropped = ("dropped_frames", "frames_without_ears", "missing_frames")
    report["dropped_frames"] = sum(counters.get(name, 0) for name in dropped)
    counts = figures.pop("counts")
    report["stale_chunks"] = counts.pop("stale_chunks", 0)
    return report | figures | {"counts": counts, "server_counters": counters}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _cpu_s(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in _tree(process))


def _memory_mb(process: psutil.Process) -> float:
    return sum(one.memory_info().rss for one in _tree(process)) / 1_000_000


if __name__ == "__main__":
    main()
