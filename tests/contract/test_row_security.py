"""The second wall between clinics: PostgreSQL lets a session see and write one clinic's rows, whatever it asks for."""

import asyncio
import logging
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import bindparam, func, select, text

from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.postgresql_wall import SETTING
from adapters.sql.tables import documents
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.system import SystemClock, Uuid7
from application.reach import EVERY_CLINIC, Unbound, over_every_clinic, unbound, within
from domain.ids import ClinicId
from tests.samples import ANOTHER_CLINIC, CLINIC, document, staff
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]

# None of these asks for a clinic.
EVERYTHING = text("SELECT clinic_id FROM documents ORDER BY id")
RETITLED = text("UPDATE documents SET title = 'stolen'")
DELETED = text("DELETE FROM documents")
MOVED = text("UPDATE patients SET clinic_id = 'c2'")
PUT = text("INSERT INTO grants VALUES ('c2', 'u', 'p', 1)")
SAID = select(func.current_setting(SETTING, True))
ASLEEP = select(func.pg_sleep(bindparam("seconds")))


@pytest.fixture
async def url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with postgres.database() as made:
        yield made


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Of one connection, with two documents of one clinic and one of another."""
    opened = open_database(url, connections=1)
    for clinic in (CLINIC, CLINIC, ANOTHER_CLINIC):
        await store(opened, clinic)
    yield opened
    await opened.close()


def opened(database: Database) -> OpenSqlUnitOfWork:
    return OpenSqlUnitOfWork(database, SystemClock(), Uuid7())


async def store(database: Database, clinic: ClinicId) -> None:
    async with opened(database)(staff(clinic)) as uow:
        await uow.documents.add(document(clinic=clinic))
        await uow.commit()


async def clinics_seen(database: Database) -> list[str]:
    return [row[0] for row in await database.fetch(EVERYTHING, {})]


async def test_a_statement_without_a_filter_sees_one_clinic_outside_and_inside_of_a_transaction(
    database: Database,
) -> None:
    for clinic, count in ((CLINIC, 2), (ANOTHER_CLINIC, 1), (CLINIC, 2), (ClinicId("c'3"), 0)):
        with within(clinic):
            assert await clinics_seen(database) == [clinic] * count
            async with database.transaction() as transaction:
                assert [row[0] for row in await transaction.fetch(EVERYTHING, {})] == [clinic] * count
    with over_every_clinic():
        assert sorted(await clinics_seen(database)) == [CLINIC, CLINIC, ANOTHER_CLINIC]


async def test_a_statement_without_a_filter_changes_one_clinic(database: Database) -> None:
    with within(ANOTHER_CLINIC):
        async with database.transaction() as transaction:
            assert await transaction.execute(RETITLED, {}) == 1
            assert await transaction.execute(DELETED, {}) == 1
    with over_every_clinic():
        assert len(await clinics_seen(database)) == 3


@pytest.mark.parametrize("statement", [PUT, MOVED])
async def test_a_row_of_another_clinic_cannot_be_written(database: Database, statement: object) -> None:
    with within(CLINIC):
        async with database.transaction() as transaction:
            await transaction.execute(
                text("INSERT INTO patients VALUES ('c1', 'p', 'P', NULL, 'active', false, now(), now(), 'p', 'p')"), {}
            )
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await transaction.execute(statement, {})  # type: ignore[arg-type]


async def test_work_of_one_clinic_for_somebody_of_another_is_refused(database: Database) -> None:
    """The wall goes by whose request it is, not by whom a use case passes on."""
    with within(CLINIC), pytest.raises(asyncpg.InsufficientPrivilegeError):
        await store(database, ANOTHER_CLINIC)


async def test_work_over_every_clinic_stays_in_one_while_it_acts_for_it(database: Database) -> None:
    with over_every_clinic():
        async with opened(database)(staff(ANOTHER_CLINIC)):
            pass
        async with database.transaction() as transaction:
            assert (await transaction.fetch(SAID, {}))[0][0] == EVERY_CLINIC
        # Of it nothing is left on the connection, which is the only one.
        with within(CLINIC):
            assert await clinics_seen(database) == [CLINIC, CLINIC]


async def test_who_said_nothing_gets_nothing(database: Database, url: str) -> None:
    with within(CLINIC):
        await clinics_seen(database)
    with unbound():
        with pytest.raises(Unbound):
            await clinics_seen(database)
        with pytest.raises(Unbound):
            await store(database, CLINIC)
    bare = await asyncpg.connect(url.replace("+asyncpg", ""))
    assert await bare.fetch(EVERYTHING.text) == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await bare.execute(PUT.text)
    await bare.close()


async def test_what_was_undone_or_cancelled_leaves_no_clinic_behind(database: Database) -> None:
    async def hang() -> None:
        with within(ANOTHER_CLINIC):
            await database.fetch(ASLEEP, {"seconds": 60})

    for pause in (0.0, 0.001, 0.05):
        hanging = asyncio.create_task(hang())
        await asyncio.sleep(pause)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        with within(CLINIC):
            assert set(await clinics_seen(database)) == {CLINIC}
    with within(ANOTHER_CLINIC):
        async with database.transaction() as transaction:
            assert len(await transaction.fetch(EVERYTHING, {})) == 1
    with within(CLINIC):
        assert set(await clinics_seen(database)) == {CLINIC}


async def test_many_tasks_of_several_clinics_at_once_each_see_their_own(url: str) -> None:
    database = open_database(url, connections=3)
    for clinic in (CLINIC, ANOTHER_CLINIC):
        await store(database, clinic)

    async def look(clinic: ClinicId) -> None:
        with within(clinic):
            for _ in range(10):
                assert await clinics_seen(database) == [clinic]
                async with database.transaction() as transaction:
                    assert [row[0] for row in await transaction.fetch(EVERYTHING, {})] == [clinic]

    await asyncio.gather(*(look(clinic) for clinic in (CLINIC, ANOTHER_CLINIC) * 4))
    await database.close()


async def test_in_one_clinic_the_wall_costs_no_round_trip(url: str) -> None:
    database = open_database(url, connections=1)
    asking = await asyncpg.connect(url.replace("+asyncpg", ""))
    latest = "SELECT query FROM pg_stat_activity WHERE application_name = 'clinic-media'"
    with within(CLINIC):
        await clinics_seen(database)
        for _ in range(3):
            await SqlDocumentViews(database).many(staff(), [])
            assert "set_config" not in await asking.fetchval(latest)
            async with database.transaction():
                assert await asking.fetchval(latest) == "BEGIN"
    await asking.close()
    await database.close()


async def test_every_table_with_a_clinic_has_the_wall_and_no_other_column_says_it(database: Database) -> None:
    unwalled = text("""
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id'
        WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid AND polcmd = '*' AND polpermissive))""")
    assert await database.fetch(unwalled, {}) == []
    assert "clinic_id" in documents.c


async def test_a_role_that_goes_round_the_wall_is_told_of_once(
    url: str, postgres: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    for each, times in ((url, 0), (postgres.unwalled(url), 1)):
        database = open_database(each)
        with caplog.at_level(logging.WARNING, "clinic_media.database"), unbound():
            await database.check()
            await database.check()
        assert sum("row security" in record.message for record in caplog.records) == times
        await database.close()
