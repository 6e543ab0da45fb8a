"""Which lines "it", "the latte", "the second one", "both" mean."""

from __future__ import annotations

from orders.understanding.drafts import Draft, Workspace
from orders.understanding.elements import Element
from orders.understanding.lexicon import Lexicon
from orders.understanding.phrases import Mod, Phrase


class References:
    def __init__(self, lexicon: Lexicon, space: Workspace) -> None:
        self.lexicon = lexicon
        self.space = space

    def of(self, phrase: Phrase | None) -> list[Draft]:
        """Lines a phrase without a head is about; the last touched when nothing points elsewhere."""
        live = self.space.live()
        if not live:
            return []
        if phrase is not None and self.points(phrase):
            return [draft for draft in self.space.pointed if not draft.is_removed]
        if phrase is not None:
            if phrase.is_all:
                return self.everyone(phrase, live)
            if phrase.ordinal:
                place = phrase.ordinal - 1 if phrase.ordinal > 0 else len(live) + phrase.ordinal
                return [live[place]] if 0 <= place < len(live) else []
            if phrase.pronoun == "them":
                return self.batch(live)
        return [self.space.focus] if self.space.focus is not None else []

    def points(self, phrase: Phrase) -> bool:
        """Whether its pronoun stands for lines that were described."""
        return bool(phrase.pronoun) and bool(self.space.pointed)

    def everyone(self, phrase: Phrase, live: list[Draft]) -> list[Draft]:
        """ "both", "all of them": the lines of this utterance, else the whole cart, that can be meant."""
        batch = self.batch(live)
        drafts = batch if len(batch) > 1 else live
        if self.space.focus is not None and self.space.focus.quantity > 1 and len(batch) <= 1:
            drafts = [self.space.focus]
        groups = {t.ref[0] for mod in phrase.mods for t in mod.targets}
        if groups:
            drafts = [d for d in drafts if any(groups & self.lexicon.groups[i] for i in d.items)] or drafts
        if phrase.size is not None and phrase.size.entry is not None:
            sized = {t.ref[0] for t in phrase.size.entry.sizes}
            drafts = [d for d in drafts if d.item in sized] or drafts
        return drafts

    def batch(self, live: list[Draft]) -> list[Draft]:
        touched = [d for d in self.space.touched if not d.is_removed]
        return touched or ([self.space.focus] if self.space.focus is not None else live[-1:])

    def by_items(self, phrase: Phrase) -> list[Draft]:
        """Lines whose item the phrase names, the last touched last; narrowed by size and options if it says any."""
        found = [d for d in self.space.live() if set(d.items) & set(phrase.items)]
        if not found and phrase.head is not None and phrase.head.entry is not None:
            wide = {t.ref[0] for t in phrase.head.entry.items}
            found = [d for d in self.space.live() if set(d.items) & wide]
        focus = self.space.focus
        if focus in found and not phrase.is_all:
            found.sort(key=lambda d: d is focus)
        if phrase.ordinal and found:
            place = phrase.ordinal - 1 if phrase.ordinal > 0 else len(found) + phrase.ordinal
            return [found[place]] if 0 <= place < len(found) else []
        return found

    def described(self, drafts: list[Draft], phrase: Phrase) -> list[Draft]:
        """Of several lines those with the size and options said."""
        sizes = {t.ref for t in phrase.size.entry.sizes} if phrase.size is not None and phrase.size.entry else set()
        kept = [d for d in drafts if not sizes or (d.item, d.variation) in sizes]
        for mod in phrase.mods:
            refs = {t.ref for t in mod.targets}
            kept = [d for d in kept if any((c.group, c.option) in refs for c in d.options.values())]
        return kept

    def like(self, items: tuple[str, ...]) -> list[Draft]:
        """Lines of the same kind of thing, the latest last."""
        known = self.lexicon.menu.item_by_id
        kinds = {known[item].category for item in items}
        return [d for d in self.space.live() if known[d.item].category in kinds]

    def taking(self, elements: list[Element]) -> Draft | None:
        """The latest line that offers an option among the words ("same but with ham"); else the latest."""
        groups = [{t.ref[0] for t in e.entry.options} for e in elements if e.entry is not None and e.entry.options]
        sizes = [{t.ref[0] for t in e.entry.sizes} for e in elements if e.entry is not None and e.entry.sizes]
        focus = self.space.focus
        drafts = [focus, *reversed(self.space.live())] if focus is not None else []
        able = [d for d in drafts if all(g & self.lexicon.groups[d.item] for g in groups)]
        return next((d for d in able if all(d.item in items for items in sizes)), next(iter(able), focus))

    def having(self, mods: list[Mod]) -> Draft | None:
        """The latest line on which one of the options was said."""
        refs = {t.ref for mod in mods for t in mod.targets}
        for draft in [self.space.focus, *reversed(self.space.live())]:
            if draft is None or draft.is_removed:
                continue
            said = any((c.group, c.option) in refs and c.amount != "no" for c in draft.options.values())
            if said or any((e.group, c) in refs for e in draft.unresolved for c in e.candidates):
                return draft
        return None
