"""Making the pictures of a document that has its bytes but not (or no longer) its derivatives."""

import asyncio
from dataclasses import dataclass, field

from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing, Blobs
from application.ports.inspecting import RECIPE, Derivatives, FileInspector
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import DocumentView
from domain import documents
from domain.access import Principal, Role
from domain.documents import Derived
from domain.errors import DomainError, NotFound, Unavailable, Unreadable
from domain.ids import ClinicId, DocumentId, UserId


def the_system(clinic: ClinicId) -> Principal:
    """Who acts when nobody asked: in one clinic, like an admin."""
    return Principal(clinic_id=clinic, user_id=UserId("system"), roles=frozenset({Role.ADMIN}))


def is_whole(picture: bytes) -> bool:
    """Whether it is a JPEG from its first marker to its last: pictures have no checksum, they can be made again."""
    return picture.startswith(b"\xff\xd8") and picture.endswith(b"\xff\xd9")


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDerivatives:
    """Make, store and return them. Two callers at once for one document share the work."""

    unit_of_work: OpenUnitOfWork
    blobs: Blobs
    inspector: FileInspector
    clock: Clock
    under_way: dict[DocumentId, "asyncio.Task[Derivatives | None]"] = field(default_factory=dict)

    async def __call__(self, view: DocumentView) -> Derivatives | None:
        """None where the bytes give no pictures, or give them no more. Raises `Unavailable` when it cannot be tried."""
        task = self.under_way.get(view.id)
        if task is None:
            task = self.under_way[view.id] = asyncio.create_task(self._make(view))
            task.add_done_callback(lambda _: self.under_way.pop(view.id, None))
        return await asyncio.shield(task)

    async def _make(self, view: DocumentView) -> Derivatives | None:
        try:
            source = await self.blobs.fetch(f"{view.prefix}/{ORIGINAL}")
            inspected = await self.inspector.inspect(source, filename=view.original_filename, now=self.clock())
        except BlobMissing as error:
            raise Unavailable("The file's bytes are missing from the storage; the operator can run verify") from error
        except Unreadable:
            await self._mark(view, Derived.NONE, None)
            return None
        made = inspected.derivatives
        if made is None:
            await self._mark(view, Derived.NONE if inspected.fault is None else Derived.PENDING, None)
            return None
        await self.blobs.put(f"{view.prefix}/{MEDIUM}", made.medium)
        await self.blobs.put(f"{view.prefix}/{THUMB}", made.thumb)
        await self._mark(view, Derived.READY, made.placeholder)
        return made

    async def _mark(self, view: DocumentView, state: Derived, placeholder: str | None) -> None:
        async with self.unit_of_work(the_system(view.clinic_id)) as uow:
            try:
                document = await uow.documents.get(view.id, trashed=True)
            except NotFound:
                return  # purged meanwhile
            await uow.documents.mark_derived(documents.derived(document, state, RECIPE, placeholder))
            await uow.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUpDerivatives:
    """Try again what is pending, and make anew what an older recipe made."""

    upkeep: Upkeep
    make_derivatives: MakeDerivatives

    async def __call__(self, limit: int = 20) -> int:
        """How many were made."""
        made = 0
        for view in await self.upkeep.underived(RECIPE, limit):
            try:
                made += await self.make_derivatives(view) is not None
            except DomainError:
                continue  # stays pending; the next round tries again
        return made
