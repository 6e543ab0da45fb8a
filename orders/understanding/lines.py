"""Makes draft lines of phrases: item, quantity, size, options, parts, halves, combo."""

from __future__ import annotations

from orders.cart_types import Half, LineCombo, SlotChoice
from orders.understanding.drafts import Draft, Workspace
from orders.understanding.kinds import MAX_CANDIDATES, Kinds
from orders.understanding.lexicon import Lexicon
from orders.understanding.options import OptionSetter
from orders.understanding.phrases import Mod, Phrase
from restaurants.menu import Combo

_NOT_SOLD = 0.3  # like that: told, not accepted unasked


class LineMaker(Kinds):
    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__(lexicon)
        self.options = OptionSetter(lexicon)
        self.combos_of: dict[str, list[Combo]] = {}
        for combo in self.menu.combos:
            self.combos_of.setdefault(combo.item, []).append(combo)

    def offers(self, draft: Draft, mod: Mod) -> bool:
        groups = {t.ref[0] for t in mod.targets}
        return any(groups & self.lexicon.groups[item] for item in draft.items) or not mod.targets

    def takes(self, items: tuple[str, ...], mods: list[Mod]) -> bool:
        """Whether one of the items offers all of it."""
        return any(all({t.ref[0] for t in mod.targets} & self.lexicon.groups[item] for mod in mods) for item in items)

    def make(self, phrase: Phrase, heard: str) -> list[Draft]:
        """The lines of one phrase: one, or several when its parts differ."""
        draft = Draft(self.candidates(phrase), heard=heard)
        draft.doubt(phrase.doubt)
        self.set_combo(draft, phrase)
        self.set_size(draft, phrase)
        self.set_quantity(draft, phrase.quantity if phrase.quantity is not None else 1, phrase)
        halves = [part for part in phrase.parts if part.head is not None]
        self.set_slots(draft, phrase)
        self.options.set_all(draft, self.of_whole(phrase, halves[0]) if halves else phrase.mods)
        parts = [part for part in phrase.parts if part.head is None]
        if not any(part.mods or part.size or part.slots or part.joined for part in parts):
            parts = []
        if halves:
            draft.halves = self.halves(phrase, halves[0])
            if halves[0].size is not None:
                self.set_size(draft, halves[0])
        if not parts:
            return [draft]
        return self.with_parts(draft, phrase, parts)

    def candidates(self, phrase: Phrase) -> tuple[str, ...]:
        """The items that can be meant: of several, those that offer what was said about them."""
        items = phrase.items
        if len(items) > 1:
            for mod in phrase.mods:
                groups = {t.ref[0] for t in mod.targets}
                items = tuple(i for i in items if groups & self.lexicon.groups[i]) or items
            if phrase.size is not None and phrase.size.entry is not None:
                items = tuple(i for i in items if i in phrase.size.entry.sizes_by_item) or items
        return items[:MAX_CANDIDATES]

    def set_size(self, draft: Draft, phrase: Phrase) -> None:
        entry = phrase.size.entry if phrase.size is not None else None
        if entry is None:
            return
        if self.set_combo_size(draft, phrase):
            return
        own = next((entry.sizes_by_item[item] for item in draft.items if item in entry.sizes_by_item), None)
        if own:
            draft.variation = own[0].ref[1]
            draft.doubt(phrase.size.doubt if phrase.size is not None else 0.0)
        elif entry.sizes or entry.combo_sizes:
            draft.doubt(_NOT_SOLD)  # in that size

    def set_combo_size(self, draft: Draft, phrase: Phrase) -> bool:
        entry = phrase.size.entry if phrase.size is not None else None
        if draft.combo is None or entry is None:
            return False
        combo = draft.combo.combo
        sizes = sorted((t for t in entry.combo_sizes if t.ref[0] == combo), key=lambda t: t.rank)
        if sizes:
            draft.combo = LineCombo(combo, sizes[0].ref[1], draft.combo.choices)
        return bool(sizes)

    def set_quantity(self, draft: Draft, quantity: int, phrase: Phrase | None = None) -> None:
        """ "twenty nuggets" is one box of twenty where boxes are sold by count."""
        counts = {v.count: v.id for v in self.menu.item_by_id[draft.item].variations if v.count}
        if phrase is not None and phrase.piece is not None and phrase.piece in counts:
            draft.variation, draft.quantity = counts[phrase.piece], max(quantity, 1)
            return
        explicit = phrase is None or (phrase.quantity is not None and not phrase.is_article)
        if counts and explicit and draft.variation is None and quantity in counts:
            draft.variation, draft.quantity = counts[quantity], 1
            return
        if counts and explicit and draft.variation is None and quantity > 3:
            draft.quantity = 1
            draft.doubt(0.5)
            return
        draft.quantity = max(quantity, 1)

    # parts

    def with_parts(self, draft: Draft, phrase: Phrase, parts: list[Phrase]) -> list[Draft]:
        """ "two pizzas, one with ham": of the two, or one more?"""
        total = sum(part.quantity or 1 for part in parts)
        pointed = any(part.of_them or part.is_other for part in parts)
        aside = not phrase.has_own and not parts[0].joined
        fits = total <= draft.quantity
        all_of_it = total == draft.quantity and draft.quantity > 1
        if fits and (pointed or all_of_it or (aside and draft.quantity > 1)):
            return self.split_new(draft, parts)
        made = [draft]
        for part in parts:
            part.items = (self.implied(part, None) if part.is_by_options else ()) or draft.items
            extra = Draft(part.items, part.quantity or 1, draft.variation, heard="")
            extra.combo = draft.combo
            self.set_part(extra, part)
            made.append(extra)
        return made

    def split_new(self, draft: Draft, parts: list[Phrase]) -> list[Draft]:
        made = []
        for part in parts:
            piece = draft.copy(part.quantity or 1)
            draft.quantity -= piece.quantity
            self.set_part(piece, part)
            made.append(piece)
        return [draft, *made] if draft.quantity > 0 else made

    def split(self, space: Workspace, draft: Draft, parts: list[Phrase]) -> None:
        """The same for a line that is there already."""
        for part in parts:
            quantity = part.quantity or 1
            piece = space.split(draft, quantity) if quantity < draft.quantity else draft
            self.set_part(piece, part)
            space.touch(piece)

    def set_part(self, draft: Draft, part: Phrase) -> None:
        self.set_size(draft, part)
        self.set_slots(draft, part)
        self.options.set_all(draft, part.mods)

    # halves, combos, replacing

    def halves(self, first: Phrase, second: Phrase) -> tuple[Half, ...]:
        whole = self.of_whole(first, second)
        found = []
        for phrase in (first, second):
            sold = [i for i in phrase.items if self.menu.item_by_id[i].portioning is not None]
            half = Draft((sold[0],))
            self.options.set_all(half, [mod for mod in phrase.mods if mod not in whole])
            found.append(Half(sold[0], tuple(half.options.values())))
        return tuple(found)

    def of_whole(self, first: Phrase, second: Phrase) -> list[Mod]:
        """Of what was said with the halves: a crust is never half, and what follows both is on both."""
        groups = self.menu.group_by_id
        own = [*(first.mods if first.has_own else []), *(second.mods if first.has_own else [])]
        return [
            mod
            for mod in [*first.mods, *second.mods]
            if mod not in own or not any(groups[t.ref[0]].portionable for t in mod.targets)
        ]

    def set_combo(self, draft: Draft, phrase: Phrase) -> None:
        if phrase.combo is not None:
            draft.combo = LineCombo(phrase.combo)
            draft.variation = self.menu.combo_by_id[phrase.combo].variation
        elif phrase.is_combo:
            combos = self.combos_of.get(draft.item, [])
            if combos:
                draft.combo = LineCombo(combos[0].id)

    def combos_for(self, draft: Draft) -> list[Combo]:
        own = self.combos_of.get(draft.item, [])
        return [c for c in own if c.variation in (None, draft.variation) or not draft.variation]

    def to_combo(self, draft: Draft, phrase: Phrase) -> None:
        combos = self.combos_for(draft)
        if not combos:
            draft.doubt(0.6)
            return
        draft.combo = LineCombo(combos[0].id)
        self.set_size(draft, phrase)
        self.options.set_all(draft, phrase.mods)

    def fill_slot(self, draft: Draft, phrase: Phrase, *, again: bool = False) -> bool:
        """Puts the item into the combo's slot that offers it. `again`: also into one that is filled."""
        if draft.combo is None:
            return False
        combo = self.menu.combo_by_id[draft.combo.combo]
        taken = set() if again else {choice.slot for choice in draft.combo.choices}
        for slot in combo.slots:
            if slot.id in taken:
                continue
            offers = [c for c in slot.choices if c.item in phrase.items]
            if not offers:
                continue
            own = Draft((offers[0].item,))
            self.set_size(own, phrase)
            offer = next((c for c in offers if own.variation in (c.variation, None)), offers[0])
            if own.variation is not None and offer.variation not in (own.variation, None):
                own.variation = None  # sold in one size here: the word was about the combo
                if not self.set_combo_size(draft, phrase):
                    draft.doubt(_NOT_SOLD)
            self.options.set_all(own, phrase.mods, strict=True)
            choice = SlotChoice(slot.id, offer.item, own.variation or offer.variation, tuple(own.options.values()))
            kept = tuple(c for c in draft.combo.choices if c.slot != slot.id)
            draft.combo = LineCombo(draft.combo.combo, draft.combo.size, (*kept, choice))
            return True
        return False

    def set_slots(self, draft: Draft, phrase: Phrase) -> None:
        for wanted in phrase.slots:
            if not self.fill_slot(draft, wanted) and not self.fill_slot(draft, wanted, again=bool(draft.base is None)):
                draft.doubt(_NOT_SOLD)  # with it

    def has_part(self, draft: Draft, items: tuple[str, ...]) -> bool:
        return draft.combo is not None and any(choice.item in items for choice in draft.combo.choices)

    def may_have_part(self, draft: Draft, items: tuple[str, ...]) -> bool:
        """Whether a slot that nothing was said about offers one of the items."""
        if draft.combo is None:
            return False
        taken = {choice.slot for choice in draft.combo.choices}
        slots = self.menu.combo_by_id[draft.combo.combo].slots
        return any(c.item in items for slot in slots if slot.id not in taken for c in slot.choices)

    def swap(self, draft: Draft, phrase: Phrase) -> None:
        """Another item in the draft's place; keeps quantity, size and options as far as the new item has them."""
        items = self.candidates(phrase)
        old_options, old_size = draft.options, self.size_name(draft)
        draft.items, draft.options, draft.unresolved, draft.halves, draft.combo = items, {}, [], (), None
        links = self.menu.item_by_id[draft.item].link_by_group
        draft.options = {key: choice for key, choice in old_options.items() if key[0] in links}
        sizes = self.menu.item_by_id[draft.item].variations
        draft.variation = next((v.id for v in sizes if v.name == old_size), None)
        draft.is_replaced = True
        self.set_combo(draft, phrase)
        self.set_size(draft, phrase)
        if phrase.quantity is not None and not phrase.is_article:
            self.set_quantity(draft, phrase.quantity, phrase)
        self.options.set_all(draft, phrase.mods)

    def to_kind(self, draft: Draft, item: str) -> None:
        """Another item of the same kind; a combo becomes the other one's combo."""
        combo = draft.combo
        self.swap(draft, Phrase(0, 0, items=(item,)))
        others = self.combos_of.get(item, [])
        if combo is not None and others:
            draft.combo = LineCombo(others[0].id, combo.size, combo.choices)

    def size_name(self, draft: Draft) -> str | None:
        size = self.menu.item_by_id[draft.item].variation_by_id.get(draft.variation or "")
        return size.name if size else None
