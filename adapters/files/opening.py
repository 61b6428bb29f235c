"""Which storage a URL means."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from adapters.files.azure import AzureObjects
from adapters.files.bucket import BucketBlobs, SigningBlobs
from adapters.files.gcs import GcsObjects
from adapters.files.local import LocalBlobs
from adapters.files.s3 import S3Objects
from application.ports.blobs import Blobs

_KNOWN = "file:///folder, s3://bucket/prefix, gcs://bucket/prefix or az://container/prefix"
_AZURE, _GCS = ("az", "abfs"), ("gcs", "gs")


def open_blobs(url: str, options: Mapping[str, Any], scratch: Path) -> Blobs:
    """The storage that `url` names. `options` are those of its fsspec client; `scratch` is a folder of this machine.

    A bucket is not asked before its first use. Raises `ValueError`, a sentence for operators, for a URL of no known
    kind and where the client's package is missing; `Unavailable` where a folder cannot be made.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path not in ("", "/"):
        return LocalBlobs(Path(unquote(parts.path)))
    place = f"{parts.netloc}{parts.path}".strip("/")
    if parts.scheme == "s3" and place:
        return SigningBlobs(S3Objects(place, options), scratch)
    if parts.scheme in _AZURE and place:
        objects = AzureObjects(place, options)
        return SigningBlobs(objects, scratch) if objects.can_sign else BucketBlobs(objects, scratch)
    if parts.scheme in _GCS and place:
        return BucketBlobs(GcsObjects(place, options), scratch)
    raise ValueError(f"{url!r} names no storage that is known: write {_KNOWN}")
