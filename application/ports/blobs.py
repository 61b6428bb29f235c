"""Where the bytes are.

A new document's bytes are first staged under its id, made durable there, and promoted to their final place only after
the row that names them is committed. So a crash leaves either nothing but a staging entry, or a row whose bytes can
still be promoted; never a blob that nothing names.
"""

import re
from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from application.ports.inspecting import Source
from domain.ids import DocumentId

ORIGINAL, THUMB, MEDIUM = "original", "thumb", "medium"

CHUNK = 256 * 1024
"""Bytes per chunk that `Blobs.read` yields, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What was written: bytes, and both checksums of them."""

    size: int
    sha256: str
    crc32: int


@dataclass(frozen=True, slots=True)
class BlobEntry:
    """One stored blob: `key` is ``prefix/name``, size in bytes, time of the last change in UTC."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class StagedEntry:
    id: DocumentId
    modified: datetime


class StagedBlob(Protocol):
    """The bytes of one upload on their way in."""

    @abstractmethod
    async def write(self, chunk: bytes) -> None:
        """Append to the original. Hashes in the same pass; never blocks the event loop for long."""

    @abstractmethod
    async def seal(self) -> Digest:
        """Close the original; nothing may be written to it afterwards."""

    @property
    @abstractmethod
    def source(self) -> Source:
        """The sealed original, to be looked into on this machine."""

    @abstractmethod
    async def add(self, name: str, data: bytes) -> None:
        """Put a derivative beside the original."""

    @abstractmethod
    async def keep(self) -> None:
        """Make everything written durable where every machine of the installation can promote it.

        After this returns the bytes survive loss of power. Raises `Unavailable` when they may not.
        """

    @abstractmethod
    async def discard(self) -> None:
        """Drop it all. Harmless at any time and any number of times; does nothing after the promotion."""


class Blobs(Protocol):
    """Keys are ``{prefix}/{name}``; a document's prefix is ``{clinic}/{patient}/{YYYY-MM}/{document id}``.

    Every method raises `Unavailable` when the storage is away. A prefix or name never climbs out of the storage.
    """

    @abstractmethod
    async def stage(self, id: DocumentId) -> StagedBlob:
        """Begin an upload. An older staging entry of the same id is replaced."""

    @abstractmethod
    async def promote(self, id: DocumentId, prefix: str) -> None:
        """Move a kept staging entry to its final place, durably. Idempotent: promoting again changes nothing.

        Raises `BlobMissing` when the id is neither staged nor already at `prefix`.
        """

    @abstractmethod
    def staged(self) -> AsyncIterator[StagedEntry]:
        """Every staging entry there is, of any age."""

    @abstractmethod
    async def unstage(self, id: DocumentId) -> None:
        """Drop a staging entry; silent when there is none."""

    @abstractmethod
    async def stat(self, key: str) -> BlobEntry | None: ...

    @abstractmethod
    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but not including `stop` (None: the end), in chunks of at most `CHUNK`.

        The blob is opened before this returns, so `BlobMissing` is raised here and not in the middle of the body;
        what is being read stays readable to its end even if the key is deleted or replaced meanwhile.
        """

    @abstractmethod
    async def fetch(self, key: str) -> Source:
        """The whole blob, to be looked into on this machine. Raises `BlobMissing`."""

    @abstractmethod
    async def put(self, key: str, data: bytes) -> None:
        """Write a derivative whole: readers see the old bytes or the new, never a part."""

    @abstractmethod
    async def delete(self, prefix: str) -> None:
        """Delete a document's blobs, derivatives first and the original last; silent when there are none."""

    @abstractmethod
    async def quarantine(self, prefix: str) -> None:
        """Put a document's blobs aside, out of reach of `read` and `entries`, not gone; silent when there are none."""

    @abstractmethod
    def entries(self) -> AsyncIterator[BlobEntry]:
        """Every blob at its final place, in no order; nothing that is staged or in quarantine."""

    @abstractmethod
    async def check(self) -> None:
        """Raise `Unavailable` with a reason for operators unless the storage can be written now."""

    @abstractmethod
    async def close(self) -> None: ...


class BlobMissing(LookupError):
    """No blob under that key."""


@runtime_checkable
class ServesPaths(Protocol):
    """A storage whose blobs are files that a web server in front can send by itself (X-Accel-Redirect)."""

    @abstractmethod
    def path(self, key: str) -> str:
        """Where the blob's file is or would be, below the storage's root folder, joined by /. Touches nothing."""


@runtime_checkable
class SignsLinks(Protocol):
    """A storage that can let a client read one blob directly, for a while."""

    @abstractmethod
    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        """A URL that answers GET for `seconds`, with that Content-Type and Content-Disposition, and not to be stored.

        It is made without asking the storage: for a key that does not exist the storage answers 404.
        """


_SEGMENT = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def segments(key: str) -> tuple[str, ...]:
    """The parts of a key or prefix; raises `ValueError` for one that no storage may be asked for."""
    parts = tuple(key.split("/"))
    for part in parts:
        # "." and ".." are made of legal characters but would climb
        if _SEGMENT.fullmatch(part) is None or not part.strip("."):
            raise ValueError("a storage key is made of parts of 1 to 128 characters A-Z a-z 0-9 . _ : - joined by /")
    return parts


def segment(name: str) -> str:
    """A name or staging id, which is one part of a key; raises `ValueError` for anything else."""
    if len(segments(name)) > 1:
        raise ValueError("a name or an id in a storage is one part, without /")
    return name
