"""Where a reading of an utterance stands: the phrases so far, and what was said of an option not yet named."""

from __future__ import annotations

from dataclasses import dataclass

from orders.cart_types import Portion
from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon
from orders.understanding.phrases import Mod, Phrase


@dataclass(slots=True)
class Pending:
    """What was said of an option that has not been named yet."""

    is_negated: bool = False
    amount: str = ""
    count: int | None = None
    times: Element | None = None
    last: Mod | None = None  # the option before, for "and" and "on the side"
    half: Portion = Portion.WHOLE
    after_and: bool = False
    in_list: bool = False  # after "with"

    def clear(self) -> None:
        self.is_negated, self.amount, self.count = False, "", None


class ReadingState:
    def __init__(
        self,
        finder: HeadFinder,
        lexicon: Lexicon,
        elements: list[Element],
        heads: dict[int, tuple[str, ...]],
        starts: dict[int, int],
        open_items: tuple[str, ...],
    ) -> None:
        self.finder = finder
        self.lexicon = lexicon
        self.menu = lexicon.menu
        self.elements = elements
        self.heads = heads
        self.starts = starts
        self.open_items = open_items
        self.phrases: list[Phrase] = [Phrase(0, 0)]
        self.pending = Pending()

    @property
    def phrase(self) -> Phrase:
        """The phrase that what comes next is about: the open part, if there is one."""
        top = self.phrases[-1]
        return top.parts[-1] if top.parts else top

    def next_of(self, index: int) -> Element | None:
        return self.elements[index + 1] if index + 1 < len(self.elements) else None

    def open_part(self, index: int, phrase: Phrase, value: int) -> int:
        """A part without a head: "one with ham", "the other plain"."""
        element = self.elements[index]
        top = self.phrases[-1]
        part = Phrase(index, index + 1, quantity=value)
        part.is_other = element.has(Cue.OTHER)
        part.is_another = element.has(Cue.ANOTHER)
        after = self.next_of(index)
        part.of_them = after is not None and after.has(Cue.OF_THEM)
        before = self.elements[index - 1] if index else None
        part.joined = before is not None and before.has(Cue.AND)
        top.parts.append(part)
        self.pending = Pending()
        return index + 1
