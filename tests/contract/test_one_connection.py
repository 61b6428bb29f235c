"""A request needs one connection at a time: where each holds one and waits for another, a full pool stands still."""

import pytest
from sqlalchemy import make_url

from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.owners import SqlOwners
from adapters.sql.postgresql import PostgresqlDatabase
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.system import SystemClock, Uuid7
from application.attachments import LinkDocument
from application.notes import NewNote, WriteNote
from application.owners import FindOwner
from application.ports.unit_of_work import Once
from application.reach import within
from domain.attachments import OwnerRef
from domain.ids import OwnerId
from domain.notes import NoteType
from tests.installations import put
from tests.proof.use_cases import REGISTRY
from tests.samples import ANA, CLINIC, VISIT, document, patient, record, staff
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]


async def test_what_is_asked_for_again_with_its_key_is_answered_over_the_only_connection(
    postgres: PostgresServer,
) -> None:
    async with postgres.database() as url:
        database, clock, new_id = PostgresqlDatabase(make_url(url), connections=1, patience=2), SystemClock(), Uuid7()
        work, find = (
            OpenSqlUnitOfWork(database, clock, new_id),
            FindOwner(registry=REGISTRY, resolvers={"local": SqlOwners(database)}),
        )
        link = LinkDocument(
            unit_of_work=work,
            attachments=SqlAttachmentViews(database),
            find_owner=find,
            registry=REGISTRY,
            clock=clock,
            new_id=new_id,
        )
        write = WriteNote(unit_of_work=work, notes=SqlNoteViews(database), find_owner=find, clock=clock, new_id=new_id)
        note = NewNote(note_type=NoteType.DIAGNOSIS, owner=OwnerRef("patient", OwnerId(ANA)), body="Sana")
        try:
            with within(CLINIC):
                async with work(staff()) as uow:
                    for each in (patient(), record(), report := document()):
                        await put(uow, each)
                    await uow.commit()
                links = [
                    (await link(staff(), report.id, VISIT, once=Once(key="k", fingerprint="f")))[0].id for _ in "12"
                ]
                notes = [(await write(staff(), note, Once(key="n", fingerprint="f"))).id for _ in "12"]
        finally:
            await database.close()
    assert links[0] == links[1]
    assert notes[0] == notes[1]
