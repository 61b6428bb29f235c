"""Pictures that were not made with the upload are made later, once, and never instead of anything else."""

import asyncio
from datetime import datetime, timedelta

import pytest

from application.ports.blobs import MEDIUM, ORIGINAL, THUMB
from application.ports.inspecting import RECIPE, FileInspector, Inspected, Source
from domain.documents import Derived
from domain.errors import Unavailable
from tests.proof import samples
from tests.proof.samples import InProcessInspector
from tests.proof.small_clinic import ME, SmallClinic, small_clinic

pytestmark = pytest.mark.anyio


class CountingInspector(FileInspector):
    """Takes its time, as a helper process does."""

    def __init__(self) -> None:
        self.looked = 0
        self.began = asyncio.Event()
        self._inspector = InProcessInspector()

    async def inspect(self, source: Source, *, filename: str, now: datetime) -> Inspected:
        self.looked += 1
        self.began.set()
        await asyncio.sleep(0.01)
        return await self._inspector.inspect(source, filename=filename, now=now)

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
async def clinic() -> SmallClinic:
    return await small_clinic()


async def test_what_is_pending_is_made_in_the_next_round(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 1
    view = await clinic.photo(1)
    assert await clinic.does.catch_up() == 1
    (now,) = await clinic.documents()
    assert (now.derived, now.recipe) == (Derived.READY, RECIPE)
    assert now.placeholder
    assert await clinic.bytes_of(f"{view.prefix}/{THUMB}") is not None
    assert await clinic.bytes_of(f"{view.prefix}/{MEDIUM}") is not None
    assert now.version == view.version
    assert await clinic.does.catch_up() == 0


async def test_what_fails_again_stays_pending_and_does_not_keep_the_others(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 2
    await clinic.photo(1)
    await clinic.photo(2)
    clinic.inspector.faults = 1
    assert await clinic.does.catch_up() == 1
    assert sorted(view.derived for view in await clinic.documents()) == [Derived.PENDING, Derived.READY]
    assert await clinic.does.catch_up() == 1


async def test_missing_bytes_of_one_do_not_keep_the_others(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 2
    lost = await clinic.photo(1)
    await clinic.photo(2)
    await clinic.ports.blobs.delete(lost.prefix)
    assert await clinic.does.catch_up() == 1


async def test_two_who_ask_at_once_share_the_work(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 1
    view = await clinic.photo(1)
    inspector = CountingInspector()
    does = clinic.over(inspector=inspector)
    small, large, again = await asyncio.gather(
        *(does.download(ME, view.id, variant) for variant in ("thumb", "medium", "thumb"))
    )
    assert inspector.looked == 1
    assert small.content == again.content != large.content


async def test_bytes_that_give_no_picture_any_more_are_not_tried_for_ever(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 1
    view = await clinic.photo(1)
    await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", samples.photo(1)[:300])
    assert await clinic.does.catch_up() == 0
    (now,) = await clinic.documents()
    assert now.derived is Derived.NONE
    assert list(await clinic.ports.upkeep.underived(RECIPE, 10)) == []


async def test_pictures_of_what_is_purged_meanwhile_are_nobodys(clinic: SmallClinic) -> None:
    """The row is gone when the pictures are ready; what they left is put aside like any orphan."""
    clinic.inspector.faults = 1
    view = await clinic.photo(1)
    await clinic.does.trash(ME, view.id)
    clinic.ports.clock.advance(timedelta(days=31))
    inspector = CountingInspector()
    does = clinic.over(inspector=inspector)
    making = asyncio.create_task(does.catch_up())
    await inspector.began.wait()
    async for _ in does.purge_trash():
        pass
    await making
    assert await clinic.documents() == []
    clinic.ports.clock.advance(timedelta(days=2))
    await does.quarantine_orphans()
    assert await clinic.stored() == set()


async def test_a_storage_that_is_away_leaves_it_pending(clinic: SmallClinic) -> None:
    def away(place: str) -> None:
        if place == "Blobs.put:before":
            raise Unavailable("on purpose")

    clinic.inspector.faults = 1
    await clinic.photo(1)
    clinic.tap.listener, clinic.tap.is_on = away, True
    assert await clinic.failing.catch_up() == 0
    (now,) = await clinic.documents()
    assert now.derived == Derived.PENDING
