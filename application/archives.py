"""Taking files along: a chosen few, those of a record, or everything of a patient."""

import json
import re
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.owners import FindOwner
from application.ports.archives import Archive, Archiver, Member
from application.ports.audit_trail import AuditEntry, AuditTrail
from application.ports.blobs import ORIGINAL, Blobs
from application.ports.files import FileCriteria, FileView, FileViews, Link
from application.ports.paging import PageRequest
from application.ports.system import Clock
from application.ports.views import DocumentView, DocumentViews, NoteView, NoteViews
from domain.access import Permission, Principal
from domain.attachments import OwnerRef
from domain.errors import NotFound
from domain.ids import DocumentId, PatientId

MAX_FILES = 200
"""Files of one archive of chosen ones, and of one record."""

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive ready to be sent; `etag` changes exactly when its bytes do."""

    archive: Archive
    filename: str
    etag: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Give each document a name of its own inside, add the manifest, note who took what."""

    blobs: Blobs
    archiver: Archiver
    audit: AuditTrail
    clock: Clock

    async def __call__(
        self, actor: Principal, filename: str, placed: Sequence[tuple[str, DocumentView]], manifest: Mapping[str, Any]
    ) -> Packed:
        """`placed` says in which folder each document goes. One whose bytes are missing is named in the manifest."""
        members: list[Member] = []
        listed: list[dict[str, Any]] = []
        names = Names()
        for folder, view in placed:
            name = names.unique(folder, view)
            key = f"{view.prefix}/{ORIGINAL}"
            is_there = await self.blobs.stat(key) is not None
            listed.append(_described(view) | {"path": name if is_there else None})
            if is_there:
                members.append(Member(name, view.file_size, view.crc32, view.created_at, _reader(self.blobs, key)))
            await self.audit.append(self._entry(actor, view))
        await self.audit.flush()
        latest = max((view.updated_at for _, view in placed), default=self.clock())
        text = json.dumps({**manifest, "files": listed}, indent=2, ensure_ascii=False).encode()
        members.append(_in_memory("manifest.json", text, latest))
        etag = f"{zlib.crc32(text):08x}-{len(members)}-{sum(member.size for member in members)}"
        return Packed(archive=self.archiver(members), filename=filename, etag=etag, changed_at=latest)

    def _entry(self, actor: Principal, view: DocumentView) -> AuditEntry:
        return AuditEntry.by(
            actor, self.clock(), "document.exported", document_id=view.id, patient_id=view.patient_id, subject=view.id
        )


class Names:
    """Paths inside an archive: safe on every system, and no two alike on one that ignores case."""

    def __init__(self) -> None:
        self._taken: set[str] = {"manifest.json"}

    def unique(self, folder: str, view: DocumentView) -> str:
        shown = (view.captured_at or view.created_at).strftime("%Y-%m-%d")
        name = f"{safe(folder)}/{shown} {safe(view.original_filename)}"
        stem, dot, extension = name.rpartition(".")
        if not dot or "/" in extension:
            stem, extension = name, ""
        turn, unique = 1, name
        while unique.casefold() in self._taken:
            turn += 1
            unique = f"{stem} ({turn}){dot}{extension}"
        self._taken.add(unique.casefold())
        return unique


def safe(name: str) -> str:
    """A name that any file system takes."""
    return _NOT_IN_NAMES.sub("_", name).strip(" .")[:120] or "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipFiles:
    """Chosen documents, on a record or not; those that the principal may not see are left out, as if they had not been
    named."""

    files: FileViews
    documents: DocumentViews
    pack: Pack

    async def __call__(self, actor: Principal, ids: Sequence[DocumentId]) -> Packed:
        actor.require(Permission.DOCUMENTS_READ)
        wanted = list(dict.fromkeys(ids))
        views = await self.documents.many(actor, wanted)
        if not views:
            raise NotFound("There are no such files here")
        folders = {view.id: folder for folder, view in _by_record(await self.files.many(actor, wanted))}
        placed = [(folders.get(view.id) or _shelf(view, ()), view) for view in views]
        return await self.pack(actor, "files.zip", placed, {"kind": "files"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipRecord:
    """All files of one record."""

    files: FileViews
    find_owner: FindOwner
    pack: Pack

    async def __call__(self, actor: Principal, ref: OwnerRef) -> Packed:
        owner = await self.find_owner(actor, ref)
        actor.require(Permission.DOCUMENTS_READ, owner.patient_id)
        page = await self.files.of_owner(actor, ref, FileCriteria(), PageRequest(size=MAX_FILES))
        manifest = {"kind": "record", "owner_type": ref.type, "owner_id": ref.id, "patient_id": owner.patient_id}
        return await self.pack(actor, f"{ref.type}-{ref.id}.zip", _by_record(page.items), manifest)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPatient:
    """Everything of a patient: documents, photos, where they belong, pairs, and the notes for whom may read them."""

    files: FileViews
    notes: NoteViews
    find_owner: FindOwner
    pack: Pack

    async def __call__(self, actor: Principal, patient: PatientId) -> Packed:
        actor.require(Permission.DOCUMENTS_READ, patient)
        await self.find_owner.patient(actor, patient)
        views = await self.files.of_patient(actor, patient)
        links = await self.files.links(actor, [view.id for view in views])
        manifest = {
            "kind": "patient",
            "patient_id": patient,
            "links": [link._asdict() for link in links],
            "pairs": [
                {"before": view.id, "after": view.paired_document_id} for view in views if view.pair_role == "before"
            ],
            "notes": [_written(note) async for note in self._notes(actor, patient)],
        }
        placed = [(_shelf(view, links), view) for view in views]
        return await self.pack(actor, f"patient-{patient}.zip", placed, manifest)

    async def _notes(self, actor: Principal, patient: PatientId) -> AsyncIterator[NoteView]:
        if not actor.may(Permission.NOTES_READ, patient):
            return
        request: PageRequest | None = PageRequest(size=200)
        while request is not None:
            page = await self.notes.recent(actor, patient, request)
            for note in page.items:
                yield note
            request = PageRequest(size=200, after=page.next) if page.next else None


def _shelf(view: DocumentView, links: Sequence[Link]) -> str:
    if view.media_kind in ("photo", "xray"):
        return "photos"
    of_view = [link for link in links if link.document_id == view.id and link.owner_type != "patient"]
    return f"{of_view[0].owner_type}-{of_view[0].owner_id}" if of_view else "documents"


def _by_record(files: Sequence[FileView]) -> list[tuple[str, DocumentView]]:
    return [(f"{file.owner_type}-{file.owner_id}", file.document) for file in files]


def _described(view: DocumentView) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": view.title,
        "description": view.description,
        "original_filename": view.original_filename,
        "mime_type": view.mime_type,
        "size": view.file_size,
        "sha256": view.sha256,
        "document_type": view.document_type,
        "media_kind": view.media_kind,
        "media_category": view.media_category,
        "media_subtype": view.media_subtype,
        "captured_at": _stamp(view.captured_at),
        "tags": list(view.tags),
        "uploaded_by": view.uploaded_by,
        "created_at": _stamp(view.created_at),
    }


def _written(note: NoteView) -> dict[str, Any]:
    return {
        "id": note.id,
        "note_type": note.note_type,
        "owner_type": note.owner_type,
        "owner_id": note.owner_id,
        "body": note.body,
        "tooth_number": note.tooth_number,
        "author_id": note.author_id,
        "created_at": _stamp(note.created_at),
        "documents": [attachment.document.id for attachment in note.attachments],
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _in_memory(name: str, content: bytes, modified: datetime) -> Member:
    async def opened(start: int, stop: int) -> AsyncIterator[bytes]:
        return _once(content[start:stop])

    return Member(name, len(content), zlib.crc32(content), modified, opened)


def _reader(blobs: Blobs, key: str) -> Any:
    async def opened(start: int, stop: int) -> AsyncIterator[bytes]:
        return await blobs.read(key, start, stop)

    return opened


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
