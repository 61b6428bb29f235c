"""A copy of the database is of one moment, and gives the same database where it is loaded."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from adapters.sql.copies import open_copies
from adapters.sql.schema import current, expected, upgrade
from application.ports.backups import BackupRefused, DatabaseCopies
from application.ports.sealing import Damaged
from tests.backup.filling import fill, settings_of
from tests.services.postgres import over_every_clinic_at

pytestmark = pytest.mark.anyio


class Pair:
    """A filled database and an empty one, of the same kind."""

    def __init__(self, folder: Path, old: str, new: str) -> None:
        self.folder, self.old, self.new = folder, old, new
        self.source, self.target = open_copies(old), open_copies(new)

    async def rows(self, url: str) -> dict[str, list[str]]:
        """Of every table, without what a copy leaves to be made again."""
        if url.startswith("sqlite"):
            return await asyncio.to_thread(_sqlite_rows, Path(make_url(url).database or ""))
        return await _postgresql_rows(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pair]:
    (tmp_path / "clinic").mkdir()
    if request.param == "sqlite":
        old, new = (f"sqlite:///{tmp_path / name}" for name in ("old.db", "new.db"))
        await asyncio.to_thread(upgrade, old)
        yield await filled(tmp_path / "clinic", old, new)
        return
    server = request.getfixturevalue("postgres")
    async with server.database() as old, server.database(migrated=False) as new:
        yield await filled(tmp_path / "clinic", old, new)


async def filled(folder: Path, old: str, new: str) -> Pair:
    await fill(settings_of(folder, DATABASE__URL=old))
    return Pair(folder, old, new)


async def copied(copies: DatabaseCopies) -> tuple[str, bytes]:
    data = bytearray()

    async def sink(chunk: bytes) -> None:
        data.extend(chunk)

    async with copies.snapshot() as snapshot:
        await snapshot.write(sink)
        return snapshot.revision, bytes(data)


async def chunks(data: bytes, size: int = 10_007, *, damaged: bool = False) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
    if damaged:
        raise Damaged


async def test_what_is_loaded_equals_what_was_copied(pair: Pair) -> None:
    assert not await pair.source.is_empty()
    assert await pair.target.is_empty()
    revision, data = await copied(pair.source)
    await pair.target.load(revision, chunks(data))
    assert not await pair.target.is_empty()
    rows = await pair.rows(pair.new)
    assert rows == await pair.rows(pair.old)
    assert len(rows["documents"]) == 5
    assert rows["audit_heads"]
    assert await asyncio.to_thread(current, pair.new) == expected()
    # and it goes on counting where the old one was
    await fill(settings_of(pair.folder, DATABASE__URL=pair.new), seed=2)


async def test_a_copy_is_of_one_moment(pair: Pair) -> None:
    data = bytearray()

    async def sink(chunk: bytes) -> None:
        data.extend(chunk)

    async with pair.source.snapshot() as snapshot:
        revision, before = snapshot.revision, [stored async for stored in snapshot.documents()]
        await fill(settings_of(pair.folder, DATABASE__URL=pair.old), photos=3, seed=2)
        await snapshot.write(sink)
        assert [stored async for stored in snapshot.documents()] == before
    assert len(before) == 5
    await pair.target.load(revision, chunks(bytes(data)))
    assert len((await pair.rows(pair.new))["documents"]) == 5


async def test_a_damaged_copy_leaves_the_database_empty(pair: Pair) -> None:
    revision, data = await copied(pair.source)
    with pytest.raises(BackupRefused, match="damaged"):
        await pair.target.load(revision, chunks(data[: len(data) // 2]))
    with pytest.raises(Damaged):
        await pair.target.load(revision, chunks(data, damaged=True))
    assert await pair.target.is_empty()
    await pair.target.load(revision, chunks(data))


async def test_a_copy_of_a_newer_version_is_refused(pair: Pair) -> None:
    _, data = await copied(pair.source)
    with pytest.raises(BackupRefused):
        await pair.target.load("9999", chunks(data))
    assert await pair.target.is_empty()


def _sqlite_rows(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            table: _shown(database.execute(f'SELECT * FROM "{table}"')) for table in tables if "sqlite" not in table
        }


async def _postgresql_rows(url: str) -> dict[str, list[str]]:
    connection = await asyncpg.connect(over_every_clinic_at(url))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return {name: _shown(await connection.fetch(f'SELECT * FROM "{name}"')) for (name,) in tables}
    finally:
        await connection.close()


def _shown(rows: Any) -> list[str]:
    return sorted(str({name: value for name, value in dict(row).items() if name != "derived"}) for row in rows)
