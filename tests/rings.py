"""`make test`: every ring in order, from fast to slow, and one line that counts them at the end."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.browser import NoBrowserError, obtain_browser

ROOT = Path(__file__).resolve().parent.parent
PYTEST_OK, PYTEST_NOTHING_COLLECTED = 0, 5


@dataclass(frozen=True, slots=True)
class Outcome:
    ring: str
    passed: int
    failed: int
    seconds: float


def run_pytest(ring: str, *arguments: str) -> Outcome:
    started_at = time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report.name}", *arguments]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        total, failed = _counts_of(Path(report.name))
    if code != PYTEST_OK and failed == 0:
        failed = 1  # it ended before it could count, or collected nothing
    return Outcome(ring, total - failed, failed, time.monotonic() - started_at)


def run_node() -> Outcome:
    """The pages' own modules under node's test runner, on the node that playwright's wheel carries."""
    import playwright

    started_at = time.monotonic()
    node = Path(playwright.__file__).parent / "driver" / "node"
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    result = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    counted = {
        word: int(number)
        for word, number in re.findall(r"^# (pass|fail|cancelled|skipped) (\d+)$", result.stdout, re.MULTILINE)
    }
    passed = counted.get("pass", 0)
    failed = sum(counted.get(word, 0) for word in ("fail", "cancelled", "skipped"))
    if result.returncode != 0 or not files:
        print(result.stdout, result.stderr, sep="\n", file=sys.stderr)
        failed = max(failed, 1)
    print(f"{passed} passed (JavaScript)")
    return Outcome("JavaScript", passed, failed, time.monotonic() - started_at)


def run_e2e() -> Outcome:
    try:
        obtain_browser()
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return Outcome("end to end", 0, 1, 0.0)
    return run_pytest("end to end", "tests/e2e")


RINGS: tuple[Callable[[], Outcome], ...] = (
    lambda: run_pytest("unit", "-n", "2", "--dist", "loadfile", "tests/unit", "tests/test_architecture.py"),
    run_node,
    lambda: run_pytest("integration", "-n", "2", "--dist", "loadfile", "tests/integration"),
    run_e2e,
)


def _counts_of(report: Path) -> tuple[int, int]:
    """How many tests ran, and how many of them failed."""
    if report.stat().st_size == 0:
        return 0, 0
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314  # written by pytest a moment ago
    total = failed = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += sum(int(suite.get(word, 0)) for word in ("failures", "errors", "skipped"))  # no test may be skipped
    return total, failed


def main() -> int:
    outcomes = [ring() for ring in RINGS]
    print()
    for outcome in outcomes:
        failed = f", {outcome.failed} FAILED" if outcome.failed else ""
        print(f"  {outcome.ring:<12} {outcome.passed:>5} passed{failed}  {outcome.seconds:6.1f} s")
    passed, failed = sum(one.passed for one in outcomes), sum(one.failed for one in outcomes)
    print(f"  {'all':<12} {passed:>5} passed, {failed} failed  {sum(one.seconds for one in outcomes):6.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
