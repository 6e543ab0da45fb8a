"""Inside the house of a measurement: one restaurant per mode with the same menu, and customers who call in turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from flags.declared import VOICE_STREAMING
from flags.models import Force
from flags.services import set_override
from orders.understanding import compiled
from restaurants.hours import OpenPeriod
from restaurants.menu_format import parse_menu
from restaurants.services import create_restaurant, import_menu, publish_menu, set_opening_hours
from voice import tokens
from voice.engines.embedded.speaker import EmbeddedSpeaker
from voice.spoken.customer import RATE_HZ, Customer, without_silence
from voice.spoken.figures import Measured
from voice.spoken.sentences import SpokenOrder, spoken_orders

WARM_UP_S = 300.0


class NotAnswered(Exception):
    """The house does not work in this mode; the message says what happened last."""


Tell = Callable[[str], None]


def open_restaurants(document: dict[str, Any], modes: Sequence[str]) -> None:
    """`spoken-<mode>` for each, forced into its mode."""
    menu = parse_menu(document)
    for mode in modes:
        restaurant = create_restaurant(
            slug=slug_of(mode),
            name=menu.name,
            currency=menu.currency,
            locale=menu.locale,
            languages=list(menu.languages),
            is_tax_inclusive=menu.tax_inclusive,
        )
        set_opening_hours(restaurant=restaurant, week=[OpenPeriod(day, time(0), time(0)) for day in range(7)])
        publish_menu(menu_version=import_menu(restaurant=restaurant, document=document))
        set_override(
            VOICE_STREAMING,
            restaurant_id=restaurant.pk,
            force=Force.ON if mode == "streaming" else Force.OFF,
            note="measurement",
            expires_at=timezone.now() + timedelta(days=1),
            actor="benchmark_voice",
        )


def slug_of(mode: str) -> str:
    return f"spoken-{mode}"


async def measure(
    document: dict[str, Any], modes: Sequence[str], *, orders: int, seed: int, at_once: int, tell: Tell
) -> tuple[list[Measured], datetime]:
    """Every order in every mode, the modes taking turns at going first; and when that began, after warming up.

    raises: NoSentences, NotAnswered
    """
    menu = parse_menu(document)
    wanted = spoken_orders(menu, compiled(menu, "en"), orders + 1, seed=seed)
    voices = await _spoken(wanted)
    for mode in modes:
        tell(f"Warming up {mode} …")
        await _warm_up(mode, wanted[-1], voices[-1])
    began = timezone.now()
    gate, measured = asyncio.Semaphore(at_once), list[Measured]()

    async def one(number: int, mode: str) -> None:
        found = await _ask(mode, wanted[number], voices[number])
        measured.append(found)
        tell(_line(number, orders, found))

    async def turn(number: int) -> None:
        async with gate:
            for mode in modes if number % 2 == 0 else tuple(reversed(modes)):
                await one(number, mode)

    await asyncio.gather(*(turn(number) for number in range(orders)))
    return measured, began


async def _spoken(orders: Sequence[SpokenOrder]) -> list[bytes]:
    speaker = EmbeddedSpeaker()
    try:
        return [await _voice(speaker, order.text) for order in orders]
    finally:
        await speaker.close()


async def _voice(speaker: EmbeddedSpeaker, text: str) -> bytes:
    sound = bytearray()
    async for chunk in speaker.speak(text, language="en", sample_rate_hz=RATE_HZ):
        sound += chunk
    return without_silence(bytes(sound))


async def _warm_up(mode: str, order: SpokenOrder, voice: bytes) -> None:
    """Until a call is in its mode and is answered: models are loaded, and the rollout has reached the server.

    raises: NotAnswered
    """
    failure = ""
    try:
        async with asyncio.timeout(WARM_UP_S):
            while True:
                found = await _ask(mode, order, voice)
                if found.first_reply_ms is not None:
                    return
                failure = found.failure
                await asyncio.sleep(0.5)
    except TimeoutError:
        raise NotAnswered(f"no {mode} order was answered in {WARM_UP_S:.0f} s: {failure or 'no reply'}") from None


async def _ask(mode: str, order: SpokenOrder, voice: bytes) -> Measured:
    slug = slug_of(mode)
    url = f"ws://127.0.0.1:{settings.PORT}/ws/r/{slug}/order"
    found = await Customer(url, tokens.page_token(slug)).ask(order, voice)
    if found.mode in ("", mode):
        return Measured(
            mode, order.text, found.first_reply_ms, found.basket_ms, is_right=found.is_right, failure=found.failure
        )
    return Measured(mode, order.text, failure=f"the call was assigned to {found.mode}")


def _line(number: int, orders: int, found: Measured) -> str:
    reply = "–" if found.first_reply_ms is None else f"{found.first_reply_ms} ms"
    basket = "–" if found.basket_ms is None else f"{found.basket_ms} ms"
    verdict = "right" if found.is_right else found.failure or "another basket"
    return f"{number + 1:>3}/{orders} {found.mode:<9} reply {reply:>8}  basket {basket:>8}  {verdict}: {found.text}"
