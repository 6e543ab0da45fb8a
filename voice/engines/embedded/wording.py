"""How people order, per language: the phrases around the menu, from `wording_<language>.txt` (the file says how)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from voice.engines.embedded.bag import Bag, phrase_bag

LANGUAGES: Final = ("en",)
_SIZE_FOLLOWS: Final = frozenset({"es"})  # "una pizza grande" rather than "a large pizza"


@dataclass(frozen=True, slots=True)
class Wording:
    language: str
    bags: Mapping[str, Bag[tuple[str, ...]]]

    @property
    def size_follows(self) -> bool:
        return self.language in _SIZE_FOLLOWS

    def __getitem__(self, section: str) -> Bag[tuple[str, ...]]:
        return self.bags[section]

    def amount(self, qualifier: str) -> Bag[tuple[str, ...]] | None:
        """Words before an option: "lots of"."""
        return self.bags.get(f"amount {qualifier}")

    def after(self, qualifier: str) -> Bag[tuple[str, ...]] | None:
        """Words after an option: "on the side"."""
        return self.bags.get(f"after {qualifier}")


@lru_cache
def wording_for(language: str) -> Wording:
    """raises: ValueError if we have no wording in the language."""
    if language not in LANGUAGES:
        raise ValueError(f"there is no wording for the language {language!r}")
    text = resources.files(__package__).joinpath(f"wording_{language}.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    section: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            section.append(line)
    return Wording(language, {name: phrase_bag(" | ".join(lines)) for name, lines in sections.items()})
