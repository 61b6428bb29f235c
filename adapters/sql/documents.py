"""Documents of a clinic."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update

from adapters.sql.document_rows import VIEWED, document, document_values
from adapters.sql.logs import tombstones
from adapters.sql.scope import Scope
from adapters.sql.tables import attachments, documents, pairing_members
from adapters.sql.writing import inserted, put, revised
from application.ports.system import Clock
from application.ports.unit_of_work import Documents
from domain.documents import Document, Status
from domain.errors import NotFound, StaleVersion
from domain.ids import DocumentId, PatientId

_IN_CLINIC = documents.c.clinic_id == bindparam("clinic")
_OF_PATIENT = (_IN_CLINIC, documents.c.patient_id == bindparam("patient"))
_WHOLE = select(*(documents.c[name] for name in VIEWED))

_ONE = _WHOLE.where(documents.c.id == bindparam("id"), _IN_CLINIC).with_for_update()
_TWO = (
    _WHOLE.where(documents.c.id.in_([bindparam("one"), bindparam("two")]), _IN_CLINIC)
    .order_by(documents.c.id)
    .with_for_update()
)
_PATIENTS = _WHOLE.where(*_OF_PATIENT).order_by(documents.c.id).with_for_update()
_SAME_BYTES = (
    select(documents.c.id)
    .where(*_OF_PATIENT, documents.c.sha256 == bindparam("sha256"), documents.c.trashed_at.is_(None))
    .order_by(documents.c.created_at, documents.c.id)
    .limit(1)
)
_ADD = inserted(documents)
_SAVE = revised(documents, documents.c.id == bindparam("id"), _IN_CLINIC, kept=("id", "clinic_id"))
_MARK = (
    update(documents)
    .where(documents.c.id == bindparam("id"), *_OF_PATIENT)
    .values(derived=bindparam("derived"), recipe=bindparam("recipe"), placeholder=bindparam("placeholder"))
)
_MARK_SCAN = update(documents).where(documents.c.id == bindparam("id"), *_OF_PATIENT).values(scan=bindparam("scan"))

_member = pairing_members.alias("member")
_ITS_PAIRING = select(_member.c.pairing_id).where(_member.c.document_id == bindparam("id")).scalar_subquery()
_REMOVE_PAIRING = delete(pairing_members).where(
    pairing_members.c.pairing_id == _ITS_PAIRING, pairing_members.c.clinic_id == bindparam("clinic")
)
_REMOVE_LINKS = delete(attachments).where(
    attachments.c.clinic_id == bindparam("clinic"), attachments.c.document_id == bindparam("id")
)
_REMOVE = delete(documents).where(documents.c.id == bindparam("id"), _IN_CLINIC)
# Put, for a document that an import brought back under its own id may be purged again.
_BURY = put(tombstones)


class SqlDocuments(Documents):
    def __init__(self, scope: Scope, clock: Clock) -> None:
        self._scope = scope
        self._clock = clock

    async def get(self, id: DocumentId, *, trashed: bool = False) -> Document:
        found = await self._scope.fetch(_ONE, id=id)
        return self._seen(document(found[0]) if found else None, trashed=trashed)

    async def pair(self, one: DocumentId, two: DocumentId) -> tuple[Document, Document]:
        found = {row[0]: document(row) for row in await self._scope.fetch(_TWO, one=one, two=two)}
        return self._seen(found.get(one)), self._seen(found.get(two))

    async def of_patient(self, patient: PatientId) -> Sequence[Document]:
        if not self._scope.sees(patient):
            return []
        return [document(row) for row in await self._scope.fetch(_PATIENTS, patient=patient)]

    async def duplicate_of(self, patient: PatientId, sha256: str) -> DocumentId | None:
        if not self._scope.sees(patient):
            return None
        found = await self._scope.fetch(_SAME_BYTES, patient=patient, sha256=sha256)
        return DocumentId(found[0][0]) if found else None

    async def add(self, document: Document) -> None:
        self._scope.require(document.clinic_id, document.patient_id)
        await self._scope.execute(_ADD, **document_values(document))

    async def save(self, document: Document) -> None:
        self._scope.require(document.clinic_id, document.patient_id)
        if not await self._scope.execute(_SAVE, **document_values(document)):
            await self.get(document.id, trashed=True)
            raise StaleVersion("The document was changed meanwhile; read it again")

    async def mark_derived(self, document: Document) -> None:
        self._scope.require(document.clinic_id, document.patient_id)
        made = document.file
        values = {"derived": made.derived, "recipe": made.recipe, "placeholder": made.placeholder}
        if not await self._scope.execute(_MARK, id=document.id, patient=document.patient_id, **values):
            raise NotFound("There is no such document here")

    async def mark_scanned(self, document: Document) -> None:
        self._scope.require(document.clinic_id, document.patient_id)
        values = {"id": document.id, "patient": document.patient_id, "scan": document.file.scan}
        if not await self._scope.execute(_MARK_SCAN, **values):
            raise NotFound("There is no such document here")

    async def remove(self, document: Document) -> None:
        stored = await self.get(document.id, trashed=True)
        for statement in (_REMOVE_PAIRING, _REMOVE_LINKS, _REMOVE):
            await self._scope.execute(statement, id=stored.id)
        await self._scope.execute(
            _BURY,
            document_id=stored.id,
            clinic_id=stored.clinic_id,
            patient_id=stored.patient_id,
            sha256=stored.file.sha256,
            prefix=stored.file.prefix,
            purged_at=self._clock(),
            purged_by=self._scope.actor.user_id,
            emptied_at=None,
        )

    def _seen(self, document: Document | None, *, trashed: bool = False) -> Document:
        if document is None or not self._scope.sees(document.patient_id):
            raise NotFound("There is no such document here")
        if document.status is Status.TRASHED and not trashed:
            raise NotFound("There is no such document here")
        return document
