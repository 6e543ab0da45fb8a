"""The compiled menu: the one object a call asks what the customer meant."""

from __future__ import annotations

from orders.cart_types import Cart
from orders.understanding.clauses import repair, split_clauses
from orders.understanding.commands import Commander
from orders.understanding.drafts import Workspace, edits_of
from orders.understanding.language import Language
from orders.understanding.lexer import Lexer
from orders.understanding.lexicon import build_lexicon
from orders.understanding.types import Expectation, Understanding
from orders.understanding.words import tokenize
from restaurants.menu import Menu


class CompiledMenu:
    def __init__(self, menu: Menu, language: Language) -> None:
        self.menu = menu
        self.language = language
        self.lexicon = build_lexicon(menu, language)
        self.lexer = Lexer(self.lexicon)
        self.commander = Commander(self.lexicon)

    def understand(self, text: str, cart: Cart, expect: Expectation = Expectation()) -> Understanding:  # noqa: B008  # frozen
        tokens, whole = tokenize(text, self.language.canonical)
        elements = self.lexer.read(tokens)
        split = split_clauses(repair(elements))
        space = Workspace.of(cart)
        self.commander.run(split.clauses, space, text, [(t.start, t.end) for t in tokens])
        edits = edits_of(space, cart)
        return Understanding(text, tuple(edits))
