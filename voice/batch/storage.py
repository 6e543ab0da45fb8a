"""The audio of recordings and the replies spoken to them, in the `recordings` storage: a folder of parts each.

A part is named by its offset, so that a part written twice is one part, and appending needs nothing a bucket lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "recordings"
REPLY = "reply.wav"


def folder_of(restaurant_id: int, call_id: UUID | str, recording_id: UUID | str) -> str:
    return f"{restaurant_id}/{call_id}/{recording_id}"


def write_part(folder: str, offset: int, data: bytes) -> None:
    """raises: OSError"""
    with _one_kind_of_error():
        _storage().save(f"{folder}/{offset:012d}", ContentFile(data))


def read_parts(folder: str, byte_count: int) -> Iterator[bytes]:
    """The first `byte_count` bytes, part by part. raises: OSError (FileNotFoundError where one is missing)"""
    offset = 0
    while offset < byte_count:
        with _one_kind_of_error(), _storage().open(f"{folder}/{offset:012d}") as part:
            data: bytes = part.read(byte_count - offset)
        if not data:
            raise FileNotFoundError(f"part {offset} of {folder} is empty")
        offset += len(data)
        yield data


def write_reply(folder: str, wav: bytes) -> None:
    """raises: OSError"""
    with _one_kind_of_error():
        _storage().save(f"{folder}/{REPLY}", ContentFile(wav))


def read_reply(folder: str) -> bytes | None:
    """None: nothing was spoken, or it is gone. raises: OSError"""
    try:
        with _one_kind_of_error(), _storage().open(f"{folder}/{REPLY}") as file:
            wav: bytes = file.read()
            return wav
    except FileNotFoundError:
        return None


def delete_audio(folder: str) -> None:
    """What the customer said; the reply stays. Idempotent. raises: OSError"""
    _delete(folder, keeps=REPLY)


def delete_all(folder: str) -> None:
    """Idempotent. raises: OSError"""
    _delete(folder)


def _storage() -> Storage:
    return storages[ALIAS]


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """Each storage's library raises its own classes; whoever waits and tries again knows one."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _delete(folder: str, *, keeps: str = "") -> None:
    storage = _storage()
    with _one_kind_of_error():
        try:
            names = storage.listdir(folder)[1]
        except FileNotFoundError:
            return
        for name in names:
            if name != keeps:
                storage.delete(f"{folder}/{name}")
        if keeps not in names:
            storage.delete(folder)
            _tidy(storage, folder.rpartition("/")[0])


def _tidy(storage: Storage, folder: str) -> None:
    """The call's own folder, once it is empty; a bucket has none. Somebody who writes there just now tries again."""
    if isinstance(storage, FileSystemStorage) and not any(storage.listdir(folder)):
        storage.delete(folder)
