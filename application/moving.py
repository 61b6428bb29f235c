"""Moving the bytes to another storage while the service goes on with the old one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from application.copying import Tell, Unlike, brought, is_right, original, several
from application.derivatives import is_whole
from application.ports.backups import Stored
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing, Blobs
from application.ports.moving import Journal, Tombstones
from application.ports.upkeep import Upkeep
from application.ports.views import DocumentView
from application.verify import FROM_BACKUP, Finding
from domain.documents import Derived, Scan
from domain.ids import DocumentId, is_our_id

_PASSES = 5
"""After so many the uploads that still come are left to the next run, which has only them to do."""

_ASIDE = (Scan.INFECTED, Scan.QUARANTINED)
_PURGES_ASKED = 500
_OTHER_STORAGE = "look at that storage, then run migrate-storage again"


@dataclass(slots=True)
class Moved:
    """`verified` of the `documents` are in the new storage, `copied` of them by this run; `left_behind` blobs of the
    old one are of no document."""

    documents: int = 0
    verified: int = 0
    copied: int = 0
    bytes: int = 0
    left_behind: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.findings and self.verified == self.documents

    def add(self, step: "_Step") -> None:
        if step.finding is not None:
            self.findings.append(step.finding)
        self.documents += step.is_there or step.finding is not None
        self.verified += step.is_there
        if step.copied is not None:
            self.copied += 1
            self.bytes += step.copied


class _Pass:
    """Once over all documents."""

    def __init__(self, source: Blobs, target: Blobs, upkeep: Upkeep, journal: Journal) -> None:
        self._source = source
        self._target = target
        self._upkeep = upkeep
        self._journal = journal
        self._there: dict[str, int] = {}

    async def run(self, tell: Tell) -> Moved:
        self._there = {entry.key: entry.size async for entry in self._target.entries()}
        total = len([view.id async for view in self._upkeep.documents()])
        moved, done = Moved(), 0
        async for step in several(self._upkeep.documents(), self._one):
            done += 1
            tell(done, max(done, total))
            moved.add(step)
        return moved

    async def _one(self, view: DocumentView) -> "_Step":
        if view.scan in _ASIDE:
            await self._put_aside(view.prefix)
            return _Step()
        stored = Stored(view.id, view.prefix, view.file_size, view.sha256)
        copied = not await self._is_there(stored)
        if copied and (finding := await self._brought(stored)) is not None:
            # a document that has been purged meanwhile needs no bytes
            return _Step(finding=finding) if await self._upkeep.prefixes([view.id]) else _Step()
        self._journal.note(view.id)
        if view.derived == Derived.READY:
            await self._bring_pictures(view.prefix)
        return _Step(is_there=True, copied=view.file_size if copied else None)

    async def _is_there(self, stored: Stored) -> bool:
        if self._there.get(f"{stored.prefix}/{ORIGINAL}") != stored.size:
            return False
        return stored.id in self._journal or await is_right(self._target, stored)

    async def _brought(self, stored: Stored) -> Finding | None:
        # or what is wrong there would stay, and this be put aside
        await self._put_aside(stored.prefix)
        try:
            await brought(await original(self._source, stored), stored, self._target)
        except Unlike:
            return Finding("M1", stored.id, "its bytes are missing or damaged in the old storage", FROM_BACKUP)
        if not await is_right(self._target, stored):
            return Finding("M2", stored.id, "the new storage gives back other bytes than it was given", _OTHER_STORAGE)
        return None

    async def _put_aside(self, prefix: str) -> None:
        if f"{prefix}/{ORIGINAL}" in self._there:
            await self._target.quarantine(prefix)
            for name in (ORIGINAL, MEDIUM, THUMB):
                self._there.pop(f"{prefix}/{name}", None)

    async def _bring_pictures(self, prefix: str) -> None:
        """Those that can be had: others are made when somebody asks for them."""
        for key in (f"{prefix}/{MEDIUM}", f"{prefix}/{THUMB}"):
            if key in self._there:
                continue
            try:
                picture = b"".join([chunk async for chunk in await self._source.read(key)])
            except BlobMissing:
                continue
            if is_whole(picture):
                await self._target.put(key, picture)


class _Step(NamedTuple):
    """What a pass did with one document; neither there nor a finding: it has no bytes to move. `copied` in bytes."""

    is_there: bool = False
    copied: int | None = None
    finding: Finding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBlobs:
    """Copy what documents name and read back what was copied, until nothing new is found.

    What is on its way in stays in the old storage, and so does what is in quarantine.
    """

    upkeep: Upkeep
    tombstones: Tombstones

    async def __call__(self, source: Blobs, target: Blobs, journal: Journal, tell: Tell) -> Moved:
        """Stopped at any moment, the same call goes on where it was."""
        moved, copied, size = Moved(), 0, 0
        for _ in range(_PASSES):
            moved = await _Pass(source, target, self.upkeep, journal).run(tell)
            copied, size = copied + moved.copied, size + moved.bytes
            if not moved.copied:
                break
        await self._drop_purged(target)
        left_behind = len([id async for id, _ in self._unnamed(source)])
        return replace(moved, copied=copied, bytes=size, left_behind=left_behind)

    async def _drop_purged(self, target: Blobs) -> None:
        """What was purged after it was copied."""
        unnamed = {id: prefix async for id, prefix in self._unnamed(target)}
        ids = sorted(unnamed)
        for start in range(0, len(ids), _PURGES_ASKED):
            for id in await self.tombstones.purged(ids[start : start + _PURGES_ASKED]):
                await target.delete(unnamed[id])

    async def _unnamed(self, blobs: Blobs) -> AsyncIterator[tuple[DocumentId, str]]:
        prefixes = {entry.key.rpartition("/")[0] async for entry in blobs.entries()}
        prefixes -= {view.prefix async for view in self.upkeep.documents()}
        for prefix in prefixes:
            if is_our_id(id := prefix.rpartition("/")[2]):
                yield DocumentId(id), prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class DropMoved:
    """Delete from the old storage what is in the new one, once nothing reads from the old one any more."""

    upkeep: Upkeep

    async def __call__(self, old: Blobs, new: Blobs, tell: Tell) -> int:
        """How many documents' bytes went."""
        dropped = done = 0
        async for view in self.upkeep.documents():
            there = await new.stat(f"{view.prefix}/{ORIGINAL}")
            if there is not None and there.size == view.file_size:
                dropped += await old.stat(f"{view.prefix}/{ORIGINAL}") is not None
                await old.delete(view.prefix)
            done += 1
            tell(done, done)
        return dropped
