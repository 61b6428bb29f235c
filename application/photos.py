"""The gallery."""

from dataclasses import dataclass

from application.owners import FindOwner
from application.ports.paging import Page, PageRequest
from application.ports.views import DocumentView, DocumentViews, PhotoCriteria
from domain.access import Permission, Principal
from domain.ids import PatientId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPhotos:
    documents: DocumentViews
    find_owner: FindOwner

    async def __call__(
        self, actor: Principal, patient: PatientId, criteria: PhotoCriteria, request: PageRequest
    ) -> Page[DocumentView]:
        actor.require(Permission.DOCUMENTS_READ, patient)
        await self.find_owner.patient(actor, patient)
        return await self.documents.photos(actor, patient, criteria, request)
