"""Bringing an installation of another program over, with nothing lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from application.derivatives import the_system
from application.importing_check import CheckImport
from application.importing_directory import BringDirectory, Entry
from application.importing_files import BringFiles, look_into
from application.importing_report import Report, report_of
from application.ports.imports import ImportedRow, ImportRun, ImportRuns
from application.ports.inspecting import FileInspector
from application.ports.legacy import Anomaly, Legacy, LegacyFile, LegacySource, Row
from application.ports.system import Clock, NewId
from application.recovery import Recover
from application.retention import FinishPurges

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Told how many files of how many are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseImport:
    """What an import would find; nothing is written."""

    inspector: FileInspector
    clock: Clock

    async def __call__(self, source: LegacySource, progress: Progress) -> Report:
        legacy = await source.read()
        found: list[Anomaly] = []
        for done, file in enumerate(legacy.files, 1):
            size = 0
            async for chunk in source.chunks(file.path):
                size += len(chunk)
            found += (await look_into(self.inspector, source.bytes_of(file.path), size, file, self.clock())).anomalies
            progress(done, len(legacy.files))
        return report_of(legacy, source=source.name, clinic=source.clinic, found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportInstallation:
    """Bring in what is not here yet, then prove that all of it is. An interrupted run goes on where it was."""

    runs: ImportRuns
    bring_directory: BringDirectory
    bring_files: BringFiles
    check: CheckImport
    recover: Recover
    finish_purges: FinishPurges
    clock: Clock
    new_id: NewId

    async def __call__(self, source: LegacySource, progress: Progress, *, batch: int = 100) -> Report:
        legacy, actor = await source.read(), the_system(source.clinic)
        await self.recover()
        while await self.finish_purges():
            pass  # an undone import's bytes, before the same places are used again
        rows = await self.runs.rows_of_source(source.name, source.clinic)
        entries, files = _missing(legacy, rows)
        await self.bring_directory.check(actor, legacy.patients)
        run = await self.runs.unfinished(source.name, source.clinic)
        if run is None and (entries or files):
            run = await self._begun(source)
        found: list[Anomaly] = []
        if run is not None:
            for some in _batches(entries, batch):
                await self.bring_directory(actor, source.name, some, run.id)
            for some_files in _batches(files, batch):
                found += await self.bring_files(actor, source, some_files, run.id)
                progress(len(legacy.files) - len(files) + len(some_files), len(legacy.files))
            await self.runs.put(run._replace(finished_at=self.clock()))
        return await self._verified(source, legacy, run, found, before=rows)

    async def _begun(self, source: LegacySource) -> ImportRun:
        run = ImportRun(self.new_id(), source.name, source.clinic, self.clock())
        await self.runs.put(run)
        return run

    async def _verified(
        self,
        source: LegacySource,
        legacy: Legacy,
        run: ImportRun | None,
        found: Sequence[Anomaly],
        *,
        before: Sequence[ImportedRow],
    ) -> Report:
        rows = await self.runs.rows_of_source(source.name, source.clinic)
        checked = await self.check(source, legacy, rows)
        known = {(row.source_table, row.source_id, row.kind) for row in before}
        new = [row for row in rows if (row.source_table, row.source_id, row.kind) not in known]
        return report_of(
            legacy,
            source=source.name,
            clinic=source.clinic,
            found=(*found, *checked.anomalies),
            run=run.id if run else None,
            brought=dict(sorted(Counter(kind for kind, _ in {(row.kind, row.our_id) for row in new}).items())),
            verified=checked.verified,
            isolated=checked.isolated,
        )


def _missing(legacy: Legacy, rows: Sequence[ImportedRow]) -> tuple[list[Entry], list[LegacyFile]]:
    """What no import has brought in yet."""
    known = {(Row(row.source_table, row.source_id), row.kind) for row in rows}
    entries: list[Entry] = [each for each in legacy.patients if (each.row, "patient") not in known]
    entries += [each for each in legacy.records if (each.row, "owner") not in known]
    entries += [each for each in legacy.grants if (each.row, "grant") not in known]
    return entries, [file for file in legacy.files if not any((row, "document") in known for row in file.rows)]


def _batches(all_of_them: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (all_of_them[start : start + size] for start in range(0, len(all_of_them), size))
