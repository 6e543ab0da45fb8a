"""One utterance tried out on a call that never happens: the same dialogue, nothing placed, nothing saved.

What was said before decides what is read now (the basket, the question that is open), so it is said first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orders.cart_types import Cart
from orders.understanding.explain import Explanation, explain
from orders.understanding.types import Expectation, Understanding
from voice.dialog.context import CallContext
from voice.dialog.effects import Effect, PlaceOrder, SendCaption, Understand
from voice.dialog.events import CallOpened, Understood, UtteranceTyped
from voice.dialog.session import CallSession
from voice.dialog.state import DialogState, Ordering
from voice.protocol import MAX_TYPED_CHARS

MAX_CHARS = MAX_TYPED_CHARS
MAX_LINES = 10


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """`cart` and `expect` are what the last utterance was read against; `reply` what would be answered."""

    understanding: Understanding
    cart: Cart
    expect: Expectation
    reply: str
    places_order: bool = False


def rehearse(
    context: CallContext,
    hypotheses: Sequence[str],
    *,
    before: Sequence[str] = (),
    cart: Cart = Cart(),  # noqa: B008  # frozen
) -> Rehearsed:
    """`hypotheses`: the last utterance as the recogniser heard it, best first; not empty, with words in it."""
    ordering = Ordering(cart=cart, told=cart, availability=context.availability)
    session = CallSession(context, DialogState(ordering=ordering))
    session.handle(CallOpened(at_ms=0))
    now_ms = 0
    for said in before:
        now_ms += 1000
        _say(session, (said,), now_ms)
    rehearsed = _say(session, tuple(hypotheses), now_ms + 1000)
    assert rehearsed is not None, "a call that nobody ended reads every utterance"
    return rehearsed


def _say(session: CallSession, hypotheses: tuple[str, ...], at_ms: int) -> Rehearsed | None:
    effects = session.handle(UtteranceTyped(at_ms=at_ms, text=hypotheses[0]))
    asked = next((effect for effect in effects if isinstance(effect, Understand)), None)
    if asked is None:
        return None
    understander = session.context.understander
    understanding = understander.understand_best(hypotheses, asked.cart, asked.expect)
    answer = session.handle(Understood(at_ms=at_ms, turn=asked.turn, understanding=understanding))
    places_order = any(isinstance(effect, PlaceOrder) for effect in answer)
    return Rehearsed(understanding, asked.cart, asked.expect, _reply(answer), places_order)


def _reply(effects: Sequence[Effect]) -> str:
    said = [one.text for one in effects if isinstance(one, SendCaption) and one.speaker == "assistant" and one.text]
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class Trial:
    """A rehearsed utterance with its explanation. `places_order`: it would be answered by placing the order."""

    explanation: Explanation
    places_order: bool


def try_out(
    context: CallContext,
    hypotheses: Sequence[str],
    *,
    language: str,
    before: Sequence[str] = (),
    cart: Cart = Cart(),  # noqa: B008  # frozen
) -> Trial:
    """Rehearses and explains, the explanation in `language`."""
    rehearsed = rehearse(context, hypotheses, before=before, cart=cart)
    explanation = explain(
        rehearsed.understanding,
        context.menu,
        language=language,
        cart=rehearsed.cart,
        availability=context.availability,
        limits=context.limits,
        hypotheses=hypotheses,
        reply=rehearsed.reply,
    )
    return Trial(explanation, rehearsed.places_order)


def spoken_lines(lines: Sequence[str]) -> list[str]:
    """What somebody typed in as utterances, within bounds: blank ones gone, long ones and long lists cut."""
    said = (" ".join(line.split())[:MAX_CHARS].strip() for line in lines)
    return [line for line in said if line][:MAX_LINES]
