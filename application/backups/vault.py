"""The place where backups are kept: any storage, with everything in it sealed.

    about/place                                  how it is sealed, readable
    files/{end of the id}/{document id}/original a document's bytes: once, however many snapshots name them
    snapshots/{snapshot}/database/original       the copy of the database
    snapshots/{snapshot}/listing/original        a line for each document: id, prefix, size, sha256
    snapshots/{snapshot}/manifest                counts and checksums; written last: without it there is no snapshot

What is kept is written once and never changed, so a stopped backup leaves nothing that must be mended.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from application.ports.backups import BackupRefused, Stored
from application.ports.blobs import ORIGINAL, BlobMissing, Blobs
from application.ports.sealing import Cipher, Ciphers, Damaged, Sealing
from application.ports.system import NewId
from domain.ids import DocumentId

_ABOUT, _MANIFEST = "about/place", "manifest"
_FILES, _SNAPSHOTS = "files", "snapshots"
DATABASE, LISTING = "database", "listing"
_FORMAT = 1
_LINE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was written: size in bytes and checksum of the bytes before they were sealed."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds. `missing` are ids of documents whose bytes could not be copied whole."""

    snapshot: str
    made_at: str
    version: str
    kind: str
    revision: str
    documents: int
    bytes: int
    database: Part
    listing: Part
    missing: tuple[str, ...] = ()


class NewPart:
    """Takes the bytes in; `part` once all of them came."""

    def __init__(self, staged: Any, sealing: Sealing) -> None:
        self._staged = staged
        self._sealing = sealing
        self._sum, self._size = hashlib.sha256(), 0

    async def write(self, chunk: bytes) -> None:
        self._sum.update(chunk)
        self._size += len(chunk)
        if sealed := self._sealing.update(chunk):
            await self._staged.write(sealed)

    @property
    def part(self) -> Part:
        return Part(size=self._size, sha256=self._sum.hexdigest())


class Vault:
    def __init__(self, blobs: Blobs, cipher: Cipher, new_id: NewId) -> None:
        self._blobs = blobs
        self._cipher = cipher
        self._new_id = new_id

    @asynccontextmanager
    async def writing(self, prefix: str) -> AsyncIterator[NewPart]:
        """A new file, durable and at its place when the block is left; an error in the block leaves nothing."""
        id = DocumentId(self._new_id())
        staged, sealing = await self._blobs.stage(id), self._cipher.seal(prefix)
        try:
            yield NewPart(staged, sealing)
            await staged.write(sealing.finish())
            await staged.seal()
            await staged.keep()
            await self._blobs.promote(id, prefix)
        except BaseException:
            await staged.discard()
            raise

    async def read(self, prefix: str, part: Part) -> AsyncIterator[bytes]:
        """Raises `Damaged`, at the end at the latest, for bytes that are missing or not those that were written."""
        digest, size = hashlib.sha256(), 0
        try:
            chunks = await self._blobs.read(f"{prefix}/{ORIGINAL}")
        except BlobMissing as error:
            raise Damaged from error
        async for chunk in self._cipher.open(prefix, chunks):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise Damaged

    def document(self, stored: Stored) -> AsyncIterator[bytes]:
        return self.read(file_of(stored.id), Part(size=stored.size, sha256=stored.sha256))

    async def listing(self, manifest: Manifest) -> AsyncIterator[Stored]:
        """Every document of a snapshot, ordered by id."""
        rest = b""
        async for chunk in self.read(place_of(manifest.snapshot, LISTING), manifest.listing):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield Stored(*json.loads(line))
            if len(rest) > _LINE:
                raise Damaged

    async def sealed_sizes(self) -> dict[str, int]:
        """How many bytes lie here for each document."""
        return {
            entry.key.split("/")[2]: entry.size
            async for entry in self._blobs.entries()
            if entry.key.startswith(f"{_FILES}/") and entry.key.endswith(f"/{ORIGINAL}")
        }

    def sealed_size(self, size: int) -> int:
        return self._cipher.sealed_size(size)

    async def remove(self, prefix: str) -> None:
        await self._blobs.delete(prefix)

    async def add(self, manifest: Manifest) -> None:
        prefix = f"{_SNAPSHOTS}/{manifest.snapshot}"
        told = json.dumps({"format": _FORMAT, **asdict(manifest)}).encode()
        data = hashlib.sha256(told).hexdigest().encode() + b"\n" + told
        sealing = self._cipher.seal(prefix)
        await self._blobs.put(f"{prefix}/{_MANIFEST}", sealing.update(data) + sealing.finish())

    async def snapshots(self) -> Sequence[str]:
        """Their names, the oldest first."""
        ends = f"/{_MANIFEST}"
        keys = [entry.key async for entry in self._blobs.entries() if entry.key.endswith(ends)]
        return sorted(key.split("/")[1] for key in keys if key.startswith(f"{_SNAPSHOTS}/"))

    async def unfinished(self) -> set[str]:
        """Snapshots that were begun, and of which there is no manifest (any more)."""
        begun = {entry.key.split("/")[1] async for entry in self._blobs.entries() if entry.key.startswith(_SNAPSHOTS)}
        return begun - set(await self.snapshots())

    async def manifest(self, snapshot: str) -> Manifest:
        """Raises `Damaged`."""
        prefix = f"{_SNAPSHOTS}/{snapshot}"
        try:
            chunks = await self._blobs.read(f"{prefix}/{_MANIFEST}")
            data = b"".join([chunk async for chunk in self._cipher.open(prefix, chunks)])
            digest, _, told = data.partition(b"\n")
            if digest != hashlib.sha256(told).hexdigest().encode():
                raise Damaged
            return _manifest(json.loads(told))
        except (BlobMissing, KeyError, TypeError, ValueError) as error:
            raise Damaged from error

    async def drop(self, snapshot: str) -> None:
        """The manifest first: what is left of it by whoever stops here is no snapshot."""
        await self._blobs.delete(f"{_SNAPSHOTS}/{snapshot}")
        for part in (DATABASE, LISTING):
            await self._blobs.delete(place_of(snapshot, part))


async def open_vault(blobs: Blobs, ciphers: Ciphers, new_id: NewId, *, begin: bool = False) -> Vault:
    """Raises `BackupRefused` where there is none (unless it may `begin` one) and where the key is not that of it."""
    try:
        note = json.loads(b"".join([chunk async for chunk in await blobs.read(_ABOUT)]))
    except BlobMissing:
        if not begin:
            raise BackupRefused("There are no backups here") from None
        note, cipher = ciphers.begin()
        await blobs.put(_ABOUT, json.dumps({"program": "clinic-media", "format": str(_FORMAT), **note}).encode())
        return Vault(blobs, cipher, new_id)
    except ValueError as error:
        raise BackupRefused("The file about/place of these backups is damaged: bring it back from a copy") from error
    if note.get("format") != str(_FORMAT):
        raise BackupRefused("These backups are of a newer version: install that")
    return Vault(blobs, ciphers.resume(note), new_id)


def file_of(id: str) -> str:
    return f"{_FILES}/{id[-2:]}/{id}"


def place_of(snapshot: str, part: str) -> str:
    return f"{_SNAPSHOTS}/{snapshot}/{part}"


def _manifest(told: dict[str, Any]) -> Manifest:
    if told.pop("format") != _FORMAT:
        raise BackupRefused("This backup is of a newer version: install that")
    database, listing = Part(**told.pop(DATABASE)), Part(**told.pop(LISTING))
    return Manifest(missing=tuple(told.pop("missing")), database=database, listing=listing, **told)
