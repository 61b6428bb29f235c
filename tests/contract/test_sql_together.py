"""Several processes on one database: each has connections and memory of its own, as two `Database` objects have."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.connections import Database
from adapters.sql.database import open_database
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.logs import outbox
from adapters.sql.outbox import SqlOutbox
from adapters.sql.schema import upgrade
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.system import SystemClock, Uuid7
from application.ports.audit_trail import AuditCriteria, AuditEntry
from application.ports.paging import PageRequest
from domain.documents import trash
from domain.errors import StaleVersion
from domain.events import PatientRegistered
from domain.ids import PatientId, UserId
from tests.conftest import ROOT
from tests.contract.conftest import POSTGRESQL
from tests.samples import ANA, ANOTHER_CLINIC, CLINIC, LUIS, NOON, VISIT, attachment, photo, staff
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio

EVA = PatientId("eva")


@dataclass(frozen=True, slots=True)
class Process:
    database: Database

    @property
    def unit_of_work(self) -> OpenSqlUnitOfWork:
        return OpenSqlUnitOfWork(self.database, SystemClock(), Uuid7())

    @property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.database, SystemClock())

    async def tell(self, *patients: PatientId) -> None:
        for patient in patients:
            async with self.unit_of_work(staff()) as uow:
                uow.record(PatientRegistered(patient_id=patient))
                await uow.commit()


@pytest.fixture(params=["sqlite", POSTGRESQL])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        await asyncio.to_thread(upgrade, f"sqlite:///{tmp_path / 'clinic.db'}")
        yield f"sqlite:///{tmp_path / 'clinic.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    async with server.database() as made:
        yield made


@asynccontextmanager
async def processes(url: str, count: int = 2) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as opened:
        databases = [open_database(url) for _ in range(count)]
        for database in databases:
            opened.push_async_callback(database.close)
        yield [Process(database) for database in databases]


def entry(number: int) -> AuditEntry:
    clinic = ANOTHER_CLINIC if number % 3 == 0 else CLINIC
    return AuditEntry(clinic_id=clinic, at=NOON, user_id="u", action="document.read", request_id=str(number))


async def test_the_audit_logs_of_all_processes_make_one_chain(url: str) -> None:
    async with processes(url, 3) as several:
        trails = [SqlAuditTrail(process.database, delay=0.001, batch=5) for process in several]
        for number in range(0, 120, 3):
            # Entries on their own, entries of changes, and entries that wait, in turns and at once.
            await asyncio.gather(
                trails[0].append(entry(number)),
                trails[1].append(entry(number + 1), wait=True),
                several[2].tell(ANA, LUIS),
                trails[2].append(entry(number + 2), wait=number % 2 == 0),
            )
        for trail in trails:
            await trail.flush()
        assert await trails[0].broken_links(CLINIC) == []
        assert await trails[0].broken_links(ANOTHER_CLINIC) == []
        page = await trails[1].page(staff(), AuditCriteria(action="document.read"), PageRequest(size=200))
        kept = {row.entry.request_id for row in page.items}
        assert kept == {str(number) for number in range(120) if number % 3}
        assert (await trails[1].page(staff(), AuditCriteria(), PageRequest())).total == 80 + 80


async def test_what_a_refused_request_said_is_kept_though_no_database_takes_it_as_it_is(url: str) -> None:
    async with processes(url, 1) as (process,):
        trail = SqlAuditTrail(process.database)
        await trail.append(entry(1)._replace(subject="a\0b\ud800ñ"), wait=True)
        (row,) = (await trail.page(staff(), AuditCriteria(), PageRequest())).items
        assert row.entry.subject == "a?b?ñ"
        assert await trail.broken_links(CLINIC) == []


async def test_messages_of_a_patient_stay_in_order_whoever_relays(url: str) -> None:
    delivered: list[tuple[str, str]] = []

    async def relay(process: Process) -> None:
        idle = 0
        while idle < 20:
            async with process.outbox.claim(7) as batch:
                for message in batch.messages:
                    delivered.append((message.key, message.id))
                    await asyncio.sleep(0)
                    await batch.published(message)
            idle = 0 if batch.messages else idle + 1
            await asyncio.sleep(0.005)

    async with processes(url, 3) as several:
        await asyncio.gather(
            *(relay(process) for process in several),
            several[0].tell(*[ANA, LUIS, EVA, ANA] * 10),
            several[1].tell(*[ANA, EVA] * 20),
        )
        assert await several[0].outbox.waiting() == 0
    assert len(delivered) == len({id for _, id in delivered}) == 80
    async with processes(url, 1) as (reader,):
        stored = await _stored(reader.database)
    for patient in (ANA, LUIS, EVA):
        assert [id for key, id in delivered if key == patient] == [id for key, id in stored if key == patient]


async def _stored(database: Database) -> list[tuple[str, str]]:
    rows = await database.fetch(select(outbox.c.key, outbox.c.id).order_by(outbox.c.seq), {})
    return [(key, id) for key, id in rows]


async def test_what_a_killed_relay_had_claimed_is_free_at_once(url: str) -> None:
    async with processes(url, 1) as (process,):
        await process.tell(ANA, LUIS)
        relay = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _RELAY_THAT_HANGS, url, stdout=subprocess.PIPE, cwd=ROOT
        )
        assert relay.stdout is not None
        assert await relay.stdout.readline() == b"2\n"
        async with process.outbox.claim(10) as batch:
            assert batch.messages == []
        relay.send_signal(signal.SIGKILL)
        await relay.wait()
        for _ in range(100):  # PostgreSQL needs a moment to notice
            async with process.outbox.claim(10) as batch:
                if batch.messages:
                    break
            await asyncio.sleep(0.02)
        assert [message.key for message in batch.messages] == [ANA, LUIS]


_RELAY_THAT_HANGS = """
import asyncio, sys
from adapters.sql.database import open_database
from adapters.sql.logs import outbox
from adapters.sql.outbox import SqlOutbox
from adapters.system import SystemClock
from application.reach import EVERY_CLINIC, bind

async def main():
    bind(EVERY_CLINIC)
    async with SqlOutbox(open_database(sys.argv[1]), SystemClock()).claim(10) as batch:
        print(len(batch.messages), flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_of_two_that_read_the_same_version_the_second_to_store_is_told(url: str) -> None:
    document = photo()
    async with processes(url) as (one, two):
        async with one.unit_of_work(staff()) as uow:
            await uow.documents.add(document)
            await uow.commit()
        async with two.unit_of_work(staff()) as uow:
            read = await uow.documents.get(document.id)
        async with one.unit_of_work(staff()) as uow:
            await uow.documents.save(trash(document, UserId("u"), NOON)[0])
            await uow.commit()
        async with two.unit_of_work(staff()) as uow:
            with pytest.raises(StaleVersion):
                await uow.documents.save(replace(read, title="Otro", version=read.version + 1))


async def test_what_one_commits_the_others_see_at_once(url: str) -> None:
    async with processes(url) as (one, two):
        for _ in range(20):
            document = photo()
            async with one.unit_of_work(staff()) as uow:
                await uow.documents.add(document)
                await uow.commit()
            assert (await SqlDocumentViews(two.database).get(staff(), document.id)).id == document.id


async def test_changes_of_one_record_s_files_take_turns(url: str) -> None:
    """Counting and then adding is safe only if nobody adds in between."""

    async def add_unless_full(process: Process) -> bool:
        document = photo()
        async with process.unit_of_work(staff()) as uow:
            await uow.directory.lock_owner(VISIT)
            if len(await uow.attachments.of_owner(VISIT)) >= 3:
                return False
            await uow.documents.add(document)
            await uow.attachments.add(attachment(document))
            await uow.commit()
            return True

    async with processes(url, 3) as several:
        added = await asyncio.gather(*(add_unless_full(process) for process in several * 4))
    assert sum(added) == 3
