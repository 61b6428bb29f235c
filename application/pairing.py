"""Pairing inside a transaction, shared by everything that pairs."""

from dataclasses import replace
from datetime import datetime

from application.ports.system import NewId
from application.ports.unit_of_work import UnitOfWork
from domain.documents import Document, Status
from domain.errors import Conflict, NotFound
from domain.ids import DocumentId, PairingId
from domain.pairings import Pairing, pair, paired, unpair


async def pair_in(
    uow: UnitOfWork,
    new_id: NewId,
    first: DocumentId,
    second: DocumentId,
    now: datetime,
    *,
    before: DocumentId | None = None,
) -> Pairing:
    """Pair two documents. The same pair again is fine, and turned round if `before` says so.

    Raises `Conflict` when one of them is paired with a third that is not in the trash; a pairing that only a trashed
    partner still holds gives way.
    """
    one, two = await uow.documents.pair(first, second)
    pairing, happened = pair(PairingId(new_id()), one, two, before=before, now=now)
    for document in (one, two):
        standing = await uow.pairings.of(document.id)
        if standing is None:
            continue
        if standing.members == pairing.members:
            return await _turned(uow, standing, pairing if before is not None else standing)
        await _release(uow, standing, document)
    await uow.pairings.add(pairing)
    uow.record(*happened)
    return pairing


async def unpair_in(uow: UnitOfWork, document: DocumentId) -> bool:
    """Undo the pairing of a document; whether there was one."""
    standing = await uow.pairings.of(document)
    if standing is None:
        return False
    await uow.pairings.remove(standing)
    uow.record(*unpair(standing))
    return True


async def _turned(uow: UnitOfWork, standing: Pairing, wanted: Pairing) -> Pairing:
    if standing.before == wanted.before:
        return standing
    turned = replace(standing, before=standing.after, after=standing.before)
    await uow.pairings.remove(standing)
    await uow.pairings.add(turned)
    uow.record(*unpair(standing), *paired(turned))
    return turned


async def _release(uow: UnitOfWork, standing: Pairing, document: Document) -> None:
    try:
        partner = await uow.documents.get(standing.partner_of(document.id), trashed=True)
    except NotFound:
        partner = None
    if partner is not None and partner.status is not Status.TRASHED:
        raise Conflict("One of the photos is already in another pair; undo that pair first", field="other_id")
    await uow.pairings.remove(standing)
    uow.record(*unpair(standing))
