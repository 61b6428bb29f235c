"""What is particular to PostgreSQL: a server that may be away, connections that break, rows that are locked."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.owners import SqlOwners
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.system import SystemClock, Uuid7
from application.ports.paging import PageRequest
from domain.attachments import OwnerRef
from domain.documents import Document
from domain.errors import Malformed, NotFound, Unavailable
from domain.ids import DocumentId, OwnerId
from tests.samples import ANA, CLINIC, photo, staff
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]


@pytest.fixture
async def url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with postgres.database() as made:
        yield made


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = open_database(url, patience=0.5, connections=4)
    yield opened
    await opened.close()


def opened(database: Database) -> OpenSqlUnitOfWork:
    return OpenSqlUnitOfWork(database, SystemClock(), Uuid7())


async def store(database: Database, document: Document) -> None:
    async with opened(database)(staff()) as uow:
        await uow.documents.add(document)
        await uow.commit()


async def disconnect_everybody(url: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_connection_that_breaks_in_a_transaction_loses_it_and_the_next_one_works(
    database: Database, url: str
) -> None:
    lost = photo()
    async with opened(database)(staff()) as uow:
        await uow.documents.add(lost)
        await disconnect_everybody(url)
        with pytest.raises(Unavailable, match="away"):
            await uow.commit()
    await store(database, kept := photo())
    views = SqlDocumentViews(database)
    assert (await views.get(staff(), kept.id)).id == kept.id
    with pytest.raises(NotFound):
        await views.get(staff(), lost.id)


async def test_connections_that_broke_while_nobody_used_them_are_made_anew(database: Database, url: str) -> None:
    await store(database, kept := photo())
    await disconnect_everybody(url)
    await asyncio.sleep(0.05)
    assert (await SqlDocumentViews(database).get(staff(), kept.id)).id == kept.id


async def test_a_server_that_is_away_is_told() -> None:
    database = open_database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing", patience=0.5)
    with pytest.raises(Unavailable, match="away"):
        await database.check()
    await database.close()


async def test_a_database_that_is_not_there_is_told(url: str) -> None:
    database = open_database(url.replace("clinic_media_test", "no_such"), patience=0.5)
    with pytest.raises(Unavailable, match="away"):
        await database.check()
    await database.close()


async def test_more_transactions_than_connections_wait_and_then_are_told(database: Database) -> None:
    async with opened(database)(staff()), opened(database)(staff()), opened(database)(staff()):
        async with opened(database)(staff()):
            with pytest.raises(Unavailable):
                await store(database, photo())
        await store(database, photo())


async def test_a_document_that_is_being_changed_is_waited_for_and_then_it_is_told(database: Database) -> None:
    await store(database, document := photo())
    async with opened(database)(staff()) as one, opened(database)(staff()) as two:
        await one.documents.get(document.id)
        with pytest.raises(Unavailable, match="try again"):
            await two.documents.get(document.id)


async def test_two_that_pair_the_same_photos_the_other_way_round_do_not_block_each_other(database: Database) -> None:
    await store(database, first := photo())
    await store(database, second := photo())

    async def lock(*ids: str) -> None:
        async with opened(database)(staff()) as uow:
            await uow.documents.pair(type(first.id)(ids[0]), type(first.id)(ids[1]))
            await asyncio.sleep(0.01)

    await asyncio.gather(*(lock(*pair) for pair in [(first.id, second.id), (second.id, first.id)] * 4))


async def test_a_commit_that_is_cancelled_leaves_nothing_half_done(database: Database) -> None:
    for delay in (0, 0.001, 0.002, 0.004, 0.008):
        document = photo()
        storing = asyncio.create_task(store(database, document))
        await asyncio.sleep(delay)
        storing.cancel()
        await asyncio.gather(storing, return_exceptions=True)
        await store(database, photo())


async def test_what_is_no_id_is_the_id_of_nothing(database: Database) -> None:
    with pytest.raises(NotFound):
        await SqlDocumentViews(database).get(staff(), DocumentId("42"))
    assert await SqlOwners(database).patient_of(CLINIC, OwnerRef("clinical_note", OwnerId("42"))) is None


async def test_text_that_cannot_be_stored_is_the_client_s_fault(database: Database) -> None:
    with pytest.raises(Malformed):
        await SqlDirectoryViews(database).patients(staff(), "a\0b", PageRequest())


async def test_a_row_that_breaks_a_rule_of_the_tables_is_our_fault_and_not_hidden(database: Database) -> None:
    async with database.transaction() as transaction:
        with pytest.raises(asyncpg.CheckViolationError):
            await transaction.execute(text("INSERT INTO grants VALUES ('c', 'u', 'p', 9)"), {})


async def test_a_transaction_in_which_something_failed_is_not_taken_for_committed(database: Database) -> None:
    async with database.transaction() as transaction:
        with pytest.raises(asyncpg.CheckViolationError):
            await transaction.execute(text("INSERT INTO grants VALUES ('c', 'u', 'p', 9)"), {})
        with pytest.raises(Unavailable, match="not kept"):
            await transaction.commit()


async def test_half_a_pair_cannot_be_committed(database: Database) -> None:
    await store(database, one := photo())
    await store(database, two := photo())
    row = f"'{one.id}', '{two.id}', 'before', '{two.id}', 'c1', '{ANA}', now()"
    async with database.transaction() as transaction:
        await transaction.execute(text(f"INSERT INTO pairing_members VALUES ({row})"), {})
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await transaction.commit()


async def test_closing_waits_for_who_is_at_work_but_not_for_ever(database: Database) -> None:
    async def hang() -> None:
        async with opened(database)(staff()):
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await asyncio.sleep(0.1)
    async with asyncio.timeout(5):
        await database.close()
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_an_error_of_the_caller_is_not_taken_for_one_of_the_database(database: Database) -> None:
    with pytest.raises(TimeoutError):
        async with opened(database)(staff()):
            raise TimeoutError


async def test_the_figures_tell_how_full_the_pool_is(database: Database) -> None:
    def told() -> tuple[float | None, float | None]:
        names = ("clinic_media_database_connections_in_use", "clinic_media_database_connections_most")
        in_use, most = map(REGISTRY.get_sample_value, names)
        return in_use, most

    idle = told()
    async with database.transaction(), database.transaction():
        assert idle[0] is not None
        assert idle[1] is not None
        assert told() == (idle[0] + 2, idle[1] + 4)
    assert told()[0] == idle[0]
    await database.close()
    assert told() == idle
