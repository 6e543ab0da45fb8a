"""Calls while things break: nothing confirmed is lost or doubled, and calls end in their order all the same.

    python -m benchmarks.faults --runs 200

Starts a house of its own in a temporary folder (PostgreSQL, Redis, two web servers, two workers, the clock), with ears
that make words of tones, so that what is said is in the audio itself. Customers call as the page does: frames with
numbers, a ring of what is not acknowledged, reconnecting with backoff, resuming, uploads in batch. Each fault strikes
at a random moment; what strikes the whole house strikes a wave of calls at once. At the end PostgreSQL is asked.

  calls      that began                        once      whose order is stored exactly once
  confirmed  who saw that it is placed         lost      confirmed or seen as placed, and nothing is stored
  doubled    two orders for one customer       wrong     an order of other dishes than were said
  resume, fallback, anew, person, unaided, failed    how calls came to their end; anew: the basket was gone
  p50, p95   seconds from the fault to the next thing the customer was told

The last line is JSON. Targets: lost 0, doubled 0, recovered_rate >= 0.97.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.faults_house import House, put_in_environment

GOOD_SHARE = 0.97


def main() -> None:
    arguments = _arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    folder = Path(tempfile.mkdtemp(prefix="comanda-faults-"))
    put_in_environment(folder)
    try:
        is_good = _measure(folder, arguments)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(not is_good)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=200, help="calls in all (default 200)")
    parser.add_argument("--parallel", type=int, default=8, help="calls at once (default 8)")
    parser.add_argument("--workers", type=int, default=2, help="Celery workers (default 2)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="what is said and when it breaks (default 1)")
    parser.add_argument("--trails", type=Path, metavar="FILE", help="what happened in calls that ended badly")
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep the processes' logs there")
    parser.add_argument("--list", action="store_true", help="only list the faults")
    return parser.parse_args()


def _measure(folder: Path, arguments: argparse.Namespace) -> bool:
    import django

    django.setup()
    logging.disable(logging.INFO)
    from benchmarks.faults_list import FAULTS

    if arguments.list:
        print("\n".join(f"{fault.name:<24}{fault.text}" for fault in FAULTS))
        return True
    unknown = set(arguments.fault) - {fault.name for fault in FAULTS}
    if unknown:
        raise SystemExit(f"no such fault: {', '.join(sorted(unknown))}; --list names them")
    faults = [fault for fault in FAULTS if not arguments.fault or fault.name in arguments.fault]
    began_s = time.monotonic()
    house = House(folder, workers=arguments.workers)
    try:
        house.start()
        results = _with_customers(house, faults, arguments)
        return _report(results, folder, arguments, seconds=time.monotonic() - began_s)
    finally:
        house.stop()
        if arguments.logs:
            shutil.copytree(folder / "log", arguments.logs, dirs_exist_ok=True)


def _with_customers(house: House, faults: Sequence[Any], arguments: argparse.Namespace) -> list[Any]:
    """The customers have a thread of their own; this one keeps the house."""
    from benchmarks.faults_waves import Waves

    waves = Waves(house, faults, runs=arguments.runs, parallel=arguments.parallel, seed=arguments.seed, say=_say)
    failures: list[BaseException] = []

    def call() -> None:
        try:
            asyncio.run(waves.run())
        except BaseException as error:  # noqa: BLE001  # told in the main thread
            failures.append(error)

    thread = threading.Thread(target=call, name="customers", daemon=True)
    thread.start()
    house.run(lambda: not thread.is_alive())
    if failures:
        raise failures[0]
    return waves.results


def _report(results: Sequence[Any], folder: Path, arguments: argparse.Namespace, *, seconds: float) -> bool:
    from benchmarks import faults_report

    verdicts = faults_report.judge(results, folder)
    bad = [verdict for verdict in verdicts if verdict.is_bad]
    if arguments.trails:
        arguments.trails.write_text("".join(faults_report.trail(verdict) for verdict in bad))
    print(faults_report.table(verdicts))
    figures = faults_report.last_line(verdicts, seconds=seconds)
    print(json.dumps(figures))
    return figures["lost"] == figures["doubled"] == 0 and figures["recovered_rate"] >= GOOD_SHARE


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
