"""Documents as files of the records they are on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.system import Uuid7
from application.ports.files import FILE_ORDERS, FileCriteria, FileView, Link
from application.ports.paging import PageRequest
from application.ports.views import view_of
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.documents import Document, archive, trash
from domain.errors import NotFound
from domain.ids import DocumentId, OwnerId, UserId
from tests import strategies
from tests.installations import Installation
from tests.samples import ANA, DAY, LUIS, NOON, VISIT, account, attachment, document, photo, staff

pytestmark = pytest.mark.anyio

STAFF = staff()
ALL = PageRequest(size=200)
PLAN = OwnerRef("plan", OwnerId("p1"))
new_id = Uuid7()


def binned(of: Document, at: int = 0) -> Document:
    return trash(of, UserId("u"), NOON + at * DAY)[0]


async def listed(installation: Installation, criteria: FileCriteria) -> list[DocumentId]:
    page = await installation.files.of_owner(STAFF, VISIT, criteria, ALL)
    assert page.total == len(page.items)
    return [file.document.id for file in page.items]


async def test_a_record_s_files_are_its_active_documents_with_their_category_there(
    installation: Installation,
) -> None:
    shown, trashed, archived, elsewhere = document(), binned(document()), archive(document(), NOON)[0], document()
    links = [attachment(each, category="report") for each in (shown, trashed, archived)]
    also = attachment(shown, PLAN, category="image")
    await installation.keep(shown, trashed, archived, elsewhere, *links, also, attachment(elsewhere, PLAN))
    page = await installation.files.of_owner(STAFF, VISIT, FileCriteria(), ALL)
    assert page.items == [FileView("visit", "v1", "report", view_of(shown))]
    assert page.total == 1


async def test_files_are_filtered(installation: Installation) -> None:
    early = photo(created_at=NOON - DAY, title="Panorámica")
    late = document(created_at=NOON + DAY, original_filename="Informe_1.PDF")
    await installation.keep(early, late, attachment(early, category="image"), attachment(late))
    for asked, found in {
        FileCriteria(category="image"): [early.id],
        FileCriteria(category="report"): [],
        FileCriteria(types=("image/jpeg", "image/png")): [early.id],
        FileCriteria(types=("application/pdf",), text="panoramica"): [],
        FileCriteria(text="panoramica"): [early.id],
        FileCriteria(text="informe_1.pdf"): [late.id],
        FileCriteria(uploaded_from=NOON + DAY): [late.id],
        FileCriteria(uploaded_to=NOON - DAY): [early.id],
        FileCriteria(uploaded_from=NOON - DAY, uploaded_to=NOON + DAY): [late.id, early.id],
    }.items():
        assert await listed(installation, asked) == found, asked


async def test_files_come_in_the_order_asked_for(installation: Installation) -> None:
    one = photo(created_at=NOON, original_filename="Árbol.jpg", size=300)
    two = document(created_at=NOON + DAY, original_filename="zeta.pdf", size=20)
    three = photo(created_at=NOON + 2 * DAY, original_filename="banco.jpg", size=1000)
    await installation.keep(
        *(one, two, three), attachment(one, category="b"), attachment(two), attachment(three, category="a")
    )
    for order, found in {
        "newest": [three, two, one],
        "oldest": [one, two, three],
        "name": [one, three, two],
        "size": [two, one, three],
        "type": [two, one, three],
        "category": [two, three, one],
    }.items():
        assert await listed(installation, FileCriteria(order=order)) == [each.id for each in found], order


async def test_a_document_on_several_records_is_a_file_of_the_first_it_was_put_on(
    installation: Installation,
) -> None:
    report, loose, gone = document(), document(), binned(document())
    later = attachment(report)
    first = attachment(report, PLAN, created_at=NOON - DAY, category="image")
    assert later.id < first.id
    await installation.keep(report, loose, gone, later, first, attachment(gone))
    assert await installation.files.get(STAFF, report.id) == FileView("plan", "p1", "image", view_of(report))
    for hidden in (loose, gone, document()):
        with pytest.raises(NotFound):
            await installation.files.get(STAFF, hidden.id)


async def test_many_files_come_in_the_order_of_their_ids_without_those_that_cannot_be_seen(
    installation: Installation,
) -> None:
    one, two, others, loose, gone = document(), document(), document(LUIS), document(), binned(document())
    links = [attachment(each) for each in (one, two, others, gone)]
    await installation.keep(one, two, others, loose, gone, *links)
    asked = [two.id, gone.id, loose.id, others.id, document().id, one.id]
    found = await installation.files.many(account(ANA), asked)
    assert [file.document.id for file in found] == [two.id, one.id]


async def test_the_trash_shows_what_was_thrown_away_last_first(installation: Installation) -> None:
    early, late, loose, others = (
        binned(document(), 1),
        binned(photo(), 3),
        binned(document(), 2),
        binned(document(LUIS)),
    )
    await installation.keep(early, late, loose, others, document(), attachment(early, category="report"))
    page = await installation.files.trash(account(ANA), None, ALL)
    assert page.items == [
        FileView(PATIENT, ANA, None, view_of(late)),
        FileView(PATIENT, ANA, None, view_of(loose)),
        FileView("visit", "v1", "report", view_of(early)),
    ]
    assert page.total == 3
    assert (await installation.files.trash(STAFF, None, ALL)).total == 4


async def test_the_trash_of_a_day_is_that_of_the_day_in_utc(installation: Installation) -> None:
    day = NOON.date()
    begins = NOON.replace(hour=0)
    moments = [begins - timedelta(microseconds=1), begins, begins + DAY - timedelta(microseconds=1), begins + DAY]
    thrown = [replace(document(), trashed_at=at, trashed_by=UserId("u")) for at in moments]
    await installation.keep(*thrown)
    page = await installation.files.trash(STAFF, day, ALL)
    assert [file.document.id for file in page.items] == [thrown[2].id, thrown[1].id]
    assert page.total == 2


async def test_everything_of_a_patient_comes_oldest_first_archived_too(installation: Installation) -> None:
    new, old = document(created_at=NOON + DAY), photo(created_at=NOON - DAY)
    middle = archive(document(), NOON)[0]
    await installation.keep(new, old, middle, binned(document()), document(LUIS))
    assert await installation.files.of_patient(STAFF, ANA) == [view_of(each) for each in (old, middle, new)]


async def test_all_links_of_documents_come_by_document_then_owner(installation: Installation) -> None:
    one, two, others, gone = document(), document(), document(LUIS), binned(document())
    await installation.keep(
        *(one, two, others, gone),
        *(attachment(two, display_order=3), attachment(one, category="report"), attachment(one, PLAN)),
        *(attachment(others), attachment(gone)),
    )
    assert await installation.files.links(account(ANA), [two.id, others.id, gone.id, one.id]) == [
        Link(one.id, "plan", "p1", None, 0),
        Link(one.id, "visit", "v1", "report", 0),
        Link(two.id, "visit", "v1", None, 3),
    ]
    assert await installation.files.links(STAFF, []) == []


@settings(max_examples=40)
@given(
    st.lists(st.tuples(strategies.documents(), st.sampled_from([None, "a", "B", "ñ"])), min_size=2, max_size=6),
    st.sampled_from(FILE_ORDERS),
    st.integers(1, 4),
)
async def test_all_adapters_agree_on_a_record_s_files_in_every_order(
    installations: dict[str, Installation], drawn: list[tuple[Document, str | None]], order: str, size: int
) -> None:
    ref = OwnerRef("visit", OwnerId(new_id()))
    documents = [replace(each, id=DocumentId(new_id())) for each, _ in drawn]
    links = [attachment(each, ref, category=category) for each, (_, category) in zip(documents, drawn, strict=True)]
    found = []
    for installation in installations.values():
        await installation.keep(*documents, *links)
        pages = [await installation.files.of_owner(STAFF, ref, FileCriteria(order=order), PageRequest(size=size))]
        while (after := pages[-1].next) is not None:
            request = PageRequest(size=size, after=after)
            pages.append(await installation.files.of_owner(STAFF, ref, FileCriteria(order=order), request))
        whole = await installation.files.of_owner(STAFF, ref, FileCriteria(order=order), ALL)
        assert [file for page in pages for file in page.items] == list(whole.items)
        found.append(pages)
    assert all(pages == found[0] for pages in found)
