"""What the service and its helper processes say to each other: length-prefixed msgpack, every message typed.

A helper that a hostile file has taken over can send anything, so the service decodes only into these shapes.
"""

from datetime import datetime
from typing import TypeAlias

import msgspec

LENGTH_BYTES = 4
MAX_REPLY_BYTES = 64 * 1024 * 1024


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """Sent once, before the first job. Sizes in pixels, `memory_bytes` and `cpu_seconds` are per file."""

    thumb_px: int
    medium_px: int
    max_pixels: int
    memory_bytes: int
    cpu_seconds: int


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A file to look into: its path, or its bytes where it has none. With `strip`, which is its MIME type, it is the
    structure of a copy without metadata that is wanted, and nothing else."""

    extension: str = ""
    strip: str | None = None
    path: str | None = None
    data: bytes | None = None


class Taken(msgspec.Struct, frozen=True):
    """A date as a file states it: wall-clock time, and its distance from UTC where the file says so."""

    at: datetime
    offset_minutes: int | None = None


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The helper has loaded what it needs."""


class Sniffed(msgspec.Struct, frozen=True, tag=True):
    """What the bytes are; said before anything is decoded, so that it is known even if decoding kills the helper."""

    mime: str | None


class Unopened(msgspec.Struct, frozen=True, tag=True):
    """The file could not be opened or read from its storage: nothing is said about its content."""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The file is damaged or over a limit. `detail` holds nothing from the file."""

    detail: str
    spent: bool = False


class Pictures(msgspec.Struct, frozen=True):
    """Thumb and medium as JPEG, and the placeholder."""

    thumb: bytes
    medium: bytes
    placeholder: str


class Done(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The file is sound. Dates stand in the order they are to be believed."""

    mime: str | None
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    taken: tuple[Taken, ...] = ()
    pictures: Pictures | None = None
    spent: bool = False
    """The helper has served enough and should be replaced."""


class Sound(msgspec.Struct, frozen=True, tag=True):
    """The file is sound as a document, whatever becomes of the attempt to draw it."""

    answer: Done


class Piece(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of: bytes of the original from `start` up to but not including `stop`; `data`; so many `zeros`."""

    start: int = 0
    stop: int = 0
    data: bytes = b""
    zeros: int = 0


class Copied(msgspec.Struct, frozen=True, tag=True):
    """What a copy is put together of, in the order of the original."""

    pieces: tuple[Piece, ...]
    spent: bool = False


Answer: TypeAlias = Unopened | Refused | Done | Copied
Reply: TypeAlias = Ready | Sniffed | Sound | Answer


def framed(message: msgspec.Struct) -> bytes:
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body
