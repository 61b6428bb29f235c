"""Jobs beside the requests: repeated, retried, finished before the end."""

import asyncio
import logging
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
from entrypoints.container import Container, opened
from entrypoints.settings import Database, Settings, Storage
from entrypoints.worker import Job, jobs_of, repeat, work, working

pytestmark = pytest.mark.anyio

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))


class Action:
    """Fails as often as told, then says whether there is more as often as told, then stops the loop."""

    def __init__(self, stop: asyncio.Event, *, failures: int = 0, more: int = 0) -> None:
        self.stop = stop
        self.times: list[float] = []
        self._failures = failures
        self._more = more

    async def __call__(self) -> bool:
        self.times.append(asyncio.get_running_loop().time())
        if len(self.times) <= self._failures:
            raise Unavailable("The database is away")
        if len(self.times) <= self._failures + self._more:
            return True
        self.stop.set()
        return False


async def test_a_job_that_fails_is_logged_and_tried_again_later_each_time(caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()
    action = Action(stop, failures=3)
    with caplog.at_level(logging.WARNING):
        await repeat(Job(name="relay", action=action, seconds=0.02), stop)
    pauses = [after - before for before, after in zip(action.times, action.times[1:], strict=False)]
    assert len(pauses) == 3
    assert [pause >= least for pause, least in zip(pauses, (0.04, 0.08, 0.16), strict=True)] == [True] * 3
    assert "relay failed (The database is away)" in caplog.text


async def test_a_job_with_more_to_do_goes_on_without_a_pause() -> None:
    stop = asyncio.Event()
    action = Action(stop, more=5)
    async with asyncio.timeout(5):
        await repeat(Job(name="relay", action=action, seconds=60), stop)
    assert len(action.times) == 6


async def test_a_job_that_always_fails_does_not_keep_the_others() -> None:
    stop = asyncio.Event()
    broken = Action(stop, failures=1_000)
    sound = Action(stop, more=3)
    async with asyncio.timeout(5):
        await work([Job(name="a", action=broken, seconds=0.01), Job(name="b", action=sound, seconds=60)], stop)
    assert broken.times
    assert len(sound.times) == 4


async def test_what_is_under_way_when_it_is_stopped_is_finished() -> None:
    stop, begun, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> bool:
        begun.set()
        await asyncio.sleep(0.05)
        finished.set()
        return True

    running = asyncio.create_task(work([Job(name="slow", action=slow, seconds=60)], stop))
    await begun.wait()
    stop.set()
    await running
    assert finished.is_set()


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


async def test_everything_it_does_can_be_done_with_nothing_to_do(container: Container) -> None:
    for job in jobs_of(container):
        assert await job.action() is False
