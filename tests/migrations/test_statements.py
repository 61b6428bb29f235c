"""How many statements things take, and how the databases go about them."""

import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.dialects import registry, sqlite

from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.database import open_database
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.prepared import Prepared
from adapters.sql.schema import upgrade
from adapters.sql.timeline_views import SqlTimelineViews
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.sql.uploads import SqlUploads
from adapters.sql.values import sqlite_values
from adapters.system import Uuid7
from application.ports.audit_trail import AuditCriteria
from application.ports.files import FILE_ORDERS, FileCriteria
from application.ports.paging import PageRequest
from application.ports.unit_of_work import Once, UnitOfWork
from application.ports.views import TIMELINE_KINDS, DocumentCriteria, PhotoCriteria
from domain.access import Access
from domain.attachments import OwnerRef
from domain.errors import NotFound
from domain.events import PatientRegistered, PhotoUploaded
from domain.ids import AttachmentId, DocumentId, NoteId, OwnerId, UserId
from tests.migrations.recording import Asked, RecordingDatabase
from tests.samples import ANA, CLINIC, VISIT, account, attachment, note, pairing, patient, photo, record, staff
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = "01900000-0000-7000-8000-000000000000"
AFTER = (f"{NOW:%Y-%m-%dT%H:%M:%S}.000000Z", ID)
TOP, DEEP, NUMBERED = PageRequest(size=60), PageRequest(size=60, after=AFTER), PageRequest(size=60, page=3)
STAFF, ACCOUNT = staff(), account(ANA)


@dataclass(frozen=True, slots=True)
class Views:
    database: RecordingDatabase

    @property
    def documents(self) -> SqlDocumentViews:
        return SqlDocumentViews(self.database)

    @property
    def attachments(self) -> SqlAttachmentViews:
        return SqlAttachmentViews(self.database)

    @property
    def notes(self) -> SqlNoteViews:
        return SqlNoteViews(self.database)

    @property
    def directory(self) -> SqlDirectoryViews:
        return SqlDirectoryViews(self.database)

    @property
    def files(self) -> SqlFileViews:
        return SqlFileViews(self.database)


Look = Callable[[Views], Awaitable[object]]


def by(order: str) -> Look:
    return lambda on: on.files.of_owner(STAFF, VISIT, FileCriteria(order=order), TOP)


# Each comes out of its index in the order in which it is listed.
SORTED: dict[str, Look] = {
    "gallery": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(), TOP),
    "gallery, deep": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(), DEEP),
    "gallery, numbered": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(), NUMBERED),
    "gallery of a kind": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(kinds=("photo",)), DEEP),
    "gallery of a category": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(category="xray"), DEEP),
    "gallery of a subtype": lambda on: on.documents.photos(
        STAFF, ANA, PhotoCriteria(category="intraoral", subtype="smile"), DEEP
    ),
    "gallery between dates": lambda on: on.documents.photos(
        STAFF, ANA, PhotoCriteria(captured_from=NOW, captured_to=NOW), DEEP
    ),
    "gallery, paired": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(paired=True), DEEP),
    "gallery, unpaired": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(paired=False), DEEP),
    "gallery with tags": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(tags=("a", "b")), DEEP),
    "gallery, searched": lambda on: on.documents.photos(STAFF, ANA, PhotoCriteria(text="x"), DEEP),
    "documents": lambda on: on.documents.documents(STAFF, ANA, DocumentCriteria(), DEEP),
    "documents of a type": lambda on: on.documents.documents(
        STAFF, ANA, DocumentCriteria(document_type="report"), DEEP
    ),
    "documents of a kind": lambda on: on.documents.documents(STAFF, ANA, DocumentCriteria(kind="document"), DEEP),
    "attachments": lambda on: on.attachments.of_owner(STAFF, VISIT, PageRequest(after=(0, *AFTER))),
    "an account's attachments": lambda on: on.attachments.of_owner(ACCOUNT, VISIT, TOP),
    "notes": lambda on: on.notes.of_owner(STAFF, VISIT, DEEP),
    "notes of a patient": lambda on: on.notes.recent(STAFF, ANA, DEEP),
    "patients": lambda on: on.directory.patients(STAFF, "", PageRequest(after=("ana", "p1"))),
    "patients, searched": lambda on: on.directory.patients(STAFF, "garcia", TOP),
    "records": lambda on: on.directory.owners(STAFF, ANA, None, PageRequest(after=(AFTER[0], "visit", "v1"))),
    "records of a type, of all": lambda on: on.directory.owners(
        STAFF, None, "visit", PageRequest(after=(AFTER[0], "v1"))
    ),
    "records of a type, of all, from the top": lambda on: on.directory.owners(STAFF, None, "visit", TOP),
    "trash": lambda on: on.files.trash(STAFF, None, DEEP),
    "trash of a day": lambda on: on.files.trash(STAFF, date(2026, 3, 1), TOP),
    "audit": lambda on: SqlAuditTrail(on.database).page(STAFF, AuditCriteria(), PageRequest(after=(9,))),
    "audit of a document": lambda on: SqlAuditTrail(on.database).page(STAFF, AuditCriteria(document_id=ID), TOP),
    "audit of a patient": lambda on: SqlAuditTrail(on.database).page(STAFF, AuditCriteria(patient_id=ANA), TOP),
    "audit of a user": lambda on: SqlAuditTrail(on.database).page(STAFF, AuditCriteria(user_id="u"), TOP),
    "waiting messages": lambda on: SqlOutbox(on.database, lambda: NOW).waiting(),
    "what to scan": lambda on: SqlUpkeep(on.database, lambda: NOW).scans_due(10),
    "what to derive": lambda on: SqlUpkeep(on.database, lambda: NOW).underived(2, 10),
    "unfinished purges": lambda on: SqlUpkeep(on.database, lambda: NOW).unfinished_purges(10),
    "expired uploads": lambda on: SqlUploads(on.database).expired(NOW, 10),
    "everything": lambda on: all_of(SqlUpkeep(on.database, lambda: NOW).documents()),
    "everything trashed": lambda on: all_of(SqlUpkeep(on.database, lambda: NOW).trashed(NOW)),
}
# These are looked up, or sorted from no more than one record, patient or page has.
FOUND: dict[str, Look] = {
    "records of a type": lambda on: on.directory.owners(STAFF, ANA, "visit", TOP),
    "an account's records of a type": lambda on: on.directory.owners(ACCOUNT, None, "visit", TOP),
    "a document": lambda on: tried(on.documents.get(STAFF, DocumentId(ID))),
    "some documents": lambda on: on.documents.many(STAFF, [DocumentId(ID)]),
    "an attachment": lambda on: tried(on.attachments.get(STAFF, AttachmentId(ID))),
    "counts": lambda on: on.attachments.counts(STAFF, "visit", ["v1", "v2"]),
    "an account's counts": lambda on: on.attachments.counts(ACCOUNT, "visit", ["v1", "v2"]),
    "a note": lambda on: tried(on.notes.get(STAFF, NoteId(ID))),
    "counts of notes": lambda on: on.notes.counts(STAFF, "visit", ["v1", "v2"]),
    "timeline": lambda on: SqlTimelineViews(on.database).page(STAFF, ANA, TIMELINE_KINDS, TOP),
    "timeline, deep": lambda on: SqlTimelineViews(on.database).page(
        STAFF, ANA, TIMELINE_KINDS, PageRequest(after=(AFTER[0], "note", ID, "visit"))
    ),
    **{f"files by {order}": by(order) for order in FILE_ORDERS},
    "a file": lambda on: tried(on.files.get(STAFF, DocumentId(ID))),
    "links": lambda on: on.files.links(STAFF, [DocumentId(ID)]),
    "a patient's documents": lambda on: on.files.of_patient(STAFF, ANA),
    "a patient": lambda on: tried(on.directory.patient(STAFF, ANA)),
    "a record": lambda on: tried(on.directory.owner(STAFF, VISIT)),
    "grants": lambda on: on.directory.grants(CLINIC, UserId("u")),
    "whose a visit is": lambda on: SqlOwners(on.database).patient_of(CLINIC, VISIT),
    "whose a note is": lambda on: SqlOwners(on.database).patient_of(CLINIC, OwnerRef("clinical_note", OwnerId(ID))),
    "an upload": lambda on: tried(SqlUploads(on.database).get(STAFF, DocumentId(ID))),
    "prefixes": lambda on: SqlUpkeep(on.database, lambda: NOW).prefixes([DocumentId(ID)]),
}


async def all_of(found: AsyncIterator[object]) -> list[object]:
    return [each async for each in found]


async def tried(found: Awaitable[object]) -> None:
    with pytest.raises(NotFound):
        await found


async def pictures(uow: UnitOfWork) -> None:
    one, two = photo(), photo()
    await uow.documents.add(one)
    await uow.documents.add(two)
    await uow.documents.pair(one.id, two.id)
    await uow.documents.of_patient(ANA)
    await uow.documents.duplicate_of(ANA, one.file.sha256)
    await uow.documents.save(replace(one, version=2))
    await uow.documents.mark_derived(one)
    await uow.documents.mark_scanned(one)
    pair = pairing(one, two)
    await uow.pairings.add(pair)
    await uow.pairings.of(one.id)
    await uow.pairings.remove(pair)
    await uow.documents.remove(one)


async def links(uow: UnitOfWork) -> None:
    document = photo()
    await uow.documents.add(document)
    link = await uow.attachments.add(attachment(document))
    assert (await uow.attachments.add(attachment(document))).id == link.id
    await uow.attachments.get(link.id)
    await uow.attachments.of_owner(VISIT)
    await uow.attachments.all_of_owner(VISIT)
    await uow.attachments.of_document(document.id)
    await uow.attachments.save([link])
    await uow.attachments.remove([link])


async def records(uow: UnitOfWork) -> None:
    await uow.notes.add(written := note())
    await uow.notes.save(replace(written, version=2))
    await uow.notes.remove(written)
    await uow.directory.put_patient(patient())
    await uow.directory.patient(ANA)
    await uow.directory.put_owner(record())
    await uow.directory.lock_owner(VISIT)
    await uow.directory.remove_owner(VISIT)
    await uow.directory.put_grant(ANA, UserId("u"), Access.VIEW)
    await uow.directory.grant(ANA, UserId("u"))
    await uow.directory.remove_grant(ANA, UserId("u"))
    await uow.repetitions.result_of(Once(key="k", fingerprint="f"))
    await uow.repetitions.remember(Once(key="k", fingerprint="f"), ID)


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[tuple[Views, Path]]:
    path = tmp_path / "clinic.db"
    upgrade(f"sqlite:///{path}")
    database = RecordingDatabase(open_database(f"sqlite:///{path}"))
    yield Views(database), path
    await database.close()


def plans(path: Path, asked: list[Asked], *, inner: bool = True) -> list[str]:
    """How SQLite goes about statements, a line for each step; those of subqueries too if `inner`."""
    dialect = sqlite.dialect(paramstyle="qmark")
    steps = []
    with closing(sqlite3.connect(path)) as connection:
        for each in asked:
            prepared = Prepared(each.statement, dialect)
            bound = sqlite_values(prepared.bind(each.values))
            rows = connection.execute(f"EXPLAIN QUERY PLAN {prepared.sql}", bound)
            steps += [step for _, parent, _, step in rows if inner or not parent]
    return steps


_SHORT = re.compile(
    r"SCAN (json_each|wanted|CONSTANT|\(subquery|anon|\d+ CONSTANT"
    r"|\w+ USING (COVERING )?INDEX (outbox_unpublished|documents_pending|documents_scan_due|tombstones_unfinished))"
)
_BY_CLINIC = r"patients_name|sqlite_autoindex_patients|documents_trash"
_WHOLE_CLINIC = re.compile(rf"SEARCH \w+ USING (COVERING )?INDEX (?!{_BY_CLINIC})\w+ \(clinic_id=\?\)")


def scans(steps: list[str]) -> list[str]:
    """Steps that go through a whole table, or through all that a clinic has in it.

    Lists that were bound and indexes of what is left to do are short; patients and trash are listed by the clinic.
    """
    return [step for step in steps if _WHOLE_CLINIC.match(step) or (step.startswith("SCAN") and not _SHORT.match(step))]


@pytest.mark.parametrize("name", [*SORTED, *FOUND])
async def test_nothing_goes_through_a_whole_table(on_sqlite: tuple[Views, Path], name: str) -> None:
    views, path = on_sqlite
    await (SORTED | FOUND)[name](views)
    steps = plans(path, views.database.asked)
    assert steps
    assert scans(steps) == []


@pytest.mark.parametrize("name", SORTED)
async def test_a_list_comes_out_of_its_index_in_order(on_sqlite: tuple[Views, Path], name: str) -> None:
    views, path = on_sqlite
    await SORTED[name](views)
    assert [step for step in plans(path, views.database.asked, inner=False) if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize(
    "name", ["gallery", "gallery of a kind", "gallery of a category", "gallery of a subtype", "documents of a type"]
)
async def test_a_total_is_counted_without_looking_at_the_rows(on_sqlite: tuple[Views, Path], name: str) -> None:
    views, path = on_sqlite
    await SORTED[name](views)
    steps = plans(path, views.database.asked[:1])
    assert any("USING COVERING INDEX documents_" in step for step in steps), steps


async def test_no_statement_of_a_transaction_goes_through_a_whole_table(on_sqlite: tuple[Views, Path]) -> None:
    views, path = on_sqlite
    async with OpenSqlUnitOfWork(views.database, lambda: NOW, Uuid7())(STAFF) as uow:
        for change in (pictures, links, records):
            await change(uow)
        uow.record(PatientRegistered(patient_id=ANA))
        await uow.commit()
    async with SqlOutbox(views.database, lambda: NOW).claim(10) as batch:
        for message in batch.messages:
            await batch.published(message)
    assert scans(plans(path, views.database.asked)) == []


@pytest.mark.parametrize("name", [*SORTED, *FOUND])
async def test_a_look_takes_one_statement(on_sqlite: tuple[Views, Path], name: str) -> None:
    views, _ = on_sqlite
    await (SORTED | FOUND)[name](views)
    # Of a page without rows, only another statement can say how many there are on the others.
    allowed = 2 if name == "what to derive" or is_beyond_the_first_page(views.database.asked[0]) else 1
    assert len(views.database.asked) <= allowed


def is_beyond_the_first_page(asked: Asked) -> bool:
    return "key_0" in asked.values or bool(asked.values.get("offset"))


async def test_notes_come_with_their_attachments_in_two_statements(on_sqlite: tuple[Views, Path]) -> None:
    views, _ = on_sqlite
    async with OpenSqlUnitOfWork(views.database, lambda: NOW, Uuid7())(STAFF) as uow:
        for _ in range(5):
            await uow.notes.add(note(owner=VISIT))
        await uow.commit()
    views.database.asked.clear()
    assert len((await views.notes.of_owner(STAFF, VISIT, TOP)).items) == 5
    assert len(views.database.asked) == 2


async def test_storing_an_upload_takes_four_statements(on_sqlite: tuple[Views, Path]) -> None:
    views, _ = on_sqlite
    opened = OpenSqlUnitOfWork(views.database, lambda: NOW, Uuid7())
    for _ in range(2):
        views.database.asked.clear()
        document = photo()
        async with opened(STAFF) as uow:
            await uow.documents.duplicate_of(ANA, document.file.sha256)
            await uow.documents.add(document)
            uow.record(
                PhotoUploaded(
                    patient_id=ANA, document_id=document.id, media_kind="photo", media_category=None, media_subtype=None
                )
            )
            await uow.commit()
    # The first time the end of the audit log had to be looked for.
    assert len(views.database.asked) == 4


@pytest.mark.services
async def test_on_postgresql_lists_can_come_out_of_their_indexes(postgres: PostgresServer) -> None:
    """The planner chooses by what is in the tables; told to avoid going through them, it needs to find another way."""
    dialect = registry.load("postgresql.asyncpg")()
    async with postgres.database() as url:
        views = Views(RecordingDatabase(open_database(url)))
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off")
        for name, look in SORTED.items():
            views.database.asked.clear()
            await look(views)
            for each in views.database.asked:
                prepared = Prepared(each.statement, dialect)
                steps = await connection.fetch(f"EXPLAIN (COSTS OFF) {prepared.sql}", *prepared.bind(each.values))
                plan = "\n".join(step[0] for step in steps).partition("SubPlan")[0]
                assert "Seq Scan" not in plan, name
                assert "Sort Key" not in plan, name
        await connection.close()
        await views.database.close()
