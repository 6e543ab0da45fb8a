"""Which item is meant where none is named: by its kind, by a word of its name, by what was said about it."""

from __future__ import annotations

from orders.understanding.drafts import Draft
from orders.understanding.lexicon import Lexicon
from orders.understanding.phrases import Phrase
from orders.understanding.words import words_of

MAX_CANDIDATES = 12


class Kinds:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.menu = lexicon.menu

    def sibling(self, draft: Draft, words: set[str]) -> str | None:
        """The one other item of the category whose name has all the words and shares some with the draft's."""
        here = self.menu.item_by_id[draft.item]
        own = set(self.keys_of(here.name))
        wanted = {key for word in words for key in self.keys_of(word)}
        found = [
            item.id
            for item in self.menu.items
            if item.category == here.category
            and item is not here
            and wanted <= set(self.keys_of(item.name))
            and own & set(self.keys_of(item.name))
        ]
        return found[0] if len(found) == 1 else None

    def called(self, draft: Draft, words: set[str]) -> str | None:
        """The item itself if its name has the words, else the one other that `sibling` finds."""
        wanted = {key for word in words for key in self.keys_of(word)}
        combo = self.menu.combo_by_id[draft.combo.combo].name if draft.combo is not None else ""
        if wanted <= set(self.keys_of(f"{self.menu.item_by_id[draft.item].name} {combo}")):
            return draft.item
        return self.sibling(draft, words)

    def keys_of(self, text: str) -> tuple[str, ...]:
        return words_of(text, self.lexicon.language.canonical)[1]

    def implied(self, phrase: Phrase, focus: Draft | None) -> tuple[str, ...]:
        """The item of "two large with ham": the one talked about, else the only kind of thing that can be meant."""
        mods = [mod for mod in [*phrase.mods, *(m for p in phrase.parts for m in p.mods)] if mod.targets]
        sizes = phrase.size.entry.sizes_by_item if phrase.size and phrase.size.entry else {}
        groups = [{t.ref[0] for t in mod.targets} for mod in mods]

        def fits(item: str) -> bool:
            return (not sizes or item in sizes) and all(g & self.lexicon.groups[item] for g in groups)

        if focus is not None and any(fits(item) for item in focus.items) and (mods or sizes):
            return focus.items
        if not mods:
            return ()
        fitting = tuple(item.id for item in self.menu.items if fits(item.id))
        kinds = {self.menu.item_by_id[item].category for item in fitting}
        general = [item for item in fitting if item in self.lexicon.general_items]
        if len(general) == 1 and len(kinds) == 1:
            return (general[0],)
        return fitting if len(kinds) == 1 and len(fitting) <= MAX_CANDIDATES else ()
