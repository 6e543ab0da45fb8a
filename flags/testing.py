"""Which mode a test wants, whatever the tables say.

with override(voice_streaming="BATCH"):
    ...  # this task or thread, and those it starts

with everywhere(voice_streaming="STREAMING"):
    ...  # the whole process, for consumers that run in tasks of their own
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flags.declared import DECLARED
from flags.rollout import FlagState
from flags.snapshot import forced_flags, store

MODES = {"STREAMING": True, "BATCH": False}


@contextmanager
def override(**modes: str) -> Iterator[None]:
    """Nests, and holds in this context only. raises: ValueError for a flag or mode that does not exist"""
    token = forced_flags.set({**forced_flags.get(), **_read(modes)})
    try:
        yield
    finally:
        forced_flags.reset(token)


@contextmanager
def everywhere(**modes: str) -> Iterator[None]:
    """The process's snapshot says so for everyone until it ends. raises: ValueError as `override`"""
    before = store.current()
    forced = {key: FlagState(salt="test", everyone=True if is_on else None) for key, is_on in _read(modes).items()}
    store.take(replace(before, flags={**before.flags, **forced}))
    try:
        yield
    finally:
        store.take(before)


def _read(modes: dict[str, str]) -> dict[str, bool]:
    for key, mode in modes.items():
        if key not in DECLARED or mode not in MODES:
            raise ValueError(f"{key}={mode!r}: there is {', '.join(DECLARED)}, and {' or '.join(MODES)}.")
    return {key: MODES[mode] for key, mode in modes.items()}
