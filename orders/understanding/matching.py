"""Which lines fit what is said of them: a size, options on them or left out, what is in a combo."""

from __future__ import annotations

from orders.understanding.drafts import Draft
from orders.understanding.elements import Element
from orders.understanding.lexicon import Lexicon
from orders.understanding.options import LEFT_OUT
from orders.understanding.phrases import Mod


class Matcher:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.menu = lexicon.menu

    def sized(self, drafts: list[Draft], size: Element | None) -> list[Draft]:
        if size is None:
            return drafts
        entry = size.entry
        if entry is None:
            return []
        refs = {t.ref for t in entry.sizes}
        combos = {t.ref for t in entry.combo_sizes}
        return [
            d
            for d in drafts
            if (d.item, d.variation) in refs or (d.combo is not None and (d.combo.combo, d.combo.size or "") in combos)
        ]

    def having(self, drafts: list[Draft], mods: list[Mod]) -> list[Draft]:
        """Lines on which it was said; if there are none, those that are that way without a word."""
        for loosely in (False, True):
            kept = [d for d in drafts if all(self.fits(d, mod, loosely=loosely) for mod in mods)]
            if kept:
                return kept
        return []

    def fits(self, draft: Draft, mod: Mod, *, loosely: bool) -> bool:
        entry = mod.element.entry
        refs = {t.ref for t in mod.targets}
        own = [c.amount for c in draft.options.values() if (c.group, c.option) in refs]
        if mod.is_negated:
            if not loosely:
                return LEFT_OUT in own
            offered = any(group in self.lexicon.groups[draft.item] for group, _ in refs)
            return offered and all(amount == LEFT_OUT for amount in own)
        named = {t.ref[0] for t in entry.items} if entry is not None else set()
        if named & set(draft.items) or self.in_combo(draft, named):
            return True
        if mod.presets and any(self.made(draft, t.ref[0]) for t in mod.presets):
            return True
        if any(amount != LEFT_OUT for amount in own):
            return True
        if any((e.group, c) in refs for e in draft.unresolved for c in e.candidates):
            return True
        return loosely and not own and self.comes_with(draft, refs)

    def in_combo(self, draft: Draft, items: set[str]) -> bool:
        return draft.combo is not None and any(choice.item in items for choice in draft.combo.choices)

    def made(self, draft: Draft, preset: str) -> bool:
        """Whether the line has all that the preset says about an item like it."""
        choices = next(p.choices for p in self.menu.presets if p.id == preset)
        groups = self.lexicon.groups[draft.item]
        wanted = {(c.group, c.option, c.amount) for c in choices if c.group in groups}
        return bool(wanted) and wanted <= {(c.group, c.option, c.amount) for c in draft.options.values()}

    def comes_with(self, draft: Draft, refs: set[tuple[str, str]]) -> bool:
        links = self.menu.item_by_id[draft.item].link_by_group
        return any(group in links and option in links[group].defaults for group, option in refs)
