"""What the lists of documents show, in which order."""

from datetime import timedelta

import pytest

from application.ports.paging import PageRequest
from application.ports.views import DocumentCriteria, PhotoCriteria, view_of
from domain.documents import Document, archive, trash
from domain.errors import NotFound
from domain.ids import UserId
from domain.media import Classification, DocumentType, MediaKind
from tests.installations import Installation
from tests.samples import (
    ANA,
    DAY,
    LUIS,
    NOON,
    account,
    document,
    pairing,
    photo,
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


# --- documents --------------------------------------------------------------------------------------------------------


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


# --- pairs ------------------------------------------------------------------------------------------------------------


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
