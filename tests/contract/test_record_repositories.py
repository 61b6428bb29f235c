"""What the repositories of attachments, notes and the directory keep, and what they find."""

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
from domain.documents import archive, trash
from domain.errors import NotFound, StaleVersion
from domain.ids import AttachmentId, NoteId, OwnerId, UserId
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


# --- attachments ------------------------------------------------------------------------------------------------------


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
        assert await uow.attachments.remove(links[:1]) == links[:1]
        assert await uow.attachments.remove(links[:1]) == []
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


# --- notes ------------------------------------------------------------------------------------------------------------


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


async def test_the_notes_of_an_owner_come_oldest_first(installation: Installation) -> None:
    late, early, elsewhere = note(), note(created_at=NOON - DAY), note(owner=VISIT)
    await installation.keep(late, early, elsewhere)
    async with reading(installation) as uow:
        assert await uow.notes.of_owner(late.owner) == [early, late]
        assert await uow.notes.of_owner(OwnerRef("plan", VISIT.id)) == []


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


# --- directory --------------------------------------------------------------------------------------------------------


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


async def test_a_removed_patient_is_gone_and_removing_it_again_is_fine(installation: Installation) -> None:
    another = patient(LUIS)
    await installation.keep(patient(), another)
    for _ in range(2):
        async with writing(installation) as uow:
            await uow.directory.remove_patient(ANA)
    async with reading(installation) as uow:
        assert await uow.directory.patient(ANA) is None
        assert await uow.directory.patient(LUIS) == another


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
        assert await uow.directory.lock_owner(VISIT) == record()
        assert await uow.directory.lock_owner(OwnerRef("visit", OwnerId("v2"))) is None
        assert await uow.directory.lock_owner(VISIT) == record()
