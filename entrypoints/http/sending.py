"""Bytes of a document on their way to the client, whole or a range of them."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from litestar.response.base import ASGIResponse
from litestar.types import HTTPScope, Receive, Scope, Send

from application.archives import Packed
from application.downloads import FULL, Download
from domain.filetypes import BY_MIME, PDF
from entrypoints.http.conditions import Span, has_it, http_date, wanted_span
from entrypoints.http.filenames import attachment_header
from entrypoints.http.forwarding import Forwarding

_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"
# The browsers' own PDF viewers do not start inside a sandbox; scripts of a page are kept out all the same.
_VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'"
_PICTURES_KEPT = "private, max-age=3600"
_ORIGINALS_KEPT = "private, no-store"


class Opener(Protocol):
    """The use case that a download comes from."""

    @abstractmethod
    async def settle(self, download: Download) -> None:
        """See that it is there, for somebody else to read it."""

    @abstractmethod
    async def read(self, download: Download, start: int, stop: int) -> AsyncIterator[bytes]: ...


class SentBytes(ASGIResponse):
    """The body is opened before anything is sent, so what is missing is still an error and no half answer."""

    def __init__(self, status: int, headers: Mapping[str, str], body: AsyncIterator[bytes] | bytes) -> None:
        # Litestar's own initialiser would make headers and a body that are not sent.
        self.status_code = status
        self._head = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self._head})
        if isinstance(self._body, bytes):
            await send({"type": "http.response.body", "body": self._body, "more_body": False})
            return
        async for chunk in self._body:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def sent_archive(scope: HTTPScope, packed: Packed) -> SentBytes:
    """A ZIP file made while it is sent; its length and every part of it are known beforehand."""
    etag, made = f'"{packed.etag}"', packed.changed_at
    span = wanted_span(scope, packed.archive.size, etag, made)
    status, part = (206, span) if span else (200, Span(0, packed.archive.size))
    headers = {
        "content-type": "application/zip",
        "content-disposition": attachment_header(packed.filename, inline=False),
        "etag": etag,
        "accept-ranges": "bytes",
        "cache-control": _ORIGINALS_KEPT,
        "content-security-policy": _SANDBOX,
        "content-length": str(part.stop - part.start),
    }
    if span:
        headers["content-range"] = f"bytes {span.start}-{span.stop - 1}/{packed.archive.size}"
    return SentBytes(status, headers, b"" if scope["method"] == "HEAD" else packed.archive.read(*part))


async def sent(
    scope: HTTPScope,
    download: Download,
    *,
    inline: bool,
    opener: Opener,
    forward: Forwarding,
    more: Mapping[str, str] | None = None,
) -> SentBytes:
    """The answer to a GET or HEAD for `download`. Raises `RangeNotSatisfiable`."""
    etag, changed = f'"{download.etag}"', download.document.created_at
    headers = {**_headers(download, etag, inline=inline), **(more or {})}
    if has_it(scope, etag, changed):
        return SentBytes(304, {name: headers[name] for name in ("etag", "cache-control", "last-modified")}, b"")
    is_head = scope["method"] == "HEAD"
    if is_head or forward.is_on:
        await opener.settle(download)
    # A link is signed for GET alone, and HEAD costs nothing here. Ranges are for whoever sends.
    elsewhere = await forward(download, headers) if not is_head else None
    if elsewhere is not None:
        return SentBytes(*elsewhere, b"")
    span = wanted_span(scope, download.size, etag, changed)
    status, part = (206, span) if span else (200, Span(0, download.size))
    if span:
        headers["content-range"] = f"bytes {span.start}-{span.stop - 1}/{download.size}"
    headers["content-length"] = str(part.stop - part.start)
    return SentBytes(status, headers, b"" if is_head else await _body(download, part, opener))


async def _body(download: Download, part: Span, opener: Opener) -> AsyncIterator[bytes] | bytes:
    if download.content is not None:
        return download.content[part.start : part.stop]
    return await opener.read(download, part.start, part.stop)


def _headers(download: Download, etag: str, *, inline: bool) -> dict[str, str]:
    shown = inline and is_shown(download.mime)
    is_full = download.variant == FULL
    return {
        "content-type": download.mime,
        "content-disposition": attachment_header(_filename(download), inline=shown),
        "etag": etag,
        "last-modified": http_date(download.document.created_at),
        "accept-ranges": "bytes",
        "cache-control": _ORIGINALS_KEPT if is_full else _PICTURES_KEPT,
        "content-security-policy": _VIEWER if shown and download.mime == PDF.mime else _SANDBOX,
    }


def is_shown(mime: str) -> bool:
    """Whether a browser may show it in place: it can, and it cannot run script."""
    file_type = BY_MIME.get(mime)
    return file_type is not None and file_type.inline


def _filename(download: Download) -> str:
    name = download.document.original_filename
    if download.variant == FULL:
        return name
    return f"{name.rpartition('.')[0] or name}-{download.variant}.jpg"
