"""A call that this process does not have: taken over from another one, or, where its checkpoint is lost, rebuilt."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from restaurants.models import Restaurant
from restaurants.selectors import NoLiveMenu
from voice import checkpoints, rebuild, services
from voice.checkpoints import Checkpoint, RedisError
from voice.consumers import control
from voice.consumers.beginning import Beginning
from voice.consumers.database import in_database
from voice.models import Call
from voice.protocol import SessionStart
from voice.services import OpenedCall

logger = logging.getLogger(__name__)

KEEP_TRIES, KEEP_WAIT_S = 5, 0.15


@dataclass(frozen=True, slots=True)
class Found:
    """`owner`: this process's hold on it from now on."""

    opened: OpenedCall
    begins: Beginning
    owner: str


async def find(slug: str, call_id: str, start: SessionStart, *, hears: Collection[str]) -> Found | None:
    """None: the call is over, or there never was one here."""
    owner = uuid.uuid4().hex
    try:
        opened = await in_database(
            services.reopen_call, slug=slug, call_id=call_id, hears=hears, captions_only=start.captions_only
        )
    except (Restaurant.DoesNotExist, NoLiveMenu, Call.DoesNotExist):
        return None
    try:
        checkpoint = await claimed(opened.restaurant_id, call_id, owner)
        if checkpoint is None and await checkpoints.is_over(opened.restaurant_id, call_id):
            return None
    except (RedisError, OSError):
        checkpoint = None
    if checkpoint is not None:
        begins = Beginning(checkpoint=checkpoint)
    else:
        logger.warning("Call %s is rebuilt from the database: no checkpoint is left", call_id)
        checkpoint = await in_database(rebuild.rebuilt, opened, next_seq=start.next_seq)
        begins = Beginning(checkpoint=checkpoint, is_rebuilt=True)
    await control.tell_taken_over(call_id, owner)
    return Found(opened, begins, owner)


async def claimed(restaurant_id: int, call_id: str, owner: str) -> Checkpoint | None:
    """Takes the call over. Where Redis has lost it, a process that still runs the call is asked to write it again.

    raises: RedisError, OSError
    """
    checkpoint = await checkpoints.claim(restaurant_id, call_id, owner=owner)
    tries = 0
    while checkpoint is None and tries < KEEP_TRIES and not await checkpoints.is_over(restaurant_id, call_id):
        if tries == 0:
            await control.ask_to_keep(call_id)
        tries += 1
        await asyncio.sleep(KEEP_WAIT_S)
        checkpoint = await checkpoints.claim(restaurant_id, call_id, owner=owner)
    return checkpoint
