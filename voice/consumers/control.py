"""Messages between processes about one call, over the channel layer. Audio never goes this way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

TAKEN_OVER = "call.taken_over"
RECORDING = "call.recording"  # a stage was reached: {recording, stage, at_ms}
KEEP = "call.keep"
RETRY_S = 5.0


def group_of(call_id: str) -> str:
    return f"voice.call.{call_id}"


async def tell_taken_over(call_id: str, owner: str) -> None:
    """Whoever else runs this call lets go of it."""
    try:
        await get_channel_layer().group_send(group_of(call_id), {"type": TAKEN_OVER, "owner": owner})
    except (RedisError, OSError):
        logger.warning("Could not tell other processes about call %s; its checkpoint keeps them from writing", call_id)


async def ask_to_keep(call_id: str) -> None:
    """Whoever runs this call writes its checkpoint: Redis has lost it."""
    await get_channel_layer().group_send(group_of(call_id), {"type": KEEP})


async def tell_recording(call_id: str, recording_id: str, *, stage: str, at_ms: int) -> None:
    """Whoever runs the call shows it, and takes the words once they are there. They ask, too: a loss costs a second."""
    message = {"type": RECORDING, "recording": recording_id, "stage": stage, "at_ms": at_ms}
    try:
        await get_channel_layer().group_send(group_of(call_id), message)
    except (RedisError, OSError):
        logger.warning("Call %s was not told that a recording is at %s", call_id, stage)


async def listen(call_id: str, received: Callable[[dict[str, Any]], None]) -> None:
    """Runs as long as the call; without Redis the call goes on, and this tries again."""
    layer = get_channel_layer()
    while True:
        try:
            channel = await layer.new_channel()
            await layer.group_add(group_of(call_id), channel)
        except (RedisError, OSError):
            logger.warning("Call %s hears no other process for now", call_id)
            await asyncio.sleep(RETRY_S)
            continue
        try:
            while True:
                received(await layer.receive(channel))
        finally:
            await layer.group_discard(group_of(call_id), channel)
