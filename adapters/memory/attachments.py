"""Links of documents to owners in a clinic."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from adapters.memory.draft import Draft
from application.ports.unit_of_work import Attachments
from domain.attachments import MediaAttachment, OwnerRef
from domain.documents import Status
from domain.errors import NotFound
from domain.ids import AttachmentId, DocumentId


class MemoryAttachments(Attachments):
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    async def get(self, id: AttachmentId) -> MediaAttachment:
        link = self._stored(id)
        if self._is_trashed(link):
            raise NotFound("There is no such attachment here")
        return link

    async def of_owner(self, owner: OwnerRef) -> Sequence[MediaAttachment]:
        return self._where(lambda link: link.owner == owner and not self._is_trashed(link))

    async def all_of_owner(self, owner: OwnerRef) -> Sequence[MediaAttachment]:
        return self._where(lambda link: link.owner == owner)

    async def of_document(self, document: DocumentId) -> Sequence[MediaAttachment]:
        return self._where(lambda link: link.document_id == document)

    async def add(self, attachment: MediaAttachment) -> MediaAttachment:
        self._draft.require(attachment.clinic_id, attachment.patient_id)
        document = self._draft.tables.documents.get(attachment.document_id)
        if document is None or document.patient_id != attachment.patient_id:
            raise NotFound("There is no such document here")
        for link in self._where(lambda link: link.document_id == document.id and link.owner == attachment.owner):
            return link
        self._draft.tables.attachments[attachment.id] = attachment
        return attachment

    async def save(self, attachments: Sequence[MediaAttachment]) -> None:
        for link in attachments:
            stored = self._stored(link.id)
            changed = replace(stored, display_order=link.display_order, category=link.category)
            self._draft.tables.attachments[link.id] = changed

    async def remove(self, attachments: Sequence[MediaAttachment]) -> Sequence[MediaAttachment]:
        for link in attachments:
            self._draft.require(link.clinic_id, link.patient_id)
        return [link for link in attachments if self._draft.tables.attachments.pop(link.id, None) is not None]

    def _stored(self, id: AttachmentId) -> MediaAttachment:
        link = self._draft.tables.attachments.get(id)
        if link is None or not self._draft.sees(link.patient_id):
            raise NotFound("There is no such attachment here")
        return link

    def _where(self, wanted: Callable[[MediaAttachment], bool]) -> list[MediaAttachment]:
        links = self._draft.tables.attachments.values()
        found = (link for link in links if wanted(link) and self._draft.sees(link.patient_id))
        return sorted(found, key=lambda link: (link.display_order, link.created_at, link.id))

    def _is_trashed(self, link: MediaAttachment) -> bool:
        return self._draft.tables.documents[link.document_id].status is Status.TRASHED
