"""The invariants of the reliability page as one function over a running installation.

`Verify` finds what can be seen from outside (I1, I3, I5, I6, I9, I10, I12); the rest takes knowing what was asked for
and what was answered, which is `Known`.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from application.ports.audit_trail import AuditCriteria, AuditRow
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing
from application.ports.event_bus import Message
from application.ports.paging import PageRequest, Position
from domain.directory import PATIENT
from domain.documents import Derived
from domain.errors import NotFound
from domain.ids import ClinicId, DocumentId, NoteId
from domain.notes import CLINICAL_NOTE
from tests.proof.ports import Ports
from tests.proof.records import Records, read_records
from tests.proof.samples import InProcessInspector
from tests.proof.use_cases import REGISTRY, UseCases
from tests.samples import staff

READ = "document.read"
_INSPECTOR = InProcessInspector()


class Told(NamedTuple):
    """An event as it must come out: `about` is the second thing it names, such as the other photo or the record."""

    type: str
    patient: str
    subject: str
    about: str | None = None


@dataclass(slots=True)
class Known:
    """What only the asker can know: acknowledged uploads and their bytes, what happened in each clinic one
    transaction after the other, what the bus took in, and how often bytes were handed out."""

    uploads: dict[DocumentId, bytes] = field(default_factory=dict)
    happened: dict[ClinicId, list[Sequence[Told]]] = field(default_factory=dict)
    heard: list[Message] = field(default_factory=list)
    reads: Counter[ClinicId] = field(default_factory=Counter)


async def broken_invariants(ports: Ports, known: Known, clinics: Iterable[ClinicId]) -> list[str]:
    """A line for each broken invariant. `ports` must not fail on their own."""
    verify = UseCases(ports).verify
    broken = [f"{finding.code} {finding.id}: {finding.problem}" async for finding in verify(share=1.0)]
    await ports.audit.flush()
    broken += [line async for line in _uploads(ports, known)]
    unheard = 0
    for clinic in clinics:
        records = await read_records(ports, clinic)
        rows = [row async for row in audit_rows(ports, clinic)]
        changes = [row for row in rows if row.entry.action != READ]
        broken += _happened(known.happened.get(clinic, []), changes)
        heard = _first_deliveries(known.heard, clinic)
        broken += _delivered(heard, changes)
        unheard += len(changes) - len(heard)
        broken += await broken_records(ports, clinic, records)
        if known.reads[clinic] != len(rows) - len(changes):
            broken.append(f"I9 {known.reads[clinic]} reads, {len(rows) - len(changes)} of them in the audit log")
    waiting = await ports.outbox.waiting()
    # One may be out already although noting that failed
    return broken if waiting >= unheard else [*broken, f"I4 {unheard} messages not delivered, {waiting} waiting"]


async def broken_records(ports: Ports, clinic: ClinicId, records: Records) -> list[str]:
    """A line for each invariant that a clinic's records alone break."""
    checks = (_counts, _out_of_reach, _hanging)
    return [line for check in checks async for line in check(ports, clinic, records)]


async def drain(use_cases: UseCases) -> None:
    """Publish everything that waits, whatever failed before."""
    ports = use_cases.ports
    for _ in range(100):
        if not await ports.outbox.waiting():
            return
        ports.clock.advance(timedelta(minutes=10))
        await use_cases.relay()
    raise AssertionError(f"I4 {await ports.outbox.waiting()} messages never leave the outbox")


async def audit_rows(ports: Ports, clinic: ClinicId) -> AsyncIterator[AuditRow]:
    """The whole log of a clinic, the oldest first."""
    rows: list[AuditRow] = []
    after: Position | None = None
    while True:
        page = await ports.audit.page(staff(clinic), AuditCriteria(), PageRequest(size=200, after=after))
        rows += page.items
        if (after := page.next) is None:
            break
    for row in reversed(rows):
        yield row


async def _uploads(ports: Ports, known: Known) -> AsyncIterator[str]:
    """I2 over the rows, I12 over the pictures (I1 compares the rows with the bytes)."""
    views = {view.id: view async for view in ports.upkeep.documents()}
    for id, data in known.uploads.items():
        if (view := views.get(id)) is None:
            yield f"I2 the acknowledged upload {id} is gone"
            continue
        if await _bytes(ports, f"{view.prefix}/{ORIGINAL}") not in (data, None):
            yield f"I2 {id} holds other bytes than were uploaded"
        if view.derived == Derived.READY:
            made = (await _INSPECTOR.inspect(data, filename=view.original_filename, now=ports.clock())).derivatives
            for name, picture in ((MEDIUM, made and made.medium), (THUMB, made and made.thumb)):
                if await _bytes(ports, f"{view.prefix}/{name}") not in (picture, None):
                    yield f"I12 the {name} of {id} was made of something else"


async def _bytes(ports: Ports, key: str) -> bytes | None:
    try:
        return b"".join([chunk async for chunk in await ports.blobs.read(key)])
    except BlobMissing:
        return None


def _happened(expected: Sequence[Sequence[Told]], rows: Sequence[AuditRow]) -> list[str]:
    """I4 and I9: an entry for each committed event and for nothing else, transaction by transaction."""
    found = [told(row) for row in rows]
    for group in expected:
        here, found = found[: len(group)], found[len(group) :]
        if sorted(map(str, here)) != sorted(map(str, group)):
            return [f"I4 expected {[*group]}, recorded {here}"]
    return [f"I4 recorded without a change: {found}"] if found else []


def told(row: AuditRow) -> Told:
    entry = row.entry
    more = json.loads(entry.detail or "{}")
    about = more.get("after_document_id")
    if about is None and "owner_type" in more and entry.subject != f"{more['owner_type']}/{more['owner_id']}":
        about = f"{more['owner_type']}/{more['owner_id']}"
    return Told(entry.action, entry.patient_id or "", entry.subject or "", about)


def _first_deliveries(heard: Iterable[Message], clinic: ClinicId) -> list[Message]:
    first: dict[str, Message] = {}
    for message in heard:
        if message.clinic_id == clinic:
            first.setdefault(message.id, message)
    return [*first.values()]


def _delivered(heard: Sequence[Message], rows: Sequence[AuditRow]) -> list[str]:
    """I4: of each patient the messages came in the order of the changes, and none that was not committed."""
    broken = []
    for key in {message.key for message in heard}:
        came = [(message.type, message.subject, message.occurred_at) for message in heard if message.key == key]
        made = [(row.entry.action, row.entry.subject, row.entry.at) for row in rows if row.entry.patient_id == key]
        if made[: len(came)] != came:
            broken.append(f"I4 {key} heard {came}, committed was {made}")
    return broken


async def _counts(ports: Ports, clinic: ClinicId, records: Records) -> AsyncIterator[str]:
    """I7: what is counted is what is there, and never over a limit."""
    actor = staff(clinic)
    shown, held = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for id, owner in records.links:
        file = records.files[id]
        held[owner.type, owner.id] += not file.trashed
        shown[owner.type, owner.id] += not (file.trashed or file.archived)
    for (owner_type, owner_id), count in held.items():
        limit = REGISTRY.get(owner_type).max_files
        if limit is not None and count > limit:
            yield f"I7 {owner_type}/{owner_id} holds {count} files, {limit} are allowed"
        counted = await ports.attachments.counts(actor, owner_type, [owner_id])
        if counted.get(owner_id, 0) != shown[owner_type, owner_id]:
            yield f"I7 {owner_type}/{owner_id} counts {dict(counted)}, {shown[owner_type, owner_id]} are there"


async def _out_of_reach(ports: Ports, clinic: ClinicId, records: Records) -> AsyncIterator[str]:
    """I8: what is in the trash is found by no way in."""
    actor = staff(clinic)
    trashed = [id for id, file in records.files.items() if file.trashed]
    if await ports.documents.many(actor, trashed):
        yield f"I8 some of {trashed} can be listed although trashed"
    for id in trashed:
        try:
            await ports.documents.get(actor, id)
        except NotFound:
            continue
        yield f"I8 {id} can be read although trashed"


async def _hanging(ports: Ports, clinic: ClinicId, records: Records) -> AsyncIterator[str]:
    """I6: what a document hangs on is there, and of its patient."""
    for id, owner in records.links:
        patient = records.files[id].patient
        if owner.type == PATIENT:
            found: str | None = owner.id
        elif owner.type == CLINICAL_NOTE:
            found = await _patient_of_note(ports, clinic, NoteId(owner.id))
        else:
            found = records.owners.get(owner)
        if found != patient:
            yield f"I6 {id} of {patient} hangs on {owner}, which is of {found}"


async def _patient_of_note(ports: Ports, clinic: ClinicId, id: NoteId) -> str | None:
    try:
        return (await ports.notes.get(staff(clinic), id)).patient_id
    except NotFound:
        return None
