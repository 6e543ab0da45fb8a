"""What to ask next, and the chips that answer it: problems come first, all of one line's choices in one breath."""

from __future__ import annotations

from collections.abc import Sequence

from orders.cart_types import Line, Problem, ProblemKind
from orders.problems import blocking
from orders.understanding.types import Expectation
from voice.dialog import phrases
from voice.dialog.call import Call
from voice.dialog.choice_questions import choice_question
from voice.dialog.effects import Chip
from voice.dialog.phrases import Sentence
from voice.dialog.state import Asks, Question

MAX_ALTERNATIVES = 3
NOT_ASKED = frozenset({ProblemKind.CLOSED, ProblemKind.EMPTY})
CHOICES = frozenset(
    {
        ProblemKind.MISSING_VARIATION,
        ProblemKind.AMBIGUOUS_OPTION,
        ProblemKind.MISSING_CHOICE,
        ProblemKind.MISSING_SLOT,
        ProblemKind.MISSING_COMBO_SIZE,
    }
)


def expectation(question: Question) -> Expectation:
    """The question as the understander needs it, to read a bare answer."""
    wants = "name" if question.asks is Asks.NAME else ""
    return Expectation(question.problems, question.is_yes_no, question.offered, wants)


def chip(call: Call, name: str, say: str = "") -> Chip:
    return Chip(call.text(f"chip_{name}"), phrases.phrase_inside(call.language, f"say_{say or name}"))


def order_question(call: Call, key: str = "") -> Question:
    key = key or ("ask_order" if call.is_open else "ask_look")
    return Question(Asks.ORDER, (call.sentence(key),), (chip(call, "menu"),))


def more_question(call: Call, key: str = "ask_more") -> Question:
    return Question(Asks.MORE, (call.sentence(key),), (chip(call, "done"),))


def change_question(call: Call) -> Question:
    return Question(Asks.CHANGE, (call.sentence("ask_change"),), (chip(call, "repeat_order"), chip(call, "person")))


def name_question(call: Call) -> Question:
    return Question(Asks.NAME, (call.sentence("ask_name"),), (chip(call, "skip"),))


def confirm_question(call: Call) -> Question:
    chips = (chip(call, "place", "yes"), chip(call, "change", "no"))
    return Question(Asks.CONFIRM, (call.sentence("ask_place"),), chips, is_yes_no=True)


def proposal_question(sentence: Sentence, call: Call) -> Question:
    return Question(Asks.PROPOSAL, (sentence,), (chip(call, "yes"), chip(call, "no")), is_yes_no=True)


def to_ask(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems to raise now: the first in priority; with a missing choice, everything missing on that line."""
    raised = [problem for problem in blocking(tuple(problems)) if problem.kind not in NOT_ASKED]
    if not raised or raised[0].kind not in CHOICES:
        return tuple(raised[:1])
    return tuple(problem for problem in raised if problem.kind in CHOICES and problem.line == raised[0].line)


def problem_question(call: Call, problems: tuple[Problem, ...], *, is_line_named: bool = False) -> Question:
    """`problems` as `to_ask` chose them, not empty. `is_line_named`: their line was just spoken of."""
    first = problems[0]
    line = line_of(call, first)
    if first.kind is ProblemKind.OVER_CAP:
        return Question(Asks.PROBLEMS, (call.sentence("over_cap"),), (chip(call, "person"),), problems)
    if first.kind is ProblemKind.UNAVAILABLE:
        return _unavailable(call, first, line)
    if first.kind is ProblemKind.NOT_ALLOWED:
        said = (refusal_sentence(call, first), call.sentence("ask_remove"))
        return Question(Asks.PROBLEMS, said, (chip(call, "yes"), chip(call, "no")), problems, is_yes_no=True)
    return choice_question(call, problems, line, is_line_named=is_line_named)


def line_of(call: Call, problem: Problem) -> Line | None:
    return next((line for line in call.ordering.cart.lines if line.id == problem.line), None)


def _unavailable(call: Call, problem: Problem, line: Line | None) -> Question:
    thing = out_name(call, problem)
    if problem.count:  # some are left
        count = phrases.number(call.language, problem.count)
        said = (call.sentence("few_left", count=count, thing=thing), call.sentence("ask_fewer", count=count))
        return Question(Asks.PROBLEMS, said, _yes_no(call), (problem,), is_yes_no=True)
    said_out = call.sentence("out_of", thing=thing)
    is_option = problem.group in call.context.menu.group_by_id
    if is_option:
        said = (said_out, call.sentence("ask_without"))
        return Question(Asks.PROBLEMS, said, _yes_no(call), (problem,), is_yes_no=True)
    others = alternatives(call, problem)
    if not others:
        said = (said_out, call.sentence("ask_remove" if line else "ask_what_else"))
        return Question(Asks.PROBLEMS, said, _yes_no(call) if line else (), (problem,), is_yes_no=line is not None)
    names = [call.names.item(item) for item in others]
    chips = (*(Chip(phrases.capitalized(name), name) for name in names), chip(call, "no"))
    said = (said_out, call.sentence("ask_instead", choices=call.names.choices(names)))
    return Question(Asks.PROBLEMS, said, chips, (problem,), offered=others, is_yes_no=len(others) == 1)


def _yes_no(call: Call) -> tuple[Chip, ...]:
    return chip(call, "yes"), chip(call, "no")


def out_name(call: Call, problem: Problem) -> str:
    if problem.group in call.context.menu.group_by_id:
        return call.names.option(problem.group or "", problem.detail)
    return call.names.thing(problem.detail)


def alternatives(call: Call, problem: Problem) -> tuple[str, ...]:
    """What can be had instead of an item that is out: the slot's other choices, or its neighbours on the menu."""
    if problem.candidates:
        return problem.candidates[:MAX_ALTERNATIVES]
    menu = call.context.menu
    item = menu.item_by_id.get(problem.detail)
    if item is None:
        return ()
    gone = call.ordering.availability.items_out
    there = [one.id for one in menu.items if one.category == item.category and one.id not in gone and one is not item]
    return tuple(there[:MAX_ALTERNATIVES])


def refusal_sentence(call: Call, problem: Problem) -> Sentence:
    """Why an edit, or something already on the cart, cannot be."""
    line = line_of(call, problem)
    if problem.kind is ProblemKind.UNAVAILABLE:
        return call.sentence("out_of", thing=out_name(call, problem))
    if problem.kind is ProblemKind.OVER_CAP:
        return call.sentence("too_many_lines")
    if problem.group in call.context.menu.group_by_id and line is not None:
        return call.sentence("not_on", option=out_name(call, problem), line=call.names.the(line))
    if problem.detail in call.context.menu.item_by_id:
        return call.sentence("not_offered", thing=call.names.item(problem.detail))
    return call.sentence("not_possible")
