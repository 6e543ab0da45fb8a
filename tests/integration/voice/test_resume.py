"""A lost connection loses nothing: the same basket, captions and question come back, here or from another process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from redis import Redis

from restaurants.models import Restaurant
from tests.integration.voice.conftest import SILENCE, VOICE, Caller, all_ended, call, caller, says
from tests.integration.voice.test_orders import calls_of, orders_of
from voice import services, tokens
from voice.checkpoints import Checkpoint
from voice.consumers import reception
from voice.consumers.live_call import LiveCall
from voice.dialog.effects import PlaceOrder
from voice.dialog.events import OrderPlaced, OrderRefused
from voice.dialog.state import load_state
from voice.protocol import CloseCode

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_redis")]


async def take_two_spaghetti(one: Caller) -> str:
    """Returns what gets back into the call."""
    await one.say("two spaghetti with pesto")
    await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
    await kept()
    return str(one.ready["session"])


async def kept() -> None:
    """The checkpoints of this process are written."""
    for one in reception.calls.values():
        await one.keeper.keep()


def leave_this_process() -> LiveCall:
    """From here on the call is another process's: no resume finds it here."""
    [(_, live)] = reception.calls.items()
    reception.calls.clear()
    return live


async def resume(one: Caller, session: str, slug: str = "osteria", **start: Any) -> dict[str, Any]:
    return await one.start(tokens.page_token(slug), resume=session, **start)


async def order(one: Caller) -> None:
    await one.send("order.review")
    readback = await one.read("readback", where=lambda m: m["open"])
    await one.send("order.confirm", revision=readback["revision"])
    await one.read("order.placed")


async def test_the_same_basket_and_captions_come_back(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
    async with caller() as again:
        ready = await resume(again, session, audio=False, captions_only=True)
        assert ready["resumed"] is True
        words = await again.read("caption", where=lambda m: m["speaker"] == "customer")
        assert words["text"] == "two spaghetti with pesto"
        await again.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await order(again)
    assert len(await orders_of(osteria)) == 1
    assert len(await calls_of(osteria)) == 1


async def test_another_process_goes_on_and_the_first_can_neither_write_nor_close(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        first = leave_this_process()
        async with caller() as again:
            ready = await resume(again, session, audio=False, captions_only=True)
            assert ready["resumed"] is True
            await again.read("cart", where=lambda m: m["cart"]["units"] == 2)
            assert await one.close_code() == CloseCode.TAKEN_OVER
            await asyncio.wait_for(first.runner.wait(), 5)
            [(stored, _)] = await calls_of(osteria)
            assert stored.is_live, "the first process did not close what is not its own any more"
            await order(again)
            await again.send("hangup")
            await again.close_code()
    await all_ended()
    [(stored, _)] = await calls_of(osteria)
    assert stored.outcome == "completed"
    assert len(await orders_of(osteria)) == 1


@pytest.mark.parametrize("is_elsewhere", [False, True])
async def test_half_a_sentence_is_said_once_and_understood_once(osteria: Restaurant, is_elsewhere: bool) -> None:
    says("two spaghetti with pesto")
    sent: list[bytes] = []
    async with call(captions_only=True) as one:
        for _ in range(50):
            sent.append(SILENCE)
            await one.frame(SILENCE)
        for _ in range(20):
            sent.append(VOICE)
            await one.frame(VOICE)
        await one.read("caption", where=lambda m: m["speaker"] == "customer")
        await kept()
        session = one.ready["session"]
        if is_elsewhere:
            leave_this_process()
    sent += [VOICE] * 20 + [SILENCE] * 15  # said while the connection was away
    async with caller() as again:
        ready = await resume(again, session, captions_only=True)
        assert ready["next_seq"] <= 50, "the sentence is wanted from its beginning"
        for seq in range(ready["next_seq"], len(sent)):
            await again.frame(sent[seq], seq=seq)
        await again.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await order(again)
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]


async def test_frames_sent_again_after_a_resume_are_ignored_where_they_were_heard(osteria: Restaurant) -> None:
    says("two spaghetti with pesto", "two lemonades")
    async with call(captions_only=True) as one:
        await one.speak()
        await one.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await kept()
        session, heard = one.ready["session"], one.next_seq
    async with caller() as again:
        ready = await resume(again, session, captions_only=True)
        assert ready["next_seq"] >= 30, "what was understood is not asked for again"
        for seq in range(heard):
            await again.frame(VOICE if seq < 30 else SILENCE, seq=seq)
        await order(again)
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]


async def test_a_newer_window_takes_the_call_over(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        async with caller() as newer:
            await resume(newer, session, audio=False, captions_only=True)
            assert await one.close_code() == CloseCode.TAKEN_OVER
            assert one.messages[-1]["code"] == "taken_over"
            await newer.read("cart", where=lambda m: m["cart"]["units"] == 2)
            await order(newer)


async def test_an_order_confirmed_as_the_connection_broke_stands_once_and_is_told(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        await one.send("order.confirm", revision=readback["revision"])
    async with caller() as again:
        await resume(again, session, audio=False, captions_only=True)
        placed = await again.read("order.placed")
        await again.send("order.confirm", revision=readback["revision"])
        await again.say("yes")
        await again.send("hangup")
        await again.close_code()
    [stored] = await orders_of(osteria)
    assert stored.number == placed["number"]


async def test_an_order_is_in_the_checkpoint_before_it_is_stored(
    osteria: Restaurant, empty_redis: Redis[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process killed right after the commit: the next one asks with the same key, whatever the customer says then."""
    really, known = services.place_order_for_call, []
    is_stored, loop = asyncio.Event(), asyncio.get_running_loop()

    def stored_then_killed(*, opened: services.OpenedCall, effect: PlaceOrder) -> OrderPlaced | OrderRefused:
        data = empty_redis.hget(f"comanda:call:{opened.restaurant_id}:{opened.context.call_id}", "data")
        known.append(load_state(msgspec.msgpack.decode(data, type=Checkpoint).state).ordering.placing)
        really(opened=opened, effect=effect)
        loop.call_soon_threadsafe(is_stored.set)
        raise OSError("killed")

    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        monkeypatch.setattr(services, "place_order_for_call", stored_then_killed)
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        await one.send("order.confirm", revision=readback["revision"])
        await asyncio.wait_for(is_stored.wait(), 5)
        monkeypatch.undo()
        leave_this_process()
        async with caller() as again:
            await resume(again, session, audio=False, captions_only=True)
            await again.say("and a lemonade")
            placed = await again.read("order.placed")
    assert known[0] is not None
    [stored] = await orders_of(osteria)
    assert (stored.number, stored.idempotency_key) == (placed["number"], known[0].key)


async def test_a_process_that_lost_the_call_places_nothing(osteria: Restaurant, empty_redis: Redis[Any]) -> None:
    async with call(audio=False, captions_only=True) as one:
        await take_two_spaghetti(one)
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        await kept()
        [live] = reception.calls.values()
        empty_redis.hset(f"comanda:call:{osteria.pk}:{live.call_id}", "owner", "another process")
        await one.send("order.confirm", revision=readback["revision"])
        assert await one.close_code() == CloseCode.TAKEN_OVER
    await all_ended()
    assert await orders_of(osteria) == []


async def test_a_restart_of_the_server_keeps_the_call(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await reception.end_all()
        assert await one.close_code() == CloseCode.SERVER_RESTART
    async with caller() as again:
        ready = await resume(again, session, audio=False, captions_only=True)
        assert ready["resumed"] is True
        await again.read("cart", where=lambda m: m["cart"]["units"] == 2)


async def test_the_microphone_may_come_later(osteria: Restaurant) -> None:
    says("two spaghetti with pesto")
    async with call(audio=False, captions_only=True) as one:
        await one.say("a large lemonade")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 1)
        session = one.ready["session"]
        async with caller() as louder:
            await resume(louder, session, captions_only=False)
            await louder.read("speech.start")
            await louder.speak()
            await louder.read("cart", where=lambda m: m["cart"]["units"] == 3)
        assert louder.chunks, "from now on the replies are spoken"


async def die(redis: Redis[Any]) -> None:
    """The process is killed, and Redis loses everything: nothing of the call says or writes another word."""
    live = leave_this_process()
    await live.keeper.close()
    live.runner.end(CloseCode.SERVER_RESTART, "killed")
    await live.runner.wait()
    await asyncio.to_thread(redis.flushall)


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(300):
        if await asyncio.to_thread(is_so):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to be")


def key_of(restaurant: Restaurant) -> str:
    [live] = reception.calls.values()
    return f"comanda:call:{restaurant.pk}:{live.call_id}"


async def saved(osteria: Restaurant, *, turns: int) -> None:
    """So many turns are in the database."""
    for _ in range(300):
        stored = await calls_of(osteria)
        if stored and stored[0][0].turn_count >= turns:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the turns were not saved")


async def test_without_redis_and_without_its_process_the_basket_is_rebuilt(
    osteria: Restaurant, empty_redis: Redis[Any]
) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await saved(osteria, turns=1)
        await die(empty_redis)
    async with caller() as again:
        ready = await resume(again, session, audio=False, captions_only=True)
        assert ready["resumed"] is True
        words = await again.read("caption", where=lambda m: m["speaker"] == "customer")
        assert words["text"] == "two spaghetti with pesto"
        await again.read("cart", where=lambda m: m["cart"]["units"] == 2)
        chips = await again.read("chips")
        assert chips["question"], "the question that is due is asked"
        await order(again)
    [stored] = await orders_of(osteria)
    assert [line.quantity for line in stored.lines.all()] == [2]
    assert len(await calls_of(osteria)) == 1


async def test_a_basket_made_by_hand_is_rebuilt_too(osteria: Restaurant, empty_redis: Redis[Any]) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        cart = next(message["cart"] for message in reversed(one.messages) if message["type"] == "cart")
        line = cart["lines"][0]["id"]
        await one.send(
            "cart.edit", revision=cart["revision"], edits=[{"edit": "quantity", "line": line, "quantity": 3}]
        )
        await one.read("cart", where=lambda m: m["cart"]["units"] == 3)
        await saved(osteria, turns=2)
        await die(empty_redis)
    async with caller() as again:
        await resume(again, session, audio=False, captions_only=True)
        await again.read("cart", where=lambda m: m["cart"]["units"] == 3)


async def test_an_order_is_told_again_after_everything_else_was_lost(
    osteria: Restaurant, empty_redis: Redis[Any]
) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await order(one)
        await die(empty_redis)
    async with caller() as again:
        ready = await resume(again, session, audio=False, captions_only=True)
        assert ready["resumed"] is True
        placed = await again.read("order.placed")
        await again.say("yes")
        await again.read("caption", where=lambda m: m["speaker"] == "assistant")
    [stored] = await orders_of(osteria)
    assert stored.number == placed["number"]


async def test_redis_that_lost_everything_gets_the_calls_in_progress_back(
    osteria: Restaurant, empty_redis: Redis[Any]
) -> None:
    async with call(captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await asyncio.to_thread(empty_redis.flushall)
        for _ in range(60):  # a second of silence and a bit
            await one.frame(SILENCE)
        await until(lambda: bool(empty_redis.hget(key_of(osteria), "data")))
        leave_this_process()
        async with caller() as again:
            ready = await resume(again, session, captions_only=True)
            assert ready["resumed"] is True
            await again.read("cart", where=lambda m: m["cart"]["units"] == 2)


async def test_a_process_that_still_runs_the_call_is_asked_before_anything_is_rebuilt(
    osteria: Restaurant, empty_redis: Redis[Any]
) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await one.say("a large lemonade")
        await one.read("cart", where=lambda m: m["cart"]["units"] == 3)
        key = key_of(osteria)
        leave_this_process()
        await asyncio.to_thread(empty_redis.delete, key)
        async with caller() as again:
            await resume(again, session, audio=False, captions_only=True)
            await again.read("cart", where=lambda m: m["cart"]["units"] == 3)
            assert await one.close_code() == CloseCode.TAKEN_OVER


async def test_silence_moves_on_what_the_next_process_asks_for(osteria: Restaurant, empty_redis: Redis[Any]) -> None:
    async with call(captions_only=True) as one:
        await take_two_spaghetti(one)
        await saved(osteria, turns=1)
        for _ in range(100):
            await one.frame(SILENCE)
        await until(lambda: int(empty_redis.hget(key_of(osteria), "seq") or 0) >= 30)
        written = empty_redis.hget(key_of(osteria), "data")
        for _ in range(100):
            await one.frame(SILENCE)
        await until(lambda: int(empty_redis.hget(key_of(osteria), "seq") or 0) >= 130)
        assert empty_redis.hget(key_of(osteria), "data") == written, "nothing else was written"


async def test_who_comes_back_too_late_is_told_and_keeps_the_basket(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await saved(osteria, turns=1)
        await one.send("hangup")
        await one.close_code()
    await all_ended()
    async with caller() as again:
        ready = await resume(again, session, audio=False, captions_only=True)
        assert ready["resumed"] is False
        told = await again.read("notice", where=lambda m: m["code"] == "session_expired")
        assert "same basket" in told["text"]
        await again.read("cart", where=lambda m: m["cart"]["units"] == 2)
        await order(again)
    assert len(await orders_of(osteria)) == 1


async def test_who_comes_back_after_the_goodbye_sees_their_order(osteria: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await order(one)
        await one.send("hangup")
        await one.close_code()
    await all_ended()
    async with caller() as again:
        await again.send("session.start", token=tokens.page_token("osteria"), audio=None, resume=session)
        placed = await again.read("order.placed")
        assert await again.close_code() == CloseCode.NORMAL
    [stored] = await orders_of(osteria)
    assert stored.number == placed["number"]


async def test_a_stranger_gets_nothing_of_what_is_rebuilt(osteria: Restaurant, diner: Restaurant) -> None:
    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await order(one)
        await one.send("hangup")
        await one.close_code()
    await all_ended()
    async with caller("diner") as stranger:
        ready = await resume(stranger, session, "diner", audio=False, captions_only=True)
        assert ready["resumed"] is False
        cart = await stranger.read("cart")
        assert cart["cart"]["lines"] == []


async def test_two_processes_that_both_have_the_call_place_one_order(
    osteria: Restaurant, empty_redis: Redis[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis is away, so nobody can tell the first process that the page has gone to another."""

    async def is_away(*_: Any, **__: Any) -> Any:
        raise ConnectionError("Redis is away")

    async with call(audio=False, captions_only=True) as one:
        session = await take_two_spaghetti(one)
        await saved(osteria, turns=1)
        for name in ("write", "claim", "mark", "forget"):
            monkeypatch.setattr(f"voice.checkpoints.{name}", is_away)
        monkeypatch.setattr("voice.consumers.control.tell_taken_over", nobody_listens)
        await one.send("order.review")
        readback = await one.read("readback", where=lambda m: m["open"])
        leave_this_process()
        async with caller() as again:
            await resume(again, session, audio=False, captions_only=True)
            await one.send("order.confirm", revision=readback["revision"])
            first = await one.read("order.placed")
            await again.say("one more spaghetti with pesto")
            await again.read("cart", where=lambda m: m["cart"]["units"] == 3)
            await again.send("order.review")
            shown = await again.read("readback", where=lambda m: m["open"])
            await again.send("order.confirm", revision=shown["revision"])
            second = await again.read("order.placed")
    assert first["number"] == second["number"]
    assert len(await orders_of(osteria)) == 1


async def nobody_listens(_call_id: str, _owner: str) -> None:
    pass
