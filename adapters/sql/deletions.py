"""Who may destroy bytes while a backup may be running: locks that their holder's end frees, whatever ends it."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.sql.connections import Database
from adapters.sql.urls import is_sqlite, parsed, path_of
from application.ports.backups import Deletions

_PAUSE_SECONDS = 0.1


def open_deletions(url: str, database: Database) -> Deletions:
    where = parsed(url)
    if is_sqlite(where):
        return FileDeletions(path_of(where))
    from adapters.sql.deletions_postgresql import PostgresqlDeletions  # noqa: PLC0415 - asyncpg is not always there

    plain = where.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresqlDeletions(plain, database)


class FileDeletions(Deletions):
    """Beside an SQLite database, which is one machine's: locks of the operating system on two files."""

    def __init__(self, database: Path) -> None:
        self._backup = database.with_name(f"{database.name}-backup.lock")
        self._deletions = database.with_name(f"{database.name}-deletions.lock")

    @asynccontextmanager
    async def allowed(self) -> AsyncIterator[bool]:
        fd = _open(self._deletions)
        try:
            yield _locked(fd, fcntl.LOCK_SH)
        finally:
            os.close(fd)

    @asynccontextmanager
    async def suspended(self) -> AsyncIterator[bool]:
        backup, deletions = _open(self._backup), _open(self._deletions)
        try:
            if not _locked(backup, fcntl.LOCK_EX):
                yield False
                return
            while not _locked(deletions, fcntl.LOCK_EX):  # noqa: ASYNC110 - another process holds it
                await asyncio.sleep(_PAUSE_SECONDS)
            yield True
        finally:
            os.close(deletions)
            os.close(backup)


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def _locked(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
