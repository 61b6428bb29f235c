"""Staging entries that are left and gone on with, whichever storage they are in."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.files.bucket import BucketBlobs
from adapters.files.local import LocalBlobs
from adapters.files.s3 import S3Objects
from adapters.memory.blobs import MemoryBlobs
from application.ports.blobs import ORIGINAL, THUMB, BlobMissing, Blobs
from application.ports.resumable import GrowingBlob, GrowsBlobs, Locked
from domain.ids import DocumentId
from tests.conftest import ROOT
from tests.contract.disks import ForgetfulDisk
from tests.services.s3 import BUCKET, S3Server

pytestmark = pytest.mark.anyio

ID = DocumentId("0197a1b2-0000-7000-8000-000000000001")
PREFIX = f"clinic-1/patient:7/2024-02/{ID}"
PHOTO = bytes(range(256)) * 20_000


class Storage:
    """A storage, seen through both of its ports."""

    def __init__(self, made: LocalBlobs | MemoryBlobs | BucketBlobs) -> None:
        self.blobs: Blobs = made
        self.grows: GrowsBlobs = made


@pytest.fixture(params=["memory", "local", pytest.param("bucket", marks=pytest.mark.services)])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    if request.param == "bucket":
        server: S3Server = request.getfixturevalue("s3")
        made = Storage(BucketBlobs(S3Objects(f"{BUCKET}/{uuid4()}", server.options), tmp_path))
    else:
        made = Storage(MemoryBlobs() if request.param == "memory" else LocalBlobs(tmp_path / "files"))
    yield made
    await made.blobs.close()


async def finish(storage: Storage, blob: GrowingBlob) -> None:
    digest = await blob.seal()
    assert digest.size == len(PHOTO)
    await blob.add(THUMB, b"small")
    await blob.keep()
    await storage.blobs.promote(ID, PREFIX)


async def content(storage: Storage, name: str = ORIGINAL) -> bytes:
    return b"".join([chunk async for chunk in await storage.blobs.read(f"{PREFIX}/{name}")])


async def test_pieces_become_the_whole_with_its_checksums(storage: Storage) -> None:
    whole = await storage.blobs.stage(DocumentId(f"{ID[:-1]}2"))
    await whole.write(PHOTO)
    expected = await whole.seal()
    await storage.blobs.stage(ID)
    for start in range(0, len(PHOTO), 1_500_000):
        async with storage.grows.resume(ID) as blob:
            await blob.rewind(start)
            for at in range(start, min(start + 1_500_000, len(PHOTO)), 60_000):
                await blob.write(PHOTO[at : min(at + 60_000, start + 1_500_000)])
            await blob.sync()
    async with storage.grows.resume(ID) as blob:
        await blob.rewind(len(PHOTO))
        assert await blob.seal() == expected
        await finish(storage, blob)
    assert await content(storage) == PHOTO
    assert await content(storage, THUMB) == b"small"


async def test_what_was_written_beyond_is_forgotten(storage: Storage) -> None:
    await storage.blobs.stage(ID)
    async with storage.grows.resume(ID) as blob:
        await blob.rewind(0)
        await blob.write(PHOTO[:1000] + b"other bytes that were never told of")
        await blob.sync()
    async with storage.grows.resume(ID) as blob:
        await blob.rewind(1000)
        await blob.write(PHOTO[1000:])
        await finish(storage, blob)
    assert await content(storage) == PHOTO


async def test_an_end_that_was_interrupted_comes_again(storage: Storage) -> None:
    await storage.blobs.stage(ID)
    async with storage.grows.resume(ID) as blob:
        await blob.rewind(0)
        await blob.write(PHOTO)
        await blob.sync()
        await blob.seal()
        await blob.add(THUMB, b"of another time")
        await blob.keep()
    async with storage.grows.resume(ID) as blob:
        await blob.rewind(len(PHOTO) - 1)
        await blob.write(PHOTO[-1:])
        await finish(storage, blob)
    assert await content(storage, THUMB) == b"small"
    assert await content(storage) == PHOTO


async def test_one_at_a_time_goes_on_with_an_entry(storage: Storage) -> None:
    await storage.blobs.stage(ID)
    async with storage.grows.resume(ID) as blob:
        await blob.rewind(0)
        with pytest.raises(Locked):
            async with storage.grows.resume(ID):
                """Never come to."""
        await blob.write(PHOTO)
        await blob.seal()
        await blob.keep()
        with pytest.raises(Locked):  # until its holder is done, also after the bytes are
            async with storage.grows.resume(ID):
                """Never come to."""
    async with storage.grows.resume(ID):
        """Free again."""


async def test_what_is_not_there_cannot_be_gone_on_with(storage: Storage) -> None:
    with pytest.raises(BlobMissing):
        async with storage.grows.resume(ID):
            """Never come to."""
    await storage.blobs.stage(ID)
    async with storage.grows.resume(ID) as blob:
        with pytest.raises(BlobMissing):
            await blob.rewind(1)
    await storage.blobs.unstage(ID)
    with pytest.raises(BlobMissing):
        async with storage.grows.resume(ID):
            """Never come to."""


async def test_another_process_finds_an_entry_held_until_its_holder_dies(tmp_path: Path) -> None:
    blobs = LocalBlobs(tmp_path / "files")
    await blobs.stage(ID)
    holding = f"""
import asyncio, pathlib
from adapters.files.local import LocalBlobs
async def hold():
    async with LocalBlobs(pathlib.Path({str(tmp_path / "files")!r})).resume({ID!r}) as blob:
        print("held", flush=True)
        await asyncio.sleep(60)
asyncio.run(hold())
"""
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", holding, cwd=ROOT, stdout=PIPE)
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    with pytest.raises(Locked):
        async with blobs.resume(ID):
            """Never come to."""
    holder.kill()
    await holder.wait()
    async with blobs.resume(ID) as blob:
        await blob.rewind(0)
    await blobs.close()


async def test_machines_with_a_bucket_tell_their_places_apart(tmp_path: Path) -> None:
    def opened(scratch: str) -> str:
        return BucketBlobs(S3Objects("b/p", {}), tmp_path / scratch).place

    assert opened("one") == opened("one") != opened("two")
    assert LocalBlobs(tmp_path / "files").place == LocalBlobs(tmp_path / "files").place


class GrowingForgetfulDisk(ForgetfulDisk):
    """One that can go on with a file."""

    def lock(self, path: Path) -> int:
        fd = super().lock(path)
        folder, name = self._named(path)
        node = folder.live[name]
        self._open[fd] = node  # type: ignore[assignment]
        return fd

    def cut(self, fd: int, size: int) -> None:
        super().cut(fd, size)
        del self._open[fd].written[size:]


async def test_what_was_synced_survives_loss_of_power(tmp_path: Path) -> None:
    disk = GrowingForgetfulDisk(tmp_path)
    blobs = LocalBlobs(tmp_path / "files", disk=disk)
    await blobs.stage(ID)
    async with blobs.resume(ID) as blob:
        await blob.rewind(0)
        await blob.write(PHOTO[:2_000_000])
        await blob.sync()
    async with blobs.resume(ID) as blob:
        await blob.rewind(1_500_000)
        await blob.write(PHOTO[1_500_000:3_000_000])
        await blob.sync()
        await blob.write(PHOTO[3_000_000:])
    await blobs.close()
    disk.lose_power(tmp_path / "after", None)
    back = LocalBlobs(tmp_path / "after" / "files")
    async with back.resume(ID) as blob:
        await blob.rewind(3_000_000)
        await blob.write(PHOTO[3_000_000:])
        await finish(storage := Storage(back), blob)
    assert await content(storage) == PHOTO
    await back.close()
