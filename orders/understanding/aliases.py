"""Surface forms of a name: what people say for "Chicken and Bacon Ranch" or "Romaine Lettuce" when nobody typed an alias.

A form is a tuple of keys with a rank that says how far it is from what staff wrote. A better rank wins where two names meet
in one form; names that meet with the same rank are an honest ambiguity, and the customer is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from orders.understanding.language import Language
from orders.understanding.words import is_plural, words_of

NAME, ALIAS, VARIANT, SHORT, PART, INNER = range(6)
Keys = tuple[str, ...]
MAX_NAME_FOR_PARTS = 6
MAX_NAME_FOR_JOINS = 3


class Forms(dict[Keys, tuple[int, bool]]):
    """form -> (rank, whether its last word is a plural). Keeps the best rank."""

    def put(self, keys: Keys, rank: int, plural: bool) -> None:
        if not keys:
            return
        old = self.get(keys)
        if old is None or rank < old[0]:
            self[keys] = (rank, plural)


class Deriver:
    """Derives forms in one language; holds the language's tables as keys."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.canonical = language.canonical
        self.rows = self._rows(language.synonyms)
        self.whole_rows = self._rows(language.whole_synonyms)
        self.longest_synonym = max(map(len, self.rows), default=0)
        self.weak = frozenset(words_of(word, self.canonical)[1][0] for word in language.weak)
        self.kinds = {
            kind: frozenset(words_of(" ".join(sorted(names)), {})[1]) | names for kind, names in language.kinds.items()
        }

    def _rows(self, synonyms: Iterable[frozenset[str]]) -> dict[Keys, set[Keys]]:
        rows: dict[Keys, set[Keys]] = {}
        for row in synonyms:
            members = {words_of(text, self.canonical)[1] for text in row if text}
            for member in members:
                rows.setdefault(member, set()).update(members - {member})
        return rows

    def forms(
        self,
        names: Iterable[tuple[str, int]],
        *,
        nouns: Sequence[Keys] = (),
        tails: frozenset[str] = frozenset(),
        keeps_weak: bool = False,
    ) -> Forms:
        """All forms of one thing. `nouns` may be added ("turkey" + "sandwich"), `tails` are last words that may be left out."""
        forms = Forms()
        for text, rank in names:
            norms, keys = words_of(text, self.canonical)
            if not keys:
                continue
            plural = is_plural(norms[-1])
            forms.put(keys, rank, plural)
            for variant in self._variants(keys):
                forms.put(variant, VARIANT, plural)
            if rank == NAME:
                self._shorten(forms, norms, keys, tails, keeps_weak=keeps_weak)
        self._add_nouns(forms, nouns)
        for keys, (rank, plural) in [
            (k, v) for k, v in forms.items() if v[0] <= VARIANT and len(k) <= MAX_NAME_FOR_JOINS
        ]:
            for index in range(len(keys) - 1):
                joined = (*keys[:index], keys[index] + keys[index + 1], *keys[index + 2 :])
                forms.put(joined, max(rank, VARIANT), plural)
        return forms

    def _variants(self, keys: Keys) -> Iterator[Keys]:
        plain = tuple(key for key in keys if key not in self.language.connectors)
        bases = [keys, plain] if plain and plain != keys else [keys]
        for base in bases:
            yield base
            yield from self._synonyms(base)
            yield from self.whole_rows.get(base, ())

    def _synonyms(self, keys: Keys) -> Iterator[Keys]:
        for start in range(len(keys)):
            for end in range(start + 1, min(len(keys), start + self.longest_synonym) + 1):
                for other in self.rows.get(keys[start:end], ()):
                    yield keys[:start] + other + keys[end:]

    def _shorten(self, forms: Forms, norms: Keys, keys: Keys, tails: frozenset[str], *, keeps_weak: bool) -> None:
        size = len(keys)
        if size < 2:
            return
        connectors = self.language.connectors
        if keys[-1] in tails or keys[-1] in self.language.droppable:
            short = keys[:-1]
            while short and short[-1] in connectors:
                short = short[:-1]
            said = norms[: len(short)]
            if short and (not self._is_weak(short) or (keeps_weak and not self._is_cue(said))):
                forms.put(short, SHORT, is_plural(said[-1]))
                for other in self._synonyms(short):
                    forms.put(other, SHORT, is_plural(said[-1]))
        if size > MAX_NAME_FOR_PARTS:
            return
        for length in range(1, size):
            for picked in combinations(range(size), length):
                part = tuple(keys[i] for i in picked)
                if part[0] in connectors or part[-1] in connectors or self._is_weak(part) or self._is_cue(part):
                    continue
                rank = self._part_rank(keys, picked)
                if rank == PART or length > 1 or keys[picked[0]] not in self.weak:
                    forms.put(part, rank, is_plural(norms[picked[-1]]))
                    if rank == PART:
                        for other in self.rows.get(part, ()):
                            forms.put(other, INNER, is_plural(norms[picked[-1]]))

    def _part_rank(self, keys: Keys, picked: tuple[int, ...]) -> int:
        """The first or last words of a name stand for it, unless they are what a connector hangs on: "... and cheese"."""
        size = len(keys)
        adjacent = picked[-1] - picked[0] == len(picked) - 1
        if adjacent and picked[0] == 0:
            return PART
        joined = any(key in self.language.connectors for key in keys[: picked[0]])
        if adjacent and picked[-1] == size - 1 and not joined:
            return PART
        return INNER

    def _is_weak(self, keys: Keys) -> bool:
        return all(key in self.weak or key in self.language.connectors for key in keys)

    def _is_cue(self, words: Keys) -> bool:
        return " ".join(words) in self.language.phrases

    def _add_nouns(self, forms: Forms, nouns: Sequence[Keys]) -> None:
        bare = [(keys, rank) for keys, (rank, _) in forms.items() if rank <= PART]
        for noun in nouns:
            for keys, rank in bare:
                if keys[-1] != noun[-1]:
                    forms.put(keys + noun, max(rank, VARIANT), False)

    def nouns_for(self, name: str, own: Iterable[str], kinds: Iterable[str]) -> tuple[Keys, ...]:
        """Class nouns the name may be said with: those of its group or category, and the kind of food it is."""
        keys = words_of(name, self.canonical)[1]
        if not keys:
            return ()
        found: dict[Keys, None] = {}
        for noun in own:
            if noun not in keys:
                found[(noun,)] = None
                for other in self.language.class_synonyms.get(noun, ()):
                    found[words_of(other, self.canonical)[1]] = None
        ends = {keys[0], keys[-1]} - self.weak
        for kind in kinds:
            if kind not in keys and ends & self.kinds.get(kind, frozenset()):
                found[(kind,)] = None
        for key in (keys[-1],):
            for other in self.language.class_synonyms.get(key, ()):
                found[words_of(other, self.canonical)[1]] = None
        return tuple(found)
