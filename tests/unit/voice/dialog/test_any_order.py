"""Whatever happens in whatever order: nothing raises, and nothing is placed that was not read back and agreed to."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.cart_types import (
    AddLine,
    Cart,
    ClearCart,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    RemoveLine,
    SetCustomer,
    SetOption,
    SetQuantity,
    SetVariation,
)
from orders.understanding.types import ActKind, DialogueAct, Understanding
from restaurants.menu import Availability
from tests.unit.voice.dialog.driver import Phrasebook
from tests.unit.voice.dialog.menus import MENU
from voice.dialog import effects as fx
from voice.dialog import events as ev
from voice.dialog.context import CallContext
from voice.dialog.session import CallSession
from voice.dialog.state import dump_state, load_state

LINES = st.sampled_from(["L1", "L2", "L3"])
EDITS = st.one_of(
    st.builds(
        AddLine,
        item=st.sampled_from(["coke", "pepperoni", "burger", "tea", "nothing"]),
        quantity=st.integers(0, 30),
        variation=st.sampled_from([None, "l", "m"]),
        combo=st.sampled_from([None, None, LineCombo("deal")]),
        candidates=st.sampled_from([(), (), ("tea", "water")]),
    ),
    st.builds(SetQuantity, line=LINES, quantity=st.integers(0, 3)),
    st.builds(SetVariation, line=LINES, variation=st.sampled_from(["l", "x"])),
    st.builds(
        SetOption,
        line=LINES,
        choice=st.builds(OptionChoice, st.just("sauce"), st.sampled_from(["ranch", "bbq", "x"])),
    ),
    st.builds(RemoveLine, line=LINES),
    st.builds(ClearCart),
    st.builds(NoteAllergy, allergen=st.sampled_from(["nuts", "milk"])),
    st.builds(SetCustomer, name=st.sampled_from(["Ana", ""])),
)
ACTS = st.builds(
    DialogueAct,
    st.sampled_from([*ActKind, *[ActKind.YES] * 8, *[ActKind.DONE] * 6, *[ActKind.NO] * 2]),
    st.sampled_from(["", "nuts", "drinks", "sauce"]),
    st.lists(st.sampled_from(["coke", "pepperoni", "ranch", "deal", "nope"]), max_size=2).map(tuple),
)
UNDERSTANDINGS = st.builds(
    Understanding,
    st.just("words"),
    edits=st.lists(EDITS, max_size=2).map(tuple),
    acts=st.lists(ACTS, max_size=2).map(tuple),
    confidence=st.sampled_from([1.0, 1.0, 1.0, 0.6, 0.2]),
    unknown=st.sampled_from([(), (), (), ("blorb",)]),
    hypothesis=st.sampled_from([0, 0, 7]),
)
ORDERED = Understanding("", edits=(AddLine(item="coke"),))
DONE = Understanding("", acts=(DialogueAct(ActKind.DONE),))
YES = Understanding("", acts=(DialogueAct(ActKind.YES),))
OUT = st.sampled_from(
    [Availability(), Availability(items_out=frozenset({"coke"})), Availability(items_left={"coke": 1, "tea": 2})]
)
STEPS = st.one_of(
    st.tuples(
        st.sampled_from(
            """started paused resumed empty_final stop review person dropped resumed_client took_over handed_back
            ack_end wait wait_long mode""".split()
        )
    ),
    st.tuples(st.just("hung_up")),
    st.tuples(
        st.sampled_from(["interim", "final", "typed"]), st.sampled_from(["yes", "a coke", "uh-huh", "", "  no "])
    ),
    st.tuples(st.just("say"), st.sampled_from([ORDERED, DONE, YES, YES])),
    st.tuples(st.just("say"), UNDERSTANDINGS),
    st.tuples(st.just("understood"), UNDERSTANDINGS),
    st.tuples(st.sampled_from(["recorded", "recording_words", "recording_empty"]), st.sampled_from(["r1", "r2", "r3"])),
    st.tuples(st.just("touched"), EDITS),
    st.tuples(st.just("undo")),
    st.tuples(st.just("confirm"), st.integers(-1, 0)),
    st.tuples(st.just("timer"), st.integers(0, 9)),
    st.tuples(st.just("acked"), st.integers(0, 9_000)),
    st.tuples(st.just("made"), st.integers(0, 9_000)),
    st.tuples(st.just("placed"), st.booleans()),
    st.tuples(st.just("refused"), st.sampled_from(["closed", "over_cap", "problems", "unavailable", "failed"])),
    st.tuples(st.just("failed"), st.sampled_from(["transcriber", "speaker", "understander", "conversation"])),
    st.tuples(st.just("availability"), OUT),
)
CONTEXTS = st.fixed_dictionaries(
    {
        "language": st.sampled_from(["en", "es", "xx"]),
        "is_open": st.sampled_from([True, True, True, False]),
        "captions_only": st.sampled_from([False, False, True]),
        "typed_only": st.sampled_from([False, False, True]),
        "has_screen": st.sampled_from([True, True, False]),
        "asks_name": st.booleans(),
        "mode": st.sampled_from(["streaming", "streaming", "batch"]),
    }
)


@dataclass
class Witness:
    """Plays the runner badly: late, twice, out of order. Watches what the core must never do."""

    session: CallSession
    at_ms: int = 0
    shown: dict[str, Cart] = field(default_factory=dict)
    sent: dict[str, Cart] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    asked: int = 0
    response: int = 0
    open_reply: int | None = None
    is_closed: bool = False
    all_effects: list[fx.Effect] = field(default_factory=list)
    events: list[ev.Event] = field(default_factory=list)

    def step(self, step: tuple) -> None:
        self.at_ms += 120
        kind, *rest = step
        if kind == "say":
            self.feed(ev.UtteranceTyped(at_ms=self.at_ms, text="words"))
            self.feed(ev.Understood(at_ms=self.at_ms, turn=self.asked, understanding=rest[0]))
        elif kind in ("wait", "wait_long"):
            self.at_ms += 1_000 if kind == "wait" else 20_000
        else:
            self.feed(self.event(kind, rest[0] if rest else None))

    def event(self, kind: str, value) -> ev.Event:
        if kind == "timer":
            timers = [*sorted(self.session.state.timers), "no_such"]
            name = timers[value % len(timers)]
            self.at_ms = max(self.at_ms, self.session.state.timers.get(name, 0))
            return ev.TimerFired(at_ms=self.at_ms, name=name)
        key = next(reversed(self.sent), "c1:0")
        made, more = {
            "started": (ev.SpeechStarted, {"audio_ms": self.at_ms}),
            "paused": (ev.SpeechPaused, {"audio_ms": self.at_ms}),
            "resumed": (ev.SpeechResumed, {"audio_ms": self.at_ms}),
            "interim": (ev.TranscriptInterim, {"text": value}),
            "final": (ev.TranscriptFinal, {"hypotheses": (ev.Hypothesis(str(value)), ev.Hypothesis("other"))}),
            "empty_final": (ev.TranscriptFinal, {}),
            "typed": (ev.UtteranceTyped, {"text": value}),
            "mode": (ev.ModeChanged, {"mode": "batch", "reason": "killed"}),
            "recorded": (ev.RecordingReceived, {"recording": value}),
            "recording_words": (ev.RecordingHeard, {"recording": value, "hypotheses": (ev.Hypothesis("a coke"),)}),
            "recording_empty": (ev.RecordingHeard, {"recording": value}),
            "understood": (ev.Understood, {"turn": self.asked, "understanding": value}),
            "touched": (ev.CartTouched, {"edits": (value,), "revision": 0}),
            "undo": (ev.UndoTapped, {}),
            "confirm": (
                ev.ConfirmTapped,
                {"revision": self.revision + value if kind == "confirm" else 0, "name": "Ana"},
            ),
            "acked": (ev.PlayoutAcked, {"response": self.response, "played_ms": value}),
            "ack_end": (ev.PlayoutAcked, {"response": self.response, "played_ms": 9_000, "is_finished": True}),
            "made": (ev.SpeechSynthesized, {"response": self.response, "total_ms": value}),
            "placed": (ev.OrderPlaced, {"key": key if value else "x", "order_id": "o", "number": 5, "total_cents": 1}),
            "refused": (ev.OrderRefused, {"key": key, "code": value}),
            "failed": (ev.EngineFailed, {"stage": value, "reason": "gone"}),
            "availability": (ev.AvailabilityChanged, {"availability": value}),
            "stop": (ev.StopTapped, {}),
            "review": (ev.ReviewTapped, {}),
            "person": (ev.PersonRequested, {}),
            "dropped": (ev.ClientDropped, {}),
            "resumed_client": (ev.ClientResumed, {}),
            "took_over": (ev.StaffTookOver, {"name": "Rosa"}),
            "handed_back": (ev.StaffHandedBack, {}),
            "hung_up": (ev.HungUp, {}),
        }[kind]
        return made(at_ms=self.at_ms, **more)

    @property
    def revision(self) -> int:
        return self.session.state.ordering.cart.revision

    def feed(self, event: ev.Event) -> None:
        was_placing = self.session.state.ordering.placing
        if (
            isinstance(event, ev.OrderRefused)
            and event.code != "failed"
            and was_placing
            and was_placing.key == event.key
        ):
            self.refused.add(event.key)
        if isinstance(event, ev.PlayoutAcked) and event.is_finished:
            self.open_reply = None
        self.events.append(event)
        for effect in self.session.handle(event):
            self.all_effects.append(effect)
            assert not self.is_closed, "something after the end"
            self.watch(effect, event)

    def watch(self, effect: fx.Effect, event: ev.Event) -> None:
        match effect:
            case fx.Understand():
                self.asked = effect.turn
            case fx.ShowReadback():
                assert effect.key.endswith(f":{effect.cart.revision}")
                self.shown[effect.key] = effect.cart
            case fx.PlaceOrder():
                self.watch_order(effect, event)
            case fx.Say():
                assert self.open_reply is None, "two replies at once"
                self.response = self.open_reply = effect.response
                assert effect.text
            case fx.StopPlayout():
                self.open_reply = None
            case fx.Close():
                self.is_closed = True
                assert not self.session.state.timers
        if self.session.state.speaking.mouth == "silent":
            self.open_reply = None

    def watch_order(self, effect: fx.PlaceOrder, event: ev.Event) -> None:
        shown = self.shown[effect.key]
        assert shown.lines == effect.cart.lines, "placed something else than was read back"
        assert self.sent.setdefault(effect.key, effect.cart) == effect.cart, "two carts under one key"
        others = set(self.sent) - {effect.key}
        assert others <= self.refused, "a second order while the first one may stand"
        assert effect.key not in self.refused, "a refused key used again"
        if list(self.sent) and self.session.state.ordering.placing.attempts == 1:
            is_yes = isinstance(event, ev.Understood) and any(
                act.kind is ActKind.YES for act in event.understanding.acts
            )
            is_button = isinstance(event, ev.ConfirmTapped) and event.revision == effect.cart.revision
            assert is_yes or is_button, f"placed by {event}"
            assert not isinstance(event, ev.Understood) or not event.understanding.edits


def witness(context: dict) -> Witness:
    understander = Phrasebook({"a coke": ORDERED})
    session = CallSession(
        CallContext(
            call_id="c1",
            restaurant_id="r1",
            restaurant_name="Casa Prueba",
            menu=MENU,
            understander=understander,
            **context,
        )
    )
    seen = Witness(session)
    seen.feed(ev.CallOpened())
    return seen


@settings(max_examples=300, deadline=None)
@given(CONTEXTS, st.lists(STEPS, max_size=40))
def test_any_sequence_of_events_keeps_the_promises(context, steps):
    seen = witness(context)
    for step in steps:
        seen.step(step)
        assert load_state(dump_state(seen.session.state)) == seen.session.state


@settings(max_examples=40, deadline=None)
@given(CONTEXTS, st.lists(STEPS, max_size=30), st.integers(0, 40))
def test_the_same_events_give_the_same_effects_also_after_a_restart_anywhere(context, steps, place):
    first = witness(context)
    for step in steps:
        first.step(step)
    again = witness(context)
    effects = list(again.all_effects)
    for index, event in enumerate(first.events[1:]):
        if index == place:
            again.session = CallSession.restore(again.session.context, load_state(dump_state(again.session.state)))
        effects += again.session.handle(event)
    assert effects == first.all_effects
    assert again.session.state == first.session.state


def test_an_order_goes_through_among_them():
    """The property would hold for a core that never places anything."""
    seen = witness({})
    for step in (("say", ORDERED), ("say", DONE), ("say", YES), ("placed", True)):
        seen.step(step)
    assert list(seen.sent) == ["c1:1"]
