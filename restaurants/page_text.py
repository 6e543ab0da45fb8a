"""The pages' own words, per language: `static/text/<language>.json`, for templates and for the page's modules.

Sentences of the dialogue are not here but in `voice.dialog.phrases`. English stands in for a language that has no file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "text"
FALLBACK = "en"


@cache
def page_text(language: str) -> Mapping[str, str]:
    """Every text of the pages in `language`; "es-MX" is read as "es"."""
    known = {path.stem for path in FOLDER.glob("*.json")}
    main = language.split("-", maxsplit=1)[0].lower()
    words: dict[str, str] = json.loads((FOLDER / f"{FALLBACK}.json").read_text("utf-8"))
    if main in known and main != FALLBACK:
        words |= json.loads((FOLDER / f"{main}.json").read_text("utf-8"))
    return words


def section(language: str, *prefixes: str) -> dict[str, str]:
    """The texts whose key begins with one of `prefixes`, for the modules of one page."""
    return {key: words for key, words in page_text(language).items() if key.startswith(prefixes)}
