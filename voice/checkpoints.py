"""What another process needs to go on with a call: in Redis, written at every turn, owned by one process at a time.

A hash per call: `data` (the checkpoint), `seq` (audio below that frame is in it, or was silence since) and `owner` (who
runs the call). Taking a call over changes the owner; from then on the process that had it can neither write nor close
it, however late it notices. Between turns only `seq` moves on (`mark`), for all calls of a process in one round trip.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec
from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import NoScriptError, RedisError

from voice.call_metrics import CallFigures

__all__ = ["Checkpoint", "Mark", "Marked", "RedisError", "claim", "close", "forget", "is_over", "mark", "write"]

# KEYS: the call. Each answers 1 when the caller is (or now becomes) the owner, else 0.
_WRITE = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] and ARGV[5] == '0' then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'data', ARGV[2], 'seq', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
_CLAIM = """
local kept = redis.call('HMGET', KEYS[1], 'data', 'seq')
if not kept[1] then return false end
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return kept
"""
_FORGET = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if owner and owner ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
redis.call('HDEL', KEYS[1], 'data', 'seq')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
# KEYS: calls; ARGV: seconds, then owner and seq of each. Answers for each: 1, 0 or -1 as `Marked`.
_MARK = """
local answers = {}
for place, key in ipairs(KEYS) do
  local kept = redis.call('HMGET', key, 'owner', 'seq')
  if kept[1] and kept[1] ~= ARGV[2 * place] then answers[place] = 0
  elseif not kept[2] then answers[place] = -1
  else
    redis.call('HSET', key, 'seq', ARGV[2 * place + 1])
    redis.call('EXPIRE', key, ARGV[1])
    answers[place] = 1
  end
end
return answers
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
    figures: CallFigures = CallFigures()
    cart_revision: int = 0
    config_version: int = 0  # of the rollout the call was assigned by
    mode: str = "streaming"


class Mark(NamedTuple):
    """A call whose audio went on while nothing else did."""

    restaurant_id: int
    call_id: str
    owner: str
    next_seq: int


class Marked(IntEnum):
    GONE = -1  # Redis has lost the checkpoint: the whole of it must be written
    TAKEN_OVER = 0
    KEPT = 1


_SCRIPTS = (_WRITE, _CLAIM, _FORGET, _MARK)
_DIGESTS = {script: hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest() for script in _SCRIPTS}
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Checkpoint] = msgspec.msgpack.Decoder(Checkpoint)
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()


async def write(checkpoint: Checkpoint, *, owner: str, takes_over: bool = False) -> bool:
    """False: another process has taken the call over, and nothing was written.

    `takes_over`: whoever has it loses it; for a call that was rebuilt without a checkpoint to claim.
    """
    return bool(
        await _run(
            _WRITE,
            [_key(checkpoint.restaurant_id, checkpoint.call_id)],
            [owner, _encoder.encode(checkpoint), _kept_s(), checkpoint.next_seq, int(takes_over)],
        )
    )


async def mark(marks: Sequence[Mark]) -> list[Marked]:
    """How far each call has heard, all in one round trip; the answers in the same order."""
    keys = [_key(one.restaurant_id, one.call_id) for one in marks]
    owners_and_seqs = [value for one in marks for value in (one.owner, one.next_seq)]
    return [Marked(answer) for answer in await _run(_MARK, keys, [_kept_s(), *owners_and_seqs])]


async def claim(restaurant_id: int, call_id: str, *, owner: str) -> Checkpoint | None:
    """Takes the call over and returns where it stood; None when there is nothing to go on with."""
    kept = await _run(_CLAIM, [_key(restaurant_id, call_id)], [owner, _kept_s()])
    if not kept:
        return None
    data, seq = kept
    try:
        checkpoint = _decoder.decode(data)
    except msgspec.DecodeError:  # written by another release
        return None
    return msgspec.structs.replace(checkpoint, next_seq=max(checkpoint.next_seq, int(seq or 0)))


async def is_over(restaurant_id: int, call_id: str) -> bool:
    """The call was closed a moment ago; False where nothing is known of it."""
    return bool(await _client().exists(_key(restaurant_id, call_id)))


async def forget(restaurant_id: int, call_id: str, *, owner: str) -> bool:
    """The call is over. False: another process has it, so it is not ours to close."""
    return bool(await _run(_FORGET, [_key(restaurant_id, call_id)], [owner, _kept_s()]))


async def owner_of(restaurant_id: int, call_id: str) -> str | None:
    """Who runs the call, as far as anybody knows; None: there is nothing to go on with."""
    owner, seq = await _client().hmget(_key(restaurant_id, call_id), ["owner", "seq"])
    return owner.decode() if isinstance(owner, bytes) and seq is not None else None


def turn_lock(restaurant_id: int, call_id: str, *, kept_s: float, patience_s: float) -> Lock:
    """For whoever carries a call on for one turn: one at a time. It goes by itself `kept_s` after its last renewal."""
    name = f"{_key(restaurant_id, call_id)}:turn"
    return Lock(_client(), name, timeout=kept_s, blocking_timeout=patience_s, sleep=0.02)


async def close() -> None:
    """Gives up the connections of the running loop."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


async def _run(script: str, keys: list[str], values: list[str | bytes | int]) -> Any:
    """By its digest: the text goes to Redis once, and again after it has forgotten it."""
    client = _client()
    try:
        return await client.evalsha(_DIGESTS[script], len(keys), *keys, *values)
    except NoScriptError:
        return await client.eval(script, len(keys), *keys, *values)


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
