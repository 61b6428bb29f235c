"""What every storage of blobs promises, whichever it is."""

import asyncio
import hashlib
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.files.local import LocalBlobs
from adapters.files.opening import open_blobs
from adapters.memory.blobs import MemoryBlobs
from application.ports.blobs import CHUNK, MEDIUM, ORIGINAL, THUMB, BlobMissing, Blobs, StagedBlob
from application.ports.inspecting import Source
from domain.ids import DocumentId
from tests.services import azure as az
from tests.services import gcs, s3

pytestmark = pytest.mark.anyio

ID = DocumentId("0197a1b2-0000-7000-8000-000000000001")
PREFIX = f"clinic-1/patient:7/2024-02/{ID}"
PHOTO = bytes(range(256)) * 3000
"""Three chunks, the last one not full."""

# The storage is shared by the examples of one property; they use names of their own.
few = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _memory(request: pytest.FixtureRequest, folder: Path) -> Blobs:
    return MemoryBlobs()


def _local(request: pytest.FixtureRequest, folder: Path) -> Blobs:
    return LocalBlobs(folder / "files")


def _s3(request: pytest.FixtureRequest, folder: Path) -> Blobs:
    server: s3.S3Server = request.getfixturevalue("s3")
    return open_blobs(f"s3://{s3.BUCKET}/{uuid4()}", server.options, folder)


def _gcs(request: pytest.FixtureRequest, folder: Path) -> Blobs:
    server: gcs.GcsServer = request.getfixturevalue("gcs")
    return open_blobs(f"gcs://{gcs.BUCKET}/{uuid4()}", server.options, folder)


def _azure(request: pytest.FixtureRequest, folder: Path) -> Blobs:
    server: az.AzureServer = request.getfixturevalue("azure")
    return open_blobs(f"az://{az.CONTAINER}/{uuid4()}", server.options, folder)


@pytest.fixture(
    params=[
        pytest.param(_memory, id="memory"),
        pytest.param(_local, id="local"),
        pytest.param(_s3, id="s3", marks=pytest.mark.services),
        pytest.param(_gcs, id="gcs", marks=pytest.mark.services),
        pytest.param(_azure, id="azure", marks=pytest.mark.services),
    ]
)
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    opened: Blobs = request.param(request, tmp_path)
    yield opened
    await opened.close()


async def stage(blobs: Blobs, id: DocumentId = ID, data: bytes = PHOTO, **derivatives: bytes) -> StagedBlob:
    staged = await blobs.stage(id)
    await staged.write(data)
    await staged.seal()
    for name, derivative in derivatives.items():
        await staged.add(name, derivative)
    await staged.keep()
    return staged


async def store(blobs: Blobs, prefix: str = PREFIX, data: bytes = PHOTO, **derivatives: bytes) -> None:
    id = DocumentId(prefix.rpartition("/")[2])
    await stage(blobs, id, data, **derivatives)
    await blobs.promote(id, prefix)


async def content(blobs: Blobs, key: str, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in await blobs.read(key, start, stop)])


async def listed(blobs: Blobs) -> dict[str, int]:
    return {entry.key: entry.size async for entry in blobs.entries()}


async def staged_ids(blobs: Blobs) -> set[str]:
    return {entry.id async for entry in blobs.staged()}


def contained(source: Source) -> bytes:
    return source.read_bytes() if isinstance(source, Path) else source


def another() -> str:
    return f"clinic-1/patient:7/2024-02/{uuid4()}"


async def test_an_upload_is_found_whole_at_its_place_with_its_derivatives(blobs: Blobs) -> None:
    await store(blobs, thumb=b"small", medium=b"middling")
    assert await content(blobs, f"{PREFIX}/{ORIGINAL}") == PHOTO
    assert await content(blobs, f"{PREFIX}/{THUMB}") == b"small"
    assert await content(blobs, f"{PREFIX}/{MEDIUM}") == b"middling"
    assert await listed(blobs) == {
        f"{PREFIX}/{ORIGINAL}": len(PHOTO),
        f"{PREFIX}/{THUMB}": 5,
        f"{PREFIX}/{MEDIUM}": 8,
    }
    assert await staged_ids(blobs) == set()


@few
@given(chunks=st.lists(st.binary(max_size=5000) | st.integers(0, 900_000).map(bytes), max_size=8))
async def test_the_digest_is_of_what_was_written_however_it_was_cut(blobs: Blobs, chunks: list[bytes]) -> None:
    prefix = another()
    staged = await blobs.stage(id := DocumentId(prefix.rpartition("/")[2]))
    for chunk in chunks:
        await staged.write(chunk)
    digest, whole = await staged.seal(), b"".join(chunks)
    assert (digest.size, digest.crc32) == (len(whole), zlib.crc32(whole))
    assert digest.sha256 == hashlib.sha256(whole).hexdigest()
    assert contained(staged.source) == whole
    await staged.keep()
    await blobs.promote(id, prefix)
    assert await content(blobs, f"{prefix}/{ORIGINAL}") == whole


_EDGES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, len(PHOTO) - 1, len(PHOTO), len(PHOTO) + 9])
_OFFSETS = _EDGES | st.integers(0, len(PHOTO) + 10)


@few
@given(size=_OFFSETS, start=_OFFSETS, stop=_OFFSETS | st.none())
async def test_a_range_is_the_same_slice_of_the_bytes_in_chunks_of_limited_size(
    blobs: Blobs, size: int, start: int, stop: int | None
) -> None:
    data, key = PHOTO[:size], f"{PREFIX}/{size}"
    await blobs.put(key, data)
    chunks = [chunk async for chunk in await blobs.read(key, start, stop)]
    assert b"".join(chunks) == data[start:stop]
    assert all(0 < len(chunk) <= CHUNK for chunk in chunks)


async def test_a_range_never_counts_from_the_end(blobs: Blobs) -> None:
    await store(blobs)
    for start, stop in ((-1, None), (0, -1)):
        with pytest.raises(ValueError, match="from the end"):
            await blobs.read(f"{PREFIX}/{ORIGINAL}", start, stop)


async def test_an_empty_upload_is_a_blob_too(blobs: Blobs) -> None:
    await store(blobs, data=b"")
    assert await content(blobs, f"{PREFIX}/{ORIGINAL}") == b""
    assert contained(await blobs.fetch(f"{PREFIX}/{ORIGINAL}")) == b""


async def test_stat_tells_size_and_time_and_none_for_what_is_missing(blobs: Blobs) -> None:
    await store(blobs)
    entry = await blobs.stat(f"{PREFIX}/{ORIGINAL}")
    assert entry is not None
    assert (entry.key, entry.size) == (f"{PREFIX}/{ORIGINAL}", len(PHOTO))
    assert abs(datetime.now(UTC) - entry.modified) < timedelta(minutes=1)
    assert await blobs.stat(f"{PREFIX}/{THUMB}") is None
    assert await blobs.stat(PREFIX) is None
    assert await blobs.stat(f"{PREFIX}/{ORIGINAL}/{THUMB}") is None


async def test_a_missing_blob_is_told_before_the_first_byte(blobs: Blobs) -> None:
    await store(blobs)
    for key in (f"{PREFIX}/{THUMB}", PREFIX, f"{another()}/{ORIGINAL}", f"{PREFIX}/{ORIGINAL}/{THUMB}"):
        with pytest.raises(BlobMissing):
            await blobs.read(key)
        with pytest.raises(BlobMissing):
            await blobs.fetch(key)


async def test_fetching_gives_the_whole_blob_on_this_machine(blobs: Blobs) -> None:
    await store(blobs)
    assert contained(await blobs.fetch(f"{PREFIX}/{ORIGINAL}")) == PHOTO


async def test_promoting_again_changes_nothing(blobs: Blobs) -> None:
    await store(blobs, thumb=b"small")
    before = await listed(blobs)
    await blobs.promote(ID, PREFIX)
    assert await listed(blobs) == before


async def test_promoting_what_is_neither_staged_nor_there_is_told(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        await blobs.promote(ID, PREFIX)
    await blobs.put(f"{PREFIX}/{THUMB}", b"a derivative alone is no document")
    with pytest.raises(BlobMissing):
        await blobs.promote(ID, PREFIX)


async def test_an_upload_that_was_not_sealed_is_not_promoted_as_if_it_were_whole(blobs: Blobs) -> None:
    staged = await blobs.stage(ID)
    await staged.write(PHOTO)
    with pytest.raises(ValueError, match="sealed"):
        await staged.keep()
    with pytest.raises(ValueError, match="sealed"):
        staged.source  # noqa: B018 (looking at it is what is tried)
    await staged.seal()
    with pytest.raises(ValueError, match="sealed"):
        await staged.write(b"more")


async def test_a_name_is_given_only_once(blobs: Blobs) -> None:
    staged = await blobs.stage(ID)
    await staged.add(THUMB, b"small")
    for name in (THUMB, ORIGINAL):
        with pytest.raises(ValueError, match="already"):
            await staged.add(name, b"other")


async def test_a_derivative_made_before_the_promotion_is_no_hindrance(blobs: Blobs) -> None:
    await stage(blobs, thumb=b"from the upload", medium=b"middling")
    await blobs.put(f"{PREFIX}/{THUMB}", b"newer")
    await blobs.promote(ID, PREFIX)
    assert await content(blobs, f"{PREFIX}/{ORIGINAL}") == PHOTO
    assert await content(blobs, f"{PREFIX}/{THUMB}") == b"newer"
    assert await content(blobs, f"{PREFIX}/{MEDIUM}") == b"middling"
    assert await staged_ids(blobs) == set()


async def test_bytes_at_their_place_are_never_changed_by_a_later_staging_entry(blobs: Blobs) -> None:
    await store(blobs, thumb=b"small")
    for data in (PHOTO, PHOTO[:-1] + b"x", b"shorter"):
        await stage(blobs, data=data, thumb=b"other")
        await blobs.promote(ID, PREFIX)
        assert await content(blobs, f"{PREFIX}/{ORIGINAL}") == PHOTO
        assert await content(blobs, f"{PREFIX}/{THUMB}") == b"small"
        assert await staged_ids(blobs) == set()


async def test_promotions_at_once_end_as_one_does(blobs: Blobs) -> None:
    for number in (2, 2, 3, 5):
        prefix = another()
        await stage(blobs, id := DocumentId(prefix.rpartition("/")[2]), thumb=b"small")
        await asyncio.gather(*(blobs.promote(id, prefix) for _ in range(number)))
        assert await content(blobs, f"{prefix}/{ORIGINAL}") == PHOTO
        assert await content(blobs, f"{prefix}/{THUMB}") == b"small"
        assert await staged_ids(blobs) == set()


async def test_uploads_at_once_do_not_mix(blobs: Blobs) -> None:
    prefixes = [another() for _ in range(6)]
    await asyncio.gather(*(store(blobs, prefix, prefix.encode() * 9000) for prefix in prefixes))
    for prefix in prefixes:
        assert await content(blobs, f"{prefix}/{ORIGINAL}") == prefix.encode() * 9000


async def test_discarding_leaves_nothing_at_any_time_and_any_number_of_times(blobs: Blobs) -> None:
    begun = await blobs.stage(ID)
    await begun.write(PHOTO)
    await begun.discard()
    await begun.discard()
    kept = await stage(blobs, thumb=b"small")
    await kept.discard()
    await kept.discard()
    assert await staged_ids(blobs) == set()
    assert await listed(blobs) == {}
    with pytest.raises(BlobMissing):
        await blobs.promote(ID, PREFIX)


async def test_discarding_after_the_promotion_does_nothing(blobs: Blobs) -> None:
    staged = await stage(blobs, thumb=b"small")
    await blobs.promote(ID, PREFIX)
    await staged.discard()
    assert await content(blobs, f"{PREFIX}/{ORIGINAL}") == PHOTO
    assert await content(blobs, f"{PREFIX}/{THUMB}") == b"small"


async def test_an_older_staging_entry_is_replaced_whole(blobs: Blobs) -> None:
    await stage(blobs, data=b"older", thumb=b"older")
    await stage(blobs, data=b"newer")
    await blobs.promote(ID, PREFIX)
    assert await listed(blobs) == {f"{PREFIX}/{ORIGINAL}": 5}
    assert await content(blobs, f"{PREFIX}/{ORIGINAL}") == b"newer"


async def test_staging_entries_are_listed_until_they_are_dropped(blobs: Blobs) -> None:
    ids = {DocumentId(str(uuid4())) for _ in range(3)}
    for id in ids:
        await stage(blobs, id, thumb=b"small")
    entries = [entry async for entry in blobs.staged()]
    assert sorted(entry.id for entry in entries) == sorted(ids)
    assert all(abs(datetime.now(UTC) - entry.modified) < timedelta(minutes=1) for entry in entries)
    assert await listed(blobs) == {}
    for id in ids:
        await blobs.unstage(id)
        await blobs.unstage(id)
    assert await staged_ids(blobs) == set()


async def test_putting_replaces_a_derivative_whole(blobs: Blobs) -> None:
    await blobs.put(f"{PREFIX}/{THUMB}", PHOTO)
    await blobs.put(f"{PREFIX}/{THUMB}", b"shorter")
    assert await content(blobs, f"{PREFIX}/{THUMB}") == b"shorter"
    assert await listed(blobs) == {f"{PREFIX}/{THUMB}": 7}


async def test_many_puts_at_once_leave_one_of_them_and_nothing_else(blobs: Blobs) -> None:
    versions = [bytes([number]) * 70_000 for number in range(8)]
    await asyncio.gather(*(blobs.put(f"{PREFIX}/{THUMB}", version) for version in versions))
    assert await content(blobs, f"{PREFIX}/{THUMB}") in versions
    assert await listed(blobs) == {f"{PREFIX}/{THUMB}": 70_000}


LONG = PHOTO * 8


async def test_a_reader_keeps_what_it_opened_when_the_blob_is_deleted(blobs: Blobs) -> None:
    await store(blobs, data=LONG)
    unread, begun = await blobs.read(f"{PREFIX}/{ORIGINAL}"), await blobs.read(f"{PREFIX}/{ORIGINAL}")
    first = await anext(begun)
    await blobs.delete(PREFIX)
    assert first + b"".join([chunk async for chunk in begun]) == LONG
    assert b"".join([chunk async for chunk in unread]) == LONG


async def test_a_reader_keeps_what_it_opened_when_the_blob_is_replaced(blobs: Blobs) -> None:
    await blobs.put(f"{PREFIX}/{MEDIUM}", LONG)
    begun = await blobs.read(f"{PREFIX}/{MEDIUM}")
    first = await anext(begun)
    await blobs.put(f"{PREFIX}/{MEDIUM}", bytes(len(LONG)))
    assert first + b"".join([chunk async for chunk in begun]) == LONG


async def test_deleting_takes_one_document_and_is_silent_when_there_is_none(blobs: Blobs) -> None:
    await store(blobs, other := another(), thumb=b"small")
    await store(blobs, thumb=b"small", medium=b"middling")
    await blobs.delete(PREFIX)
    await blobs.delete(PREFIX)
    await blobs.delete("clinic-2/patient/2024-02")
    assert await listed(blobs) == {f"{other}/{ORIGINAL}": len(PHOTO), f"{other}/{THUMB}": 5}


async def test_deleting_spares_names_that_only_begin_alike(blobs: Blobs) -> None:
    for prefix in ("clinic/patient/2024-02/1", "clinic/patient/2024-02/10"):
        await store(blobs, prefix)
    await blobs.delete("clinic/patient/2024-02/1")
    assert await listed(blobs) == {"clinic/patient/2024-02/10/original": len(PHOTO)}


async def test_what_is_in_quarantine_is_out_of_reach(blobs: Blobs) -> None:
    await store(blobs, other := another())
    for _ in range(3):
        await store(blobs, thumb=b"small")
        await blobs.quarantine(PREFIX)
        await blobs.quarantine(PREFIX)
        assert await listed(blobs) == {f"{other}/{ORIGINAL}": len(PHOTO)}
        assert await blobs.stat(f"{PREFIX}/{ORIGINAL}") is None
        with pytest.raises(BlobMissing):
            await blobs.read(f"{PREFIX}/{ORIGINAL}")


CLIMBING = (
    "..",
    "../x",
    "a/../../x",
    "a/./x",
    "/etc/passwd",
    "a//b",
    "",
    "a/",
    "a\0b",
    "a/b\n",
    "...",
    "a\\..\\b",
    "a~b",
    "á/b",
    "a/" + "x" * 129,
)


async def test_a_key_that_climbs_or_is_none_is_refused_before_anything_is_touched(blobs: Blobs) -> None:
    staged = await stage(blobs, thumb=b"small")
    for key in CLIMBING:
        for use in uses_of(blobs, staged, key):
            with pytest.raises(ValueError, match="storage key"):
                await use()
    assert await staged_ids(blobs) == {ID}
    assert await listed(blobs) == {}


def uses_of(blobs: Blobs, staged: StagedBlob, key: str) -> tuple[Callable[[], Awaitable[object]], ...]:
    return (
        lambda: blobs.stage(DocumentId(key)),
        lambda: blobs.promote(ID, key),
        lambda: blobs.promote(DocumentId(key), PREFIX),
        lambda: blobs.unstage(DocumentId(key)),
        lambda: blobs.stat(key),
        lambda: blobs.read(key),
        lambda: blobs.fetch(key),
        lambda: blobs.put(key, b"x"),
        lambda: blobs.delete(key),
        lambda: blobs.quarantine(key),
        lambda: staged.add(key, b"x"),
    )


async def test_a_staging_id_and_a_name_are_one_part(blobs: Blobs) -> None:
    staged = await blobs.stage(ID)
    two = DocumentId("a/b")
    uses: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: blobs.stage(two),
        lambda: blobs.unstage(two),
        lambda: blobs.promote(two, PREFIX),
        lambda: staged.add(two, b"x"),
    )
    for use in uses:
        with pytest.raises(ValueError, match="one part"):
            await use()


async def test_a_storage_that_can_be_written_says_so_and_is_left_clean(blobs: Blobs) -> None:
    await blobs.check()
    assert await listed(blobs) == {}
    assert await staged_ids(blobs) == set()
