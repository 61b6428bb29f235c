"""What the repositories of a unit of work keep, and what they find."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.ports.unit_of_work import UnitOfWork
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import Grant, OwnerRecord, Patient
from domain.documents import Derived, Document, archive, move, restore, trash
from domain.errors import Conflict, NotFound, StaleVersion
from domain.ids import AttachmentId, DocumentId, NoteId, OwnerId, UserId
from domain.notes import ClinicalNote, revise
from tests import strategies
from tests.installations import Installation
from tests.samples import (
    ANA,
    CLINIC,
    DAY,
    LUIS,
    NOON,
    VISIT,
    attachment,
    document,
    note,
    pairing,
    patient,
    photo,
    record,
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


# --- documents ------------------------------------------------------------------------------------------------------


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


# --- pairings -------------------------------------------------------------------------------------------------------


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
        await uow.pairings.remove(pair)
        await uow.pairings.add(turned)
    async with reading(installation) as uow:
        assert await uow.pairings.of(before.id) == turned


# --- attachments ----------------------------------------------------------------------------------------------------


@few
@given(st.data())
async def test_an_attachment_comes_back_as_it_was(installations: dict[str, Installation], data: st.DataObject) -> None:
    report = document()
    kept = replace(data.draw(strategies.attachments(report.id)), id=attachment(report).id)
    for installation in installations.values():
        await installation.keep(report, kept)
        async with reading(installation) as uow:
            assert await uow.attachments.get(kept.id) == kept
            assert await uow.attachments.of_document(report.id) == [kept]
            assert kept in await uow.attachments.of_owner(kept.owner)


async def test_the_same_link_again_gives_the_one_that_is_there(installation: Installation) -> None:
    report = document()
    first = attachment(report, display_order=2)
    await installation.keep(report, first)
    async with writing(installation) as uow:
        assert await uow.attachments.add(attachment(report, display_order=5, category="report")) == first
    async with reading(installation) as uow:
        assert await uow.attachments.of_owner(VISIT) == [first]


async def test_one_document_may_be_on_many_records(installation: Installation) -> None:
    report = document()
    links = [attachment(report, OwnerRef(type, OwnerId(id))) for type in ("visit", "plan") for id in ("v1", "v2")]
    await installation.keep(report, *links)
    async with reading(installation) as uow:
        found = await uow.attachments.of_document(report.id)
        assert await uow.attachments.of_owner(VISIT) == [links[0]]
    assert {link.id for link in found} == {link.id for link in links}


async def test_links_come_by_display_order_then_the_oldest_first_then_by_id(installation: Installation) -> None:
    reports = [document() for _ in range(5)]
    links = sorted((attachment(each) for each in reports), key=lambda link: link.id)
    placed = [
        replace(links[4], display_order=0),
        replace(links[3], display_order=1, created_at=NOON - DAY),
        replace(links[0], display_order=1),
        replace(links[1], display_order=1),
        replace(links[2], display_order=10),
    ]
    await installation.keep(*reports, *reversed(placed))
    async with reading(installation) as uow:
        assert await uow.attachments.of_owner(VISIT) == placed


async def test_links_of_trashed_documents_show_only_in_the_list_of_all(installation: Installation) -> None:
    trashed, _ = trash(document(), UserId("u"), NOON)
    archived, _ = archive(document(), NOON)
    active = document()
    links = [attachment(each, display_order=place) for place, each in enumerate((trashed, archived, active))]
    await installation.keep(trashed, archived, active, *links)
    async with reading(installation) as uow:
        assert await uow.attachments.of_owner(VISIT) == links[1:]
        assert await uow.attachments.all_of_owner(VISIT) == links
        assert await uow.attachments.of_document(trashed.id) == links[:1]
        with pytest.raises(NotFound):
            await uow.attachments.get(links[0].id)


async def test_saving_links_stores_their_order_and_category_only(installation: Installation) -> None:
    one, two = document(), document()
    links = [attachment(one), attachment(two)]
    await installation.keep(one, two, *links)
    changed = [replace(link, display_order=9, category="report") for link in links]
    async with writing(installation) as uow:
        await uow.attachments.save([replace(link, owner=OwnerRef("plan", OwnerId("x"))) for link in changed])
    async with reading(installation) as uow:
        assert [await uow.attachments.get(link.id) for link in links] == changed


async def test_a_removed_link_is_gone_and_its_document_is_not(installation: Installation) -> None:
    one, two = document(), document()
    links = [attachment(one), attachment(two)]
    await installation.keep(one, two, *links)
    async with writing(installation) as uow:
        await uow.attachments.remove(links[:1])
    async with reading(installation) as uow:
        assert await uow.attachments.of_owner(VISIT) == links[1:]
        assert await uow.documents.get(one.id) == one
        with pytest.raises(NotFound):
            await uow.attachments.get(links[0].id)
        with pytest.raises(NotFound):
            await uow.attachments.get(AttachmentId(NOBODY))


async def test_a_document_that_is_not_there_cannot_be_linked_or_paired(installation: Installation) -> None:
    there, absent = photo(), photo()
    await installation.keep(there)
    for link in (attachment(absent), pairing(there, absent), pairing(absent, there)):
        with pytest.raises(NotFound):
            await installation.keep(link)


# --- notes ----------------------------------------------------------------------------------------------------------


@few
@given(strategies.notes())
async def test_a_note_comes_back_as_it_was(installations: dict[str, Installation], kept: ClinicalNote) -> None:
    kept = replace(kept, id=note().id)
    for installation in installations.values():
        await installation.keep(kept)
        async with reading(installation) as uow:
            assert await uow.notes.get(kept.id) == kept


async def test_a_note_changed_meanwhile_cannot_be_saved(installation: Installation) -> None:
    read = note()
    await installation.keep(read)
    mine, yours = revise(read, "Mine", NOON)[0], revise(read, "Yours", NOON)[0]
    async with writing(installation) as uow:
        await uow.notes.save(mine)
    async with reading(installation) as uow:
        with pytest.raises(StaleVersion):
            await uow.notes.save(yours)
    async with reading(installation) as uow:
        assert await uow.notes.get(read.id) == mine


async def test_a_removed_note_is_gone(installation: Installation) -> None:
    written = note()
    await installation.keep(written)
    async with writing(installation) as uow:
        await uow.notes.remove(written)
    async with reading(installation) as uow:
        with pytest.raises(NotFound):
            await uow.notes.get(written.id)
        with pytest.raises(NotFound):
            await uow.notes.get(NoteId(NOBODY))


# --- directory ------------------------------------------------------------------------------------------------------


@few
@given(strategies.patients(), strategies.patients())
async def test_a_patient_comes_back_as_it_was_put_last(
    installations: dict[str, Installation], first: Patient, second: Patient
) -> None:
    second = replace(second, id=first.id, created_at=first.created_at)
    for installation in installations.values():
        for kept in (first, second):
            await installation.keep(kept)
            async with reading(installation) as uow:
                assert await uow.directory.patient(kept.id) == kept


@few
@given(strategies.owner_records(), strategies.owner_records())
async def test_a_record_comes_back_as_it_was_put_last(
    installations: dict[str, Installation], first: OwnerRecord, second: OwnerRecord
) -> None:
    second = replace(second, ref=first.ref, created_at=first.created_at)
    for installation in installations.values():
        for kept in (first, second):
            await installation.keep(kept)
            async with reading(installation) as uow:
                assert await uow.directory.owner(kept.ref) == kept


async def test_a_removed_record_is_gone_and_removing_it_again_is_fine(installation: Installation) -> None:
    namesake = record(OwnerRef("plan", VISIT.id))
    await installation.keep(record(), namesake)
    for _ in range(2):
        async with writing(installation) as uow:
            await uow.directory.remove_owner(VISIT)
    async with reading(installation) as uow:
        assert await uow.directory.owner(VISIT) is None
        assert await uow.directory.owner(namesake.ref) == namesake


async def test_who_is_not_in_the_directory_is_none(installation: Installation) -> None:
    async with reading(installation) as uow:
        assert await uow.directory.patient(ANA) is None
        assert await uow.directory.owner(VISIT) is None
        assert await uow.directory.grant(ANA, UserId("u-1")) is None


async def test_a_grant_is_the_one_given_last_until_it_is_removed(installation: Installation) -> None:
    user = UserId("u-1")
    given_to = [Grant(clinic_id=CLINIC, user_id=user, patient_id=ANA, access=access) for access in Access]
    for grant in given_to:
        await installation.keep(grant)
        async with reading(installation) as uow:
            assert await uow.directory.grant(ANA, user) is grant.access
            assert await uow.directory.grant(LUIS, user) is None
            assert await uow.directory.grant(ANA, UserId("u-2")) is None
    for _ in range(2):
        async with writing(installation) as uow:
            await uow.directory.remove_grant(ANA, user)
    async with reading(installation) as uow:
        assert await uow.directory.grant(ANA, user) is None


async def test_locking_an_owner_tells_whether_the_directory_knows_it(installation: Installation) -> None:
    await installation.keep(record(), patient())
    async with reading(installation) as uow:
        assert await uow.directory.lock_owner(VISIT) is True
        assert await uow.directory.lock_owner(OwnerRef("visit", OwnerId("v2"))) is False
        assert await uow.directory.lock_owner(VISIT) is True
