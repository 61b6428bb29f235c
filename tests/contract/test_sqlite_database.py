"""What is particular to SQLite: one writer, a driver called on the event loop, a file that may be missing or full."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.finishing import finished
from adapters.sql.outbox import SqlOutbox
from adapters.sql.schema import upgrade
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.system import SystemClock, Uuid7
from application.ports.audit_trail import AuditCriteria, AuditEntry
from application.ports.paging import PageRequest
from domain.documents import Document
from domain.errors import Malformed, NotFound, Unavailable
from tests.samples import ANA, CLINIC, NOON, photo, staff

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    upgrade(f"sqlite:///{tmp_path / 'clinic.db'}")
    return tmp_path / "clinic.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    opened = open_database(f"sqlite:///{path}", patience=0.3)
    yield opened
    await opened.close()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def store(database: Database, document: Document) -> None:
    async with OpenSqlUnitOfWork(database, SystemClock(), Uuid7())(staff()) as uow:
        await uow.documents.add(document)
        await uow.commit()


async def is_stored(database: Database, document: Document) -> bool:
    try:
        await SqlDocumentViews(database).get(staff(), document.id)
    except NotFound:
        return False
    return True


@asynccontextmanager
async def turns() -> AsyncIterator[Callable[[], int]]:
    """How often others had a turn on the event loop while the block ran."""
    count = 0

    async def take_turns() -> None:
        nonlocal count
        while True:
            await asyncio.sleep(0)
            count += 1

    others = asyncio.create_task(take_turns())
    try:
        yield lambda: count
    finally:
        others.cancel()


async def test_who_waits_for_another_process_gets_its_turn_when_that_is_done(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store(database, photo()))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        other.execute("COMMIT")
        await waiting


async def test_who_waits_too_long_is_told_and_holds_up_nobody_meanwhile(database: Database, path: Path) -> None:
    document = photo()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with turns() as taken:
            with pytest.raises(Unavailable, match="try again"):
                await store(database, document)
        assert taken() > 100
    assert not await is_stored(database, document)
    await store(database, document)


async def test_who_waits_too_long_for_its_own_process_is_told(database: Database) -> None:
    opened = OpenSqlUnitOfWork(database, SystemClock(), Uuid7())
    async with opened(staff()):
        with pytest.raises(Unavailable, match="try again"):
            async with opened(staff()):
                pytest.fail("two transactions at once")


async def test_reading_waits_for_no_writer(database: Database) -> None:
    stored, unfinished = photo(), photo()
    await store(database, stored)
    async with OpenSqlUnitOfWork(database, SystemClock(), Uuid7())(staff()) as uow:
        await uow.documents.add(unfinished)
        assert await is_stored(database, stored)
        assert not await is_stored(database, unfinished)


async def test_a_commit_that_is_cancelled_is_whole_and_leaves_the_database_usable(database: Database) -> None:
    for delay in (0, 0, 0.0001, 0.0005, 0.001, 0.002):
        document = photo()
        storing = asyncio.create_task(store(database, document))
        await asyncio.sleep(delay)
        storing.cancel()
        try:
            await storing
        except asyncio.CancelledError:
            pass
        else:
            assert await is_stored(database, document)
        await store(database, after := photo())
        assert await is_stored(database, after)


async def test_who_is_cancelled_while_the_disk_works_waits_for_it() -> None:
    disk: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    committing = asyncio.create_task(finished(disk))
    for _ in range(3):
        await asyncio.sleep(0)
        committing.cancel()
        await asyncio.sleep(0.01)
        assert not committing.done()
    disk.set_result(None)
    with pytest.raises(asyncio.CancelledError):
        await committing


async def test_what_is_committed_is_on_the_disk_and_keys_are_checked(database: Database) -> None:
    async with database.transaction() as transaction:
        assert await transaction.fetch(text("PRAGMA journal_mode"), {}) == [("wal",)]
        assert await transaction.fetch(text("PRAGMA synchronous"), {}) == [(2,)]
        assert await transaction.fetch(text("PRAGMA foreign_keys"), {}) == [(1,)]


async def test_many_statements_let_others_run_in_between(database: Database) -> None:
    statement = text("UPDATE patients SET hold = 0 WHERE clinic_id = 'c' AND id = 'x'")
    async with database.transaction() as transaction, turns() as taken:
        for _ in range(2_000):
            await transaction.execute(statement, {})
        assert taken() > 20


@pytest.mark.parametrize("change", ["rollback", "error"])
async def test_what_is_not_committed_is_gone(database: Database, change: str) -> None:
    document = photo()
    try:
        async with OpenSqlUnitOfWork(database, SystemClock(), Uuid7())(staff()) as uow:
            await uow.documents.add(document)
            if change == "error":
                raise LookupError
    except LookupError:
        pass
    assert not await is_stored(database, document)


async def store_many(database: Database, count: int) -> None:
    for _ in range(count):
        await store(database, photo())


async def test_a_full_disk_is_told_and_what_was_stored_before_stays(database: Database) -> None:
    await store(database, before := photo())
    async with database.transaction() as transaction:
        ((pages,),) = await transaction.fetch(text("PRAGMA page_count"), {})
        await transaction.fetch(text(f"PRAGMA max_page_count = {pages + 3}"), {})
    with pytest.raises(Unavailable, match="disk of the database is full"):
        await store_many(database, 50)
    assert await is_stored(database, before)
    async with database.transaction() as transaction:
        await transaction.fetch(text("PRAGMA max_page_count = 100000"), {})
    await store(database, photo())


async def test_a_file_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'nothing.db'}")
    with pytest.raises(Unavailable, match="cannot be opened"):
        await database.check()
    await database.close()
    assert names(tmp_path) == []


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "clinic.db").write_bytes(b"no database at all" * 100)
    database = open_database(f"sqlite:///{tmp_path / 'clinic.db'}")
    with pytest.raises(Unavailable, match="damaged"):
        await database.check()
    await database.close()


async def test_opening_a_database_touches_nothing(tmp_path: Path) -> None:
    await open_database(f"sqlite:///{tmp_path / 'clinic.db'}").close()
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "postgresql://host", "mysql://host/name", "clinic.db"]
)
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database URL"):
        open_database(url)


async def test_a_row_that_breaks_a_rule_of_the_tables_is_our_fault_and_not_hidden(database: Database) -> None:
    async with database.transaction() as transaction:
        with pytest.raises(sqlite3.IntegrityError):
            await transaction.execute(text("INSERT INTO grants VALUES ('c', 'u', 'p', 9)"), {})


@pytest.mark.parametrize("changes", [{"title": "\ud800"}, {"size": 2**63}])
async def test_what_cannot_be_stored_is_the_client_s_fault(database: Database, changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await store(database, photo(**changes))


async def test_half_a_pair_cannot_be_committed(database: Database) -> None:
    await store(database, one := photo())
    await store(database, two := photo())
    row = f"'{one.id}', '{two.id}', 'before', '{two.id}', '{CLINIC}', '{ANA}', '2026-01-01T00:00:00.000000Z'"
    async with database.transaction() as transaction:
        await transaction.execute(text(f"INSERT INTO pairing_members VALUES ({row})"), {})
        with pytest.raises(sqlite3.IntegrityError):
            await transaction.commit()


async def test_a_time_that_another_program_wrote_differently_turns_no_list_round_for_ever(
    database: Database, path: Path
) -> None:
    await store(database, document := photo())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE documents SET active = 0, in_gallery = 0, trashed_at = '2020-01-01T00:00:00Z'")
    found = SqlUpkeep(database, SystemClock()).trashed(NOON)
    async with asyncio.timeout(5):
        assert [view.id async for view in found] == [document.id]


async def test_a_relay_that_cannot_be_locked_is_told_and_not_taken_for_one_that_is(
    database: Database, path: Path
) -> None:
    path.with_name("clinic.db-relay").mkdir()
    outbox = SqlOutbox(database, SystemClock())
    with pytest.raises(Unavailable, match="cannot be opened"):
        async with outbox.claim(1):
            pytest.fail("nothing could be claimed")


async def test_entries_that_cannot_be_written_now_are_written_later(database: Database, path: Path) -> None:
    trail = SqlAuditTrail(database, delay=0.01)
    entry = AuditEntry(clinic_id=CLINIC, at=NOON, user_id="u", action="document.read")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await trail.append(entry)
        with pytest.raises(Unavailable, match="audit log"):
            await trail.append(entry, wait=True)
    await asyncio.sleep(1.5)
    assert (await trail.page(staff(), AuditCriteria(), PageRequest())).total == 2
    assert await trail.broken_links(CLINIC) == []


async def test_more_entries_than_may_wait_make_the_next_one_wait(database: Database, path: Path) -> None:
    trail = SqlAuditTrail(database, delay=60, batch=1000, capacity=5)
    entry = AuditEntry(clinic_id=CLINIC, at=NOON, user_id="u", action="document.read")
    for _ in range(5):
        await trail.append(entry)
    with closing(sqlite3.connect(path)) as other:
        count = "SELECT count(*) FROM audit"
        assert other.execute(count).fetchone() == (0,)
        await trail.append(entry)
        assert other.execute(count).fetchone() == (6,)
