"""The compiled menu: the one object a call asks what the customer meant. Never changed once built, safe to share."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import Cart, CartEdit
from orders.understanding.acts import ActReader
from orders.understanding.allergies import take_allergies
from orders.understanding.answers import AnswerReader
from orders.understanding.clauses import repair, split_clauses
from orders.understanding.commands import Commander
from orders.understanding.compile import build_lexicon
from orders.understanding.confidence import coverage, readings_of, sureness
from orders.understanding.drafts import Workspace, edits_of
from orders.understanding.elements import Element
from orders.understanding.endings import is_finished
from orders.understanding.language import Language
from orders.understanding.leftovers import leftovers
from orders.understanding.lexer import Lexer
from orders.understanding.lexicon import SpokenForm
from orders.understanding.mentions import split_mentions
from orders.understanding.speech import spoken_forms, spoken_words
from orders.understanding.types import ActKind, Expectation, Understanding
from orders.understanding.words import Token, tokenize
from restaurants.menu import Menu

_NOTHING = Expectation()
_MAX_HYPOTHESES = 10
_NOT_ALL_USED = 0.7  # below what is accepted unasked
_TAKEN_AT_ONCE = 0.85
_RANK_PENALTY = 0.03  # how much better a later hypothesis must be than the one before it


class CompiledMenu:
    def __init__(self, menu: Menu, language: Language) -> None:
        self.menu = menu
        self.language = language
        self.lexicon = build_lexicon(menu, language)
        self._lexer = Lexer(self.lexicon)
        self._commander = Commander(self.lexicon)
        self._acts = ActReader(self.lexicon)
        self._answers = AnswerReader(self.lexicon, self._commander.lines)

    def understand(self, text: str, cart: Cart, expect: Expectation = _NOTHING) -> Understanding:
        tokens, is_whole = tokenize(text, self.language.canonical)
        elements = self._lexer.read(tokens)
        said = text[tokens[0].start : tokens[-1].end] if tokens else ""
        space = Workspace.of(cart)
        ordered, allergies = take_allergies(elements, self.language)
        asked = self._answers.read(ordered, expect, space)
        split = split_clauses(repair(asked), self.language.allergens)
        split.clauses = split_mentions(split.clauses, self.lexicon, has_lines=bool(space.drafts))
        self._commander.run(
            split.clauses,
            space,
            text,
            [(t.start, t.end) for t in tokens],
            confirms=self._acts.confirms(ordered, split),
        )
        edits: list[CartEdit] = [edit if edit.heard else replace(edit, heard=said) for edit in edits_of(space, cart)]
        heard = self._acts.read(ordered, split, space, allergies, changes=bool(edits))
        contact = self._answers.contact(tokens, elements, expect)
        if contact is not None:
            heard.edits.append(contact)
            heard.used.update(e.start for e in elements if e.is_unknown)
        heard.used |= space.used
        acts = heard.acts + self._acts.off_menu(ordered, heard.used)
        if any(act.kind is ActKind.CANCEL_ORDER for act in acts):
            edits = []
        edits += heard.edits
        unknown = tuple(e.norm for e in ordered if e.is_unknown and e.start not in heard.used and len(e.norm) > 1)
        sure = sureness(elements, edits, acts, unknown, is_whole=is_whole, touched=space.touched)
        if sure > _NOT_ALL_USED and edits and leftovers(split.clauses, space, self.lexicon):
            sure = _NOT_ALL_USED
        return Understanding(
            text=text,
            edits=tuple(edits),
            acts=tuple(acts),
            confidence=sure,
            is_complete=self._is_finished(elements, cart, expect),
            unknown=unknown,
            readings=readings_of(elements, space),
        )

    def understand_best(self, hypotheses: tuple[str, ...], cart: Cart, expect: Expectation = _NOTHING) -> Understanding:
        """The recogniser's first, if all of it makes sense; else the one that menu and language explain best.

        What is said about the cart ("make that three") has few of the menu's words: a later hypothesis that turns it
        into a dish is no better for that.
        """
        first = self.understand(hypotheses[0] if hypotheses else "", cart, expect)
        if len(hypotheses) < 2 or (first.confidence >= _TAKEN_AT_ONCE and not first.unknown):
            return first
        best, best_score = 0, float("-inf")
        for index, text in enumerate(hypotheses[:_MAX_HYPOTHESES]):
            score = coverage(self._read(text)[1]) - _RANK_PENALTY * index
            if score > best_score:
                best, best_score = index, score
        return replace(self.understand(hypotheses[best], cart, expect), hypothesis=best) if best else first

    def is_complete(self, text: str, cart: Cart, expect: Expectation = _NOTHING) -> bool:
        return self._is_finished(self._read(text)[1], cart, expect)

    def phrases(self) -> tuple[SpokenForm, ...]:
        """Every way to say each item, option, size, preset and combo, in spoken words, with ids; plurals too."""
        return spoken_forms(self.lexicon)

    def vocabulary(self) -> frozenset[str]:
        """Every word a customer of this restaurant is likely to say: those of the menu and of the language layer."""
        return spoken_words(self.lexicon)

    def _read(self, text: str) -> tuple[list[Token], list[Element]]:
        tokens, _ = tokenize(text, self.language.canonical)
        return tokens, self._lexer.read(tokens)

    def _is_finished(self, elements: list[Element], cart: Cart, expect: Expectation) -> bool:
        answers = bool(cart.lines or expect.problems or expect.confirming or expect.offered or expect.wants)
        return is_finished(elements, self.lexicon, answers=answers)
