"""The same installation gives the same, whichever database it is kept in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from application.importing.report import Report
from application.ports.legacy import LegacySource
from entrypoints.container import Container
from tests.imports.bringing import bring, contents, dentalpin, installed, is_whole, medikeep
from tests.imports.in_postgresql import copy
from tests.services.postgres import PostgresServer, over_every_clinic_at

pytestmark = [pytest.mark.anyio, pytest.mark.services]

Opening = Callable[[Container, str], LegacySource]


async def outcome(folder: Path, opening: Opening, url: str, **settings: str) -> tuple[dict[str, Any], Report]:
    async with installed(folder, **settings) as container:
        report = await bring(container, opening(container, url))
        assert await is_whole(container)
        return await contents(container), report


async def dump(url: str) -> dict[str, list[str]]:
    """Everything in a database, with what tells that a row was written again."""
    connection = await asyncpg.connect(over_every_clinic_at(url))
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {
            name: [str(row) for row in await connection.fetch(f'SELECT xmin, ctid, * FROM "{name}" ORDER BY ctid')]
            for (name,) in names
        }
    finally:
        await connection.close()


@pytest.mark.parametrize("program", ["medikeep", "dentalpin"])
async def test_from_postgresql_into_postgresql_comes_what_comes_from_sqlite_into_sqlite(
    tmp_path: Path, legacy: Path, postgres: PostgresServer, program: str
) -> None:
    folder = legacy / program
    database = next(path for path in folder.iterdir() if path.suffix.startswith(".sqlite"))

    def opening(container: Container, url: str) -> LegacySource:
        if program == "medikeep":
            return medikeep(container, url, folder / "uploads")
        return dentalpin(container, url, folder / "storage")

    from_sqlite, wanted = await outcome(tmp_path / "sqlite", opening, f"sqlite:///{database}")
    async with postgres.database(migrated=False) as url, postgres.database() as ours:
        await copy(database, url)
        before = await dump(url)
        found, report = await outcome(tmp_path / "postgresql", opening, url, DATABASE__URL=ours)
        assert await dump(url) == before
    assert found == from_sqlite
    assert sorted(report.anomalies) == sorted(wanted.anomalies)
    assert (report.users, report.clinics, report.records) == (wanted.users, wanted.clinics, wanted.records)
