"""Bringing files over, by the order of writes that uploads keep: staged and durable, then named by one transaction,
then promoted. What an upload refuses is kept here, as bytes that nobody is told to open, and named."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from application.importing.look import Seen, look_into, lost
from application.ports.blobs import Blobs, Digest, StagedBlob
from application.ports.imports import ImportedRow
from application.ports.inspecting import FileInspector
from application.ports.legacy import Anomaly, FileLost, LegacyFile, LegacySource
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.uploads import keep, stored_file
from domain import documents, wording
from domain.access import Principal
from domain.documents import Details, Document, prefix_for, store
from domain.errors import DomainError, Unavailable
from domain.ids import DocumentId
from domain.media import capture

FOUND = "found "
"""What the kind of a row begins with that tells of a finding about a file's bytes."""

_AT_ONCE = 4


class Staged(NamedTuple):
    file: LegacyFile
    id: DocumentId
    blob: StagedBlob
    digest: Digest
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class BringFiles:
    """One batch: either all of its files come in, or none; but for those that cannot be read, which it tells."""

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
        return [each for each in coming if isinstance(each, Anomaly)]

    async def _staged(self, source: LegacySource, file: LegacyFile, room: asyncio.Semaphore) -> Staged | Anomaly:
        async with room:
            id = file.id or DocumentId(self.new_id())
            blob = await self.blobs.stage(id)
            try:
                async for chunk in source.chunks(file.path):
                    await blob.write(chunk)
                digest = await blob.seal()
                seen = await look_into(self.inspector, blob.source, digest.size, file, self.clock())
                await keep(blob, seen.inspected)
            except FileLost as error:
                await blob.discard()
                return lost(file, error)
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
                await uow.imports.remember(list(_rows(source.name, run_id, each, document)))
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
            details=_details(file),
            file=stored_file(each.digest, seen.inspected, filename=file.filename, mime=seen.mime, prefix=prefix),
            capture=capture(file.captured_at, seen.inspected.facts.captured_at),
            duplicate_of=await uow.documents.duplicate_of(file.patient, each.digest.sha256),
            now=now,
        )
        document = replace(document, updated_at=max(now, file.updated_at or now))
        await uow.documents.add(document)
        uow.record(*happened)
        return await _put_away(uow, document, file)


def _details(file: LegacyFile) -> Details:
    return Details(
        title=file.title,
        description=(file.description or "")[: wording.MAX_DESCRIPTION] or None,
        document_type=file.document_type,
        media=file.media,
        tags=file.tags,
    )


async def _put_away(uow: UnitOfWork, document: Document, file: LegacyFile) -> Document:
    """Into the archive or the trash, where it was in one of them."""
    if file.archived_at is not None:
        document, happened = documents.archive(document, file.archived_at)
        await uow.documents.save(document)
        uow.record(*happened)
    if file.trashed_at is not None:
        document, happened = documents.trash(document, file.uploaded_by, file.trashed_at)
        await uow.documents.save(document)
        uow.record(*happened)
    return document


async def _discard(staged: Sequence[Staged]) -> None:
    for each in staged:
        await each.blob.discard()


def _rows(source: str, run_id: str, each: Staged, document: Document) -> Iterator[ImportedRow]:
    clinic = document.clinic_id
    for row in each.file.rows:
        yield ImportedRow(run_id, clinic, source, *row, "document", document.id, str(document.version))
    for anomaly in each.seen.anomalies:
        yield ImportedRow(run_id, clinic, source, *anomaly.row, FOUND + anomaly.code, document.id, anomaly.reason)
