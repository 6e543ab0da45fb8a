"""Where recordings are kept: a folder of this machine, or a bucket that all machines share."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def recordings_storage(
    folder: Path, *, bucket: str = "", endpoint: str = "", region: str = "", access_key: str = "", secret_key: str = ""
) -> dict[str, Any]:
    """STORAGES["recordings"]. Without keys, boto3 looks where it always does (its own variables, the machine's role).

    raises: ImproperlyConfigured where a bucket is named and what talks to it is not installed
    """
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": folder,
                "allow_overwrite": True,  # a part that is written again is the same part
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "RECORDINGS_S3_BUCKET needs django-storages and boto3: install requirements/hosted.txt, or unset it."
        )
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": access_key or None,
        "secret_key": secret_key or None,
        "file_overwrite": True,
        "default_acl": None,
        "querystring_auth": True,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
