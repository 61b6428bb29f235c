"""What only a real socket shows: bodies that stop, crawl or never end, and downloads that are broken off."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from entrypoints.http.uploading import AT_ONCE
from tests.http.served import Served, served
from tests.http.service import MAX_UPLOAD, data_of, jpeg, problem_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PHOTOS = "/api/v1/media/patients/ana/photos"
HEAD = (
    b'--B\r\nContent-Disposition: form-data; name="media_category"\r\n\r\nintraoral\r\n'
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
)
END = b"\r\n--B--\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served")) as running:
        httpx.put(
            f"{running.url}/api/v1/directory/patients/ana", json={"display_name": "Ana"}, headers=running.headers
        ).raise_for_status()
        yield running


@asynccontextmanager
async def begun(
    server: Served, *, length: int | None = None, authorized: bool = True
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection on which an upload has begun; it is cut at the end of the block."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    token = f"Authorization: Bearer {server.token}\r\n" if authorized else ""
    size = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    writer.write(
        f"POST {PHOTOS} HTTP/1.1\r\nHost: x\r\n{token}{size}\r\n"
        "Content-Type: multipart/form-data; boundary=B\r\n\r\n".encode()
    )
    await writer.drain()
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


def chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


async def status_of(reader: asyncio.StreamReader) -> int:
    line = await asyncio.wait_for(reader.readline(), 20)
    return int(line.split()[1])


def staged(server: Served) -> list[str]:
    """Files of uploads on their way in; os.walk does not mind folders that go while it looks."""
    return [name for folder, _, names in os.walk(server.folder) if "staging" in Path(folder).parts for name in names]


async def until(told: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(20):
        while not told():  # noqa: ASYNC110 - the server's folder rings no bell
            await asyncio.sleep(0.02)


def client_of(server: Served) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=server.url, headers=server.headers)


async def total(server: Served) -> int:
    async with client_of(server) as client:
        count: int = (await client.get(PHOTOS)).json()["total"]
        return count


@pytest.mark.usefixtures("kept_bytes")
@pytest.mark.parametrize("length", [None, 1_000_000])
async def test_an_upload_that_is_broken_off_leaves_nothing(server: Served, length: int | None) -> None:
    before = await total(server)
    async with begun(server, length=length) as (_, writer):
        content = HEAD + jpeg() + bytes(200_000)
        writer.write(content if length else chunk(content))
        await writer.drain()
        await until(lambda: bool(staged(server)))
    await until(lambda: not staged(server))
    assert await total(server) == before


async def test_an_upload_in_chunks_arrives(server: Served) -> None:
    before = await total(server)
    body = HEAD + jpeg() + END
    async with begun(server) as (reader, writer):
        for at in range(0, len(body), 100):
            writer.write(chunk(body[at : at + 100]))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        assert await status_of(reader) == 201
    assert await total(server) == before + 1


async def test_an_upload_without_end_is_cut_off(server: Served) -> None:
    async with begun(server) as (reader, writer):
        answer = asyncio.create_task(status_of(reader))
        writer.write(chunk(HEAD))
        sent = 0
        with suppress(ConnectionError):
            while sent < 40 * MAX_UPLOAD and not answer.done():
                writer.write(chunk(bytes(65536)))
                sent += 65536
                await writer.drain()
        assert await answer == 413
        assert sent < 40 * MAX_UPLOAD
    await until(lambda: not staged(server))


async def test_an_upload_announced_too_large_is_refused_at_once(server: Served) -> None:
    async with begun(server, length=10_000_000_000) as (reader, _):
        assert await status_of(reader) == 413
    await until(lambda: not staged(server))


async def test_a_refusal_comes_before_the_body_is_sent(server: Served) -> None:
    async with begun(server, length=1_000_000, authorized=False) as (reader, _):
        assert await status_of(reader) == 401


@pytest.mark.parametrize("size", [1_000, 300_000])
async def test_whoever_is_refused_while_still_sending_is_told_so(server: Served, size: int) -> None:
    async def refused() -> int:
        async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": "Bearer expired"}) as client:
            return (await client.post(PHOTOS, files={"file": ("a.jpg", bytes(size))})).status_code

    assert [await refused() for _ in range(20)] == [401] * 20


async def test_those_who_crawl_keep_nobody_waiting(server: Served) -> None:
    async with AsyncExitStack() as stack, client_of(server) as client:
        crawling = [await stack.enter_async_context(begun(server)) for _ in range(40)]
        longest = 0.0
        for turn in range(30):
            for _, writer in crawling:
                writer.write(chunk(HEAD[turn : turn + 1]))
            started = time.perf_counter()
            assert (await client.get(PHOTOS)).status_code == 200
            longest = max(longest, time.perf_counter() - started)
        assert longest < 2.0
    await until(lambda: not staged(server))


@pytest.mark.usefixtures("kept_bytes")
async def test_one_person_cannot_take_all_places(server: Served) -> None:
    async with AsyncExitStack() as stack, client_of(server) as client:
        answers = []
        for _ in range(AT_ONCE):
            reader, writer = await stack.enter_async_context(begun(server))
            writer.write(chunk(HEAD))
            answers.append(asyncio.create_task(status_of(reader)))
        files = {"file": ("a.jpg", jpeg(), "image/jpeg")}
        await until(lambda: len(staged(server)) == AT_ONCE)
        refused = await client.post(PHOTOS, files=files, data={"media_category": "intraoral"})
        problem_of(refused, 429, "too_many_requests")
        assert refused.headers["retry-after"] == "5"
        for answer in answers:
            answer.cancel()
    await until(lambda: not staged(server))
    async with client_of(server) as client:
        taken = await client.post(PHOTOS, files=files, data={"media_category": "intraoral"})
        assert taken.status_code == 201


async def test_a_download_is_resumed_where_it_was_broken_off(server: Served) -> None:
    content = jpeg() + bytes(range(256)) * 6000
    async with client_of(server) as client, httpx.AsyncClient(base_url=server.url) as browser:
        files = {"file": ("a.jpg", content, "image/jpeg")}
        photo = data_of(await client.post(PHOTOS, files=files, data={"media_category": "intraoral"}), 201)
        url = f"/api/v1/media/documents/{photo['id']}/download"
        async with client.stream("GET", url) as answer:
            etag = answer.headers["etag"]
            first = await anext(answer.aiter_bytes(100_000))
        rest = await client.get(url, headers={"Range": f"bytes={len(first)}-", "If-Range": etag})
        assert (rest.status_code, first + rest.content) == (206, content)
        signed = await browser.get(photo["full_url"], headers={"Range": "bytes=-7"})
        assert (signed.status_code, signed.content) == (206, content[-7:])
        head = await client.head(url)
        assert (head.headers["content-length"], head.content) == (str(len(content)), b"")
