"""Links of documents to owners in a clinic."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql import rows
from adapters.sql.prepared import Row
from adapters.sql.scope import Scope
from adapters.sql.tables import attachments, documents
from application.ports.unit_of_work import Attachments
from domain.attachments import MediaAttachment, OwnerRef
from domain.errors import NotFound
from domain.ids import AttachmentId, DocumentId

_column = attachments.c
_IN_CLINIC = _column.clinic_id == bindparam("clinic")
_NOT_TRASHED = documents.c.trashed_at.is_(None)
_LINKS = select(*_column).order_by(_column.display_order, _column.created_at, _column.id)
_WITH_DOCUMENT = _LINKS.join(documents, documents.c.id == _column.document_id)
_OF_OWNER = (_IN_CLINIC, _column.owner_type == bindparam("owner_type"), _column.owner_id == bindparam("owner_id"))

_ONE = _WITH_DOCUMENT.where(_column.id == bindparam("id"), _IN_CLINIC, _NOT_TRASHED)
_OWNERS = _WITH_DOCUMENT.where(*_OF_OWNER, _NOT_TRASHED)
_ALL_OWNERS = _LINKS.where(*_OF_OWNER)
_DOCUMENTS = _LINKS.where(_IN_CLINIC, _column.document_id == bindparam("document_id"))
_SAME = _LINKS.where(*_OF_OWNER, _column.document_id == bindparam("document_id"))

# From the document itself, so that nothing is linked that is not there, in the clinic and of the patient.
_GIVEN = ("id", "owner_type", "owner_id", "display_order", "category", "created_at")
_ADD = (
    insert(attachments)
    .from_select(
        ["clinic_id", "patient_id", "document_id", *_GIVEN],
        select(
            *(documents.c.clinic_id, documents.c.patient_id, documents.c.id),
            *(bindparam(name, type_=_column[name].type) for name in _GIVEN),
        ).where(
            documents.c.id == bindparam("document_id"),
            documents.c.clinic_id == bindparam("clinic"),
            documents.c.patient_id == bindparam("patient_id"),
        ),
    )
    .on_conflict_do_nothing(index_elements=["clinic_id", "document_id", "owner_type", "owner_id"])
    .inline()
)
_SAVE = (
    update(attachments)
    .where(_column.id == bindparam("id"), _IN_CLINIC)
    .values(display_order=bindparam("display_order"), category=bindparam("category"))
)
_REMOVE = delete(attachments).where(_column.id == bindparam("id"), _IN_CLINIC)


class SqlAttachments(Attachments):
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def get(self, id: AttachmentId) -> MediaAttachment:
        for link in self._seen(await self._scope.fetch(_ONE, id=id)):
            return link
        raise NotFound("There is no such attachment here")

    async def of_owner(self, owner: OwnerRef) -> Sequence[MediaAttachment]:
        return self._seen(await self._scope.fetch(_OWNERS, owner_type=owner.type, owner_id=owner.id))

    async def all_of_owner(self, owner: OwnerRef) -> Sequence[MediaAttachment]:
        return self._seen(await self._scope.fetch(_ALL_OWNERS, owner_type=owner.type, owner_id=owner.id))

    async def of_document(self, document: DocumentId) -> Sequence[MediaAttachment]:
        return self._seen(await self._scope.fetch(_DOCUMENTS, document_id=document))

    async def add(self, attachment: MediaAttachment) -> MediaAttachment:
        self._scope.require(attachment.clinic_id, attachment.patient_id)
        values = rows.attachment_values(attachment)
        if await self._scope.execute(_ADD, **values):
            return attachment
        for link in self._seen(await self._scope.fetch(_SAME, **values)):
            return link
        raise NotFound("There is no such document here")

    async def save(self, attachments: Sequence[MediaAttachment]) -> None:
        for link in attachments:
            self._scope.require(link.clinic_id, link.patient_id)
            values = {"id": link.id, "display_order": link.display_order, "category": link.category}
            if not await self._scope.execute(_SAVE, **values):
                raise NotFound("There is no such attachment here")

    async def remove(self, attachments: Sequence[MediaAttachment]) -> Sequence[MediaAttachment]:
        for link in attachments:
            self._scope.require(link.clinic_id, link.patient_id)
        return [link for link in attachments if await self._scope.execute(_REMOVE, id=link.id)]

    def _seen(self, found: Sequence[Row]) -> list[MediaAttachment]:
        return [link for link in map(rows.attachment, found) if self._scope.sees(link.patient_id)]
