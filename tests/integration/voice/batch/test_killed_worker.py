"""A real Celery worker is killed with -9 in the middle of a recording: another one finishes it, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection

from tests.encoded_audio import tone
from tests.integration.voice.batch.conftest import read, recording_of
from voice.audio.formats import samples_to_pcm16
from voice.batch import services
from voice.models import Call, Recording, Stage

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_redis"),
    pytest.mark.timeout(180),  # two workers start, and a lease runs out: ~15 s on a quiet machine
]

SPEECH = samples_to_pcm16(tone(1.0, sample_rate_hz=16_000))
COMMAND = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency=2", "--loglevel=INFO"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def test_another_worker_finishes_what_a_killed_one_had(batch_call: Call, redis_url: str, tmp_path: Path) -> None:
    with worker("first", redis_url, tmp_path) as first:
        recording = recording_of(batch_call, pcm=SPEECH)
        # Its audio is a pipe that nobody writes to: the worker holds the recording and reads for ever.
        audio = Path(storages["recordings"].path(f"{recording.file}/{0:012d}"))
        pipe = audio.with_suffix(".pipe")
        os.mkfifo(pipe)
        pipe.replace(audio)
        services.ring(batch_call.restaurant_id, recording.pk)
        until(lambda: read(batch_call, recording.pk).stage == Stage.TRANSCRIBING)
        with worker("second", redis_url, tmp_path):
            until(lambda: lease_is_renewed(batch_call, recording))
            first.send_signal(signal.SIGKILL)
            first.wait(10)
            audio.unlink()
            audio.write_bytes(SPEECH)
            until(lambda: is_heard_when_rung_for(batch_call, recording))
            heard = read(batch_call, recording.pk)
            assert heard.hypotheses[0][0] == "hello"
            assert heard.attempts == 2
            for _ in range(3):
                services.ring(batch_call.restaurant_id, recording.pk)
            time.sleep(1)
            again = read(batch_call, recording.pk)
            assert (again.attempts, again.stages) == (2, heard.stages)


def is_heard_when_rung_for(call: Call, recording: Recording) -> bool:
    """What whoever waits for the words does every second."""
    services.ring_again_if_stalled(restaurant_id=call.restaurant_id, call_id=str(call.pk))
    return read(call, recording.pk).stage == Stage.TRANSCRIPT


def lease_is_renewed(call: Call, recording: Recording) -> bool:
    row = read(call, recording.pk)
    assert row.leased_until is not None
    return (row.leased_until - row.changed_at).total_seconds() > 7


def until(happened: Callable[[], bool], within_s: float = 90) -> None:
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.25)


@contextmanager
def worker(name: str, redis_url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own process on the test's database, with an engine that hears "hello"."""
    log = folder / f"{name}.log"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "VOICE_ENGINE": "scripted",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "-n", f"{name}@tests", *QUIET], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            until(lambda: b" ready." in log.read_bytes())
            yield process
        finally:
            process.kill()
            process.wait(10)


def database_url() -> str:
    database = connection.settings_dict
    host = str(database["HOST"]).replace("/", "%2F")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}{port}/{database['NAME']}"
