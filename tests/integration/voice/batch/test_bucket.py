"""Recordings in a bucket: the same parts, the same answers, and one kind of error when it is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import override_settings

from config.recordings import recordings_storage
from tests.providers.s3 import Bucket, s3_server
from voice.batch import storage

FOLDER = storage.folder_of(1, "call", "recording")


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with s3_server() as server:
        made = recordings_storage(
            tmp_path, bucket="recordings", endpoint=server.url, region="local", access_key="key", secret_key="secret"
        )
        before = storages.backends
        with override_settings(STORAGES={**before, "recordings": made}):
            yield server


def test_parts_are_written_read_replaced_and_deleted(bucket: Bucket) -> None:
    storage.write_part(FOLDER, 0, b"abc")
    storage.write_part(FOLDER, 3, b"never counted")
    storage.write_part(FOLDER, 3, b"def")
    assert sorted(bucket.objects) == [f"{FOLDER}/000000000000", f"{FOLDER}/000000000003"]
    assert b"".join(storage.read_parts(FOLDER, 6)) == b"abcdef"
    storage.write_reply(FOLDER, b"RIFF")
    storage.delete_audio(FOLDER)
    assert list(bucket.objects) == [f"{FOLDER}/reply.wav"]
    assert storage.read_reply(FOLDER) == b"RIFF"
    storage.delete_all(FOLDER)
    storage.delete_all(FOLDER)
    assert bucket.objects == {}


def test_what_is_missing_is_said(bucket: Bucket) -> None:
    storage.write_part(FOLDER, 0, b"abc")
    with pytest.raises(FileNotFoundError):
        list(storage.read_parts(FOLDER, 6))
    assert storage.read_reply(FOLDER) is None


def test_another_calls_folder_stays_as_it_is(bucket: Bucket) -> None:
    storage.write_part(FOLDER, 0, b"abc")
    storage.write_part(storage.folder_of(1, "call", "recording-2"), 0, b"def")
    storage.delete_all(FOLDER)
    assert list(bucket.objects) == ["1/call/recording-2/000000000000"]


def test_a_bucket_that_is_away_is_one_kind_of_error(bucket: Bucket) -> None:
    storage.write_part(FOLDER, 0, b"abc")
    bucket.is_away = True
    with pytest.raises(OSError, match="Error: "):
        storage.write_part(FOLDER, 3, b"def")
    with pytest.raises(OSError, match="Error: "):
        list(storage.read_parts(FOLDER, 3))
    with pytest.raises(OSError, match="Error: "):
        storage.delete_all(FOLDER)
