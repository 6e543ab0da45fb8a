"""What the board's messages mean: who may see it, what a command does, which changes a socket still has to send."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import msgspec
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import DatabaseError, connections
from django.utils import timezone

from orders import selectors, services
from orders.board_cards import epoch_ms, order_card
from orders.board_protocol import (
    Acknowledge,
    Advance,
    BoardMessage,
    Cancel,
    CloseCode,
    Done,
    Heartbeat,
    OrderCard,
    Recall,
    Refused,
    Resync,
    decoder,
    encoder,
)
from orders.models import Order, Ticket
from orders.states import OrderState
from restaurants.models import Restaurant, Role
from restaurants.scoping import for_restaurant
from restaurants.selectors import access_restaurant_for_staff, account_now, get_restaurant_by_slug

logger = logging.getLogger("comanda.orders")

User = AbstractBaseUser | AnonymousUser
P = ParamSpec("P")
T = TypeVar("T")

MAX_MALFORMED = 20
BEATS_PER_ACCESS_CHECK = 15  # staff who were let go lose the board within half a minute


@dataclass(frozen=True, slots=True)
class Refusal:
    code: int
    reason: str


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """In a thread of its own: other callers' queries in this process do not wait for this one, nor it for them."""

    def query() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()  # back to the pool: the thread ends here

    async with ThreadSensitiveContext():
        return await sync_to_async(query)()


async def open_board(user: User, slug: str) -> BoardSession | Refusal:
    try:
        return await in_database(_open, user, slug)
    except DatabaseError as error:
        logger.warning("board %s cannot open: %s", slug, error)
        return Refusal(CloseCode.NO_DATABASE, "the order system does not answer")


def _open(user: User, slug: str) -> BoardSession | Refusal:
    user = account_now(user)
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Refusal(CloseCode.NOT_SIGNED_IN, "sign in first")
    try:
        get_restaurant_by_slug(slug)
    except Restaurant.DoesNotExist:
        return Refusal(CloseCode.NO_RESTAURANT, "there is no such restaurant")
    try:
        restaurant = access_restaurant_for_staff(user, slug, role=Role.KITCHEN)
    except Restaurant.DoesNotExist:
        return Refusal(CloseCode.NOT_A_MEMBER, "you do not work in this kitchen")
    return BoardSession(user, restaurant)


def _text(message: BoardMessage) -> str:
    return encoder.encode(message).decode()


class BoardSession:
    """One board's place in the event sequence. Its owner calls one method at a time."""

    def __init__(self, user: AbstractBaseUser, restaurant: Restaurant) -> None:
        self.restaurant_id: int = restaurant.pk
        self._slug = restaurant.slug
        self._user = user
        self._sequence = 0
        self._beats = 0
        self._malformed = 0

    async def begin(self) -> list[str] | Refusal:
        try:
            return await self._snapshot()
        except DatabaseError as error:
            logger.warning("board of restaurant %s cannot begin: %s", self.restaurant_id, error)
            return Refusal(CloseCode.NO_DATABASE, "the order system does not answer")

    async def _snapshot(self) -> list[str]:
        can_cancel = await in_database(self._may_cancel)
        snapshot = await in_database(selectors.board_snapshot, self.restaurant_id, can_cancel=can_cancel)
        self._sequence = snapshot.sequence
        return [_text(snapshot)]

    async def changed(self, sequence: int, text: str) -> list[str]:
        """The change if it is the next one, nothing if it was sent, all that is missing after a hole."""
        if sequence <= self._sequence:
            return []
        if sequence == self._sequence + 1:
            self._sequence = sequence
            return [text]
        try:
            return await self._catch_up()
        except DatabaseError as error:  # the next heartbeat looks again
            logger.warning("board of restaurant %s cannot catch up: %s", self.restaurant_id, error)
            return []

    async def pulse(self) -> list[str] | Refusal:
        """A heartbeat, after whatever the group failed to deliver; nothing while the database does not answer."""
        try:
            self._beats += 1
            if self._beats % BEATS_PER_ACCESS_CHECK == 0:
                opened = await open_board(self._user, self._slug)
                if isinstance(opened, Refusal):
                    return opened
            newest = await in_database(selectors.latest_sequence, self.restaurant_id)
            missed = await self._catch_up() if newest > self._sequence else []
        except DatabaseError as error:
            logger.warning("board of restaurant %s has no database: %s", self.restaurant_id, error)
            return []
        return [*missed, _text(Heartbeat(epoch_ms(timezone.now()), self._sequence))]

    async def _catch_up(self) -> list[str]:
        changes = await in_database(selectors.changes_since, self.restaurant_id, self._sequence)
        if changes is None:
            return await self._snapshot()
        if changes:
            self._sequence = changes[-1].sequence
        return [_text(change) for change in changes]

    async def obey(self, text: str | None) -> list[str] | Refusal:
        """Does one command. `text` None: the frame was binary."""
        try:
            command = decoder.decode(text or "")
        except msgspec.MsgspecError as error:
            self._malformed += 1
            if self._malformed >= MAX_MALFORMED:
                return Refusal(CloseCode.BAD_MESSAGE, "too many messages that are no commands")
            return [_text(Refused("", "malformed", str(error)))]
        try:
            if isinstance(command, Resync):
                self._sequence = command.sequence
                return await self._catch_up()
            return [_text(await in_database(self._perform, command))]
        except DatabaseError as error:
            logger.warning("board command failed in restaurant %s: %s", self.restaurant_id, error)
            command_id = "" if isinstance(command, Resync) else command.id
            return [_text(Refused(command_id, "try_again", "The order system did not answer."))]

    def _may_cancel(self) -> bool:
        return selectors.can_cancel_orders(account_now(self._user), get_restaurant_by_slug(self._slug))

    def _perform(self, command: Advance | Recall | Cancel | Acknowledge) -> Done | Refused:
        try:
            access_restaurant_for_staff(account_now(self._user), self._slug, role=Role.KITCHEN)
            self._apply(command)
        except Restaurant.DoesNotExist:
            return Refused(command.id, "not_allowed", "You no longer work in this kitchen.")
        except PermissionError:
            return Refused(command.id, "not_allowed", "Only shift leads cancel orders.", self._card(command))
        except (Order.DoesNotExist, Ticket.DoesNotExist, ValueError):
            return Refused(command.id, "not_found", "There is no such order here.")
        except services.StaleOrder as stale:
            return Refused(command.id, "stale", "Someone else changed this order.", self._card_of(stale.order))
        except services.TransitionRefused as refused:
            return Refused(command.id, "not_possible", str(refused), self._card_of(refused.order))
        return Done(command.id)

    def _apply(self, command: Advance | Recall | Cancel | Acknowledge) -> None:
        """raises: what the services raise; ValueError for ids and states that are none; PermissionError"""
        actor = services.Actor.staff(self._user)
        restaurant_id, command_id = self.restaurant_id, command.id
        if isinstance(command, Acknowledge):
            services.acknowledge_ticket(
                restaurant_id=restaurant_id, ticket_id=uuid.UUID(command.ticket), actor=actor, command_id=command_id
            )
            return
        order_id, version = uuid.UUID(command.order), command.version
        if isinstance(command, Advance):
            services.advance_order(
                restaurant_id=restaurant_id,
                order_id=order_id,
                to_state=OrderState(command.to),
                actor=actor,
                expected_version=version,
                command_id=command_id,
            )
        elif isinstance(command, Recall):
            services.recall_order(
                restaurant_id=restaurant_id,
                order_id=order_id,
                actor=actor,
                expected_version=version,
                command_id=command_id,
            )
        elif self._may_cancel():
            services.cancel_order(
                restaurant_id=restaurant_id,
                order_id=order_id,
                actor=actor,
                reason=command.reason,
                expected_version=version,
                command_id=command_id,
            )
        else:
            raise PermissionError

    def _card_of(self, order: Order) -> OrderCard:
        with for_restaurant(self.restaurant_id):
            return order_card(order)

    def _card(self, command: Advance | Recall | Cancel | Acknowledge) -> OrderCard | None:
        if isinstance(command, Acknowledge):
            return None
        return selectors.card_of(self.restaurant_id, uuid.UUID(command.order))
