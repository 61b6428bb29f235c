import asyncio
import io
import zipfile
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.archives.zip import ZipArchive
from application.ports.archives import Member

pytestmark = pytest.mark.anyio

AT = datetime(2026, 3, 5, 14, 30, 8, tzinfo=UTC)


def member(name: str, content: bytes, crc: int | None = None) -> Member:
    async def opened(start: int, stop: int) -> AsyncIterator[bytes]:
        async def chunks() -> AsyncIterator[bytes]:
            for first in range(start, min(stop, len(content)), 7):
                yield content[first : min(first + 7, stop)]

        return chunks()

    return Member(name, len(content), zlib.crc32(content) if crc is None else crc, AT, opened)


async def whole(archive: ZipArchive, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in archive.read(start, archive.size if stop is None else stop)])


async def test_a_zip_reader_finds_every_member_unchanged() -> None:
    contents = {"fotos/2026-03-05 Sonrisa ñ 😀.jpg": bytes(range(256)), "empty.txt": b"", "manifest.json": b"{}"}
    archive = ZipArchive([member(name, content) for name, content in contents.items()])
    data = await whole(archive)
    assert len(data) == archive.size
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {info.filename: opened.read(info) for info in opened.infolist()} == contents
        assert opened.infolist()[0].date_time == (2026, 3, 5, 14, 30, 8)


@given(st.lists(st.binary(max_size=60), max_size=5), st.data())
def test_a_part_is_what_the_whole_has_there(contents: list[bytes], data: st.DataObject) -> None:

    async def check() -> None:
        archive = ZipArchive([member(f"{number}.bin", content) for number, content in enumerate(contents)])
        start = data.draw(st.integers(0, archive.size))
        stop = data.draw(st.integers(start, archive.size))
        assert await whole(archive, start, stop) == (await whole(archive))[start:stop]

    asyncio.run(check())


async def test_a_member_that_is_shorter_than_promised_breaks_off() -> None:
    short = member("a.bin", b"12345")._replace(size=9)
    with pytest.raises(OSError, match="4 bytes shorter"):
        await whole(ZipArchive([short]))


class Sparse(io.RawIOBase):
    """An archive of 5 GB with the members' bytes left out: only its records are in memory."""

    def __init__(self, parts: dict[int, bytes], size: int) -> None:
        self.parts, self.size, self.at = parts, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = (0, self.at, self.size)[whence] + offset
        return self.at

    def read(self, size: int = -1) -> bytes:
        size = self.size - self.at if size < 0 else size
        for offset, part in self.parts.items():
            if offset <= self.at < offset + len(part):
                found = part[self.at - offset : self.at - offset + size]
                self.at += len(found)
                return found
        return b""


async def zeros(start: int, stop: int) -> AsyncIterator[bytes]:
    """A file that nobody has room for."""

    async def chunks() -> AsyncIterator[bytes]:
        for first in range(start, stop, 1000):
            yield bytes(min(1000, stop - first))

    return chunks()


async def test_archives_over_4_gb_are_zip64() -> None:
    small = [member(f"note {number}.txt", f"hello {number}".encode()) for number in range(2)]
    large = Member("cbct.dcm", 5 * 2**30, 0, AT, zeros)
    archive = ZipArchive([small[0], large, small[1]])
    assert archive.size > large.size
    # A download that broke off can go on beyond 4 GB: the end is asked for without what is before it.
    beyond = large.size + 20
    parts = {0: await whole(archive, 0, 200), beyond: await whole(archive, beyond)}
    with zipfile.ZipFile(Sparse(parts, archive.size)) as opened:
        assert [info.filename for info in opened.infolist()] == ["note 0.txt", "cbct.dcm", "note 1.txt"]
        assert opened.getinfo("cbct.dcm").file_size == large.size
        assert opened.infolist()[2].header_offset > 5 * 2**30
        assert [opened.read(f"note {number}.txt") for number in range(2)] == [b"hello 0", b"hello 1"]


async def test_archives_of_more_members_than_a_plain_one_can_count_are_zip64() -> None:
    contents = [member(f"{number}.txt", b"") for number in range(2**16)]
    with zipfile.ZipFile(io.BytesIO(await whole(ZipArchive(contents)))) as opened:
        assert len(opened.infolist()) == 2**16
        assert opened.infolist()[-1].filename == "65535.txt"
