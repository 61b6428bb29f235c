"""How PostgreSQL goes about the lists of a clinic with some history: by what it knows of the rows that are there."""

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects import registry

from adapters.sql.database import open_database
from adapters.sql.postgresql_wall import SETTING
from adapters.sql.prepared import Prepared
from application.reach import EVERY_CLINIC
from tests.benchmarks import clinics
from tests.migrations.recording import RecordingDatabase
from tests.migrations.test_statements import FOUND, SORTED, Views
from tests.samples import ANA, CLINIC, VISIT
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]

DOCUMENTS = 20_000
_RECORDS = """
INSERT INTO owners SELECT 'clinic-1', (ARRAY['visit', 'treatment', 'plan', 'invoice'])[1 + n % 4], 'o-' || n,
    'p-' || n % 1000, '', now(), now(), now(), now() - n * interval '1 min' FROM generate_series(1, 10000) AS n;
INSERT INTO notes SELECT gen_random_uuid(), 'clinic-1', 'p-' || n % 1000, 'treatment', 'visit', 'o-' || n, '', NULL,
    'u', '', now() - n * interval '1 min', now(), 1 FROM generate_series(1, 10000) AS n;
INSERT INTO audit SELECT 'clinic-1', n, '', now(), 'u' || n % 20, '', 'ok', 'd' || n % 5000, 'p-' || n % 1000, NULL,
    NULL, '', '' FROM generate_series(1, 20000) AS n;
VACUUM ANALYZE owners, notes, audit
"""
_INSTEAD = {CLINIC: clinics.CLINIC, ANA: "regular-5", VISIT.id: "regular-5-3"}
_LISTS = {name: look for name, look in (SORTED | FOUND).items() if not name.startswith("everything")}
_LARGE = re.compile(r"Seq Scan on (documents|attachments|owners|notes|audit)\b.*")


@pytest.fixture(scope="module")
async def large(postgres: PostgresServer) -> AsyncIterator[str]:
    async with postgres.database() as url:
        await clinics.copy(clinics.database(DOCUMENTS), postgres.unwalled(url))
        connection = await asyncpg.connect(postgres.unwalled(url))
        for statement in _RECORDS.split(";"):
            await connection.execute(statement)
        await connection.close()
        yield url


async def test_no_list_of_a_large_clinic_reads_a_whole_table(large: str) -> None:
    dialect = registry.load("postgresql.asyncpg")()
    views = Views(RecordingDatabase(open_database(large)))
    plain = large.replace("+asyncpg", "")
    connection = await asyncpg.connect(plain, server_settings={SETTING: EVERY_CLINIC})
    found = {}
    for name, look in _LISTS.items():
        views.database.asked.clear()
        await look(views)
        for each in views.database.asked:
            prepared = Prepared(each.statement, dialect)
            values = prepared.bind({key: _there(value) for key, value in each.values.items()})
            steps = await connection.fetch(f"EXPLAIN {prepared.sql}", *values)
            if whole := [match.group() for step in steps if (match := _LARGE.search(step[0]))]:
                found[name] = whole
    await connection.close()
    await views.database.close()
    assert found == {}


def _there(value: Any) -> Any:
    """In place of what the looks ask for, what this clinic has as much of as others."""
    return _INSTEAD.get(value, value) if isinstance(value, str) else value
