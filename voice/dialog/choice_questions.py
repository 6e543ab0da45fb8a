"""Asking for what is missing on a line: its size, its sauce, its drink, everything in one breath."""

from __future__ import annotations

from collections.abc import Mapping

from orders.cart_types import Line, Problem, ProblemKind
from restaurants.menu import ComboSlot
from voice.dialog import phrases
from voice.dialog.call import Call
from voice.dialog.effects import Chip
from voice.dialog.phrases import Sentence
from voice.dialog.state import Asks, Question

MAX_CHIPS = 12
MAX_LISTED, MAX_LISTED_OF_SEVERAL = 7, 5  # choices read aloud; chips and menu show the rest


def choice_question(
    call: Call, problems: tuple[Problem, ...], line: Line | None, *, is_line_named: bool = False
) -> Question:
    """All of one line. `is_line_named`: it was just spoken of, so the question need not name it again."""
    sentences: list[Sentence] = []
    labels: list[str] = []
    limit = MAX_LISTED if len(problems) == 1 else MAX_LISTED_OF_SEVERAL
    for problem in problems:
        names = choice_names(call, problem, line)
        how = "_and" if sentences else "_bare" if is_line_named else ""
        sentences += _asked(call, problem, line, names if len(names) <= limit else [], how)
        labels += names
    chips = tuple(Chip(phrases.capitalized(label), label) for label in dict.fromkeys(labels))[:MAX_CHIPS]
    return Question(Asks.PROBLEMS, tuple(sentences), chips, problems)


def choice_names(call: Call, problem: Problem, line: Line | None) -> list[str]:
    """The candidates in the customer's words; what they are depends on the kind of problem."""
    names, menu = call.names, call.context.menu
    if problem.kind is ProblemKind.MISSING_VARIATION:
        item = menu.item_by_id.get(problem.detail) or (menu.item_by_id.get(line.item) if line else None)
        return [names.size(item, size) or size for size in problem.candidates]
    if problem.kind is ProblemKind.MISSING_COMBO_SIZE and line is not None and line.combo is not None:
        return [phrases.inside(names.wording.combo_size(line.combo.combo, size)) for size in problem.candidates]
    if problem.group in menu.group_by_id and problem.kind is not ProblemKind.MISSING_SLOT:
        return [names.option(problem.group or "", option) for option in problem.candidates]
    return [names.item(item) for item in problem.candidates]


def _asked(call: Call, problem: Problem, line: Line | None, listed: list[str], how: str) -> list[Sentence]:
    """One missing choice; `listed` empty: too many to read aloud. `how`: named, bare, or joined to one before."""
    choices = call.names.choices(listed) if listed else ""
    named = _named(call, problem, line)
    group = call.names.group(problem.group or "")
    match problem.kind:
        case ProblemKind.AMBIGUOUS_ITEM:
            return [call.sentence("ask_item", choices=choices or named)]
        case ProblemKind.TOO_MANY:
            most = call.sentence("too_many", count=str(problem.count), group=group, line=named)
            return [most, call.sentence("ask_leave_out", choices=choices or group)]
        case ProblemKind.AMBIGUOUS_OPTION:
            return [call.sentence("ask_option", line=named, choices=choices or group)]
        case ProblemKind.MISSING_SLOT:
            slot = _slot(call, problem, line)
            own = slot.questions if slot else {}
            name = phrases.inside(slot.names.get(call.language) or slot.name) if slot else group
            said = _own_words(call, own, listed, "" if how else named)
            return said or [_ask(call, f"ask_slot{how}", choices, line=named, slot=name)]
        case ProblemKind.MISSING_CHOICE:
            return _asked_group(call, problem, listed, named, how)
        case _:
            return [_ask(call, f"ask_size{how}", choices, line=named)]


def _asked_group(call: Call, problem: Problem, listed: list[str], named: str, how: str) -> list[Sentence]:
    group = call.context.menu.group_by_id.get(problem.group or "")
    title = call.names.group(problem.group or "")
    choices = call.names.choices(listed) if listed else ""
    if (problem.count or 1) > 1 and choices:
        count = phrases.number(call.language, problem.count or 1)
        return [call.sentence("ask_group_count", line=named, count=count, group=title, choices=choices)]
    own = _own_words(call, group.questions if group else {}, listed, "" if how else named)
    return own or [_ask(call, f"ask_group{how}", choices, line=named, group=title)]


def _named(call: Call, problem: Problem, line: Line | None) -> str:
    """The line, or the part of a combo that the choice belongs to."""
    if line is not None and line.combo is not None and problem.detail in call.context.menu.item_by_id:
        return phrases.phrase_inside(call.language, "the", noun=call.names.item(problem.detail))
    return call.names.the(line) if line is not None else ""


def _ask(call: Call, key: str, choices: str, **values: str) -> Sentence:
    return call.sentence(key, choices=choices, **values) if choices else call.sentence(f"{key}_long", **values)


def _own_words(call: Call, questions: Mapping[str, str], listed: list[str], named: str) -> list[Sentence]:
    """The restaurant's own question: after the line it is about, if that has to be named, and with the choices after
    it, if it does not name any itself.
    """
    own = questions.get(call.language)
    if not own:
        return []
    words = set(phrases.words_of(own))
    is_listing = any(words.issuperset(phrases.words_of(name)) for name in listed)
    about = [call.sentence("about", line=named)] if named and len(call.ordering.cart.lines) > 1 else []
    choices = [call.sentence("choices", choices=call.names.choices(listed))] if listed and not is_listing else []
    return [*about, Sentence(own), *choices]


def _slot(call: Call, problem: Problem, line: Line | None) -> ComboSlot | None:
    combo = call.context.menu.combo_by_id.get(line.combo.combo) if line and line.combo else None
    return next((slot for slot in combo.slots if slot.id == problem.group), None) if combo else None
