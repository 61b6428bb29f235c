"""What is remembered of scans, in every database."""

from dataclasses import replace

import pytest

from domain.documents import Scan, quarantine, trash
from domain.ids import UserId
from tests.installations import Installation
from tests.samples import ANOTHER_CLINIC, DAY, NOON, document, photo, staff

pytestmark = pytest.mark.anyio


async def test_marking_a_scan_changes_nothing_else(installation: Installation) -> None:
    picture = photo(scan=Scan.PENDING)
    await installation.keep(picture)
    stale = replace(picture, title="As it was read", version=7)
    async with installation.unit_of_work(staff()) as uow:
        await uow.documents.mark_scanned(replace(stale, file=replace(stale.file, scan=Scan.CLEAN, size=1)))
        await uow.commit()
    async with installation.unit_of_work(staff()) as uow:
        assert await uow.documents.get(picture.id) == replace(picture, file=replace(picture.file, scan=Scan.CLEAN))


@pytest.mark.parametrize("scan", Scan)
async def test_every_state_of_a_scan_is_kept(installation: Installation, scan: Scan) -> None:
    report = document(scan=scan)
    await installation.keep(report)
    assert (await installation.documents.get(staff(), report.id)).scan == scan


async def test_what_is_pending_or_not_yet_aside_is_due(installation: Installation) -> None:
    pending = [document(scan=Scan.PENDING, created_at=NOON - number * DAY) for number in range(3)]
    binned, _ = trash(document(scan=Scan.PENDING, created_at=NOON + DAY), UserId("u"), NOON)
    infected, _ = quarantine(document(created_at=NOON + 2 * DAY), UserId("u"), NOON)
    elsewhere = document(clinic=ANOTHER_CLINIC, scan=Scan.PENDING, created_at=NOON + 3 * DAY)
    done = [document(scan=scan) for scan in (Scan.CLEAN, Scan.UNSCANNED, Scan.QUARANTINED)]
    await installation.keep(*pending, binned, infected, *done)
    await installation.keep(elsewhere, clinic=ANOTHER_CLINIC)
    found = [view.id for view in await installation.upkeep.scans_due(10)]
    assert found == [each.id for each in (*reversed(pending), binned, infected, elsewhere)]
    assert [view.id for view in await installation.upkeep.scans_due(1)] == [pending[2].id]
