"""What is shown of attachments, notes and records, and what the timeline tells."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from application.ports.paging import Page, PageRequest
from application.ports.views import TIMELINE_KINDS, view_of
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import PATIENT, Grant, PatientStatus
from domain.documents import archive, trash
from domain.errors import NotFound
from domain.ids import OwnerId, PatientId, UserId
from domain.notes import CLINICAL_NOTE
from tests.installations import Installation
from tests.samples import (
    ANA,
    CLINIC,
    DAY,
    LUIS,
    NOON,
    VISIT,
    account,
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
ALL = PageRequest(size=200)
USER = UserId("u")


# --- attachments ------------------------------------------------------------------------------------------------------


async def test_an_attachment_shows_its_document_and_the_document_its_pair(installation: Installation) -> None:
    before, after = photo(), photo()
    pair, link = pairing(before, after), attachment(before, display_order=3, category="report")
    await installation.keep(before, after, pair, link)
    view = await installation.attachments.get(STAFF, link.id)
    assert (view.id, view.owner_type, view.owner_id) == (link.id, VISIT.type, VISIT.id)
    assert (view.display_order, view.category, view.created_at) == (3, "report", link.created_at)
    assert view.document == view_of(before, pair)


async def test_attachments_of_trashed_documents_are_not_shown_and_not_counted(installation: Installation) -> None:
    active, trashed, archived = document(), trash(document(), USER, NOON)[0], archive(document(), NOON)[0]
    links = [attachment(each) for each in (active, trashed, archived)]
    await installation.keep(active, trashed, archived, *links)
    page = await installation.attachments.of_owner(STAFF, VISIT, ALL)
    assert [view.id for view in page.items] == [links[0].id]
    assert page.total == 1
    assert dict(await installation.attachments.counts(STAFF, "visit", ["v1"])) == {"v1": 1}
    with pytest.raises(NotFound):
        await installation.attachments.get(STAFF, links[1].id)


async def test_attachments_come_by_display_order_then_the_oldest_first_then_by_id(installation: Installation) -> None:
    reports = [document() for _ in range(4)]
    links = sorted((attachment(each) for each in reports), key=lambda link: link.id)
    placed = [
        links[3],
        replace(links[0], display_order=2, created_at=NOON - DAY),
        replace(links[1], display_order=2),
        replace(links[2], display_order=2),
    ]
    await installation.keep(*reports, *reversed(placed))
    page = await installation.attachments.of_owner(STAFF, VISIT, ALL)
    assert [view.id for view in page.items] == [link.id for link in placed]


async def test_attachments_are_counted_for_many_owners_of_one_type_at_once(installation: Installation) -> None:
    one, two = document(), document()
    plan = OwnerRef("plan", VISIT.id)
    second = OwnerRef("visit", OwnerId("v2"))
    await installation.keep(
        *(one, two), *(attachment(one), attachment(two), attachment(one, second), attachment(one, plan))
    )
    counts = await installation.attachments.counts(STAFF, "visit", ["v1", "v2", "v3"])
    assert {owner: count for owner, count in counts.items() if count} == {"v1": 2, "v2": 1}
    assert not await installation.attachments.counts(STAFF, "visit", [])


# --- notes ------------------------------------------------------------------------------------------------------------


async def test_a_note_shows_with_the_active_documents_attached_to_it_in_order(installation: Installation) -> None:
    written = note()
    ref = OwnerRef(CLINICAL_NOTE, OwnerId(written.id))
    first, second, trashed = photo(), photo(), trash(photo(), USER, NOON)[0]
    links = [attachment(second, ref, display_order=1), attachment(first, ref), attachment(trashed, ref)]
    elsewhere = attachment(first, VISIT)
    await installation.keep(written, first, second, trashed, *links, elsewhere)
    view = await installation.notes.get(STAFF, written.id)
    assert (view.body, view.note_type, view.author_name, view.version) == (
        *(written.body, written.note_type, written.author_name, 1),
    )
    assert [attached.document.id for attached in view.attachments] == [first.id, second.id]
    assert (await installation.notes.of_owner(STAFF, written.owner, ALL)).items == [view]
    assert (await installation.notes.recent(STAFF, ANA, ALL)).items == [view]


async def test_notes_come_newest_first_of_their_owner_or_of_the_whole_patient(installation: Installation) -> None:
    plan = OwnerRef("plan", OwnerId("p1"))
    old, new, planned = note(created_at=NOON - DAY), note(), note(owner=plan, created_at=NOON - 2 * DAY)
    others = note(LUIS)
    await installation.keep(new, planned, old, others)

    async def found(page: Awaitable[Page[Any]]) -> list[str]:
        return [view.id for view in (await page).items]

    assert await found(installation.notes.of_owner(STAFF, new.owner, ALL)) == [new.id, old.id]
    assert await found(installation.notes.recent(STAFF, ANA, ALL)) == [new.id, old.id, planned.id]
    assert dict(await installation.notes.counts(STAFF, PATIENT, [ANA, LUIS])) == {ANA: 2, LUIS: 1}
    assert dict(await installation.notes.counts(account(ANA), PATIENT, [ANA, LUIS])) == {ANA: 2}


# --- timeline ---------------------------------------------------------------------------------------------------------


async def test_the_timeline_tells_of_uploads_notes_pairings_and_visits_newest_first(
    installation: Installation,
) -> None:
    before = photo(created_at=NOON, taken=NOON - 9 * DAY, title="Antes")
    after = photo(created_at=NOON + DAY, title="Después")
    pair = pairing(before, after, created_at=NOON + 2 * DAY)
    written = note(created_at=NOON + 3 * DAY)
    visit = record(occurred_at=NOON - DAY, title="Limpieza")
    await installation.keep(before, after, pair, written, visit)
    page = await installation.timeline.page(STAFF, ANA, TIMELINE_KINDS, ALL)
    told = [(entry.kind, entry.id, entry.at) for entry in page.items]
    assert told == [
        ("note", written.id, written.created_at),
        ("pairing", pair.id, pair.created_at),
        ("upload", after.id, after.created_at),
        ("upload", before.id, before.created_at),
        ("visit", VISIT.id, visit.occurred_at),
    ]
    assert (page.items[0].owner_type, page.items[0].owner_id) == (PATIENT, ANA)
    assert (page.items[1].document_id, page.items[1].other_document_id) == (before.id, after.id)
    assert (page.items[2].title, page.items[2].document_id) == ("Después", after.id)
    assert (page.items[4].title, page.items[4].owner_type, page.items[4].owner_id) == ("Limpieza", "visit", VISIT.id)
    assert page.total == 5


@pytest.mark.parametrize("kinds", [("upload",), ("visit", "note"), ("pairing", "upload", "visit")])
async def test_the_timeline_tells_of_the_kinds_asked_for(installation: Installation, kinds: Sequence[str]) -> None:
    before, after = photo(), photo()
    await installation.keep(before, after, pairing(before, after), note(), record(occurred_at=NOON))
    page = await installation.timeline.page(STAFF, ANA, kinds, ALL)
    assert {entry.kind for entry in page.items} == set(kinds)
    assert page.total == len(page.items)


async def test_the_timeline_leaves_out_what_is_trashed_archived_another_patient_s_or_undated(
    installation: Installation,
) -> None:
    kept, gone = photo(), trash(photo(), USER, NOON)[0]
    await installation.keep(
        *(kept, gone, archive(photo(), NOON)[0], photo(LUIS)),
        pairing(kept, gone),
        *(record(), record(OwnerRef("visit", OwnerId("v2")), LUIS, occurred_at=NOON), note(LUIS)),
    )
    page = await installation.timeline.page(STAFF, ANA, TIMELINE_KINDS, ALL)
    assert [entry.id for entry in page.items] == [kept.id]


# --- directory --------------------------------------------------------------------------------------------------------


async def test_patients_come_by_name_whatever_its_case_and_accents(installation: Installation) -> None:
    names = {"1": "Zoe", "2": "ángel", "3": "Ana", "4": "ana", "5": "Bruno"}
    await installation.keep(*(patient(PatientId(id), display_name=name) for id, name in names.items()))
    page = await installation.directory.patients(STAFF, "", ALL)
    assert [found.id for found in page.items] == ["3", "4", "2", "5", "1"]


async def test_patients_are_found_by_a_part_of_their_name_or_id(installation: Installation) -> None:
    await installation.keep(
        patient(PatientId("HC-77"), display_name="José María Núñez"),
        patient(PatientId("8"), display_name="Luis", status=PatientStatus.ARCHIVED),
    )
    for text, found in {"nunez": ["HC-77"], "e mar": ["HC-77"], "hc-7": ["HC-77"], "luis": ["8"], "x": []}.items():
        page = await installation.directory.patients(STAFF, text, ALL)
        assert ([each.id for each in page.items], page.total) == (found, len(found))


async def test_an_account_finds_only_the_patients_entrusted_to_it(installation: Installation) -> None:
    await installation.keep(patient(ANA), patient(LUIS))
    page = await installation.directory.patients(account(LUIS), "", ALL)
    assert ([each.id for each in page.items], page.total) == ([LUIS], 1)


async def test_a_patient_and_a_record_are_found_as_they_were_put(installation: Installation) -> None:
    known, visit = patient(hold=True), record(occurred_at=NOON)
    await installation.keep(known, visit)
    assert await installation.directory.patient(STAFF, ANA) == known
    assert await installation.directory.owner(STAFF, VISIT) == visit
    with pytest.raises(NotFound):
        await installation.directory.patient(STAFF, LUIS)
    with pytest.raises(NotFound):
        await installation.directory.owner(STAFF, OwnerRef("plan", VISIT.id))


async def test_records_come_newest_first_by_when_they_occurred_else_were_registered(
    installation: Installation,
) -> None:
    def visit(id: str, **changes: Any) -> Any:
        return record(OwnerRef("visit", OwnerId(id)), **changes)

    latest = record(OwnerRef("plan", OwnerId("p")), created_at=NOON + DAY)
    middle, oldest = visit("a", occurred_at=NOON), visit("b", occurred_at=NOON - DAY, created_at=NOON + 9 * DAY)
    await installation.keep(oldest, latest, middle, visit("c", patient=LUIS))
    page = await installation.directory.owners(STAFF, ANA, None, ALL)
    assert page.items == [latest, middle, oldest]
    visits = await installation.directory.owners(STAFF, ANA, "visit", ALL)
    assert (visits.items, visits.total) == ([middle, oldest], 2)


async def test_records_of_a_type_come_from_all_patients_who_may_be_seen(installation: Installation) -> None:
    def visit(id: str, patient: PatientId, days: int) -> Any:
        return record(OwnerRef("visit", OwnerId(id)), patient=patient, occurred_at=NOON + days * DAY)

    first, second = visit("a", ANA, 1), visit("b", LUIS, 2)
    await installation.keep(first, second, record(OwnerRef("plan", OwnerId("p"))))
    for actor, expected in ((STAFF, [second, first]), (account(LUIS), [second]), (account(), [])):
        page = await installation.directory.owners(actor, None, "visit", ALL)
        assert (page.items, page.total) == (expected, len(expected))


async def test_the_grants_of_an_account_are_those_of_its_clinic(installation: Installation) -> None:
    given = {ANA: Access.VIEW, LUIS: Access.FULL}
    for account_patient, access in given.items():
        grant = Grant(clinic_id=CLINIC, user_id=USER, patient_id=account_patient, access=access)
        await installation.keep(grant, replace(grant, user_id=UserId("u-2"), access=Access.EDIT))
    assert dict(await installation.directory.grants(CLINIC, USER)) == given
    assert dict(await installation.directory.grants(CLINIC, UserId("u-3"))) == {}
