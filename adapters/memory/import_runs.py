"""What imports have brought in."""

from collections.abc import Sequence

from adapters.memory.draft import Draft
from adapters.memory.store import MemoryStore
from application.ports.imports import ImportedRow, ImportedRows, ImportRun, ImportRuns
from domain.errors import Conflict, NotFound
from domain.ids import ClinicId


class MemoryImportedRows(ImportedRows):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    async def remember(self, rows: Sequence[ImportedRow]) -> None:
        for row in rows:
            self._draft.require(row.clinic_id)
            if _key(row) in self._draft.tables.imported:
                raise Conflict("This row was brought in already")
            self._draft.tables.imported[_key(row)] = row

    async def forget(self, rows: Sequence[ImportedRow]) -> None:
        for row in rows:
            self._draft.require(row.clinic_id)
            self._draft.tables.imported.pop(_key(row), None)


class MemoryImportRuns(ImportRuns):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def put(self, run: ImportRun) -> None:
        self._store.import_runs[run.id] = run

    async def get(self, id: str) -> ImportRun:
        if id not in self._store.import_runs:
            raise NotFound("There is no import of this id")
        return self._store.import_runs[id]

    async def unfinished(self, source: str, clinic: ClinicId) -> ImportRun | None:
        found = [
            run
            for run in self._store.import_runs.values()
            if (run.source, run.clinic_id, run.finished_at, run.undone_at) == (source, clinic, None, None)
        ]
        return max(found, key=lambda run: (run.started_at, run.id), default=None)

    async def rows_of_source(self, source: str, clinic: ClinicId) -> Sequence[ImportedRow]:
        return [row for row in self._store.tables(clinic).imported.values() if row.source == source]

    async def rows_of_run(self, run_id: str) -> Sequence[ImportedRow]:
        return [
            row
            for clinic in self._store.clinics()
            for row in self._store.tables(clinic).imported.values()
            if row.run_id == run_id
        ]


def _key(row: ImportedRow) -> tuple[str, ...]:
    return (row.source, row.source_table, row.source_id, row.kind)
