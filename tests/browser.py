"""The browser of the end-to-end tests: `python -m tests.browser` finds or installs one and prints its path.

An installed Chrome or Chromium first; else the system's package, when root on Debian or Ubuntu; else playwright's.
CHROME=/path names one outright.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

KNOWN_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
KNOWN_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "The end-to-end tests need Chrome or Chromium. Install one (Debian: apt-get install chromium), "
    "or name it with CHROME=/path/to/chrome."
)


class NoBrowserError(Exception):
    """There is none, and none could be installed."""


def installed_browser() -> Path | None:
    named = os.environ.get("CHROME", "")
    if named:
        return Path(named)
    for name in KNOWN_NAMES:
        found = shutil.which(name)
        if found and _starts(Path(found)):
            return Path(found)
    for path in map(Path, (*KNOWN_PATHS, *_playwright_paths())):
        if path.exists():
            return path
    return None


def obtain_browser() -> Path:
    """An installed browser, or one installed now.

    raises: NoBrowserError
    """
    for install in (lambda: None, _install_system_package, _install_with_playwright):
        install()
        found = installed_browser()
        if found is not None:
            return found
    raise NoBrowserError(MISSING)


def _starts(path: Path) -> bool:
    """Ubuntu's `chromium-browser` may be a note that says to install a snap."""
    return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0


def _playwright_paths() -> list[str]:
    """Where playwright would put its own; asked in another process, since tests hold a playwright open already."""
    question = (
        "from playwright.sync_api import sync_playwright as start\nwith start() as p: print(p.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.split("\n")[:1] if answer.returncode == 0 else []


def _install_system_package() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing chromium with apt-get …", file=sys.stderr)
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=environment, check=False, stdout=sys.stderr)


def _install_with_playwright() -> None:
    print("Installing Chromium with playwright …", file=sys.stderr)
    libraries = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [sys.executable, "-m", "playwright", "install", *libraries, "chromium"]
    subprocess.run(command, check=False, stdout=sys.stderr)


if __name__ == "__main__":
    try:
        print(obtain_browser())
    except NoBrowserError as error:
        sys.exit(str(error))
