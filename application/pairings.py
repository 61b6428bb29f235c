"""Before and after."""

from dataclasses import dataclass

from application.documents import writable
from application.pairing import hold_pairs, pair_in, unpair_in
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.views import DocumentView, DocumentViews
from domain.access import Permission, Principal
from domain.documents import expect
from domain.errors import NotFound
from domain.ids import DocumentId
from domain.pairings import PairRole


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPhotos:
    """`before` names the earlier picture; else the capture dates tell."""

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        actor: Principal,
        first: DocumentId,
        second: DocumentId,
        before: DocumentId | None = None,
        expected: int | None = None,
    ) -> DocumentView:
        """`expected` is the version of the first that the caller last read."""
        actor.require(Permission.DOCUMENTS_WRITE, (await self.documents.get(actor, first)).patient_id)
        async with self.unit_of_work(actor) as uow:
            held = await hold_pairs(uow, first, second)
            pairing = await pair_in(uow, self.new_id, held, first, second, self.clock(), before=before)
            actor.require(Permission.DOCUMENTS_WRITE, pairing.patient_id)
            expect(await uow.documents.get(first), expected)
            await uow.commit()
        return await self.documents.get(actor, first)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpairPhoto:
    """Both sides are free again; nothing to undo is fine."""

    unit_of_work: OpenUnitOfWork
    documents: DocumentViews

    async def __call__(self, actor: Principal, id: DocumentId, expected: int | None = None) -> DocumentView:
        async with self.unit_of_work(actor) as uow:
            await hold_pairs(uow, id)
            await writable(uow, actor, id, expected)
            if await unpair_in(uow, id):
                await uow.commit()
        return await self.documents.get(actor, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPair:
    documents: DocumentViews

    async def __call__(self, actor: Principal, id: DocumentId) -> tuple[DocumentView, DocumentView]:
        """Before, after. Raises `NotFound` for a photo that is not paired."""
        one = await self.documents.get(actor, id)
        actor.require(Permission.DOCUMENTS_READ, one.patient_id)
        if one.paired_document_id is None:
            raise NotFound("This photo is not paired")
        two = await self.documents.get(actor, one.paired_document_id)
        return (one, two) if one.pair_role == PairRole.BEFORE else (two, one)
