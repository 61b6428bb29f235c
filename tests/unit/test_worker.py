"""What a process does beside the requests."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dependency_injector.providers import Object

from adapters.events.log import LogBus
from adapters.memory.blobs import MemoryBlobs
from application.ports.event_bus import Message
from application.uploads import Incoming
from domain.access import Principal, Role
from domain.errors import Unavailable
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from domain.media import DocumentType
from entrypoints.configuration import WrongSettings
from entrypoints.container import Container, opened
from entrypoints.settings import Database, Jobs, Settings, Storage
from entrypoints.worker import check_brokers, own_jobs_of, shared_jobs_of, working

pytestmark = pytest.mark.anyio

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))


class LateBlobs(MemoryBlobs):
    """A storage that is away when the first upload is to be promoted."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = True
        self.promoted = asyncio.Event()

    async def promote(self, id: DocumentId, prefix: str) -> None:
        if self.is_away:
            self.is_away = False
            raise Unavailable("The file storage is away")
        await super().promote(id, prefix)
        self.promoted.set()


class HeardBus(LogBus):
    """Tells when a number of messages have gone out."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.types: list[str] = []
        self.heard = asyncio.Event()
        self._wanted = wanted

    async def publish(self, message: Message) -> None:
        await super().publish(message)
        self.types.append(message.type)
        if len(self.types) == self._wanted:
            self.heard.set()


@pytest.fixture
async def container(tmp_path: Path) -> AsyncIterator[Container]:
    settings = Settings(data_dir=str(tmp_path), database=Database(url="memory://"), storage=Storage(url="memory://"))
    async with opened(settings) as container:
        yield container


async def test_it_publishes_events_and_finishes_uploads(container: Container) -> None:
    blobs, bus = LateBlobs(), HeardBus(2)
    container.blobs.override(Object(blobs))
    container.bus.override(Object(bus))
    await container.register_patient()(ADMIN, PatientId("p"), display_name="Ana")
    id, blob = await container.begin_upload()(ADMIN, PatientId("p"))
    await blob.write(b"said at the desk")
    incoming = Incoming(id=id, blob=blob, filename="note.txt")
    store = container.store_document()
    view = await store(ADMIN, PatientId("p"), incoming, document_type=DocumentType.OTHER, title="Note")
    assert await blobs.stat(f"{view.prefix}/original") is None
    async with working(container), asyncio.timeout(10):
        await blobs.promoted.wait()
        await bus.heard.wait()
    assert await blobs.stat(f"{view.prefix}/original") is not None
    assert bus.types == ["patient.registered", "document.uploaded"]


async def test_jobs_are_shared_by_way_of_a_postgresql_and_nothing_else(tmp_path: Path) -> None:
    async with opened(Settings(data_dir=str(tmp_path), jobs=Jobs(engine="procrastinate"))) as container:
        with pytest.raises(WrongSettings, match=r"jobs\.engine: procrastinate needs a PostgreSQL"):
            check_brokers(container)


async def test_everything_it_does_can_be_done_with_nothing_to_do(container: Container) -> None:
    for job in (*own_jobs_of(container), *shared_jobs_of(container)):
        assert await job.action() is False
