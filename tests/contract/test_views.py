"""What the lists show, in which order, a page at a time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.ports.paging import Page, PageRequest
from application.ports.views import TIMELINE_KINDS, DocumentCriteria, PhotoCriteria, view_of
from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import PATIENT, Grant, PatientStatus
from domain.documents import Document, archive, trash
from domain.errors import Malformed, NotFound
from domain.ids import OwnerId, PatientId, UserId
from domain.media import Classification, DocumentType, MediaKind
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
ANY_PHOTO, ANY_DOCUMENT = PhotoCriteria(), DocumentCriteria()

XRAY = Classification(kind=MediaKind.XRAY, category="xray", subtype="panoramic")
SMILE = Classification(kind=MediaKind.PHOTO, category="extraoral", subtype="smile")
SCAN = Classification(kind=MediaKind.SCAN)


async def photo_ids(installation: Installation, criteria: PhotoCriteria = ANY_PHOTO) -> list[str]:
    page = await installation.documents.photos(STAFF, ANA, criteria, ALL)
    assert page.total == len(page.items)
    return [view.id for view in page.items]


async def document_ids(installation: Installation, criteria: DocumentCriteria = ANY_DOCUMENT) -> list[str]:
    page = await installation.documents.documents(STAFF, ANA, criteria, ALL)
    assert page.total == len(page.items)
    return [view.id for view in page.items]


def ids(*documents: Document) -> list[str]:
    return [each.id for each in documents]


# --- documents ------------------------------------------------------------------------------------------------------


async def test_a_document_looks_as_it_is_stored(installation: Installation) -> None:
    report = document(tags=("caries",), description="Dos\nlíneas", hold=True, width=3, height=4)
    await installation.keep(report)
    assert await installation.documents.get(STAFF, report.id) == view_of(report)


async def test_a_trashed_document_cannot_be_seen_and_an_archived_one_can(installation: Installation) -> None:
    trashed, archived = trash(document(), USER, NOON)[0], archive(document(), NOON)[0]
    await installation.keep(trashed, archived)
    assert await installation.documents.get(STAFF, archived.id) == view_of(archived)
    with pytest.raises(NotFound):
        await installation.documents.get(STAFF, trashed.id)


async def test_many_documents_come_in_the_order_of_their_ids_without_those_that_cannot_be_seen(
    installation: Installation,
) -> None:
    one, two, others = document(), document(), document(LUIS)
    trashed, _ = trash(document(), USER, NOON)
    await installation.keep(one, two, others, trashed)
    asked = [two.id, trashed.id, document().id, others.id, one.id]
    found = await installation.documents.many(account(ANA), asked)
    assert [view.id for view in found] == ids(two, one)


async def test_lists_show_neither_trashed_nor_archived_documents_nor_another_patient_s(
    installation: Installation,
) -> None:
    shown = photo()
    await installation.keep(shown, trash(photo(), USER, NOON)[0], archive(photo(), NOON)[0], photo(LUIS))
    assert await photo_ids(installation) == ids(shown)
    assert await document_ids(installation) == ids(shown)


async def test_the_gallery_shows_photos_and_x_rays_only(installation: Installation) -> None:
    picture, xray, scan, report = photo(taken=NOON), photo(media=XRAY, taken=NOON - DAY), photo(media=SCAN), document()
    await installation.keep(picture, xray, scan, report)
    assert await photo_ids(installation) == ids(picture, xray)
    assert await photo_ids(installation, PhotoCriteria(kinds=("xray",))) == ids(xray)
    assert await photo_ids(installation, PhotoCriteria(kinds=("photo", "xray"))) == ids(picture, xray)
    assert await photo_ids(installation, PhotoCriteria(kinds=("scan",))) == []


async def test_the_gallery_is_ordered_by_capture_date_else_upload_then_by_id(installation: Installation) -> None:
    lately = photo(created_at=NOON - 9 * DAY, taken=NOON)
    uploaded = photo(created_at=NOON - DAY)
    older, newer = photo(taken=NOON - 2 * DAY), photo(taken=NOON - 2 * DAY)
    by_a_microsecond = photo(taken=NOON - 2 * DAY - timedelta(microseconds=1))
    await installation.keep(older, uploaded, by_a_microsecond, lately, newer)
    assert older.id < newer.id
    assert await photo_ids(installation) == ids(lately, uploaded, newer, older, by_a_microsecond)


async def test_documents_are_ordered_by_upload_then_by_id(installation: Installation) -> None:
    lately, early = document(created_at=NOON + DAY), photo(created_at=NOON - DAY, taken=NOON + 9 * DAY)
    older, newer = document(), document()
    await installation.keep(newer, early, lately, older)
    assert await document_ids(installation) == ids(lately, newer, older, early)


async def test_the_gallery_is_filtered_by_category_and_subtype(installation: Installation) -> None:
    frontal, smile, xray = photo(), photo(media=SMILE), photo(media=XRAY)
    await installation.keep(frontal, smile, xray)
    assert await photo_ids(installation, PhotoCriteria(category="extraoral")) == ids(smile)
    assert await photo_ids(installation, PhotoCriteria(subtype="frontal")) == ids(frontal)
    assert await photo_ids(installation, PhotoCriteria(category="xray", subtype="frontal")) == []


async def test_the_bounds_on_the_capture_date_are_inclusive_and_fall_back_to_the_upload(
    installation: Installation,
) -> None:
    taken, uploaded = photo(taken=NOON, created_at=NOON + 9 * DAY), photo(created_at=NOON - DAY)
    await installation.keep(taken, uploaded)
    a_bit = timedelta(microseconds=1)
    assert await photo_ids(installation, PhotoCriteria(captured_from=NOON)) == ids(taken)
    assert await photo_ids(installation, PhotoCriteria(captured_from=NOON + a_bit)) == []
    assert await photo_ids(installation, PhotoCriteria(captured_to=NOON - DAY)) == ids(uploaded)
    assert await photo_ids(installation, PhotoCriteria(captured_to=NOON - DAY - a_bit)) == []
    both = PhotoCriteria(captured_from=NOON - DAY, captured_to=NOON)
    assert await photo_ids(installation, both) == ids(taken, uploaded)


async def test_all_tags_asked_for_must_be_there(installation: Installation) -> None:
    both, one = photo(tags=("caries", "Año 1")), photo(tags=("caries", "Año"))
    await installation.keep(both, one, photo())
    assert await photo_ids(installation, PhotoCriteria(tags=("caries",))) == ids(one, both)
    assert await photo_ids(installation, PhotoCriteria(tags=("Año 1", "caries"))) == ids(both)


@pytest.mark.parametrize("text", ["corona", "radiograf", "molar inf", "img_01", "jpg", "control 50%", "titulo"])
async def test_a_text_is_found_in_title_description_file_name_and_tags(installation: Installation, text: str) -> None:
    found = photo(
        title="Informe",
        description="Título: radiografía de la CORONA,\nmolar inferior",
        original_filename="IMG_01.JPG",
        tags=("Control 50%",),
    )
    await installation.keep(found, photo(title="Otro", original_filename="img-012.png", tags=("Control 500",)))
    assert await photo_ids(installation, PhotoCriteria(text=text)) == ids(found)
    assert await document_ids(installation, DocumentCriteria(text=text)) == ids(found)


@pytest.mark.parametrize("text", ["%", "_", "\\", "%%", "*", "'", '"'])
async def test_signs_that_databases_treat_specially_are_just_signs(installation: Installation, text: str) -> None:
    with_it, without = photo(title=f"a{text}b"), photo(title="ab")
    await installation.keep(with_it, without)
    assert await photo_ids(installation, PhotoCriteria(text=text)) == ids(with_it)


async def test_documents_are_filtered_by_type_and_kind(installation: Installation) -> None:
    consent, report, picture = (
        document(document_type=DocumentType.CONSENT),
        document(document_type=DocumentType.REPORT),
        photo(document_type=DocumentType.REPORT),
    )
    await installation.keep(consent, report, picture)
    assert await document_ids(installation, DocumentCriteria(document_type="consent")) == ids(consent)
    assert await document_ids(installation, DocumentCriteria(document_type="report")) == ids(picture, report)
    assert await document_ids(installation, DocumentCriteria(document_type="report", kind="document")) == ids(report)


# --- pairs ----------------------------------------------------------------------------------------------------------


async def test_both_sides_of_a_pair_name_each_other_and_their_roles(installation: Installation) -> None:
    before, after = photo(taken=NOON - DAY), photo(taken=NOON)
    await installation.keep(before, after, pairing(before, after))
    views = [
        await installation.documents.get(STAFF, before.id),
        (await installation.documents.many(STAFF, [after.id]))[0],
        *(await installation.documents.photos(STAFF, ANA, PhotoCriteria(), ALL)).items,
    ]
    said = [(view.id, view.paired_document_id, view.pair_role) for view in views]
    left, right = (before.id, after.id, "before"), (after.id, before.id, "after")
    assert said == [left, right, right, left]


async def test_a_pair_does_not_show_while_the_partner_is_in_the_trash(installation: Installation) -> None:
    before, after, alone = photo(taken=NOON - DAY), photo(taken=NOON), photo(taken=NOON - 2 * DAY)
    await installation.keep(before, after, alone, pairing(before, after))
    paired, unpaired = PhotoCriteria(paired=True), PhotoCriteria(paired=False)
    assert await photo_ids(installation, paired) == ids(after, before)
    assert await photo_ids(installation, unpaired) == ids(alone)
    async with installation.unit_of_work(STAFF) as uow:
        await uow.documents.save(trash(after, USER, NOON)[0])
        await uow.commit()
    view = await installation.documents.get(STAFF, before.id)
    assert (view.paired_document_id, view.pair_role) == (None, None)
    assert await photo_ids(installation, paired) == []
    assert await photo_ids(installation, unpaired) == ids(before, alone)


# --- attachments ----------------------------------------------------------------------------------------------------


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


# --- notes ----------------------------------------------------------------------------------------------------------


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
    assert [attached.document.id for attached in view.attachments] == ids(first, second)
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


# --- timeline -------------------------------------------------------------------------------------------------------


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


# --- directory ------------------------------------------------------------------------------------------------------


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


async def test_the_grants_of_an_account_are_those_of_its_clinic(installation: Installation) -> None:
    given = {ANA: Access.VIEW, LUIS: Access.FULL}
    for account_patient, access in given.items():
        grant = Grant(clinic_id=CLINIC, user_id=USER, patient_id=account_patient, access=access)
        await installation.keep(grant, replace(grant, user_id=UserId("u-2"), access=Access.EDIT))
    assert dict(await installation.directory.grants(CLINIC, USER)) == given
    assert dict(await installation.directory.grants(CLINIC, UserId("u-3"))) == {}


# --- a page at a time -----------------------------------------------------------------------------------------------

List = Callable[[Installation, PageRequest], Awaitable[Page[Any]]]
PLAN = OwnerRef("plan", OwnerId("p1"))

LISTS: dict[str, List] = {
    "photos": lambda at, request: at.documents.photos(STAFF, ANA, PhotoCriteria(), request),
    "documents": lambda at, request: at.documents.documents(STAFF, ANA, DocumentCriteria(), request),
    "attachments": lambda at, request: at.attachments.of_owner(STAFF, VISIT, request),
    "notes": lambda at, request: at.notes.of_owner(STAFF, PLAN, request),
    "recent notes": lambda at, request: at.notes.recent(STAFF, ANA, request),
    "timeline": lambda at, request: at.timeline.page(STAFF, ANA, TIMELINE_KINDS, request),
    "patients": lambda at, request: at.directory.patients(STAFF, "", request),
    "owners": lambda at, request: at.directory.owners(STAFF, ANA, None, request),
}


async def crowded(installation: Installation) -> None:
    """Eleven of everything, most of them at the same time."""
    for number in range(11):
        at = NOON + DAY * (number // 4)
        picture = photo(created_at=at)
        ref = OwnerRef("visit" if number % 2 else "plan", OwnerId(f"v{number // 2 + 2}"))
        await installation.keep(
            picture,
            attachment(picture, created_at=at, display_order=number // 6),
            note(owner=PLAN, created_at=at),
            patient(PatientId(f"p{number}"), display_name=f"Ana {number // 3}"),
            record(ref, occurred_at=at),
        )


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("size", [1, 3, 11, 40])
async def test_pages_by_position_and_by_number_are_the_whole_list_in_order(
    installation: Installation, name: str, size: int
) -> None:
    await crowded(installation)
    whole = await LISTS[name](installation, ALL)
    assert whole.next is None
    assert whole.total == len(whole.items) == {"timeline": 33}.get(name, 11)
    collected: list[Any] = []
    request, number = PageRequest(size=size), 1
    while True:
        page = await LISTS[name](installation, request)
        assert page == await LISTS[name](installation, PageRequest(size=size, page=number))
        assert page.total == whole.total
        collected += page.items
        if page.next is None:
            break
        assert len(page.items) == size
        request, number = PageRequest(size=size, after=page.next), number + 1
    assert collected == list(whole.items)
    beyond = await LISTS[name](installation, PageRequest(size=size, page=number + 1))
    assert (list(beyond.items), beyond.total, beyond.next) == ([], whole.total, None)


@pytest.mark.parametrize("name", LISTS)
async def test_an_empty_list_is_one_empty_page(installation: Installation, name: str) -> None:
    page = await LISTS[name](installation, PageRequest())
    assert (list(page.items), page.total, page.next) == ([], 0, None)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "position", [(), ("x",), (1, 2, 3, 4, 5), ("not a time", "x"), (0, "not a time", "x"), ("", "", "", "")]
)
async def test_a_position_of_another_list_is_malformed(
    installation: Installation, name: str, position: tuple[str | int, ...]
) -> None:
    if name == "patients" and position == ("not a time", "x"):
        position = (*position, "y")  # of names any two texts are a position
    with pytest.raises(Malformed):
        await LISTS[name](installation, PageRequest(after=position))


async def test_paging_by_position_neither_skips_nor_repeats_while_documents_come(installation: Installation) -> None:
    there = [photo(taken=NOON - number * DAY) for number in range(9)]
    await installation.keep(*there)
    seen: list[str] = []
    request = PageRequest(size=2)
    while True:
        page = await installation.documents.photos(STAFF, ANA, PhotoCriteria(), request)
        seen += [view.id for view in page.items]
        await installation.keep(photo(taken=NOON + len(seen) * DAY), photo(taken=NOON + timedelta(days=len(seen))))
        if page.next is None:
            break
        request = PageRequest(size=2, after=page.next)
    assert seen == ids(*there)
