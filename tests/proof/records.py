"""All that is stored of a clinic, read through the ports and comparable: two equal ones say the same to everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from application.ports.paging import PageRequest
from application.ports.unit_of_work import UnitOfWork
from application.ports.views import DocumentView
from domain.access import Access, Principal
from domain.attachments import OwnerRef
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from tests.proof.ports import Ports
from tests.samples import staff

_ALL = PageRequest(size=200)


class File(NamedTuple):
    """A document, without what depends on the clock."""

    patient: PatientId
    kind: str
    category: str | None
    subtype: str | None
    title: str
    tags: tuple[str, ...]
    captured_at: datetime | None
    sha256: str
    archived: bool
    trashed: bool
    version: int


class Note(NamedTuple):
    patient: PatientId
    note_type: str
    owner: OwnerRef
    author: str
    version: int


@dataclass(slots=True)
class Records:
    """`pairs` are (before, after), `links` say their place and category, `notes` go by their text, `held` are
    the patients and documents under a legal hold."""

    files: dict[DocumentId, File] = field(default_factory=dict)
    pairs: set[tuple[DocumentId, DocumentId]] = field(default_factory=set)
    links: dict[tuple[DocumentId, OwnerRef], tuple[int, str | None]] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    patients: dict[PatientId, str] = field(default_factory=dict)
    owners: dict[OwnerRef, PatientId] = field(default_factory=dict)
    grants: dict[tuple[PatientId, UserId], Access] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def sorted(self) -> list[object]:
        """The same for equal records."""
        return [sorted(table.items() if isinstance(table, dict) else table, key=str) for table in self._tables()]

    def _tables(self) -> list[dict[Any, Any] | set[Any]]:
        return [getattr(self, name) for name in self.__slots__]


async def read_records(ports: Ports, clinic: ClinicId, accounts: Iterable[UserId] = ()) -> Records:
    actor, records = staff(clinic), Records()
    async for view in ports.upkeep.documents():
        if view.clinic_id == clinic:
            records.files[view.id] = _file(view)
            records.held |= {view.id} if view.hold else set()
    async with ports.unit_of_work(actor) as uow:
        for id in records.files:
            await _read_relations(uow, id, records)
    for patient in (await ports.directory.patients(actor, "", _ALL)).items:
        records.patients[patient.id] = patient.status
        records.held |= {patient.id} if patient.hold else set()
        for owner in (await ports.directory.owners(actor, patient.id, None, _ALL)).items:
            records.owners[owner.ref] = owner.patient_id
        await _read_notes(ports, actor, patient.id, records)
    for user in accounts:
        granted = await ports.directory.grants(clinic, user)
        records.grants |= {(patient_id, user): access for patient_id, access in granted.items()}
    return records


async def _read_relations(uow: UnitOfWork, id: DocumentId, records: Records) -> None:
    if (pairing := await uow.pairings.of(id)) is not None:
        records.pairs.add((pairing.before, pairing.after))
    for link in await uow.attachments.of_document(id):
        records.links[id, link.owner] = (link.display_order, link.category)


async def _read_notes(ports: Ports, actor: Principal, patient: PatientId, records: Records) -> None:
    for note in (await ports.notes.recent(actor, patient, _ALL)).items:
        owner = OwnerRef(note.owner_type, note.owner_id)  # type: ignore[arg-type]
        records.notes[note.body] = Note(note.patient_id, note.note_type, owner, note.author_id, note.version)


def _file(view: DocumentView) -> File:
    return File(
        patient=view.patient_id,
        kind=view.media_kind,
        category=view.media_category,
        subtype=view.media_subtype,
        title=view.title,
        tags=view.tags,
        captured_at=view.captured_at,
        sha256=view.sha256,
        archived=view.archived_at is not None,
        trashed=view.trashed_at is not None,
        version=view.version,
    )
