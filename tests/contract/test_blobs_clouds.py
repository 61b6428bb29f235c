"""What storages in other clouds than Amazon's do with large files, wrong bytes and refusals."""

import os
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from adapters.files.azure import AzureObjects
from adapters.files.gcs import GcsObjects
from adapters.files.objects import PART, BucketObjects
from adapters.files.opening import open_blobs
from application.ports.blobs import ORIGINAL, Blobs, SignsLinks
from domain.errors import Unavailable
from domain.ids import DocumentId
from tests.services import azure, gcs

pytestmark = [pytest.mark.anyio, pytest.mark.services]

ID = DocumentId("0197a1b2-0000-7000-8000-000000000001")
PREFIX = f"clinic-1/patient:7/2024-02/{ID}"
KEY = f"{PREFIX}/{ORIGINAL}"
LARGE = 2 * PART + 12_345

Options: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[type[BucketObjects], str, Options]


@pytest.fixture(params=["gcs", "azure"])
def place(request: pytest.FixtureRequest) -> Place:
    """Where objects go in a cloud: kind, bucket and options."""
    server = request.getfixturevalue(request.param)
    kind, bucket = {"gcs": (GcsObjects, gcs.BUCKET), "azure": (AzureObjects, azure.CONTAINER)}[request.param]
    return kind, f"{bucket}/{uuid4()}", server.options


@pytest.fixture
async def opening() -> AsyncIterator[Callable[[Place], BucketObjects]]:
    """Makes objects that are closed after the test, whatever comes of it."""
    async with AsyncExitStack() as stack:

        def opened(place: Place) -> BucketObjects:
            kind, where, options = place
            objects = kind(where, options)
            stack.push_async_callback(objects.close)
            return objects

        yield opened


@pytest.fixture
def objects(place: Place, opening: Callable[[Place], BucketObjects]) -> BucketObjects:
    return opening(place)


async def content(objects: BucketObjects, key: str) -> bytes:
    return b"".join([chunk async for chunk in await objects.read(key, 0, None)])


async def test_a_large_file_goes_in_parts_and_comes_back_whole(objects: BucketObjects, tmp_path: Path) -> None:
    data = os.urandom(LARGE)
    file, back = tmp_path / "file", tmp_path / "back"
    file.write_bytes(data)
    await objects.upload("one", file, zlib.crc32(data))
    await objects.copy("one", "two")
    assert await content(objects, "two") == data
    await objects.download("two", back)
    assert back.read_bytes() == data
    seen, other = await objects.head("one"), await objects.head("two")
    assert seen is not None
    assert other is not None
    assert seen.sure_of(other)
    assert not seen.differs(other)


@pytest.mark.parametrize("size", [100, 2**20 + 1, LARGE])
async def test_bytes_that_changed_on_the_way_are_refused(objects: BucketObjects, tmp_path: Path, size: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(os.urandom(size))
    with pytest.raises(Unavailable, match="changed"):
        await objects.upload("wrong", file, zlib.crc32(b"other"))
    assert await objects.head("wrong") is None


async def test_a_bucket_that_does_not_exist_is_not_taken_for_missing_blobs(
    place: Place, opening: Callable[[Place], BucketObjects]
) -> None:
    kind, _, options = place
    nowhere = opening((kind, "nowhere/at-all", options))
    for use in (nowhere.require, lambda: nowhere.put("x", b"x", zlib.crc32(b"x"))):
        with pytest.raises(Unavailable, match="does not exist"):
            await use()
    assert await nowhere.head("x") is None


AWAY: dict[type[BucketObjects], Options] = {
    GcsObjects: {"endpoint_url": "http://127.0.0.1:9", "token": "anon"},
    AzureObjects: {"account_url": "http://127.0.0.1:9/a", "account_key": "YQ=="},
}


@pytest.mark.parametrize("kind", AWAY)
async def test_a_server_that_is_away_is_told_soon(
    kind: type[BucketObjects], opening: Callable[[Place], BucketObjects]
) -> None:
    objects = opening((kind, "b/p", AWAY[kind]))
    began = time.monotonic()
    with pytest.raises(Unavailable, match="reached"):
        await objects.head("x")
    assert time.monotonic() - began < 15


async def test_a_container_that_refuses_access_is_told(
    azure: azure.AzureServer, opening: Callable[[Place], BucketObjects]
) -> None:
    wrong = azure.options["connection_string"].replace("AccountKey=Eby8", "AccountKey=Xby8")
    objects = opening((AzureObjects, "media/x", {"connection_string": wrong}))
    with pytest.raises(Unavailable, match="credentials"):
        await objects.head("x")


@pytest.fixture
async def container(azure: azure.AzureServer, tmp_path: Path) -> AsyncIterator[Blobs]:
    blobs = open_blobs(f"az://media/{uuid4()}", azure.options, tmp_path)
    yield blobs
    await blobs.close()


async def test_a_link_into_a_container_is_for_one_blob_and_a_while(container: Blobs) -> None:
    await container.put(KEY, b"bytes")
    assert isinstance(container, SignsLinks)
    link = await container.link(KEY, seconds=60, mime="image/jpeg", disposition='inline; filename="a.jpg"')
    past = await container.link(KEY, seconds=-1, mime="image/jpeg", disposition="inline")
    async with httpx.AsyncClient() as client:
        answer = await client.get(link)
        assert (answer.status_code, answer.content) == (200, b"bytes")
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-disposition"] == 'inline; filename="a.jpg"'
        assert answer.headers["cache-control"] == "private, no-store"
        for refused in (past, link.replace(ORIGINAL, "thumb"), urlsplit(link)._replace(query="").geturl()):
            assert (await client.get(refused)).status_code in (403, 404)
        assert (await client.put(link, content=b"other", headers={"x-ms-blob-type": "BlockBlob"})).status_code == 403


def test_a_container_of_no_account_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="account_name"):
        open_blobs("az://media/x", {"account_key": "YQ=="}, tmp_path)


def test_only_what_has_the_account_s_key_signs_links(tmp_path: Path) -> None:
    signing = {"with a key": {"account_key": "YQ=="}, "without": {"sas_token": "sig=x"}}
    opened = {
        name: open_blobs("az://media/x", {"account_name": "a", **options}, tmp_path)
        for name, options in signing.items()
    }
    assert {name: isinstance(blobs, SignsLinks) for name, blobs in opened.items()} == {
        "with a key": True,
        "without": False,
    }
