"""Reading another program's database: whole tables, in one view of them, without leaving a trace."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from domain.errors import Unavailable

Rows = Sequence[Mapping[str, Any]]
Tables = Mapping[str, Rows]


Wanted = Callable[[str, Sequence[str]], bool]
"""Says by name and columns whether a table is read at all."""


async def read_tables(url: str, wanted: Wanted, hidden: frozenset[str]) -> Tables:
    """The tables `wanted` with all their rows, columns by name and without those `hidden`, which are not even read.

    Raises `Unavailable` for a database that cannot be read.
    """
    scheme = urlsplit(url).scheme.partition("+")[0]
    if scheme == "sqlite":
        try:
            return await asyncio.to_thread(_read_sqlite, Path(url.partition(":///")[2]), wanted, hidden)
        except sqlite3.Error as error:
            raise Unavailable("The file given is not a readable SQLite database") from error
    if scheme in ("postgresql", "postgres"):
        return await _read_postgresql(url, wanted, hidden)
    raise Unavailable("A source is sqlite:///path or postgresql://user@host/name")


def _read_sqlite(path: Path, wanted: Wanted, hidden: frozenset[str]) -> Tables:
    if not path.is_file():
        raise Unavailable("There is no database file at the path given")
    waiting = path.with_name(f"{path.name}-wal")
    if waiting.is_file() and waiting.stat().st_size:
        # What is in the log but not yet in the file counts; reading it in place would write beside the source.
        with TemporaryDirectory() as folder:
            copy = Path(shutil.copy(path, Path(folder, "copy")))
            shutil.copy(waiting, Path(folder, "copy-wal"))
            return _sqlite_tables(f"{copy.as_uri()}?mode=rw", wanted, hidden)
    return _sqlite_tables(f"{path.absolute().as_uri()}?mode=ro&immutable=1", wanted, hidden)


def _sqlite_tables(uri: str, wanted: Wanted, hidden: frozenset[str]) -> Tables:
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        columns = {name: _sqlite_columns(connection, name) for name in names}
        return {
            name: [dict(row) for row in connection.execute(_everything(name, has, hidden))]
            for name, has in columns.items()
            if wanted(name, has)
        }


def _sqlite_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]


async def _read_postgresql(url: str, wanted: Wanted, hidden: frozenset[str]) -> Tables:
    # asyncpg is installed only where PostgreSQL is used.
    import asyncpg  # noqa: PLC0415

    try:
        connection = await asyncpg.connect(url.replace("+asyncpg", "", 1), timeout=10)
    except (OSError, asyncpg.PostgresError, TimeoutError, ValueError) as error:
        raise Unavailable("The source's database cannot be reached with the URL given") from error
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            found = await connection.fetch(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
            )
            columns: dict[str, list[str]] = {}
            for table, column in found:
                columns.setdefault(table, []).append(column)
            return {
                table: [dict(row) for row in await connection.fetch(_everything(table, names, hidden))]
                for table, names in columns.items()
                if wanted(table, names)
            }
    except asyncpg.PostgresError as error:
        raise Unavailable("The source's database cannot be read") from error
    finally:
        await connection.close()


def _everything(table: str, columns: Sequence[str], hidden: frozenset[str]) -> str:
    listed = ", ".join(_quoted(name) for name in columns if name not in hidden)
    order = " ORDER BY id" if "id" in columns else ""
    return f"SELECT {listed} FROM {_quoted(table)}{order}"  # noqa: S608 - names that the database itself gave


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def moment(value: Any) -> datetime | None:
    """A time of the source; naive ones are UTC. None for none, and for what is no time."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None


def day(value: Any) -> date | None:
    found = moment(value)
    return found.date() if found else None


def number(value: Any) -> int | None:
    """A whole number of the source, also where it is kept as text; None for anything else."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def flag(value: Any) -> bool:
    """A yes or no of the source, also where it is kept as text."""
    return text(value).strip().lower() not in ("", "0", "f", "false", "n", "no", "off")


def text(value: Any) -> str:
    """What people wrote; "" for none."""
    return "" if value is None else value.decode(errors="replace") if isinstance(value, bytes) else str(value)
