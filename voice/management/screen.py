"""A terminal whose lines are written over each other, without flicker; elsewhere one block after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

OTHER_SCREEN, OWN_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
HOME, CLEAR_LINE, CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"


class Output(Protocol):
    def write(self, text: str, /) -> object: ...

    def flush(self) -> object: ...

    def isatty(self) -> bool: ...


class LiveScreen:
    """`show` replaces what is there. One write per refresh: a terminal draws it at once."""

    def __init__(self, output: Output | None = None) -> None:
        self._output = output or sys.stdout
        self._is_terminal = self._output.isatty()

    @contextmanager
    def open(self) -> Iterator[LiveScreen]:
        """The terminal as it was comes back at the end, whatever happened."""
        if self._is_terminal:
            self._write(OTHER_SCREEN + HIDE_CURSOR)
        try:
            yield self
        finally:
            if self._is_terminal:
                self._write(SHOW_CURSOR + OWN_SCREEN)

    def show(self, lines: Iterable[str]) -> None:
        if self._is_terminal:
            self._write(HOME + "".join(f"{line}{CLEAR_LINE}\n" for line in lines) + CLEAR_BELOW)
        else:
            self._write("\n".join(lines) + "\n\n")

    def _write(self, text: str) -> None:
        self._output.write(text)
        self._output.flush()
