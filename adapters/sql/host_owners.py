"""Whose a record is, by a table of the host's own database, which is only ever read."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select, bindparam, column, quoted_name, select, table, text
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.elements import ColumnClause

from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.prepared import Prepared
from adapters.sql.sqlite import connect
from adapters.sql.urls import is_sqlite, parsed, path_of
from application.ports.owners import OwnerResolver
from domain.attachments import OwnerRef
from domain.errors import DomainError, Malformed, NotFound, Unavailable
from domain.ids import ClinicId, PatientId, host_id

_WAIT = 1.0
"""Seconds for a table that the host has locked."""
_SQLITE: Dialect = sqlite_dialect(paramstyle="qmark")
_TYPES = text(
    "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
    "WHERE a.attrelid = to_regclass(:relation) AND a.attnum > 0"
)
_READ: Mapping[str, Callable[[str], Any]] = {"int2": int, "int4": int, "int8": int}


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTable:
    """Names in the host's database; `table` may begin with a schema and a dot.

    `clinic` is a column, or with `only_clinic` there is none and all rows are of that clinic. Rows whose column
    `removed` holds a value do not count.
    """

    table: str
    id: str = "id"
    patient: str = "patient_id"
    clinic: str = ""
    only_clinic: str = ""
    removed: str = ""

    def question(self) -> "Select[Any]":
        rows = table(quoted_name(self.table.rpartition(".")[2], quote=True), schema=self._schema)
        asked = (
            select(_named(self.patient), _named(self.id)).select_from(rows).where(_named(self.id) == bindparam("id"))
        )
        if self.clinic:
            asked = asked.where(_named(self.clinic) == bindparam("clinic"))
        return asked.where(_named(self.removed).is_(None)) if self.removed else asked

    @property
    def _schema(self) -> quoted_name | None:
        schema = self.table.rpartition(".")[0]
        return quoted_name(schema, quote=True) if schema else None

    @property
    def relation(self) -> str:
        return ".".join(f'"{part}"' for part in self.table.split("."))


def _named(name: str) -> "ColumnClause[Any]":
    return column(quoted_name(name, quote=True))


def host_owners(url: str, **names: str) -> "SqliteHostOwners | PostgresqlHostOwners":
    """By the names of a `HostTable`. Raises `ValueError` for a URL that is neither SQLite nor PostgreSQL."""
    host = HostTable(**names)
    if is_sqlite(parsed(url)):
        return SqliteHostOwners(url, host)
    return PostgresqlHostOwners(open_database(url, connections=2), host)


class SqliteHostOwners(OwnerResolver):
    """SQLite compares an id with a column of any type as the column's type says."""

    def __init__(self, url: str, host: HostTable) -> None:
        self._path = path_of(parsed(url))
        self._host = host
        self._asked = Prepared(host.question(), _SQLITE)

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        if self._host.only_clinic and clinic != self._host.only_clinic:
            return None
        return _patient(await asyncio.to_thread(self._read, {"id": owner.id, "clinic": clinic}), owner)

    async def close(self) -> None:
        """Each question has its own connection: the host may exchange the file."""

    def _read(self, values: Mapping[str, str]) -> Any:
        try:
            connection = connect(self._path, (), wait=_WAIT, mode="ro")
            try:
                return connection.execute(self._asked.sql, self._asked.bind(values)).fetchone()
            finally:
                connection.close()
        except (sqlite3.Error, DomainError) as error:
            raise Unavailable("The host's database cannot be read now; try again later") from error


class PostgresqlHostOwners(OwnerResolver):
    """PostgreSQL compares only what has the column's own type, which is looked up once."""

    def __init__(self, database: Database, host: HostTable) -> None:
        self._database = database
        self._host = host
        self._asked = host.question()
        self._types: Mapping[str, str] = {}

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        if self._host.only_clinic and clinic != self._host.only_clinic:
            return None
        if not self._types:
            rows = await self._database.fetch(_TYPES, {"relation": self._host.relation})
            self._types = {str(row[0]): str(row[1]) for row in rows}
        try:
            values = {"id": self._as(self._host.id, owner.id), "clinic": self._as(self._host.clinic, clinic)}
            rows = await self._database.fetch(self._asked, values)
        except (ValueError, Malformed, NotFound):
            return None  # nothing with such an id can be in a column of that type
        return _patient(rows[0] if rows else None, owner)

    async def close(self) -> None:
        await self._database.close()

    def _as(self, name: str, id: str) -> Any:
        return _READ.get(self._types.get(name, "text"), str)(id)


def _patient(row: Any, owner: OwnerRef) -> PatientId | None:
    """Raises `Unavailable` for a row whose patient is no id: somebody else's must not be taken for it."""
    # A number has more than one spelling, and files must not be kept under two of them.
    if row is None or row[0] is None or str(row[1]) != owner.id:
        return None
    try:
        return PatientId(host_id(str(row[0]), "patient_id"))
    except DomainError as error:
        raise Unavailable("The host's record names no usable patient") from error
