"""The protocol of uploads in pieces (tus 1.0.0): what its headers say and how they are answered."""

import binascii
import re
from base64 import b64decode
from http import HTTPStatus
from typing import cast

from litestar.types import HTTPScope, Message, Scope

from application.ports.resumable import Upload
from application.resumable.pieces import Checksum
from domain.errors import Malformed, Unsupported
from entrypoints.http.conditions import http_date
from entrypoints.http.exchange import header
from entrypoints.http.problems import UnsupportedVersion

PATH = "/api/v1/uploads"
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
BYTES = "application/offset+octet-stream"

REQUEST_HEADERS = (
    *("Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Checksum", "Upload-Defer-Length"),
    "X-HTTP-Method-Override",
)
RESPONSE_HEADERS = (
    *("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"),
    *("Upload-Length", "Upload-Offset", "Upload-Metadata", "Upload-Expires", "Upload-Document", "Content-Location"),
)

_LONGEST_METADATA = 16 * 1024
_NUMBER = re.compile(rb"\d{1,15}")
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,64}")


class TusHeaders:
    """A Litestar hook: every answer here names the version, that to OPTIONS what else is spoken."""

    def __init__(self, max_size: int) -> None:
        self._max_size = str(max_size).encode()

    async def __call__(self, message: Message, any_scope: Scope) -> None:
        scope = cast("HTTPScope", any_scope)
        if message["type"] != "http.response.start" or not scope["path"].startswith(PATH):
            return
        headers = [*message["headers"], (b"tus-resumable", VERSION.encode())]
        if scope["method"] == "OPTIONS" or message["status"] == HTTPStatus.PRECONDITION_FAILED:
            headers.append((b"tus-version", VERSION.encode()))
        if scope["method"] == "OPTIONS":
            headers += [
                (b"tus-extension", EXTENSIONS.encode()),
                (b"tus-max-size", self._max_size),
                (b"tus-checksum-algorithm", ",".join(ALGORITHMS).encode()),
                # A page of another origin asks too; Litestar takes that for a preflight, whose answer no page reads.
                (b"access-control-expose-headers", ",".join(RESPONSE_HEADERS).encode()),
            ]
        message["headers"] = headers


def require_version(scope: HTTPScope) -> None:
    if header(scope, b"tus-resumable") != VERSION.encode():
        raise UnsupportedVersion(f"Send Tus-Resumable: {VERSION}", field="Tus-Resumable")


def require_bytes(scope: HTTPScope) -> None:
    if not brings_bytes(scope):
        raise Unsupported(f"Send the bytes as {BYTES}", field="Content-Type")


def brings_bytes(scope: HTTPScope) -> bool:
    return (header(scope, b"content-type") or b"").strip().lower() == BYTES.encode()


def length_of(scope: HTTPScope) -> int:
    if header(scope, b"upload-defer-length") is not None:
        raise Malformed("Upload-Length must be known from the beginning", field="Upload-Defer-Length")
    return _number(scope, "Upload-Length")


def offset_of(scope: HTTPScope) -> int:
    return _number(scope, "Upload-Offset")


def _number(scope: HTTPScope, name: str) -> int:
    said = header(scope, name.lower().encode())
    if said is None or _NUMBER.fullmatch(said) is None:
        raise Malformed(f"{name} must be a number of bytes", field=name)
    return int(said)


def checksum_of(scope: HTTPScope) -> Checksum | None:
    said = header(scope, b"upload-checksum")
    if said is None:
        return None
    algorithm, _, digest = said.decode("latin-1").partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed(f"The algorithm must be one of {', '.join(ALGORITHMS)}", field="Upload-Checksum")
    return Checksum(algorithm=algorithm, digest=_decoded(digest.strip(), "Upload-Checksum"))


def metadata_of(scope: HTTPScope) -> str:
    """As the client said it."""
    said = header(scope, b"upload-metadata") or b""
    if len(said) > _LONGEST_METADATA:
        raise Malformed("The metadata are too long", field="Upload-Metadata")
    return said.decode("latin-1")


def parsed(metadata: str) -> dict[str, str]:
    """Raises `Malformed`."""
    words: dict[str, str] = {}
    for pair in metadata.split(",") if metadata.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if _KEY.fullmatch(key) is None or key in words:
            raise Malformed("Upload-Metadata is a list of different keys, each with its value", field="Upload-Metadata")
        try:
            words[key] = _decoded(value.strip(), "Upload-Metadata").decode()
        except UnicodeDecodeError as error:
            raise Malformed("The values of Upload-Metadata must be UTF-8", field="Upload-Metadata") from error
    return words


def _decoded(text: str, field: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{field} must be Base64", field=field) from error


def told(upload: Upload, document_path: str) -> dict[str, str]:
    """Where an upload stands, and once it is finished which document it has become."""
    headers = {"Upload-Offset": str(upload.received)}
    if upload.document_id is None:
        headers["Upload-Expires"] = http_date(upload.expires_at)
    else:
        headers["Upload-Document"] = upload.document_id
        headers["Content-Location"] = f"{document_path}/{upload.document_id}"
    return headers
