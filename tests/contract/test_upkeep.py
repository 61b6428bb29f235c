"""What the installation sees of itself, across all clinics."""

import asyncio

import pytest

from application.ports.upkeep import Purge
from application.ports.views import DocumentView, view_of
from domain.attachments import OwnerRef
from domain.documents import Derived, Document, trash
from domain.ids import OwnerId, UserId
from tests.installations import Installation
from tests.samples import (
    ANA,
    ANOTHER_CLINIC,
    CLINIC,
    DAY,
    LUIS,
    NOON,
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


def binned(of: Document, at: int = 0) -> Document:
    return trash(of, UserId("u"), NOON + at * DAY)[0]


async def purged(installation: Installation, *gone: Document) -> None:
    for each in gone:
        async with installation.unit_of_work(staff(each.clinic_id)) as uow:
            await uow.documents.remove(each)
            await uow.commit()


async def test_where_the_bytes_of_documents_belong_is_told_of_all_that_have_a_row(installation: Installation) -> None:
    active, trashed, absent = document(), binned(document()), document()
    elsewhere = document(clinic=ANOTHER_CLINIC)
    await installation.keep(active, trashed)
    await installation.keep(elsewhere, clinic=ANOTHER_CLINIC)
    asked = [each.id for each in (active, trashed, absent, elsewhere)]
    found = await installation.upkeep.prefixes(asked)
    assert dict(found) == {each.id: each.file.prefix for each in (active, trashed, elsewhere)}
    assert dict(await installation.upkeep.prefixes([])) == {}


async def test_pictures_that_are_pending_or_of_an_older_recipe_are_to_be_made(installation: Installation) -> None:
    pending = [photo(derived=Derived.PENDING, created_at=NOON - number * DAY) for number in range(3)]
    older = photo(derived=Derived.READY, recipe=1)
    current, never = photo(derived=Derived.READY, recipe=2), document(derived=Derived.NONE)
    await installation.keep(*pending, older, current, never)
    found = await installation.upkeep.underived(2, 10)
    assert {view.id for view in found} == {each.id for each in (*pending, older)}
    (longest,) = await installation.upkeep.underived(2, 1)
    assert longest.id == pending[2].id


async def test_every_document_of_every_clinic_is_listed_once(installation: Installation) -> None:
    here = [document(), binned(document()), photo(LUIS)]
    there = [document(clinic=ANOTHER_CLINIC)]
    await installation.keep(*here)
    await installation.keep(*there, clinic=ANOTHER_CLINIC)
    found: list[DocumentView] = [view async for view in installation.upkeep.documents()]
    assert len(found) == 4
    assert {view.id: view for view in found} == {each.id: view_of(each) for each in (*here, *there)}
    assert list(await installation.upkeep.clinics()) == [CLINIC, ANOTHER_CLINIC]


async def test_what_was_trashed_before_a_time_comes_longest_there_first(installation: Installation) -> None:
    trashed = [binned(document(), number) for number in (3, 1, 2)]
    elsewhere = binned(document(clinic=ANOTHER_CLINIC), 0)
    await installation.keep(*trashed, document())
    await installation.keep(elsewhere, clinic=ANOTHER_CLINIC)
    found = [view.id async for view in installation.upkeep.trashed(NOON + 3 * DAY)]
    assert found == [elsewhere.id, trashed[1].id, trashed[2].id]


async def test_a_purge_is_unfinished_until_its_bytes_are_noted_as_gone(installation: Installation) -> None:
    one, two, kept = document(), document(clinic=ANOTHER_CLINIC), document()
    await installation.keep(one, kept)
    await installation.keep(two, clinic=ANOTHER_CLINIC)
    assert list(await installation.upkeep.unfinished_purges(10)) == []
    await purged(installation, one, two)
    purges = [Purge(each.id, each.file.prefix) for each in (one, two)]
    assert sorted(await installation.upkeep.unfinished_purges(10)) == sorted(purges)
    assert len(await installation.upkeep.unfinished_purges(1)) == 1
    await installation.upkeep.finish_purge(one.id)
    await installation.upkeep.finish_purge(document().id)
    assert list(await installation.upkeep.unfinished_purges(10)) == purges[1:]


async def test_finishing_a_purge_loses_nobody_s_change_under_way(installation: Installation) -> None:
    gone, report = document(), document()
    await installation.keep(gone)
    await purged(installation, gone)

    async def change() -> None:
        async with installation.unit_of_work(staff()) as uow:
            await uow.documents.add(report)
            await asyncio.sleep(0.01)
            await uow.commit()

    await asyncio.gather(change(), installation.upkeep.finish_purge(gone.id))
    assert (await installation.documents.get(staff(), report.id)).id == report.id
    assert list(await installation.upkeep.unfinished_purges(10)) == []


async def test_sound_records_contradict_nothing(installation: Installation) -> None:
    one, two, others = photo(), photo(), photo(LUIS)
    written = note()
    await installation.keep(
        *(one, two, others, pairing(one, two), patient(), record(), written),
        *(attachment(one), attachment(others, OwnerRef("plan", OwnerId("p")))),
    )
    assert [found async for found in installation.upkeep.contradictions()] == []


async def test_a_record_of_another_patient_than_its_document_is_a_contradiction(installation: Installation) -> None:
    report = document(ANA)
    link = attachment(report)
    await installation.keep(report, link, record(patient=LUIS))
    found = [(each.code, each.id) async for each in installation.upkeep.contradictions()]
    assert found == [("I6", link.id)]
