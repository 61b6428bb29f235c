"""What the storage in a bucket does when it is stopped, refused, away or lied to, and with large files."""

import asyncio
import os
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import psutil
import pytest

from adapters.files.bucket import BucketBlobs, SigningBlobs
from adapters.files.folders import together
from adapters.files.objects import PART, FsspecObjects
from adapters.files.opening import open_blobs
from adapters.files.s3 import S3Objects
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB
from domain.errors import Unavailable
from domain.ids import DocumentId
from tests.contract.disks import Stopped
from tests.services.s3 import BUCKET, S3Server

pytestmark = [pytest.mark.anyio, pytest.mark.services]

ID = DocumentId("0197a1b2-0000-7000-8000-000000000001")
PREFIX = f"clinic-1/patient:7/2024-02/{ID}"
PHOTO = bytes(range(256)) * 8

Act: TypeAlias = Callable[[BucketBlobs], Awaitable[None]]


@pytest.fixture
def place() -> str:
    return f"{BUCKET}/{uuid4()}"


Open: TypeAlias = Callable[[FsspecObjects], BucketBlobs]


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Open]:
    """Makes storages of buckets, which are closed after the test whatever comes of it."""
    async with AsyncExitStack() as stack:

        def opened(objects: FsspecObjects) -> BucketBlobs:
            blobs = BucketBlobs(objects, tmp_path)
            stack.push_async_callback(blobs.close)
            return blobs

        yield opened


@pytest.fixture
async def blobs(s3: S3Server, place: str, tmp_path: Path) -> AsyncIterator[SigningBlobs]:
    opened = SigningBlobs(S3Objects(place, s3.options), tmp_path)
    yield opened
    await opened.close()


async def keep(blobs: BucketBlobs, data: bytes = PHOTO) -> None:
    staged = await blobs.stage(ID)
    await staged.write(data)
    await staged.seal()
    await staged.add(MEDIUM, b"middling")
    await staged.add(THUMB, b"small")
    await staged.keep()


async def promote(blobs: BucketBlobs) -> None:
    await blobs.promote(ID, PREFIX)


async def store(blobs: BucketBlobs) -> None:
    await keep(blobs)
    await promote(blobs)


async def content(blobs: BucketBlobs, name: str) -> bytes:
    return b"".join([chunk async for chunk in await blobs.read(f"{PREFIX}/{name}")])


async def names(blobs: BucketBlobs) -> set[str]:
    return {entry.key.removeprefix(f"{PREFIX}/") async for entry in blobs.entries()}


async def staged_ids(blobs: BucketBlobs) -> set[str]:
    return {entry.id async for entry in blobs.staged()}


async def is_whole(blobs: BucketBlobs) -> bool:
    found = [await content(blobs, name) for name in (ORIGINAL, MEDIUM, THUMB)]
    return found == [PHOTO, b"middling", b"small"] and await staged_ids(blobs) == set()


class StoppingObjects(S3Objects):
    """Stands still before the change number `left` of the bucket, counted from 0, and before all later ones."""

    left = 1000

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        self.step()
        await super().put(key, data, crc32)

    async def copy(self, old: str, new: str) -> None:
        self.step()
        await super().copy(old, new)

    async def delete(self, key: str) -> None:
        self.step()
        await super().delete(key)

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped


async def stopped_everywhere(s3: S3Server, folder: Path, before: Act, act: Act) -> AsyncIterator[BucketBlobs]:
    """For each change that `act` makes: a storage on which `before` was done whole and `act` until just before it."""
    for at in range(100):
        place = f"{BUCKET}/{uuid4()}"
        objects = StoppingObjects(place, s3.options)
        blobs = BucketBlobs(objects, folder / str(at))
        await before(blobs)
        objects.left = at
        try:
            await act(blobs)
            finished = True
        except Stopped:
            finished = False
        finally:
            objects.left = 1000
        await blobs.close()
        after = BucketBlobs(S3Objects(place, s3.options), folder / str(at))
        yield after
        await after.close()
        if finished:
            assert at > 2
            return
    raise AssertionError("it never came to an end")


async def nothing(blobs: BucketBlobs) -> None:
    """A new storage."""


async def put_aside(blobs: BucketBlobs) -> set[bytes]:
    """The originals in quarantine; all derivatives are there too."""
    keys = [key async for key, _ in blobs._objects.below("quarantine")]
    assert {key.rpartition("/")[2] for key in keys} == {ORIGINAL, MEDIUM, THUMB}
    originals = [await blobs._objects.read(key, 0, None) for key in keys if key.endswith(ORIGINAL)]
    return {b"".join([chunk async for chunk in original]) for original in originals}


async def test_an_upload_stopped_anywhere_leaves_at_most_a_staging_entry(s3: S3Server, tmp_path: Path) -> None:
    async for blobs in stopped_everywhere(s3, tmp_path, nothing, keep):
        assert await names(blobs) == set()
        assert await staged_ids(blobs) <= {ID}
        await keep(blobs)
        await promote(blobs)
        assert await is_whole(blobs)


async def test_a_promotion_stopped_anywhere_is_finished_by_the_next(s3: S3Server, tmp_path: Path) -> None:
    async for blobs in stopped_everywhere(s3, tmp_path, keep, promote):
        await promote(blobs)
        assert await is_whole(blobs)


async def test_an_unlike_original_is_put_aside_whatever_stops_it(s3: S3Server, tmp_path: Path) -> None:
    async def before(blobs: BucketBlobs) -> None:
        await store(blobs)
        await keep(blobs, b"other bytes of the same id")

    async for blobs in stopped_everywhere(s3, tmp_path, before, promote):
        await promote(blobs)
        assert await is_whole(blobs)
        assert await put_aside(blobs) == {b"other bytes of the same id"}


async def test_a_deletion_stopped_anywhere_never_leaves_derivatives_alone(s3: S3Server, tmp_path: Path) -> None:
    async def delete(blobs: BucketBlobs) -> None:
        await blobs.delete(PREFIX)

    async for blobs in stopped_everywhere(s3, tmp_path, store, delete):
        left = await names(blobs)
        assert not left or ORIGINAL in left
        await delete(blobs)
        assert await names(blobs) == set()


async def test_a_quarantine_stopped_anywhere_loses_nothing(s3: S3Server, tmp_path: Path) -> None:
    async def quarantine(blobs: BucketBlobs) -> None:
        await blobs.quarantine(PREFIX)

    async for blobs in stopped_everywhere(s3, tmp_path, store, quarantine):
        await quarantine(blobs)
        assert await names(blobs) == set()
        assert await put_aside(blobs) == {PHOTO}


async def test_a_large_file_goes_in_parts_and_comes_back_whole(s3: S3Server, place: str, opening: Open) -> None:
    blobs = opening(S3Objects(place, s3.options))
    data = os.urandom(2 * PART + 12_345)
    await keep(blobs, data)
    await promote(blobs)
    await keep(blobs, data)
    await promote(blobs)
    assert await content(blobs, ORIGINAL) == data
    stat = await blobs.stat(f"{PREFIX}/{ORIGINAL}")
    assert stat is not None
    assert stat.size == len(data)
    assert (await blobs.fetch(f"{PREFIX}/{ORIGINAL}")).read_bytes() == data


async def test_an_upload_of_100_megabytes_takes_little_memory(blobs: SigningBlobs) -> None:
    await keep(blobs, bytes(2 * PART))
    staged = await blobs.stage(ID)
    before = psutil.Process().memory_info().rss
    for _ in range(100):
        await staged.write(os.urandom(2**20))
    await staged.seal()
    await staged.keep()
    assert psutil.Process().memory_info().rss - before < 32 * 2**20


async def test_bytes_that_changed_on_their_way_are_refused_by_the_bucket(
    s3: S3Server, place: str, tmp_path: Path
) -> None:
    objects = S3Objects(place, s3.options)
    right = tmp_path / "right"
    right.write_bytes(PHOTO)
    with pytest.raises(Unavailable):
        await objects.upload("wrong", right, zlib.crc32(b"other"))
    assert await objects.head("wrong") is None
    await objects.close()


class LyingObjects(S3Objects):
    """Its copies are of something else."""

    async def duplicate(self, old: str, new: str) -> None:
        await super().duplicate(old.replace(ORIGINAL, THUMB), new)


async def test_a_copy_that_is_not_right_leaves_the_staging_entry(s3: S3Server, place: str, opening: Open) -> None:
    blobs = opening(LyingObjects(place, s3.options))
    await keep(blobs)
    with pytest.raises(Unavailable, match="copy"):
        await promote(blobs)
    assert await staged_ids(blobs) == {ID}


def with_secret(s3: S3Server, secret: str) -> dict[str, Any]:
    return {**s3.options, "secret": secret}


Uses: TypeAlias = tuple[Callable[[], Awaitable[object]], ...]


def looks_into(blobs: BucketBlobs) -> Uses:
    key = f"{PREFIX}/{ORIGINAL}"
    return (
        lambda: blobs.promote(ID, PREFIX),
        lambda: blobs.stat(key),
        lambda: blobs.read(key),
        lambda: blobs.fetch(key),
        lambda: blobs.delete(PREFIX),
        lambda: names(blobs),
        lambda: staged_ids(blobs),
    )


def changes_of(blobs: BucketBlobs) -> Uses:
    return (lambda: keep(blobs), lambda: blobs.put(f"{PREFIX}/{ORIGINAL}", b"x"), blobs.check)


async def test_a_bucket_that_refuses_access_is_told_and_not_taken_for_empty(
    s3: S3Server, place: str, opening: Open
) -> None:
    blobs = opening(S3Objects(place, {**s3.options, "secret": "wrong"}))
    for use in (*looks_into(blobs), *changes_of(blobs)):
        with pytest.raises(Unavailable, match="credentials"):
            await use()


async def test_who_met_a_failure_is_not_taken_for_cancelled_afterwards(blobs: SigningBlobs) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise Unavailable("")

    with pytest.raises(Unavailable):
        await together(fail(), asyncio.sleep(60))
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_a_bucket_that_does_not_exist_is_not_taken_for_missing_blobs(s3: S3Server, opening: Open) -> None:
    blobs = opening(S3Objects("nowhere/at-all", s3.options))
    for use in looks_into(blobs):  # this server makes a bucket that is written to
        with pytest.raises(Unavailable, match="does not exist"):
            await use()


async def test_a_server_that_is_away_is_told_soon(s3: S3Server, place: str, opening: Open) -> None:
    blobs = opening(S3Objects(place, {**s3.options, "endpoint_url": "http://127.0.0.1:9"}))
    began = time.monotonic()
    with pytest.raises(Unavailable, match="reached"):
        await blobs.check()
    assert time.monotonic() - began < 5


async def test_bodies_that_nobody_reads_to_their_end_do_not_use_up_the_connections(blobs: SigningBlobs) -> None:
    await keep(blobs, bytes(2**20))
    await promote(blobs)
    for _ in range(70):
        await blobs.read(f"{PREFIX}/{ORIGINAL}")
        begun = await blobs.read(f"{PREFIX}/{ORIGINAL}")
        await anext(begun)
        del begun
    assert len(await asyncio.wait_for(content(blobs, ORIGINAL), 5)) == 2**20


async def test_listings_longer_than_a_page_are_complete(s3: S3Server, place: str, opening: Open) -> None:
    blobs = opening(S3Objects(place, {**s3.options, "s3_additional_kwargs": {"MaxKeys": 3}}))
    for number in range(10):
        await blobs.put(f"clinic/patient/2024-02/{number}/{ORIGINAL}", b"x")
    assert len(await names(blobs)) == 10


async def test_a_link_lets_a_client_read_one_blob_as_told_and_for_a_while(blobs: SigningBlobs) -> None:
    await store(blobs)
    disposition = "attachment; filename*=UTF-8''r%C3%B6ntgen.jpg"
    key = f"{PREFIX}/{ORIGINAL}"
    url = await blobs.link(key, seconds=60, mime="image/jpeg", disposition=disposition)
    with await asyncio.to_thread(urllib.request.urlopen, url) as answer:
        assert answer.read() == PHOTO
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"] == disposition
    short = await blobs.link(key, seconds=1, mime="image/jpeg", disposition=disposition)
    await asyncio.sleep(2.1)
    for refused in (short, url.replace(ORIGINAL, THUMB)):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            await asyncio.to_thread(urllib.request.urlopen, refused)
    with pytest.raises(ValueError, match="storage key"):
        await blobs.link("../x", seconds=60, mime="image/jpeg", disposition=disposition)


async def test_what_the_client_is_told_of_encryption_goes_with_every_write(
    s3: S3Server, place: str, opening: Open
) -> None:
    encrypted = {"ServerSideEncryption": "AES256"}
    objects = S3Objects(place, {**s3.options, "s3_additional_kwargs": encrypted})
    blobs = opening(objects)
    await keep(blobs, os.urandom(PART + 1))
    await promote(blobs)
    for name in (ORIGINAL, THUMB):
        found = await objects.call("head_object", f"blobs/{PREFIX}/{name}")
        assert found.get("ServerSideEncryption") == "AES256"


async def test_uploading_and_reading_leave_the_event_loop_free(blobs: SigningBlobs) -> None:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)
            await asyncio.sleep(0.001)

    await keep(blobs)
    watching = asyncio.create_task(watch())
    await keep(blobs, bytes(3 * PART))
    await promote(blobs)
    await content(blobs, ORIGINAL)
    watching.cancel()
    assert longest < 0.25


async def test_what_is_kept_on_this_machine_goes_in_time(s3: S3Server, place: str, tmp_path: Path) -> None:
    blobs = SigningBlobs(S3Objects(place, s3.options), tmp_path)
    await store(blobs)
    abandoned = await blobs.stage(ID)
    await abandoned.write(PHOTO)
    await abandoned.seal()
    copied = await blobs.fetch(f"{PREFIX}/{ORIGINAL}")
    await blobs.close()
    assert not copied.exists()
    left = abandoned.source
    assert isinstance(left, Path)
    SigningBlobs(S3Objects(place, s3.options), tmp_path)
    assert left.exists()
    os.utime(left, (time.time() - 2 * 24 * 3600,) * 2)
    SigningBlobs(S3Objects(place, s3.options), tmp_path)
    assert not left.exists()


def test_a_missing_package_is_told_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "gcsfs.core", None)
    with pytest.raises(ValueError, match=r"clinic-media\[gcs\]"):
        open_blobs("gcs://bucket", {}, tmp_path)
