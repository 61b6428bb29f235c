"""Checking that what is stored is whole: read-only, structure first, bytes on demand."""

import hashlib
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from application.copying import several
from application.derivatives import is_whole
from application.ports.audit_trail import AuditTrail
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing, Blobs
from application.ports.system import Clock
from application.ports.upkeep import Upkeep
from application.ports.views import DocumentView
from application.recovery import ABANDONED_AFTER
from domain.documents import Derived, Scan
from domain.ids import DocumentId, is_our_id


class Finding(NamedTuple):
    """`code` names the invariant broken, `mend` the command or step that puts it right."""

    code: str
    id: str
    problem: str
    mend: str


_ALL = 2**31 - 1
_BLOBS_PER_DOCUMENT = (ORIGINAL, MEDIUM, THUMB)
_AT_ONCE = 16
"""Documents: a bucket takes its time to answer, and takes no longer for so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """Find broken invariants (see the README's table of codes). `share` of the documents has its bytes read."""

    blobs: Blobs
    upkeep: Upkeep
    audit: AuditTrail
    clock: Clock

    async def __call__(self, *, share: float = 0.0) -> AsyncIterator[Finding]:
        known: set[str] = set()
        staged: set[DocumentId] = set()

        async def looked_at(view: DocumentView) -> list[Finding]:
            known.add(view.prefix)
            return await self._document(view, staged, read=_sampled(view.id, share))

        async for findings in several(self.upkeep.documents(), looked_at, at_once=_AT_ONCE):
            for finding in findings:
                yield finding
        known |= {purge.prefix for purge in await self.upkeep.unfinished_purges(_ALL)}
        async for finding in self._storage(known):
            yield finding
        async for code, id, problem in self.upkeep.contradictions():
            yield Finding(code, id, problem, "report it: the database refuses this, so it was changed from outside")
        for clinic in await self.upkeep.clinics():
            for seq in await self.audit.broken_links(clinic):
                yield Finding("I9", f"{clinic}/{seq}", "the audit chain does not hold here", "compare with a backup")

    async def _document(self, view: DocumentView, staged: set[DocumentId], *, read: bool) -> list[Finding]:
        if view.scan in (Scan.INFECTED, Scan.QUARANTINED):
            return []  # its bytes are aside, or about to be
        stat = await self.blobs.stat(f"{view.prefix}/{ORIGINAL}")
        if stat is None:
            return await self._missing(view, staged)
        pictures = await self._pictures(view, read=read) if view.derived == Derived.READY else []
        if stat.size != view.file_size:
            problem = f"{stat.size} bytes stored, {view.file_size} expected"
        elif read and not await self._intact(view):
            problem = "the bytes are not those that were uploaded"
        else:
            return pictures
        return [Finding("I1", view.id, problem, FROM_BACKUP), *pictures]

    async def _missing(self, view: DocumentView, staged: set[DocumentId]) -> list[Finding]:
        """`staged` is what has been seen there: after a crash it is long, and not listed again for each that is."""
        if view.id not in staged:
            staged |= {entry.id async for entry in self.blobs.staged()}
        # Asked again: it may have been promoted, or purged, while we looked
        if await self.blobs.stat(f"{view.prefix}/{ORIGINAL}") or not await self.upkeep.prefixes([view.id]):
            return []
        if view.id in staged:
            return [Finding("I10", view.id, "its bytes are staged but not promoted", "verify --repair")]
        return [Finding("I1", view.id, "its bytes are missing", FROM_BACKUP)]

    async def _intact(self, view: DocumentView) -> bool:
        digest, crc = hashlib.sha256(), 0
        try:
            async for chunk in await self.blobs.read(f"{view.prefix}/{ORIGINAL}"):
                digest.update(chunk)
                crc = zlib.crc32(chunk, crc)
        except BlobMissing:
            return False
        return digest.hexdigest() == view.sha256 and crc == view.crc32

    async def _pictures(self, view: DocumentView, *, read: bool) -> list[Finding]:
        found: list[Finding] = []
        for name in (MEDIUM, THUMB):
            if await self.blobs.stat(f"{view.prefix}/{name}") is None:
                found.append(Finding("I12", view.id, f"its {name} picture is missing", "verify --repair"))
            elif read and not await self._is_picture(f"{view.prefix}/{name}"):
                found.append(Finding("I12", view.id, f"its {name} picture is cut off", "verify --repair"))
        return found

    async def _is_picture(self, key: str) -> bool:
        try:
            return is_whole(b"".join([chunk async for chunk in await self.blobs.read(key)]))
        except BlobMissing:
            return False

    async def _storage(self, known: set[str]) -> AsyncIterator[Finding]:
        now = self.clock()
        async for entry in self.blobs.entries():
            prefix, _, name = entry.key.rpartition("/")
            if prefix not in known and now - entry.modified > ABANDONED_AFTER:
                mend = "verify --repair" if is_our_id(prefix.rpartition("/")[2]) else _LOOK
                yield Finding("I3", entry.key, "no document names these bytes", mend)
            elif prefix in known and name not in _BLOBS_PER_DOCUMENT:
                yield Finding("I3", entry.key, "no document has a blob of this name", _LOOK)
        async for staged in self.blobs.staged():
            if now - staged.modified > ABANDONED_AFTER + timedelta(hours=1):
                mend = "verify --repair" if is_our_id(staged.id) else _LOOK
                yield Finding("I10", staged.id, "an abandoned upload", mend)


FROM_BACKUP = "restore BACKUP --mend"
_LOOK = "look at it, then remove it"


def _sampled(id: DocumentId, share: float) -> bool:
    """The same documents each time for the same share."""
    return zlib.crc32(id.encode()) / 2**32 < share
