"""Uploads, from the socket straight into the staging place: nothing is held in memory or written twice."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from litestar.types import HTTPScope, Receive
from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)
from zlib_ng import zlib_ng

from application.ports.blobs import StagedBlob
from domain.errors import Malformed, TooLarge, Unsupported
from entrypoints.http.exchange import exchange_of, header
from entrypoints.http.filenames import Disposition, disposition_of
from entrypoints.http.problems import TooSlow

FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`file` in bytes. A client may be silent for `idle` seconds, and be as slow as `slowest` bytes per second."""

    file: int
    field: int = 64 * 1024
    fields: int = 256 * 1024
    parts: int = 64
    header: int = 8 * 1024
    idle: float = 30.0
    grace: float = 120.0
    slowest: float = 8 * 1024.0

    @property
    def body(self) -> int:
        return self.file + self.fields + self.parts * 2 * self.header


@dataclass(slots=True)
class Form:
    """What came: the texts of each field, and what was said of the file, whose bytes are in the staging place."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    filename: str = ""
    declared: str | None = None
    size: int = 0
    crc32: int = 0
    has_file: bool = False


async def receive_form(scope: HTTPScope, receive: Receive, blob: StagedBlob, limits: Limits) -> Form:
    """Read a multipart body with exactly one file field named `file`; texts may come before and after it.

    Raises `Malformed`, `TooLarge` as soon as it is known, `Unsupported` for another kind of body, `TooSlow`. What was
    staged is the caller's to discard.
    """
    reading = _Reading(blob, limits)
    parser = _parser(scope, limits)
    try:
        async for chunk in arriving(scope, receive, limits, limits.body, _too_large(limits)):
            for event in parser.parse(chunk):
                await reading.take(event)
        parser.close()
    except ParserLimitReached as error:
        raise Malformed("The form has too many parts or too long part headers") from error
    except MultipartError as error:
        raise Malformed("The body is not a well-formed multipart form") from error
    if not reading.form.has_file:
        raise Malformed("A file is needed in the field file", field=FILE)
    return reading.form


def _parser(scope: HTTPScope, limits: Limits) -> PushMultipartParser:
    media_type, options = parse_options_header((header(scope, b"content-type") or b"").decode("latin-1"))
    if media_type != "multipart/form-data":
        raise Unsupported("Send the file as multipart/form-data")
    boundary = options.get("boundary", "")
    if not 1 <= len(boundary) <= 200:
        raise Malformed("The Content-Type names no usable boundary")
    try:
        return PushMultipartParser(
            boundary.encode("latin-1"),
            max_header_size=limits.header,
            max_segment_count=limits.parts,
            max_segment_size=math.inf,
            header_charset="latin-1",
        )
    except MultipartError as error:
        raise Malformed("The Content-Type names no usable boundary") from error


async def arriving(
    scope: HTTPScope, receive: Receive, limits: Limits, most: int, too_large: TooLarge
) -> AsyncIterator[bytes]:
    """The chunks of the body, none later than allowed; raises `too_large` for more than `most` bytes in all."""
    exchange, announced = exchange_of(scope), header(scope, b"content-length") or b"0"
    exchange.arrived = 0
    if announced.isdigit() and int(announced) > most:
        raise too_large
    begun, total, more = time.monotonic(), 0, True
    while more:
        chunk, more = await _chunk(receive, limits.idle)
        total += len(chunk)
        exchange.arrived = total
        if total > most:
            raise too_large
        if time.monotonic() - begun > limits.grace + total / limits.slowest:
            raise TooSlow("The file arrives too slowly; send it again over a better connection")
        if chunk:
            yield chunk


async def _chunk(receive: Receive, seconds: float) -> tuple[bytes, bool]:
    """The next bytes, and whether more are to come."""
    try:
        async with asyncio.timeout(seconds):
            message = await receive()
    except TimeoutError as error:
        raise TooSlow("Nothing more of the file arrived for a while; send it again") from error
    if message["type"] != "http.request":
        raise Malformed("The request ended before the whole file had arrived")
    # ASGI lets a server leave out what is empty or false.
    return message.get("body", b""), message.get("more_body", False)


class _Reading:
    """Takes the parser's events: a part begins, bytes of it, a part ends."""

    def __init__(self, blob: StagedBlob, limits: Limits) -> None:
        self.form = Form()
        self._blob = blob
        self._limits = limits
        self._part: Disposition | None = None
        self._text = bytearray()
        self._texts = 0

    async def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if event is None:
            self._end()
        elif isinstance(event, MultipartSegment):
            self._begin(event)
        elif self._part is not None and self._part.filename is not None:
            await self._file(bytes(event))
        else:
            self._texts += len(event)
            if len(self._text) + len(event) > self._limits.field or self._texts > self._limits.fields:
                raise TooLarge("The texts of the form are too long")
            self._text += event

    def _begin(self, part: MultipartSegment) -> None:
        self._part = disposition = disposition_of(part.header("Content-Disposition") or "")
        if disposition.name == FILE:
            if self.form.has_file:
                raise Malformed("Only one file can be sent at a time", field=FILE)
            self._part = Disposition(FILE, disposition.filename or "")
            self.form.has_file = True
            self.form.filename = disposition.filename or ""
            self.form.declared = part.header("Content-Type")
        elif disposition.filename is not None:
            raise Malformed("The file belongs into the field file, and nothing else is a file", field=disposition.name)

    async def _file(self, chunk: bytes) -> None:
        self.form.size += len(chunk)
        if self.form.size > self._limits.file:
            raise _too_large(self._limits)
        self.form.crc32 = zlib_ng.crc32(chunk, self.form.crc32)
        await self._blob.write(chunk)

    def _end(self) -> None:
        part, self._part = self._part, None
        if part is not None and part.filename is None:
            try:
                self.form.fields.setdefault(part.name, []).append(self._text.decode())
            except UnicodeDecodeError as error:
                raise Malformed("The texts of the form must be UTF-8", field=part.name) from error
        self._text.clear()


def _too_large(limits: Limits) -> TooLarge:
    return TooLarge(f"A file may have at most {limits.file // 2**20} MB", field=FILE)
