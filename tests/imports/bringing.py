"""An installation of ours to bring others into, and what is in it afterwards."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from application.importing_report import Report
from application.importing_undo import Undone
from application.ports.legacy import LegacySource
from application.ports.views import DocumentView
from domain.ids import ClinicId
from entrypoints.configuration import read_settings
from entrypoints.container import Container, opened
from tests.cli.running import environment

CLINIC = ClinicId("home")


@asynccontextmanager
async def installed(folder: Path, **settings: str) -> AsyncIterator[Container]:
    """On SQLite and local files in `folder`, migrated."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    async with opened(read_settings(None, environment(folder, **settings))) as container:
        container.upgrade_schema()
        yield container


def silent(_: int, __: int) -> None:
    """Shows no progress."""


def medikeep(container: Container, url: str, uploads: Path, clinic: ClinicId = CLINIC) -> LegacySource:
    source: LegacySource = container.medikeep(url, uploads, clinic)
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


async def contents(container: Container) -> dict[str, Any]:
    """Everything that an import leaves, but for the ids that it gives."""
    views = await documents(container)
    ids = {str(view.id): view.sha256 for view in views}
    runs = await container.import_runs().rows_of_source("medikeep", CLINIC)
    return {
        "documents": sorted(
            (view.patient_id, view.original_filename, view.sha256, view.mime_type, view.description or "")
            for view in views
        ),
        "dates": sorted((view.sha256, str(view.created_at), str(view.trashed_at), view.uploaded_by) for view in views),
        "rows": sorted(
            (row.source_table, row.source_id, row.kind, ids.get(row.our_id, "") if row.kind == "document" else "")
            for row in runs
        ),
        "blobs": Counter([entry.key.rpartition("/")[2] async for entry in container.blobs().entries()]),
    }


async def is_whole(container: Container) -> bool:
    return [finding async for finding in container.verify()(share=1.0)] == []
