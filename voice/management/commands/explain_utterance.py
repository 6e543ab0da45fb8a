from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError

from orders.cart import apply_edits
from orders.cart_types import AddLine, Cart
from orders.understanding.explain import Explanation, Span
from orders.understanding.verdict import Verdict
from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu, get_restaurant_by_slug
from voice import selectors
from voice.dialog.context import CallContext
from voice.rehearsal import Trial, spoken_lines, try_out

COLUMN = 12


class Command(BaseCommand):
    help = "Says what an utterance would be understood as at a restaurant, why, and what would be answered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the restaurant's address")
        parser.add_argument(
            "text", nargs="+", help="what was said; more than one: as the recogniser heard it, best first"
        )
        parser.add_argument("--language", default="", help="that of the customer; else the restaurant's own")
        parser.add_argument("--before", action="append", default=[], metavar="TEXT", help="said earlier in the call")
        parser.add_argument(
            "--cart", default="", metavar="JSON", help='lines in the basket: [{"item": "id", "quantity": 2}]'
        )

    def handle(self, *args: Any, slug: str, text: list[str], language: str, **options: Any) -> None:
        try:
            context = selectors.rehearsal_context(get_restaurant_by_slug(slug), language)
        except Restaurant.DoesNotExist:
            raise CommandError(f"There is no restaurant {slug}.") from None
        except NoLiveMenu:
            raise CommandError(f"{slug} has no live menu.") from None
        said = spoken_lines(text)
        if not said:
            raise CommandError("There are no words to understand.")
        cart = _cart(options["cart"], context) if options["cart"] else Cart()
        trial = try_out(context, said, before=spoken_lines(options["before"]), cart=cart, language="en")
        for title, lines in self._sections(trial):
            for number, line in enumerate(lines):
                self.stdout.write(f"{title if number == 0 else '':<{COLUMN}}{line}")

    def _sections(self, trial: Trial) -> Iterator[tuple[str, list[str]]]:
        told = trial.explanation
        yield "Heard", [told.heard]
        if told.hypotheses:
            yield "Offered", [f"{place}. {words}" for place, words in enumerate(told.hypotheses, start=1)]
        yield "Words", [self._span(span) for span in told.spans]
        yield "Understood", [*self._edits(told), *told.acts] or ["nothing"]
        yield "Sure", [f"{told.confidence:.2f}: {self._verdict(told)}. {told.verdict_why}"]
        if told.unknown:
            yield "Unknown", [self.style.WARNING(", ".join(told.unknown))]
        if not told.is_complete:
            yield "Open end", ["more would be waited for"]
        yield "Basket", list(_basket(told))
        yield "To ask", list(told.problems)
        yield "Answer", [*([told.reply] if told.reply else []), *(["places the order"] if trial.places_order else [])]

    def _span(self, span: Span) -> str:
        style = self.style.WARNING if span.kind == "unknown" else self.style.SUCCESS if span.chosen else str
        others = f" (could be: {', '.join(span.others)}{f' and {span.more} more' if span.more else ''})"
        meaning = " ".join((span.label, " / ".join(span.chosen))).strip()
        return f"{span.text} = {style(meaning)}{others if span.others else ''}"

    def _edits(self, told: Explanation) -> Iterator[str]:
        for edit in told.edits:
            source = f' ← "{edit.heard}"' if edit.heard else ""
            yield f"{edit.text}  {edit.confidence:.2f}{source}"
            yield from (self.style.ERROR(f"  refused: {why}") for why in edit.refused)

    def _verdict(self, told: Explanation) -> str:
        style = {Verdict.ACCEPTED: self.style.SUCCESS, Verdict.READ_BACK: self.style.WARNING}
        return style.get(told.verdict, self.style.ERROR)(told.verdict_text)


def _basket(told: Explanation) -> Iterator[str]:
    for line in told.basket.lines:
        details = [*(part.name for part in line.parts), *(modifier.text for modifier in line.modifiers)]
        yield f"{line.quantity} × {', '.join((line.title, *details))}  {line.total_text}"
    yield f"Total {told.basket.total_text}" if told.basket.lines else "empty"


def _cart(text: str, context: CallContext) -> Cart:
    """Built by the reducer, so that a basket that cannot be is told and not explained."""
    try:
        given = msgspec.json.decode(text)
        lines = msgspec.convert(given["lines"] if isinstance(given, dict) else given, list[AddLine])
    except (msgspec.MsgspecError, KeyError, RecursionError) as error:
        raise CommandError(f"--cart is no list of lines: {error}") from None
    applied = apply_edits(Cart(), lines, context.menu, availability=context.availability, limits=context.limits)
    if applied.refused:
        raise CommandError(
            f"--cart cannot be a basket here: {_refused(problem.detail for _, problem in applied.refused)}"
        )
    return applied.cart


def _refused(details: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(details))
