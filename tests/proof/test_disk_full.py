"""G6: the disk under database and files is full, and all is well again once there is room.

Where no small disk can be mounted, the system's limit for the size of a file stands for a full one: SQLite and the
storage meet it where they write. `python -m tests.proof.disk_full` fills a real one more often.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.errors import Unavailable
from tests.invariants import Known, audit_rows, broken_invariants, drain, told
from tests.proof import samples
from tests.proof.disk_full import measure
from tests.proof.figure import NotHere
from tests.proof.samples import InProcessInspector
from tests.proof.scene import set_up, upload_photo, upload_text
from tests.proof.taps import no_fault
from tests.proof.use_cases import UseCases
from tests.proof.worlds import CountingIds, DiskWorld, HearingBus
from tests.samples import CLINIC

pytestmark = pytest.mark.proof


def test_a_real_server_on_a_real_full_disk_loses_nothing_and_goes_on_by_itself() -> None:
    try:
        proof = measure(rounds=2, seed=1, holds="all")
    except NotHere as reason:
        pytest.skip(str(reason))
    assert proof.tally.found == []
    assert proof.tally.unavailable > 0


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.anyio
@pytest.mark.parametrize("room", [0, 1_000, 30_000, 200_000])
async def test_a_full_disk_is_said_and_costs_nothing_that_was_acknowledged(tmp_path: Path, room: int) -> None:
    world, bus, inspector = DiskWorld(tmp_path / "clinic"), HearingBus(), InProcessInspector()
    ports = await world.open(inspector, bus, CountingIds(), no_fault)
    does, cast = UseCases(ports), await set_up(ports, inspector)
    largest = max(path.stat().st_size for path in world.folder.rglob("*") if path.is_file())
    uploads = dict(cast.uploads)
    with files_of_at_most(largest + room):
        for number in range(100, 400):
            try:
                uploads[(await upload_text(does, number)).id] = samples.text(number)
            except Unavailable:
                break
        else:
            pytest.fail("the disk never became full")
        with pytest.raises(Unavailable):
            await upload_photo(does, 9)
    uploads[(await upload_photo(does, 9)).id] = samples.photo(9)
    await does.recover()
    await drain(does)
    known = Known(uploads=uploads, heard=bus.heard)
    known.happened[CLINIC] = [[told(row)] async for row in audit_rows(ports, CLINIC)]
    assert await broken_invariants(ports, known, [CLINIC]) == []
    await world.close()
