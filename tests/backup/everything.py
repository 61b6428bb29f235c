"""A clinic with something in every table, and the odd values that two kinds of database keep in two ways."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

from dependency_injector.providers import Object

from application.notes import NewNote
from application.ports.imports import ImportedRow, ImportRun
from application.ports.resumable import Upload
from application.ports.unit_of_work import Once
from application.reach import over_every_clinic
from application.uploads import Incoming, PhotoWords
from domain.access import Access
from domain.attachments import OwnerRef
from domain.ids import DocumentId, OwnerId, UserId
from domain.notes import NoteType
from entrypoints.container import Container, opened
from entrypoints.settings import Settings
from tests.backup.filling import ADMIN, ANA, store_photo, store_text

VISIT = OwnerRef("visit", OwnerId("v-1"))
_MADRID = timezone(timedelta(hours=2))
_ODD = "Ana «García» 😀\nsegunda línea\t\"comillas\" 'una' \\ % \u0301 \ufeff"


async def fill_everything(settings: Settings, seed: int = 1) -> None:
    """Needs settings that purge the trash after a day, photos too, and give up an event after one attempt."""
    with over_every_clinic():
        async with opened(settings) as container:
            await _fill(container, Random(seed))


async def _fill(container: Container, dice: Random) -> None:
    birth = datetime(1899, 12, 31, tzinfo=UTC).date()
    await container.register_patient()(ADMIN, ANA, display_name="Ana García", birth_date=birth)
    await container.register_owner()(ADMIN, VISIT, patient=ANA, title=_ODD, occurred_at=datetime(1, 1, 1, tzinfo=UTC))
    await container.grant_access()(ADMIN, ANA, UserId("u-2"), Access.EDIT)
    photos = [await store_photo(container, dice) for _ in range(5)]
    await container.pair_photos()(ADMIN, photos[0].id, photos[1].id)
    await container.link_document()(ADMIN, photos[0].id, VISIT)
    note = NewNote(note_type=NoteType.DIAGNOSIS, owner=OwnerRef("patient", OwnerId(ANA)), body=_ODD, tooth_number=11)
    await container.write_note()(ADMIN, note)
    await _purged(container, photos[2].id)
    await container.trash_document()(ADMIN, photos[3].id)
    await store_text(container, _ODD)
    await _odd_photo(container, dice)
    await _upload_on_its_way(container)
    await _import(container)
    async with container.outbox().claim(1) as batch:
        await batch.failed(batch.messages[0], "nobody took it")


async def _purged(container: Container, id: DocumentId) -> None:
    await container.trash_document()(ADMIN, id)
    with container.clock.override(Object(lambda: datetime.now(UTC) + timedelta(days=2))):
        container.purge_trash.reset()
        assert [view.id async for view in container.purge_trash()()] == [id]


async def _odd_photo(container: Container, dice: Random) -> None:
    view = await store_photo(container, dice)
    read = await container.blobs().read(f"{view.prefix}/original")
    id, blob = await container.begin_upload()(ADMIN, ANA)
    async for chunk in read:
        await blob.write(chunk)
    words = PhotoWords(
        category="intraoral",
        title="º",
        description=_ODD,
        tags=("ñ", '"', "\\", "😀"),
        captured_at=datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=_MADRID),
    )
    once = Once(key="a key", fingerprint="what it asked for")
    await container.store_photo()(ADMIN, ANA, Incoming(id=id, blob=blob, filename="foto «ñ».jpg"), words, once)


async def _upload_on_its_way(container: Container) -> None:
    now = container.clock()()
    upload = Upload(
        id=DocumentId(container.new_id()()),
        clinic_id=ADMIN.clinic_id,
        user_id=ADMIN.user_id,
        patient_id=ANA,
        length=3 * 2**32,
        received=2**32,
        metadata="filename Zm90by5qcGc=",
        place="elsewhere",
        once=Once(key="another key", fingerprint="what that asked for"),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    await container.uploads().add(upload, 9)


async def _import(container: Container) -> None:
    run = ImportRun(container.new_id()(), "medikeep", ADMIN.clinic_id, container.clock()())
    await container.import_runs().put(run)
    async with container.unit_of_work()(ADMIN) as uow:
        row = ImportedRow(run.id, ADMIN.clinic_id, run.source, "files", "7", "found", "-", _ODD)
        await uow.imports.remember([row])
        await uow.commit()
