"""What an upload that comes in pieces is to become: the same as the uploads that come whole."""

from dataclasses import dataclass
from typing import TypeAlias

from application.files import BeginFile, Berth, StoreFile
from application.ports.blobs import StagedBlob
from application.uploads import BeginUpload, Incoming, PhotoWords, StoreDocument, StorePhoto
from domain.access import Principal
from domain.attachments import OwnerRef
from domain.ids import DocumentId, PatientId
from domain.media import DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTarget:
    patient: PatientId
    words: PhotoWords


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTarget:
    patient: PatientId
    document_type: DocumentType
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTarget:
    owner: OwnerRef
    description: str | None = None
    category: str | None = None


Target: TypeAlias = PhotoTarget | DocumentTarget | FileTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the client says that it sends; `declared` is the Content-Type of the file."""

    target: Target
    filename: str
    declared: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachTarget:
    """Leads to the use case that stores what is uploaded."""

    begin_upload: BeginUpload
    begin_file: BeginFile
    store_photo: StorePhoto
    store_document: StoreDocument
    store_file: StoreFile

    async def allow(self, actor: Principal, sent: Sent, length: int) -> PatientId:
        """Whose the document will be; raises what is known already that the upload would be refused with."""
        target = sent.target
        if isinstance(target, FileTarget):
            owner, rules = await self.begin_file.allow(actor, target.owner)
            rules.check_upload(sent.filename, target.category)
            rules.check_size(length)
            return owner.patient_id
        await self.begin_upload.allow(actor, target.patient)
        if isinstance(target, PhotoTarget):
            await self.store_photo.order(actor, target.patient, target.words, None)
        return target.patient

    async def store(self, actor: Principal, sent: Sent, id: DocumentId, blob: StagedBlob) -> DocumentId:
        """The document. What has been begun is allowed, or not, by what holds now."""
        target = sent.target
        incoming = Incoming(id=id, blob=blob, filename=sent.filename, declared=sent.declared)
        if isinstance(target, FileTarget):
            owner, rules = await self.begin_file.allow(actor, target.owner)
            berth = Berth(id=id, blob=blob, owner=owner, rules=rules)
            file = await self.store_file(
                actor, berth, incoming, description=target.description, category=target.category
            )
            return file.document.id
        await self.begin_upload.allow(actor, target.patient)
        if isinstance(target, PhotoTarget):
            return (await self.store_photo(actor, target.patient, incoming, target.words)).id
        view = await self.store_document(
            actor,
            target.patient,
            incoming,
            document_type=target.document_type,
            title=target.title,
            description=target.description,
        )
        return view.id
