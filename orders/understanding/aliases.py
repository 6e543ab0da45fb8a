"""Surface forms of a name: what people say for "Chicken and Bacon Ranch" when nobody typed an alias.

A form has a rank that says how far it is from what staff wrote. A better rank wins where two names meet in one form;
names that meet with the same rank are an honest ambiguity, and the customer is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from orders.understanding.language import Cue, Language
from orders.understanding.words import is_plural, words_of

NAME, ALIAS, VARIANT, SHORT, PART, INNER = range(6)
MAX_NAME_FOR_PARTS = 6
MAX_NAME_FOR_JOINS = 3

Keys = tuple[str, ...]


class Words(tuple[tuple[str, str], ...]):
    """Words of a form as (norm, key) pairs: how they are said and how they are looked up."""

    __slots__ = ()

    @property
    def keys(self) -> Keys:
        return tuple(key for _, key in self)

    @property
    def text(self) -> str:
        return " ".join(norm for norm, _ in self)


class Form(NamedTuple):
    rank: int
    plural: bool  # whether its last word is a plural
    said: str
    is_joined: bool = False  # two words written as one: for matching what was heard, never said that way


class Forms(dict[Keys, Form]):
    """All forms of one thing; of two ways to the same form the better rank stays."""

    def put(self, words: Words, rank: int, *, plural: bool | None = None, is_joined: bool = False) -> None:
        keys = words.keys
        old = self.get(keys)
        if keys and (old is None or rank < old.rank):
            self[keys] = Form(rank, is_plural(words[-1][0]) if plural is None else plural, words.text, is_joined)


class Deriver:
    """Derives forms in one language; holds the language's tables as words."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.rows = self._rows(language.synonyms)
        self.whole_rows = self._rows(language.whole_synonyms)
        self.longest_synonym = max(map(len, self.rows), default=0)
        self.weak = frozenset(key for word in language.weak for key in self.words(word).keys)
        self.kinds = {
            kind: frozenset(key for name in names for key in self.words(name).keys)
            for kind, names in language.kinds.items()
        }

    def words(self, text: str) -> Words:
        return Words(zip(*words_of(text, self.language.canonical), strict=True))

    def _rows(self, synonyms: Iterable[frozenset[str]]) -> dict[Keys, list[Words]]:
        rows: dict[Keys, list[Words]] = {}
        for row in synonyms:
            members = [self.words(text) for text in sorted(row)]
            for member in members:
                others = (other for other in members if other.keys != member.keys)
                rows.setdefault(member.keys, []).extend(others)
        return rows

    def forms(
        self,
        names: Iterable[tuple[str, int]],
        *,
        nouns: Sequence[Words] = (),
        tails: frozenset[str] = frozenset(),
        keeps_weak: bool = False,
    ) -> Forms:
        """All forms of one thing. `nouns` may be added ("turkey" + "sandwich"), `tails` are last words that may go."""
        forms = Forms()
        for text, rank in names:
            words = self.words(text)
            if not words:
                continue
            forms.put(words, rank)
            plural = is_plural(words[-1][0])
            for variant in self._variants(words) if rank == NAME else self._plain(words):
                forms.put(variant, VARIANT, plural=plural)
            if rank == NAME and len(words) > 1:
                self._shorten(forms, words, tails, keeps_weak=keeps_weak)
                self._parts(forms, words)
        self._add_nouns(forms, nouns)
        self._join(forms)
        return forms

    def _variants(self, words: Words) -> Iterator[Words]:
        """Without connectors, and with every synonym in place of what it means the same as."""
        for base in [words, *self._plain(words)]:
            yield base
            yield from self._synonyms(base)
            yield from self.whole_rows.get(base.keys, ())
            for other in self.language.class_synonyms.get(base[-1][1], ()) if len(base) > 1 else ():
                yield Words((*base[:-1], *self.words(other)))

    def _plain(self, words: Words) -> list[Words]:
        plain = Words(pair for pair in words if pair[1] not in self.language.connectors)
        return [plain] if plain and plain != words else []

    def _synonyms(self, words: Words) -> Iterator[Words]:
        keys = words.keys
        for start in range(len(keys)):
            for end in range(start + 1, min(len(keys), start + self.longest_synonym) + 1):
                for other in self.rows.get(keys[start:end], ()):
                    yield Words((*words[:start], *other, *words[end:]))

    def _shorten(self, forms: Forms, words: Words, tails: frozenset[str], *, keeps_weak: bool) -> None:
        """Without the class noun at the end: "feta" for "Feta Cheese"."""
        if words[-1][1] not in tails and words[-1][1] not in self.language.droppable:
            return
        short = Words(words[:-1])
        while short and short[-1][1] in self.language.connectors:
            short = Words(short[:-1])
        if short and (
            not self._is_weak(short.keys) or (keeps_weak and not self._is_cue(short) and not short[-1][1].isdigit())
        ):
            forms.put(short, SHORT)
            for other in self._synonyms(short):
                forms.put(other, SHORT)

    def _parts(self, forms: Forms, words: Words) -> None:
        """Some words of the name in their order, at best its first or its last ones."""
        size = len(words)
        if size > MAX_NAME_FOR_PARTS:
            return
        for length in range(1, size):
            for picked in combinations(range(size), length):
                part = Words(words[i] for i in picked)
                if not self._may_stand_alone(part, picked):
                    continue
                rank = self._part_rank(words, picked)
                forms.put(part, rank)
                if rank == PART:
                    for other in self.rows.get(part.keys, ()):
                        forms.put(other, INNER)

    def _may_stand_alone(self, part: Words, picked: tuple[int, ...]) -> bool:
        """Not on a connector's edge, except where the language orders so ("dos al pastor"); not a word for anything."""
        connectors = self.language.connectors
        follows = picked[0] == 1 and part[0][0] in self.language.name_joiners
        on_edge = (part[0][1] in connectors and not follows) or part[-1][1] in connectors
        return not (on_edge or self._is_weak(part.keys) or self._is_cue(part))

    def _part_rank(self, words: Words, picked: tuple[int, ...]) -> int:
        """The first or last words of a name stand for it, unless a connector hangs them on: "... and cheese"."""
        if any(b - a != 1 for a, b in pairwise(picked)):
            return INNER
        if picked[0] == 0:
            return PART
        hangs_on = any(key in self.language.connectors for _, key in words[: picked[0]])
        return PART if picked[-1] == len(words) - 1 and not hangs_on else INNER

    def _is_weak(self, keys: Keys) -> bool:
        return all(key in self.weak or key in self.language.connectors or key.isdigit() for key in keys)

    def _is_cue(self, words: Words) -> bool:
        cues = self.language.phrases.get(words.text, ())
        return any(word.cue not in (Cue.CONTAINER, Cue.UNIT, Cue.PIECE) for word in cues)

    def _add_nouns(self, forms: Forms, nouns: Sequence[Words]) -> None:
        bare = [(self.rebuild(keys, form), form.rank) for keys, form in forms.items() if form.rank <= PART]
        for noun in nouns:
            for words, rank in bare:
                if words[-1][1] != noun[-1][1]:
                    forms.put(Words((*words, *noun)), max(rank, VARIANT), plural=False)

    def _join(self, forms: Forms) -> None:
        """ "pepperjack" for "Pepper Jack"."""
        for keys, form in list(forms.items()):
            if form.rank > VARIANT or not 1 < len(keys) <= MAX_NAME_FOR_JOINS:
                continue
            words = self.rebuild(keys, form)
            for i in range(len(words) - 1):
                joined = (words[i][0] + words[i + 1][0], words[i][1] + words[i + 1][1])
                forms.put(Words((*words[:i], joined, *words[i + 2 :])), VARIANT, plural=form.plural, is_joined=True)

    def rebuild(self, keys: Keys, form: Form) -> Words:
        return Words(zip(form.said.split(" "), keys, strict=True))

    def nouns_for(self, name: str, own: Iterable[str], kinds: Iterable[str]) -> tuple[Words, ...]:
        """Class nouns the name may be said with: those of its group or category, and the kind of food it is."""
        keys = self.words(name).keys
        if not keys:
            return ()
        found: list[str] = []
        for noun in own:
            if noun not in keys:
                found += [noun, *self.language.class_synonyms.get(noun, ())]
        ends = {keys[0], keys[-1]} - self.weak
        found += [kind for kind in kinds if kind not in keys and ends & self.kinds.get(kind, frozenset())]
        return tuple(Words(dict.fromkeys(self.words(noun))) for noun in dict.fromkeys(found))
