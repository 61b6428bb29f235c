"""Every adapter finds the same in the same order: random documents and criteria, compared page by page."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.system import Uuid7
from application.ports.paging import Page, PageRequest
from application.ports.views import TIMELINE_KINDS, DocumentCriteria, PhotoCriteria
from domain.access import Principal
from domain.directory import OwnerRecord, Patient
from domain.documents import Document
from domain.ids import ClinicId, DocumentId, NoteId, PatientId
from domain.notes import ClinicalNote
from domain.pairings import Pairing
from domain.wording import folded
from tests import strategies
from tests.installations import Installation
from tests.samples import NOON, pairing, staff

pytestmark = pytest.mark.anyio

STAFF = staff()
new_id = Uuid7()

# Few instants, so that many documents share one and the bounds fall on them.
instants = st.sampled_from([NOON + timedelta(microseconds=number) for number in range(4)])
sizes = st.integers(1, 5)

galleries = st.lists(strategies.documents(kinds=strategies.PICTURE_KINDS, dates=instants), max_size=8)
folders = st.lists(strategies.documents(dates=instants), max_size=8)


async def kept(
    installations: dict[str, Installation], drawn: Sequence[Document], pairs: Sequence[bool] = ()
) -> PatientId:
    """A patient of its own with the documents, in every installation; neighbours are paired where `pairs` says so."""
    patient = PatientId(new_id())
    documents = [replace(each, id=DocumentId(new_id()), patient_id=patient) for each in drawn]
    couples = zip(documents[::2], documents[1::2], pairs, strict=False)
    paired: list[Pairing] = [pairing(one, two) for one, two, is_paired in couples if is_paired]
    for installation in installations.values():
        await installation.keep(*documents, *paired)
    return patient


List: TypeAlias = Callable[[Installation, PageRequest], Awaitable[Page[Any]]]


async def walked(installation: Installation, listed: List, size: int) -> list[Page[Any]]:
    """All pages, each begun where the one before ended."""
    pages = [await listed(installation, PageRequest(size=size))]
    while pages[-1].next is not None:
        pages.append(await listed(installation, PageRequest(size=size, after=pages[-1].next)))
    return pages


async def expect_agreement(installations: dict[str, Installation], listed: List, size: int) -> None:
    """By position and by number, every installation gives the same pages, which together are the whole list."""
    agreed: list[Page[Any]] = []
    for installation in installations.values():
        whole = await listed(installation, PageRequest(size=200))
        pages = await walked(installation, listed, size)
        assert [view for page in pages for view in page.items] == list(whole.items)
        assert {page.total for page in pages} == {len(whole.items)}
        assert await listed(installation, PageRequest(size=size, page=len(pages))) == pages[-1]
        agreed = agreed or pages
        assert pages == agreed


@settings(max_examples=60)
@given(galleries, st.lists(st.booleans(), min_size=4, max_size=4), strategies.photo_criteria(instants), sizes)
async def test_all_adapters_agree_on_the_gallery(
    installations: dict[str, Installation],
    drawn: list[Document],
    pairs: list[bool],
    criteria: PhotoCriteria,
    size: int,
) -> None:
    patient = await kept(installations, drawn, pairs)
    await expect_agreement(
        installations, lambda at, request: at.documents.photos(STAFF, patient, criteria, request), size
    )


@settings(max_examples=60)
@given(folders, strategies.document_criteria, sizes)
async def test_all_adapters_agree_on_the_list_of_documents(
    installations: dict[str, Installation], drawn: list[Document], criteria: DocumentCriteria, size: int
) -> None:
    patient = await kept(installations, drawn)
    await expect_agreement(
        installations, lambda at, request: at.documents.documents(STAFF, patient, criteria, request), size
    )


@settings(max_examples=40)
@given(st.lists(strategies.patients(), max_size=8), strategies.written, sizes)
async def test_all_adapters_agree_on_the_patients_found_by_a_part_of_their_name(
    installations: dict[str, Installation], drawn: list[Patient], text: str, size: int
) -> None:
    actor = staff(ClinicId(new_id()))
    patients = [replace(each, clinic_id=actor.clinic_id) for each in drawn]
    for installation in installations.values():
        await installation.keep(*patients, clinic=actor.clinic_id)
    for asked in ("", folded(text[:1]), folded(drawn[0].display_name[:2] if drawn else "")):
        await expect_agreement(installations, patients_found(actor, asked), size)


def patients_found(actor: Principal, text: str) -> List:
    return lambda at, request: at.directory.patients(actor, text, request)


@settings(max_examples=40)
@given(
    st.lists(strategies.documents(kinds=strategies.PICTURE_KINDS, dates=instants), max_size=4),
    st.lists(st.booleans(), min_size=2, max_size=2),
    st.lists(st.builds(replace, strategies.notes(), created_at=instants), max_size=3),
    st.lists(st.builds(replace, strategies.owner_records(), occurred_at=st.none() | instants), max_size=3),
    st.lists(st.sampled_from(TIMELINE_KINDS), unique=True),
    sizes,
)
async def test_all_adapters_agree_on_the_timeline(
    installations: dict[str, Installation],
    drawn: list[Document],
    pairs: list[bool],
    notes: list[ClinicalNote],
    records: list[OwnerRecord],
    kinds: list[str],
    size: int,
) -> None:
    patient = await kept(installations, drawn, pairs)
    written = [replace(each, id=NoteId(new_id()), patient_id=patient) for each in notes]
    happened = [replace(each, patient_id=patient) for each in records]
    for installation in installations.values():
        await installation.keep(*written, *happened)
    await expect_agreement(installations, lambda at, request: at.timeline.page(STAFF, patient, kinds, request), size)
