"""What the lexer hands on: spans of the utterance with everything they may mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from orders.understanding.language import Cue, Word
from orders.understanding.lexicon import Entry


@dataclass(slots=True, eq=False)
class Element:
    """Tokens [start, end). Menu meanings in `entry`, closed-class meanings in `cues`, a number in `number`.

    `doubt`: 0 for words heard as they are on the menu, up to 1 for a guess. Nothing set: a word nobody knows.
    Compared by identity, never changed.
    """

    start: int
    end: int
    norm: str
    entry: Entry | None = None
    cues: tuple[Word, ...] = ()
    number: int | None = None
    is_article: bool = False
    doubt: float = 0.0
    plural: bool = False
    pause: int = 0  # punctuation before it
    kinds: frozenset[Cue] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = frozenset(word.cue for word in self.cues)

    def has(self, *cues: Cue) -> bool:
        return not self.kinds.isdisjoint(cues)

    def value(self, cue: Cue) -> str:
        return next((word.value for word in self.cues if word.cue is cue), "")

    @property
    def is_option(self) -> bool:
        return self.entry is not None and bool(self.entry.options or self.entry.presets)

    @property
    def is_item(self) -> bool:
        return self.entry is not None and bool(self.entry.items or self.entry.combos)

    @property
    def is_size(self) -> bool:
        return self.entry is not None and bool(self.entry.sizes or self.entry.combo_sizes)

    @property
    def is_unknown(self) -> bool:
        return self.entry is None and not self.cues and self.number is None
