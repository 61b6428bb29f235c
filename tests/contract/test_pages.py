"""Every adapter finds the same in the same order: random documents and criteria, compared page by page."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.system import Uuid7
from application.ports.paging import Page, PageRequest
from application.ports.views import DocumentCriteria, DocumentView, PhotoCriteria
from domain.documents import Document
from domain.ids import DocumentId, PatientId
from domain.pairings import Pairing
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


List: TypeAlias = Callable[[Installation, PageRequest], Awaitable[Page[DocumentView]]]


async def walked(installation: Installation, listed: List, size: int) -> list[Page[DocumentView]]:
    """All pages, each begun where the one before ended."""
    pages = [await listed(installation, PageRequest(size=size))]
    while pages[-1].next is not None:
        pages.append(await listed(installation, PageRequest(size=size, after=pages[-1].next)))
    return pages


async def expect_agreement(installations: dict[str, Installation], listed: List, size: int) -> None:
    """By position and by number, every installation gives the same pages, which together are the whole list."""
    agreed: list[Page[DocumentView]] = []
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
