"""What a crash left: finished, dropped, or put aside."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.files.local import LocalBlobs
from application.ports.blobs import ORIGINAL
from application.recovery import Recovered
from domain.errors import Unavailable
from tests.proof import samples
from tests.proof.small_clinic import ME, SmallClinic, small_clinic
from tests.samples import ANA, CLINIC

pytestmark = pytest.mark.anyio

NEARLY_A_DAY, MORE_THAN_A_DAY = timedelta(hours=23), timedelta(hours=25)


@pytest.fixture
async def clinic() -> SmallClinic:
    return await small_clinic()


def not_promoted(place: str) -> None:
    if place == "Blobs.promote:before":
        raise Unavailable("on purpose")


async def unpromoted(clinic: SmallClinic) -> str:
    """Where the bytes of a committed upload belong, which is not where they are."""
    clinic.tap.listener, clinic.tap.is_on = not_promoted, True
    view = await clinic.store(samples.photo(1), "foto.jpg", does=clinic.failing, category="other")
    clinic.tap.is_on = False
    return view.prefix


async def test_bytes_whose_row_is_committed_are_promoted(clinic: SmallClinic) -> None:
    prefix = await unpromoted(clinic)
    assert await clinic.does.recover() == Recovered(promoted=1)
    assert await clinic.bytes_of(f"{prefix}/{ORIGINAL}") == samples.photo(1)
    assert await clinic.does.recover() == Recovered()


async def test_a_trashed_document_is_promoted_too(clinic: SmallClinic) -> None:
    prefix = await unpromoted(clinic)
    (view,) = await clinic.documents()
    await clinic.does.trash(ME, view.id)
    assert await clinic.does.recover() == Recovered(promoted=1)
    assert await clinic.bytes_of(f"{prefix}/{ORIGINAL}") is not None


async def test_an_upload_that_nobody_committed_is_dropped_after_a_day_and_not_before(clinic: SmallClinic) -> None:
    incoming = await clinic.arrived(b"half of it", "foto.jpg")
    clinic.ports.clock.advance(NEARLY_A_DAY)
    assert await clinic.does.recover() == Recovered()
    assert await clinic.staged() == {incoming.id}
    clinic.ports.clock.advance(timedelta(hours=2))
    assert await clinic.does.recover() == Recovered(dropped=1)
    assert await clinic.staged() == set()


async def test_blobs_that_no_row_names_are_put_aside_after_a_day_and_not_before(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    kept = await clinic.stored()
    await clinic.ports.blobs.put(f"{CLINIC}/{ANA}/2026-01/{clinic.ports.new_id()}/{ORIGINAL}", b"nobody's")
    clinic.ports.clock.advance(NEARLY_A_DAY)
    assert await clinic.does.quarantine_orphans() == 0
    clinic.ports.clock.advance(timedelta(hours=2))
    assert await clinic.does.quarantine_orphans() == 1
    assert await clinic.stored() == kept
    assert await clinic.bytes_of(f"{view.prefix}/{ORIGINAL}") == samples.photo(1)


async def test_bytes_of_a_purge_that_was_cut_off_are_not_kept_aside(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    await clinic.does.trash(ME, view.id)
    clinic.ports.clock.advance(timedelta(days=31))

    def not_deleted(place: str) -> None:
        if place == "Blobs.delete:before":
            raise Unavailable("on purpose")

    clinic.tap.listener, clinic.tap.is_on = not_deleted, True
    with pytest.raises(Unavailable):
        [purged async for purged in clinic.failing.purge_trash()]
    assert await clinic.does.quarantine_orphans() == 0
    assert await clinic.stored() != set()
    assert await clinic.does.finish_purges() == 1
    assert await clinic.stored() == set()


async def test_files_of_somebody_else_in_the_storage_stop_nothing_and_stay(clinic: SmallClinic, tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    does = clinic.over(blobs=blobs)
    strange = [tmp_path / folder / "lost+found" / "notes.txt" for folder in ("staging", "blobs")]
    for path in strange:
        path.parent.mkdir()
        path.write_text("of somebody else")
    await does.begin_upload(ME, ANA)
    clinic.ports.clock.advance(MORE_THAN_A_DAY)
    assert await does.recover() == Recovered(dropped=1)
    assert await does.quarantine_orphans() == 0
    assert {finding.mend for finding in [found async for found in does.verify()]} == {"look at it, then remove it"}
    assert all(path.exists() for path in strange)
    await blobs.close()
