"""The rollout decision: how long it takes, how fair it is, and how soon a kill takes effect everywhere.

    python -m benchmarks.rollout --rounds 20 --processes 4

Starts a PostgreSQL and a Redis of its own in a temporary folder and real processes that watch the rollout tables as the
server does, each deciding a call every millisecond. The last line is JSON:

  decide_p50_us, decide_p99_us   one decision, clocks read and all, with 1,000 restaurants' overrides in the snapshot
  decide_call_p50_us, ...        the same from a call's UUID, as `voice.services.open_call` asks
  uniformity_max_dev   largest distance between the buckets of the calls and an even spread (Kolmogorov-Smirnov)
  monotonic            no call stops streaming when the percentage is raised
  overlap              share of calls that two flags at 50 % have in common (ideal 0.25)
  kill_to_effect_s     `kill()` called -> a process decided its first call by it: the slowest process of all rounds
  kill_to_effect_median_s        the median of the rounds' slowest processes
  told_s               the same for the listeners that take live calls out of streaming
  stale_batch_share    share of calls that are batch at 100 % when the snapshot is older than 60 s
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
RAMP = [Decimal(percent) for percent in ("0", "0.1", "1", "5", "25", "50", "75", "100")]
RESTAURANTS = 1_000
DECISIONS = 200_000
PAUSE_S = 0.2  # between rounds, so that one is over before the next


def main() -> None:
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="comanda-rollout-"))
    try:
        with _services(folder):
            figures = {**_decisions(), **_fairness(arguments.calls), **_staleness(), **_kills(arguments)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rollout", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=40_000, help="calls whose buckets are looked at (default 40000)")
    parser.add_argument("--processes", type=int, default=4, help="processes that are to hear of a kill (default 4)")
    parser.add_argument("--rounds", type=int, default=20, help="kills (default 20)")
    return parser.parse_args()


@contextmanager
def _services(folder: Path) -> Iterator[None]:
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update(
        VAR_DIR=str(folder),
        SECRET_KEY=secrets.token_urlsafe(40),
        DJANGO_SETTINGS_MODULE="config.settings",
        LOG_LEVEL="ERROR",
        STREAMING_ROLLOUT_PERCENTAGE="100",
        ENABLE_REALTIME_STREAMING="true",
    )
    from config.embedded.postgres import EmbeddedPostgres
    from config.embedded.redis import EmbeddedRedis

    services = [EmbeddedRedis(folder, is_throwaway=True), EmbeddedPostgres(folder, is_throwaway=True)]
    try:
        for service in services:
            service.start()
        for service in services:
            service.wait_ready()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
    finally:
        for service in reversed(services):
            service.stop()


def _decisions() -> dict[str, float]:
    from flags.declared import VOICE_STREAMING
    from flags.rollout import FlagState, OverrideState, Snapshot
    from flags.services import decide_call
    from flags.snapshot import store

    flags = {VOICE_STREAMING: FlagState(secrets.token_hex(16), percent=Decimal(25))}
    own = {(VOICE_STREAMING, number): OverrideState(percent=Decimal(5)) for number in range(RESTAURANTS)}
    store.take(Snapshot(1, flags, own))
    calls = [uuid4() for _ in range(1_000)]
    texts = [str(call) for call in calls]

    def decide(number: int) -> None:
        store.decide(VOICE_STREAMING, restaurant_id=number % (2 * RESTAURANTS), subject=texts[number % 1_000])

    def whole(number: int) -> None:
        decide_call(number % (2 * RESTAURANTS), calls[number % 1_000])

    return _timed("decide", decide) | _timed("decide_call", whole)


def _timed(name: str, work: Callable[[int], None]) -> dict[str, float]:
    took_ns = []
    for number in range(DECISIONS):
        started_at = time.perf_counter_ns()
        work(number)
        took_ns.append(time.perf_counter_ns() - started_at)
    quantiles = statistics.quantiles(took_ns, n=100)
    return {f"{name}_p50_us": round(quantiles[49] / 1000, 2), f"{name}_p99_us": round(quantiles[98] / 1000, 2)}


def _fairness(count: int) -> dict[str, Any]:
    from flags.rollout import bucket

    calls = [str(UUID(bytes=secrets.token_bytes(16), version=4)) for _ in range(count)]
    places = sorted(bucket("a flag", call) for call in calls)
    distance = max(max(abs(place - i / count), abs(place - (i + 1) / count)) for i, place in enumerate(places))
    steps = [_streaming("a flag", percent, calls) for percent in RAMP]
    overlap = _streaming("a flag", Decimal(50), calls) & _streaming("another", Decimal(50), calls)
    return {
        "uniformity_max_dev": round(distance, 5),
        "shares": {str(percent): round(len(step) / count, 5) for percent, step in zip(RAMP, steps, strict=True)},
        "monotonic": all(smaller <= larger for smaller, larger in pairwise(steps)),
        "overlap": round(len(overlap) / count, 4),
    }


def _streaming(salt: str, percent: Decimal, calls: list[str]) -> set[str]:
    from flags.rollout import FlagState, Snapshot, decide

    known = Snapshot(1, {"flag": FlagState(salt, percent=percent)})
    return {call for call in calls if decide(known, "flag", restaurant_id=1, subject=call, now=0.0).is_on}


def _staleness() -> dict[str, float]:
    from flags.declared import VOICE_STREAMING
    from flags.rollout import STALE_AFTER_S, FlagState, Snapshot
    from flags.snapshot import SnapshotStore

    store = SnapshotStore()
    known = Snapshot(1, {VOICE_STREAMING: FlagState("a flag", percent=Decimal(100))})
    store.take(known, read_at=time.monotonic() - STALE_AFTER_S - 1)
    decisions = [store.decide(VOICE_STREAMING, restaurant_id=1, subject=str(uuid4())) for _ in range(10_000)]
    return {"stale_batch_share": sum(not one.is_on for one in decisions) / len(decisions)}


def _kills(arguments: argparse.Namespace) -> dict[str, Any]:
    from django.contrib.auth.models import User

    from flags import services
    from flags.declared import VOICE_STREAMING

    operator = User.objects.create_user("operator")
    command = [sys.executable, "-m", "benchmarks.rollout_process"]
    watching = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(arguments.processes)
    ]
    decided, told = [], []
    try:
        _hear(watching, "streaming")
        for number in range(arguments.rounds):
            started_at = time.monotonic()
            services.kill(VOICE_STREAMING, actor=operator, reason=f"round {number}", mode="hard")
            told.append(max(_hear(watching, "told")) - started_at)
            decided.append(max(_hear(watching, "batch")) - started_at)
            services.release(VOICE_STREAMING, actor=operator, reason="the round is over")
            _hear(watching, "streaming")
            time.sleep(PAUSE_S)
    finally:
        for process in watching:
            process.terminate()
        for process in watching:
            process.wait(10)
    return {
        "kill_processes": arguments.processes,
        "kill_rounds": arguments.rounds,
        "kill_to_effect_s": round(max(decided), 4),
        "kill_to_effect_median_s": round(statistics.median(decided), 4),
        "told_s": round(max(told), 4),
    }


def _hear(processes: list[subprocess.Popen[str]], word: str) -> list[float]:
    """When each process said `word`: seconds of the machine's one monotonic clock."""
    return [_line_of(process.stdout, word) for process in processes]


def _line_of(stream: IO[str] | None, word: str) -> float:
    assert stream is not None
    said, at = stream.readline().split()
    if said != word:
        raise RuntimeError(f"A process said {said}, not {word}.")
    return float(at)


if __name__ == "__main__":
    main()
