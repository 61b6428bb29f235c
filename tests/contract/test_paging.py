"""Lists come a page at a time: by position or by number, the pages are the whole list."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from application.ports.files import FileCriteria
from application.ports.paging import Page, PageRequest
from application.ports.views import TIMELINE_KINDS, DocumentCriteria, PhotoCriteria
from domain.attachments import OwnerRef
from domain.errors import Malformed
from domain.ids import OwnerId, PatientId
from tests.installations import Installation
from tests.samples import (
    ANA,
    DAY,
    NOON,
    VISIT,
    attachment,
    document,
    note,
    patient,
    photo,
    record,
    staff,
)

pytestmark = pytest.mark.anyio

STAFF = staff()
ALL = PageRequest(size=200)
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
    "files": lambda at, request: at.files.of_owner(STAFF, VISIT, FileCriteria(), request),
    "trash": lambda at, request: at.files.trash(STAFF, None, request),
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
            document(trashed_at=at, trashed_by=STAFF.user_id),
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
    assert seen == [each.id for each in there]
