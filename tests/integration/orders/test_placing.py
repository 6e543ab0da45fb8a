"""A confirmed cart becomes one order, at our prices, frozen as it was; whatever happens to the menu or the network."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from time import sleep
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction

from orders.cart_types import (
    AddLine,
    Cart,
    Half,
    LineCombo,
    NoteAllergy,
    OptionChoice,
    ProblemKind,
    SetCustomer,
    SetQuantity,
)
from orders.models import Channel, Order, OrderEvent, OrderLine, Ticket
from orders.selectors import order_by_key
from orders.services import OrderRefused, events, place_order
from orders.states import OrderState
from restaurants import services as restaurant_services
from restaurants.hours import OpenPeriod
from restaurants.models import AvailabilityState, Restaurant
from restaurants.scoping import across_restaurants, for_restaurant
from restaurants.selectors import current_availability, live_menu
from tests.cast import OSTERIA_MENU, open_restaurant
from tests.integration.orders.conftest import PlaceOne, cart_of, spaghetti

pytestmark = pytest.mark.django_db


def test_an_order_holds_what_was_said_and_what_it_costs(osteria: Restaurant, place_one: PlaceOne) -> None:
    call = uuid.uuid4()
    placed = place_one(
        osteria,
        spaghetti(2),
        AddLine(item="lemonade", variation="large"),
        SetCustomer(name="Ada", phone="+39 02 1234"),
        NoteAllergy(allergen="nuts"),
        call_id=call,
        channel=Channel.PHONE,
    )
    assert (placed.number, placed.state, placed.is_repeat) == (1, OrderState.SUBMITTED, False)
    assert placed.total_text == "$31.86"
    with for_restaurant(osteria.pk):
        order = Order.objects.get(pk=placed.order_id)
        assert (order.subtotal_cents, order.tax_cents, order.total_cents) == (2950, 236, 3186)
        assert (order.channel, order.call_id, order.customer_name, order.allergies) == ("phone", call, "Ada", ["nuts"])
        assert order.menu_version == live_menu(osteria.pk).version != ""
        pasta, drink = order.lines.all()
        assert (pasta.name, pasta.quantity, pasta.unit_cents, pasta.heard) == ("Spaghetti", 2, 1250, "pasta, ragu")
        assert [(option.text, option.price_cents) for option in pasta.options.all()] == [("Ragù", 150)]
        assert (drink.name, drink.total_cents, drink.tax_rate_basis_points) == ("Large Lemonade", 450, 800)
        assert pasta.tax_cents + drink.tax_cents == order.tax_cents
        assert [(event.kind, event.sequence, event.actor) for event in order.events.all()] == [
            ("placed", 1, "customer")
        ]
        assert [ticket.station for ticket in order.tickets.all()] == ["kitchen"]


def test_the_kitchen_reads_its_own_language(osteria: Restaurant, place_one: PlaceOne) -> None:
    placed = place_one(osteria, language="es")
    with for_restaurant(osteria.pk):
        line = Order.objects.get(pk=placed.order_id).lines.get()
    assert (line.name, line.kitchen_name) == ("Espaguetis", "Spaghetti")


def test_the_same_key_is_the_same_order(osteria: Restaurant, place_one: PlaceOne) -> None:
    first = place_one(osteria, idempotency_key="call:3")
    again = place_one(osteria, idempotency_key="call:3")
    other = place_one(osteria, spaghetti(5), idempotency_key="call:3")
    assert again.order_id == other.order_id == first.order_id
    assert (again.is_repeat, again.is_same_cart) == (True, True)
    assert (other.is_repeat, other.is_same_cart, other.total_cents) == (True, False, first.total_cents)
    with for_restaurant(osteria.pk):
        assert Order.objects.count() == 1


def test_a_key_means_nothing_to_another_restaurant(osteria: Restaurant, diner: Restaurant, place_one: PlaceOne) -> None:
    here, there = place_one(osteria, idempotency_key="k"), place_one(diner, idempotency_key="k")
    assert here.order_id != there.order_id
    assert (here.number, there.number) == (1, 1)
    found = order_by_key(diner.pk, "k")
    assert found is not None
    assert found.pk == there.order_id


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_to_be_one(osteria: Restaurant, place_one: PlaceOne, key: str) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        place_one(osteria, idempotency_key=key)


def refusal(place_one: PlaceOne, *arguments: Any, **named: Any) -> ProblemKind:
    with pytest.raises(OrderRefused) as refused:
        place_one(*arguments, **named)
    with across_restaurants("nothing is stored of a refused order"):
        assert Order.objects.count() == OrderLine.objects.count() == OrderEvent.objects.count() == 0
    return refused.value.problems[0].kind


def test_what_is_not_finished_is_no_order(osteria: Restaurant, place_one: PlaceOne) -> None:
    assert refusal(place_one, osteria, AddLine(item="spaghetti")) is ProblemKind.MISSING_CHOICE
    assert refusal(place_one, osteria, cart=Cart()) is ProblemKind.EMPTY


def test_eighteen_thousand_waters_are_for_a_person(osteria: Restaurant, place_one: PlaceOne) -> None:
    assert refusal(place_one, osteria, AddLine(item="lemonade", quantity=18_000)) is ProblemKind.OVER_CAP


def test_what_ran_out_since_it_was_said_is_refused(osteria: Restaurant, place_one: PlaceOne) -> None:
    cart = cart_of(osteria, AddLine(item="lemonade"))
    restaurant_services.set_availability(restaurant=osteria, item="lemonade", state=AvailabilityState.OUT)
    assert refusal(place_one, osteria, cart=cart) is ProblemKind.UNAVAILABLE


def test_a_closed_restaurant_takes_no_order_but_lets_one_be_finished(osteria: Restaurant, place_one: PlaceOne) -> None:
    evenings = [OpenPeriod(day, time(18), time(23)) for day in range(7)]
    restaurant_services.set_opening_hours(restaurant=osteria, week=evenings)
    noon, just_after = datetime(2026, 3, 2, 11, tzinfo=UTC), datetime(2026, 3, 2, 22, 5, tzinfo=UTC)
    assert refusal(place_one, osteria, now=noon) is ProblemKind.CLOSED
    assert place_one(osteria, now=just_after).number == 1


def test_limited_items_are_counted_down(osteria: Restaurant, place_one: PlaceOne) -> None:
    restaurant_services.set_availability(restaurant=osteria, item="lemonade", state=AvailabilityState.LIMITED, left=3)
    place_one(osteria, AddLine(item="lemonade", quantity=2))
    assert current_availability(osteria.pk).items_left == {"lemonade": 1}
    with pytest.raises(OrderRefused):
        place_one(osteria, AddLine(item="lemonade", quantity=2))


def test_numbers_start_over_with_the_restaurants_own_day(osteria: Restaurant, place_one: PlaceOne) -> None:
    """In Rome it is two hours later than UTC in summer: 21:59 UTC is still that day, 22:00 the next."""
    before, after = datetime(2026, 7, 1, 21, 59, tzinfo=UTC), datetime(2026, 7, 1, 22, 0, tzinfo=UTC)
    numbers = [place_one(osteria, now=at).number for at in (before, before, after)]
    assert numbers == [1, 2, 1]
    with for_restaurant(osteria.pk):
        days = list(Order.objects.order_by("placed_at", "number").values_list("business_date", flat=True))
    assert days == [date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 2)]


def test_after_midnight_it_is_still_the_evening_before(osteria: Restaurant, place_one: PlaceOne) -> None:
    late = [OpenPeriod(day, time(18), time(2)) for day in range(7)]
    restaurant_services.set_opening_hours(restaurant=osteria, week=late)
    before, after = datetime(2026, 7, 1, 21, 0, tzinfo=UTC), datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert [place_one(osteria, now=at).number for at in (before, after)] == [1, 2]


def test_orders_do_not_change_with_the_menu(osteria: Restaurant, place_one: PlaceOne) -> None:
    placed = place_one(osteria, AddLine(item="lemonade", variation="large"))
    changed = OSTERIA_MENU | {
        "items": [OSTERIA_MENU["items"][0]],
        "modifier_groups": OSTERIA_MENU["modifier_groups"][:1],
    }
    changed["items"] = [changed["items"][0] | {"name": "Pasta", "modifier_groups": []}]
    restaurant_services.publish_menu(menu_version=restaurant_services.import_menu(restaurant=osteria, document=changed))
    assert "lemonade" not in live_menu(osteria.pk).item_by_id
    with for_restaurant(osteria.pk):
        line = Order.objects.get(pk=placed.order_id).lines.get()
    assert (line.name, line.unit_cents) == ("Large Lemonade", 450)


def test_events_cannot_be_rewritten(osteria: Restaurant, place_one: PlaceOne) -> None:
    place_one(osteria)
    with for_restaurant(osteria.pk):
        for rewrite in (lambda: OrderEvent.objects.update(actor="nobody"), lambda: OrderEvent.objects.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                rewrite()


def test_rows_cannot_point_into_another_restaurant(osteria: Restaurant, diner: Restaurant, place_one: PlaceOne) -> None:
    placed = place_one(osteria)
    with across_restaurants("trying to cross"):
        order = Order.objects.get(pk=placed.order_id)
        stray = Ticket(restaurant=diner, order=order, station="x", kind="new", positions=[], created_at=order.placed_at)

    def cross() -> None:
        with transaction.atomic():
            stray.save()
            connection.check_constraints()

    with across_restaurants("trying to cross"), pytest.raises(IntegrityError, match="orders_ticket_wall"):
        cross()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Real threads against real PostgreSQL."""

    def run(self, *jobs: Any) -> list[Any]:
        start = threading.Barrier(len(jobs))

        def work(job: Any) -> Any:
            start.wait(timeout=10)
            try:
                return job()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(work, jobs))

    def test_one_key_makes_one_order(self, osteria: Restaurant) -> None:
        cart, menu = cart_of(osteria, spaghetti()), live_menu(osteria.pk)

        def place() -> Any:
            return place_order(restaurant_id=osteria.pk, idempotency_key="yes", cart=cart, menu=menu, language="en")

        placed = self.run(*[place] * 8)
        assert len({one.order_id for one in placed}) == 1
        assert sorted(one.is_repeat for one in placed) == [False, *[True] * 7]
        with for_restaurant(osteria.pk):
            assert Order.objects.count() == OrderEvent.objects.count() == 1

    def test_numbers_and_events_have_no_holes_and_no_twins(self, osteria: Restaurant) -> None:
        cart, menu = cart_of(osteria, spaghetti()), live_menu(osteria.pk)

        def place(key: str) -> Any:
            return place_order(restaurant_id=osteria.pk, idempotency_key=key, cart=cart, menu=menu, language="en")

        placed = self.run(*[lambda key=f"key {n}": place(key) for n in range(8)])
        assert sorted(one.number for one in placed) == list(range(1, 9))
        with for_restaurant(osteria.pk):
            assert list(OrderEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 9))

    def test_the_last_one_is_sold_once(self, osteria: Restaurant) -> None:
        restaurant_services.set_availability(
            restaurant=osteria, item="lemonade", state=AvailabilityState.LIMITED, left=1
        )
        cart, menu = cart_of(osteria, AddLine(item="lemonade")), live_menu(osteria.pk)

        def place(key: str) -> Any:
            try:
                return place_order(restaurant_id=osteria.pk, idempotency_key=key, cart=cart, menu=menu, language="en")
            except OrderRefused as refused:
                return refused.problems[0].kind

        results = self.run(*[lambda key=f"key {n}": place(key) for n in range(4)])
        assert results.count(ProblemKind.UNAVAILABLE) == 3

    def test_a_transaction_that_froze_stops_nobody_for_long(
        self, osteria: Restaurant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(events, "LOCK_PATIENCE", "200ms")
        monkeypatch.setattr(events, "HOLDERS_PATIENCE", "1s")
        cart, menu = cart_of(osteria, spaghetti()), live_menu(osteria.pk)
        is_tried = threading.Event()

        @transaction.atomic
        def hold() -> None:
            events.lock_events(osteria.pk)
            is_locked.set()
            assert is_tried.wait(10)
            sleep(1.2)
            events.lock_events(osteria.pk)

        def freeze() -> Any:
            with for_restaurant(osteria.pk), pytest.raises(DatabaseError):
                hold()

        def place() -> Any:
            assert is_locked.wait(10)
            arguments: Any = {"restaurant_id": osteria.pk, "cart": cart, "menu": menu, "language": "en"}
            with pytest.raises(OperationalError):
                place_order(idempotency_key="yes", **arguments)
            is_tried.set()
            sleep(1.1)
            return place_order(idempotency_key="yes", **arguments)

        is_locked = threading.Event()
        _, placed = self.run(freeze, place)
        assert (placed.number, placed.is_repeat) == (1, False)


BOTH_MENU: dict[str, Any] = {
    "name": "Both",
    "slug": "both",
    "categories": [{"id": "all", "name": "All"}],
    "modifier_groups": [
        {
            "id": "top",
            "name": "Toppings",
            "portionable": True,
            "options": [{"id": "ham", "name": "Ham", "price_cents": 101}],
        }
    ],
    "items": [
        {
            "id": "red",
            "name": "Red",
            "category": "all",
            "price_cents": 1000,
            "portioning": "higher",
            "modifier_groups": [{"group": "top"}],
        },
        {"id": "white", "name": "White", "category": "all", "price_cents": 1200, "portioning": "higher"},
        {"id": "burger", "name": "Burger", "kitchen_name": "BRG", "category": "all", "price_cents": 700},
        {"id": "cola", "name": "Cola", "category": "all", "price_cents": 200, "station": "bar"},
    ],
    "combos": [
        {
            "id": "meal",
            "name": "Burger meal",
            "item": "burger",
            "price_cents": 900,
            "slots": [{"id": "drink", "name": "Drink", "choices": [{"item": "cola", "upcharge_cents": 50}]}],
        }
    ],
}


def test_halves_and_combos_reach_their_stations(db: None, place_one: PlaceOne) -> None:
    both = open_restaurant(BOTH_MENU)
    placed = place_one(
        both,
        AddLine(item="red", halves=(Half("red", (OptionChoice("top", "ham"),)), Half("white"))),
        AddLine(item="burger", combo=LineCombo("meal")),
        SetQuantity(line="L2", quantity=2),
    )
    with for_restaurant(both.pk):
        order = Order.objects.get(pk=placed.order_id)
        rows = {row.kitchen_name: row for row in order.lines.all()}
        assert set(rows) == {"half Red, half White", "Red", "White", "BRG (Burger meal)", "Cola"}
        assert rows["half Red, half White"].unit_cents == 1251
        assert rows["BRG (Burger meal)"].total_cents == 1900
        assert (rows["Cola"].quantity, rows["Cola"].parent) == (2, rows["BRG (Burger meal)"])
        assert [option.kitchen_text for option in rows["Red"].options.all()] == ["Ham"]
        told = {ticket.station: ticket.positions for ticket in order.tickets.all()}
        assert told["bar"] == [rows["Cola"].position]
        assert len(told["kitchen"]) == 4
