"""From a menu to its lexicon: every name, alias and size in every form, and who wins where forms meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from orders.understanding.aliases import ALIAS, INNER, NAME, PART, SHORT, VARIANT, Deriver, Form, Forms
from orders.understanding.language import Language
from orders.understanding.lexicon import SPOKEN_KIND, Entry, Kind, Lexicon, Ref, SpokenForm, Target
from orders.understanding.sizes import size_forms
from orders.understanding.words import words_of
from restaurants.menu import Alias, Category, Combo, Item, Menu, ModifierGroup, Named


def build_lexicon(menu: Menu, language: Language) -> Lexicon:
    builder = _Builder(menu, language)
    builder.add_items()
    builder.add_options()
    builder.add_sizes()
    builder.add_combos()
    builder.add_presets()
    return builder.finish()


class _Builder:
    def __init__(self, menu: Menu, language: Language) -> None:
        self.menu = menu
        self.language = language
        self.deriver = Deriver(language)
        self.raw: dict[str, dict[tuple[Kind, Ref], Form]] = {}

    def names(self, entry: Named, aliases: tuple[Alias, ...]) -> list[tuple[str, int]]:
        """What staff wrote: the name in this language and in the menu's own, and the aliases said in it."""
        code = self.language.code
        texts = dict.fromkeys((entry.names.get(code) or entry.name, entry.name))
        said = [alias.text for alias in aliases if alias.language in (None, code)]
        return [(text, NAME) for text in texts] + [(text, ALIAS) for text in said]

    def put(self, kind: Kind, ref: Ref, forms: Forms) -> None:
        for keys, form in forms.items():
            slot = self.raw.setdefault(" ".join(keys), {})
            old = slot.get((kind, ref))
            if old is None or form.rank < old.rank:
                slot[kind, ref] = form

    def add_items(self) -> None:
        heads = {category.id: self.class_nouns(category) for category in self.menu.categories}
        by_head: dict[str, list[Item]] = {}
        said = {key for item in self.menu.items for key in words_of(item.name, self.language.canonical)[1]}
        for item in self.menu.items:
            names = self.names(item, item.aliases)
            own = self.own_nouns(item, heads.get(item.category, ()), names)
            nouns = [
                noun
                for name, rank in names
                if rank == NAME
                for noun in self.deriver.nouns_for(name, own, self.language.item_kinds)
            ]
            forms = self.deriver.forms(names, nouns=tuple(dict.fromkeys(nouns)), tails=frozenset(own))
            self.put(Kind.ITEM, (item.id, ""), forms)
            for head in own:
                by_head.setdefault(head, []).append(item)
            for kind in self.language.item_kinds:
                if kind not in said and any(kind in noun.keys for noun in nouns):
                    by_head.setdefault(kind, []).append(item)
        for head, items in by_head.items():
            self.add_class(head, items)

    def own_nouns(self, item: Item, heads: tuple[str, ...], names: list[tuple[str, int]]) -> tuple[str, ...]:
        """Of "Shakes & desserts" only what the item itself says, for it is not both."""
        category = self.menu.category_by_id.get(item.category)
        keys = words_of(category.name, self.language.canonical)[1] if category else ()
        if not any(key in self.language.connectors for key in keys[1:-1]):
            return heads
        said = {key for name, _ in names for key in words_of(name, self.language.canonical)[1]}
        return tuple(head for head in heads if head in said)

    def class_nouns(self, category: Category) -> tuple[str, ...]:
        """What an item of the category is called in general: "Specialty Pizzas" are pizzas; "Drinks" says nothing."""
        found: dict[str, None] = {}
        for name, rank in self.names(category, category.aliases):
            parts = words_of(name, self.language.canonical)[1]
            ends = [p for i, p in enumerate(parts) if i + 1 == len(parts) or parts[i + 1] in self.language.connectors]
            found.update(
                (end, None)
                for end in ends
                if end not in self.language.general_categories and (rank == NAME or len(parts) == 1)
            )
        return tuple(found)

    def add_class(self, head: str, items: list[Item]) -> None:
        """The class noun alone means any of its items: those that say it in their name, if any do."""
        slot = self.raw.get(head, {})
        own = {ref[0] for (kind, ref), form in slot.items() if kind is Kind.ITEM and form.rank <= ALIAS}
        named = [item for item in items if item.id in own] or [
            item for item in items if head in words_of(item.name, self.language.canonical)[1]
        ]
        texts = [head, *self.language.class_synonyms.get(head, ())]
        for text in texts:
            forms = Forms()
            forms.put(self.deriver.words(text), PART, plural=True)
            for item in named or items:
                self.put(Kind.ITEM, (item.id, ""), forms)

    def add_options(self) -> None:
        for group in self.menu.modifier_groups:
            own = self.group_nouns(group)
            shared = self.shared_tails(group)
            for option in group.options:
                names = self.names(option, option.aliases)
                nouns = [
                    noun
                    for name, rank in names
                    if rank == NAME
                    for noun in self.deriver.nouns_for(name, own, self.language.option_kinds)
                ]
                forms = self.deriver.forms(
                    names, nouns=tuple(dict.fromkeys(nouns)), tails=shared | frozenset(own), keeps_weak=True
                )
                self.put(Kind.OPTION, (group.id, option.id), forms)
                if len(group.options) > 1:
                    for noun in own:
                        self.put(Kind.OPTION, (group.id, option.id), self.noun_form(noun))

    def noun_form(self, noun: str) -> Forms:
        forms = Forms()
        forms.put(self.deriver.words(noun), PART, plural=True)
        return forms

    def group_nouns(self, group: ModifierGroup) -> tuple[str, ...]:
        """ "Milk" over oat and soy is what they all are; it must be one word that is food, and said of one of them."""
        found = []
        for name, _ in self.names(group, group.aliases):
            keys = words_of(name, self.language.canonical)[1]
            if len(keys) == 1 and keys[0] not in self.language.general_categories:
                found.append(keys[0])
        known = self.language.droppable | self.language.kinds.keys() | self.tails(group).keys()
        return tuple(noun for noun in dict.fromkeys(found) if noun in known)

    def tails(self, group: ModifierGroup) -> Counter[str]:
        ends = (words_of(option.name, self.language.canonical)[1] for option in group.options)
        return Counter(keys[-1] for keys in ends if len(keys) > 1)

    def shared_tails(self, group: ModifierGroup) -> frozenset[str]:
        return frozenset(tail for tail, count in self.tails(group).items() if count > 1)

    def add_sizes(self) -> None:
        cache: dict[object, list[tuple[str, Forms]]] = {}
        for item in self.menu.items:
            names = tuple((v.id, tuple(self.names(v, v.aliases))) for v in item.variations)
            if names not in cache:
                cache[names] = size_forms(names, self.deriver)
            own = {
                key for name, _ in self.names(item, item.aliases) for key in words_of(name, self.language.canonical)[1]
            }
            for variation, forms in cache[names]:
                self.put(Kind.SIZE, (item.id, variation), forms)
                whole = Forms({keys: form for keys, form in forms.items() if len(keys) > 1 and keys[-1] in own})
                self.put(Kind.ITEM, (item.id, ""), whole)  # "Twenty nuggets" is the item and its size

    def add_combos(self) -> None:
        for combo in self.menu.combos:
            forms = self.deriver.forms(
                self.names(combo, combo.aliases), nouns=[self.deriver.words(word) for word in self.language.combo_words]
            )
            for text in self.combo_phrases(combo):
                forms.put(self.deriver.words(text), ALIAS)
            main = self.menu.item_by_id.get(combo.item)
            own = words_of(main.name, self.language.canonical)[1] if main else ()
            named = Forms({keys: form for keys, form in forms.items() if keys != own and form.rank < SHORT})
            self.put(Kind.COMBO, (combo.id, ""), named)
            self.put_sizes(combo)

    def combo_phrases(self, combo: Combo) -> list[str]:
        """ "number 3", "3 combo", and the main item's name with "combo" behind it."""
        words = self.language.combo_words
        main = self.menu.item_by_id.get(combo.item)
        texts = [
            f"{name} {word}" for name, _ in (self.names(main, main.aliases) if main else []) for word in words[:-1]
        ]
        if combo.number is not None:
            texts += [f"{word} {combo.number}" for word in self.language.number_words]
            texts += [f"{word} {combo.number} {tail}" for word in self.language.number_words for tail in words]
        return texts

    def put_sizes(self, combo: Combo) -> None:
        names = [(size.id, self.names(size, size.aliases)) for size in combo.sizes]
        for size, forms in size_forms(names, self.deriver):
            self.put(Kind.COMBO_SIZE, (combo.id, size), forms)

    def add_presets(self) -> None:
        for preset in self.menu.presets:
            forms = self.deriver.forms(self.names(preset, preset.aliases))
            self.put(
                Kind.PRESET,
                (preset.id, ""),
                Forms({keys: form for keys, form in forms.items() if form.rank <= VARIANT}),
            )

    def finish(self) -> Lexicon:
        table = {}
        for form, slot in self.raw.items():
            entry = _entry(slot)
            if entry is not None:
                table[form] = entry
        for form in list(table):
            first, _, rest = form.partition(" ")
            bare = table.get(rest)
            if first in self.language.name_joiners and bare is not None and bare.options and not table[form].options:
                table[form] = replace(table[form], options=bare.options)
        openings = {" ".join(words[:n]) for words in map(str.split, table) for n in range(1, len(words))}
        words = frozenset(word for form in table for word in form.split())
        longest = max((form.count(" ") + 1 for form in table), default=1)
        split = [form.split() for form in table]
        pairs = frozenset(f"{a} {b}" for keys in split for a, b in pairwise(keys))
        groups = {item.id: frozenset(item.link_by_group) for item in self.menu.items}
        return Lexicon(
            self.menu,
            self.language,
            table,
            longest,
            words,
            frozenset(openings - table.keys()),
            pairs,
            groups,
            self.spoken(),
            self.classes(),
        )

    def classes(self) -> frozenset[str]:
        nouns = {noun for category in self.menu.categories for noun in self.class_nouns(category)}
        synonyms = {
            key
            for names in self.language.class_synonyms.values()
            for name in names
            for key in self.deriver.words(name).keys
        }
        return frozenset(nouns | synonyms | self.language.droppable | self.language.kinds.keys())

    def spoken(self) -> tuple[SpokenForm, ...]:
        return tuple(
            SpokenForm(form.said, SPOKEN_KIND[kind], ref, form.rank)
            for slot in self.raw.values()
            for (kind, ref), form in slot.items()
            if not form.is_joined
        )


def _entry(slot: dict[tuple[Kind, Ref], Form]) -> Entry | None:
    """Keeps per kind the best rank, and plurals behind a singular; an inner word of several names names none."""
    by_kind: dict[Kind, list[Target]] = {}
    for (kind, ref), form in slot.items():
        by_kind.setdefault(kind, []).append(Target(ref, form.rank, form.plural))
    kinds: list[tuple[Target, ...]] = [()] * len(Kind)
    for kind, targets in by_kind.items():
        best = min(t.rank for t in targets)
        if len(targets) == 1 or kind in (Kind.SIZE, Kind.COMBO_SIZE):
            kinds[kind] = tuple(targets)
            continue
        kept = tuple(t for t in targets if t.rank == best or _still_meant(t, targets, best, kind))
        kinds[kind] = () if best >= INNER and len(kept) > 1 else kept
    if kinds[Kind.OPTION] and kinds[Kind.ITEM] and kinds[Kind.ITEM][0].rank >= INNER > kinds[Kind.OPTION][0].rank:
        kinds[Kind.ITEM] = ()
    ranks = [target.rank for targets in kinds for target in targets]
    return Entry(min(ranks), *kinds) if ranks else None


def _still_meant(target: Target, targets: Iterable[Target], best: int, kind: Kind) -> bool:
    if target.rank > PART:
        return False
    if kind is Kind.OPTION and not any(t.ref[0] == target.ref[0] for t in targets if t.rank == best):
        return True  # the best one is in a group that the line may not have
    if kind is Kind.OPTION and any(t.ref[0] == target.ref[0] for t in targets if t.rank == best):
        return False
    return target.plural and not any(t.plural for t in targets if t.rank == best)
