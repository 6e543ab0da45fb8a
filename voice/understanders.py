"""Compiled menus, kept: compiling takes tens of milliseconds, and every call of a restaurant shares one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from orders.understanding import compile_menu
from orders.understanding.types import MenuUnderstander
from restaurants.menu import Menu

KEPT = 64

_lock = Lock()
_kept: OrderedDict[tuple[str, str, str], MenuUnderstander] = OrderedDict()


def prepare(menus: Iterable[Menu]) -> None:
    """Compiles ahead of the first call."""
    for menu in menus:
        for language in menu.languages:
            understander_of(menu, language)


def understander_of(menu: Menu, language: str) -> MenuUnderstander:
    """By menu version and language; thread-safe. A menu without a version (a draft) is compiled each time."""
    if not menu.version:
        return compile_menu(menu, language)
    key = (menu.slug, menu.version, language)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    compiled = compile_menu(menu, language)
    with _lock:
        _kept[key] = compiled
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return compiled
