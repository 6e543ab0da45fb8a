"""A screen that is written over itself: one write a refresh, and the terminal comes back as it was."""

from __future__ import annotations

import io

import pytest

from voice.management.screen import CLEAR_BELOW, CLEAR_LINE, HOME, LiveScreen


class Terminal(io.StringIO):
    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal
        self.writes: list[str] = []

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str, /) -> int:
        self.writes.append(text)
        return super().write(text)


def test_each_refresh_is_one_write_over_the_one_before() -> None:
    terminal = Terminal(is_terminal=True)
    with LiveScreen(terminal).open() as screen:
        screen.show(["a longer line", "two"])
        screen.show(["one"])
    _, first, second, _ = terminal.writes
    assert first == f"{HOME}a longer line{CLEAR_LINE}\ntwo{CLEAR_LINE}\n{CLEAR_BELOW}"
    assert second == f"{HOME}one{CLEAR_LINE}\n{CLEAR_BELOW}", "nothing is cleared before it is written"


def test_the_terminal_comes_back_also_after_an_error() -> None:
    terminal = Terminal(is_terminal=True)
    with pytest.raises(KeyboardInterrupt), LiveScreen(terminal).open():
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith("\x1b[?25h\x1b[?1049l")


def test_without_a_terminal_there_is_plain_text_only() -> None:
    pipe = Terminal(is_terminal=False)
    with LiveScreen(pipe).open() as screen:
        screen.show(["one", "two"])
        screen.show(["three"])
    assert pipe.getvalue() == "one\ntwo\n\nthree\n\n"
