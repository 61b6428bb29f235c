"""What imports have brought in."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from adapters.sql.connections import Database
from adapters.sql.import_tables import import_rows, import_runs
from adapters.sql.scope import Scope
from adapters.sql.values import instant
from adapters.sql.writing import inserted, put
from application.ports.imports import ImportedRow, ImportedRows, ImportRun, ImportRuns
from domain.errors import NotFound
from domain.ids import ClinicId

_OURS = tuple(import_rows.c[name] for name in ImportedRow._fields)
_KEY = [column == bindparam(f"of_{column.name}") for column in import_rows.primary_key]

_REMEMBER = inserted(import_rows)
_FORGET = delete(import_rows).where(*_KEY)
_PUT_RUN = put(import_runs)
_RUN = select(*import_runs.c).where(import_runs.c.id == bindparam("id"))
_UNFINISHED = (
    select(*import_runs.c)
    .where(import_runs.c.source == bindparam("source"), import_runs.c.clinic_id == bindparam("clinic"))
    .where(import_runs.c.finished_at.is_(None), import_runs.c.undone_at.is_(None))
    .order_by(import_runs.c.started_at.desc(), import_runs.c.id.desc())
    .limit(1)
)
_OF_SOURCE = select(*_OURS).where(
    import_rows.c.clinic_id == bindparam("clinic"), import_rows.c.source == bindparam("source")
)
_OF_RUN = select(*_OURS).where(import_rows.c.run_id == bindparam("run_id"))


class SqlImportedRows(ImportedRows):
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def remember(self, rows: Sequence[ImportedRow]) -> None:
        for row in rows:
            self._scope.require(row.clinic_id)
        await self._scope.execute_many(_REMEMBER, [row._asdict() for row in rows])

    async def forget(self, rows: Sequence[ImportedRow]) -> None:
        for row in rows:
            self._scope.require(row.clinic_id)
        keys = [row._asdict() for row in rows]
        values = [{f"of_{column.name}": key[column.name] for column in import_rows.primary_key} for key in keys]
        await self._scope.execute_many(_FORGET, values)


class SqlImportRuns(ImportRuns):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, run: ImportRun) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(_PUT_RUN, run._asdict())
            await transaction.commit()

    async def get(self, id: str) -> ImportRun:
        found = await self._database.fetch(_RUN, {"id": id})
        if not found:
            raise NotFound("There is no import of this id")
        return _run(found[0])

    async def unfinished(self, source: str, clinic: ClinicId) -> ImportRun | None:
        found = await self._database.fetch(_UNFINISHED, {"source": source, "clinic": clinic})
        return _run(found[0]) if found else None

    async def rows_of_source(self, source: str, clinic: ClinicId) -> Sequence[ImportedRow]:
        found = await self._database.fetch_aside(_OF_SOURCE, {"source": source, "clinic": clinic})
        return [ImportedRow(*row) for row in found]

    async def rows_of_run(self, run_id: str) -> Sequence[ImportedRow]:
        return [ImportedRow(*row) for row in await self._database.fetch_aside(_OF_RUN, {"run_id": run_id})]


def _run(row: Sequence[object]) -> ImportRun:
    return ImportRun(*row[:3], *map(instant, row[3:]))  # type: ignore[arg-type]
