"""Order understanding: words in, typed edits out, for any menu. No training, no network, about a millisecond."""

from __future__ import annotations

from orders.understanding.compiled import CompiledMenu
from orders.understanding.english import ENGLISH
from restaurants.menu import Menu

__all__ = ["CompiledMenu", "compile_menu"]


def compile_menu(menu: Menu, language: str = "en") -> CompiledMenu:
    return CompiledMenu(menu, {"en": ENGLISH}.get(language, ENGLISH))
