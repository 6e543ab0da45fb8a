"""A call on a virtual clock: the runner's part (timers, understanding, a listener who reports) without any waiting.

Nothing here decides anything: it carries out effects and lets time pass, earliest thing first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from orders.cart_types import Cart, CartEdit
from orders.understanding.types import ActKind, DialogueAct, Expectation, MenuUnderstander, Understanding
from tests.unit.voice.dialog.menus import MENU
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.context import CallContext
from voice.dialog.session import CallSession
from voice.dialog.state import dump_state, load_state

MS_PER_CHARACTER = 60  # like the scripted speaker
MS_PER_WORD = 200
PAUSE_DETECTED_MS = 160
FINAL_MS = 80
ACK_MS = 200
E_ = TypeVar("E_")

Meaning = Understanding | Callable[[Cart, Expectation], Understanding]


def acts(*kinds: ActKind | DialogueAct, **rest: Any) -> Understanding:
    return Understanding(
        "", acts=tuple(kind if isinstance(kind, DialogueAct) else DialogueAct(kind) for kind in kinds), **rest
    )


def edits(*made: CartEdit, **rest: Any) -> Understanding:
    return Understanding("", edits=made, **rest)


class Phrasebook:
    """An understander that knows exactly the sentences a test gives it; everything else it does not understand."""

    def __init__(self, meanings: Mapping[str, Meaning], *, unfinished: tuple[str, ...] = ()) -> None:
        self.meanings = dict(meanings)
        self.unfinished = unfinished
        self.expectations: list[Expectation] = []

    def understand(self, text: str, cart: Cart, expect: Expectation = Expectation()) -> Understanding:  # noqa: B008
        self.expectations.append(expect)
        meaning = self.meanings.get(text, Understanding(text, confidence=0.0, is_complete=False))
        return meaning(cart, expect) if callable(meaning) else meaning

    def understand_best(
        self,
        hypotheses: tuple[str, ...],
        cart: Cart,
        expect: Expectation = Expectation(),  # noqa: B008
    ) -> Understanding:
        return self.understand(hypotheses[0], cart, expect)

    def is_complete(self, text: str, cart: Cart, expect: Expectation = Expectation()) -> bool:  # noqa: B008
        return text in self.meanings and text not in self.unfinished


@dataclass
class Call:
    """`effects` holds everything the core asked for, in order; `log` the same with the time of each."""

    context: CallContext
    places: bool = True  # the kitchen answers a PlaceOrder
    understands: bool = True
    plays: bool = True  # the listener plays and reports
    synthesizes: bool = True
    through_checkpoints: bool = False  # every event is handled by a session restored from bytes
    now_ms: int = 0
    effects: list[fx.Effect] = field(default_factory=list)
    log: list[tuple[int, fx.Effect]] = field(default_factory=list)
    timers: dict[str, int] = field(default_factory=dict)
    placed: dict[str, Cart] = field(default_factory=dict)
    place_calls: list[str] = field(default_factory=list)
    events: list[ev.Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = CallSession(self.context)
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0
        self._playing: dict[str, Any] | None = None
        self._heard = ""
        self._audio_began = 0

    # --- What the customer does --------------------------------------------------------------------------------------

    def open(self) -> Call:
        self.send(ev.CallOpened(at_ms=self.now_ms))
        return self

    def type(self, text: str) -> Call:
        self.send(ev.UtteranceTyped(at_ms=self.now_ms, text=text))
        return self.run(5)

    def speak(self, text: str, *, until_answered: bool = True) -> Call:
        """A voice saying the words at an even pace, then silence."""
        self.voice(text)
        self.silence()
        return self.run(2_500) if until_answered else self

    def voice(self, text: str) -> Call:
        self.send(ev.SpeechStarted(at_ms=self.now_ms, audio_ms=self.now_ms))
        self._heard = text
        words = text.split()
        for count in range(1, len(words) + 1):
            self.run(MS_PER_WORD)
            self.send(ev.TranscriptInterim(at_ms=self.now_ms, text=" ".join(words[:count])))
        return self.run(100)

    def silence(self) -> Call:
        self.run(PAUSE_DETECTED_MS)
        self.send(ev.SpeechPaused(at_ms=self.now_ms, audio_ms=self.now_ms - PAUSE_DETECTED_MS))
        return self

    def cough(self, ms: int = 200) -> Call:
        self.send(ev.SpeechStarted(at_ms=self.now_ms, audio_ms=self.now_ms))
        self._heard = ""
        self.run(ms)
        return self.silence()

    def listen_to_the_end(self) -> Call:
        """Until nothing is being said any more."""
        for _ in range(600):
            if self.state.speaking.mouth == "silent" and not self.state.hearing.waiting:
                return self
            self.run(100)
        raise AssertionError("it never stopped talking")

    # --- The machinery -----------------------------------------------------------------------------------------------

    @property
    def state(self) -> Any:
        return self.session.state

    def send(self, event: ev.Event) -> None:
        if self.through_checkpoints:
            self.session = CallSession.restore(self.context, load_state(dump_state(self.session.state)))
        self.events.append(event)
        for effect in self.session.handle(event):
            self.effects.append(effect)
            self.log.append((self.now_ms, effect))
            self._carry_out(effect)

    def run(self, ms: int) -> Call:
        end = self.now_ms + ms
        while True:
            due = min((at for at in self.timers.values()), default=end + 1)
            if self._due and self._due[0][0] <= min(due, end):
                self.now_ms, _, job = heapq.heappop(self._due)
                job()
            elif due <= end:
                name = min(self.timers, key=lambda one: (self.timers[one], one))
                self.now_ms = self.timers.pop(name)
                self.send(ev.TimerFired(at_ms=self.now_ms, name=name))
            else:
                self.now_ms = end
                return self

    def later(self, ms: int, job: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (self.now_ms + ms, self._count, job))

    def _carry_out(self, effect: fx.Effect) -> None:
        match effect:
            case fx.StartTimer():
                self.timers[effect.name] = self.now_ms + effect.after_ms
            case fx.StopTimer():
                self.timers.pop(effect.name, None)
            case fx.Understand() if self.understands:
                self.later(1, lambda: self._understood(effect))
            case fx.FinishUtterance():
                self.later(FINAL_MS, self._final)
            case fx.Say():
                self._playing = {"response": effect.response, "played": 0, "paused": False}
                self._playing["total"] = len(effect.spoken or effect.text) * MS_PER_CHARACTER
                self.later(20, lambda: self._made(effect.response))
            case fx.PausePlayout() if self._playing:
                self._playing["paused"] = True
            case fx.ResumePlayout() if self._playing:
                self._playing["paused"] = False
            case fx.StopPlayout() if self._playing and self._playing["response"] == effect.response:
                self._playing = None
            case fx.PlaceOrder():
                self._place(effect)

    def _understood(self, effect: fx.Understand) -> None:
        meaning = self.context.understander.understand_best(effect.hypotheses, effect.cart, effect.expect)
        self.send(ev.Understood(at_ms=self.now_ms, turn=effect.turn, understanding=meaning))

    def _final(self) -> None:
        heard, self._heard = self._heard, ""
        hypotheses = (ev.Hypothesis(heard),) if heard else ()
        self.send(ev.TranscriptFinal(at_ms=self.now_ms, hypotheses=hypotheses))

    def _made(self, response: int) -> None:
        playing = self._playing
        if playing and playing["response"] == response and self.synthesizes:
            self.send(ev.SpeechSynthesized(at_ms=self.now_ms, response=response, total_ms=playing["total"]))
            if self.plays:
                self.later(ACK_MS, lambda: self._report(response))

    def _report(self, response: int) -> None:
        playing = self._playing
        if not playing or playing["response"] != response:
            return
        if not playing["paused"]:
            playing["played"] = min(playing["total"], playing["played"] + ACK_MS)
        is_finished = playing["played"] == playing["total"]
        if is_finished:
            self._playing = None
        else:
            self.later(ACK_MS, lambda: self._report(response))
        self.send(
            ev.PlayoutAcked(at_ms=self.now_ms, response=response, played_ms=playing["played"], is_finished=is_finished)
        )

    def _place(self, effect: fx.PlaceOrder) -> None:
        self.place_calls.append(effect.key)
        assert self.placed.setdefault(effect.key, effect.cart) == effect.cart, "two carts under one key"
        if self.places:
            number = 40 + len(self.placed)
            self.later(
                50,
                lambda: self.send(
                    ev.OrderPlaced(
                        at_ms=self.now_ms,
                        key=effect.key,
                        order_id="o1",
                        number=number,
                        total_cents=1,
                        ready_in_minutes=15,
                    )
                ),
            )

    # --- What came of it ---------------------------------------------------------------------------------------------

    def all(self, kind: type[E_]) -> list[E_]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    def last(self, kind: type[E_]) -> E_:
        return self.all(kind)[-1]

    @property
    def reply(self) -> str:
        """The newest caption of the assistant."""
        captions = [one for one in self.all(fx.SendCaption) if one.speaker == "assistant"]
        return captions[-1].text

    @property
    def chips(self) -> list[str]:
        return [chip.label for chip in self.last(fx.ShowChips).chips]

    @property
    def cart(self) -> Cart:
        cart: Cart = self.state.ordering.cart
        return cart

    def times(self, kind: type) -> list[int]:
        return [at for at, effect in self.log if isinstance(effect, kind)]


def call(understander: MenuUnderstander | Mapping[str, Meaning], **changes: Any) -> Call:
    """An opened call; keywords of `CallContext`, or of `Call`."""
    own = {
        name: changes.pop(name)
        for name in ("places", "understands", "plays", "synthesizes", "through_checkpoints")
        if name in changes
    }
    heard = understander if not isinstance(understander, Mapping) else Phrasebook(understander)
    context = CallContext(
        **{
            "call_id": "c1",
            "restaurant_id": "r1",
            "restaurant_name": "Casa Prueba",
            "menu": MENU,
            "understander": heard,
            **changes,
        }
    )
    return Call(context, **own).open()
