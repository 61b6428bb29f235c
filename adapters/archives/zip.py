"""ZIP files that are never held as a whole.

Size and CRC-32 of each member are known from its upload, so nothing is read twice, the length of the archive is known
before its first byte, and a download that broke off can go on in the middle. Libraries either compute the checksum
again or cannot tell the length beforehand.
"""

from collections.abc import AsyncIterator, Sequence
from typing import TypeAlias

from adapters.archives.layout import central_header, end_of_directory, local_header
from application.ports.archives import Archive, Archiver, Member

Segment: TypeAlias = bytes | Member


class ZipArchive(Archive):
    def __init__(self, members: Sequence[Member]) -> None:
        self._segments: list[Segment] = []
        directory = bytearray()
        offset = 0
        for member in members:
            directory += central_header(member, offset)
            header = local_header(member)
            self._segments += [header, member]
            offset += len(header) + member.size
        end = end_of_directory(len(members), len(directory), offset)
        self._segments.append(bytes(directory) + end)
        self.size = offset + len(directory) + len(end)

    async def read(self, start: int, stop: int) -> AsyncIterator[bytes]:
        offset = 0
        for segment in self._segments:
            length = segment.size if isinstance(segment, Member) else len(segment)
            first, last = max(start - offset, 0), min(stop - offset, length)
            offset += length
            if first >= last:
                continue
            if isinstance(segment, bytes):
                yield segment[first:last]
                continue
            missing = last - first
            async for chunk in await segment.open(first, last):
                missing -= len(chunk)
                yield chunk
            if missing:
                raise OSError(f"a member of the archive is {missing} bytes shorter than stored")


class ZipArchiver(Archiver):
    def __call__(self, members: Sequence[Member]) -> ZipArchive:
        return ZipArchive(members)
