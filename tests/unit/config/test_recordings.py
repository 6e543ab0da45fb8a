"""Where recordings are kept: a folder, or a bucket, or a plain word about what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import recordings
from config.recordings import recordings_storage


def test_a_folder_of_its_own_readable_by_nobody_else(tmp_path: Path) -> None:
    made = recordings_storage(tmp_path)
    assert made["BACKEND"].endswith("FileSystemStorage")
    assert made["OPTIONS"]["location"] == tmp_path
    assert made["OPTIONS"]["file_permissions_mode"] == 0o600


def test_a_bucket_by_its_name(tmp_path: Path) -> None:
    made = recordings_storage(tmp_path, bucket="calls", endpoint="https://s3.example", region="eu", access_key="a")
    assert made["BACKEND"].endswith("S3Storage")
    assert (made["OPTIONS"]["bucket_name"], made["OPTIONS"]["endpoint_url"]) == ("calls", "https://s3.example")
    assert made["OPTIONS"]["secret_key"] is None  # boto3 looks for it


def test_without_what_talks_to_buckets_the_start_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements/hosted\.txt"):
        recordings_storage(tmp_path, bucket="calls")
