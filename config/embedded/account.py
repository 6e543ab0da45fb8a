"""PostgreSQL refuses to run as root, so on a machine where we are root it gets an account of its own."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

ACCOUNT_NAME = "comanda"
EVERYONE_MAY_PASS = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
EVERYONE_MAY_READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def postgres_account() -> pwd.struct_passwd | None:
    """The account to run PostgreSQL as; None means: as ourselves. Makes the account on first use, which needs root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        pass
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([*command, "--shell", "/bin/false", ACCOUNT_NAME], check=False, capture_output=True)
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        return pwd.getpwnam("nobody")


def let_pass(path: Path) -> list[Path]:
    """Make `path` reachable for the account: leave to pass (not to list) the folders above. Returns those changed."""
    changed = []
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            changed.append(folder)
    return changed


def let_read(tree: Path) -> None:
    """Make a program's own folder readable for the account (a strict umask at installation leaves it closed)."""
    if tree.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH) == stat.S_IROTH | stat.S_IXOTH:
        return
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        is_program = path.is_dir() or bool(mode & stat.S_IXUSR)
        path.chmod(mode | EVERYONE_MAY_READ | (EVERYONE_MAY_PASS if is_program else 0))
