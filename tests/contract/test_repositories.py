"""What the repositories of documents and pairings keep, and what they find."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings

from application.ports.unit_of_work import UnitOfWork
from domain.documents import Derived, Document, archive, move, restore, trash
from domain.errors import Conflict, NotFound
from domain.ids import DocumentId, UserId
from tests import strategies
from tests.installations import Installation
from tests.samples import (
    ANA,
    DAY,
    LUIS,
    NOON,
    VISIT,
    attachment,
    document,
    pairing,
    photo,
    staff,
)

pytestmark = pytest.mark.anyio

STAFF = staff()
NOBODY = "00000000-0000-7000-8000-000000000000"

few = settings(max_examples=30)


@asynccontextmanager
async def reading(installation: Installation) -> AsyncIterator[UnitOfWork]:
    async with installation.unit_of_work(STAFF) as uow:
        yield uow


@asynccontextmanager
async def writing(installation: Installation) -> AsyncIterator[UnitOfWork]:
    async with installation.unit_of_work(STAFF) as uow:
        yield uow
        await uow.commit()


# --- documents --------------------------------------------------------------------------------------------------------


@few
@given(strategies.documents())
async def test_a_document_comes_back_as_it_was(installations: dict[str, Installation], kept: Document) -> None:
    kept = replace(kept, id=document().id)
    for installation in installations.values():
        await installation.keep(kept)
        async with reading(installation) as uow:
            assert await uow.documents.get(kept.id, trashed=True) == kept


@few
@given(strategies.documents(), strategies.documents())
async def test_a_document_saved_comes_back_as_it_was_saved(
    installations: dict[str, Installation], before: Document, after: Document
) -> None:
    before = replace(before, id=document().id)
    after = replace(after, id=before.id, version=before.version + 1)
    for installation in installations.values():
        await installation.keep(before)
        async with writing(installation) as uow:
            await uow.documents.save(after)
        async with reading(installation) as uow:
            assert await uow.documents.get(after.id, trashed=True) == after


async def test_a_document_that_nobody_stored_is_not_found(installation: Installation) -> None:
    async with reading(installation) as uow:
        with pytest.raises(NotFound):
            await uow.documents.get(DocumentId(NOBODY))
        with pytest.raises(NotFound):
            await uow.documents.get(DocumentId(NOBODY), trashed=True)


async def test_a_trashed_document_is_found_only_by_who_asks_for_trashed_ones(installation: Installation) -> None:
    gone, _ = trash(document(), UserId("u"), NOON)
    await installation.keep(gone)
    async with reading(installation) as uow:
        assert await uow.documents.get(gone.id, trashed=True) == gone
        with pytest.raises(NotFound):
            await uow.documents.get(gone.id)
        with pytest.raises(NotFound):
            await uow.documents.pair(gone.id, gone.id)


async def test_both_documents_of_a_pair_come_in_the_order_asked_for(installation: Installation) -> None:
    one, two = photo(), photo()
    await installation.keep(one, two)
    async with reading(installation) as uow:
        assert await uow.documents.pair(one.id, two.id) == (one, two)
        assert await uow.documents.pair(two.id, one.id) == (two, one)
        assert await uow.documents.pair(one.id, one.id) == (one, one)


async def test_a_patient_s_documents_are_those_in_any_state_and_no_others(installation: Installation) -> None:
    active, others = document(), document(LUIS)
    trashed, _ = trash(document(), UserId("u"), NOON)
    archived, _ = archive(document(), NOON)
    await installation.keep(active, trashed, archived, others)
    async with reading(installation) as uow:
        found = await uow.documents.of_patient(ANA)
    assert {each.id: each for each in found} == {each.id: each for each in (active, trashed, archived)}


async def test_the_duplicate_is_the_oldest_of_the_patient_that_is_not_in_the_trash(installation: Installation) -> None:
    same = "ab" * 32
    oldest, _ = trash(document(sha256=same, created_at=NOON - 3 * DAY), UserId("u"), NOON)
    older = document(sha256=same, created_at=NOON - 2 * DAY)
    newer = document(sha256=same, created_at=NOON - DAY)
    elsewhere = document(LUIS, sha256=same, created_at=NOON - 4 * DAY)
    await installation.keep(newer, older, oldest, elsewhere)
    async with reading(installation) as uow:
        assert await uow.documents.duplicate_of(ANA, same) == older.id
        assert await uow.documents.duplicate_of(ANA, "cd" * 32) is None


async def test_a_document_cannot_be_stored_twice(installation: Installation) -> None:
    report = document()
    await installation.keep(report)
    with pytest.raises(Conflict):
        await installation.keep(replace(report, title="Another"))


async def test_marking_derivatives_changes_nothing_else(installation: Installation) -> None:
    picture = photo(derived=Derived.PENDING)
    await installation.keep(picture)
    stale = replace(picture, title="As it was read", version=7)
    made = replace(stale.file, derived=Derived.READY, recipe=3, placeholder="aGFzaA==", size=1)
    async with writing(installation) as uow:
        await uow.documents.mark_derived(replace(stale, file=made))
    file = replace(picture.file, derived=Derived.READY, recipe=3, placeholder="aGFzaA==")
    async with reading(installation) as uow:
        assert await uow.documents.get(picture.id) == replace(picture, file=file)


async def test_a_purged_document_goes_with_its_links_and_its_pairing(installation: Installation) -> None:
    gone, partner = photo(), photo()
    link, other = attachment(gone), attachment(partner)
    await installation.keep(gone, partner, pairing(gone, partner), link, other)
    async with writing(installation) as uow:
        await uow.documents.remove(gone)
    async with reading(installation) as uow:
        with pytest.raises(NotFound):
            await uow.documents.get(gone.id, trashed=True)
        with pytest.raises(NotFound):
            await uow.attachments.get(link.id)
        assert await uow.attachments.all_of_owner(VISIT) == [other]
        assert await uow.pairings.of(partner.id) is None
        assert await uow.pairings.of(gone.id) is None
    assert (await installation.documents.get(STAFF, partner.id)).paired_document_id is None


async def test_a_moved_document_takes_the_links_along_that_it_keeps(installation: Installation) -> None:
    report = document()
    link = attachment(report)
    await installation.keep(report, link)
    moved, _ = move(report, LUIS, duplicate_of=None, now=NOON)
    async with writing(installation) as uow:
        await uow.documents.save(moved)
    async with reading(installation) as uow:
        assert await uow.attachments.get(link.id) == replace(link, patient_id=LUIS)


# --- pairings ---------------------------------------------------------------------------------------------------------


async def test_a_pairing_is_found_from_both_sides(installation: Installation) -> None:
    before, after, alone = photo(), photo(), photo()
    pair = pairing(before, after)
    await installation.keep(before, after, alone, pair)
    async with reading(installation) as uow:
        assert await uow.pairings.of(before.id) == pair
        assert await uow.pairings.of(after.id) == pair
        assert await uow.pairings.of(alone.id) is None


@pytest.mark.parametrize("side", [0, 1])
async def test_a_paired_photo_cannot_be_paired_again(installation: Installation, side: int) -> None:
    pair = photo(), photo()
    third = photo()
    await installation.keep(*pair, third, pairing(*pair))
    for again in (pairing(pair[side], third), pairing(third, pair[side])):
        with pytest.raises(Conflict):
            await installation.keep(again)
    async with reading(installation) as uow:
        assert await uow.pairings.of(third.id) is None


async def test_a_pairing_outlives_a_stay_in_the_trash(installation: Installation) -> None:
    before, after = photo(), photo()
    pair = pairing(before, after)
    await installation.keep(before, after, pair)
    trashed, _ = trash(after, UserId("u"), NOON)
    async with writing(installation) as uow:
        await uow.documents.save(trashed)
    async with writing(installation) as uow:
        assert await uow.pairings.of(before.id) == pair
        assert await uow.pairings.of(after.id) == pair
        await uow.documents.save(restore(trashed, NOON)[0])
    async with reading(installation) as uow:
        assert await uow.pairings.of(after.id) == pair


async def test_photos_whose_pairing_is_removed_are_free_again(installation: Installation) -> None:
    before, after = photo(), photo()
    pair = pairing(before, after)
    await installation.keep(before, after, pair)
    turned = replace(pair, before=after.id, after=before.id)
    async with writing(installation) as uow:
        assert await uow.pairings.remove(pair)
        assert not await uow.pairings.remove(pair)
        await uow.pairings.add(turned)
    async with reading(installation) as uow:
        assert await uow.pairings.of(before.id) == turned
