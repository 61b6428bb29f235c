"""Bringing files over, by the order of writes that uploads keep: staged and durable, then named by one transaction,
then promoted. What an upload refuses is kept here, as bytes that nobody is told to open, and named."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from application.ports.blobs import Blobs, Digest, StagedBlob
from application.ports.imports import ImportedRow
from application.ports.inspecting import FileInspector, Inspected, Source
from application.ports.legacy import Anomaly, LegacyFile, LegacySource
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.uploads import keep, stored_file
from domain import attachments, documents, filetypes, wording
from domain.access import Principal
from domain.attachments import MediaAttachment
from domain.documents import Details, Document, prefix_for, store
from domain.errors import DomainError, Unavailable, Unreadable, Unsupported
from domain.ids import AttachmentId, DocumentId
from domain.media import capture

OPAQUE = "application/octet-stream"
_AT_ONCE = 4


class Seen(NamedTuple):
    """What the bytes of a file are, and what about them is not as its row says."""

    inspected: Inspected
    mime: str
    anomalies: tuple[Anomaly, ...]


class Staged(NamedTuple):
    file: LegacyFile
    id: DocumentId
    blob: StagedBlob
    digest: Digest
    seen: Seen


async def look_into(inspector: FileInspector, source: Source, size: int, file: LegacyFile, now: datetime) -> Seen:
    """Never refuses: what cannot be told is opaque."""
    found: list[Anomaly] = []
    if file.size is not None and file.size != size:
        found.append(_about("size_contradicted", file, f"its row says {file.size} bytes, the file has {size}"))
    if size == 0:
        return Seen(Inspected(None), OPAQUE, (*found, _about("empty", file, "the file is empty; kept as it is")))
    filename = wording.clean_filename(file.filename)
    try:
        inspected = await inspector.inspect(source, filename=filename, now=now)
    except Unreadable as error:
        return Seen(Inspected(None), OPAQUE, (*found, _about("unreadable", file, f"kept as it is: {error.detail}")))
    try:
        mime = filetypes.decide(
            inspected.mime, filename=filename, declared=file.declared, accepted=filetypes.ALL_TYPES
        ).mime
    except Unsupported as error:
        mime = inspected.mime if inspected.mime in filetypes.BY_MIME else OPAQUE
        found.append(_about("type_contradicted", file, f"kept as {mime}: {error.detail}"))
    return Seen(inspected, mime or OPAQUE, tuple(found))


def _about(code: str, file: LegacyFile, reason: str) -> Anomaly:
    return Anomaly(code, file.rows[0], file.filename, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class BringFiles:
    """One batch: either all of its files come in, or none."""

    unit_of_work: OpenUnitOfWork
    blobs: Blobs
    inspector: FileInspector
    clock: Clock
    new_id: NewId

    async def __call__(
        self, actor: Principal, source: LegacySource, files: Sequence[LegacyFile], run_id: str
    ) -> list[Anomaly]:
        room = asyncio.Semaphore(_AT_ONCE)
        coming = await asyncio.gather(*(self._staged(source, file, room) for file in files), return_exceptions=True)
        staged = [each for each in coming if isinstance(each, Staged)]
        if failed := [each for each in coming if isinstance(each, BaseException)]:
            await _discard(staged)
            raise failed[0]
        try:
            prefixes = await self._committed(actor, source, staged, run_id)
        except Unavailable:
            raise  # it may have been committed: the bytes stay until recovery knows
        except DomainError:
            await _discard(staged)
            raise
        for each, prefix in zip(staged, prefixes, strict=True):
            await self.blobs.promote(each.id, prefix)
        return [anomaly for each in staged for anomaly in each.seen.anomalies]

    async def _staged(self, source: LegacySource, file: LegacyFile, room: asyncio.Semaphore) -> Staged:
        async with room:
            id = DocumentId(self.new_id())
            blob = await self.blobs.stage(id)
            try:
                async for chunk in source.chunks(file.path):
                    await blob.write(chunk)
                digest = await blob.seal()
                seen = await look_into(self.inspector, blob.source, digest.size, file, self.clock())
                await keep(blob, seen.inspected)
            except BaseException:
                await blob.discard()
                raise
            return Staged(file, id, blob, digest, seen)

    async def _committed(
        self, actor: Principal, source: LegacySource, staged: Sequence[Staged], run_id: str
    ) -> list[str]:
        prefixes = []
        async with self.unit_of_work(actor) as uow:
            for each in staged:
                document = await self._stored(uow, actor, each)
                link = await self._linked(uow, document, each.file)
                await uow.imports.remember(list(_rows(source.name, run_id, each, document, link)))
                prefixes.append(document.file.prefix)
            await uow.commit()
        return prefixes

    async def _stored(self, uow: UnitOfWork, actor: Principal, each: Staged) -> Document:
        file, seen, now = each.file, each.seen, min(each.file.created_at, self.clock() + timedelta(days=1))
        prefix = prefix_for(actor.clinic_id, file.patient, each.id, now)
        document, happened = store(
            id=each.id,
            actor=Principal(clinic_id=actor.clinic_id, user_id=file.uploaded_by, name=file.uploader_name),
            patient=file.patient,
            details=Details(description=(file.description or "")[: wording.MAX_DESCRIPTION] or None),
            file=stored_file(each.digest, seen.inspected, filename=file.filename, mime=seen.mime, prefix=prefix),
            capture=capture(None, seen.inspected.facts.captured_at),
            duplicate_of=await uow.documents.duplicate_of(file.patient, each.digest.sha256),
            now=now,
        )
        await uow.documents.add(document)
        uow.record(*happened)
        if file.trashed_at is not None:
            document, happened = documents.trash(document, file.uploaded_by, file.trashed_at)
            await uow.documents.save(document)
            uow.record(*happened)
        return document

    async def _linked(self, uow: UnitOfWork, document: Document, file: LegacyFile) -> MediaAttachment | None:
        """On its record, however many files that may have here."""
        if file.record is None:
            return None
        attachment = MediaAttachment(
            id=AttachmentId(self.new_id()),
            clinic_id=document.clinic_id,
            patient_id=file.patient,
            document_id=document.id,
            owner=file.record,
            category=file.category,
            created_at=document.created_at,
        )
        uow.record(*attachments.link(attachment, document.patient_id))
        return await uow.attachments.add(attachment)


async def _discard(staged: Sequence[Staged]) -> None:
    for each in staged:
        await each.blob.discard()


def _rows(
    source: str, run_id: str, each: Staged, document: Document, link: MediaAttachment | None
) -> "list[ImportedRow]":
    first, mark = each.file.rows[0], str(document.version)
    rows = [ImportedRow(run_id, source, *row, "document", document.id, mark) for row in each.file.rows]
    return rows + ([ImportedRow(run_id, source, *first, "link", link.id, document.id)] if link else [])
