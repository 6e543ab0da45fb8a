"""From what was said about an item to choices the item allows: which group, which option, how much, how often."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import OptionChoice, Portion, UnresolvedOption
from orders.understanding.aliases import ALIAS
from orders.understanding.drafts import Draft
from orders.understanding.language import Cue
from orders.understanding.lexicon import Lexicon, Target
from orders.understanding.phrases import Mod
from restaurants.menu import GroupLink

LEFT_OUT = "no"
REGULAR = "regular"
_UNUSED = 0.3  # what was said came to nothing: not to be accepted unasked


class OptionSetter:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.menu = lexicon.menu

    def set_all(self, draft: Draft, mods: list[Mod], *, adds: bool = False, strict: bool = False) -> bool:
        """Puts the mods on the draft. `adds`: counts are added to what is there. Returns whether all were allowed."""
        group: str | None = None
        fitting = True
        for mod in mods:
            found = self.set_one(draft, mod, group if mod.follows else None, adds=adds, strict=strict)
            fitting = fitting and found is not None
            group = found
        return fitting

    def set_one(self, draft: Draft, mod: Mod, neighbour: str | None, *, adds: bool, strict: bool) -> str | None:
        if not mod.targets and not mod.presets:
            return self.set_unit(draft, mod)
        targets = self.allowed(draft, mod, neighbour)
        if not targets:
            if mod.presets:
                return self.set_preset(draft, mod)
            inside = self.set_inside(draft, mod)
            if inside is not None:
                return inside
            if strict or not mod.targets:
                return None
            targets = mod.targets[:1]  # not offered here: the reducer refuses it by name
            draft.doubt(0.5)
        if mod.element.doubt:
            draft.doubt(mod.element.doubt)
        group = targets[0].ref[0]
        ids = tuple(dict.fromkeys(t.ref[1] for t in targets))
        if len(ids) > 1:
            ids = self.settle(draft, group, ids)
        amount = self.amount(draft, mod, group, ids)
        if amount is None:
            return group
        self.put(draft, mod, group, ids, amount, adds=adds)
        return group

    def allowed(self, draft: Draft, mod: Mod, neighbour: str | None) -> tuple[Target, ...]:
        """The targets of one group that the item offers, of the best rank; neighbours in a list share a group."""
        groups = [group for item in draft.items for group in self.menu.item_by_id[item].link_by_group]
        groups += self.slot_groups(draft)
        targets = tuple(t for t in mod.targets if t.ref[0] in groups)
        if not targets:
            return ()
        if mod.is_negated:  # "no beans": of the kinds it may mean one that can be left out
            can = [t for t in targets if LEFT_OUT in self.menu.group_by_id[t.ref[0]].amounts]
            targets = tuple(can) or targets
        best_of = {group: min(t.rank for t in targets if t.ref[0] == group) for group in {t.ref[0] for t in targets}}
        targets = tuple(t for t in targets if t.rank == best_of[t.ref[0]])
        if mod.element.plural:
            targets = tuple(t for t in targets if t.plural) or targets
        best = min(t.rank for t in targets)
        if neighbour is not None and any(t.ref[0] == neighbour and t.rank <= max(best + 1, ALIAS) for t in targets):
            chosen = neighbour
        else:
            chosen = min((t for t in targets if t.rank == best), key=lambda t: groups.index(t.ref[0])).ref[0]
        return tuple(t for t in targets if t.ref[0] == chosen)

    def set_inside(self, draft: Draft, mod: Mod) -> str | None:
        """ "no ice" on a combo: on the part that offers it, the last one named first."""
        if draft.combo is None:
            return None
        for choice in reversed(draft.combo.choices):
            groups = self.lexicon.groups[choice.item]
            if not any(t.ref[0] in groups for t in mod.targets):
                continue
            part = Draft((choice.item,), options={(o.group, o.option, o.portion): o for o in choice.options})
            found = self.set_one(part, mod, None, adds=False, strict=True)
            changed = replace(choice, options=tuple(part.options.values()))
            choices = tuple(changed if c is choice else c for c in draft.combo.choices)
            draft.combo = replace(draft.combo, choices=choices)
            draft.unresolved += part.unresolved
            return found
        return None

    def slot_groups(self, draft: Draft) -> list[str]:
        return []

    def settle(self, draft: Draft, group: str, ids: tuple[str, ...]) -> tuple[str, ...]:
        """One of several that is on the item anyway, or was named before, is the one meant."""
        link = self.link(draft, group)
        defaults = [i for i in ids if link is not None and i in link.defaults]
        if len(defaults) == 1:
            return (defaults[0],)
        named = [i for i in ids if (group, i, Portion.WHOLE) in draft.options] if draft.base is not None else []
        return (named[0],) if len(named) == 1 else ids

    def link(self, draft: Draft, group: str) -> GroupLink | None:
        for item in draft.items:
            link = self.menu.item_by_id[item].link_by_group.get(group)
            if link is not None:
                return link
        return None

    def amount(self, draft: Draft, mod: Mod, group: str, ids: tuple[str, ...]) -> str | None:
        """The qualifier id to store. None: nothing goes on the line ("no extra cheese"; "no" if that is no amount)."""
        amounts = self.menu.group_by_id[group].amounts
        if mod.is_negated and mod.amount not in (REGULAR, "side"):
            draft.declined += [(group, option, mod.amount) for option in ids]
            for option in ids:
                old = draft.options.get((group, option, Portion.WHOLE))
                if old is not None and old.amount == mod.amount:
                    del draft.options[group, option, Portion.WHOLE]
            return None
        if mod.is_negated:
            if LEFT_OUT in amounts:
                return LEFT_OUT
            if not self.drop(draft, group, ids):
                draft.doubt(_UNUSED)
            return None
        return mod.amount if mod.amount in amounts else REGULAR

    def drop(self, draft: Draft, group: str, ids: tuple[str, ...]) -> bool:
        """Whether any of it was there."""
        before = len(draft.options) + len(draft.unresolved)
        for key in [key for key in draft.options if key[0] == group and key[1] in ids]:
            del draft.options[key]
        draft.unresolved = [e for e in draft.unresolved if not (e.group == group and set(ids) & set(e.candidates))]
        return len(draft.options) + len(draft.unresolved) < before

    def put(self, draft: Draft, mod: Mod, group: str, ids: tuple[str, ...], amount: str, *, adds: bool) -> None:
        details = self.menu.group_by_id[group]
        count = mod.count if mod.count and details.counted else 1
        if len(ids) > 1 and amount != LEFT_OUT:
            entry = UnresolvedOption(group, ids, amount, count)
            if entry not in draft.unresolved:
                draft.unresolved.append(entry)
            return
        portion = mod.portion if details.portionable else Portion.WHOLE
        for option in ids:
            key = (group, option, portion)
            old = draft.options.get(key)
            if adds and details.counted and old is not None and amount == REGULAR and mod.count:
                count += old.count
            self.make_room(draft, group, option, amount, portion)
            draft.options[key] = OptionChoice(group, option, amount, count, portion)

    def clear_required(self, draft: Draft, mods: list[Mod]) -> None:
        """ "make it chicken": what must be chosen is chosen anew."""
        for mod in mods:
            plain = not mod.is_negated and mod.amount == REGULAR
            for target in self.allowed(draft, mod, None)[:1] if plain else ():
                group = target.ref[0]
                link = self.link(draft, group)
                if link is not None and link.min > 0:
                    for key in [key for key in draft.options if key[0] == group]:
                        del draft.options[key]

    def take_place(self, draft: Draft, mods: list[Mod]) -> None:
        """ "oat milk instead": what was said last of the same group goes."""
        for mod in mods:
            plain = not mod.is_negated and mod.amount == REGULAR
            for group in {target.ref[0] for target in self.allowed(draft, mod, None)} if plain else ():
                said = [key for key, c in draft.options.items() if key[0] == group and c.amount != LEFT_OUT]
                wanted = {t.ref for t in mod.targets}
                if said and not any((key[0], key[1]) in wanted for key in said):
                    del draft.options[said[-1]]

    def make_room(self, draft: Draft, group: str, option: str, amount: str, portion: Portion) -> None:
        """The option answers an open question, and in a group of one takes the place of another."""
        draft.unresolved = [e for e in draft.unresolved if not (e.group == group and option in e.candidates)]
        link = self.link(draft, group)
        if amount == LEFT_OUT or link is None or link.max != 1:
            return
        for key, other in list(draft.options.items()):
            if key[0] == group and key[1] != option and other.amount != LEFT_OUT and Portion.WHOLE in (portion, key[2]):
                del draft.options[key]
        draft.unresolved = [e for e in draft.unresolved if e.group != group]

    def set_unit(self, draft: Draft, mod: Mod) -> str | None:
        """ "double latte": so many of the one option of a counted group; "three pumps": of what was counted last."""
        if mod.element.has(Cue.UNIT) and not mod.element.has(Cue.TIMES) and mod.count:
            counted = [key for key in draft.options if self.menu.group_by_id[key[0]].counted]
            for key in counted[-1:]:
                draft.options[key] = replace(draft.options[key], count=mod.count)
                return key[0]
            draft.doubt(_UNUSED)
            return None
        for link in self.menu.item_by_id[draft.item].modifier_groups:
            group = self.menu.group_by_id[link.group]
            if group.counted and len(group.options) == 1 and mod.count:
                option = group.options[0].id
                draft.options[group.id, option, Portion.WHOLE] = OptionChoice(group.id, option, REGULAR, mod.count)
                return group.id
        return self.set_named_unit(draft, mod)

    def set_named_unit(self, draft: Draft, mod: Mod) -> str | None:
        """ "triple shot" where a shot is one option among others."""
        unit = self.lexicon.entry(mod.element.norm.split()[-1])
        if unit is not None and unit.options and " " in mod.element.norm:
            return self.set_one(draft, replace(mod, targets=unit.options), None, adds=False, strict=True)
        draft.doubt(0.2)
        return None

    def set_preset(self, draft: Draft, mod: Mod) -> str | None:
        presets = {preset.id: preset for preset in self.menu.presets}
        for target in mod.presets:
            preset = presets[target.ref[0]]
            if preset.items and draft.item not in preset.items:
                continue
            links = self.menu.item_by_id[draft.item].link_by_group
            choices = [c for c in preset.choices if c.group in links]
            if not choices and not preset.items:
                continue
            for choice in choices:
                if not mod.is_negated:
                    self.make_room(draft, choice.group, choice.option, choice.amount, mod.portion)
                    key = (choice.group, choice.option, Portion.WHOLE)
                    draft.options.setdefault(key, OptionChoice(choice.group, choice.option, choice.amount))
            return choices[0].group if choices else ""
        if any(c.amount != LEFT_OUT for t in mod.presets for c in presets[t.ref[0]].choices):
            draft.doubt(_UNUSED)  # "with everything", where that is said of other dishes
        return None

    def rid(self, draft: Draft, mod: Mod) -> bool:
        """Takes the option off: as if never said if it was said, else explicitly left out."""
        groups = {group for item in draft.items for group in self.menu.item_by_id[item].link_by_group}
        said = {(c.group, c.option): key for key, c in draft.options.items() if c.amount != LEFT_OUT}
        found = [t for t in mod.targets if t.ref in said]
        if found:
            del draft.options[said[found[0].ref]]
            return True
        open_entries = [
            e for e in draft.unresolved for t in mod.targets if t.ref[0] == e.group and t.ref[1] in e.candidates
        ]
        if open_entries:
            draft.unresolved = [e for e in draft.unresolved if e not in open_entries]
            return True
        if any(t.ref[0] in groups for t in mod.targets):
            return (
                self.set_one(draft, replace(mod, is_negated=True, amount=REGULAR), None, adds=False, strict=True)
                is not None
            )
        return False
