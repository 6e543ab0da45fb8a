"""What the system knows about processes: who lives, who listens on a port, who outlived a killed supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

IS_LINUX = sys.platform == "linux"
PROC = Path("/proc")
PR_SET_PDEATHSIG = 1
TCP_LISTEN = "0A"
INSTANCE_VARIABLE = "COMANDA_INSTANCE"  # marks every process a supervisor starts, and their children


def is_alive(pid: int) -> bool:
    """Whether the process exists and has not ended (a zombie has)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if IS_LINUX:
        try:
            return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    return True


def command_of(pid: int) -> str:
    """The command line, or nothing when the process is gone or not ours to read."""
    if IS_LINUX:
        try:
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    listing = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listing.stdout.strip()


def die_with_parent(death_signal: int) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `death_signal` to the child when the thread that started it ends.

    So children must be started from a thread that lives as long as they should: the main one.
    Elsewhere than on Linux nothing happens; `leftovers_of` finds such children at the next start.
    """
    if not IS_LINUX:
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # the parent ended between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return before_exec


def leftovers_of(instance: str) -> list[int]:
    """Processes that an earlier supervisor of the same data folder left running, found by their environment."""
    mark = f"{INSTANCE_VARIABLE}={instance}"
    family = {os.getpid(), os.getppid()}
    return [pid for pid, environment in _environments() if pid not in family and mark in environment and is_alive(pid)]


def _environments() -> Iterator[tuple[int, Iterable[str]]]:
    if IS_LINUX:
        for folder in PROC.iterdir():
            if folder.name.isdigit():
                try:
                    yield int(folder.name), (folder / "environ").read_bytes().decode(errors="replace").split("\0")
                except OSError:
                    continue  # another user's, or just ended
        return
    listing = subprocess.run(["ps", "-axwwE", "-o", "pid=,command="], capture_output=True, text=True, check=False)
    for line in listing.stdout.splitlines():
        pid, _, command = line.strip().partition(" ")
        yield int(pid), command.split(" ")


def end_processes(pids: Iterable[int], *, patience_s: float) -> None:
    """Ask politely, wait, then insist."""
    waiting = list(pids)
    for sent, wait_s in ((signal.SIGTERM, patience_s), (signal.SIGKILL, 2.0)):
        for pid in waiting:
            try:
                os.kill(pid, sent)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + wait_s
        while (waiting := [pid for pid in waiting if is_alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.02)


def listener_on(port: int) -> str:
    """Who listens on a TCP port, for a person to read; "another program" when we may not know."""
    pid = _listening_pid_linux(port) if IS_LINUX else _listening_pid_lsof(port)
    if pid is None:
        return "another program"
    command = command_of(pid)
    return f"process {pid} ({command[:120]})" if command else f"process {pid}"


def _listening_pid_linux(port: int) -> int | None:
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            rows = (PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == TCP_LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for folder in PROC.iterdir():
        if folder.name.isdigit() and inodes and not inodes.isdisjoint(_open_files(folder)):
            return int(folder.name)
    return None


def _open_files(folder: Path) -> set[str]:
    names = set()
    try:
        for entry in (folder / "fd").iterdir():
            try:
                names.add(str(entry.readlink()))
            except OSError:
                continue
    except OSError:
        pass  # another user's process
    return names


def _listening_pid_lsof(port: int) -> int | None:
    try:
        command = ["lsof", "-nP", "-t", f"-iTCP:{port}", "-sTCP:LISTEN"]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    first = listing.stdout.split()
    return int(first[0]) if first else None
