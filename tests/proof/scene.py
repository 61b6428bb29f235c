"""A small clinic with something of everything, and what may be done to it, the same way each time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from application.notes import NewNote
from application.ports.audit_trail import AuditCriteria
from application.ports.paging import PageRequest
from application.ports.unit_of_work import Once
from application.ports.views import DocumentCriteria, DocumentView, PhotoCriteria
from application.uploads import Incoming, PhotoWords
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import PatientStatus
from domain.documents import Reclassification, Revision
from domain.errors import Unavailable
from domain.ids import AttachmentId, DocumentId, NoteId, OwnerId, PatientId, UserId
from domain.media import DocumentType
from domain.notes import NoteType
from tests.proof import samples
from tests.proof.ports import Ports
from tests.proof.taps import tapped
from tests.proof.use_cases import UseCases
from tests.samples import ANA, CLINIC, LUIS, staff

VISIT, TREATMENT, OTHERS, PATIENT = (
    OwnerRef(type, OwnerId(id))
    for type, id in (("visit", "v1"), ("treatment", "t1"), ("visit", "v2"), ("patient", ANA))
)
MARIO = UserId("mario")
ME = staff()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """`before` and `after` are a pair; `linked`, `text` and `trashed` are on the visit; `linked` is with the note too;
    the helper ended over `pending`, and the storage was away when `unpromoted` was to be promoted. Besides there is
    an upload that was given up, and a blob that is nobody's."""

    before: DocumentId
    after: DocumentId
    linked: DocumentId
    loose: DocumentId
    trashed: DocumentId
    text: DocumentId
    pending: DocumentId
    unpromoted: DocumentId
    note: NoteId
    link: AttachmentId
    second_link: AttachmentId
    uploads: Mapping[DocumentId, bytes]


async def set_up(ports: Ports, inspector: samples.InProcessInspector) -> Cast:
    """The clinic as every act finds it. Half of its events are out."""
    does = UseCases(ports)
    for patient in (ANA, LUIS):
        await does.register_patient(ME, patient, display_name="Ana García")
    for owner, patient in ((VISIT, ANA), (TREATMENT, ANA), (OTHERS, LUIS)):
        await does.register_owner(ME, owner, patient=patient, title="Revisión")
    await does.grant(ME, ANA, MARIO, Access.VIEW)
    photos = [(await upload_photo(does, number)).id for number in range(5)]
    before, after, linked, loose, trashed = photos
    inspector.faults = 1
    pending = (await upload_photo(does, 5)).id
    await does.pair(ME, before, after)
    link, _ = await does.link(ME, linked, VISIT)
    await does.link(ME, trashed, VISIT)
    await does.relay(12)
    text = (await upload_text(does, 1)).id
    second_link, _ = await does.link(ME, text, VISIT, display_order=1)
    note = await does.write_note(ME, _note("Primera visita", linked))
    await does.trash(ME, trashed)
    unpromoted = (await upload_photo(UseCases(tapped(ports, _no_promotion)), 6)).id
    _, abandoned = await does.begin_upload(ME, ANA)
    await abandoned.write(b"half of it")
    await ports.blobs.put(f"{CLINIC}/{ANA}/2026-01/{ports.new_id()}/original", b"nobody's")
    return Cast(
        before=before,
        after=after,
        linked=linked,
        loose=loose,
        trashed=trashed,
        text=text,
        pending=pending,
        note=note.id,
        link=link.id,
        second_link=second_link.id,
        unpromoted=unpromoted,
        uploads={
            **{id: samples.photo(number) for number, id in enumerate([*photos, pending, unpromoted])},
            text: samples.text(1),
        },
    )


def _no_promotion(place: str) -> None:
    if place == "Blobs.promote:before":
        raise Unavailable("on purpose")


NEW_PHOTO, NEW_TEXT = 7, 3
"""What the acts upload."""


async def upload_photo(does: UseCases, number: int, **words: object) -> DocumentView:
    incoming = await _received(does, samples.photo(number), f"foto {number}.jpg")
    said = PhotoWords(category="intraoral", **words)  # type: ignore[arg-type]
    return await does.store_photo(ME, ANA, incoming, said, Once(key=f"photo {number}", fingerprint=""))


async def upload_text(does: UseCases, number: int) -> DocumentView:
    incoming = await _received(does, samples.text(number), "informe.txt")
    once = Once(key=f"text {number}", fingerprint="")
    return await does.store_document(ME, ANA, incoming, document_type=DocumentType.REPORT, title="Informe", once=once)


async def _received(does: UseCases, data: bytes, filename: str) -> Incoming:
    id, blob = await does.begin_upload(ME, ANA)
    await blob.write(data[:300])
    await blob.write(data[300:])
    return Incoming(id=id, blob=blob, filename=filename)


def _note(text: str, *documents: DocumentId) -> NewNote:
    return NewNote(note_type=NoteType.TREATMENT, owner=TREATMENT, body=text, documents=documents)


async def _download(does: UseCases, id: DocumentId, variant: str) -> bytes:
    download = await does.download(ME, id, variant)
    if download.content is not None:
        return download.content
    return b"".join([chunk async for chunk in await does.download.read(download, 0, download.size)])


async def _look_around(does: UseCases, cast: Cast) -> None:
    ports, page = does.ports, PageRequest()
    await does.get_document(ME, cast.before)
    await does.list_photos(ME, ANA, PhotoCriteria(), page)
    await does.list_documents(ME, ANA, DocumentCriteria(), page)
    await ports.documents.many(ME, [cast.before, cast.after])
    await ports.attachments.of_owner(ME, VISIT, page)
    await ports.attachments.counts(ME, VISIT.type, [VISIT.id])
    await ports.notes.of_owner(ME, TREATMENT, page)
    await ports.notes.recent(ME, ANA, page)
    await ports.notes.counts(ME, TREATMENT.type, [TREATMENT.id])
    await ports.directory.patients(ME, "", page)
    await ports.directory.patient(ME, ANA)
    await ports.directory.owners(ME, ANA, None, page)
    await ports.directory.owner(ME, VISIT)
    await ports.directory.grants(CLINIC, MARIO)
    await ports.audit.flush()
    await ports.audit.page(ME, AuditCriteria(), page)


async def _purge(does: UseCases) -> None:
    does.ports.clock.advance(timedelta(days=31))
    async for _ in does.purge_trash():
        pass


async def _sweep(does: UseCases) -> None:
    does.ports.clock.advance(timedelta(hours=25))
    await does.recover()
    await does.quarantine_orphans()


Act: TypeAlias = Callable[[UseCases, Cast], Awaitable[object]]

CHANGES: Mapping[str, Act] = {
    "upload": lambda does, _: upload_photo(does, NEW_PHOTO),
    "upload, linked and paired": lambda does, cast: upload_photo(
        does, NEW_PHOTO, owner=VISIT, paired_document_id=cast.loose
    ),
    "upload a text": lambda does, _: upload_text(does, NEW_TEXT),
    "trash": lambda does, cast: does.trash(ME, cast.before),
    "restore": lambda does, cast: does.restore(ME, cast.trashed),
    "move": lambda does, cast: does.move(ME, cast.linked, LUIS),
    "revise": lambda does, cast: does.revise(ME, cast.text, Revision(title="Otro")),
    "reclassify": lambda does, cast: does.reclassify(ME, cast.loose, Reclassification(tags=("x",)), cast.linked),
    "pair": lambda does, cast: does.pair(ME, cast.linked, cast.loose),
    "turn a pair round": lambda does, cast: does.pair(ME, cast.before, cast.after, cast.after),
    "unpair": lambda does, cast: does.unpair(ME, cast.after),
    "link": lambda does, cast: does.link(ME, cast.loose, VISIT, once=Once(key="link", fingerprint="")),
    "place": lambda does, cast: does.place(ME, cast.link, 3),
    "order": lambda does, cast: does.order(ME, VISIT, (cast.second_link, cast.link)),
    "unlink": lambda does, cast: does.unlink(ME, cast.link),
    "unlink a record": lambda does, _: does.unlink_owner(ME, VISIT),
    "note": lambda does, cast: does.write_note(
        ME, _note("Otra", cast.linked, cast.loose), Once(key="n", fingerprint="")
    ),
    "revise a note": lambda does, cast: does.revise_note(ME, cast.note, body="Corregida", documents=(cast.loose,)),
    "delete a note": lambda does, cast: does.delete_note(ME, cast.note),
    "archive": lambda does, _: does.set_status(ME, ANA, PatientStatus.ARCHIVED),
    "delete a record": lambda does, _: does.delete_owner(ME, VISIT),
    "register a patient": lambda does, _: does.register_patient(ME, PatientId("eva"), display_name="Eva"),
    "register a record": lambda does, _: does.register_owner(
        ME, OwnerRef("visit", OwnerId("v3")), patient=LUIS, title="Revisión"
    ),
    "grant": lambda does, _: does.grant(ME, LUIS, MARIO, Access.EDIT),
    "revoke": lambda does, _: does.revoke(ME, ANA, MARIO),
    "purge": lambda does, _: _purge(does),
}
"""Each is one transaction (an upload and a purge do something with bytes besides)."""

OTHER_ACTS: Mapping[str, Act] = {
    "look": _look_around,
    "upload again": lambda does, _: upload_photo(does, 0),
    "download": lambda does, cast: _download(does, cast.text, "full"),
    "download a thumb": lambda does, cast: _download(does, cast.before, "thumb"),
    "download what is not promoted yet": lambda does, cast: _download(does, cast.unpromoted, "full"),
    "download a picture of what is not promoted yet": lambda does, cast: _download(does, cast.unpromoted, "thumb"),
    "download a picture that is not made yet": lambda does, cast: _download(does, cast.pending, "medium"),
    "make pictures": lambda does, _: does.catch_up(),
    "relay": lambda does, _: does.relay(50),
    "recover": lambda does, _: does.recover(),
    "sweep": lambda does, _: _sweep(does),
}
"""These change nothing that anybody is told of."""

READS_ORIGINALS = ("download", "download what is not promoted yet")
