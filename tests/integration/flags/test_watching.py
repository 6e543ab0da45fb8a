"""Changes reach processes: by notification, by the poll behind it, after lost connections, and kills above all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from flags import presence, services, snapshot, watching
from flags.declared import VOICE_STREAMING
from flags.models import RolloutFlag, StaleFlag
from flags.rollout import Reason
from flags.snapshot import SnapshotStore
from restaurants.models import Restaurant

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def watched(kind: str = "test") -> Iterator[SnapshotStore]:
    """A process's watch, as a thread with a store of its own."""
    store = SnapshotStore()
    loop = asyncio.new_event_loop()
    task: asyncio.Task[None] = loop.create_task(watching.watch(kind, store))

    def run() -> None:
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield store
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)
        loop.close()


def until(holds: Callable[[], object], within: float = 15) -> None:
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def percent_of(store: SnapshotStore) -> Decimal | None:
    flag = store.current().flags.get(VOICE_STREAMING)
    return flag.percent if flag else None


def reason_at(store: SnapshotStore, restaurant: Restaurant) -> Reason:
    return store.decide(VOICE_STREAMING, restaurant_id=restaurant.pk, subject="s").reason


@pytest.fixture
def only_notifications(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_EVERY_S", 3600.0)


@pytest.fixture
def quick_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_EVERY_S", 0.1)


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("only_notifications")
def test_every_way_of_writing_is_told(osteria: Restaurant, person: User) -> None:
    with watched() as store:
        until(lambda: percent_of(store) == 100)
        RolloutFlag.objects.update(percent=Decimal(5))
        until(lambda: percent_of(store) == 5)
        run_sql("UPDATE flags_rolloutflag SET percent = 25")
        until(lambda: percent_of(store) == 25)
        later = timezone.now() + timedelta(hours=1)
        services.set_override(
            VOICE_STREAMING, restaurant_id=osteria.pk, force="off", note="echo", expires_at=later, actor=person
        )
        until(
            lambda: store.decide(VOICE_STREAMING, restaurant_id=osteria.pk, subject="s").reason is Reason.RESTAURANT_OFF
        )
        services.remove_override(VOICE_STREAMING, restaurant_id=osteria.pk, actor=person, reason="fixed")
        until(lambda: reason_at(store, osteria) is Reason.PERCENT)


@pytest.mark.usefixtures("only_notifications")
def test_a_kill_reaches_everyone_who_listens(person: User) -> None:
    heard: list[tuple[str, str]] = []

    def note(mode: str, reason: str) -> None:
        heard.append((mode, reason))

    snapshot.on_kill.append(note)
    try:
        with watched() as first, watched() as second:
            until(lambda: percent_of(first) == percent_of(second) == 100)
            services.kill(VOICE_STREAMING, actor=person, reason="gaps in the audio", mode="hard")
            until(lambda: len(heard) == 2)
            for store in (first, second):
                assert store.decide(VOICE_STREAMING, restaurant_id=1, subject="s").reason is Reason.KILLED
    finally:
        snapshot.on_kill.remove(note)
    assert set(heard) == {("hard", "gaps in the audio")}


def test_what_is_rolled_back_is_never_told() -> None:
    with psycopg.connect(**watching._address(), autocommit=True) as listener:
        listener.execute(f"LISTEN {watching.CHANNEL}")
        with transaction.atomic():
            RolloutFlag.objects.update(percent=Decimal(1))
            transaction.set_rollback(True)
        RolloutFlag.objects.update(percent=Decimal(2))
        told = [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)]
        told += [notice.payload for notice in listener.notifies(timeout=0.3)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM flags_rolloutversion")
        assert told == [str(cursor.fetchone()[0])]


@pytest.mark.usefixtures("only_notifications")
def test_a_killed_connection_is_made_again() -> None:
    with watched() as store:
        until(lambda: percent_of(store) == 100)
        run_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'comanda-rollout'")
        RolloutFlag.objects.update(percent=Decimal(7))
        until(lambda: percent_of(store) == 7)


@pytest.mark.usefixtures("quick_poll")
def test_the_poll_sees_what_no_notification_told() -> None:
    """As behind a pooler that loses LISTEN."""
    with watched() as store:
        until(lambda: percent_of(store) == 100)
        run_sql(
            "ALTER TABLE flags_rolloutflag DISABLE TRIGGER flags_tell_processes;"
            "UPDATE flags_rolloutflag SET percent = 9;"
            "UPDATE flags_rolloutversion SET version = version + 1;"
            "ALTER TABLE flags_rolloutflag ENABLE TRIGGER flags_tell_processes;"
        )
        until(lambda: percent_of(store) == 9)


@pytest.mark.usefixtures("quick_poll")
def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    right = watching._address()
    monkeypatch.setattr(watching, "_address", lambda: {**right, "host": "/nowhere"})
    with watched() as store:
        time.sleep(0.3)
        assert store.decide(VOICE_STREAMING, restaurant_id=1, subject="s").reason is Reason.STALE
        monkeypatch.setattr(watching, "_address", lambda: right)
        until(lambda: percent_of(store) == 100)
        assert store.status().age_s < 60


@pytest.mark.usefixtures("quick_poll")
def test_age_stays_young_while_nothing_changes_and_processes_are_seen(empty_redis: Any) -> None:
    with watched("web") as store:
        until(lambda: percent_of(store) == 100)
        time.sleep(0.5)
        until(lambda: store.status().age_s < 0.3)
        until(lambda: any(one.version == store.current().version for one in presence.list_processes()))
        (one,) = presence.list_processes()
    assert (one.kind, one.age_s is not None and one.age_s < 15) == ("web", True)
    empty_redis.hset(presence.KEY, "gone:1", '{"kind": "web", "version": 1, "confirmed_at": 1, "at": 1}')
    assert "gone:1" not in {one.name for one in presence.list_processes()}
    assert not empty_redis.hexists(presence.KEY, "gone:1")


def test_a_ramp_that_meets_a_kill_loses(person: User) -> None:
    """A program reads the flag, a person kills, the program writes: in either order the kill stands."""
    seen = RolloutFlag.objects.get(name=VOICE_STREAMING).version
    has_lock, outcome = threading.Event(), []

    def ramp() -> None:
        try:
            with transaction.atomic():
                services.set_percent(
                    VOICE_STREAMING, percent=Decimal(25), actor="guard", reason="ramp", expected_version=seen
                )
                has_lock.set()
                time.sleep(0.2)  # the kill waits for the lock meanwhile
            try:
                services.set_percent(
                    VOICE_STREAMING, percent=Decimal(50), actor="guard", reason="ramp", expected_version=seen + 1
                )
            except (StaleFlag, services.FlagKilled) as refusal:
                outcome.append(type(refusal).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=ramp)
    thread.start()
    assert has_lock.wait(10)
    services.kill(VOICE_STREAMING, actor=person, reason="gaps")
    thread.join(10)
    flag = RolloutFlag.objects.get(name=VOICE_STREAMING)
    assert flag.everyone is False
    if outcome:
        assert flag.percent == 25
    else:  # the second step came before the kill
        assert flag.percent == 50
