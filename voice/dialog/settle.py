"""What a bare "yes", "no" or "whatever" means as an answer to a question about the cart."""

from __future__ import annotations

from dataclasses import replace

from orders.cart_types import (
    CartEdit,
    Line,
    LineCombo,
    OptionChoice,
    Origin,
    Problem,
    ProblemKind,
    RemoveLine,
    RemoveOption,
    ReplaceLine,
    SetComboSlot,
    SetOption,
    SetQuantity,
    SetVariation,
    SlotChoice,
    ToCombo,
)
from orders.line_rules import LEFT_OUT
from voice.dialog.call import Call
from voice.dialog.questions import line_of
from voice.dialog.state import Question


def yes(call: Call, question: Question) -> tuple[CartEdit, ...]:
    """Taking the one thing offered, or agreeing to go without."""
    if question.instead is not None and len(question.offered) == 1:
        return (replace(question.instead, item=question.offered[0], variation=None, origin=Origin.OFFERED),)
    if not question.problems or not question.is_yes_no:
        return ()
    problem = question.problems[0]
    line = line_of(call, problem)
    if line is None:
        return ()
    if problem.kind is ProblemKind.UNAVAILABLE and problem.count:
        return (SetQuantity(line=line.id, quantity=_fitting(call, line, problem)),)
    if problem.group in call.context.menu.group_by_id:
        return _without_option(call, line, problem)
    if question.offered and problem.group:
        return (SetComboSlot(line=line.id, choice=SlotChoice(problem.group, question.offered[0])),)
    if question.offered:
        return (ReplaceLine(line=line.id, item=question.offered[0], origin=Origin.OFFERED),)
    return (RemoveLine(line=line.id),)


def no(call: Call, question: Question) -> tuple[CartEdit, ...]:
    """Neither what is out nor anything instead of it. A required choice can't be declined."""
    if not question.problems:
        return ()
    problem = question.problems[0]
    line = line_of(call, problem)
    if line is None or problem.kind not in (ProblemKind.UNAVAILABLE, ProblemKind.AMBIGUOUS_ITEM):
        return ()
    return (RemoveLine(line=line.id),)


def whatever(call: Call, question: Question) -> tuple[CartEdit, ...]:
    """ "Surprise me": what the menu itself would take, else its first offer; the acknowledgement says what it was."""
    # A combo's size first: it is said again with what already fills the combo.
    problems = sorted(question.problems, key=lambda one: one.kind is not ProblemKind.MISSING_COMBO_SIZE)
    edits = [_default(call, problem) for problem in problems if problem.candidates]
    return tuple(edit for edit in edits if edit is not None)


def _default(call: Call, problem: Problem) -> CartEdit | None:
    line, first = line_of(call, problem), problem.candidates[0]
    if line is None:
        return None
    match problem.kind:
        case ProblemKind.AMBIGUOUS_ITEM:
            return ReplaceLine(line=line.id, item=first)
        case ProblemKind.MISSING_VARIATION:
            return SetVariation(line=line.id, variation=first)
        case ProblemKind.MISSING_CHOICE | ProblemKind.AMBIGUOUS_OPTION if problem.group:
            item = call.context.menu.item_by_id.get(line.item)
            link = item.link_by_group.get(problem.group) if item else None
            usual = next((option for option in link.defaults if option in problem.candidates), first) if link else first
            return SetOption(line=line.id, choice=OptionChoice(problem.group, usual))
        case ProblemKind.MISSING_SLOT if problem.group:
            return SetComboSlot(line=line.id, choice=SlotChoice(problem.group, first))
        case ProblemKind.MISSING_COMBO_SIZE if line.combo is not None:
            return ToCombo(line=line.id, combo=LineCombo(line.combo.combo, first, line.combo.choices))
        case _:
            return None


def _without_option(call: Call, line: Line, problem: Problem) -> tuple[CartEdit, ...]:
    """A default that is out has to be left out by name; something asked for is just taken off again."""
    group = problem.group or ""
    said = any(choice.group == group and choice.option == problem.detail for choice in line.options)
    if said:
        return (RemoveOption(line=line.id, group=group, option=problem.detail),)
    return (SetOption(line=line.id, choice=OptionChoice(group, problem.detail, LEFT_OUT)),)


def _fitting(call: Call, line: Line, problem: Problem) -> int:
    """How many units of the line there is stock for, when all others are kept."""
    others = sum(one.quantity for one in call.ordering.cart.lines if one.item == problem.detail and one.id != line.id)
    return max(0, min(line.quantity, (problem.count or 0) - others))
