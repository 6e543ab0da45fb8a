"""What another process needs to go on with a call: in Redis, written at every turn, owned by one process at a time.

A hash per call: `data` (the checkpoint) and `owner` (who runs the call). Taking a call over changes the owner; from
then on the process that had it can neither write nor close it, however late it notices.
"""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

import msgspec
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

__all__ = ["Checkpoint", "RedisError", "claim", "close", "forget", "write"]

# KEYS: the call. Each answers 1 when the caller is (or now becomes) the owner, else 0.
_WRITE = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'data', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
_CLAIM = """
local data = redis.call('HGET', KEYS[1], 'data')
if not data then return false end
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return data
"""
_FORGET = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
redis.call('HDEL', KEYS[1], 'data')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


class Checkpoint(msgspec.Struct, frozen=True):
    """`state` is `voice.dialog.state.dump_state`; `screen` the messages that show a page where the call stands."""

    call_id: str
    restaurant_id: int
    language: str
    menu_version: str
    opened_at_ms: int  # wall clock, milliseconds since 1970: the call's own clock goes on from it
    next_seq: int  # audio below it is in the state
    state: bytes
    screen: tuple[bytes, ...] = ()
    turn_count: int = 0


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Checkpoint] = msgspec.msgpack.Decoder(Checkpoint)
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


async def write(checkpoint: Checkpoint, *, owner: str) -> bool:
    """False: another process has taken the call over, and nothing was written."""
    key = _key(checkpoint.restaurant_id, checkpoint.call_id)
    return bool(await _client().eval(_WRITE, 1, key, owner, _encoder.encode(checkpoint), _kept_s()))


async def claim(restaurant_id: int, call_id: str, *, owner: str) -> Checkpoint | None:
    """Takes the call over and returns where it stood; None when there is nothing to go on with."""
    data = await _client().eval(_CLAIM, 1, _key(restaurant_id, call_id), owner, _kept_s())
    if not data:
        return None
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError:  # written by another release
        return None


async def forget(restaurant_id: int, call_id: str, *, owner: str) -> bool:
    """The call is over. False: another process has it, so it is not ours to close."""
    return bool(await _client().eval(_FORGET, 1, _key(restaurant_id, call_id), owner, _kept_s()))


async def close() -> None:
    """Gives up the connections of the running loop."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


def _client() -> Redis:
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = Redis.from_url(settings.REDIS_URL, socket_timeout=2.0, socket_connect_timeout=2.0)
    return _clients[loop]


def _key(restaurant_id: int, call_id: str) -> str:
    return f"comanda:call:{restaurant_id}:{call_id}"


def _kept_s() -> int:
    """A call without a turn for so long has ended as idle."""
    return int(settings.CALL_IDLE_SECONDS) + 60
