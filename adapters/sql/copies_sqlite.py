"""Copies of an SQLite database, by its online backup: a file like the database's own, made while others write."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from adapters.sql.conflicts import sqlite_error
from adapters.sql.copies_schema import Schema
from adapters.sql.sqlite import connect
from application.ports.backups import BackupRefused, DatabaseCopies, Sink, Snapshot, Stored
from domain.ids import DocumentId

_READ = 256 * 1024
_BATCH = 500
_DAMAGED = "The backup's database is damaged: restore another snapshot"
_DOCUMENTS = (
    "SELECT id, prefix, file_size, sha256 FROM documents"
    " WHERE scan NOT IN ('infected', 'quarantined') AND id > ? ORDER BY id LIMIT ?"
)
_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    " AND name <> 'alembic_version'"
)


class SqliteCopies(DatabaseCopies):
    """Needs as much room beside the database as the database itself takes."""

    kind = "sqlite"

    def __init__(self, path: Path, schema: Schema) -> None:
        self._path = path
        self._schema = schema

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        # One name, so that what a backup leaves that was killed is replaced by the next; only one runs at a time.
        copy = self._path.with_name(f"{self._path.name}-backup-copy")
        try:
            await asyncio.to_thread(_copied, self._path, copy)
            yield SqliteSnapshot(copy)
        finally:
            _remove(copy)

    async def is_empty(self) -> bool:
        return await asyncio.to_thread(_is_empty, self._path)

    async def load(self, revision: str, chunks: AsyncIterator[bytes]) -> None:
        self._path.absolute().parent.mkdir(parents=True, exist_ok=True)
        copy = self._path.with_name(f"{self._path.name}-restore-copy")
        try:
            _make(copy)
            with copy.open("wb") as file:
                async for chunk in chunks:
                    await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_check_and_mark, copy, revision)
            await asyncio.to_thread(_copied, copy, self._path, over=True)
        finally:
            _remove(copy)
        await self._schema.bring_to_this_version()


class SqliteSnapshot(Snapshot):
    def __init__(self, copy: Path) -> None:
        self._copy = copy

    @property
    def revision(self) -> str:
        with closing(_opened(self._copy)) as connection:
            return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])

    async def documents(self) -> AsyncIterator[Stored]:
        after = ""
        with closing(_opened(self._copy)) as connection:
            while rows := await asyncio.to_thread(_fetched, connection, _DOCUMENTS, (after, _BATCH)):
                for id, prefix, size, sha256 in rows:
                    yield Stored(DocumentId(id), prefix, size, sha256)
                after = rows[-1][0]

    async def write(self, sink: Sink) -> None:
        with self._copy.open("rb", buffering=0) as file:
            while chunk := await asyncio.to_thread(file.read, _READ):
                await sink(chunk)


def _fetched(
    connection: sqlite3.Connection, statement: str, values: tuple[object, ...]
) -> list[tuple[str, str, int, str]]:
    return connection.execute(statement, values).fetchall()


def _opened(copy: Path) -> sqlite3.Connection:
    """A file that nobody writes, without the files that SQLite would put beside it."""
    return sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _copied(source: Path, target: Path, *, over: bool = False) -> None:
    """In one step, as at one moment; `over` an empty database, which is as it was if that is stopped."""
    if not over:
        _remove(target)
        _make(target)
    with (
        closing(connect(source, (), wait=60.0)) as before,
        closing(connect(target, () if over else ("synchronous = OFF",), wait=60.0, mode="rwc")) as after,
    ):
        try:
            before.backup(after, pages=-1)
        except sqlite3.Error as error:
            raise sqlite_error(error) from error


def _check_and_mark(copy: Path, revision: str) -> None:
    try:
        with closing(connect(copy, ())) as connection:
            [(said,)] = connection.execute("PRAGMA quick_check").fetchall()[:1]
            [(found,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            connection.execute("UPDATE documents SET derived = 'pending' WHERE derived = 'ready'")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.Error, ValueError) as error:
        raise BackupRefused(_DAMAGED) from error
    if (said, found) != ("ok", revision):
        raise BackupRefused(_DAMAGED)


def _is_empty(path: Path) -> bool:
    if not path.exists():
        return True
    with closing(connect(path, (), wait=5.0)) as connection:
        return not any(_counts(connection))


def _counts(connection: sqlite3.Connection) -> Iterator[int]:
    for (table,) in connection.execute(_TABLES).fetchall():
        yield connection.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0]  # noqa: S608 - its own name


def _make(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
