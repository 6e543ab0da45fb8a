"""Side by side: the same spoken orders streaming and in batch, in one run, against the real server and worker.

    python -m benchmarks.modes --orders 50 [--at-once 1] [--seed 1]

What `python manage.py benchmark_voice --mode both` does, with its JSON on the last line:

  streaming, batch    orders, success (baskets that are exactly what was said), milliseconds from the end of speech to
                      the first sound of the answer (first_reply_*) and to the finished basket (basket_*, of right
                      ones); a percentile is null where too few were measured
  mean_parts_ms       where the time to the first reply went, by the server's own record of the same turns
  first_reply_saved, basket_saved   the share by which the median is shorter when streaming
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.modes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=50, help="in each mode (default 50)")
    parser.add_argument("--at-once", type=int, default=1, help="customers at the same time (default 1)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    passed = [f"--orders={arguments.orders}", f"--at-once={arguments.at_once}", f"--seed={arguments.seed}"]
    command = [sys.executable, "manage.py", "benchmark_voice", "--mode=both", "--json", *passed]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
