"""What the storage on a disk does when the disk is full, broken, away or not as it left it."""

import asyncio
import errno
import gc
import os
import resource
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from threading import Event

import psutil
import pytest

import adapters.files.disk as disk_steps
from adapters.files.disk import Buffers, Disk
from adapters.files.local import LocalBlobs
from adapters.files.opening import open_blobs
from application.ports.blobs import CHUNK, ORIGINAL, THUMB, BlobMissing
from domain.errors import Unavailable
from domain.ids import DocumentId

pytestmark = pytest.mark.anyio

ID = DocumentId("0197a1b2-0000-7000-8000-000000000001")
PREFIX = f"clinic-1/patient:7/2024-02/{ID}"
KEY = f"{PREFIX}/{ORIGINAL}"
MEGABYTE = bytes(1024 * 1024)


class FailingDisk(Disk):
    """Fails at the steps of one name with one error number, once `failing` is set."""

    def __init__(self, step: str, number: int) -> None:
        self.failing = False
        real = getattr(self, step)

        def fail(*args: object) -> object:
            if self.failing:
                raise OSError(number, os.strerror(number), "/secret/path")
            return real(*args)

        setattr(self, step, fail)


@pytest.fixture
async def blobs(tmp_path: Path) -> AsyncIterator[LocalBlobs]:
    opened = LocalBlobs(tmp_path / "files")
    yield opened
    await opened.close()


async def store(blobs: LocalBlobs, data: bytes = b"photo", id: DocumentId = ID) -> None:
    staged = await blobs.stage(id)
    await staged.write(data)
    await staged.seal()
    await staged.keep()
    await blobs.promote(id, PREFIX)


async def content(blobs: LocalBlobs, key: str) -> bytes:
    return b"".join([chunk async for chunk in await blobs.read(key)])


async def names(blobs: LocalBlobs) -> set[str]:
    return {entry.key.rpartition("/")[2] async for entry in blobs.entries()}


async def staged_ids(blobs: LocalBlobs) -> list[str]:
    return [entry.id async for entry in blobs.staged()]


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if not path.is_dir()]


def test_the_factory_takes_a_file_url_and_tells_what_it_knows(tmp_path: Path) -> None:
    assert isinstance(open_blobs((tmp_path / "a b").as_uri(), {}, tmp_path), LocalBlobs)
    assert (tmp_path / "a b" / "blobs").is_dir()
    for url in ("ftp://host/folder", "/no/scheme", "file://host/folder"):
        with pytest.raises(ValueError, match="file:///"):
            open_blobs(url, {}, tmp_path)


async def test_a_path_is_relative_to_the_root_for_the_web_server_in_front(blobs: LocalBlobs, tmp_path: Path) -> None:
    await store(blobs)
    assert blobs.path(KEY) == f"blobs/{KEY}"
    assert (tmp_path / "files" / blobs.path(KEY)).read_bytes() == b"photo"
    with pytest.raises(ValueError, match="storage key"):
        blobs.path("../etc/passwd")


FAULTS = [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EMFILE, errno.ESTALE]


@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
@pytest.mark.parametrize("step", ["mkdir", "create", "write", "sync", "sync_folder", "close", "rename"])
async def test_a_failing_step_of_an_upload_is_told_without_paths_and_can_be_cleaned_up(
    tmp_path: Path, step: str, number: int
) -> None:
    disk = FailingDisk(step, number)
    blobs = LocalBlobs(tmp_path, disk=disk)
    disk.failing = True
    with pytest.raises(Unavailable) as told:
        await store(blobs)
    assert str(tmp_path) not in told.value.detail
    assert "secret" not in told.value.detail
    assert isinstance(told.value.__cause__, OSError)
    disk.failing = False
    assert await names(blobs) == set()
    for id in await staged_ids(blobs):
        await blobs.unstage(DocumentId(id))
    assert files(tmp_path) == []
    await store(blobs)
    assert await content(blobs, KEY) == b"photo"
    await blobs.close()


@pytest.mark.parametrize("step", ["create", "write", "sync", "rename"])
async def test_a_put_that_fails_keeps_the_old_bytes_and_leaves_no_trace(tmp_path: Path, step: str) -> None:
    disk = FailingDisk(step, errno.ENOSPC)
    blobs = LocalBlobs(tmp_path, disk=disk)
    await blobs.put(f"{PREFIX}/{THUMB}", b"old")
    disk.failing = True
    with pytest.raises(Unavailable, match="full"):
        await blobs.put(f"{PREFIX}/{THUMB}", b"new")
    assert [path.name for path in files(tmp_path)] == [THUMB]
    assert await content(blobs, f"{PREFIX}/{THUMB}") == b"old"
    await blobs.close()


@pytest.mark.parametrize("step", ["open", "read", "stat_open"])
async def test_a_read_that_fails_is_no_missing_blob(tmp_path: Path, step: str) -> None:
    disk = FailingDisk(step, errno.EIO)
    blobs = LocalBlobs(tmp_path, disk=disk)
    await store(blobs)
    disk.failing = True
    with pytest.raises(Unavailable, match="read or write error"):
        await blobs.read(KEY)
    await blobs.close()


async def test_a_body_comes_alike_from_memory_and_from_the_disk(
    blobs: LocalBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom(6 * CHUNK + 7)
    await store(blobs, data)
    assert await content(blobs, KEY) == data
    monkeypatch.setattr(disk_steps, "_NOW", 0)
    assert await content(blobs, KEY) == data


async def test_a_body_from_memory_lets_others_have_their_turn(blobs: LocalBlobs) -> None:
    await store(blobs, bytes(40 * CHUNK))
    body = await blobs.read(KEY)
    others = asyncio.create_task(asyncio.sleep(0))
    assert sum([len(chunk) async for chunk in body]) == 40 * CHUNK
    assert others.done()


async def test_a_fault_in_the_middle_of_a_body_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_steps, "_NOW", 0)
    disk = FailingDisk("read", errno.EIO)
    blobs = LocalBlobs(tmp_path, disk=disk)
    await store(blobs, bytes(4 * CHUNK))
    body = await blobs.read(KEY)
    disk.failing = True
    await anext(body)
    with pytest.raises(Unavailable):
        await anext(body)
    await blobs.close()


async def test_an_upload_with_a_failed_step_is_never_kept(tmp_path: Path) -> None:
    disk = FailingDisk("sync", errno.EIO)
    blobs = LocalBlobs(tmp_path, disk=disk)
    staged = await blobs.stage(ID)
    await staged.write(b"photo")
    await staged.seal()
    disk.failing = True
    with pytest.raises(Unavailable):
        await staged.keep()
    disk.failing = False  # a second fsync after a failed one says yes to bytes that are gone
    for later in (staged.keep, staged.seal):
        with pytest.raises(Unavailable):
            await later()
    await blobs.close()


class ShortDisk(Disk):
    """Takes at most 1,000 bytes at once."""

    def write(self, fd: int, buffers: Buffers) -> int:
        return super().write(fd, [b"".join(buffers)[:1000]])


async def test_bytes_taken_in_pieces_arrive_whole_and_in_order(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path, disk=ShortDisk())
    data = bytes(number % 251 for number in range(30_000))
    await store(blobs, data)
    assert await content(blobs, KEY) == data
    await blobs.close()


async def test_thousands_of_tiny_chunks_arrive_whole(blobs: LocalBlobs) -> None:
    staged = await blobs.stage(ID)
    for number in range(5000):
        await staged.write(bytes([number % 256]))
    await staged.seal()
    await staged.keep()
    await blobs.promote(ID, PREFIX)
    assert await content(blobs, KEY) == bytes(number % 256 for number in range(5000))


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process can become larger than 512 KiB, as if the disk were full there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512 * 1024, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_files")
async def test_an_upload_that_does_not_fit_is_told_and_discarded_clean(blobs: LocalBlobs, tmp_path: Path) -> None:
    staged = await blobs.stage(ID)
    with pytest.raises(Unavailable, match="larger"):
        await staged.write(MEGABYTE)
    await staged.discard()
    assert files(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small file system can be mounted only by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_is_told_and_needs_no_mending(small_disk: Path) -> None:
    blobs = LocalBlobs(small_disk / "files")
    staged = await blobs.stage(ID)
    with pytest.raises(Unavailable, match="full"):
        await staged.write(MEGABYTE + MEGABYTE)
    with pytest.raises(Unavailable, match="full"):
        await blobs.put(f"{PREFIX}/{THUMB}", MEGABYTE)
    with pytest.raises(Unavailable, match="full"):
        await blobs.check()
    await staged.discard()
    assert files(small_disk) == []
    await blobs.check()
    await store(blobs)
    await blobs.close()


def test_who_asks_a_system_that_refuses_to_sync_is_told() -> None:
    """What cannot be synced at all tells that the system was asked."""
    reading, writing = os.pipe()
    with pytest.raises(OSError, match="Invalid argument"):
        Disk().sync(writing)
    with pytest.raises(OSError, match="Invalid argument"):
        Disk().sync_folder(Path("/proc"))
    os.close(reading)
    os.close(writing)


async def test_an_away_storage_is_not_taken_for_deleted_blobs(blobs: LocalBlobs, tmp_path: Path) -> None:
    await store(blobs)
    (tmp_path / "files").rename(tmp_path / "unmounted")
    uses: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: blobs.stage(ID),
        lambda: blobs.promote(ID, PREFIX),
        lambda: blobs.unstage(ID),
        lambda: blobs.stat(KEY),
        lambda: blobs.read(KEY),
        lambda: blobs.fetch(KEY),
        lambda: blobs.put(KEY, b"x"),
        lambda: blobs.delete(PREFIX),
        lambda: blobs.quarantine(PREFIX),
        lambda: names(blobs),
        lambda: staged_ids(blobs),
        blobs.check,
    )
    for use in uses:
        with pytest.raises(Unavailable, match="mounted"):
            await use()
    assert not (tmp_path / "files").exists()
    (tmp_path / "unmounted").rename(tmp_path / "files")
    assert await content(blobs, KEY) == b"photo"


@pytest.fixture
def divided(small_disk: Path, tmp_path: Path) -> Iterator[Path]:
    """The root of a storage whose blobs lie on another volume than its staging entries."""
    blobs = tmp_path / "divided" / "blobs"
    blobs.mkdir(parents=True)
    subprocess.run(["mount", "--bind", str(small_disk), str(blobs)], check=True)
    yield blobs.parent
    subprocess.run(["umount", str(blobs)], check=True)


async def test_folders_on_different_volumes_are_told_to_operators(divided: Path) -> None:
    blobs = LocalBlobs(divided)
    with pytest.raises(Unavailable, match="different volumes"):
        await blobs.check()
    with pytest.raises(Unavailable, match="different volumes"):
        await store(blobs)
    await blobs.close()


async def test_symbolic_links_lead_nowhere(blobs: LocalBlobs, tmp_path: Path) -> None:
    await store(blobs)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ORIGINAL).write_bytes(b"not of the storage")
    linked = tmp_path / "files" / "blobs" / "clinic-1" / "patient:7" / "2024-02" / "linked"
    linked.symlink_to(outside)
    (linked.parent / ID / THUMB).symlink_to(outside / ORIGINAL)
    (tmp_path / "files" / "staging" / "linked").symlink_to(outside)
    assert await names(blobs) == {ORIGINAL}
    assert await staged_ids(blobs) == []
    assert await blobs.stat(f"{PREFIX}/{THUMB}") is None
    for read in (blobs.read, blobs.fetch):
        with pytest.raises(BlobMissing):
            await read(f"{PREFIX}/{THUMB}")
    await blobs.delete("clinic-1/patient:7/2024-02/linked")
    await blobs.unstage(DocumentId("linked"))
    assert (outside / ORIGINAL).read_bytes() == b"not of the storage"


async def test_what_is_no_file_is_no_blob(blobs: LocalBlobs, tmp_path: Path) -> None:
    await store(blobs)
    os.mkfifo(tmp_path / "files" / "blobs" / PREFIX / THUMB)
    (tmp_path / "files" / "staging" / "stray").write_bytes(b"")
    assert await names(blobs) == {ORIGINAL}
    assert await staged_ids(blobs) == []
    with pytest.raises(BlobMissing):
        await blobs.read(f"{PREFIX}/{THUMB}")


async def test_what_a_stopped_put_left_is_no_blob_and_goes_in_time(blobs: LocalBlobs, tmp_path: Path) -> None:
    await store(blobs)
    folder = tmp_path / "files" / "blobs" / PREFIX
    for name, age in (("thumb~old", 7200), ("thumb~new", 0)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age,) * 2)
    assert await names(blobs) == {ORIGINAL}
    await blobs.put(f"{PREFIX}/{THUMB}", b"small")
    assert {path.name for path in files(folder)} == {ORIGINAL, THUMB, "thumb~new"}
    await blobs.delete(PREFIX)
    assert not folder.exists()


async def test_folders_that_were_tidied_away_by_hand_are_made_again(blobs: LocalBlobs, tmp_path: Path) -> None:
    await store(blobs)
    shutil.rmtree(tmp_path / "files" / "blobs" / "clinic-1")
    await store(blobs)
    assert await content(blobs, KEY) == b"photo"


def open_files() -> int:
    """Of this process, without those that only garbage still holds."""
    gc.collect()
    return psutil.Process().num_fds()


async def test_a_body_that_nobody_reads_to_its_end_keeps_no_file_open(blobs: LocalBlobs) -> None:
    await store(blobs, bytes(20 * CHUNK))
    before = open_files()
    for _ in range(20):
        await blobs.read(KEY)
        begun = await blobs.read(KEY)
        await anext(begun)
        del begun
    await asyncio.sleep(0.1)
    assert open_files() <= before + 1


async def test_an_upload_cancelled_in_the_middle_can_be_discarded_at_once(blobs: LocalBlobs, tmp_path: Path) -> None:
    before = open_files()
    for _ in range(20):
        staged = await blobs.stage(ID)
        writing = asyncio.create_task(staged.write(MEGABYTE * 4))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        with pytest.raises(Unavailable):
            await staged.seal()
        await staged.discard()
        assert files(tmp_path) == []
    assert open_files() <= before


class WaitingDisk(Disk):
    """Does not write before it is told to."""

    def __init__(self) -> None:
        self.writing, self.told = Event(), Event()

    def write(self, fd: int, buffers: Buffers) -> int:
        self.writing.set()
        self.told.wait(10)
        return super().write(fd, buffers)


async def test_discarding_waits_for_a_write_that_goes_on_after_it_was_cancelled(tmp_path: Path) -> None:
    disk = WaitingDisk()
    blobs = LocalBlobs(tmp_path, disk=disk)
    staged = await blobs.stage(ID)
    writing = asyncio.create_task(staged.write(MEGABYTE))
    await asyncio.to_thread(disk.writing.wait, 10)
    writing.cancel()
    discarding = asyncio.create_task(staged.discard())
    await asyncio.sleep(0.05)
    assert not discarding.done()  # or the descriptor would be closed, and perhaps another's, under the write
    disk.told.set()
    await discarding
    assert files(tmp_path) == []
    await blobs.close()


async def test_an_upload_of_200_megabytes_takes_little_memory(blobs: LocalBlobs) -> None:
    await store(blobs, MEGABYTE)
    staged = await blobs.stage(other := DocumentId("other"))
    before = psutil.Process().memory_info().rss
    for _ in range(200 * 4):
        await staged.write(os.urandom(CHUNK))
    grown = psutil.Process().memory_info().rss - before
    await staged.seal()
    await staged.keep()
    await blobs.promote(other, f"{PREFIX}-large")
    size = 0
    async for chunk in await blobs.read(f"{PREFIX}-large/{ORIGINAL}"):
        size += len(chunk)
    assert size == 200 * len(MEGABYTE)
    grown = max(grown, psutil.Process().memory_info().rss - before)
    assert grown < 16 * len(MEGABYTE)


async def test_a_listing_of_many_blobs_is_complete(blobs: LocalBlobs, tmp_path: Path) -> None:
    for number in range(1200):
        folder = tmp_path / "files" / "blobs" / "clinic" / str(number % 7) / "2024-02" / str(number)
        folder.mkdir(parents=True)
        (folder / ORIGINAL).write_bytes(b"x")
    assert len([entry async for entry in blobs.entries()]) == 1200
