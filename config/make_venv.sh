#!/bin/sh
# Makes $VENV with $PYTHON, or says plainly what is missing. A working one is kept.
set -eu

fail() {
    echo "$1" >&2
    exit 1
}

if [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

for candidate in "$PYTHON" python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    found=$("$PYTHON" --version 2>&1 || true)
    fail "Comanda needs Python 3.11 or newer; '$PYTHON' is: ${found:-not there}. Name another one: make run PYTHON=/path/to/python3.11"
fi

rm -rf "$VENV"
if ! "$python" -m venv "$VENV" >/dev/null 2>&1; then
    # Debian keeps venv in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing python3-venv …"
        apt-get update -qq && apt-get install -qq -y --no-install-recommends python3-venv >/dev/null
        rm -rf "$VENV"
    fi
    "$python" -m venv "$VENV" || fail "'$python -m venv' does not work here; install it (Debian, Ubuntu: apt-get install python3-venv)."
fi
