"""Pairing inside a transaction, shared by everything that pairs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from application.ports.system import NewId
from application.ports.unit_of_work import UnitOfWork
from domain.documents import Document, Status
from domain.errors import Conflict, NotFound
from domain.ids import DocumentId, PairingId
from domain.pairings import Pairing, pair, paired, unpair

Held: TypeAlias = Mapping[DocumentId, Document]


async def hold_pairs(uow: UnitOfWork, *ids: DocumentId) -> Held:
    """Lock documents and their partners: before anything else, and in the order of their ids, so that two callers
    cannot block each other. Raises `NotFound`."""
    standing = [await uow.pairings.of(id) for id in ids]
    partners = {member for pairing in standing if pairing is not None for member in pairing.members}
    held = {}
    for id in sorted({*ids, *partners}):
        try:
            # Of those that are named the trash is hidden, as it is from whoever asks; a partner in it may give way.
            held[id] = await uow.documents.get(id, trashed=id not in ids)
        except NotFound:
            if id in ids:
                raise
    return held


async def pair_in(
    uow: UnitOfWork,
    new_id: NewId,
    held: Held,
    first: DocumentId,
    second: DocumentId,
    now: datetime,
    *,
    before: DocumentId | None = None,
) -> Pairing:
    """Pair two documents, which must be `held`. The same pair again is fine, and turned round if `before` says so.

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
        _check_free(held.get(standing.partner_of(document.id)))
        await uow.pairings.remove(standing)
        uow.record(*unpair(standing))
    await uow.pairings.add(pairing)
    uow.record(*happened)
    return pairing


async def unpair_in(uow: UnitOfWork, document: DocumentId) -> bool:
    """Undo the pairing of a document, which must be held; whether there was one."""
    standing = await uow.pairings.of(document)
    if standing is None or not await uow.pairings.remove(standing):
        return False
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


def _check_free(partner: Document | None) -> None:
    """Only one in the trash gives way; one that is not held has become the partner just now."""
    if partner is None or partner.status is not Status.TRASHED:
        raise Conflict("One of the photos is already in another pair; undo that pair first", field="other_id")
