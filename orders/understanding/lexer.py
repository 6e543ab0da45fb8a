"""Cuts the tokens into the fewest spans that the menu and the language explain; every reading of a span is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from orders.understanding.aliases import ALIAS, VARIANT
from orders.understanding.elements import Element
from orders.understanding.language import Cue, Word
from orders.understanding.lexicon import Entry, Lexicon
from orders.understanding.numbers import numbers_at
from orders.understanding.spelling import Speller
from orders.understanding.words import Token, is_plural

_UNKNOWN_COST = 10.0
_OVER_COMMAS = frozenset({Cue.ACT, Cue.REPAIR, Cue.SOFT_REPAIR, Cue.CANCEL})  # "no, wait" is one thing
_GLUE = ("and", "or", "y", "o", "e", "u")


@dataclass(frozen=True)
class _Span:
    end: int
    cost: float
    entry: Entry | None = None
    cues: tuple[Word, ...] = ()
    number: int | None = None
    doubt: float = 0.0


class Lexer:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.language = lexicon.language
        self.speller = Speller(lexicon)
        self.left_out = self.language.connectors | self.language.pronouns  # "cut it in half" for "cut in half"

    def read(self, tokens: list[Token]) -> list[Element]:
        tokens, doubts = self.speller.repair(tokens)
        if not self.language.modifiers_first:
            tokens = self.sizes_first(tokens)
        size = len(tokens)
        best: list[tuple[float, _Span | None]] = [(0.0, None)] * (size + 1)
        for start in range(size - 1, -1, -1):
            winner: _Span | None = None
            lowest = float("inf")
            for span in self.spans(tokens, start):
                cost = span.cost + best[span.end][0]
                if cost < lowest or (cost == lowest and winner is not None and span.end > winner.end):
                    lowest, winner = cost, span
            best[start] = (lowest, winner)
        elements, at = [], 0
        while at < size:
            chosen = best[at][1]
            if chosen is None:
                break
            elements.append(self.element(tokens, at, chosen, doubts))
            at = chosen.end
        return elements

    def sizes_first(self, tokens: list[Token]) -> list[Token]:
        """ "pizza grande de jamón" as "grande pizza de jamón": the name is one piece again."""
        found = list(tokens)
        for index in range(1, len(found) - 1):
            if found[index].norm in self.language.size_scale and found[index + 1].norm in self.language.name_joiners:
                before, size = found[index - 1], found[index]
                if before.key in self.lexicon.words and not size.pause:
                    found[index - 1 : index + 1] = [replace(size, pause=before.pause), replace(before, pause=0)]
        return found

    def spans(self, tokens: list[Token], start: int) -> list[_Span]:
        """All spans that begin at `start`, the menu's and the language's readings of the same words in one."""
        found: dict[int, _Span] = {start + 1: _Span(start + 1, _UNKNOWN_COST)}
        for end, cues in self.phrases(tokens, start):
            found[end] = _Span(end, 1.0, None, cues)
        for end, value in numbers_at(tokens, start, self.language):
            old = found.get(end)
            found[end] = _Span(end, 1.0, None, old.cues if old else (), value)
        for end, entry, doubt in self.entries(tokens, start):
            old = found.get(end, _Span(end, 1.0))
            if old.entry is None or old.entry.rank > entry.rank:
                cost = 1.0 + 0.02 * entry.rank + doubt
                if old.cues or old.number is not None:
                    cost = min(cost, 1.0)
                found[end] = _Span(end, cost, entry, old.cues, old.number, doubt)
        return list(found.values())

    def phrases(self, tokens: list[Token], start: int) -> list[tuple[int, tuple[Word, ...]]]:
        found = []
        text = ""
        crossed = False
        for end in range(start + 1, min(len(tokens), start + self.language.starts.get(tokens[start].norm, 0)) + 1):
            token = tokens[end - 1]
            if end > start + 1 and token.pause:
                if token.pause == 2:
                    break
                crossed = True
            text = f"{text} {token.norm}" if text else token.norm
            cues = self.language.phrases.get(text)
            if cues and (not crossed or any(word.cue in _OVER_COMMAS for word in cues)):
                found.append((end, cues))
        return found

    def entries(self, tokens: list[Token], start: int) -> list[tuple[int, Entry, float]]:
        table, size = self.lexicon.table, len(tokens)
        found = []
        keys = ""
        crossed = False
        for end in range(start + 1, min(size, start + self.lexicon.starts.get(tokens[start].key, 0)) + 1):
            token = tokens[end - 1]
            if end > start + 1 and token.pause:
                if token.pause == 2:
                    break
                crossed = True
            keys = f"{keys} {token.key}" if keys else token.key
            entry = table.get(keys)
            if entry is not None and (not crossed or entry.rank <= ALIAS):
                found.append((end, entry, 0.0))
        if tokens[start].key in self.lexicon.starts:
            found += self.without_connectors(tokens, start)
        if start + 2 < size and tokens[start + 1].norm in _GLUE:
            shared = self.shared_noun(tokens, start)
            if shared is not None:
                found.append((start + 1, shared, 0.0))
        return found

    def without_connectors(self, tokens: list[Token], start: int) -> list[tuple[int, Entry, float]]:
        """ "chicken bacon and ranch" for a name whose "and" stands elsewhere."""
        connectors = self.left_out
        if tokens[start].key in connectors:
            return []
        found, keys, dropped = [], [tokens[start].key], False
        for end in range(start + 2, min(len(tokens), start + self.lexicon.longest + 1) + 1):
            token = tokens[end - 1]
            if token.pause:
                break
            if token.key in connectors:
                dropped = True
                continue
            keys.append(token.key)
            entry = self.lexicon.table.get(" ".join(keys)) if dropped and len(keys) > 2 else None
            if entry is not None and entry.rank <= VARIANT:
                found.append((end, entry, 0.05))
        return found

    def shared_noun(self, tokens: list[Token], start: int) -> Entry | None:
        """ "black and pinto beans": "black" is short for the form that ends like the one after the conjunction."""
        if tokens[start].key in self.lexicon.table:
            return None
        for length in range(min(self.lexicon.longest, len(tokens) - start - 2), 1, -1):
            keys = [token.key for token in tokens[start + 2 : start + 2 + length]]
            if " ".join(keys) in self.lexicon.table:
                found = self.lexicon.table.get(f"{tokens[start].key} {keys[-1]}")
                if found is not None and (found.options or found.items):
                    return found
        return None

    def element(self, tokens: list[Token], start: int, span: _Span, doubts: dict[int, float]) -> Element:
        words = tokens[start : span.end]
        norm = " ".join(token.norm for token in words)
        doubt = max([span.doubt, *(doubts.get(index, 0.0) for index in range(start, span.end))])
        return Element(
            start, span.end, norm, span.entry, span.cues, span.number, norm in self.language.articles,
            doubt, is_plural(words[-1].norm), words[0].pause,
        )  # fmt: skip
