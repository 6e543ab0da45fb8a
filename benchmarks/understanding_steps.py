"""What each step of understanding is worth: every set with one step taken out at a time.

    python -m benchmarks.understanding_steps ROOT [--menu menu_bare.json] [--only NAME ...]

ROOT holds one folder per set (menu.json, cases.jsonl); the phrasebook of the tests is measured with them. Prints a
table: how many cases are exact with everything (turns where there is a cart for each), and how many more or fewer
without each step. A step is taken out by putting something that does nothing in its place, for the time of one run and
in this process only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.neutral import score
from benchmarks.understanding import Clock, comparable, expected_of, load, predictions
from orders.understanding import LANGUAGES, CompiledMenu, ordering
from orders.understanding.aliases import ALIAS, Deriver, Forms
from orders.understanding.answers import AnswerReader
from orders.understanding.clauses import Clause
from orders.understanding.designations import Designator
from orders.understanding.drafts import Draft
from orders.understanding.elements import Element
from orders.understanding.heads import HeadFinder
from orders.understanding.language import Language
from orders.understanding.lexer import Lexer
from orders.understanding.lexicon import Lexicon, Target
from orders.understanding.lines import LineMaker
from orders.understanding.options import OptionSetter
from orders.understanding.phrases import Mod, Phrase
from orders.understanding.reading_options import OptionReading
from orders.understanding.revising import Revising
from orders.understanding.spelling import Speller
from tests.unit.orders.understanding.spoken_calls import first_difference, menu_at, spoken_calls


@dataclass(frozen=True)
class Step:
    """`places`: (owner, attribute, what stands there instead). `bare_language`: without the common food names."""

    name: str
    places: tuple[tuple[Any, str, Any], ...] = ()
    bare_language: bool = False


def _written_only(self: Deriver, names: Any, **more: Any) -> Forms:
    found = _DERIVE(self, names, **more)
    return Forms({keys: form for keys, form in found.items() if form.rank <= ALIAS})


def _as_it_is(clauses: list[Clause], lexicon: Lexicon, *, has_lines: bool) -> list[Clause]:
    return clauses


def _alone(self: OptionSetter, draft: Draft, mod: Mod, neighbour: str | None) -> tuple[Target, ...]:
    return _ALLOWED(self, draft, mod, None)


def _ungrouped(elements: list[Element], phrases: list[Phrase], lexicon: Lexicon) -> list[Phrase]:
    return phrases


_DERIVE = Deriver.forms
_ALLOWED = OptionSetter.allowed

STEPS = (
    Step("derived names", ((Deriver, "forms", _written_only),)),
    Step("common food names (synonyms, short forms, kinds)", bare_language=True),
    Step("spelling and sound", ((Speller, "repair", lambda self, tokens: (tokens, {})),)),
    Step("shared nouns (“black and pinto beans”)", ((Lexer, "shared_noun", lambda self, tokens, start: None),)),
    Step("connectors left out", ((Lexer, "without_connectors", lambda self, tokens, start: []),)),
    Step("class noun behind a name is absorbed", ((HeadFinder, "is_absorbed", lambda self, *args: False),)),
    Step("item or option by its company", ((HeadFinder, "is_head", lambda self, elements, index, current: True),)),
    Step("the menu decides whose option it is", ((OptionReading, "owner", lambda self, element, phrase: phrase),)),
    Step("“no” goes on over “or”", ((OptionReading, "keeps_negating", lambda self, index: False),)),
    Step("neighbours share a group", ((OptionSetter, "allowed", _alone),)),
    Step("one of several that is on it anyway", ((OptionSetter, "settle", lambda self, draft, group, ids: ids),)),
    Step("candidates by what was said", ((LineMaker, "candidates", lambda self, phrase: phrase.items[:12]),)),
    Step("parts (“two, one with ham”)", ((LineMaker, "with_parts", lambda self, draft, phrase, parts: [draft]),)),
    Step(
        "headings (“three tacos, two of fish …”)", ((ordering, "drop_heading", lambda elements, phrases, _: phrases),)
    ),
    Step("halves", ((ordering, "merge_halves", lambda phrases, lexicon: phrases),)),
    Step("lines named in their own sentence", (("orders.understanding.compiled", "split_mentions", _as_it_is),)),
    Step("what is there is corrected", ((Revising, "revises", lambda self, elements, phrase, revision: False),)),
    Step("corrections inside an utterance", (("orders.understanding.compiled", "repair", list),)),
    Step("descriptions of lines", ((Designator, "settle", lambda self, elements, intent: elements),)),
    Step("implied items", ((LineMaker, "implied", lambda self, phrase, focus: ()),)),
    Step("answers to questions", ((AnswerReader, "read", lambda self, elements, expect, space: elements),)),
)


@contextmanager
def without(step: Step) -> Iterator[None]:
    """The step is out as long as this lasts. Menus compiled before are not used inside."""
    places = [(sys.modules[owner] if isinstance(owner, str) else owner, name, new) for owner, name, new in step.places]
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    for owner, name, new in places:
        setattr(owner, name, new)
    try:
        yield
    finally:
        for owner, name, old in kept:
            setattr(owner, name, old)


def _language(step: Step | None, code: str = "en") -> Language:
    language = LANGUAGES[code]
    if step is None or not step.bare_language:
        return language
    return replace(language, synonyms=(), whole_synonyms=(), short_forms={}, canonical={}, kinds={}, class_synonyms={})


def measure(folder: Path, menu_name: str, step: Step | None) -> tuple[int, int]:
    """(exact, of) over cases, or over turns where there is a cart for each."""
    menu, cases = load(folder, menu_name)
    predicted = predictions(Clock(CompiledMenu(menu, _language(step))), cases)
    expected = [expected_of(case) for case in cases]
    found = score(expected, comparable(predicted, expected))
    has_turns = any(len(wanted) > 1 for wanted in expected)
    return (found["turns_exact"], found["turns"]) if has_turns else (found["exact"], found["cases"])


def phrasebook(step: Step | None) -> tuple[int, int]:
    """The same for the calls of the phrasebook: right from beginning to end, of how many."""
    right, calls = 0, spoken_calls()
    ears = {
        (slug, code): CompiledMenu(menu_at(slug), _language(step, code))
        for slug, code in {(call.slug, call.language) for call in calls}
    }
    for call in calls:
        right += first_difference(call, ears[call.slug, call.language]) is None
    return right, len(calls)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.understanding_steps", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--menu", default="menu.json")
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="steps whose name has one of the words")
    args = parser.parse_args(argv)
    folders = [path.parent for path in sorted(args.root.glob(f"*/{args.menu}")) if _has_words(path.parent)]
    whole = [measure(folder, args.menu, None) for folder in folders]
    whole.append(phrasebook(None))
    print("| without | " + " | ".join(folder.name for folder in folders) + " | phrasebook |")
    print("|---|" + "---|" * len(whole))
    print("| nothing | " + " | ".join(f"{exact} of {total}" for exact, total in whole) + " |")
    for step in STEPS:
        if args.only and not any(word in step.name for word in args.only):
            continue
        with without(step):
            kept = [*(measure(folder, args.menu, step)[0] for folder in folders), phrasebook(step)[0]]
        lost = [exact - before for exact, (before, _) in zip(kept, whole, strict=True)]
        print(f"| {step.name} | " + " | ".join(f"{loss:+d}" if loss else "·" for loss in lost) + " |", flush=True)
    return 0


def _has_words(folder: Path) -> bool:
    return any(key in case for case in load(folder, "menu.json")[1] for key in ("text", "turns"))


if __name__ == "__main__":
    sys.exit(main())
