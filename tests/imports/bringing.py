"""An installation of ours to bring others into, and what is in it afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from application.derivatives import the_system
from application.importing.report import Report
from application.importing.undo import Undone
from application.ports.legacy import LegacySource
from application.ports.views import DocumentView
from domain.ids import ClinicId
from entrypoints.configuration import read_settings
from entrypoints.container import Container, opened
from tests.cli.running import environment

CLINIC = ClinicId("home")
SOURCES = ("medikeep", "dentalpin")


@asynccontextmanager
async def installed(folder: Path, **settings: str) -> AsyncIterator[Container]:
    """On local files in `folder`, and on SQLite there unless `settings` say otherwise; migrated."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    async with opened(read_settings(None, environment(folder, **settings))) as container:
        await asyncio.to_thread(container.upgrade_schema)
        yield container


def silent(_: str, __: int, ___: int) -> None:
    """Shows no progress."""


def medikeep(container: Container, url: str, uploads: Path, clinic: ClinicId = CLINIC) -> LegacySource:
    source: LegacySource = container.medikeep(url, uploads, clinic)
    return source


def dentalpin(container: Container, url: str, storage: Path) -> LegacySource:
    source: LegacySource = container.dentalpin(url, storage)
    return source


async def bring(container: Container, source: LegacySource, batch: int = 100) -> Report:
    report: Report = await container.import_installation()(source, silent, batch=batch)
    return report


async def undo(container: Container, report: Report) -> Undone:
    assert report.run is not None
    undone: Undone = await container.undo_import()(report.run)
    return undone


async def documents(container: Container) -> list[DocumentView]:
    return [view async for view in container.upkeep().documents()]


async def links(container: Container) -> dict[str, dict[tuple[str, str], int]]:
    """By document the records that it is on, each with its place there."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    for view in await documents(container):
        async with container.unit_of_work()(the_system(view.clinic_id)) as uow:
            standing = await uow.attachments.of_document(view.id)
        found[view.id] = {(each.owner.type, each.owner.id): each.display_order for each in standing}
    return found


async def contents(container: Container) -> dict[str, Any]:
    """Everything that an import leaves, but for the ids that it gives."""
    views = await documents(container)
    ids = {str(view.id): view.sha256 for view in views}
    linked = await links(container)
    runs, clinics = container.import_runs(), {CLINIC, *(view.clinic_id for view in views)}
    rows = [row for name in SOURCES for clinic in clinics for row in await runs.rows_of_source(name, clinic)]
    return {
        "documents": sorted(
            (view.patient_id, view.original_filename, view.sha256, view.mime_type, view.description or "", view.title)
            for view in views
        ),
        "words": sorted((view.sha256, view.media_kind, str(view.media_subtype), view.tags) for view in views),
        "dates": sorted((view.sha256, str(view.created_at), str(view.trashed_at), view.uploaded_by) for view in views),
        "links": sorted((ids[id], sorted(of.items())) for id, of in linked.items()),
        "pairs": sorted((v.sha256, ids.get(str(v.paired_document_id), ""), str(v.pair_role)) for v in views),
        "rows": sorted(
            (row.source_table, row.source_id, row.kind, ids.get(row.our_id, "") if row.kind == "document" else "")
            for row in rows
        ),
        "blobs": Counter([entry.key.rpartition("/")[2] async for entry in container.blobs().entries()]),
    }


async def is_whole(container: Container) -> bool:
    return [finding async for finding in container.verify()(share=1.0)] == []
