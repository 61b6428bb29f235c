"""Following the host: its events are carried out once they are understood, and never twice with another end."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dependency_injector.providers import Object

from application.ports.event_source import Delivery, EventSource, Received
from application.ports.paging import PageRequest
from application.ports.views import DocumentCriteria
from application.uploads import Incoming
from domain.access import Principal, Role
from domain.attachments import OwnerRef
from domain.directory import PatientStatus
from domain.errors import DomainError, Malformed, NotFound, Unavailable
from domain.ids import ClinicId, OwnerId, PatientId, UserId
from domain.media import DocumentType
from entrypoints.container import Container, opened
from entrypoints.settings import Database, Settings, Storage

pytestmark = pytest.mark.anyio

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))
VISIT = OwnerRef("visit", OwnerId("v-1"))
ANA = PatientId("p-1")


@dataclass(slots=True)
class Sent(Delivery):
    event: Received | DomainError
    place: str = "stream 1"
    is_settled: bool = False

    def read(self) -> Received:
        if isinstance(self.event, DomainError):
            raise self.event
        return self.event

    async def settle(self) -> None:
        self.is_settled = True


@dataclass(slots=True)
class Mailbox(EventSource):
    """Keeps what was sent until it is settled."""

    sent: list[Sent] = field(default_factory=list)

    async def take(self, limit: int) -> Sequence[Delivery]:
        return [each for each in self.sent if not each.is_settled][:limit]

    async def close(self) -> None:
        """Nothing is open."""

    def send(self, type: str, **changes: Any) -> None:
        told = {"id": "1", "clinic_id": "c", "subject": "", "data": {}}
        self.sent.append(Sent(Received(**{**told, "type": type, **changes})))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def container(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[Container]:
    """A clinic with Ana, one document of hers, and a visit that it is linked to."""
    settings = Settings(data_dir=str(tmp_path), database=Database(url="memory://"), storage=Storage(url="memory://"))
    async with opened(settings) as made:
        made.event_source.override(Object(mailbox))
        await made.register_patient()(ADMIN, ANA, display_name="Ana")
        await made.register_owner()(ADMIN, VISIT, patient=ANA, title="Revisión")
        id, blob = await made.begin_upload()(ADMIN, ANA)
        await blob.write(b"said at the desk")
        incoming = Incoming(id=id, blob=blob, filename="nota.txt")
        view = await made.store_document()(ADMIN, ANA, incoming, document_type=DocumentType.OTHER, title="Nota")
        await made.link_document()(ADMIN, view.id, VISIT)
        yield made


async def status(container: Container) -> PatientStatus:
    return (await container.get_patient()(ADMIN, ANA)).status


async def test_a_patient_archived_at_the_host_is_archived_here_and_back(container: Container, mailbox: Mailbox) -> None:
    mailbox.send("patient.archived", data={"patient_id": ANA})
    assert await container.follow_host()() == 1
    assert await status(container) is PatientStatus.ARCHIVED
    mailbox.send("patient.unarchived", subject=ANA)
    assert await container.follow_host()() == 1
    assert await status(container) is PatientStatus.ACTIVE
    assert await container.follow_host()() == 0


async def test_it_is_told_in_the_audit_log_as_the_hosts_doing(container: Container, mailbox: Mailbox) -> None:
    mailbox.send("patient.archived", subject=ANA)
    await container.follow_host()()
    async with container.outbox().claim(100) as batch:
        (told,) = [message for message in batch.messages if message.type == "patient.archived"]
    assert (told.actor_id, told.clinic_id) == ("host", "c")


async def test_the_same_event_again_changes_nothing(container: Container, mailbox: Mailbox) -> None:
    mailbox.send("patient.archived", subject=ANA)
    await container.follow_host()()
    waiting = await container.outbox().waiting()
    mailbox.send("patient.archived", subject=ANA)
    mailbox.send("patient.archived", subject=ANA)
    assert await container.follow_host()() == 2
    assert await container.outbox().waiting() == waiting


@pytest.mark.parametrize(
    "told",
    [
        {"data": {"owner_type": "visit", "owner_id": "v-1"}},
        {"subject": "visit/v-1"},
        {"data": {"owner_type": "encounter", "owner_id": "v-1"}},
    ],
)
async def test_a_record_deleted_at_the_host_goes_with_its_links(
    container: Container, mailbox: Mailbox, told: dict[str, Any]
) -> None:
    mailbox.send("owner.deleted", **told)
    mailbox.send("owner.deleted", **told)
    assert await container.follow_host()() == 2
    with pytest.raises(NotFound):
        await container.get_owner()(ADMIN, VISIT)
    documents = await container.list_documents()(ADMIN, ANA, DocumentCriteria(), PageRequest())
    assert len(documents.items) == 1


async def test_what_we_sent_ourselves_and_what_does_not_concern_us_is_passed_over(
    container: Container, mailbox: Mailbox
) -> None:
    mailbox.send("patient.archived", subject=ANA, is_ours=True)
    mailbox.send("invoice.paid", subject="i-1")
    mailbox.send("patient.archived", subject="nobody-here")
    mailbox.send("patient.archived", subject=ANA, clinic_id="another")
    assert await container.follow_host()() == 4
    assert await status(container) is PatientStatus.ACTIVE


async def test_what_cannot_be_understood_is_told_and_keeps_nobody(
    container: Container, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.sent.append(Sent(Malformed("This is no CloudEvent"), place="stream 41"))
    mailbox.send("patient.archived")
    mailbox.send("patient.archived", data={"patient_id": ["p-1"]})
    mailbox.send("owner.deleted", data={"owner_type": "spaceship", "owner_id": 7})
    mailbox.send("owner.deleted", data={"owner_type": True, "owner_id": "v-1"})
    mailbox.send("patient.archived", subject=ANA)
    assert await container.follow_host()() == 6
    assert await status(container) is PatientStatus.ARCHIVED
    assert caplog.text.count("put aside") == 5
    assert "stream 41 was put aside: This is no CloudEvent" in caplog.text


async def test_what_fails_for_the_moment_comes_again_before_what_came_after_it(
    container: Container, mailbox: Mailbox
) -> None:
    mailbox.sent.append(Sent(Unavailable("The database is away")))
    mailbox.send("patient.archived", subject=ANA)
    with pytest.raises(Unavailable):
        await container.follow_host()()
    assert [each.is_settled for each in mailbox.sent] == [False, False]
    assert await status(container) is PatientStatus.ACTIVE
