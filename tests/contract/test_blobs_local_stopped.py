"""The storage on a disk loses nothing wherever it is stopped and whenever the power goes."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest

from adapters.files.local import LocalBlobs
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobMissing
from domain.errors import Unavailable
from domain.ids import DocumentId
from tests.contract.disks import ForgetfulDisk, Stopped, StoppingDisk

pytestmark = pytest.mark.anyio

ID = DocumentId("0197a1b2-0000-7000-8000-000000000001")
PREFIX = f"clinic-1/patient:7/2024-02/{ID}"
PHOTO = bytes(range(256)) * 8

Act: TypeAlias = Callable[[LocalBlobs], Awaitable[None]]


async def keep(blobs: LocalBlobs, data: bytes = PHOTO) -> None:
    staged = await blobs.stage(ID)
    await staged.write(data)
    await staged.seal()
    await staged.add(MEDIUM, b"middling")
    await staged.add(THUMB, b"small")
    await staged.keep()


async def promote(blobs: LocalBlobs) -> None:
    await blobs.promote(ID, PREFIX)


async def store(blobs: LocalBlobs) -> None:
    await keep(blobs)
    await promote(blobs)


async def content(blobs: LocalBlobs, name: str) -> bytes:
    return b"".join([chunk async for chunk in await blobs.read(f"{PREFIX}/{name}")])


async def names(blobs: LocalBlobs) -> set[str]:
    return {entry.key.removeprefix(f"{PREFIX}/") async for entry in blobs.entries()}


async def staged(blobs: LocalBlobs) -> set[str]:
    return {entry.id async for entry in blobs.staged()}


async def is_whole(blobs: LocalBlobs) -> bool:
    try:
        found = [await content(blobs, name) for name in (ORIGINAL, MEDIUM, THUMB)]
    except BlobMissing:
        return False
    return found == [PHOTO, b"middling", b"small"] and await staged(blobs) == set()


def files(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def put_aside(root: Path) -> set[bytes]:
    """The originals in quarantine, of whichever stop; each has its derivatives beside it."""
    originals = list(root.glob(f"*/quarantine/**/{ORIGINAL}"))
    assert all(files(original.parent) == {ORIGINAL, MEDIUM, THUMB} for original in originals)
    return {original.read_bytes() for original in originals}


def begin_disk(folder: Path, skip: int | None) -> ForgetfulDisk:
    (folder / "before").mkdir(parents=True)
    return ForgetfulDisk(folder / "before", skip)


async def stopped_everywhere(tmp_path: Path, before: Act, act: Act) -> AsyncIterator[LocalBlobs]:
    """For each step of `act`: a storage on which `before` was done whole and `act` until just before that step."""
    for at in range(1000):
        root = tmp_path / str(at)
        blobs = LocalBlobs(root)
        await before(blobs)
        await blobs.close()
        disk = StoppingDisk(1000)
        blobs = LocalBlobs(root, disk=disk, threads=1)
        disk.left = at
        try:
            await act(blobs)
            finished = True
        except Stopped:
            finished = False
        await blobs.close()
        after = LocalBlobs(root)
        yield after
        await after.close()
        if finished:
            assert at > 3
            return
    raise AssertionError("it never came to an end")


async def nothing(blobs: LocalBlobs) -> None:
    """A new storage."""


async def test_an_upload_stopped_anywhere_leaves_at_most_a_staging_entry(tmp_path: Path) -> None:
    async for blobs in stopped_everywhere(tmp_path, nothing, keep):
        assert await names(blobs) == set()
        assert await staged(blobs) <= {ID}
        await keep(blobs)
        await promote(blobs)
        assert await is_whole(blobs)


async def test_an_upload_stopped_anywhere_can_be_dropped(tmp_path: Path) -> None:
    async for blobs in stopped_everywhere(tmp_path, nothing, keep):
        for id in await staged(blobs):
            await blobs.unstage(DocumentId(id))
    assert files(tmp_path) == set()


async def test_a_promotion_stopped_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    async for blobs in stopped_everywhere(tmp_path, keep, promote):
        await promote(blobs)
        assert await is_whole(blobs)


async def kept_beside_a_derivative(blobs: LocalBlobs) -> None:
    await keep(blobs)
    await blobs.put(f"{PREFIX}/{THUMB}", b"small")


async def kept_twice(blobs: LocalBlobs) -> None:
    await store(blobs)
    await keep(blobs)


@pytest.mark.parametrize("before", [kept_beside_a_derivative, kept_twice])
async def test_a_promotion_to_a_taken_place_stopped_anywhere_is_finished_by_the_next(
    tmp_path: Path, before: Act
) -> None:
    async for blobs in stopped_everywhere(tmp_path, before, promote):
        await promote(blobs)
        assert await is_whole(blobs)


async def test_an_unlike_original_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    async def before(blobs: LocalBlobs) -> None:
        await store(blobs)
        await keep(blobs, b"other bytes of the same id")

    async for blobs in stopped_everywhere(tmp_path, before, promote):
        await promote(blobs)
        assert await is_whole(blobs)
    assert {b"other bytes of the same id"} == put_aside(tmp_path)


async def test_an_original_whose_place_something_else_has_stays_staged(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path)
    await keep(blobs)
    (tmp_path / "blobs" / PREFIX / ORIGINAL).mkdir(parents=True)
    with pytest.raises(Unavailable):
        await promote(blobs)
    (tmp_path / "blobs" / PREFIX / ORIGINAL).rmdir()
    await promote(blobs)
    assert await is_whole(blobs)
    await blobs.close()


async def test_a_deletion_stopped_anywhere_never_leaves_derivatives_alone(tmp_path: Path) -> None:
    async def delete(blobs: LocalBlobs) -> None:
        await blobs.delete(PREFIX)

    async for blobs in stopped_everywhere(tmp_path, store, delete):
        left = await names(blobs)
        assert not left or ORIGINAL in left
        await delete(blobs)
        assert await names(blobs) == set()
    assert files(tmp_path) == set()


async def test_a_put_stopped_anywhere_leaves_the_old_or_the_new_and_no_other_blob(tmp_path: Path) -> None:
    async def put(blobs: LocalBlobs) -> None:
        await blobs.put(f"{PREFIX}/{THUMB}", b"newer")

    seen = set()
    async for blobs in stopped_everywhere(tmp_path, store, put):
        seen.add(await content(blobs, THUMB))
        assert await names(blobs) == {ORIGINAL, MEDIUM, THUMB}
    assert seen == {b"small", b"newer"}


async def test_a_quarantine_stopped_anywhere_loses_nothing(tmp_path: Path) -> None:
    async def quarantine(blobs: LocalBlobs) -> None:
        await blobs.quarantine(PREFIX)

    async for blobs in stopped_everywhere(tmp_path, store, quarantine):
        await quarantine(blobs)
        assert await names(blobs) == set()
    assert put_aside(tmp_path) == {PHOTO}


async def after_power_loss(
    folder: Path, act: Act, dice: Random | None = None, skip: int | None = None
) -> tuple[LocalBlobs, int]:
    """The storage as it is found after `act` came to its end and the power went; and how many syncs there were."""
    disk = begin_disk(folder, skip)
    blobs = LocalBlobs(folder / "before", disk=disk, threads=1)
    await act(blobs)
    await blobs.close()
    disk.lose_power(folder / "after", dice)
    return LocalBlobs(folder / "after"), disk.syncs


async def kept_is_whole(blobs: LocalBlobs) -> bool:
    try:
        await promote(blobs)
    except BlobMissing:
        return False
    return await is_whole(blobs)


async def is_new(blobs: LocalBlobs) -> bool:
    return await is_whole(blobs) and await names(blobs) == {ORIGINAL, MEDIUM, THUMB, "new"}


async def is_gone(blobs: LocalBlobs) -> bool:
    return await names(blobs) == set()


async def put(blobs: LocalBlobs) -> None:
    await store(blobs)
    await blobs.put(f"{PREFIX}/new", b"newer")


async def put_alone(blobs: LocalBlobs) -> None:
    await blobs.put(f"{PREFIX}/{ORIGINAL}", PHOTO)


async def put_again(blobs: LocalBlobs) -> None:
    await put_alone(blobs)
    await blobs.delete(PREFIX)
    await put_alone(blobs)


async def is_there_alone(blobs: LocalBlobs) -> bool:
    return await names(blobs) == {ORIGINAL} and await content(blobs, ORIGINAL) == PHOTO


async def merge(blobs: LocalBlobs) -> None:
    await kept_beside_a_derivative(blobs)
    await promote(blobs)


async def quarantine(blobs: LocalBlobs) -> None:
    await store(blobs)
    await blobs.quarantine(PREFIX)


async def delete(blobs: LocalBlobs) -> None:
    await store(blobs)
    await blobs.delete(PREFIX)


DONE: dict[str, tuple[Act, Callable[[LocalBlobs], Awaitable[bool]]]] = {
    "kept": (keep, kept_is_whole),
    "promoted": (store, is_whole),
    "merged": (merge, kept_is_whole),  # recovery promotes what it finds staged
    "put": (put, is_new),
    "put alone": (put_alone, is_there_alone),
    "put again": (put_again, is_there_alone),
}


@pytest.mark.parametrize("done", DONE)
async def test_what_was_done_survives_loss_of_power(tmp_path: Path, done: str) -> None:
    act, holds = DONE[done]
    for seed in range(40):
        blobs, _ = await after_power_loss(tmp_path / str(seed), act, Random(seed) if seed else None)
        assert await holds(blobs), f"seed {seed}"
        await blobs.close()


@pytest.mark.parametrize("act", [delete, quarantine])
async def test_what_was_purged_or_put_aside_does_not_come_back_with_the_power(tmp_path: Path, act: Act) -> None:
    for seed in range(40):
        blobs, _ = await after_power_loss(tmp_path / str(seed), act, Random(seed) if seed else None)
        assert await is_gone(blobs), f"seed {seed}"
        if act is quarantine:
            assert files(tmp_path / str(seed) / "after" / "quarantine") == {ORIGINAL, MEDIUM, THUMB}
        await blobs.close()


@pytest.mark.parametrize("done", ["kept", "promoted", "put alone"])
async def test_every_sync_is_needed(tmp_path: Path, done: str) -> None:
    act, holds = DONE[done]
    blobs, syncs = await after_power_loss(tmp_path / "all", act)
    await blobs.close()
    for skip in range(syncs):
        blobs, _ = await after_power_loss(tmp_path / str(skip), act, skip=skip)
        assert not await holds(blobs), f"sync {skip} of {syncs} could be left out"
        await blobs.close()


async def test_the_promotion_that_finds_it_moved_makes_it_durable(tmp_path: Path) -> None:
    async def stopped_after_the_move(blobs: LocalBlobs) -> None:
        await keep(blobs)
        place = tmp_path / "1" / "before" / "blobs" / PREFIX
        disk = blobs._tree.disk  # the other process writes to the same one
        for folder in (place.parents[2], place.parents[1], place.parent):
            disk.mkdir(folder)
        disk.rename(tmp_path / "1" / "before" / "staging" / ID, place)
        await promote(blobs)

    blobs, _ = await after_power_loss(tmp_path / "1", stopped_after_the_move)
    assert await is_whole(blobs)
    await blobs.close()
