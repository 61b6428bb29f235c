"""Uploads in pieces: their end comes once, whatever interrupts it, and what is told of them is durable."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object

from adapters.memory.uploads import MemoryUploads
from application.ports.inspecting import Inspected
from application.ports.resumable import Upload
from application.resumable.pieces import Piece
from application.resumable.targets import PhotoTarget, Sent
from application.uploads import PhotoWords
from domain.access import Principal, Role
from domain.errors import Malformed, NotFound, Unavailable
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from entrypoints.container import Container, opened
from entrypoints.settings import Database, Settings, Storage
from tests.proof import samples

pytestmark = pytest.mark.anyio

ME = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))
ANA = PatientId("ana")
SENT = Sent(target=PhotoTarget(patient=ANA, words=PhotoWords(category="intraoral")), filename="foto.jpg")
PHOTO = samples.photo(1)


class FailingUploads(MemoryUploads):
    """A database that is away when the end is to be noted."""

    away = False

    async def finish(self, id: DocumentId, document: DocumentId, expires_at: datetime) -> None:
        if self.away:
            raise Unavailable("The database is away")
        await super().finish(id, document, expires_at)


class FailingInspector(samples.InProcessInspector):
    away = False

    async def inspect(self, *args: Any, **options: Any) -> Inspected:
        if self.away:
            raise Unavailable("No helper is there")
        return await super().inspect(*args, **options)


class Desk:
    """An installation in memory, two of whose parts can be away."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.uploads = FailingUploads()
        self.inspector = FailingInspector()
        container.uploads.override(Object(self.uploads))
        container.inspector.override(Object(self.inspector))

    async def begun(self, length: int = len(PHOTO)) -> DocumentId:
        upload = await self.container.begin_resumable()(ME, SENT, length=length, metadata="")
        return upload.id

    async def send(self, id: DocumentId, data: bytes, offset: int = 0, *, breaks: bool = False) -> Upload:
        async def chunks() -> AsyncIterator[bytes]:
            yield data
            if breaks:
                raise Malformed("The connection is gone")

        piece = Piece(offset=offset, chunks=chunks())
        return await self.container.receive_piece()(ME, id, SENT, piece)

    async def found(self, id: DocumentId) -> Upload:
        return await self.container.find_upload()(ME, id)

    async def photos(self) -> list[str]:
        views = [view async for view in self.container.upkeep().documents()]
        return [view.sha256 for view in views]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    settings = Settings(data_dir=str(tmp_path), database=Database(url="memory://"), storage=Storage(url="memory://"))
    async with opened(settings) as container:
        await container.register_patient()(ME, ANA, display_name="Ana")
        yield Desk(container)


async def test_the_last_byte_counts_when_the_document_is_there(desk: Desk) -> None:
    id = await desk.begun()
    desk.inspector.away = True
    with pytest.raises(Unavailable):
        await desk.send(id, PHOTO)
    assert (await desk.found(id)).received == len(PHOTO) - 1
    assert await desk.photos() == []
    desk.inspector.away = False
    finished = await desk.send(id, PHOTO[-1:], len(PHOTO) - 1)
    assert (finished.received, finished.document_id) == (len(PHOTO), id)
    assert len(await desk.photos()) == 1


async def test_an_end_that_could_not_be_noted_comes_once(desk: Desk) -> None:
    id = await desk.begun()
    desk.uploads.away = True
    with pytest.raises(Unavailable):
        await desk.send(id, PHOTO)
    assert len(await desk.photos()) == 1
    with pytest.raises(Unavailable):
        await desk.found(id)
    desk.uploads.away = False
    found = await desk.found(id)
    assert (found.received, found.document_id) == (len(PHOTO), id)
    assert len(await desk.photos()) == 1


async def test_a_connection_that_goes_after_the_last_byte_leaves_it_to_be_sent_again(desk: Desk) -> None:
    id = await desk.begun()
    with pytest.raises(Malformed):
        await desk.send(id, PHOTO, breaks=True)
    assert (await desk.found(id)).received == len(PHOTO) - 1
    assert (await desk.send(id, PHOTO[-1:], len(PHOTO) - 1)).document_id == id


async def test_an_upload_whose_bytes_are_lost_is_gone(desk: Desk) -> None:
    id = await desk.begun()
    await desk.send(id, PHOTO[:10])
    await desk.container.blobs().unstage(id)
    for _ in range(2):
        with pytest.raises(NotFound):
            await desk.send(id, PHOTO[10:], 10)


async def test_an_upload_whose_bytes_are_on_another_machine_waits_for_it(desk: Desk) -> None:
    id = await desk.begun()
    kept = await desk.uploads.get(ME, id)
    object.__setattr__(kept, "place", "another machine")
    with pytest.raises(Unavailable):
        await desk.send(id, PHOTO)
    assert (await desk.found(id)).received == 0


async def test_what_arrives_is_noted_on_the_way(desk: Desk) -> None:
    id = await desk.begun()
    receive = desk.container.receive_piece()
    noted: list[int] = []

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(PHOTO), 100):
            noted.append((await desk.found(id)).received)
            yield PHOTO[start : start + 100]

    object.__setattr__(receive, "noted_every", 250)
    await receive(ME, id, SENT, Piece(offset=0, chunks=chunks()))
    assert noted[:7] == [0, 0, 0, 300, 300, 300, 600]
