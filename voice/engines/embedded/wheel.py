"""What the pocketsphinx wheel carries: acoustic model, dictionary, language model. The one place that knows where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

Phones = tuple[str, ...]
_VARIANT: Final = re.compile(r"\(\d+\)$")


def model_folder() -> Path:
    import pocketsphinx

    return Path(str(pocketsphinx.get_model_path("en-us")))


def acoustic_model() -> Path:
    return model_folder() / "en-us"


def general_language_model() -> Path:
    return model_folder() / "en-us.lm.bin"


def wheel_version() -> str:
    return version("pocketsphinx")


def dictionary_entries() -> Iterator[tuple[str, Phones]]:
    """Word and phones of every line, variants under the same word."""
    with (model_folder() / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
        for line in lines:
            word, *phones = line.split()
            yield _VARIANT.sub("", word), tuple(phones)


@lru_cache(maxsize=1)
def dictionary() -> dict[str, tuple[Phones, ...]]:
    """Every word with its pronunciations, the usual one first; ~0.3 s to read, ~60 MB: for model building only."""
    found: dict[str, tuple[Phones, ...]] = {}
    for word, phones in dictionary_entries():
        found[word] = (*found.get(word, ()), phones)
    return found
